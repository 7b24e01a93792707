"""What a card shows of a certificate, worked out once when its row is sealed: a long list reads no credential."""

from typing import Any

from credentials import content_digest
from credentials.credential import Credential
from credentials.learning import summary
from credentials.learning.view import State


def of(credential: Credential) -> dict[str, Any]:
    """Level, day of the award, whose it is, until when, and which award it is in whatever form."""
    view = summary.see(credential)
    facts = summary.facts(view)
    learner = next((fact.value for fact in facts if fact.label_key == "learner" and fact.state is State.PRESENT), "")
    awarded = None if view.record is None else view.record.award.award_date
    return {
        "titles": {} if view.record is None else view.record.course.title.to_json(),
        "level": summary.in_short(facts),
        "awarded": awarded.isoformat() if awarded else None,
        "holder": learner,
        "expires": int(credential.expires.timestamp()) if credential.expires else None,
        "digest": content_digest.shown_by(credential),
        "format": credential.format.value,
    }
