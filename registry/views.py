"""The registry's pages: the tree of trust, and one organisation with its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aiohttp import web

from credentials.learning.vocabularies import countries
from registry import accrediting
from registry.office import REGISTRY, Registry
from registry.revisions import Entry, Granted
from service import pages
from service.errors import NotFound
from service.routes import Route
from trust.organisations import COUNTS

STANDINGS = {"active": "valid", "closed": "expired", "suspended": "suspended", "removed": "revoked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """An organisation in the tree, with those it accredited; `via` is the accreditation that puts it here."""

    entry: Entry
    via: Granted | None = None
    holds: bool = True
    below: tuple["Branch", ...] = field(default=())


def tree(known: Mapping[str, Entry], *, root: str, day: date, path: tuple[str, ...] = ()) -> tuple[Branch, ...]:
    """The organisations that `root` accredited, each with its own; one stands once under each accreditor."""
    branches = []
    for entry in known.values():
        if entry.organisation.id in path:
            continue
        granted = [each for each in entry.granted if each.accreditation.accredited_by == root]
        if granted:
            best = max(granted, key=lambda each: (each.accreditation.holds(day), each.number))
            below = tree(known, root=entry.organisation.id, day=day, path=(*path, entry.organisation.id))
            holds = best.accreditation.holds(day) and entry.organisation.status in COUNTS
            branches.append(Branch(entry=entry, via=best, holds=holds, below=below))
    return tuple(branches)


async def get_tree(request: web.Request) -> web.Response:
    """Who accredited whom."""
    registry = request.app[REGISTRY]
    known = await registry.press.entries()
    day = accrediting.today(registry.now())
    branches = tree(known, root=registry.root, day=day)
    waiting = [entry for entry in known.values() if not entry.granted]
    printed = await registry.press.current()
    return pages.render(
        request, "tree.html", registry=registry, branches=branches, waiting=waiting, printed=printed.issuers,
        country_of=country_of,
    )  # fmt: skip


async def get_organisation(request: web.Request) -> web.Response:
    """One organisation: its facts, its accreditations, and every revision that speaks of it."""
    registry = request.app[REGISTRY]
    known = await registry.press.entries()
    number = request.match_info["number"]
    entry = next((each for each in known.values() if str(each.number) == number), None)
    if entry is None:
        raise NotFound("No organisation has this number here.")
    subjects = {entry.organisation.id, *entry.organisation.keys.dids}
    history = [each for each in await registry.press.history() if each.subject in subjects]
    names = await _names(registry, known)
    return pages.render(
        request,
        "organisation.html",
        entry=entry,
        standing=STANDINGS[entry.organisation.status],
        history=history,
        names=names,
        day=accrediting.today(registry.now()),
        country_of=country_of,
    )


async def _names(registry: Registry, known: Mapping[str, Entry]) -> dict[str, str]:
    """What each identifier and each DID is called."""
    names = {identifier: each.organisation.name for identifier, each in known.items()}
    signing = {did: each.organisation.name for each in known.values() for did in each.organisation.keys.dids}
    roots = dict.fromkeys((await registry.shelf.current()).roots, registry.name)
    return {**names, **signing, **roots, registry.root: registry.name}


def country_of(code: str) -> str:
    """The name of a country; its code where it has no name."""
    known = countries.find(code)
    return known.label if known else code


ROUTES = (
    Route(method="GET", path="/", handler=get_tree, summary="The tree of trust."),
    Route(method="GET", path="/organisations/{number}", handler=get_organisation, summary="One organisation."),
)
