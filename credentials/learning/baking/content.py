"""What may be baked: a compact JWS, or the JSON of a credential whose proof is inside (Open Badges 3.0, 5.3)."""

import re

from credentials.errors import InvalidPicture, MalformedCredential, TooLarge
from keys import errors as keys_errors
from keys import strict_json

LONGEST = 200_000
"""Characters of a credential: what is read of one anywhere here."""
COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def is_compact(credential: str) -> bool:
    """Whether `credential` is a JWS, not JSON; raises MalformedCredential where it is neither, or TooLarge."""
    if len(credential) > LONGEST:
        raise TooLarge(f"A credential in a picture has at most {LONGEST} characters.")
    if COMPACT_JWS.fullmatch(credential):
        return True
    try:
        strict_json.parse_object(credential)
    except keys_errors.KeysError as error:
        raise MalformedCredential("What is baked is a compact JWS or the JSON of a credential.") from error
    return False


def found(texts: list[str]) -> str:
    """The one text of `texts`; raises InvalidPicture where there is none or more than one, or TooLarge."""
    if len(texts) > 1:
        raise InvalidPicture("The picture carries more than one credential.")
    if not any(text.strip() for text in texts):
        raise InvalidPicture("The picture carries no credential.")
    (text,) = texts
    if len(text) > LONGEST:
        raise TooLarge(f"A credential in a picture has at most {LONGEST} characters.")
    return text.strip()
