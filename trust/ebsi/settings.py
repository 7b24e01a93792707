"""What a service is told about EBSI's registries: which one counts, and where a chain of accreditations may end."""

from collections.abc import Mapping, Sequence
from typing import Final

from keys.did import ebsi
from keys.errors import InvalidDid
from trust.ebsi.places import Registry
from trust.errors import InvalidAccreditation

SCHEMES: Final = ("https://", "http://localhost:", "http://127.0.0.1:")


def registry(names: Sequence[str]) -> Registry:
    """The registry at the first address, with the others and a network's name as what it may be called.

    Raises InvalidAccreditation.
    """
    addresses = [name.rstrip("/") for name in names if "://" in name]
    networks = [name for name in names if "://" not in name]
    if not addresses or names[0].rstrip("/") != addresses[0] or len(networks) > 1:
        raise InvalidAccreditation("the registry is an address, other addresses of it, and at most one network's name")
    for address in addresses:
        if not address.startswith(SCHEMES) or any(mark in address for mark in "@?#\\ "):
            raise InvalidAccreditation(f"{address} is not a plain https address")
    return Registry(base=addresses[0], aliases=tuple(addresses[1:]), network=networks[0] if networks else None)


def roots(names: Sequence[str]) -> Mapping[str, str]:
    """The pinned roots with their names for people (the DID where none is given); raises InvalidAccreditation."""
    found = {}
    for entry in names:
        did, _, name = entry.partition("=")
        try:
            found[ebsi.check(did.strip())] = name.strip() or did.strip()
        except InvalidDid as error:
            raise InvalidAccreditation(f"{did} is not the DID of a legal entity: {error}") from error
    return found
