"""Lists of trusted entities in JSON: signed by one who is pinned, read whole, never older than one seen."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import jws
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from registry import trusted_entities
from registry.ebsi.register import Register
from tests.keys.certificates import NOW, Party
from tests.trust.trusted_lists.publishing import WITHDRAWN, YEAR, base64_of
from trust.errors import InvalidTrustedList, UntrustedList
from trust.trusted_lists import ts119602
from trust.trusted_lists.trusted_list import TrustedList

KEY = PrivateJwk.generate(Algorithm.ES256)
UNIVERSITY = PrivateJwk.generate(Algorithm.ES256).public
AUTHORITY = Party(subject="Supervisor CA").self_signed()
SUPERVISOR = AUTHORITY.certify(Party(subject="Supervisor", key=KEY))
ISSUANCE = "https://registry.example/lists/trusted-entities#issuance"


def text(value: str) -> list[dict[str, str]]:
    return [{"lang": "nb", "value": "annet"}, {"lang": "en", "value": value}]


def claims() -> dict[str, Any]:
    service = {
        "ServiceName": text("Credentials"),
        "ServiceTypeIdentifier": ISSUANCE,
        "ServiceStatus": "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
        "StatusStartingTime": "2026-01-01T00:00:00Z",
        "ServiceDigitalIdentity": {
            "PublicKeyValues": [UNIVERSITY.to_json(), {"kty": "odd"}],
            "X509Certificates": [{"val": base64_of(AUTHORITY.held)}, {"val": "AAAA"}],
            "OtherIds": ["did:ebsi:zUniversity"],
        },
    }
    past = {**service, "ServiceStatus": WITHDRAWN, "StatusStartingTime": "2024-01-01T00:00:00Z"}
    return {
        "LoTE": {
            "ListAndSchemeInformation": {
                "LoTEVersionIdentifier": 1,
                "LoTESequenceNumber": 7,
                "LoTEType": "https://registry.example/lists/trusted-entities#accredited-issuers",
                "SchemeOperatorName": text("Ministry"),
                "SchemeTerritory": "EU",
                "ListIssueDateTime": (NOW - timedelta(hours=1)).isoformat(),
                "NextUpdate": (NOW + timedelta(hours=23)).isoformat(),
            },
            "TrustedEntitiesList": [
                {
                    "TrustedEntityInformation": {"TEName": text("University")},
                    "TrustedEntityServices": [{"ServiceInformation": service, "ServiceHistory": [past]}],
                }
            ],
        }
    }


def sign(said: object, *, key: PrivateJwk = KEY, typ: str | None = "JWT", **header: object) -> str:
    return jws.create_now(json.dumps(said).encode(), signer=SoftwareSigner(key), typ=typ, header=header)


def read(token: str, **changes: object) -> TrustedList:
    asked: dict[str, Any] = {"keys": [KEY.public], "now": NOW, **changes}
    return ts119602.verify(token, **asked)


def test_a_list_says_who_is_on_it_how_known_and_since_when() -> None:
    found = read(sign(claims()))
    [service] = found.services

    assert (found.operator, found.territory, found.sequence, found.signer) == ("Ministry", "EU", 7, KEY.public)
    assert (service.provider, service.name) == ("University", "Credentials")
    assert (service.keys, service.certificates) == ((UNIVERSITY,), (AUTHORITY.held,))
    assert service.identifiers == {"did:ebsi:zUniversity"}
    asked = [service.standing(at=NOW - timedelta(days=days)) for days in (0, 400, 4000)]
    assert [each and each.granted for each in asked] == [True, False, None]


def test_a_list_is_fresh_until_its_next_update() -> None:
    found = read(sign(claims()))

    assert found.fresh(at=NOW)
    assert not found.fresh(at=NOW + timedelta(hours=23))


def test_a_signer_may_be_pinned_by_certificate() -> None:
    token = sign(claims(), x5c=[base64_of(SUPERVISOR.held)])

    assert read(token, keys=[], signers=[SUPERVISOR.held]).signer == SUPERVISOR.held


@pytest.mark.parametrize(
    ("token", "changes"),
    [
        (sign(claims(), key=PrivateJwk.generate(Algorithm.ES256)), {}),
        (sign(claims()), {"keys": [UNIVERSITY]}),
        (sign(claims()), {"keys": []}),
        (sign(claims(), typ="statuslist+jwt"), {}),
        (sign(claims(), crit=["odd"], odd=1), {}),
        (sign(claims()), {"keys": [], "signers": [SUPERVISOR.held]}),
        (sign(claims(), x5c=[base64_of(AUTHORITY.held)]), {"keys": [], "signers": [SUPERVISOR.held]}),
        (sign(claims(), x5c=[base64_of(SUPERVISOR.held)]), {"keys": [], "signers": [AUTHORITY.held]}),
        (sign(claims(), x5c=["AAAA"]), {}),
        (sign(claims()), {"sequence": 8}),
        (
            sign(claims(), x5c=[base64_of(SUPERVISOR.held)]),
            {"keys": [], "signers": [SUPERVISOR.held], "now": NOW + timedelta(days=31)},
        ),
        (sign(claims()), {"now": NOW - timedelta(hours=2)}),
    ],
    ids=[
        "another-signer", "another-pin", "no-pin", "another-type", "unknown-extension", "certificate-not-named",
        "another-certificate-named", "another-certificate-pinned", "certificate-unreadable", "older-than-one-seen",
        "certificate-ended", "from-the-future",
    ],
)  # fmt: skip
def test_a_list_that_is_not_of_one_who_may_sign_it_is_refused(token: str, changes: dict[str, object]) -> None:
    with pytest.raises(UntrustedList):
        read(token, **changes)


def test_a_list_with_one_letter_changed_is_refused() -> None:
    head, payload, signature = sign(claims()).split(".")
    other = sign({**claims(), "iat": 1}).split(".")[1]

    assert other != payload
    with pytest.raises(UntrustedList):
        read(f"{head}.{other}.{signature}")


def test_a_pointer_names_the_signers_of_another_list() -> None:
    said = claims()
    identity = {"X509Certificates": [{"val": base64_of(AUTHORITY.held)}]}
    about = {"LoTEType": "type", "SchemeTerritory": "XM", "MimeType": "application/jwt"}
    said["LoTE"]["ListAndSchemeInformation"]["PointersToOtherLoTE"] = [
        {"LoTELocation": "https://xm.example/", "ServiceDigitalIdentities": [identity], "LoTEQualifiers": [about]}
    ]

    [pointer] = read(sign(said)).pointers

    assert (pointer.location, pointer.territory, pointer.signers) == ("https://xm.example/", "XM", (AUTHORITY.held,))


def test_the_list_that_the_registry_publishes_is_read() -> None:
    writer = trusted_entities.to_json
    said = writer(Register(), issuer="https://registry.example", name="Ministry", now=NOW, expires=NOW + YEAR)

    assert read(sign(said)).operator == "Ministry"


def without_status(said: dict[str, Any]) -> None:
    information = said["LoTE"]["TrustedEntitiesList"][0]["TrustedEntityServices"][0]["ServiceInformation"]
    del information["ServiceStatus"], information["StatusStartingTime"]


def test_a_service_without_a_status_is_one_that_is_listed() -> None:
    said = claims()
    without_status(said)

    standing = read(sign(said)).services[0].standing(at=NOW)

    assert standing is not None
    assert standing.granted


def scheme(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        said["LoTE"]["ListAndSchemeInformation"][name] = value

    return change


def entity(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        said["LoTE"]["TrustedEntitiesList"][0][name] = value

    return change


def nothing_inside(said: dict[str, Any]) -> None:
    del said["LoTE"]


@pytest.mark.parametrize(
    "change",
    [
        nothing_inside,
        scheme("LoTEVersionIdentifier", 2),
        scheme("LoTESequenceNumber", 0),
        scheme("LoTESequenceNumber", "7"),
        scheme("LoTESequenceNumber", 7.5),
        scheme("NextUpdate", None),
        scheme("NextUpdate", "2026-07-02T09:00:00"),
        scheme("ListIssueDateTime", "today"),
        scheme("SchemeOperatorName", "Ministry"),
        entity("TrustedEntityServices", {}),
        entity("TrustedEntityInformation", None),
    ],
)
def test_a_list_that_is_written_wrongly_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    said = copy.deepcopy(claims())
    change(said)

    with pytest.raises(InvalidTrustedList):
        read(sign(said))


@given(st.text(max_size=60))
def test_garbage_is_refused_and_nothing_else(token: str) -> None:
    with pytest.raises(InvalidTrustedList):
        read(token)
