"""What the consent page says of each fact: in the reader's language, once, item by item."""

from typing import Any

import pytest

from credentials.credential import Credential
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from exchange.dcql import Option
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.trust.builders import NOON
from wallet.showing import disclosing
from wallet.showing.disclosing import Row

OUTCOMES = ["Explains what a register is.", "Judges a source; says why."]


def held(claims: dict[str, Any], *, disclosable: tuple[tuple[str | int, ...], ...] = ()) -> Credential:
    key = PrivateJwk.generate(Algorithm.ES256)
    content = SdJwtVcContent(
        vct="https://u.example/vct", issuer="https://u.example", claims=claims, disclosable=disclosable,
        holder_key=key.public, issued_at=NOON,
    )  # fmt: skip
    return sd_jwt_vc.parse_issued(sd_jwt_vc.issue_now(content, signer=SoftwareSigner(key))).credential


def always(claims: dict[str, Any]) -> dict[str, Row]:
    nothing = Option(claim_set=0, disclose=(), shown=(), withheld=())
    return {row.name: row for row in disclosing.of(held(claims), nothing).always}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"description": "A course", "description#it": "Un corso", "locale": "en"}, "A course"),
        ({"description": "Un corso", "description#en": "A course", "locale": "it"}, "A course"),
        ({"description": "Un corso", "description#de": "Ein Kurs", "locale": "it"}, "Un corso"),
        ({"description#de": "Ein Kurs", "description#it": "Un corso"}, "Ein Kurs"),
    ],
)
def test_a_fact_in_several_languages_is_one_row_with_one_value(said: dict[str, Any], read: str) -> None:
    rows = always(said)
    assert list(rows) == ["description"]
    assert rows["description"].items == (read,)


def test_several_items_stay_apart() -> None:
    assert always({"learning_outcomes": OUTCOMES})["learning_outcomes"].items == tuple(OUTCOMES)


def test_items_that_stay_are_gathered_from_their_places() -> None:
    credential = held({"learning_outcomes": OUTCOMES}, disclosable=(("learning_outcomes", 0), ("learning_outcomes", 1)))
    places = credential.disclosable
    some = Option(claim_set=0, disclose=places[:1], shown=places[:1], withheld=places[1:])
    found = disclosing.of(credential, some)
    assert [row.items for row in found.asked] == [(OUTCOMES[0],)]
    assert [row.items for row in found.staying] == [(OUTCOMES[1],)]


def test_a_fact_without_words_is_not_hidden() -> None:
    assert always({"grade": {"unknown": 1}})["grade"].items == ("(no text)",)


def test_the_parts_of_one_thing_are_one_item() -> None:
    quality = {"type": "external", "agency": "Agency of the North", "description": "Looked at every five years."}
    (item,) = always({"quality_assurance": quality})["quality_assurance"].items
    assert "Agency of the North · Looked at every five years." in item


@pytest.mark.parametrize(
    ("said", "read", "lang"),
    [
        ({"description": "A course", "description#it": "Un corso", "locale": "en"}, "Un corso", ""),
        ({"description": "Un corso", "description#en": "A course", "locale": "it"}, "Un corso", ""),
        ({"description": "A course", "description#de": "Ein Kurs", "locale": "en"}, "A course", "en"),
        ({"description": "Ein Kurs", "locale": "de"}, "Ein Kurs", "de"),
    ],
)
def test_a_text_is_read_in_the_readers_language_or_says_which_it_is_in(
    said: dict[str, Any], read: str, lang: str
) -> None:
    nothing = Option(claim_set=0, disclose=(), shown=(), withheld=())
    (row,) = disclosing.of(held(said), nothing, language="it").always
    assert (row.items, row.lang) == ((read,), lang)
