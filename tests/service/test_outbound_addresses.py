import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import outbound


@pytest.mark.parametrize("text", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::8b2c", "::ffff:8.8.8.8"])
def test_a_host_on_the_public_internet_is_public(text: str) -> None:
    assert outbound.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",  # noqa: S104  # an address to be refused
        "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:7f00:1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_what_is_near_or_special_is_not_public(text: str) -> None:
    assert not outbound.is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_when_mapped(address: ipaddress.IPv4Address) -> None:
    assert outbound.is_public(ipaddress.IPv6Address(f"::ffff:{address}")) == outbound.is_public(address)


@pytest.mark.parametrize("name", ["localhost", "0x7f.1", "127.1", "2130706433", "", "exämple.org"])
def test_a_name_is_not_an_address(name: str) -> None:
    assert outbound.address_in(name) is None
