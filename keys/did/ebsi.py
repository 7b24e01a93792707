"""did:ebsi version 1, the DIDs of legal entities: a random name, and the ledger address of a secp256k1 key.

The method-specific id is base58btc of 0x01 and 16 random bytes; the address is that of Ethereum (Keccak-256, EIP-55
without its capitals), by which EBSI's Trusted Policies Registry knows the users of its ledger.
"""

import secrets
from collections.abc import Callable
from typing import Final

from keys import base64url
from keys.did import multibase
from keys.errors import InvalidDid, InvalidEncoding
from keys.jwk import PublicJwk

PREFIX: Final = "did:ebsi:"
VERSION: Final = b"\x01"
RANDOM_BYTES: Final = 16
ADDRESS_BYTES: Final = 20
_RATE = 136  # bytes that Keccak-256 takes in at once
_SIDE = 5
_MASK = (1 << 64) - 1
_ROUNDS = 24


def create(*, random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A new did:ebsi, which nobody else has."""
    return PREFIX + multibase.encode(VERSION + random(RANDOM_BYTES))


def check(did: str) -> str:
    """`did` if it is a did:ebsi of a legal entity; raises InvalidDid."""
    if not did.startswith(PREFIX):
        raise InvalidDid("the DID is not a did:ebsi")
    try:
        data = multibase.decode(did.removeprefix(PREFIX))
    except InvalidEncoding as error:
        raise InvalidDid("the did:ebsi is not base58btc multibase") from error
    if len(data) != len(VERSION) + RANDOM_BYTES or not data.startswith(VERSION):
        raise InvalidDid("the did:ebsi is not one of a legal entity (version 1)")
    return did


def ledger_address(public: PublicJwk) -> str:
    """The address on a ledger, 0x and 40 hexadecimal digits, of a secp256k1 key; raises InvalidDid for another."""
    if public.crv != "secp256k1" or public.y is None:
        raise InvalidDid("only a key on secp256k1 has an address on the ledger")
    point = base64url.decode(public.x) + base64url.decode(public.y)
    return "0x" + keccak_256(point)[-ADDRESS_BYTES:].hex()


def keccak_256(data: bytes) -> bytes:
    """The Keccak-256 digest of `data`, with the padding that Keccak had before SHA-3 (FIPS 202 has another)."""
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [[0] * _SIDE for _ in range(_SIDE)]
    for start in range(0, len(padded), _RATE):
        for place in range(_RATE // 8):
            word = padded[start + 8 * place : start + 8 * place + 8]
            lanes[place % _SIDE][place // _SIDE] ^= int.from_bytes(word, "little")
        _permute(lanes)
    return b"".join(lanes[place][0].to_bytes(8, "little") for place in range(4))


def _permute(lanes: list[list[int]]) -> None:
    """Keccak-f[1600] (FIPS 202 section 3.3) on lanes[x][y]."""
    register = 1
    for _ in range(_ROUNDS):
        columns = [column[0] ^ column[1] ^ column[2] ^ column[3] ^ column[4] for column in lanes]
        for x in range(_SIDE):
            spread = columns[x - 1] ^ _rotated(columns[(x + 1) % _SIDE], by=1)
            lanes[x] = [lane ^ spread for lane in lanes[x]]
        _turn(lanes)
        for y in range(_SIDE):
            row = [lanes[x][y] for x in range(_SIDE)]
            for x in range(_SIDE):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % _SIDE] & row[(x + 2) % _SIDE] & _MASK)
        for power in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256
            if register & 2:
                lanes[0][0] ^= 1 << ((1 << power) - 1)


def _turn(lanes: list[list[int]]) -> None:
    """The steps rho and pi: each lane turns, and goes to another place."""
    x, y, current = 1, 0, lanes[1][0]
    for step in range(_ROUNDS):
        x, y = y, (2 * x + 3 * y) % _SIDE
        current, lanes[x][y] = lanes[x][y], _rotated(current, by=(step + 1) * (step + 2) // 2 % 64)


def _rotated(lane: int, *, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _MASK if by else lane
