"""Finding awards: by the beginnings of words, by course, cohort and state, newest first and a page at a time.

Every way in has an index: the words of the learners stand in a table of their own, one row for each word of an award.
Of several words the rarest leads, counted up to a bound; the others are looked for in what it leads to. Where
only single letters are given, with which nearly every name has a word, the newest awards are looked through.
Not trusted: altering the words can hide an award from a search, and does not change one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Integer,
    PrimaryKeyConstraint,
    Select,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)

from issuer.books.search import ESCAPE, LONGEST_WORD, Search, State, escaped, tokens
from issuer.books.tables import AWARDS, METADATA, SLUG, UUID
from issuer.standing import Standing

TABLE = "award_words"
WORD = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
AWARD_WORDS = Table(
    TABLE,
    METADATA,
    Column("institution", SLUG, nullable=False),
    Column(
        "word", String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), nullable=False
    ),
    Column("award", UUID, nullable=False),
    PrimaryKeyConstraint("institution", "word", "award"),
    sqlite_with_rowid=False,  # the table is its index
)
WORD_COLUMNS = ("institution", "word", "award")
INSTITUTION: BindParameter[Any] = bindparam("institution_")
BEFORE: BindParameter[Any] = bindparam("before_")
ENOUGH = 2000
"""How far it is counted which word is the rarest."""
LAST = "\U0010ffff"
"""After every word that begins alike: both databases compare these words byte by byte."""


def _is(standing: Standing) -> Any:
    """A condition as the partial indexes have it, word for word: a bound value might be any."""
    return AWARDS.c.standing == literal_column(f"'{standing.value}'")


_IN_STATE: Mapping[State, tuple[Any, ...]] = {
    State.PENDING: (_is(Standing.PENDING), AWARDS.c.standing != literal_column("'valid'")),
    State.WAITING: (_is(Standing.VALID), AWARDS.c.claimed_at.is_(None)),
    State.CLAIMED: (_is(Standing.VALID), AWARDS.c.claimed_at.is_not(None)),
    State.SUSPENDED: (_is(Standing.SUSPENDED), AWARDS.c.standing != literal_column("'valid'")),
    State.REVOKED: (_is(Standing.REVOKED), AWARDS.c.standing != literal_column("'valid'")),
}
_PAGE = (
    select(AWARDS)
    .where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id < BEFORE)
    .order_by(AWARDS.c.id.desc())
    .limit(bindparam("count_", type_=Integer))
)
_BEGINS = (
    AWARD_WORDS.c.institution == INSTITUTION,
    AWARD_WORDS.c.word >= bindparam("word_"),
    AWARD_WORDS.c.word < bindparam("last_"),
)
_LED = AWARDS.c.id.in_(select(AWARD_WORDS.c.award).where(*_BEGINS, AWARD_WORDS.c.award < BEFORE))
_SOME = select(AWARD_WORDS.c.word).where(*_BEGINS).limit(ENOUGH).subquery()
_RARITY = select(func.count()).select_from(_SOME)


def page(connection: Connection, *, institution: str, before: str, count: int, wanted: Search) -> Sequence[Any]:
    """The rows of up to `count` awards that are older than the identifier `before`, the newest first."""
    keys = {"institution_": institution, "before_": before, "count_": count}
    first = leader(connection, institution=institution, words=wanted.words)
    return connection.execute(*statement(wanted, leader=first, keys=keys)).all()


def statement(wanted: Search, *, leader: str, keys: Mapping[str, Any]) -> tuple[Select[Any], dict[str, Any]]:
    """What is asked of the database, with its values; `leader` is the word that leads, where there are any."""
    asked, values = _PAGE, dict(keys)
    if leader:
        asked = asked.where(_LED)
        values |= _range(leader)
    for number, word in enumerate(other for other in wanted.words if other != leader):
        asked = asked.where(AWARDS.c.found_by.like(bindparam(f"other_{number}"), escape=ESCAPE))
        values[f"other_{number}"] = f"% {escaped(word)}%"
    if wanted.course:
        asked = asked.where(AWARDS.c.course == bindparam("course_"))
        values["course_"] = wanted.course
    if wanted.batch:
        asked = asked.where(AWARDS.c.batch == bindparam("batch_"))
        values["batch_"] = wanted.batch
    if wanted.state is not None:
        asked = asked.where(*_IN_STATE[wanted.state])
    return asked, values


def rows_of(found: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The rows of AWARD_WORDS for awards, each told by institution, identifier and what it is found by."""
    return [(institution, word, award) for institution, award, text in found for word in tokens(text)]


def enter(connection: Connection, *, found: Iterable[tuple[str, str, str]]) -> None:
    """Writes down what awards are found by, in the transaction that enters them."""
    rows = [dict(zip(WORD_COLUMNS, row, strict=True)) for row in rows_of(found)]
    if rows:
        connection.execute(insert(AWARD_WORDS), rows)


def leader(connection: Connection, *, institution: str, words: Sequence[str]) -> str:
    """The rarest of the words; of those that are all frequent, the longest. None where each is a single letter."""
    words = [word for word in words if len(word) > 1]
    if len(words) <= 1:
        return words[0] if words else ""
    counts = {
        word: connection.execute(_RARITY, {"institution_": institution, **_range(word)}).scalar() or 0 for word in words
    }
    return min(words, key=lambda word: (counts[word], -len(word)))


def _range(word: str) -> dict[str, str]:
    return {"word_": word, "last_": f"{word}{LAST}"}
