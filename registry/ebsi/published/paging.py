"""EBSI's paging: numbered pages, literal brackets in the links, first and last where there is no neighbour."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Self

from aiohttp import web

from registry.errors import EbsiBadRequest

AFTER: Final = "page[after]"
SIZE: Final = "page[size]"
DEFAULT_SIZE: Final = 10
LARGEST_SIZE: Final = 50
LONGEST_NUMBER: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page is asked for; `kept` are the other parameters, which its links repeat."""

    number: int
    size: int
    kept: str

    @classmethod
    def parse(cls, request: web.Request, *, known: Collection[str] = ()) -> Self:
        """The page that `request` asks for; raises EbsiBadRequest, also for a parameter that is not `known`."""
        check_parameters(request, known={AFTER, SIZE, *known})
        number, size = _number(request, AFTER, default=1), _number(request, SIZE, default=DEFAULT_SIZE)
        complaints = [f"{AFTER} must not be less than 1"] if number < 1 else []
        if not 1 <= size <= LARGEST_SIZE:
            complaints.append(f"{SIZE} must be a number from 1 to {LARGEST_SIZE}")
        if complaints:
            raise EbsiBadRequest(*complaints)
        kept = "".join(f"{name}={request.query[name]}&" for name in known if name in request.query)
        return cls(number=number, size=size, kept=kept)

    def to_json(self, names: Collection[str], *, url: str, item: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """The page of the things named `names` at `url`, each told by `item`."""
        last = max(1, -(-len(names) // self.size))
        shown: Iterable[str] = islice(names, (self.number - 1) * self.size, self.number * self.size)
        return {
            "self": self._link(url, self.number),
            "items": [item(name) for name in shown],
            "total": len(names),
            "pageSize": self.size,
            "links": {
                "first": self._link(url, 1),
                "prev": self._link(url, min(max(1, self.number - 1), last)),
                "next": self._link(url, min(self.number + 1, last)),
                "last": self._link(url, last),
            },
        }

    def _link(self, url: str, number: int) -> str:
        return f"{url}?{self.kept}{AFTER}={number}&{SIZE}={self.size}"


def check_parameters(request: web.Request, *, known: Collection[str] = ()) -> None:
    """Returns if every query parameter is `known` and stands once; raises EbsiBadRequest."""
    complaints = [f"property {name} should not exist" for name in request.query if name not in known]
    complaints += [f"{name} must stand once" for name in known if len(request.query.getall(name, [])) > 1]
    if complaints:
        raise EbsiBadRequest(*complaints)


def _number(request: web.Request, name: str, *, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise EbsiBadRequest(f"{name} must be an integer number")
    return int(text)
