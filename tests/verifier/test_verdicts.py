"""Words and keeping: every reason is explained, what was not asked for is cut out, foreign certificates are shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier import records
from trust.report import Actor, ReasonCode, Rung
from verifier.verdicts import dossier, explanation
from verifier.web import shown

PRESENTED: dict[str, Any] = {
    "query": "one", "verdict": "yes", "code": None, "claims": {}, "surplus": [], "findings": [],
    "format": "dc+sd-jwt", "types": [], "issued_at": "2026-06-30T10:00:00+00:00", "expires": None,
    "issuer": {
        "id": "https://uni.example", "name": "Uni", "kind": "did", "anchored": False, "certificates": [],
        "accredited": [], "accredited_now": None,
    },
}  # fmt: skip


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_a_headline_a_sentence_and_a_next_step(code: ReasonCode) -> None:
    told = explanation.EXPLANATIONS[code]

    assert not told.headline.endswith(".")
    assert told.sentence.endswith(".")
    assert told.todo.endswith(".")
    assert explanation.ACTORS[told.act]


def test_every_rung_and_actor_has_a_name() -> None:
    assert explanation.RUNGS.keys() == set(Rung)
    assert explanation.ACTORS.keys() == set(Actor)


def test_what_could_not_be_checked_is_never_explained_as_wrong() -> None:
    assert explanation.explain(code="issuer_untrusted", rung="issuer", unsure=True).headline.startswith("We could not")
    assert explanation.explain(code=None, rung="time", unsure=True) is explanation.UNKNOWN
    assert explanation.explain(code="temporal", rung="policy", unsure=True).headline.startswith("We could not")
    assert explanation.explain(code=None, rung=None, unsure=True) is explanation.UNKNOWN


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        ([("a",)], {"b": [1, 2, 3], "c": {"d": 1, "e": 2}}),
        ([("b", 0), ("b", 2)], {"a": 1, "b": [2], "c": {"d": 1, "e": 2}}),
        ([("c", "d")], {"a": 1, "b": [1, 2, 3], "c": {"e": 2}}),
        ([("x",), ("b", 9), ("a", "b")], {"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": 2}}),
    ],
)
def test_what_was_not_asked_for_is_cut_out(paths: list[Any], left: dict[str, Any]) -> None:
    assert dossier.without({"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": 2}}, paths) == left


@given(st.integers(1, 20).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_of_an_array_exactly_the_named_places_go(sized: tuple[int, set[int]]) -> None:
    size, gone = sized

    left = dossier.without({"a": list(range(size))}, [("a", place) for place in gone])

    assert left == {"a": [each for each in range(size) if each not in gone]}


def test_a_certificate_that_is_no_micro_credential_is_shown_by_its_own_names() -> None:
    claims = {"credentialSubject": {"id": "did:example:1", "badge": "Gold", "points": 7}}

    sheet = shown.sheet({**PRESENTED, "format": "vc+jwt", "claims": claims})

    assert sheet.facts == (("badge", ("Gold",)), ("points", ("7",)))
    assert sheet.absent == ()
    assert sheet.sentence == "Genuine and valid: awarded by Uni"


ASKED = frozenset({"title", "learner", "annex_i", "grade"})


def test_what_was_asked_for_stands_first_and_by_itself() -> None:
    claims = {name: said for name, said in records.claims().items() if name != "grade"}

    sheet = shown.sheet({**PRESENTED, "claims": claims}, asked=ASKED)

    assert sheet.asked
    assert [label for label, _ in sheet.facts] == ["Title", "Learner", "Elements awarded"]
    assert sheet.missing == ("Grade",)
    outcomes = dict(sheet.rest)["Learning outcomes"]
    assert len(outcomes) == 2  # one by one, and not in one line
    assert not {label for label, _ in sheet.facts} & {label for label, _ in sheet.rest}
    assert "Grade" not in (*sheet.withheld, *sheet.absent)


def test_where_nothing_was_asked_for_by_name_all_stands_together() -> None:
    presented = {**PRESENTED, "claims": records.claims()}

    for asked in (frozenset[str](), frozenset({"hasClaim"})):
        sheet = shown.sheet(presented, asked=asked)

        assert (sheet.asked, sheet.rest, sheet.missing) == (False, (), ())
        assert {"Title", "Learner", "Grade"} <= {label for label, _ in sheet.facts}


def test_of_several_certificates_the_first_line_counts_the_good_ones() -> None:
    good, bad = shown.sheet(PRESENTED), shown.sheet({**PRESENTED, "verdict": "no", "code": "revoked"})

    assert shown.overall([good, good]) == "All 2 certificates are genuine and valid"
    assert shown.overall([good, bad]) == "1 of 2 certificates are genuine and valid"


def test_rules_of_ones_own_that_do_not_hold_are_not_told_as_a_forgery() -> None:
    told = explanation.explain(code="issuer_untrusted", rung="policy", unsure=False)

    assert told.sentence.startswith("It is genuine.")
