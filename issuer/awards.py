"""Awarding: one course to one or many learners, all or none, and what can be seen of an award afterwards.

The body is `{"course": slug, "learners": [{...}, ...]}`; a learner's row holds the person and the award side by side.
"""

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from credentials.learning import micro_credential
from credentials.learning.award import ELEMENTS, Award
from credentials.learning.micro_credential import MicroCredential
from exchange.offer import OfferReference
from issuer import identifiers, institutions
from issuer.books import store_awards, store_catalogue
from issuer.books.search import Search, State
from issuer.books.store_awards import StoredAward
from issuer.books.store_lists import Books
from issuer.configurations import table
from issuer.delivery import outbox, store_mails
from issuer.delivery.outbox import Delivery
from issuer.errors import OtherBody, UnknownAward
from issuer.institutions import CatalogueEntry
from issuer.standing import Standing
from issuer.tenancy import seals
from issuer.tenancy.access import Caller
from issuer.tenancy.offices import Office
from keys import sealing, strict_json
from service.database import Database
from service.errors import Conflict, InvalidInput, Problem

MOST_LEARNERS = 1000
PAGE = 50
MOST_PAGE = 200
EVERY = Search()
NEWEST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
KNOWN = frozenset({"course", "learners", "pin", "release_at", "award_date", "deliver"})
PERSON = frozenset(
    {"given_name", "family_name", "birth_date", "learner_id", "learner_id_scheme", "learner_id_country", "email"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRequest:
    """Which course is awarded, to whom, whether a PIN guards the claim, and from when it can be had."""

    course: str
    rows: tuple[Mapping[str, Any], ...]
    pin: bool = False
    release_at: datetime | None = None
    deliver: Delivery | None = None  # by e-mail

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the body; raises InvalidInput with every problem of its frame. The rows are read with the course."""
        if not isinstance(raw, Mapping):
            raise InvalidInput("Send a JSON object.", problems=[Problem(path="", message="This must be an object.")])
        problems = list(_frame_problems(raw))
        release_at = _moment(raw.get("release_at"), problems=problems)
        deliver = Delivery.parse(raw.get("deliver"), problems=problems)
        if not problems and deliver is not None:
            problems = outbox.check(raw["learners"])
        if problems:
            raise InvalidInput("The request needs correcting.", problems=problems)
        shared = {"award_date": raw["award_date"]} if "award_date" in raw else {}
        rows = tuple({**shared, **row} for row in raw["learners"])
        return cls(course=raw["course"], rows=rows, pin=raw.get("pin", False), release_at=release_at, deliver=deliver)

    def read_rows(self, *, entry: CatalogueEntry, now: datetime) -> tuple[Award, ...]:
        """The awards of all rows; raises InvalidInput with every problem of every row."""
        course = entry.course
        awards: list[Award] = []
        problems: list[Problem] = []
        for index, row in enumerate(self.rows):
            person = {name: value for name, value in row.items() if _is_of_person(name)}
            rest = {name: value for name, value in row.items() if not _is_of_person(name)}
            award, findings = micro_credential.parse_award({**rest, "learner": person}, course=course, today=now.date())
            for problem in institutions.problems_of(findings):
                path = f"/learners/{index}{problem.path.removeprefix('/learner')}"
                problems.append(Problem(path=path, code=problem.code, message=problem.message))
            if award is None:
                continue
            awards.append(award)
            lacks = table.lacking(entry.formats, record=MicroCredential(course=course, award=award))
            if lacks:
                problems.append(Problem(path=f"/learners/{index}", code="format_lacks", message=lacks))
        if problems:
            raise InvalidInput("Nothing was awarded: some rows need correcting.", problems=problems)
        return tuple(awards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where an award is claimed: a page for the learner, an offer for wallets, and the same as QR codes."""

    claim_url: str
    offer_uri: str
    qr_svg_url: str
    qr_png_url: str

    @classmethod
    def of(cls, office: Office, award: str, *, number: int = 0) -> Self:
        """The links of an award, or those that come `number` after its first; made each time and stored nowhere."""
        token = office.seals.claim_token(award, number=number)
        claim = f"{office.identifier}/claim/{token}"
        return cls(
            claim_url=claim,
            offer_uri=OfferReference(uri=f"{office.identifier}/offers/{token}").to_uri(),
            qr_svg_url=f"{claim}/qr.svg",
            qr_png_url=f"{claim}/qr.png",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some awards, newest first, and where the next ones begin."""

    awards: tuple[StoredAward, ...]
    cursor: str | None


async def award(
    database: Database, *, office: Office, request: AwardRequest, caller: Caller, now: datetime,
    idempotency_key: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Enters the awards and returns what the API says of each, with PINs at this one moment; raises InvalidInput.

    The same key with the same body gets the same answer; with another body OtherBody.
    """
    course = await course_of(database, office=office, slug=request.course)
    rows = request.read_rows(entry=course, now=now)
    stored, answer = draw_up(rows, office=office, request=request, course=course, caller=caller, now=now)
    history = [begun(each, caller=caller) for each in stored]
    pins = {shown["id"]: shown["pin"] for shown in answer if "pin" in shown}
    delivery = request.deliver
    mails = outbox.announce(stored, pins=pins, delivery=delivery, office=office, now=now) if delivery else []
    body = _digest(request)
    sealed = _seal(answer, office=office) if idempotency_key is not None else b""

    def enter(books: Any) -> bytes | None:
        if idempotency_key is not None:
            key = sealing.digest(idempotency_key)
            kept = {"institution": office.slug, "key": key}
            if not store_awards.keep_answer(books, **kept, body=body, answer=sealed, now=int(now.timestamp())):
                return _kept(store_awards.kept_answer(books, **kept), body=body)
        freeze(books, office=office, course=course)
        store_awards.enter(books, awards=stored, history=history)
        store_mails.put(books, mails=mails)
        return None

    kept = await database.write(enter)
    if kept is None:
        return answer
    plain = sealing.open(kept, key=office.seals.answers, aad=office.slug.encode())
    return list(strict_json.parse(plain, limit=len(plain)))


def freeze(books: Books, *, office: Office, course: CatalogueEntry) -> None:
    """Freezes the version of a course that is awarded; raises Conflict where it is not what it was any more."""
    document = store_catalogue.freeze(books, institution=office.slug, slug=course.slug, version=course.version)
    if document is None or institutions.read_course(document) != course.course:
        raise Conflict("The course was changed while it was being awarded. Send the request once more.")


async def find(database: Database, *, institution: str, award: str) -> StoredAward:
    """An award of this institution; raises UnknownAward, also for another institution's."""
    found = await database.read(lambda books: store_awards.find(books, institution=institution, award=award))
    if found is None:
        raise UnknownAward("This institution has no such award.")
    return found


async def page(
    database: Database, *, institution: str, cursor: str | None, count: int = PAGE, wanted: Search = EVERY
) -> Page:
    """The awards after `cursor`, newest first, of those that are wanted."""
    asked = min(max(count, 1), MOST_PAGE)

    def look(books: Books) -> tuple[StoredAward, ...]:
        before = cursor or NEWEST
        return store_awards.page(books, institution=institution, before=before, count=asked + 1, wanted=wanted)

    if wanted.narrows:  # may have to look at every award there is
        async with database.reading() as connection:
            found = await connection.run_sync(look)
    else:
        found = await database.read(look)
    shown = found[:asked]
    return Page(awards=shown, cursor=shown[-1].id if len(found) > asked else None)


def state_of(award: StoredAward) -> str:
    """One word for where an award is: pending, revoked, suspended, claimed or waiting."""
    if award.standing is not Standing.VALID:
        return award.standing.value
    return (State.WAITING if award.claimed_at is None else State.CLAIMED).value


def is_expired(award: StoredAward, *, now: datetime) -> bool:
    """Whether the last day of the micro-credential is over."""
    return 0 < award.expires_at <= now.timestamp()


def standing_of(award: StoredAward, *, now: datetime) -> str:
    """The same in the words of the pages: what was corrected, and what has run out, are told apart."""
    if award.standing is Standing.REVOKED and award.superseded_by is not None:
        return "superseded"
    return "expired" if award.standing is Standing.VALID and is_expired(award, now=now) else state_of(award)


def show(award: StoredAward, *, office: Office) -> dict[str, Any]:
    """What the API says of an award."""
    links = Links.of(office, award.id, number=award.link_number)
    return {
        "id": award.id,
        "course": award.course,
        "course_version": award.course_version,
        "state": state_of(award),
        "award": strict_json.parse_object(award.learner),
        "awarded_at": told(award.created_at),
        "claimed_at": None if award.claimed_at is None else told(award.claimed_at),
        "release_at": told(award.release_at) if award.release_at else None,
        "expires_at": told(award.expires_at) if award.expires_at else None,
        "copies": award.copies,
        "pin_required": award.pin is not None,
        "supersedes": award.supersedes,
        "superseded_by": award.superseded_by,
        "claim_url": links.claim_url,
        "offer_uri": links.offer_uri,
        "qr_svg_url": links.qr_svg_url,
        "qr_png_url": links.qr_png_url,
    }


async def course_of(database: Database, *, office: Office, slug: str) -> CatalogueEntry:
    """The course to be awarded, in its latest version; raises InvalidInput."""
    stored = await database.read(lambda books: store_catalogue.find_course(books, institution=office.slug, slug=slug))
    if stored is None:
        problem = Problem(path="/course", code="unknown_course", message="This institution has no such course.")
        raise InvalidInput("The request needs correcting.", problems=[problem])
    return institutions.entry_of(stored)


def draw_up(
    rows: Sequence[Award], *, office: Office, request: AwardRequest, course: CatalogueEntry,
    caller: Caller, now: datetime, supersedes: str | None = None,
) -> tuple[list[StoredAward], list[dict[str, Any]]]:  # fmt: skip
    """The awards as the books will have them, and what the caller is told of each, with its PIN."""
    stored: list[StoredAward] = []
    shown: list[dict[str, Any]] = []
    for identifier, row in zip(identifiers.create_many(now, count=len(rows)), rows, strict=True):
        pin = seals.create_pin() if request.pin else None
        each = StoredAward(
            institution=office.slug,
            id=identifier,
            course=course.slug,
            course_version=course.version,
            learner=strict_json.dump(row.to_json()).decode(),
            pin=None if pin is None else office.seals.pin_digest(pin, award=identifier),
            standing=Standing.PENDING if office.institution.approval else Standing.VALID,
            release_at=int(request.release_at.timestamp()) if request.release_at else 0,
            expires_at=int(row.expires.timestamp()) if row.expires else 0,
            claimed_at=None,
            copies=0,
            created_at=int(now.timestamp()),
            awarded_by=caller.who,
            supersedes=supersedes,
        )
        stored.append(each)
        shown.append(show(each, office=office) | ({} if pin is None else {"pin": pin}))
    return stored, shown


def _is_of_person(name: str) -> bool:
    """Whether a member of a row tells of the learner, or is misspelt so that it most likely does."""
    if name in PERSON or name in ELEMENTS:
        return name in PERSON
    return bool(PERSON.intersection(difflib.get_close_matches(name[:80], (*sorted(PERSON), *ELEMENTS), n=1)))


def _seal(answer: list[dict[str, Any]], *, office: Office) -> bytes:
    """The answer as it may be kept: it holds claim links and PINs."""
    return sealing.seal(strict_json.dump(answer), key=office.seals.answers, aad=office.slug.encode())


def begun(award: StoredAward, *, caller: Caller) -> dict[str, Any]:
    """The first line of an award's history."""
    return {
        "institution": award.institution, "id": award.id, "at": award.created_at, "actor": caller.label,
        "who": caller.who, "event": "awarded", "subject": award.id, "reason": "",
    }  # fmt: skip


def _kept(kept: tuple[str, bytes] | None, *, body: str) -> bytes:
    if kept is None or kept[0] != body:
        raise OtherBody("This Idempotency-Key was used for another request.")
    return kept[1]


def _digest(request: AwardRequest) -> str:
    said = {"course": request.course, "rows": list(request.rows), "pin": request.pin, "at": str(request.release_at)}
    said |= {"deliver": request.deliver.to_json()} if request.deliver else {}
    return hashlib.sha256(strict_json.dump(said)).hexdigest()


def _frame_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name in sorted(map(str, raw.keys() - KNOWN)):
        yield Problem(path=f"/{name[:80]}", code="unknown_member", message="This is not known here.")
    if not isinstance(raw.get("course"), str) or not raw["course"]:
        yield Problem(path="/course", code="missing", message="Name the course by its short name.")
    if not isinstance(raw.get("pin", False), bool):
        yield Problem(path="/pin", message="pin must be true or false.")
    match raw.get("learners"):
        case [*rows] if 0 < len(rows) <= MOST_LEARNERS:
            for index, row in enumerate(rows):
                if not isinstance(row, Mapping):
                    yield Problem(path=f"/learners/{index}", code="not_an_object", message="A learner is an object.")
        case _:
            yield Problem(path="/learners", message=f"Give a list of 1 to {MOST_LEARNERS} learners.")


def _moment(raw: object, *, problems: list[Problem]) -> datetime | None:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        there = moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):  # the last is the first or last day of the calendar, in some zone
        there = None
    if there is None:
        problems.append(Problem(path="/release_at", message="Give a moment with its zone: 2026-07-01T09:00:00+02:00."))
        return None
    return there


def told(seconds: int) -> str:
    """A moment as the API tells it."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z")
