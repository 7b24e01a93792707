"""A part of the journey: an accreditation is granted, counts for an award, is withdrawn; the award stays what it was.

The accrediting body acts at the registry's API, the university attests under its did:ebsi, the employer asks for that.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from pergamena import samples
from pergamena.road import people as people_at
from pergamena.road.people import People
from pergamena.road.steps import Steps, expect

UNIVERSITY = "escuela-ejemplo"
COURSE = "digital-skills-ebsi"
ISSUERS = "/trusted-issuers-registry/v5/issuers"
UNTIL = "2030-12-31"
FRESH_SECONDS = 1.5
QUERY = {
    "credentials": [
        {
            "id": "attestation",
            "format": "jwt_vc_json",
            "meta": {"type_values": [["VerifiableCredential", "EuropeanHigherEducationMicrocredential"]]},
        }
    ]
}


async def walk(people: People, steps: Steps) -> None:
    """Accredit, award, verify, withdraw the accreditation, verify again."""
    held = await _accredit(people, steps)
    await _award(people, steps)
    async with steps.step("An employer reads: genuine, and accredited for this up to the root, then and now"):
        result = await _asked(people)
        expect(result["verdict"] == "yes", sentence=f"The verdict is {result['verdict']}.")
        expect(_held(result) == ("yes", "yes"), sentence=f"The chain says {_held(result)}.")
    async with steps.step("The agency withdraws its accreditation, with the reason"):
        for attribute in await _attributes(people, did=held["did"]):
            body = {"by": held["grantedBy"], "reason": "a step of the journey"}
            where = f"/api/v1/bodies/{held['did']}/accreditations/{attribute}/withdrawal"
            await people.accreditor.post(where, body)
        told = await people.accreditor.get(f"{ISSUERS}/{held['did']}/attributes/{attribute}")
        kind = told["attribute"]["issuerType"]
        expect(kind == "Revoked", sentence=f"The registry still says {kind}.")
    async with steps.step("An employer who asks now reads: accredited when it was awarded, and not any more"):
        await asyncio.sleep(FRESH_SECONDS)  # the demo lets an accreditation be relied on for one second
        result = await _asked(people)
        expect(_held(result) == ("yes", "no"), sentence=f"The chain says {_held(result)}.")
        expect(result["verdict"] != "no", sentence="What was rightly awarded is refused.")


async def _accredit(people: People, steps: Steps) -> Mapping[str, Any]:
    """The accreditation that the agency grants beside what the university holds."""
    async with steps.step("The agency accredits the university, and the registry keeps what it signed"):
        published = await people.academy.get(f"/{UNIVERSITY}/accreditation")
        held = published["accreditations"][0]
        entry = held["accreditedFor"][0]
        asked = {
            "by": held["grantedBy"],
            "kind": "attest",
            "accreditedFor": [
                {"schemaId": entry["schemas"][0], "types": entry["types"], "limitJurisdiction": entry["jurisdictions"]}
            ],
            "levels": entry["levels"],
            "until": UNTIL,
        }
        kept = await people.accreditor.post(f"/api/v1/bodies/{held['did']}/accreditations", asked)
        kind = kept["attribute"]["issuerType"]
        expect(kind == "TI", sentence=f"The registry makes the university a {kind}.")
    return dict(held)


async def _award(people: People, steps: Steps) -> None:
    async with steps.step("The university attests under its DID, and John Doe holds that"):
        row = samples.read("award_dc4eu.json")
        body = {"course": COURSE, "learners": [{**row.pop("learner"), **row}]}
        (award,) = (await people.academy.post("/api/v1/awards", body))["awards"]
        offer = await people.outsider.post("/api/v1/offers", {"link": award["offer_uri"]})
        received = await people.outsider.post(f"/api/v1/offers/{offer['id']}/accept", {})
        card = await people.outsider.get(f"/api/v1/credentials/{received['received'][0]}")
        expect(card["issuer"]["id"].startswith("did:ebsi:"), sentence=f"It is signed by {card['issuer']['id']}.")
        expect(card["issuer"]["standing"] == "trusted", sentence="The wallet does not know who signed.")


async def _asked(people: People) -> dict[str, Any]:
    asked = await people.employer.post("/api/v1/requests", {"dcql_query": QUERY, "purpose": "To employ somebody."})
    request = await people.outsider.post("/api/v1/requests", {"link": asked["link"]})
    ways = request["queries"]["attestation"]
    expect(ways, sentence="The wallet holds no such attestation.")
    await people.outsider.post(f"/api/v1/requests/{request['id']}/consent", {"ways": {"attestation": ways[0]["way"]}})
    return await people_at.result_of(people, asked)


def _held(result: Mapping[str, Any]) -> tuple[str, str]:
    """What the chain of accreditations said of then, and of now."""
    found = [each for each in _testimonies(result) if each["source"] == "chain"]
    return (found[0]["when_awarded"], found[0]["now"]) if found else ("", "")


def _testimonies(value: Any) -> list[Mapping[str, Any]]:
    match value:
        case {"source": str(), "when_awarded": str(), "now": str()}:
            return [value]
        case dict():
            return [each for inner in value.values() for each in _testimonies(inner)]
        case list():
            return [each for inner in value for each in _testimonies(inner)]
    return []


async def _attributes(people: People, *, did: str) -> list[str]:
    """Every attribute of the university that holds."""
    page = await people.accreditor.get(f"{ISSUERS}/{did}/attributes")
    return [each["id"] for each in page["items"]]
