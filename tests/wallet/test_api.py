"""The JSON API is what its description says, and its program asks for no more than it describes."""

from tests.wallet.stage import Stage
from wallet import app


async def test_every_route_of_the_api_is_described_and_everything_described_is_there(quick: Stage) -> None:
    described = await (await quick.client.get("/api/openapi.json")).json()
    told = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert told == {(route.method, route.path) for route in app.API}
    served = {(route.method, route.path) for route in app.TABLE}
    assert told <= served


async def test_every_reference_of_the_description_leads_somewhere(quick: Stage) -> None:
    text = await (await quick.client.get("/api/openapi.json")).text()
    described = await (await quick.client.get("/api/openapi.json")).json()
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= described["components"]["schemas"].keys()


async def test_what_is_answered_is_what_is_described(quick: Stage) -> None:
    described = (await (await quick.client.get("/api/openapi.json")).json())["components"]["schemas"]
    held = await quick.hold()
    _, offer = await quick.open_offer()
    _, asked = await quick.ask()
    _, history = await quick.call("GET", "/history")
    for name, answer in (
        ("Credential", held), ("Offer", offer), ("Request", asked), ("Entry", history["history"][0])
    ):  # fmt: skip
        assert set(described[name]["required"]) == answer.keys(), name


async def test_without_a_session_the_api_says_so(quick: Stage) -> None:
    quick.token = ""
    for method, path in (("GET", "/credentials"), ("POST", "/offers"), ("GET", "/history"), ("POST", "/scan")):
        assert (await quick.call(method, path))[0] == 401


async def test_bodies_that_are_none_are_refused_in_words(quick: Stage) -> None:
    for body in ([], {"link": 1}, {"link": ""}, {}):
        assert (await quick.call("POST", "/offers", body))[0] == 422


async def test_things_of_somebody_else_are_not_there(quick: Stage) -> None:
    held = await quick.hold()
    _, asked = await quick.ask()
    quick.token = ""
    await quick.enter("ben@example.org")
    for method, path in (
        ("GET", f"/credentials/{held['id']}"), ("DELETE", f"/credentials/{held['id']}"),
        ("POST", f"/credentials/{held['id']}/check"), ("GET", f"/requests/{asked['id']}"),
        ("POST", f"/requests/{asked['id']}/refuse"),
    ):  # fmt: skip
        assert (await quick.call(method, path))[0] == 404, path
