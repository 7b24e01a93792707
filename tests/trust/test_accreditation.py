"""The list of accredited issuers: who was accredited for what, on which day, by whom; and which list counts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import jws
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.trust.builders import DAY, NOON, REGISTRY, VCT, issuers, organisation, signed_list, signer_by_did
from trust import accreditation
from trust.accreditation import AccreditedIssuers
from trust.errors import InvalidAccreditation, StaleAccreditation, UntrustedIssuer
from trust.identity import Kind
from trust.organisations import Keys, Organisation, Standing

NORTH = "did:web:north.example"
BODY = "did:web:agency.example"
REGISTRY_KEY = PrivateJwk.generate(Algorithm.ES256)


def north(**changes: object) -> Organisation:
    return replace(organisation(keys=Keys(dids=frozenset({NORTH}))), **changes)


def agency(**changes: object) -> Organisation:
    body = organisation(keys=Keys(dids=frozenset({BODY})), id="org:agency", name="Quality Agency")
    return replace(body, **changes)


def test_an_accredited_issuer_has_a_path_with_names_and_dates() -> None:
    listed = issuers(north())

    (step,) = listed.covers(signer_by_did(NORTH), types=[VCT], at=NOON)

    assert (step.organisation, step.name) == ("org:north", "University of the North")
    assert (step.accredited_by, step.accredited_by_name) == (REGISTRY, "Ministry of Education")
    assert (step.since, step.until) == (date(2026, 1, 1), date(2027, 12, 31))


def test_a_path_leads_over_an_accrediting_body() -> None:
    by_agency = organisation(keys=Keys(dids=frozenset({NORTH})), by="org:agency")
    listed = issuers(by_agency, agency())

    path = listed.covers(signer_by_did(NORTH), types=[VCT], at=NOON)

    assert [step.name for step in path] == ["University of the North", "Quality Agency"]
    assert path[-1].accredited_by == REGISTRY


BY_AGENCY = organisation(keys=Keys(dids=frozenset({NORTH})), by="org:agency")


@pytest.mark.parametrize(
    "above",
    [
        agency(status=Standing.SUSPENDED),
        agency(accreditations=()),
        agency(id="org:other-agency"),
        organisation(keys=Keys(), id="org:agency", types=["https://uni.example/vct/other"]),
        organisation(keys=Keys(), id="org:agency", until=date(2026, 11, 22)),
        organisation(keys=Keys(), id="org:agency", by="org:north"),
    ],
    ids=["suspended", "accredited by nobody", "not on the list", "for other types", "ended", "in a circle"],
)
def test_a_path_that_does_not_reach_the_publisher_is_none(above: Organisation) -> None:
    assert issuers(BY_AGENCY, agency()).covers(signer_by_did(NORTH), types=[VCT], at=NOON)

    with pytest.raises(UntrustedIssuer):
        issuers(BY_AGENCY, above).covers(signer_by_did(NORTH), types=[VCT], at=NOON)


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2027-12-31", True),
        ("2028-01-01", False),
    ],
)
def test_the_days_of_an_accreditation_are_both_included(day: str, *, covered: bool) -> None:
    listed, at = issuers(north()), datetime.fromisoformat(f"{day}T23:30:00+00:00")

    if covered:
        assert listed.covers(signer_by_did(NORTH), types=[VCT], at=at)
    else:
        with pytest.raises(UntrustedIssuer, match="was not accredited"):
            listed.covers(signer_by_did(NORTH), types=[VCT], at=at)


def test_a_revoked_accreditation_answers_for_the_days_before() -> None:
    listed = issuers(organisation(keys=Keys(dids=frozenset({NORTH})), revoked=date(2026, 6, 1)))

    assert listed.covers(signer_by_did(NORTH), types=[VCT], at=datetime(2026, 5, 31, tzinfo=UTC))
    with pytest.raises(UntrustedIssuer):
        listed.covers(signer_by_did(NORTH), types=[VCT], at=datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("status", "covered"),
    [(Standing.ACTIVE, True), (Standing.CLOSED, True), (Standing.SUSPENDED, False), (Standing.REMOVED, False)],
)
def test_a_closed_organisation_counts_for_its_days_and_a_suspended_one_for_none(
    status: Standing, *, covered: bool
) -> None:
    listed = issuers(north(status=status))

    if covered:
        assert listed.covers(signer_by_did(NORTH), types=[VCT], at=NOON)
    else:
        with pytest.raises(UntrustedIssuer):
            listed.covers(signer_by_did(NORTH), types=[VCT], at=NOON)


@pytest.mark.parametrize(
    "types", [["https://uni.example/vct/other"], [VCT, "https://uni.example/vct/other"], [], ["VerifiableCredential"]]
)
def test_every_type_of_a_credential_has_to_be_covered(types: list[str]) -> None:
    with pytest.raises(UntrustedIssuer):
        issuers(north()).covers(signer_by_did(NORTH), types=types, at=NOON)


def test_the_type_that_all_w3c_credentials_have_needs_no_accreditation() -> None:
    assert issuers(north()).covers(signer_by_did(NORTH), types=["VerifiableCredential", VCT], at=NOON)


@pytest.mark.parametrize("name", ["did:web:north.example.evil.example", "did:web:NORTH.example", NORTH + "#1"])
def test_an_issuer_is_told_by_its_exact_identifier(name: str) -> None:
    with pytest.raises(UntrustedIssuer, match="not on the list"):
        issuers(north()).covers(signer_by_did(name), types=[VCT], at=NOON)


def test_a_name_is_never_a_ground_for_trust() -> None:
    namesake = replace(signer_by_did("did:web:evil.example"), name="University of the North", organisation="org:north")

    with pytest.raises(UntrustedIssuer, match="not on the list"):
        issuers(north()).covers(namesake, types=[VCT], at=NOON)


@pytest.mark.parametrize(
    ("keys", "kind", "told"),
    [
        (Keys(issuers=frozenset({"https://a.example"})), Kind.METADATA, True),
        (Keys(issuers=frozenset({"https://a.example"})), Kind.CERTIFICATE, True),
        (Keys(issuers=frozenset({"https://a.example"})), Kind.DID, False),
        (Keys(dids=frozenset({"https://a.example"})), Kind.METADATA, False),
        (Keys(x509_hashes=frozenset({"leaf"})), Kind.CERTIFICATE, True),
        (Keys(x509_hashes=frozenset({"other"})), Kind.CERTIFICATE, False),
        (Keys(x509_hashes=frozenset({"leaf"}), issuers=frozenset({"https://b.example"})), Kind.CERTIFICATE, False),
        (Keys(x509_hashes=frozenset({"leaf"}), issuers=frozenset({"https://a.example"})), Kind.METADATA, False),
        (Keys(), Kind.CERTIFICATE, False),
    ],
)
def test_keys_fit_a_signer_only_in_their_own_kind_of_proof(keys: Keys, kind: Kind, *, told: bool) -> None:
    signer = replace(signer_by_did("https://a.example"), kind=kind, hashes=frozenset({"leaf", "root"}))

    assert keys.fit(signer) is told


def test_a_signer_that_two_organisations_claim_is_neither() -> None:
    listed = issuers(north(), agency(keys=Keys(dids=frozenset({NORTH}))))

    assert listed.find(signer_by_did(NORTH)) is None


def test_before_an_offer_is_taken_up_the_list_says_who_goes_by_an_address() -> None:
    listed = issuers(organisation(keys=Keys(issuers=frozenset({"https://a.example"}), x509_hashes=frozenset({"leaf"}))))

    assert listed.organisation("https://a.example") == listed.organisations[0]
    assert listed.expects("https://a.example", types=[VCT], at=NOON)[0].name == "University of the North"
    for other in ("https://a.example/", "leaf", "University of the North", "org:north"):
        assert listed.organisation(other) is None
        with pytest.raises(UntrustedIssuer):
            listed.expects(other, types=[VCT], at=NOON)


async def test_a_signed_list_comes_back_as_it_was() -> None:
    listed = issuers(north(), agency())

    token = await signed_list(listed, key=REGISTRY_KEY)

    assert accreditation.verify(token, keys=[REGISTRY_KEY.public], issuer=REGISTRY, now=NOON, sequence=7) == listed


async def test_a_list_under_another_key_is_refused() -> None:
    token = await signed_list(issuers(north()), key=PrivateJwk.generate(Algorithm.ES256))

    with pytest.raises(InvalidAccreditation, match="pinned"):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], now=NOON, sequence=0)


async def test_a_list_never_goes_back() -> None:
    token = await signed_list(issuers(north(), sequence=7), key=REGISTRY_KEY)

    with pytest.raises(InvalidAccreditation, match="older"):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], now=NOON, sequence=8)


async def test_a_list_past_its_expiry_is_stale() -> None:
    token = await signed_list(issuers(north()), key=REGISTRY_KEY)

    with pytest.raises(StaleAccreditation):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], now=NOON + DAY, sequence=0)


async def test_a_list_from_the_future_is_refused() -> None:
    token = await signed_list(issuers(north()), key=REGISTRY_KEY)

    with pytest.raises(InvalidAccreditation, match="future"):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], now=NOON - DAY, sequence=0)


async def test_another_publishers_list_is_refused() -> None:
    token = await signed_list(issuers(north()), key=REGISTRY_KEY)

    with pytest.raises(InvalidAccreditation, match="somebody else's"):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], issuer="https://other.example", now=NOON, sequence=0)


async def test_a_credential_is_not_a_list() -> None:
    listed = issuers(north())
    token = await jws.create(listed.to_json(), signer=SoftwareSigner(REGISTRY_KEY), typ="dc+sd-jwt")

    with pytest.raises(InvalidAccreditation):
        accreditation.verify(token, keys=[REGISTRY_KEY.public], now=NOON, sequence=0)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": -1},
        {"sequence": "7"},
        {"iss": ""},
        {"exp": None},
        {"organisations": {}},
        {"organisations": [1]},
        {"organisations": [{"id": "a"}]},
        {"organisations": [north().to_json(), north().to_json()]},
        {"organisations": [{**north().to_json(), "status": "excellent"}]},
        {"organisations": [{**north().to_json(), "keys": {"dids": "all"}}]},
        {"organisations": [{**north().to_json(), "accreditations": [{"types": [], "accredited_by": "a"}]}]},
        {
            "organisations": [
                {**north().to_json(), "accreditations": [{"types": ["a"], "accredited_by": "a", "from": "soon"}]}
            ]
        },
        {"iat": 10**17},
    ],
)
def test_a_list_with_one_thing_out_of_shape_is_refused(change: dict[str, object]) -> None:
    whole = issuers(north()).to_json()
    assert AccreditedIssuers.parse(whole)

    with pytest.raises(InvalidAccreditation):
        AccreditedIssuers.parse({**whole, **change})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["iss", "iat", "exp", "sequence", "organisations", "name"]), ANYTHING))
def test_garbage_is_no_list_and_nothing_worse(garbage: dict[str, object]) -> None:
    try:
        AccreditedIssuers.parse(garbage)
    except InvalidAccreditation:
        return
    assert {"iss", "iat", "exp", "sequence", "organisations"} <= garbage.keys()
