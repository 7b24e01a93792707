"""SD-JWT VC type metadata: what claims a type has, how to show them. draft-ietf-oauth-sd-jwt-vc-19 sections 5 and 6."""

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidClaimsPath, InvalidTypeMetadata
from credentials.type_rendering import Rendering
from keys import errors as keys_errors
from keys import strict_json

MAX_CLAIMS = 500
_SVG_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_STRENGTH = ("sha256", "sha384", "sha512")  # W3C SRI section 3.2, from the weakest


class Disclosability(StrEnum):
    """Whether a claim of the type can be held back, section 5.6.4."""

    ALWAYS = "always"
    ALLOWED = "allowed"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Words for people in one language: about the type, or (as `label` on the wire) about a claim."""

    locale: str
    name: str
    description: str | None = None
    rendering: Rendering | None = None  # of a type; a claim has none

    @classmethod
    def parse(cls, raw: object, *, member: str) -> Self:
        """The display object whose words stand in `member`; raises InvalidTypeMetadata."""
        if not isinstance(raw, Mapping):
            raise InvalidTypeMetadata("Display metadata is an object.")
        locale, name = _optional(raw, "locale"), _optional(raw, member)
        if not locale or not name:
            raise InvalidTypeMetadata(f"Display metadata has a locale and a {member}.")
        return cls(
            locale=locale,
            name=name,
            description=_optional(raw, "description"),
            rendering=Rendering.parse(raw.get("rendering")),
        )

    def to_json(self, *, member: str) -> dict[str, Any]:
        """The display object."""
        said: dict[str, Any] = {"locale": self.locale, member: self.name}
        if self.description is not None:
            said["description"] = self.description
        return said if self.rendering is None else {**said, "rendering": self.rendering.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMetadata:
    """What holds for the claims at one path."""

    path: ClaimsPath
    display: tuple[Display, ...] = ()
    mandatory: bool = False
    sd: Disclosability = Disclosability.ALLOWED
    svg_id: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The claim metadata object `raw`; raises InvalidTypeMetadata."""
        if not isinstance(raw, Mapping):
            raise InvalidTypeMetadata("Claim metadata is an object.")
        mandatory, svg_id = raw.get("mandatory", False), _optional(raw, "svg_id")
        if not isinstance(mandatory, bool) or (svg_id is not None and not _SVG_ID.fullmatch(svg_id)):
            raise InvalidTypeMetadata("Claim metadata has a mandatory or svg_id that cannot be read.")
        try:
            path = claims_path.parse(raw.get("path"))
            sd = Disclosability(raw.get("sd", "allowed"))
        except (InvalidClaimsPath, ValueError) as error:
            raise InvalidTypeMetadata("Claim metadata has a path or sd that cannot be read.") from error
        display = tuple(Display.parse(item, member="label") for item in _list(raw, "display"))
        return cls(path=path, display=display, mandatory=mandatory, sd=sd, svg_id=svg_id)

    def to_json(self) -> dict[str, Any]:
        """The claim metadata object, defaults left out."""
        said = {
            "path": list(self.path),
            "display": [item.to_json(member="label") for item in self.display],
            "mandatory": self.mandatory,
            "sd": None if self.sd is Disclosability.ALLOWED else self.sd.value,
            "svg_id": self.svg_id,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMetadata:
    """One type of credential, as its publisher describes it."""

    vct: str
    name: str | None = None
    description: str | None = None
    extends: str | None = None
    extends_integrity: str | None = None
    display: tuple[Display, ...] = ()
    claims: tuple[ClaimMetadata, ...] = ()

    @property
    def svg_ids(self) -> dict[str, ClaimsPath]:
        """The claim that each placeholder of an SVG template stands for."""
        return {claim.svg_id: claim.path for claim in self.claims if claim.svg_id}

    def to_json(self) -> dict[str, Any]:
        """The type metadata document."""
        said = {
            "vct": self.vct,
            "name": self.name,
            "description": self.description,
            "extends": self.extends,
            "extends#integrity": self.extends_integrity,
            "display": [item.to_json(member="name") for item in self.display],
            "claims": [item.to_json() for item in self.claims],
        }
        return {name: value for name, value in said.items() if value}


def parse(raw: bytes | str | Mapping[str, Any]) -> TypeMetadata:
    """The type metadata that the document `raw` is; raises InvalidTypeMetadata. What is not understood is ignored."""
    try:
        document = raw if isinstance(raw, Mapping) else strict_json.parse_object(raw)
    except keys_errors.KeysError as error:
        raise InvalidTypeMetadata("The type metadata is not a JSON object.") from error
    vct = _optional(document, "vct")
    if not vct:
        raise InvalidTypeMetadata("The type metadata does not say which type it describes.")
    claims = tuple(ClaimMetadata.parse(item) for item in _list(document, "claims"))
    drawn = [claim.svg_id for claim in claims if claim.svg_id]
    if len(claims) > MAX_CLAIMS or len({claim.path for claim in claims}) != len(claims):
        raise InvalidTypeMetadata(f"The type metadata describes a claim twice, or more than {MAX_CLAIMS} claims.")
    if len(set(drawn)) != len(drawn):
        raise InvalidTypeMetadata("The type metadata gives one svg_id to two claims.")
    return TypeMetadata(
        vct=vct,
        name=_optional(document, "name"),
        description=_optional(document, "description"),
        extends=_optional(document, "extends"),
        extends_integrity=_optional(document, "extends#integrity"),
        display=tuple(Display.parse(item, member="name") for item in _list(document, "display")),
        claims=claims,
    )


def extend(metadata: TypeMetadata, *, base: TypeMetadata) -> TypeMetadata:
    """`metadata` with what it inherits from the type it extends (sections 5.5.2, 5.6.5); raises InvalidTypeMetadata."""
    if metadata.extends != base.vct or base.vct == metadata.vct:
        raise InvalidTypeMetadata("The type does not extend the type of that metadata.")
    own = {claim.path: claim for claim in metadata.claims}
    inherited = [_inherit(claim, own.pop(claim.path, None)) for claim in base.claims]
    return replace(metadata, display=metadata.display or base.display, claims=(*inherited, *own.values()))


def _inherit(base: ClaimMetadata, own: ClaimMetadata | None) -> ClaimMetadata:
    if own is None:
        return base
    if base.sd is not Disclosability.ALLOWED and own.sd not in {base.sd, Disclosability.ALLOWED}:
        raise InvalidTypeMetadata("The type loosens what the type it extends says about disclosure.")
    return ClaimMetadata(
        path=base.path,
        display=own.display or base.display,
        mandatory=own.mandatory or base.mandatory,
        sd=base.sd if own.sd is Disclosability.ALLOWED else own.sd,
        svg_id=own.svg_id or base.svg_id,
    )


def check(
    claims: Mapping[str, Any],
    metadata: TypeMetadata,
    *,
    disclosed: Collection[ClaimsPath] | None = None,
    complete: bool = False,
) -> None:
    """Return if `claims` follow the claim metadata; raises InvalidTypeMetadata.

    With `disclosed`, the places that came as disclosures, `sd` is checked; with `complete`, for a holder who has every
    disclosure, also `mandatory`: from a presentation, absence proves nothing (section 5.6).
    """
    for claim in metadata.claims:
        try:
            places = claims_path.trace(claims, path=claim.path)
        except InvalidClaimsPath as error:
            raise InvalidTypeMetadata("A claim is of another shape than its type says.") from error
        if not places:
            if complete and claim.mandatory:
                raise InvalidTypeMetadata("A claim that the type makes mandatory is missing.")
        elif disclosed is not None and not all(_may_stand(claim.sd, place in disclosed) for place in places):
            raise InvalidTypeMetadata("A claim can be held back, or not, against what its type says.")


def _may_stand(sd: Disclosability, is_disclosure: bool) -> bool:  # noqa: FBT001  # the second half of one question
    return sd is Disclosability.ALLOWED or is_disclosure == (sd is Disclosability.ALWAYS)


def integrity(document: bytes) -> str:
    """The integrity metadata of `document` (W3C SRI): its SHA-256 digest in base64, with padding."""
    return "sha256-" + base64.b64encode(hashlib.sha256(document).digest()).decode("ascii")


def check_integrity(document: bytes, *, promised: str) -> None:
    """Return if `document` has a digest of the strongest kind in the integrity metadata `promised`.

    Raises InvalidTypeMetadata, also where no hash algorithm in it is known here.
    """
    digests: dict[str, set[str]] = {}
    for expression in promised.split():
        algorithm, separator, digest = expression.partition("?")[0].partition("-")
        if separator and algorithm in _STRENGTH:
            digests.setdefault(algorithm, set()).add(digest)
    strongest = max(digests, key=_STRENGTH.index, default=None)
    if strongest is None:
        raise InvalidTypeMetadata("The promised hash of the type metadata is of no kind that is known here.")
    actual = hashlib.new(strongest, document).digest()
    if not any(_decoded(digest) == actual for digest in digests[strongest]):
        raise InvalidTypeMetadata("The type metadata is not the document whose hash was promised.")


def _decoded(digest: str) -> bytes | None:
    try:
        return base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return None


def _optional(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidTypeMetadata(f"The member {name} of type metadata is a text.")
    return value


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name, [])
    if not isinstance(value, list):
        raise InvalidTypeMetadata(f"The member {name} of type metadata is an array.")
    return value
