"""The walk to a pinned root: each refusal is one change to a chain that passes, and the five holes are shut."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, NOON
from tests.trust.ebsi.builders import (
    ATU,
    AWARDED,
    BASE,
    BEGUN,
    HERE,
    MICRO,
    OTHER_SCHEMA,
    Body,
    Chain,
    Grant,
    attribute_url,
    entry,
    hexadecimal,
    schema_url,
    tampered,
)
from trust.ebsi.places import Registry
from trust.identity import Held

STRANGER = Body(seed="stranger")
YES, NO, OPEN = Held.YES, Held.NO, Held.COULD_NOT_CHECK


async def test_a_chain_to_a_pinned_root_holds_then_and_now_and_is_told_to_people() -> None:
    chain = Chain().publish()

    answer = await chain.answer()

    assert (answer.when_awarded, answer.now) == (YES, YES)
    assert [(link.did, link.issuer_type, link.granted_by, link.status) for link in answer.path] == [
        (chain.ti.did, "TI", chain.tao.did, "holds"),
        (chain.tao.did, "TAO", chain.root.did, "holds"),
    ]
    assert answer.path[1].granted_by_name == "Ministry of Education"
    assert (answer.path[0].since, answer.path[0].until) == (BEGUN, NOON + 300 * DAY)
    assert answer.path[0].places == (f"{ATU}FIN",)
    assert answer.to_json()["path"] == [link.to_json() for link in answer.path]


def grants(at: str, **changes: Any) -> Chain:
    return replace(Chain(), **{at: changes}).publish()  # type: ignore[arg-type]  # one of the three grants


def other_key() -> PrivateJwk:
    return PrivateJwk.generate(Algorithm.ES256)


def recorded(at: str, *, body: str | None = None, **changes: Any) -> Chain:
    """What the registry says beside the signed accreditation."""
    chain = Chain()
    grant: Grant = getattr(chain, at)()
    record = {**grant.record(), **changes} | ({"body": body} if body is not None else {})
    chain.registry.put(record, did=grant.to.did, name=grant.to.attribute)
    return chain.publish()


def accredited_to_award_only() -> Chain:
    return grants("at_tao", kind="VerifiableAccreditationToAttest")


def only_authentication() -> Chain:
    chain = Chain()
    chain.registry.enroll(chain.tao, purpose="authentication")
    return chain.publish()


def unregistered() -> Chain:
    chain = Chain().publish()
    del chain.registry.keys[chain.tao.did]
    return chain


def changed() -> Chain:
    chain = Chain()
    grant = chain.grant_ti()
    chain.registry.put(grant.record(tampered(grant.sign())), did=chain.ti.did, name=chain.ti.attribute)
    return chain.publish()


def circle() -> Chain:
    chain = Chain()
    return replace(chain, at_tao={"by": chain.ti, "above": chain.ti.url}).publish()


REFUSED: dict[str, Callable[[], Chain]] = {
    # the five holes of the reference library (4.5): 1, 3 and 5 are awards, below
    "2 the accreditation is signed by nobody we know": lambda: grants("at_ti", key=other_key()),
    "2 the accreditation is changed": changed,
    "2 the agency's accreditation is signed by another": lambda: grants("at_tao", key=other_key()),
    "2 the grantor has no accreditation itself": lambda: recorded("grant_tao", body=""),
    "2 the grantor may only award": accredited_to_award_only,
    "4 another schema": lambda: grants("at_ti", entries=[entry(schema=OTHER_SCHEMA)]),
    "4 another country": lambda: grants("at_ti", entries=[entry(where=f"{ATU}ITA")]),
    "4 the parent has another schema": lambda: grants("at_tao", entries=[entry(schema=OTHER_SCHEMA)]),
    "4 the parent has another country": lambda: grants("at_tao", entries=[entry(where=f"{ATU}SWE")]),
    # one entry has to cover everything
    "type": lambda: grants("at_ti", entries=[entry(types=["VerifiableCredential", "Diploma"])]),
    "the parent's type": lambda: grants("at_tao", entries=[entry(types=["Diploma"], where=f"{ATU}EUR")]),
    "two halves of an entry": lambda: grants("at_ti", entries=[entry(schema=OTHER_SCHEMA), entry(where=f"{ATU}ITA")]),
    "no entry at all": lambda: grants("at_ti", entries=[]),
    "level": lambda: grants("at_ti", entries=[entry(types=[*MICRO, "EQFlevel4"])]),
    "wider in levels than the parent": lambda: grants(
        "at_tao", entries=[entry(types=[*MICRO, "EQFlevel6"], where=f"{ATU}EUR")]
    ),
    "wider in places than the parent": lambda: grants("at_tao", entries=[entry(where=f"{ATU}FIN_HEL")]),
    # who is who
    "about another DID": lambda: grants("at_ti", subject={"id": STRANGER.did}),
    "another attribute": lambda: grants("at_ti", subject={"reservedAttributeId": "ab" * 32}),
    "the registry names another grantor": lambda: grants("at_ti", tao=STRANGER.did),
    "the registry names another root": lambda: grants("at_ti", root_tao=STRANGER.did),
    "a status elsewhere": lambda: grants(
        "at_ti", vc={"credentialStatus": {"id": Body(seed="agency").url, "type": "EbsiAccreditationEntry"}}
    ),
    "no status": lambda: grants("at_ti", vc={"credentialStatus": None}),
    "invited only": lambda: recorded("grant_ti", body=""),
    "no type in the registry": lambda: recorded("grant_ti", issuerType="undefined"),
    "a word nobody knows": lambda: recorded("grant_ti", issuerType="Emperor"),
    "an issuer that only awards grants": lambda: recorded("grant_tao", issuerType="TI"),
    "a key that nobody knows": lambda: grants("at_ti", kid="#none"),
    "a key for authentication only": only_authentication,
    "no body that can be read": lambda: recorded("grant_ti", body="x.y.z"),
    "another type of JWT": lambda: grants("at_ti", typ="vc+jwt"),
    "no accreditation but a diploma": lambda: grants("at_ti", kind="Diploma"),
    "the grantor is not registered": unregistered,
    # the way up
    "a circle": circle,
    "no way further": lambda: grants("at_ti", vc={"termsOfUse": None}),
    "a way to somebody else": lambda: grants("at_ti", above=STRANGER.url),
    "a way out of the registry": lambda: grants(
        "at_ti",
        above=attribute_url(Body(seed="agency").did, Body(seed="agency").attribute, base="https://evil.example"),
    ),
    # dates
    "over before the award": lambda: grants("at_ti", until=AWARDED - DAY),
    "the parent's was over before the award": lambda: grants("at_tao", until=AWARDED - DAY),
    "begins tomorrow": lambda: grants("at_ti", since=NOON + DAY),
}


@pytest.mark.parametrize("change", REFUSED)
async def test_a_chain_with_one_thing_wrong_does_not_hold(change: str) -> None:
    answer = await REFUSED[change]().answer()

    assert (answer.when_awarded, answer.now) == (NO, NO)
    assert answer.path == ()
    assert answer.reason


EBSI = "trusted-issuers-registry:"
VERSIONED = f"{BASE}/trusted-issuers-registry/v5"
OLD = "https://old.example"
FORGED = attribute_url(Chain().ti.did, Chain().ti.attribute, base="https://evil.example")
AWARDS: dict[str, dict[str, Any]] = {
    "1 an accreditation on any host": {"terms": (FORGED,)},
    "1 a host that begins alike": {"terms": (Chain().ti.url.replace("/ebsi/", "/ebsi@evil.example/"),)},
    "1 a path that climbs": {"terms": (Chain().ti.url.replace("issuers/", "issuers/../issuers/"),)},
    "1 another network": {"terms": (Chain().ti.url.replace(VERSIONED, f"ebsi:conformance:{EBSI}"),)},
    "5 no accreditation named": {"terms": ()},
    "somebody else's accreditation": {"terms": (Chain().tao.url,)},
    "no such attribute": {"terms": (attribute_url(Chain().ti.did, "cd" * 32),)},
    "a type nobody was accredited for": {"types": (*MICRO, "Diploma")},
    "no type of its own": {"types": tuple(MICRO[:2])},
    "no schema": {"schemas": ()},
    "the schema of another registry": {"schemas": (schema_url(base="https://evil.example"),)},
    "made in another country": {"places": (f"{ATU}ITA",)},
    "before the accreditation": {"issued_at": BEGUN - DAY},
}  # fmt: skip


@pytest.mark.parametrize("change", AWARDS)
async def test_an_award_with_one_thing_wrong_is_not_covered(change: str) -> None:
    chain = Chain().publish()

    answer = await chain.answer(award=chain.award(**AWARDS[change]))

    assert answer.when_awarded is NO
    assert answer.now is (YES if change == "before the accreditation" else NO)
    assert all(url.startswith(BASE) for url in chain.registry.asked)


async def test_nothing_is_asked_of_a_host_that_an_award_names() -> None:
    chain = Chain().publish()

    await chain.answer(award=chain.award(terms=(FORGED,)))

    assert chain.registry.asked == []


@pytest.mark.parametrize(
    ("award", "registry"),
    [
        ({"terms": (Chain().ti.url.replace(VERSIONED, f"ebsi:{EBSI}"),)}, None),
        ({"terms": (Chain().ti.url.replace(VERSIONED, f"ebsi:pilot:{EBSI}"),)}, None),
        ({"terms": (Chain().ti.url.replace(Chain().ti.attribute, f"0x{Chain().ti.attribute}"),)}, None),
        ({"terms": (Chain().ti.url.replace(BASE, OLD),)}, Registry(base=BASE, aliases=(OLD,))),
        ({"terms": (FORGED, Chain().ti.url)}, None),
        ({"schemas": (schema_url(hexadecimal()),)}, None),
        ({"schemas": (schema_url(OTHER_SCHEMA), schema_url())}, None),
        ({"places": ()}, None),
        ({"levels": frozenset()}, None),
    ],
    ids=["ebsi URI", "of a network", "0x", "an alias", "one of two", "hex", "two schemas", "silent", "no level"],
)  # fmt: skip
async def test_what_means_the_same_holds_as_well(award: dict[str, Any], registry: Registry | None) -> None:
    chain = Chain().publish()

    answer = await chain.answer(award=chain.award(**award), registry=registry or HERE)

    assert (answer.when_awarded, answer.now) == (YES, YES)


async def test_an_award_that_does_not_say_its_date_leaves_that_day_open() -> None:
    chain = Chain().publish()

    answer = await chain.answer(award=chain.award(issued_at=None))

    assert (answer.when_awarded, answer.now) == (OPEN, YES)


async def test_a_chain_to_a_root_that_is_not_pinned_does_not_hold() -> None:
    chain = Chain().publish()

    assert (await chain.answer(roots={STRANGER.did: "Stranger"})).now is NO
    assert (await chain.answer(roots={chain.tao.did: "Agency"})).now is NO  # the registry names the ministry as root


async def test_a_root_may_accredit_a_university_directly() -> None:
    chain = Chain()
    direct = Chain(at_ti={"by": chain.root, "above": chain.root.url}, root=chain.root).publish()

    answer = await direct.answer()

    assert (answer.when_awarded, answer.now) == (YES, YES)
    assert [link.did for link in answer.path] == [direct.ti.did]


@pytest.mark.parametrize(("bodies", "held"), [(3, YES), (4, NO)])
async def test_a_chain_has_at_most_five_accreditations(bodies: int, held: Held) -> None:
    chain = Chain()
    between = [Body(seed=f"between {number}") for number in range(bodies)]
    above = chain.tao
    for body in between:
        chain.registry.enroll(body)
        grant = replace(chain.grant_tao(), by=above, to=body, above=above.url)
        chain.registry.put(grant.record(), did=body.did, name=body.attribute)
        above = body
    long = replace(chain, at_ti={"by": above, "above": above.url}).publish()

    assert (await long.answer()).now is held


@pytest.mark.parametrize("down", ["/attributes/", "/identifiers/", Body(seed="agency").did])
async def test_a_registry_that_does_not_answer_is_neither_yes_nor_no(down: str) -> None:
    chain = Chain().publish()
    chain.registry.down = (down,)

    answer = await chain.answer()

    assert (answer.when_awarded, answer.now) == (OPEN, OPEN)
    assert answer.reason
