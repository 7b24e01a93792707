"""The templates: what each asks for, and that whoever holds less of it can still answer."""

import pytest

from exchange.dcql import Query
from verifier.templates import ADMISSION, EMPLOYER, TEMPLATES, Template


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_a_query_that_wallets_can_read(template: Template) -> None:
    query = template.query(types=["https://uni.example/vct/1"])

    assert Query.parse(query.to_json()) == query


def test_the_employer_asks_for_the_course_and_the_name_and_for_nothing_personal_beyond() -> None:
    (asked,) = EMPLOYER.query(types=()).credentials

    assert {claim.path for claim in asked.claims} == {
        ("title",), ("awarding_body",), ("award_date",), ("given_name",), ("family_name",),
    }  # fmt: skip
    assert (asked.claim_sets, asked.vct_values) == ((), ())


def test_the_full_record_comes_first_and_what_may_be_missing_goes_one_by_one() -> None:
    (asked,) = ADMISSION.query(types=()).credentials

    assert asked.claim_sets[0] == (*ADMISSION.needed, *ADMISSION.wished)
    assert asked.claim_sets[-1] == ADMISSION.needed
    assert len(asked.claim_sets) == len(ADMISSION.wished) + 1
    assert ("learning_outcomes", None) in {claim.path for claim in asked.claims}
