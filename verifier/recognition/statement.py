"""A statement of comparability: what an evaluator found, as an SD-JWT VC that points to the certificate it is about.

It names the certificate by the SHA-256 of what its issuer signed and by its identifier, and the dossier by its digest;
it repeats nothing else of it but title, body and day. Whoever refuses gives reasons (Lisbon Recognition Convention,
III.5). It says what one evaluator found for one purpose; what follows from that is for whoever it is shown to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.learning import summary
from keys import x509
from keys.keyring import Keyring
from verifier.recognition.comparison import HomeCourse
from verifier.recognition.errors import InvalidStatement
from verifier.recognition.evidence import Evidence

PATH = "/vct/statement-of-comparability/1"
MEDIA_TYPE = "application/dc+sd-jwt"
MOST_WORDS = 2000
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
NAMES = ("given_name", "family_name")
POINTING = ("id", "sha256", "title", "awarding_body", "award_date", "issuer")


class Outcome(StrEnum):
    """What an evaluator finds."""

    COMPARABLE = "comparable"
    PARTLY = "partly_comparable"
    NOT = "not_comparable"


TITLES: Mapping[Outcome, str] = {
    Outcome.COMPARABLE: "Comparable",
    Outcome.PARTLY: "Comparable in part",
    Outcome.NOT: "Not comparable: a substantial difference was found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An outcome, what it is for, and why; `granted_ects` and `granted_level` where the evaluator gives them."""

    outcome: Outcome
    purpose: str
    reasons: str = ""
    granted_ects: Decimal | None = None
    granted_level: int | None = None

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """The statement that these fields make; raises InvalidStatement."""
        said = {name: str(raw.get(name) or "").strip() for name in ("outcome", "purpose", "reasons")}
        if said["outcome"] not in set(Outcome):
            raise InvalidStatement(f"The outcome is one of {', '.join(Outcome)}.")
        outcome = Outcome(said["outcome"])
        if not said["purpose"]:
            raise InvalidStatement("Say what the micro-credential was evaluated for.")
        if outcome is not Outcome.COMPARABLE and not said["reasons"]:
            raise InvalidStatement("Give your reasons: whoever refuses, in whole or in part, says why.")
        if any(len(words) > MOST_WORDS or HIDDEN.search(words) for words in said.values()):
            raise InvalidStatement(f"Purpose and reasons are plain text of at most {MOST_WORDS} characters.")
        granted = HomeCourse.parse({"ects": raw.get("granted_ects"), "eqf_level": raw.get("granted_level")})
        return cls(
            outcome=outcome, purpose=said["purpose"], reasons=said["reasons"], granted_ects=granted.ects,
            granted_level=granted.eqf_level,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who makes statements: the service by its address and name, and the evaluator by theirs."""

    base_url: str
    organisation: str
    evaluator: str


async def sign(
    statement: Statement, *, evidence: Evidence, dossier: Mapping[str, Any], author: Author, keyring: Keyring
) -> str:  # fmt: skip
    """The statement as a credential; raises InvalidStatement where the certificate cannot be pointed to."""
    if evidence.sha256 is None and evidence.id is None:
        raise InvalidStatement(
            "A statement has to point to the certificate, and of this answer neither its digest nor an identifier was "
            "kept. Make the dossier of the certificate itself."
        )
    content = SdJwtVcContent(
        vct=author.base_url + PATH,
        issuer=author.base_url,
        claims=_claims(statement, evidence=evidence, dossier=dossier, author=author),
        disclosable=[(name,) for name in NAMES if name in _learner(evidence)],
        holder_key=evidence.holder_key,
        issued_at=evidence.as_of,
    )
    entry = keyring.active
    return await sd_jwt_vc.issue(content, signer=entry.signer, x5c=tuple(x509.to_x5c(entry.chain)), kid=entry.kid)


def type_metadata(base_url: str) -> dict[str, Any]:
    """The type metadata of statements (SD-JWT VC, section 5)."""
    shown = {"locale": "en", "name": "Statement of comparability"}
    return {
        "vct": base_url + PATH,
        "name": "Statement of comparability",
        "description": "What a credential evaluator found of a micro-credential, for one purpose.",
        "display": [{**shown, "description": "What a credential evaluator found of a micro-credential."}],
        "claims": [_described(name, label=label) for name, label in LABELS.items()],
    }


LABELS: Mapping[str, str] = {
    "outcome": "Outcome",
    "title": "Certificate",
    "purpose": "Evaluated for",
    "reasons": "Reasons",
    "granted_ects": "ECTS credits granted",
    "comparable_eqf_level": "Comparable to EQF level",
    "evaluator": "Evaluator",
    "organisation": "Organisation",
    "evaluated": "The certificate that was evaluated",
    "dossier": "The dossier it rests on",
    "track": "Way",
    "statement_date": "Date",
    "given_name": "Given name",
    "family_name": "Family name",
}


def _described(name: str, *, label: str) -> dict[str, Any]:
    sd = "always" if name in NAMES else "never"
    return {"path": [name], "display": [{"locale": "en", "label": label}], "sd": sd}


def _claims(
    statement: Statement, *, evidence: Evidence, dossier: Mapping[str, Any], author: Author
) -> dict[str, Any]:  # fmt: skip
    told = dossier["credential"]
    said = {
        "title": f"Statement of comparability: {told['title']}",
        "outcome": statement.outcome.value,
        "purpose": statement.purpose,
        "reasons": statement.reasons,
        "granted_ects": summary.plain(statement.granted_ects) if statement.granted_ects is not None else "",
        "comparable_eqf_level": statement.granted_level,
        "track": dossier["track"]["suggested"],
        "evaluated": {name: told[name] for name in POINTING if told[name]} | {"verified": evidence.verdict},
        "dossier": {"report_id": dossier["report_id"], "digest": dossier["digest"]},
        "evaluator": author.evaluator,
        "organisation": author.organisation,
        "statement_date": evidence.as_of.date().isoformat(),
        **_learner(evidence),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in (None, "")}


def _learner(evidence: Evidence) -> dict[str, str]:
    record = evidence.view.record
    learner = record.award.learner if record else None
    names = {"given_name": learner.given_name, "family_name": learner.family_name} if learner else {}
    return {name: value for name, value in names.items() if value}
