"""The pointers of OpenID4VP 1.0 section 7, on the example of section 7.3."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import claims_path
from credentials.errors import InvalidClaimsPath

ARTHUR: dict[str, Any] = {
    "name": "Arthur Dent",
    "address": {"street_address": "42 Market Street", "locality": "Milliways", "postal_code": "12345"},
    "degrees": [
        {"type": "Bachelor of Science", "university": "University of Betelgeuse"},
        {"type": "Master of Science", "university": "University of Betelgeuse"},
    ],
    "nationalities": ["British", "Betelgeusian"],
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        (("name",), ("Arthur Dent",)),
        (("address",), (ARTHUR["address"],)),
        (("address", "street_address"), ("42 Market Street",)),
        (("degrees", None, "type"), ("Bachelor of Science", "Master of Science")),
        (("nationalities", 1), ("Betelgeusian",)),
        (("nationalities", None), ("British", "Betelgeusian")),
    ],
)
def test_a_path_selects_what_the_specification_says(path: claims_path.ClaimsPath, selected: tuple[object, ...]) -> None:
    assert claims_path.select(ARTHUR, path=path) == selected


@pytest.mark.parametrize(
    "path",
    [
        ("surname",),
        ("nationalities", 2),
        ("name", "first"),
        ("name", 0),
        ("name", None),
        ("address", 0),
        ("address", None),
        ("degrees", "type"),
        ("degrees", None, 0),
    ],
)
def test_a_path_to_nothing_selects_nothing(path: claims_path.ClaimsPath) -> None:
    assert claims_path.select(ARTHUR, path=path) == ()


def test_elements_without_the_name_drop_out_of_the_selection() -> None:
    claims = {"degrees": [{"type": "BSc"}, {"year": 2020}]}

    assert claims_path.select(claims, path=("degrees", None, "type")) == ("BSc",)


def test_one_element_of_another_kind_ends_the_processing() -> None:
    claims = {"degrees": [{"type": "BSc"}, "MSc"]}

    assert claims_path.select(claims, path=("degrees", None, "type")) == ()


def test_places_are_paths_without_null() -> None:
    places = claims_path.locate(ARTHUR, path=("degrees", None, "type"))

    assert places == (("degrees", 0, "type"), ("degrees", 1, "type"))


def test_a_path_through_another_shape_is_an_error_where_that_matters() -> None:
    assert claims_path.locate(ARTHUR, path=("name", "first")) == ()
    assert claims_path.trace(ARTHUR, path=("surname",)) == ()
    with pytest.raises(InvalidClaimsPath):
        claims_path.trace(ARTHUR, path=("name", "first"))


@given(st.dictionaries(st.text(max_size=5), json_values, min_size=1, max_size=4))
def test_every_leaf_is_found_by_its_own_path(claims: dict[str, Any]) -> None:
    leaves = claims_path.leaf_paths(claims)

    assert len(set(leaves)) == len(leaves)
    assert all(len(claims_path.select(claims, path=leaf)) == 1 for leaf in leaves)


def test_a_path_is_read_from_json() -> None:
    assert claims_path.parse(["degrees", None, 0, "type"]) == ("degrees", None, 0, "type")


@pytest.mark.parametrize("raw", [None, "name", {}, [], ["a", -1], ["a", True], ["a", 1.5], ["a", ["b"]], ["a"] * 17])
def test_what_is_no_pointer_is_refused(raw: object) -> None:
    with pytest.raises(InvalidClaimsPath):
        claims_path.parse(raw)


@pytest.mark.parametrize(
    ("pattern", "place", "covered"),
    [
        (("degrees", None), ("degrees", 1, "type"), True),
        (("degrees", None, "type"), ("degrees", 0, "type"), True),
        (("degrees", 1), ("degrees", 0), False),
        (("degrees", None), ("degrees", "type"), False),
        (("address", "locality"), ("address",), False),
    ],
)
def test_a_pattern_covers_the_places_it_means_and_those_inside(
    pattern: claims_path.ClaimsPath, place: claims_path.ClaimsPath, *, covered: bool
) -> None:
    assert claims_path.covers(pattern, place=place) is covered
