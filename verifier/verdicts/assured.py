"""Whether the awarding body was quality-assured, told beside a verdict and apart from it: it changes no answer.

Only what is kept of the presentation is looked at, so that nothing is kept in another form (see dossier).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from credentials.learning.course import UNTITLED, Course
from credentials.learning.view import State
from trust.organisations import Organisation
from trust.quality.index import QualityIndex
from trust.quality.signers import quality_of_signer
from trust.report import Report
from verifier.desk import Verifier
from verifier.verdicts import dossier


def of(desk: Verifier, presentation: Mapping[str, Any], *, report: Report) -> dict[str, Any] | None:
    """The answer for one presentation; None without data, or where no micro-credential of a known issuer is shown."""
    held = desk.quality.held
    if held is None or report.identity is None or not presentation["claims"]:
        return None
    return _asked(presentation, signer=_signer(desk, report), on=held, today=desk.now().date())


def _asked(
    presentation: Mapping[str, Any], *, signer: Organisation | None, on: QualityIndex, today: date
) -> dict[str, Any] | None:  # fmt: skip
    view = dossier.view(presentation)
    issued = presentation.get("issued_at")
    awarded = view.record.award.award_date if view.record is not None else None
    day = awarded or (datetime.fromisoformat(issued).date() if issued else None)
    if day is None or (view.record is None and view.state("M4") is State.ABSENT):
        return None
    course = view.record.course if view.record is not None else Course(title=UNTITLED)
    answer = quality_of_signer(
        signer, stated=course.awarding_bodies, micro_credential=course, award_date=day, on=on
    )  # fmt: skip
    return {**answer.to_json(), "dated_by": "award" if awarded else "issue", "data_is_old": answer.is_old(today=today)}


def _signer(desk: Verifier, report: Report) -> Organisation | None:
    source, identity = desk.grounds.accreditation, report.identity
    listed = source.at_hand(now=desk.now()) if source is not None else None
    return listed.find(identity) if listed is not None and identity is not None else None
