"""One award, many formats: the digest that all of them carry, so that two credentials can be proved the same award.

SHA-256 over the JSON Canonicalization Scheme text (RFC 8785) of {"record": …, "salt": …}, written as vct#integrity is
(W3C Subresource Integrity: sha256-<base64>). The salt is 128 bits an award: without it nobody can try out what a
withheld fact may be. The learner's e-mail address is no part of it: no format shows it, and it may be erased.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from credentials import type_metadata
from credentials.credential import Credential
from keys import base64url, strict_json

DIGEST = "content_digest"
SALT = "content_salt"
CLAIMS = (DIGEST, SALT)
"""The claims that carry it. An SD-JWT hides both, since an equal digest would link its copies; a JWT shows them."""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentDigest:
    """The digest of one award and the salt it was made with."""

    digest: str
    salt: str

    @classmethod
    def create(cls, record_json: Mapping[str, Any], *, salt: str) -> Self:
        """The digest of the award whose canonical JSON is `record_json`."""
        return cls(digest=of(record_json, salt=salt), salt=salt)

    def to_claims(self) -> dict[str, str]:
        """The two claims that a credential carries."""
        return {DIGEST: self.digest, SALT: self.salt}


def generate_salt() -> str:
    """A salt for one award: 128 bits of chance in base64url. It is kept with the award and used for all its formats."""
    return base64url.encode(secrets.token_bytes(SALT_BYTES))


def of(record_json: Mapping[str, Any], *, salt: str) -> str:
    """The digest of the award whose canonical JSON is `record_json`: sha256-<base64>; raises InvalidJson."""
    return type_metadata.integrity(strict_json.canonical({"record": _shown(record_json), "salt": salt}))


def matches(record_json: Mapping[str, Any], *, salt: str, digest: str) -> bool:
    """Whether `digest` is that of the award whose canonical JSON is `record_json`; raises InvalidJson."""
    return of(record_json, salt=salt) == digest


def shown_by(credential: Credential) -> str | None:
    """The digest that `credential` shows; None where it has none or its holder keeps it back."""
    digest = credential.claims.get(DIGEST)
    return digest if isinstance(digest, str) and digest else None


def same_award(one: Credential, other: Credential) -> bool | None:
    """Whether both credentials say that they are the same award; None where one of them does not say which it is.

    It is the issuers' word: believe it of credentials whose signatures stand and whose issuers are one institution.
    """
    digests = shown_by(one), shown_by(other)
    return None if None in digests else digests[0] == digests[1]


def _shown(record_json: Mapping[str, Any]) -> dict[str, Any]:
    award = record_json["award"]
    learner = {name: value for name, value in award.get("learner", {}).items() if name != "email"}
    rest = {name: value for name, value in award.items() if name != "learner"}
    return {**record_json, "award": {**rest, "learner": learner}}
