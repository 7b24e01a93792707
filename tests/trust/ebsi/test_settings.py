"""Which registry counts and where a chain may end, as a service is told."""

import pytest

from tests.trust.ebsi.builders import BASE, Body
from trust.ebsi import settings
from trust.ebsi.places import Registry
from trust.errors import InvalidAccreditation

ROOT = Body(seed="ministry").did


def test_the_first_address_is_asked_and_the_others_are_names_of_it() -> None:
    assert settings.registry([f"{BASE}/"]) == Registry(base=BASE)
    assert settings.registry([BASE, "https://old.example/", "pilot"]) == Registry(
        base=BASE, aliases=("https://old.example",), network="pilot"
    )


@pytest.mark.parametrize(
    "names",
    [["pilot"], ["pilot", BASE], [BASE, "a", "b"], ["http://registry.example"], ["https://u@x.example"], [f"{BASE}?x"]],
)
def test_what_is_no_plain_address_is_refused(names: list[str]) -> None:
    with pytest.raises(InvalidAccreditation):
        settings.registry(names)


def test_roots_are_dids_with_names_for_people() -> None:
    assert settings.roots([f"{ROOT}=Ministry of Education", Body(seed="b").did]) == {
        ROOT: "Ministry of Education",
        Body(seed="b").did: Body(seed="b").did,
    }


@pytest.mark.parametrize("root", ["did:web:a.example", "did:ebsi:zzz", "Ministry", ""])
def test_a_root_is_the_did_of_a_legal_entity(root: str) -> None:
    with pytest.raises(InvalidAccreditation):
        settings.roots([root])
