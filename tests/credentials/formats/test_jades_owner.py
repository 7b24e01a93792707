from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from credentials.errors import InvalidOwner
from credentials.formats import jades, jades_owner
from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.credentials.formats.seals import AUTHORITY, DOCUMENT, NAME, NOON, NUMBER, certified, sealed

Json = dict[str, Any]


def owned(change: Callable[[Json], Any] = dict, *, number: str = NUMBER) -> None:
    """Seal the document, changed, and ask whose it is."""
    document = deepcopy(DOCUMENT)
    change(document)
    jades_owner.check(jades.parse(sealed(document, chain=(certified(identifier=number),))))


@pytest.mark.parametrize(
    "issuer",
    [
        DOCUMENT["issuer"],
        [DOCUMENT["issuer"]],
        {"legalName": NAME, "eIDASIdentifier": [{"notation": [NUMBER]}]},
        {"legalName": {"it": NAME, "en": [NAME]}, "eIDASIdentifier": {"notation": "vatit-00000000000"}},
        {"legalName": {"it": [f" {NAME.replace(' ', '  ')}"]}, "eIDASIdentifier": {"notation": "00000000000"}},
        {"legalName": {"it": ["Universita\u0300 di Esempio"]}, "eIDASIdentifier": {"notation": "IT00000000000"}},
    ],
    ids=["as-written", "listed", "other-shapes", "two-languages", "bare-number", "decomposed"],
)
def test_a_document_of_the_organisation_that_sealed_it_is_its_own(issuer: object) -> None:
    owned(lambda document: document.update({"issuer": issuer}))


def issuer(name: str, value: Any) -> Callable[[Json], Any]:
    return lambda document: document["issuer"].update({name: value})


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("issuer"),
        lambda document: document.update({"issuer": "https://uni.example"}),
        lambda document: document.update({"issuer": [document["issuer"], document["issuer"]]}),
        issuer("legalName", {"it": ["Università di Altrove"]}),
        issuer("legalName", {"it": [NAME], "en": ["A famous university"]}),
        issuer("legalName", {"it": [NAME, "Università di Altrove"]}),
        issuer("legalName", {"it": [NAME.upper()]}),
        issuer("legalName", {}),
        issuer("eIDASIdentifier", {"notation": "VATIT-00000000001"}),
        issuer("eIDASIdentifier", {"notation": "VATDE-00000000000"}),
        issuer("eIDASIdentifier", {"notation": "NTRIT-00000000000"}),
        issuer("eIDASIdentifier", {"notation": "DE00000000000"}),
        issuer("eIDASIdentifier", {"notation": ""}),
        issuer("eIDASIdentifier", {"notation": [NUMBER, "VATIT-00000000001"]}),
        issuer("eIDASIdentifier", NUMBER),
        lambda document: document["issuer"].pop("eIDASIdentifier"),
    ],
)
def test_a_document_that_names_another_issuer_is_refused(change: Callable[[Json], Any]) -> None:
    with pytest.raises(InvalidOwner):
        owned(change)


def test_a_certificate_that_names_nobody_owns_nothing() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    nameless = x509.create_leaf(AUTHORITY, subject=NAME, public=key.public, dns=["uni.example"], now=NOON)

    read = jades.parse(sealed(key=key, chain=(nameless,)))

    jades.verify(read)
    with pytest.raises(InvalidOwner):
        jades_owner.check(read)


@pytest.mark.parametrize(
    ("written", "held", "same"),
    [
        ("VATIT-1", "VATIT-1", True),
        ("1", "NTREE-1", True),
        ("EE1", "NTREE-1", True),
        ("1", "GO:IT-1", True),
        ("FR1", "NTREE-1", False),
        ("1", "1", True),
        ("", "VATIT-", False),
        ("VATIT-1", "1", False),
    ],
)
def test_a_number_may_lack_the_prefix_that_certificates_have(written: str, held: str, *, same: bool) -> None:
    assert jades_owner.same_organisation(written, held) is same
