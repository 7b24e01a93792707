"""`pergamena journey`: the whole road without a browser, over real HTTP between the four services.

A university awards through its API; a learner reads the QR picture, gives the PIN, holds the certificate; an employer
asks, the learner shares three facts and nothing else, the employer reads a yes; the university suspends, reinstates
and revokes, and each time the answer follows; an accreditation is granted, counts, and is withdrawn. It ends with 0
only if every step held.
"""

import argparse
import asyncio
import contextlib
import shutil
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keys.errors import KeysError
from pergamena import demo, seeding
from pergamena.demo import Running
from pergamena.road import accreditation
from pergamena.road import people as people_at
from pergamena.road.people import Caller, People
from pergamena.road.steps import StepFailedError, Steps, expect
from pergamena.services import PORTS
from pergamena.world import World, free_ports
from service import qr
from service.errors import ServiceError
from service.outbound import Outbound
from trust.errors import FetchFailed

COURSE = "digital-micro-credential-creation"
PASSPHRASE = "quiet harbour yellow bicycle"  # noqa: S105  # of accounts that live for one journey
FRESH_LIST_SECONDS = 2
WRONG_PIN = "000000"
PURPOSE = "For the position of data steward."
ASKED = {"title", "award_date", "family_name"}
QUERY = {
    "credentials": [
        {
            "id": "certificate",
            "format": "dc+sd-jwt",
            "meta": {},
            "claims": [{"path": [name]} for name in sorted(ASKED)],
        }
    ]
}
"""Three facts: two of the catalogue, which stand open, and one that only the learner can show."""


def start(arguments: argparse.Namespace) -> int:
    """Walks the road once and gives the exit code."""
    shutil.rmtree(arguments.folder, ignore_errors=True)
    try:
        return asyncio.run(run(arguments.folder))
    except (StepFailedError, ServiceError, KeysError, FetchFailed, demo.PortTakenError) as error:
        print(f"\nThe road ended here: {error}", file=sys.stderr)
        return 1


async def run(folder: Path) -> int:
    """Starts the four services in a fresh folder and walks."""
    world = World.at(folder, ports=free_ports(tuple(PORTS)))
    steps = Steps()
    line = Outbound(loopback=frozenset(map(world.address, world.ports)), context=ssl.create_default_context())
    async with demo.running(world, with_start_page=False) as running, contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(line.close)
        print("The road from the university to the employer:\n")
        await _walk(await _meet(line, running), steps=steps)
    print(f"\n{steps.done} steps held.")
    return 0


async def _meet(line: Outbound, running: Running) -> People:
    world = running.world
    wallet = Caller(line=line, base=world.address("wallet"))
    ana, eve = [
        await wallet.post("/api/v1/accounts", {"name": f"{name}@learner.example", "passphrase": PASSPHRASE})
        for name in ("ana", "eve")
    ]
    return People(
        university=Caller(line=line, base=world.address("issuer"), token=running.key_of("university-of-zed")),
        academy=Caller(line=line, base=world.address("issuer"), token=running.key_of("escuela-ejemplo")),
        learner=Caller(line=line, base=world.address("wallet"), token=ana["token"]),
        outsider=Caller(line=line, base=world.address("wallet"), token=eve["token"]),
        employer=Caller(line=line, base=world.address("verifier")),
        accreditor=Caller(line=line, base=world.address("registry"), token=world.writer_key),
    )


async def _walk(people: People, *, steps: Steps) -> None:
    award = await _award(people, steps)
    certificate = await _claim(people, steps, award=award)
    await _share_three_facts(people, steps, certificate=certificate)
    await _claim_another(people, steps)
    await _refuse(people, steps)
    await _withdraw(people, steps, award=award)
    await accreditation.walk(people, steps)


async def _award(people: People, steps: Steps) -> dict[str, Any]:
    row = seeding.example("award_annex1.json")
    learner = {**row.pop("learner"), **row}
    body = {"course": COURSE, "learners": [learner], "pin": True}
    async with steps.step("The university awards a micro-credential through its API"):
        (award,) = (await people.university.post("/api/v1/awards", body))["awards"]
        expect(award["pin"], sentence="The award came without the PIN that was asked for.")
    return dict(award)


async def _claim(people: People, steps: Steps, *, award: Mapping[str, Any]) -> str:
    async with steps.step("The learner reads the QR code from its picture"):
        (link,) = qr.read(await people.university.picture(award["qr_png_url"]))
        expect(link == award["offer_uri"], sentence="The picture says another link than the API.")
    async with steps.step("The wallet shows who offers what, and that they are accredited"):
        offer = await people.learner.post("/api/v1/offers", {"link": link})
        expect(offer["issuer"]["standing"] == "trusted", sentence="The wallet does not know the university.")
    async with steps.step("A wrong PIN gets nothing, and the offer still waits"):
        await people_at.refused(
            people.learner, f"/api/v1/offers/{offer['id']}/accept", {"tx_code": WRONG_PIN}, code="wrong_pin"
        )
    async with steps.step("With the PIN, the certificate is fetched, checked and sealed"):
        received = await people.learner.post(f"/api/v1/offers/{offer['id']}/accept", {"tx_code": award["pin"]})
        certificate = str(received["received"][0])
    async with steps.step("Every element of Annex I that was awarded is on the card"):
        card = await people.learner.get(f"/api/v1/credentials/{certificate}")
        missing = {f"M{number}" for number in range(1, 12)} - {fact["element"] for fact in card["facts"]}
        expect(not missing, sentence=f"The card lacks {', '.join(sorted(missing))}.")
    async with steps.step("The same link gives nothing to a second person"):
        await people_at.refused(people.outsider, "/api/v1/offers", {"link": link}, code="offer_spent")
    return certificate


async def _claim_another(people: People, steps: Steps) -> None:
    row = seeding.example("award_dc4eu.json")
    body = {"course": "digital-skills", "learners": [{**row.pop("learner"), **row}]}
    async with steps.step("Another university awards without a PIN, and John Doe holds that"):
        (award,) = (await people.academy.post("/api/v1/awards", body))["awards"]
        offer = await people.outsider.post("/api/v1/offers", {"link": award["offer_uri"]})
        received = await people.outsider.post(f"/api/v1/offers/{offer['id']}/accept", {})
        card = await people.outsider.get(f"/api/v1/credentials/{received['received'][0]}")
        told = {fact["label_key"]: fact["value"] for fact in card["facts"]}
        expect(told["learner"] == "John Doe", sentence="The card names somebody else.")
        expect("5 ECTS" in told["workload"], sentence="The card lost the credits.")


async def _share_three_facts(people: People, steps: Steps, *, certificate: str) -> None:
    async with steps.step("The employer asks for three facts"):
        asked = await people.employer.post("/api/v1/requests", {"dcql_query": QUERY, "purpose": PURPOSE})
    async with steps.step("The wallet shows who asks, and exactly what would leave"):
        request = await people.learner.post("/api/v1/requests", {"link": asked["link"]})
        expect(request["verifier"]["standing"] == "trusted", sentence="The wallet does not know the employer.")
        expect(request["purpose"] == PURPOSE, sentence="The wallet does not say why it is asked.")
        way = request["queries"]["certificate"][0]
        expect(way["credential"] == certificate, sentence="Another certificate than the one held is offered.")
        hidden = {fact["name"] for fact in way["stays"]}
        expect({"given_name", "birth_date"} <= hidden, sentence="Facts that nobody asked for would leave.")
    async with steps.step("The learner consents, and the answer travels encrypted"):
        consent = {"ways": {"certificate": way["way"]}}
        await people.learner.post(f"/api/v1/requests/{request['id']}/consent", consent)
    async with steps.step("The employer reads: genuine and valid, and only what was asked for"):
        result = await people_at.result_of(people, asked)
        expect(result["verdict"] == "yes", sentence=f"The verdict is {result['verdict']}.")
        told = str(result)
        expect("Andromeda" in told, sentence="The family name did not arrive.")
        expect("1999-10-02" not in told and "1999" not in told, sentence="The date of birth left the wallet.")
    async with steps.step("The same answer cannot be given a second time"):
        await people_at.refused(people.learner, f"/api/v1/requests/{request['id']}/consent", consent, code="ended")


async def _refuse(people: People, steps: Steps) -> None:
    async with steps.step("Another request is refused, and the employer learns no more than that"):
        asked = await people.employer.post("/api/v1/requests", {"template": "admission"})
        request = await people.learner.post("/api/v1/requests", {"link": asked["link"]})
        await people.learner.post(f"/api/v1/requests/{request['id']}/refuse", {})
        state = (await people.employer.get(f"/api/v1/requests/{asked['id']}"))["state"]
        expect(state == "declined", sentence=f"The request is {state}.")


async def _withdraw(people: People, steps: Steps, *, award: Mapping[str, Any]) -> None:
    path = f"/api/v1/awards/{award['id']}"
    for act, verdict, code in (
        ("suspend", "no", "suspended"), ("reinstate", "yes", None), ("revoke", "no", "revoked"),
    ):  # fmt: skip
        async with steps.step(f"The university does {act}, and a new answer follows"):
            await people.university.post(f"{path}/{act}", {"reason": "a step of the journey"})
            await asyncio.sleep(FRESH_LIST_SECONDS)  # the demo lets a status list be relied on for one second
            result = await _asked_again(people)
            codes = people_at.codes_in(result)
            expect(result["verdict"] == verdict, sentence=f"After {act} the verdict is {result['verdict']}.")
            expect(code is None or code in codes, sentence=f"After {act} no finding says {code}.")
    async with steps.step("What is revoked stays revoked"):
        await people_at.refused(
            people.university, f"{path}/reinstate", {"reason": "a mistake"}, code="revocation_is_final"
        )


async def _asked_again(people: People) -> dict[str, Any]:
    asked = await people.employer.post("/api/v1/requests", {"template": "employer"})
    request = await people.learner.post("/api/v1/requests", {"link": asked["link"]})
    await people.learner.post(f"/api/v1/requests/{request['id']}/consent", {})
    return await people_at.result_of(people, asked)
