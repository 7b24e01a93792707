"""Answers of DEQAR's web API v2: institutions, agencies and reports, one or a page of them, as its clients save them.

An object is told by the members that only its kind has. Whoever keeps several answers in one file puts them in a list.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from keys import strict_json
from keys.errors import KeysError
from trust.errors import InvalidQualityData
from trust.quality import cells
from trust.quality.cells import BadCell
from trust.quality.deqar_csv import Piece, registration
from trust.quality.records import Agency, Fault, Level, Numbered, Parent, Programme, Provider, QaReport, Span

LIMIT: Final = 128 << 20
MOST_ITEMS: Final = 10_000
Members = Mapping[str, Any]


def read(body: bytes, *, file: str) -> Iterator[tuple[int, Piece | Fault]]:
    """Every object by its place, as a value or as a fault; raises InvalidQualityData for what is no such answer."""
    try:
        raw = strict_json.parse(body, limit=LIMIT)
    except KeysError as error:
        raise InvalidQualityData(f"{file} is not JSON: {error}") from error
    for place, each in enumerate(_objects(raw, file=file), start=1):
        yield place, _piece(each, file=file, place=place)


def _objects(raw: Any, *, file: str) -> Iterator[Any]:
    for page in raw if isinstance(raw, list) else [raw]:
        results = page.get("results") if isinstance(page, Mapping) else None
        if isinstance(results, list):
            yield from results
        elif isinstance(page, Mapping):
            yield page
        else:
            raise InvalidQualityData(f"{file} holds something that is no answer of DEQAR's web API")


def _piece(raw: Any, *, file: str, place: int) -> Piece | Fault:
    try:
        return _parsed(raw)
    except BadCell as error:
        return Fault(file=file, line=place, message=str(error))


def _parsed(raw: Any) -> Piece:
    match raw:
        case {"valid_from": _, "institutions": list(), "decision": _}:
            return _report(raw)
        case {"registration_start": _}:
            return _agency(raw)
        case {"identifiers": list()} | {"deqar_id": _, "name_primary": _}:
            return _provider(raw)
    raise BadCell("this is neither an institution nor an agency nor a report")


def _provider(raw: Members) -> Provider:
    other = cells.truth(raw.get("is_other_provider"), name="is_other_provider") if "is_other_provider" in raw else False
    own = cells.provider(raw.get("deqar_id") or raw.get("id"), other=other)
    names = _names(raw)
    if not names:
        raise BadCell("the provider has no name")
    lands = [_land(each) for each in _objects_in(raw, "countries")]
    related = raw.get("hierarchical_relationships")
    parents = _objects_in(related, "part_of") if isinstance(related, Mapping) else []
    return Provider(
        id=own,
        name=names[0],
        names=frozenset(names),
        countries=frozenset(filter(None, lands)),
        other=other or own.startswith("DEQARINSTAP"),
        numbers=frozenset(filter(None, (*_eter(raw), *(_numbered(each) for each in _objects_in(raw, "identifiers"))))),
        levels=frozenset(filter(None, (_level(each) for each in (*_objects_in(raw, "qf_ehea_levels"), *_found(raw))))),
        parents=frozenset(_parent(each) for each in parents),
        successions=frozenset(
            cells.succession(
                own, _related(each), told=cells.word(each.get("relationship_type"), name="the relationship"),
                on=cells.day(each.get("relationship_date"), name="relationship_date"),
            )
            for each in _objects_in(raw, "historical_relationships")
        ),
    )  # fmt: skip


def _names(raw: Members) -> list[str]:
    told = [raw.get("name_primary")]
    for each in _objects_in(raw, "names"):
        told += [each.get("name_english"), each.get("name_official"), each.get("name_official_transliterated")]
    return [said for said in (cells.word(each, name="a name") for each in told) if said]


def _land(raw: Members) -> str:
    land = raw.get("country")
    said = land.get("name_english") if isinstance(land, Mapping) else land
    return cells.word(said, name="the country")


def _eter(raw: Members) -> Iterator[Numbered | None]:
    for name in ("eter_id", "eter"):
        said = cells.word(raw.get(name), name=name)
        found = cells.number("eter", said) if said else None
        yield None if found is None else Numbered(identifier=found, span=Span())


def _numbered(raw: Members) -> Numbered | None:
    scheme, value = (cells.word(raw.get(name), name=name) for name in ("resource", "identifier"))
    found = cells.number(scheme, value)
    span = Span(
        since=cells.day(raw.get("identifier_valid_from"), name="identifier_valid_from"),
        until=cells.day(raw.get("identifier_valid_to"), name="identifier_valid_to"),
    )
    return None if found is None else Numbered(identifier=found, span=span)


def _found(raw: Members) -> Iterator[Members]:
    """The levels as the answer of a search lists them: by name only."""
    listed = raw.get("qf_ehea_level")
    for each in listed if isinstance(listed, list) else ():
        yield {"qf_ehea_level": each}


def _level(raw: Members) -> Level | None:
    cycle = cells.level(raw.get("qf_ehea_level"))
    span = Span(
        since=cells.day(raw.get("qf_ehea_level_valid_from"), name="qf_ehea_level_valid_from"),
        until=cells.day(raw.get("qf_ehea_level_valid_to"), name="qf_ehea_level_valid_to"),
    )
    return None if cycle is None else Level(cycle=cycle, span=span)


def _parent(raw: Members) -> Parent:
    span = Span(
        since=cells.day(raw.get("valid_from"), name="valid_from"),
        until=cells.day(raw.get("valid_to"), name="valid_to"),
    )
    kind = cells.word(raw.get("relationship_type"), name="the relationship")
    return Parent(provider=_related(raw), kind=kind, span=span)


def _related(raw: Members) -> str:
    institution = raw.get("institution", raw)  # the answer of a search tells it without a wrapper
    if not isinstance(institution, Mapping):
        raise BadCell("a relationship names no institution")
    return cells.provider(institution.get("deqar_id") or institution.get("id"))


def _agency(raw: Members) -> Agency:
    names = _objects_in(raw, "names")
    versions = [version for each in names for version in _objects_in(each, "name_versions")]
    first = next((each for each in versions if each.get("name_is_primary")), {})
    name = cells.word(raw.get("name_primary") or first.get("name"), name="the name")
    own = cells.word(raw.get("id"), name="id")
    if not name or not own:
        raise BadCell("the agency has no name or no number")
    since = cells.day(raw.get("registration_start"), name="registration_start")
    until = cells.day(raw.get("registration_valid_to"), name="registration_valid_to")
    listed = cells.truth(raw["is_registered"], name="is_registered") if "is_registered" in raw else until is not None
    acronym = cells.word(raw.get("acronym_primary") or first.get("acronym"), name="the acronym")
    return Agency(
        id=own, name=name, acronym=acronym, registered=registration(since=since, until=until, listed=listed)
    )  # fmt: skip


def _report(raw: Members) -> QaReport:
    own = cells.word(raw.get("id"), name="id")
    agency = next((cells.word(raw[name], name=name) for name in AGENCY if raw.get(name)), "")
    since = cells.day(raw["valid_from"], name="valid_from")
    until = cells.day(raw.get("valid_to"), name="valid_to")
    if not own or since is None or not agency:
        raise BadCell("the report lacks its number, its agency or its first day")
    if until is not None and until < since:
        raise BadCell("the report ends before it begins")
    about = _objects_in(raw, "institutions")
    if not about:
        raise BadCell("the report is about no provider")
    return QaReport(
        id=own,
        agency=agency,
        scope=cells.scope(raw.get("agency_esg_activity_type")),
        official=cells.official(raw.get("status")),
        decision=cells.decision(raw["decision"]),
        flag=cells.flag(raw.get("flag", raw.get("flag_level"))),
        since=since,
        until=until,
        providers=frozenset(cells.provider(each.get("deqar_id") or each.get("id")) for each in about),
        programmes=frozenset(_programme(each) for each in _objects_in(raw, "programmes")),
    )


def _programme(raw: Members) -> Programme:
    told = [raw.get("name_primary"), *(each.get("name") for each in _objects_in(raw, "programme_names"))]
    numbers = [each.get("identifier") for each in _objects_in(raw, "programme_identifiers")]
    return Programme(
        names=frozenset(filter(None, (cells.word(each, name="the programme") for each in told))),
        level=cells.level(raw.get("qf_ehea_level")),
        identifiers=frozenset(filter(None, (cells.word(each, name="an identifier") for each in numbers))),
        embeds=cells.truth(raw.get("mc_as_part_of_accreditation"), name="mc_as_part_of_accreditation")
        if "mc_as_part_of_accreditation" in raw
        else False,
    )


def _objects_in(raw: Members, name: str) -> Sequence[Members]:
    items = raw.get(name) or []
    if not isinstance(items, list) or len(items) > MOST_ITEMS or not all(isinstance(each, Mapping) for each in items):
        raise BadCell(f"{name} is not a list of objects of bearable length")
    return items


AGENCY = ("agency_id", "agency_acronym", "agency_name")
