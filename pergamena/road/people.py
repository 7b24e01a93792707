"""Who walks a journey: programs that call one service's JSON API each, and read its refusals as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keys import strict_json
from pergamena.road.steps import StepFailedError, expect
from service.outbound import Outbound
from trust.fetching import Fetched

LARGEST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program that calls one service's JSON API."""

    line: Outbound
    base: str
    token: str = ""

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON at `path`; raises StepFailedError with the service's own sentence where it refuses."""
        return _good(await self.line.fetch(f"{self.base}{path}", accept="application/json", headers=self._headers))

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What `path` answers to `body`; raises StepFailedError as `get` does."""
        return _good(await self.line.post_json(f"{self.base}{path}", body, headers=self._headers))

    async def picture(self, address: str) -> bytes:
        """The picture at `address`."""
        return (await self.line.fetch(address, accept="image/png")).body

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who walks: the university's system, the learner's wallet, the employer's system."""

    university: Caller  # awards the sample of the European Commission
    academy: Caller  # awards the sample of DC4EU
    learner: Caller
    employer: Caller
    outsider: Caller
    accreditor: Caller  # the registry's office


async def result_of(people: People, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the employer reads; raises StepFailedError where nothing was answered."""
    answer = await people.employer.get(f"/api/v1/requests/{asked['id']}")
    expect(answer["state"] == "answered", sentence=f"The request is {answer['state']}.")
    return dict(answer["result"])


async def refused(caller: Caller, path: str, body: Mapping[str, Any], *, code: str) -> None:
    """Raises StepFailedError unless this is refused, and for this reason."""
    try:
        await caller.post(path, body)
    except StepFailedError as error:
        expect(f" {code}:" in str(error), sentence=f"It was refused for another reason: {error}")
        return
    raise StepFailedError(f"{path} was not refused.")


def codes_in(result: Any) -> set[str]:
    """Every reason code in a result, wherever it stands."""
    match result:
        case {"code": str(code), **rest}:
            return {code} | codes_in(list(rest.values()))
        case dict():
            return codes_in(list(result.values()))
        case list():
            return {code for item in result for code in codes_in(item)}
    return set()


def _good(answer: Fetched) -> dict[str, Any]:
    said = strict_json.parse_object(answer.body, limit=LARGEST) if answer.body else {}
    if not 200 <= answer.status < 300:  # noqa: PLR2004  # the range of good answers
        raise StepFailedError(f"{answer.status} {said.get('code')}: {said.get('detail')}")
    return said
