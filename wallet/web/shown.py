"""What the pages and the API show of an offer, a certificate and a request, as plain data."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from credentials.learning import summary
from credentials.learning.summary import Fact
from credentials.learning.view import State
from exchange import display
from exchange.states import Presentation
from trust.telling import words
from trust.telling.words import Answer
from wallet.claiming.dossier import Introduction
from wallet.claiming.offers import Offered
from wallet.holding import Holding
from wallet.showing.sharing import Sight, Way

LANGUAGES = ("en",)
UNIT = re.compile(r"(?<=[0-9]) (?=ECTS|hours)|(?<=EQF) (?=[0-9])")
"""The blanks at which a number and its unit would come apart."""


def told(facts: Sequence[Fact]) -> dict[str, Fact]:
    """The facts that are there, by name."""
    return {fact.label_key: fact for fact in facts if fact.state is State.PRESENT and fact.items}


def card(holding: Holding, *, now: datetime, language: str = "en") -> dict[str, Any]:
    """The arguments of `ui.credential_card`."""
    facts = told(holding.facts)
    title, tongue = holding.titled(language)
    return {
        "title": title,
        "lang": tongue,
        "issuer": holding.issuer.name,
        "href": f"/certificates/{holding.id}",
        "level": UNIT.sub("\u00a0", summary.in_short(holding.facts)),
        "awarded": awarded_on(holding),
        "standing": holding.standing(now),
        "verified": holding.issuer.standing == "trusted",
        "holder": facts["learner"].value if "learner" in facts else "",
    }


def awarded_on(holding: Holding) -> date | None:
    """The day of the award, where the certificate says it."""
    record = summary.see(holding.credential).record
    return None if record is None else record.award.award_date


def certificate(holding: Holding, *, now: datetime) -> dict[str, Any]:
    """A certificate for the API: its card, every fact, who vouches for it, how it stood."""
    credential = holding.credential
    awarded = awarded_on(holding)
    return {
        "id": holding.id,
        "title": holding.title,
        "format": credential.format.value,
        "types": list(credential.types),
        "issuer": {
            "id": holding.issuer.id,
            "name": holding.issuer.name,
            "sentence": holding.issuer.sentence,
            "standing": holding.issuer.standing,
            "chain": [{"name": name, "meaning": meaning} for name, meaning in holding.issuer.chain],
            "trust": holding.issuer.trust,
        },
        "awarded_on": awarded.isoformat() if awarded else None,
        "received_at": holding.received_at.isoformat(),
        "provenance": holding.provenance,
        "expires_at": credential.expires.isoformat() if credential.expires else None,
        "standing": holding.standing(now),
        "checked": {"at": holding.check.moment.isoformat(), "sentence": holding.check.sentence},
        "facts": [fact.to_json() for fact in holding.facts],
    }


def offer(offered: Offered) -> dict[str, Any]:
    """An offer for the API."""
    who, pin = offered.dossier.introduction, offered.tx_code
    return {
        "id": offered.id,
        "state": offered.state.value,
        "issuer": {
            "id": offered.dossier.offer.credential_issuer,
            "name": who.name,
            "host": who.host,
            "standing": who.standing,
            "sentence": who.sentence,
            "chain": [{"name": name, "meaning": meaning} for name, meaning in who.chain],
            "calls_itself": who.claimed or None,
            "trust": who.trust,
        },
        "credentials": [{"title": title, "description": about} for title, about in offered_titles(offered)],
        "tx_code": None if pin is None else {"input_mode": pin.input_mode.value, **pin.to_json()},
        "received": [parcel.credential for parcel in offered.dossier.parcels if parcel.credential],
        "problem": problem_of(offered),
    }


def offered_titles(offered: Offered) -> list[tuple[str, str]]:
    """What is offered, by name and description."""
    found = []
    for each in offered.configurations:
        shown = display.choose(each.display, languages=LANGUAGES)
        name = (shown.name if shown else None) or each.types[-1].rpartition("/")[2]
        found.append((name, (shown.description if shown else None) or ""))
    return found


def problem_of(offered: Offered) -> str | None:
    """Why something was not taken in, or could not be checked yet."""
    return next((each.refused or each.unsure for each in offered.dossier.parcels if each.refused or each.unsure), None)


def request(sight: Sight) -> dict[str, Any]:
    """A request for the API: who asks, and every way to answer."""
    party, asked = sight.asked.party, sight.asked
    return {
        "id": asked.id,
        "state": STATES[asked.state],
        "verifier": {
            "name": party.name,
            "host": party.host,
            "client_id": party.client_id,
            "standing": party.standing,
            "sentence": party.sentence,
            "calls_itself": party.claimed,
        },
        "purpose": asked.request.purpose,
        "satisfied": sight.satisfied,
        "sets": [
            {"required": entry.required, "options": [list(option) for option in entry.options]}
            for entry in sight.matches.sets
        ],
        "queries": {query: [way(each) for each in ways] for query, ways in sight.ways.items()},
        "several": list(sight.several),
        "redirect_uri": asked.redirect_uri,
        "outcome": asked.outcome,
    }


def way(each: Way) -> dict[str, Any]:
    """One way to answer, with what it discloses."""
    return {
        "way": each.name,
        "credential": each.holding.id,
        "title": each.holding.title,
        "issuer": each.holding.issuer.name,
        "trust": each.holding.issuer.trust,
        "claim_set": each.option.claim_set,
        "leaves": [row.to_json() for row in each.disclosure.asked],
        "leaves_always": [row.to_json() for row in each.disclosure.always],
        "stays": [row.to_json() for row in each.disclosure.staying],
    }


def answers(trust: Mapping[str, Any] | None) -> tuple[Answer, ...]:
    """The three answers about an issuer for a page; none for what was kept before there were any."""
    return words.tell(trust) if trust is not None else ()


def before(who: Introduction) -> tuple[Answer, ...]:
    """The same about one who has signed nothing yet: whom no list names is unknown, and told so first."""
    if who.trust is None or who.standing not in {"trusted", "unlisted"}:
        return ()
    seal, accreditation, quality = words.tell(who.trust)
    return (accreditation, quality, words.NOT_YET) if who.standing == "trusted" else (seal, accreditation)


STATES: Mapping[Presentation, str] = {
    Presentation.FETCHED: "open",
    Presentation.ANSWERED: "shared",
    Presentation.REFUSED: "declined",
    Presentation.EXPIRED: "failed",
}
