"""The body behind a credential: what the register says of the signer decides, what the credential says is a claim."""

from dataclasses import replace
from typing import Any

import pytest

from credentials.learning.course import AwardingBody
from credentials.learning.text import Text
from tests.trust.quality.exports import AWARDED, BODY, COURSE, PROVIDER, body_with, index
from trust.organisations import Identifier, Keys, Organisation
from trust.quality.answer import Quality, QualityVerdict
from trust.quality.signers import quality_of_signer

SEVEN = Organisation(
    id="urn:example:seven", name="University of Seven", country="IT",
    identifiers=(Identifier(scheme="eter", value="IT0007"),),
)  # fmt: skip
ZED = Organisation(
    id="urn:example:zed", name="University of Zed", country="IE",
    identifiers=(Identifier(scheme="vat", value="654321"),),
)  # fmt: skip
EIGHT = PROVIDER | {
    "deqar_id": "DEQARINST0008", "eter_id": "IT0008", "name_primary": "Eight", "name_official": "",
    "identifiers_all": "EU-VAT: IE654321",
}  # fmt: skip


def ask(signer: Organisation | None, *stated: AwardingBody, **told: Any) -> Quality:
    return quality_of_signer(
        signer, stated=stated or (BODY,), micro_credential=COURSE, award_date=AWARDED, on=index(**told)
    )  # fmt: skip


def test_numbers_of_the_register_that_lead_to_the_same_provider_confirm_it() -> None:
    answer = ask(SEVEN)

    assert (answer.verdict, answer.confirmed, answer.assured) == (QualityVerdict.INSTITUTION, True, True)
    assert answer.matched_by == "deqar:DEQARINST0007"


@pytest.mark.parametrize("signer", [None, ZED, replace(SEVEN, identifiers=())])
def test_numbers_that_only_the_credential_states_are_not_confirmed(signer: Organisation | None) -> None:
    answer = ask(signer)

    assert (answer.verdict, answer.confirmed, answer.assured) == (QualityVerdict.INSTITUTION, False, False)


def test_who_borrows_the_number_of_another_provider_is_contradicted() -> None:
    assert ask(ZED, providers=[PROVIDER, EIGHT]).verdict is QualityVerdict.CONFLICT


def test_the_register_is_enough_where_the_credential_states_no_number() -> None:
    assert ask(SEVEN, body_with(name=Text.of({"en": "Sette"}))).assured


def test_an_ebsi_did_that_the_signer_is_told_by_is_a_number_too() -> None:
    keys = Keys(dids=frozenset({"did:ebsi:zSeven1111111111111111"}))

    assert ask(replace(SEVEN, identifiers=(), keys=keys)).assured


def test_of_several_awarding_bodies_the_signer_is_meant() -> None:
    partner = body_with(("eter", "FR0001"), name=Text.of({"en": "Partner"}))

    assert ask(SEVEN, partner, BODY).provider_id == "DEQARINST0007"


def test_a_name_is_looked_for_as_the_register_has_it() -> None:
    lender = body_with(name=Text.of({"en": "University of Seven"}))

    assert ask(ZED, lender).verdict is QualityVerdict.UNKNOWN
    assert ask(replace(SEVEN, identifiers=()), lender).verdict is QualityVerdict.CANDIDATE


def test_a_credential_that_names_no_body_is_told_by_its_signer() -> None:
    answer = quality_of_signer(SEVEN, stated=(), micro_credential=COURSE, award_date=AWARDED, on=index())

    assert answer.assured
    assert not quality_of_signer(None, stated=(), micro_credential=COURSE, award_date=AWARDED, on=index()).assured
