"""The code of a recovery kit: 135 random bits in letters that are not mistaken for one another, and a check letter.

The alphabet is Crockford's base 32 (no I, L, O, U; what is typed as one of the first three is read as the digit it
looks like). The check is his remainder by 37, which notices any one wrong letter and any two that changed places; codes
whose remainder has no letter of its own are not given out, so that a code is typed with letters and digits alone.
"""

import secrets
from typing import Final

from wallet.errors import MistypedCode

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS: Final = 27
GROUP: Final = 4
MODULUS: Final = 37
BITS: Final = 5 * LETTERS
LIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
BETWEEN: Final = str.maketrans("", "", " -\t\r\n\u00a0\u2010\u2011\u2013")


def create() -> bytes:
    """A new code, as the bytes that it stands for."""
    while True:
        number = secrets.randbits(BITS)
        if number % MODULUS < len(ALPHABET):
            return _bytes(number)


def write(code: bytes) -> str:
    """The code as it is printed: seven groups of four, the last letter of which is the check."""
    number = int.from_bytes(code)
    letters = [ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5)]
    text = "".join([*letters, ALPHABET[number % MODULUS]])
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def parse(text: str) -> bytes:
    """The code that was typed, in any case and with or without its hyphens; MistypedCode where it cannot be one."""
    letters = text.translate(BETWEEN).upper().translate(LIKE)
    if len(letters) != LETTERS + 1:
        raise MistypedCode(f"A code has {LETTERS + 1} letters and digits; this has {len(letters)}.")
    if any(letter not in ALPHABET for letter in letters):
        raise MistypedCode("There is a sign in it that no code has.")
    number = 0
    for letter in letters[:-1]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    if number % MODULUS != ALPHABET.index(letters[-1]):
        raise MistypedCode("One letter is wrong, or two have changed places.")
    return _bytes(number)


def _bytes(number: int) -> bytes:
    return number.to_bytes((BITS + 7) // 8)
