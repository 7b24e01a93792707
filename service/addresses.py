"""Which network addresses a guarded call may reach: public unicast ones, as the IANA special-purpose registries say.

Addresses that carry another address inside (IPv4-mapped, 6to4, Teredo, NAT64) are judged by what they would reach, and
where that depends on a gateway they are refused.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291 §2.4: all that is assigned as global unicast
CARRIERS = (
    ipaddress.IPv6Network("2001::/23"),  # RFC 2928: protocols of the IETF, Teredo among them
    ipaddress.IPv6Network("2002::/16"),  # RFC 3056: 6to4; NAT64 (RFC 6052) lies outside of UNICAST
    ipaddress.IPv6Network("3fff::/20"),  # RFC 9637: documentation
)
RELAYS = ipaddress.IPv4Network("192.88.99.0/24")  # RFC 7526: the deprecated 6to4 relay anycast prefix


def parse(text: str) -> Address | None:
    """The address that `text` is in its usual writing; None if it is a name."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether `address` is of a host on the public internet, and not of a neighbour, a group or ourselves."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in UNICAST or any(address in carrier for carrier in CARRIERS):
            return False
    elif address in RELAYS:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
