"""Quality assurance: what one question to an export of DEQAR costs, at three sizes of the export, side by side.

Each body has as many reports whatever the size, so that the cost of a question owes to grow by nothing: the limit is
the rate at the smallest size, in the same rounds. Every question is about another body.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle

from bench import measure, trust_decision
from bench.measure import Work
from bench.report import Figure
from credentials.learning.course import AwardingBody, Course, Identifier
from credentials.learning.text import Text
from credentials.learning.vocabularies.levels import Cycle
from trust import organisations
from trust.quality.assurance import quality_of
from trust.quality.index import QualityIndex
from trust.quality.records import (
    Agency,
    Decision,
    Export,
    Flag,
    Level,
    Numbered,
    Official,
    Programme,
    Provider,
    QaReport,
    Scope,
    Span,
)

SIZES = (1_000, 10_000, 100_000)  # reports; DEQAR has about 100,000
REPORTS_EACH = 20
ASKED = 50  # bodies in turn, whatever the size: what is compared is the look-up, not the processor's cache
OWED = 0.7
AWARDED = date(2025, 6, 15)
COURSE = Course(title=Text.of({"en": "Programme 1"}), eqf_level=7)
OPEN = Span()


def run() -> Sequence[Figure]:
    """One question at each size, against the same question at the smallest; then whole decisions."""
    rates = measure.side_by_side({str(size): _asker(size) for size in SIZES})
    smallest = str(SIZES[0])
    return [
        Figure(
            job="trust: quality assurance of a body, of the smallest size", size=size, rate=rates.of(str(size)),
            limit=rates.of(smallest), ratio=rates.ratio(str(size), limit=smallest),
            owed=None if size == SIZES[0] else OWED,
        )
        for size in SIZES
    ] + [*trust_decision.run()]  # fmt: skip


def _asker(size: int) -> Work:
    count = size // REPORTS_EACH
    on = QualityIndex.of(_export(count))
    bodies = cycle([_body(place * (count // ASKED)) for place in range(ASKED)])

    def ask() -> None:
        answer = quality_of(next(bodies), micro_credential=COURSE, award_date=AWARDED, on=on)
        assert answer.assured, answer

    return ask


def _body(number: int) -> AwardingBody:
    return AwardingBody(
        name=Text.of({"en": f"University {number}"}),
        country="IT",
        identifiers=(
            Identifier(scheme="deqar", value=f"DEQARINST{number:04}"),
            Identifier(scheme="schac", value=f"u{number}.example"),
        ),
    )


def _export(providers: int) -> Export:
    agency = Agency(id="1", name="Agency", acronym="A", registered=OPEN)
    return Export(
        data_as_of=AWARDED,
        providers=tuple(_provider(number) for number in range(providers)),
        agencies=(agency,),
        reports=tuple(_report(number, nth) for number in range(providers) for nth in range(REPORTS_EACH)),
    )


def _provider(number: int) -> Provider:
    domain = organisations.Identifier(scheme="schac", value=f"u{number}.example")
    return Provider(
        id=f"DEQARINST{number:04}", name=f"University {number}", names=frozenset({f"University {number}"}),
        numbers=frozenset({Numbered(identifier=domain, span=OPEN)}),
        levels=frozenset({Level(cycle=Cycle.SECOND, span=OPEN)}),
    )  # fmt: skip


def _report(number: int, nth: int) -> QaReport:
    since = date(2015, 1, 1) + timedelta(days=200 * nth)
    programme = Programme(names=frozenset({f"Programme {nth}"}), level=Cycle.SECOND)
    return QaReport(
        id=f"{number}-{nth}", agency="A", scope=Scope.PROGRAMME if nth % 2 else Scope.INSTITUTIONAL,
        official=Official.OBLIGATORY, decision=Decision.POSITIVE, flag=Flag.NONE, since=since, until=None,
        providers=frozenset({f"DEQARINST{number:04}"}), programmes=frozenset({programme}),
    )  # fmt: skip
