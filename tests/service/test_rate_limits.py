from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from service import rate_limits, routes
from service.errors import TooManyRequests
from service.rate_limits import RateLimit
from service.routes import Route, Speaks
from service.settings import Settings


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Callable[[], float]) -> RateLimit:
    return RateLimit(times=5, seconds=60, clock=clock)


def test_five_tries_are_allowed_and_the_sixth_is_told_when_to_come_back(limit: RateLimit) -> None:
    for _ in range(5):
        limit.take("anna")

    with pytest.raises(TooManyRequests) as refused:
        limit.take("anna")
    assert refused.value.retry_after == 12


def test_another_key_has_its_own_tries(limit: RateLimit) -> None:
    for _ in range(5):
        limit.take("anna")

    limit.take("bruno")


def test_tries_come_back_with_time(limit: RateLimit, clock: Clock) -> None:
    for _ in range(5):
        limit.take("anna")
    clock.now += 12

    limit.take("anna")
    with pytest.raises(TooManyRequests):
        limit.take("anna")


def test_memory_is_bounded(limit: RateLimit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "KEYS", 10)

    for number in range(100):
        limit.take(str(number))

    assert len(limit._left) == 10


@pytest.mark.parametrize(
    ("remote", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("nonsense", "unknown")],
)
def test_a_caller_is_known_by_network_only(remote: str, network: str) -> None:
    request = make_mocked_request("GET", "/").clone(remote=remote)

    assert rate_limits.network_of(request) == network


@pytest.mark.parametrize(("place", "network"), [("behind a proxy", "203.0.113.0/24"), ("open", "127.0.0.0/24")])
async def test_only_a_proxy_of_ours_is_believed_who_the_caller_is(
    serve: Callable[..., Any], settings: Settings, place: str, network: str
) -> None:
    async def tell(request: web.Request) -> web.Response:
        return routes.json_answer({"network": rate_limits.network_of(request)})

    table = Route(method="GET", path="/who", handler=tell, summary="Who.", speaks=Speaks.API)
    client = await serve(table, under=replace(settings, behind_proxy=place == "behind a proxy"))

    answer = await client.get("/who", headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.77"})
    assert await answer.json() == {"network": network}
