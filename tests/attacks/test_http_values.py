"""Every document that a program sends, with each of its values in turn made hostile: refused or taken, never a fault.

security.md (e): huge numbers, dates at the ends of the calendar, signs that no name has, shapes that nobody expects.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.attacks import desks
from tests.attacks.desks import OFFICE_KEY, Desk
from tests.issuer.universities import ANA, COURSE

VALUES: tuple[Any, ...] = (
    None, True, -1, 10**18, 10**19 - 1, 1e308, -0.0, "", " ", "a" * 20_000, "\u202eabc", "\ufeff", [], {}, [[[[[]]]]],
    {"a": {"b": None}}, [None], "9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31", "0001-01-01", "2026-02-30", "٢٠٢٦-٠١-٠١", "20260101", "https://[::1", "https://a@b.example/",
    "javascript:alert(1)", "{{7*7}}", "%s%n", "\x7f", "\U0001f469", "did:web:a%2Fb", "NaN",
)  # fmt: skip
AWARD = {
    "course": "adp", "learners": [{**ANA, "learner_id": "1", "learner_id_scheme": "schac", "learner_id_country": "IT",
    "email": "ana@example.org", "valid_until": "2030-01-01", "certificate_number": "7",
    "learning_period": {"start": "2026-01-01", "end": "2026-06-01"}}], "pin": True, "award_date": "2026-06-30",
    "release_at": "2026-07-02T00:00:00+00:00",
}  # fmt: skip
ORGANISATION = {
    "kind": "organisation", "subject": "https://uni.example",
    "body": {"name": "Uni", "country": "IT", "homepage": "https://uni.example",
             "identifiers": [{"scheme": "schac", "value": "uni.example"}],
             "keys": {"iss": ["https://uni.example"], "dids": ["did:web:uni.example"], "x509_hash": []}},
}  # fmt: skip
ACCREDITATION = {
    "kind": "accreditation", "subject": "https://uni.example",
    "body": {"types": ["https://a.example/vct"], "accredited_by": "http://localhost:8004", "from": "2026-01-01",
             "until": "2030-01-01", "levels": [7]},
}  # fmt: skip
WITHDRAWAL = {
    "kind": "withdrawal", "subject": "https://uni.example",
    "body": {"accreditation": 2, "on": "2026-06-30", "reason": "Closed."},
}  # fmt: skip
ORDER = {
    "dcql_query": {
        "credentials": [{
            "id": "a", "format": "dc+sd-jwt", "multiple": False, "require_cryptographic_holder_binding": True,
            "meta": {"vct_values": ["https://a.example/vct"]}, "claim_sets": [["x"]],
            "claims": [{"id": "x", "path": ["a", None, 0], "values": ["b", 1]}],
            "trusted_authorities": [{"type": "aki", "values": ["AAAA"]}],
        }],
        "credential_sets": [{"options": [["a"]], "required": True, "purpose": "p"}],
    },
    "purpose": "p", "flow": "either", "response_mode": "direct_post.jwt", "client_id_prefix": "x509_hash",
    "request_uri_method": "get", "redirect_uri": "https://hr.example/",
}  # fmt: skip
DOCUMENTS: Mapping[str, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {
    "issuer": (
        ("POST", "/api/v1/awards", AWARD),
        ("PUT", "/api/v1/courses/new", COURSE),
        ("POST", "/api/v1/awards/{award}/suspend", {"reason": "r"}),
        ("POST", "/alma/credential", {"credential_configuration_id": "x", "proofs": {"jwt": ["a.b.c"]}}),
    ),
    "registry": (
        ("POST", "/api/v1/revisions", ORGANISATION),
        ("POST", "/api/v1/revisions", ACCREDITATION),
        ("POST", "/api/v1/revisions", WITHDRAWAL),
    ),
    "verifier": (
        ("POST", "/api/v1/requests", ORDER),
        ("POST", "/api/v1/verifications", {"credential": "a.b.c~", "nonce": "n", "audience": "a"}),
    ),
    "wallet": (
        ("POST", "/api/v1/offers", {"link": "openid-credential-offer://?credential_offer=%7B%7D"}),
        ("POST", "/api/v1/requests", {"link": "openid4vp://?client_id=a&request_uri=https://a.example/"}),
        ("POST", "/api/v1/requests/{id}/consent", {"ways": {"a": "b", "c": ["d"]}, "sets": {"0": 1}}),
        ("POST", "/api/v1/offers/{id}/accept", {"tx_code": "123456", "known": True}),
        ("POST", "/api/v1/session", {"name": "ana", "passphrase": "four quiet green words"}),
    ),
}


def variants(document: Any) -> Iterator[Any]:
    """The document with one value after another replaced, at every depth."""
    yield from VALUES
    children = document.items() if isinstance(document, Mapping) else enumerate(document)
    for place, child in children:
        below = variants(child) if isinstance(child, Mapping | list) else iter(VALUES)
        for value in below:
            changed = deepcopy(document)
            changed[place] = value
            yield changed


@pytest.fixture(params=sorted(DOCUMENTS))
async def desk(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desks.OPENERS[request.param](database_url=database_url, folder=tmp_path) as opened:
        yield opened


async def test_no_value_in_a_document_is_our_fault(desk: Desk) -> None:
    found: list[str] = []
    (rights,) = dict(desk.rights).values() or (f"Bearer {OFFICE_KEY}".encode(),)
    headers = {"Authorization": rights.decode()}
    for method, path, document in DOCUMENTS[desk.name]:
        target = path.format_map(desk.known)
        first = await desk.client.request(method, target, json=document, headers=headers)
        assert first.status < 500, await first.text()
        for changed in variants(document):
            answer = await desk.client.request(method, target, json=changed, headers=headers)
            if answer.status >= 500:
                found.append(f"{method} {target} {json.dumps(changed)[:600]}: {answer.status} {await answer.text()}")

    assert found == []
