"""Whether the body that awarded a micro-credential was quality-assured on the day of the award, by DEQAR's data.

The best of the reports that cover the day is the answer. What lapsed later spoils nothing, what came later heals
nothing, a name proves nothing, and no report says anything about a signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from credentials.learning.course import AwardingBody, Course
from credentials.learning.vocabularies.levels import Cycle
from trust.quality import index, kinship, matching
from trust.quality.answer import Quality, QualityVerdict, Remark
from trust.quality.index import QualityIndex
from trust.quality.kinship import Relative
from trust.quality.records import Decision, Flag, Official, Programme, QaReport, Scope

ON_PROGRAMMES: Final = frozenset({Scope.PROGRAMME, Scope.JOINT, Scope.BOTH})
ON_INSTITUTIONS: Final = frozenset({Scope.INSTITUTIONAL, Scope.BOTH})
POSITIVE: Final = frozenset({Decision.POSITIVE, Decision.CONDITIONAL})
RANK: Mapping[QualityVerdict, int] = {verdict: place for place, verdict in enumerate(QualityVerdict)}
CYCLE_AT: Mapping[int, Cycle] = {cycle.eqf_level: cycle for cycle in Cycle}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a report would call this micro-credential: its identifier, its titles, and its level."""

    identifiers: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    cycle: Cycle | None = None

    @classmethod
    def of(cls, course: Course) -> "Subject":
        """The subject that `course` is."""
        words = [said for text in (course.title, course.alternative_title) if text for _, said in text.entries]
        return cls(
            identifiers=frozenset({course.catalogue_uri} if course.catalogue_uri else ()),
            titles=frozenset(filter(None, map(index.plain, words))),
            cycle=course.qf_ehea_cycle or CYCLE_AT.get(course.eqf_level or 0),
        )

    def named_by(self, programme: Programme) -> bool:
        """Whether a report on `programme` names this: by identifier, else by title and level together."""
        if self.identifiers & programme.identifiers:
            return True
        same_level = self.cycle is not None and self.cycle is programme.level
        return same_level and bool(self.titles & {index.plain(name) for name in programme.names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A report that bears on the micro-credential, the verdict it would give, and what to remark on it."""

    report: QaReport
    verdict: QualityVerdict
    through: Remark | None
    compared: bool
    bars: frozenset[Remark]  # why it does not count although its decision is good

    @property
    def sound(self) -> bool:
        """Whether it counts on the days that it covers."""
        return self.report.decision in POSITIVE and not self.bars

    def covers(self, day: date) -> bool:
        """Whether `day` lies in its validity."""
        return self.report.since <= day <= self.report.end


def quality_of(body: AwardingBody, *, micro_credential: Course, award_date: date, on: QualityIndex) -> Quality:
    """What DEQAR's data says of `body` as the one who awarded `micro_credential` on `award_date`."""
    bare = Quality(
        verdict=QualityVerdict.UNKNOWN, data_as_of=on.data_as_of, award_date=award_date, synthetic=on.synthetic
    )
    match = matching.match(body, on=on, day=award_date)
    if match.conflict:
        return replace(bare, verdict=QualityVerdict.CONFLICT)
    if match.candidates:
        return replace(bare, verdict=QualityVerdict.CANDIDATE, candidates=match.candidates)
    if match.provider is None or match.by is None or match.provider not in on.providers:
        return bare
    found = replace(
        bare,
        provider_id=match.provider,
        provider_name=on.providers[match.provider].name,
        matched_by=f"{match.by.scheme}:{match.by.value}",
    )
    return _assessed(found, subject=Subject.of(micro_credential), on=on)


def _assessed(found: Quality, *, subject: Subject, on: QualityIndex) -> Quality:
    own, day = found.provider_id or "", found.award_date
    grounds: list[Ground] = []
    aside: set[Remark] = set()
    for relative in kinship.relatives_of(own, on=on, day=day):
        for report in on.reports.get(relative.provider, ()):
            if relative.lends(report):
                ground = _ground(report, relative=relative, subject=subject, day=day, on=on)
                grounds += [ground] if isinstance(ground, Ground) else []
                aside |= {ground} if isinstance(ground, Remark) else set()
    covering = [ground for ground in grounds if ground.sound and ground.covers(day)]
    if covering:
        best = min(RANK[ground.verdict] for ground in covering)
        return _covered(found, [each for each in covering if RANK[each.verdict] == best], grounds=grounds, on=on)
    return _uncovered(found, grounds, aside=aside, on=on)


def _ground(
    report: QaReport, *, relative: Relative, subject: Subject, day: date, on: QualityIndex
) -> Ground | Remark:  # fmt: skip
    """What `report` would give; or the remark that says why it is beside the point."""
    provider = on.providers.get(relative.provider)
    taught = {level.cycle for level in provider.levels if level.span.holds(day)} if provider else set()
    stated = bool(provider and provider.levels)
    compared = stated and subject.cycle is not None
    verdict = None
    if report.scope in ON_PROGRAMMES and relative.through is None:
        verdict = _on_programmes(report, subject=subject)
    if verdict is None and report.scope in ON_INSTITUTIONS:
        if compared and subject.cycle not in taught:
            return Remark.LEVEL_NOT_OFFERED
        verdict = QualityVerdict.INSTITUTION
        if provider and provider.other:
            verdict = QualityVerdict.OTHER_PROVIDER
    if verdict is None:
        return Remark.ONLY_OTHER_PROGRAMMES
    if report.official is Official.VOLUNTARY and verdict is not QualityVerdict.OTHER_PROVIDER:
        verdict = QualityVerdict.VOLUNTARY
    return Ground(
        report=report, verdict=verdict, through=relative.through,
        compared=compared or verdict is not QualityVerdict.INSTITUTION,
        bars=frozenset(_bars(report, day=day, on=on)),
    )  # fmt: skip


def _on_programmes(report: QaReport, *, subject: Subject) -> QualityVerdict | None:
    if any(subject.named_by(programme) for programme in report.programmes):
        return QualityVerdict.PROGRAMME
    embedding = report.decision in POSITIVE and any(programme.embeds for programme in report.programmes)
    return QualityVerdict.PART_OF_PROGRAMME if embedding else None


def _bars(report: QaReport, *, day: date, on: QualityIndex) -> Iterator[Remark]:
    agency = on.agency_of(report)
    if report.flag is Flag.HIGH:
        yield Remark.FLAGGED
    if agency is None or not (agency.stands(day) or agency.stands(report.since)):
        yield Remark.AGENCY_NOT_REGISTERED


def _covered(
    found: Quality, best: list[Ground], *, grounds: Iterable[Ground], on: QualityIndex
) -> Quality:  # fmt: skip
    lead = max(best, key=lambda each: (each.through is None, each.report.end, each.report.since, each.report.id))
    agency = on.agency_of(lead.report)
    remarks = {lead.through} if lead.through else set()
    if not lead.compared:
        remarks.add(Remark.LEVEL_NOT_COMPARED)
    if agency is not None and not agency.stands(found.award_date):
        remarks.add(Remark.AGENCY_LEFT)
    if any(_denies(each, since=lead.report.since, day=found.award_date) for each in grounds):
        remarks.add(Remark.NEGATIVE_SINCE)
    told = _told(found, lead, verdict=lead.verdict, remarks=remarks, on=on)
    return replace(told, report_ids=tuple(sorted({each.report.id for each in best})))


def _denies(ground: Ground, *, since: date, day: date) -> bool:
    return ground.report.decision is Decision.NEGATIVE and since <= ground.report.since <= day


def _uncovered(found: Quality, grounds: list[Ground], *, aside: set[Remark], on: QualityIndex) -> Quality:
    day = found.award_date
    begun = [each for each in grounds if each.report.since <= day]
    negative = [each for each in begun if each.report.decision is Decision.NEGATIVE]
    lapsed = [each for each in begun if each.sound]
    remarks = {bar for each in begun if each.report.decision in POSITIVE and each.covers(day) for bar in each.bars}
    if any(each.sound and each.report.since > day for each in grounds):
        remarks.add(Remark.ONLY_LATER)
    latest = max(
        [*negative, *lapsed], key=lambda each: (each.report.since, each in negative, each.report.id), default=None
    )
    if latest is None:
        return replace(found, remarks=frozenset(remarks or aside))
    if latest in negative:
        return _told(found, latest, verdict=QualityVerdict.NEGATIVE, remarks=remarks, on=on)
    last = max(lapsed, key=lambda each: (each.report.end, each.report.since, each.report.id))
    return _told(found, last, verdict=QualityVerdict.EXPIRED, remarks=remarks, on=on)


def _told(
    found: Quality, ground: Ground, *, verdict: QualityVerdict, remarks: Iterable[Remark], on: QualityIndex
) -> Quality:  # fmt: skip
    agency = on.agency_of(ground.report)
    return replace(
        found,
        verdict=verdict,
        report_ids=(ground.report.id,),
        agency_id=agency.id if agency else ground.report.agency,
        agency_name=agency.name if agency else "",
        valid_from=ground.report.since,
        valid_to=ground.report.end,
        remarks=frozenset(remarks),
    )
