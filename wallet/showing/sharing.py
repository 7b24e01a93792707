"""Answering a request: OpenID4VP 1.0 sections 6.4 and 8. Nothing leaves before consent, and then only what was shown.

A query that allows several certificates (section 6.1, `multiple`) is answered with those that the person chose.
Declining and holding nothing that fits are told to the verifier in the same way, and only after the person has acted
(section 8.5, security.md (b)). Each answer shows a copy that nobody has seen while there is one.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from credentials import formats
from exchange import dcql, vp_response
from exchange.dcql import Candidate, Matches, Option
from exchange.errors import AccessDenied, ExchangeError
from exchange.request_object import AuthorizationRequest
from exchange.states import Presentation
from exchange.vp_response import Answer, Receipt, Refusal
from keys.jwk import PrivateJwk
from wallet import history, holding, peer, store
from wallet.custody import Vault
from wallet.errors import AnswerRefused, Ended, InProgress, NothingFits, PartySilent
from wallet.history import Entry, Event
from wallet.holding import Holding
from wallet.showing import asking, disclosing
from wallet.showing.asking import Asked
from wallet.showing.disclosing import Disclosure
from wallet.store import REQUESTS, Kept
from wallet.wallet import Wallet, new_id

NO = "The request was declined."
NOWHERE = "What they replied leads to no safe web page, so it was left out."
STANDING = frozenset({"valid", "unchecked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to answer a credential query: which certificate, which of the asked combinations, what that discloses."""

    query: str
    holding: Holding
    option: Option
    disclosure: Disclosure

    @property
    def name(self) -> str:
        """How a choice names it."""
        return f"{self.holding.id}.{self.option.claim_set}"

    def stands(self, now: datetime) -> bool:
        """Whether its certificate stands as it was awarded, as far as is known here."""
        return self.holding.standing(now) in STANDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A request beside what is held: the ways to answer each query, and the combinations that will do."""

    asked: Asked
    matches: Matches
    ways: Mapping[str, tuple[Way, ...]]

    @property
    def satisfied(self) -> bool:
        """Whether it can be answered."""
        return self.matches.satisfied and any(entry.options for entry in self.matches.sets)

    @property
    def several(self) -> tuple[str, ...]:
        """The queries that may be answered with more than one certificate."""
        return tuple(wanted.id for wanted in self.asked.request.query.credentials if wanted.multiple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the person chose: an option of a set by its place (-1: none of an optional one), ways by their names."""

    sets: Mapping[int, int] = field(default_factory=dict)
    ways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def look(wallet: Wallet, vault: Vault, id_: str, *, language: str = "en") -> Sight:
    """The request with all ways to answer it, told in `language`."""
    asked = await asking.find(wallet, vault, id_)
    held = [each for each in await holding.held(wallet, vault) if each.bound]
    matches = dcql.match(asked.request.query, held=[each.credential for each in held])
    now = wallet.now()
    ways = {
        query: tuple(
            sorted(_ways(query, candidates, held=held, language=language), key=lambda way: not way.stands(now))
        )
        for query, candidates in matches.candidates.items()
    }
    return Sight(asked=asked, matches=matches, ways=ways)


def choose(sight: Sight, choices: Choices) -> tuple[Way, ...]:
    """The ways that `choices` take, the verifier's preference where they say nothing; raises NothingFits."""
    if not sight.satisfied:
        raise NothingFits("You hold nothing that answers this request.")
    queries: dict[str, None] = {}
    for place, entry in enumerate(sight.matches.sets):
        wanted = choices.sets.get(place, 0 if entry.required else -1)
        if wanted >= len(entry.options) or (wanted < 0 and entry.required):
            raise NothingFits("This choice is not among those that the request leaves you.")
        if wanted >= 0:
            queries |= dict.fromkeys(entry.options[wanted])
    if not queries:
        raise NothingFits("Choose what to share, or decline.")
    return tuple(way for query in queries for way in _taken(sight, query, wanted=choices.ways.get(query)))


async def consent(wallet: Wallet, vault: Vault, id_: str, *, choices: Choices) -> Asked:
    """Sends what was chosen. Raises NothingFits, AnswerRefused, PartySilent, Ended or InProgress."""
    sight = await look(wallet, vault, id_)
    ways = choose(sight, choices)
    async with _once(wallet, sight.asked) as holder:
        token: dict[str, tuple[str, ...]] = {}
        for way in ways:
            shown = await _present(wallet, vault, way, request=sight.asked.request)
            token[way.query] = (*token.get(way.query, ()), shown)
        answer = Answer(vp_token=token, state=sight.asked.request.state)
        return await _send(wallet, vault, sight.asked, content=answer, ways=ways, holder=holder)


async def refuse(wallet: Wallet, vault: Vault, id_: str) -> Asked:
    """Tells the verifier no, in the same words whether or not there was anything to share."""
    asked = await asking.find(wallet, vault, id_)
    async with _once(wallet, asked) as holder:
        answer = Refusal.of(AccessDenied(NO), state=asked.request.state)
        return await _send(wallet, vault, asked, content=answer, ways=(), holder=holder)


@asynccontextmanager
async def _once(wallet: Wallet, asked: Asked) -> AsyncIterator[str]:
    """The lease on a request that is still open."""
    if not asked.open:
        raise Ended("You have answered this request already.")
    holder, now = new_id(), wallet.moment
    if not await wallet.database.write(
        lambda books: store.take(books, REQUESTS, errand=asked.errand, holder=holder, now=now)
    ):
        raise InProgress("This request is being answered already.")
    try:
        yield holder
    finally:
        await wallet.database.write(lambda books: store.release(books, REQUESTS, id_=asked.id, holder=holder))


async def _present(wallet: Wallet, vault: Vault, way: Way, *, request: AuthorizationRequest) -> str:
    """One copy with what was chosen, bound to this verifier and this request."""
    id_ = way.holding.id
    drawn = await wallet.database.write(lambda books: store.draw_copy(books, credential=id_, account=vault.account))
    if drawn is None:
        raise NothingFits("This certificate is not in your wallet any more.")
    kept = vault.open(drawn.sealed, kind=holding.COPY_KIND, row=drawn.id)
    module = formats.FORMATS[formats.recognise(kept["raw"])]
    text: str = module.present(
        kept["raw"], disclose=way.option.disclose, key=PrivateJwk.parse(kept["key"]), audience=str(request.client_id),
        nonce=request.nonce, now=wallet.now(),
    )  # fmt: skip
    return text


async def _send(
    wallet: Wallet, vault: Vault, asked: Asked, *, content: Answer | Refusal, ways: Sequence[Way], holder: str
) -> Asked:  # fmt: skip
    """Posts an answer and writes down how that ended."""
    request = asked.request
    form = vp_response.to_form(content, mode=request.response_mode, metadata=request.client_metadata)
    event = Event.SHARED if ways else Event.DECLINED
    try:
        body = await peer.post_form(wallet.outbound, request.response_uri, form)
    except ExchangeError as error:
        ended = replace(asked, outcome=str(error))
        await _settle(wallet, vault, ended, state=Presentation.EXPIRED, holder=holder, ways=ways, event=Event.FAILED)
        raise AnswerRefused(f"{asked.party.name} did not take the answer: {error}") from error
    except PartySilent as error:
        await history.note(wallet, vault, _entry(asked, Event.FAILED, ways=ways, sentence=str(error)))
        raise
    state = Presentation.ANSWERED if ways else Presentation.REFUSED
    taken = _taken_by_verifier(asked, body)
    return await _settle(wallet, vault, taken, state=state, holder=holder, ways=ways, event=event)


def _taken_by_verifier(asked: Asked, body: bytes) -> Asked:
    """The request with the verifier's reply: one that cannot be followed is left out, since the answer has arrived."""
    try:
        return replace(asked, redirect_uri=Receipt.parse(body or b"{}").redirect_uri)
    except ExchangeError:
        return replace(asked, outcome=NOWHERE)


async def _settle(
    wallet: Wallet, vault: Vault, asked: Asked, *, state: Presentation, holder: str, ways: Sequence[Way], event: Event
) -> Asked:  # fmt: skip
    entry = _entry(asked, event, ways=ways, sentence=asked.outcome)
    errand = replace(asked.errand, state=state.value, sealed=asked.seal(vault))
    kept = Kept(notes=(history.seal(vault, entry, now=wallet.moment),))
    await wallet.database.write(lambda books: store.advance(books, REQUESTS, errand=errand, holder=holder, kept=kept))
    return replace(asked, errand=errand)


def _entry(asked: Asked, event: Event, *, ways: Sequence[Way], sentence: str = "") -> Entry:
    facts = dict.fromkeys(row.label for way in ways for row in way.disclosure.leaving)
    return Entry(
        event=event, party=asked.party.name, host=asked.party.host,
        certificates=tuple(dict.fromkeys(way.holding.title for way in ways)), facts=tuple(facts), sentence=sentence,
    )  # fmt: skip


def _ways(
    query: str, candidates: Sequence[Candidate], *, held: Sequence[Holding], language: str
) -> Iterator[Way]:  # fmt: skip
    for candidate in candidates:
        own = held[candidate.held]
        for option in candidate.options:
            told = disclosing.of(own.credential, option, language=language)
            yield Way(query=query, holding=own, option=option, disclosure=told)


def _taken(sight: Sight, query: str, *, wanted: Sequence[str] | None) -> tuple[Way, ...]:
    """The ways of that name, the first one where nothing was chosen; raises NothingFits."""
    ways = {way.name: way for way in sight.ways[query]}
    if wanted is None:
        return sight.ways[query][:1]
    if not wanted:
        raise NothingFits("Choose at least one certificate, or decline.")
    if not ways.keys() >= set(wanted):
        raise NothingFits("This choice is not among those that you have.")
    if len(wanted) > 1 and query not in sight.several:
        raise NothingFits("They ask for one certificate here, and take no second one.")
    if len({ways[name].holding.id for name in wanted}) < len(wanted):
        raise NothingFits("A certificate is shared once, in one way.")
    return tuple(ways[name] for name in wanted)
