"""What a dossier rests on: the facts of a certificate as one reader sees them, and what was found about them.

A certificate that was handed over is read even where nobody vouches for it: an evaluator works with such papers too,
and the dossier says first that nothing of it is verified. What a kept answer does not show is not there to be read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from credentials import formats
from credentials.credential import Credential
from credentials.errors import CredentialsError
from credentials.formats import jades
from credentials.learning import summary, w3c_claims
from credentials.learning.view import State, View
from keys import strict_json
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.quality.index import QualityIndex
from trust.quality.signers import quality_of_signer
from verifier.recognition.errors import NothingShown, NotReadable
from verifier.verdicts import dossier

LARGEST = 2 << 20
DOCUMENT = "elm"  # a document of the European Learning Model without any signature
UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One certificate: `view` is what is shown of it, `claims` the same in its own words, the rest what was found.

    `verdict` is yes, no, not_sure, or unsigned. `quality` is what DEQAR's data says of the body on the day of award.
    """

    view: View
    claims: Mapping[str, Any]
    format: str
    types: tuple[str, ...]
    verdict: str
    findings: tuple[Mapping[str, Any], ...]
    issuer: Mapping[str, Any] | None
    quality: Mapping[str, Any] | None
    id: str | None
    sha256: str | None
    holder_key: PublicJwk | None
    as_of: datetime

    @property
    def genuine(self) -> bool:
        """Whether the signature of a trusted issuer was found good and nothing else failed."""
        return self.verdict == "yes"

    def outcome(self, rung: str) -> str:
        """How a rung of the ladder ended; `not_reached` where it is not in the report."""
        found = [str(each["outcome"]) for each in self.findings if each["rung"] == rung]
        return next((outcome for outcome in found if outcome == "failed"), found[0] if found else "not_reached")

    @classmethod
    def of_presentation(cls, presentation: Mapping[str, Any], *, as_of: datetime) -> Self:
        """What a kept answer shows; NothingShown where its claims were not kept."""
        if not presentation["claims"]:
            raise NothingShown(
                "Nothing of this certificate was kept, since its signature was not found genuine. A dossier can be "
                "made of the certificate itself, where somebody hands it over."
            )
        return cls._checked(
            presentation, view=_known(dossier.view(presentation)), claims=presentation["claims"], credential=None,
            as_of=as_of,
        )  # fmt: skip

    @classmethod
    def of_credential(cls, raw: str, *, presentation: Mapping[str, Any], as_of: datetime) -> Self:
        """What a certificate shows that was handed over, and what its examination found; raises NotReadable."""
        credential = read(raw)
        claims = {name: value for name, value in credential.claims.items() if name not in dossier.MECHANICS}
        return cls._checked(
            presentation, view=_known(summary.see(credential)), claims=claims, credential=credential, as_of=as_of
        )  # fmt: skip

    @classmethod
    def of_enclosed(
        cls, document: Mapping[str, Any], *, raw: str, presentation: Mapping[str, Any], as_of: datetime
    ) -> Self:  # fmt: skip
        """What a document says that was sealed or has its proof inside, and what its examination found of it."""
        claims = {name: value for name, value in document.items() if name != "proof"}
        found = cls._checked(
            {**presentation, "types": _types(document)}, view=_known(w3c_claims.from_claims(claims)), claims=claims,
            credential=None, as_of=as_of,
        )  # fmt: skip
        return replace(found, sha256=_digest(raw))

    @classmethod
    def of_document(cls, raw: str, *, quality: QualityIndex | None, as_of: datetime) -> Self:
        """What a document without a signature says; raises NotReadable where it is not one of a micro-credential."""
        try:
            document = strict_json.parse_object(raw, limit=LARGEST)
        except KeysError as error:
            raise NotReadable(
                "This is neither a certificate nor the JSON document of one that can be read here."
            ) from error
        if "credentialSubject" not in document:
            raise NotReadable("This document is not one of a certificate: it has no subject.")
        view = _known(w3c_claims.from_claims(document))
        identity = document.get("id")
        return cls(
            view=view, claims=document, format=DOCUMENT, types=_types(document), verdict=UNSIGNED, findings=(),
            issuer=None, quality=_stated(view, on=quality, as_of=as_of),
            id=identity if isinstance(identity, str) else None, sha256=_digest(raw), holder_key=None, as_of=as_of,
        )  # fmt: skip

    @classmethod
    def _checked(
        cls, presentation: Mapping[str, Any], *, view: View, claims: Mapping[str, Any], credential: Credential | None,
        as_of: datetime,
    ) -> Self:  # fmt: skip
        identity = credential.claims.get("jti") or credential.claims.get("id") if credential else claims.get("id")
        return cls(
            view=view, claims=claims, format=str(presentation.get("format", "")),
            types=tuple(presentation.get("types", ())), verdict=str(presentation["verdict"]),
            findings=tuple(presentation["findings"]), issuer=presentation["issuer"],
            quality=presentation.get("quality"), id=identity if isinstance(identity, str) else None,
            sha256=presentation.get("sha256"),
            holder_key=credential.holder_key if credential else None, as_of=as_of,
        )  # fmt: skip


def read(raw: str) -> Credential:
    """The credential that the text `raw` is, unverified; raises NotReadable."""
    try:
        credential: Credential = formats.FORMATS[formats.recognise(raw)].parse(raw).credential
    except (CredentialsError, KeysError) as error:
        raise NotReadable("This is not a certificate that can be read here.") from error
    return credential


def enclosed(raw: str, *, sealed: bool) -> Mapping[str, Any]:
    """The document in a seal, or the one with its proof inside that `raw` is; raises NotReadable."""
    try:
        return jades.parse(raw).document if sealed else strict_json.parse_object(raw, limit=LARGEST)
    except (CredentialsError, KeysError) as error:
        raise NotReadable("This is not a document that can be read here.") from error


def _known(view: View) -> View:
    """The view, unless nothing of a micro-credential is in it; raises NotReadable."""
    if view.record is None and all(element.state is State.ABSENT for element in view.elements.values()):
        raise NotReadable("This certificate says nothing that a micro-credential says: no title, no body, no date.")
    return view


def _stated(view: View, *, on: QualityIndex | None, as_of: datetime) -> dict[str, Any] | None:
    """What DEQAR says of a body that is named and that nobody confirmed."""
    if on is None or view.record is None:
        return None
    course, day = view.record.course, view.record.award.award_date
    answer = quality_of_signer(None, stated=course.awarding_bodies, micro_credential=course, award_date=day, on=on)
    return {**answer.to_json(), "dated_by": "award", "data_is_old": answer.is_old(today=as_of.date())}


def _types(document: Mapping[str, Any]) -> tuple[str, ...]:
    said = document.get("type", ())
    return tuple(each for each in ([said] if isinstance(said, str) else said) if isinstance(each, str))


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()
