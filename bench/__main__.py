"""Runs every job in order, prints its table, writes bench/latest.json; arguments name jobs if not all are wanted."""

import sys
from collections.abc import Callable, Mapping, Sequence

from bench import (
    jobs_claim,
    jobs_cohort,
    jobs_ladder,
    jobs_sd_jwt_vc,
    jobs_status,
    jobs_trust,
    jobs_vc_jwt,
    jobs_verifier,
    measure,
    report,
)
from bench.processes import NotReadyError
from bench.report import Figure

JOBS: Mapping[str, Callable[[], Sequence[Figure]]] = {
    "sd_jwt_vc": jobs_sd_jwt_vc.run,
    "ladder": jobs_ladder.run,
    "vc_jwt": jobs_vc_jwt.run,
    "status": jobs_status.run,
    "trust": jobs_trust.run,
    "claim": jobs_claim.run,
    "cohort": jobs_cohort.run,
    "verifier": jobs_verifier.run,
}


def main(chosen: Sequence[str]) -> int:
    """Measures the chosen jobs, or all; what is short is marked and never an error."""
    unknown = [name for name in chosen if name not in JOBS]
    if unknown:
        report.show(f"No job is called {', '.join(unknown)}; there are {', '.join(JOBS)}.")
        return 2
    report.show(f"One process, {measure.pin_to_one_core()}; ratios compare what ran in the same rounds.")
    figures: list[Figure] = []
    for name in chosen or JOBS:
        try:
            done = JOBS[name]()
        except NotReadyError as error:
            report.show(f"\n{name} is left out: {error}.")
            continue
        report.show(f"\n{report.render(done)}")
        for remark in report.growth(done):
            report.show(f"worse than linear: {remark}")
        figures += done
    if not chosen:
        report.write(figures)
        report.show(f"\nWritten to {report.LATEST.name}.")
    return 0


sys.exit(main(sys.argv[1:]))
