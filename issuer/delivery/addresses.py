"""E-mail addresses as they may be written to: one mailbox, nothing that a header or a command could be made of.

RFC 5321 section 4.1.2 without quoted local parts and address literals; RFC 6531 for letters beyond ASCII.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from issuer.delivery.errors import InvalidAddress

LONGEST = 254
LONGEST_LOCAL = 64
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
LOCAL = re.compile(rf"{ATOM}(?:\.{ATOM})*")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+{LABEL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox; the domain is in ASCII."""

    local: str
    domain: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """The address that `raw` is; raises InvalidAddress, whose message does not repeat it."""
        local, at, domain = raw.strip().rpartition("@")
        try:
            plain = domain.encode("idna").decode("ascii").casefold() if at else ""
        except UnicodeError:
            plain = ""
        good = LOCAL.fullmatch(local) and len(local.encode()) <= LONGEST_LOCAL and DOMAIN.fullmatch(plain)
        if not good or not all(map(_is_plain, local)) or len(raw.encode()) > LONGEST:
            raise InvalidAddress("This is no e-mail address that can be written to, such as ana@example.org.")
        return cls(local=local, domain=plain)

    @property
    def text(self) -> str:
        """The address as it stands in a command and in a header."""
        return f"{self.local}@{self.domain}"

    @property
    def international(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return not self.local.isascii()

    @property
    def same(self) -> str:
        """What two spellings of one mailbox have in common: in practice, capitals do not matter."""
        return self.text.casefold()


def _is_plain(sign: str) -> bool:
    """Whether a sign is ASCII, or a letter, mark or digit: what cannot be seen, or turns the text, is in no address."""
    return sign.isascii() or unicodedata.category(sign)[0] in "LMN"
