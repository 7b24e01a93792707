"""Sessions kept by the server: the cookie is a random token, the table holds its digest and what is sealed under it.

security.md (e): `__Host-` cookie, HttpOnly, SameSite=Lax, a new token at sign-in, and for everything that changes
something a token in the form and a look at Origin and Sec-Fetch-Site (Fetch metadata).
Trusted with: who is signed in. Whoever can write this table can sign in as anybody; whoever can only read it can use no
session and open nothing of what it keeps, since both need the token, and only the cookie has it.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import hdrs, web
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from yarl import URL

from keys import sealing
from keys.errors import InvalidSealed
from service import pages, routes
from service.database import Database
from service.errors import Forbidden, NotSignedIn
from service.routes import Route, Speaks
from service.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_BYTES = 32
FORM = re.compile(r"[A-Za-z0-9_-]{43}")  # of a token: what is not written so was not given here
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
FOREIGN = frozenset({"cross-site", "same-site"})  # another port of the same host is another service


def table(metadata: MetaData) -> Table:
    """The table that a service with sessions has; its migration makes the same."""
    return Table(
        "sessions",
        metadata,
        Column("digest", String(64), primary_key=True),
        Column("subject", String(64), nullable=True, index=True),
        Column("name", String(200), nullable=False),
        Column("kept", LargeBinary, nullable=False),
        Column("begun", BigInteger, nullable=False),
        Column("seen", BigInteger, nullable=False),
        Column("ends", BigInteger, nullable=False, index=True),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser's session; `subject` is the account that is signed in, None before."""

    token: str = field(repr=False)
    subject: str | None = None
    name: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)
    begun: int = 0
    seen: int = 0

    @property
    def digest(self) -> str:
        """What the table knows it by."""
        return sealing.digest(self.token)

    @property
    def secret(self) -> bytes:
        """A key that exists only while the cookie is here; what is sealed with it no dump of the database can open."""
        return sealing.derive(self.token.encode("ascii"), purpose="session secret")

    @property
    def csrf(self) -> str:
        """What a form of this session must carry."""
        return sealing.derive(self.token.encode("ascii"), purpose="form token").hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A session in the list of its owner: it is named by its digest, which opens nothing."""

    digest: str
    begun: int
    seen: int


@dataclass(slots=True)
class _Held:
    """The session of one request, and whether the browser has yet to be given its cookie."""

    session: Session
    give: bool = False
    drop: bool = False


class _FormToken(str):
    """The form token; a page that uses it makes sure that the cookie is given."""

    __slots__ = ("held",)
    held: _Held

    def __html__(self) -> str:
        self.held.give = True
        return str.__str__(self)


HELD = web.RequestKey("HELD", _Held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The sessions of one service. Put `guard` into the middlewares of its application."""

    settings: Settings
    database: Database
    table: Table
    now: Callable[[], datetime]
    sign_in_path: str | None = None  # where a person is sent who must sign in first
    bearer: bool = False  # whether `Authorization: Bearer <token>` also carries a session (JSON APIs)
    idle: timedelta = IDLE
    longest: timedelta = LONGEST

    @property
    def cookie(self) -> str:
        """The name of the cookie; services on different ports of one host share cookies, so it names the service."""
        return f"{'__Host-' if self.settings.secure else ''}pergamena-{self.settings.service}"

    @web.middleware
    async def guard(self, request: web.Request, handler: routes.Handler) -> web.StreamResponse:
        """Gives the request its session, checks what changes something, and gives and takes the cookie."""
        route = routes.of(request)
        if route is not None and route.speaks is Speaks.OAUTH:
            return await handler(request)  # wallets and verifiers have no session here
        token, ambient = self._token(request)
        session = await self._load(token) if token else None
        held = _Held(session or Session(token=token if token and ambient else _new_token()))
        request[HELD] = held
        self._show(request)
        if request.method not in SAFE and (ambient or not token):
            await self._check_intent(request, ambient=ambient)
        try:
            answer = await self._answer(request, handler)
        except web.HTTPException as raised:
            self._send(raised, held=held, route=route)
            raise
        self._send(answer, held=held, route=route)
        return answer

    async def _answer(self, request: web.Request, handler: routes.Handler) -> web.StreamResponse:
        """What the handler answers; a person who must sign in first is sent there, and back afterwards."""
        try:
            return await handler(request)
        except NotSignedIn:
            if self.sign_in_path is None or request.method not in SAFE or not routes.wants_html(request):
                raise
            raise web.HTTPSeeOther(URL(self.sign_in_path).with_query(next=request.path_qs)) from None

    # -- what a handler does with its session ---------------------------------------------------------------------

    async def sign_in(self, request: web.Request, *, subject: str, name: str, keep: Mapping[str, Any]) -> Session:
        """A new session for `subject`, under a new token; what the old one kept goes along, and `keep` is added."""
        held = request[HELD]
        old = held.session
        moment = self._moment()
        fresh = Session(
            token=_new_token(), subject=subject, name=name, kept={**old.kept, **keep}, begun=moment, seen=moment
        )
        row = self._row(fresh)

        def entry(books: Connection) -> None:
            books.execute(delete(self.table).where(self.table.c.digest == old.digest))
            books.execute(delete(self.table).where(self.table.c.ends < moment))
            books.execute(insert(self.table).values(**row))

        await self.database.write(entry)
        held.session, held.give = fresh, True
        self._show(request)
        return fresh

    async def keep(self, request: web.Request, **values: Any) -> Session:
        """Adds to what the session keeps (sealed; small things), beginning one in the table if there is none yet."""
        held = request[HELD]
        moment = self._moment()
        session = replace(
            held.session, kept={**held.session.kept, **values}, begun=held.session.begun or moment, seen=moment
        )
        row = self._row(session)

        def entry(books: Connection) -> None:
            books.execute(delete(self.table).where(self.table.c.digest == session.digest))
            books.execute(insert(self.table).values(**row))

        await self.database.write(entry)
        held.session, held.give = session, True
        return session

    async def sign_out(self, request: web.Request) -> None:
        """Ends the session: its row and its cookie go."""
        held = request[HELD]
        digest = held.session.digest
        await self.database.write(lambda books: books.execute(delete(self.table).where(self.table.c.digest == digest)))
        held.session, held.give, held.drop = Session(token=_new_token()), False, True
        self._show(request)

    async def end_all(self, subject: str) -> None:
        """Ends every session of an account (its passphrase changed, it is deleted)."""
        await self.database.write(
            lambda books: books.execute(delete(self.table).where(self.table.c.subject == subject))
        )

    async def open_of(self, subject: str) -> tuple[Listed, ...]:
        """The sessions of an account that still hold, the latest used first."""
        now, idle = self._moment(), int(self.idle.total_seconds())
        columns = (self.table.c.digest, self.table.c.begun, self.table.c.seen)
        holds = (self.table.c.subject == subject, self.table.c.ends >= now, self.table.c.seen >= now - idle)
        found = select(*columns).where(*holds).order_by(self.table.c.seen.desc(), self.table.c.digest)
        return await self.database.read(
            lambda books: tuple(
                Listed(digest=row.digest, begun=row.begun, seen=row.seen) for row in books.execute(found)
            )
        )

    async def end(self, subject: str, *, digest: str) -> None:
        """Ends one session of an account."""
        gone = delete(self.table).where(self.table.c.subject == subject, self.table.c.digest == digest)
        await self.database.write(lambda books: books.execute(gone))

    def carried(self, request: web.Request) -> str:
        """The digest of the token that came with the request; nothing where none came."""
        token, _ = self._token(request)
        return sealing.digest(token) if token else ""

    # -- within ---------------------------------------------------------------------------------------------------

    def _token(self, request: web.Request) -> tuple[str | None, bool]:
        """The token and whether a browser sends it by itself."""
        scheme, _, told = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if self.bearer and scheme.casefold() == "bearer":
            return told.strip() or None, False
        token = request.cookies.get(self.cookie, "")
        return (token, True) if FORM.fullmatch(token) else (None, False)

    async def _load(self, token: str) -> Session | None:
        """The session of `token`, if there is one that has neither idled nor lasted too long."""
        digest = sealing.digest(token)
        moment = self._moment()
        row = await self.database.read(
            lambda books: books.execute(select(self.table).where(self.table.c.digest == digest)).mappings().first()
        )
        if row is None or row["ends"] < moment or row["seen"] + self.idle.total_seconds() < moment:
            return None
        session = Session(token=token, subject=row["subject"], name=row["name"], begun=row["begun"], seen=row["seen"])
        try:
            kept = json.loads(sealing.open(row["kept"], key=session.secret, aad=digest.encode("ascii")))
        except InvalidSealed:
            return None
        if moment - row["seen"] > self.idle.total_seconds() / 10:
            seen = update(self.table).where(self.table.c.digest == digest).values(seen=moment)
            await self.database.write(lambda books: books.execute(seen))
        return replace(session, kept=kept)

    def _row(self, session: Session) -> dict[str, Any]:
        kept = json.dumps(session.kept).encode("utf-8")
        return {
            "digest": session.digest,
            "subject": session.subject,
            "name": session.name,
            "kept": sealing.seal(kept, key=session.secret, aad=session.digest.encode("ascii")),
            "begun": session.begun,
            "seen": session.seen,
            "ends": session.begun + int(self.longest.total_seconds()),
        }

    async def _check_intent(self, request: web.Request, *, ambient: bool) -> None:
        """Forbidden unless one of our own pages sent this; programs, which send no cookie by themselves, are let be."""
        route = routes.of(request)
        if not ambient and (route is None or route.speaks is not Speaks.PAGE):
            return
        origin = request.headers.get(hdrs.ORIGIN)
        ours = str(URL(self.settings.base_url).origin())
        # A page with Referrer-Policy: no-referrer sends "null" (Fetch, "append a request Origin header").
        if origin not in (None, "null", ours) or request.headers.get("Sec-Fetch-Site", "none") in FOREIGN:
            raise Forbidden("This step was not sent by one of our own pages.")
        told = request.headers.get(CSRF_HEADER)
        if told is None and request.content_type in routes.FORMS:
            told = str((await routes.read_fields(request)).get(CSRF_FIELD, ""))
        if not ambient or not told or not sealing.equal(told, request[HELD].session.csrf):
            raise Forbidden("This form is no longer fresh. Open its page again and repeat the step.")

    def _show(self, request: web.Request) -> None:
        held = request[HELD]
        token = _FormToken(held.session.csrf)
        token.held = held
        request[pages.CSRF] = token
        request[pages.SIGNED_IN] = held.session.name if held.session.subject else ""

    def _send(self, answer: web.StreamResponse, *, held: _Held, route: Route | None) -> None:
        if route is None or route.speaks is not Speaks.PAGE:
            return
        if held.give:
            answer.set_cookie(
                self.cookie, held.session.token, path="/", httponly=True, samesite="Lax", secure=self.settings.secure
            )
        elif held.drop:
            answer.del_cookie(self.cookie, path="/", httponly=True, samesite="Lax", secure=self.settings.secure)

    def _moment(self) -> int:
        return int(self.now().timestamp())


def of(request: web.Request) -> Session:
    """The session of this request; its subject is None while nobody is signed in."""
    return request[HELD].session


def signed_in(request: web.Request) -> Session:
    """The session, if somebody is signed in; NotSignedIn otherwise."""
    session = of(request)
    if session.subject is None:
        raise NotSignedIn("Sign in to see this page.")
    return session


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
