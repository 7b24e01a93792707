"""What is kept of a verification: the findings, who signed, and the claims that were asked for; never the presentation.

Claims are kept only where the signature is genuine, and without those that were disclosed beyond the question
(OpenID4VP 1.0 section 15, and the rule of this project that a verifier stores what it asked for).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from credentials.claims_path import ClaimsPath
from credentials.credential import Format
from credentials.learning import summary, w3c_claims
from credentials.learning.view import View
from keys.x509 import Certificate
from trust.identity import SignerIdentity
from trust.report import Finding, Report, Rung, Verdict

Names = Callable[[tuple[Certificate, ...]], tuple[str, ...]]

MECHANICS = frozenset(
    {"iss", "vct", "vct#integrity", "cnf", "status", "iat", "nbf", "exp", "_sd_alg", "sub", "jti", "credentialStatus"}
)
"""Claims that say how the credential works, not what it is about; what matters of them is told elsewhere."""


def of(
    report: Report, *, names_of: Names, query: str | None = None, surplus: Sequence[ClaimsPath] = ()
) -> dict[str, Any]:
    """One presentation or credential with all that was found about it."""
    credential, problem = report.credential, report.problem
    shown: dict[str, Any] = {
        "query": query,
        "verdict": report.verdict.value,
        "code": None if problem is None or problem.code is None else problem.code.value,
        "issuer": None if report.identity is None else _issuer(report.identity, names_of=names_of),
        "claims": {},
        "surplus": sorted({str(path[0]) for path in surplus}),
        "findings": [finding.to_json() for finding in report.findings],
    }
    if credential is None:
        return shown
    shown |= {
        "format": credential.format.value,
        "types": list(credential.types),
        "issued_at": _moment(credential.issued_at or credential.not_before),
        "expires": _moment(credential.expires),
        "sha256": hashlib.sha256(credential.raw.partition("~")[0].encode()).hexdigest(),  # of what the issuer signed
    }
    if is_genuine(report.findings):
        told = {name: value for name, value in credential.claims.items() if name not in MECHANICS}
        shown["claims"] = without(told, surplus) if surplus else told
    return shown


def together(presentations: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Any]:
    """The result of a request: the answer to all of it, and each presentation."""
    verdicts = {each["verdict"] for each in presentations}
    worst = next((v for v in (Verdict.NO, Verdict.NOT_SURE) if v.value in verdicts), Verdict.YES)
    code = next((each["code"] for each in presentations if each["verdict"] == worst.value), None)
    return {"verdict": worst.value, "code": code, "as_of": _moment(now), "presentations": list(presentations)}


def declined(error: str, *, now: datetime) -> dict[str, Any]:
    """The result of a request that the wallet refused, with the error code that it gave."""
    return {"verdict": None, "code": None, "declined": error, "as_of": _moment(now), "presentations": []}


def view(presentation: Mapping[str, Any]) -> View:
    """The micro-credential that a kept presentation shows, in whatever format it came."""
    claims = presentation["claims"]
    if presentation.get("format") != Format.SD_JWT_VC.value:
        return w3c_claims.from_claims(claims)
    expires = presentation.get("expires")
    ends = {} if expires is None else {"exp": int(datetime.fromisoformat(expires).timestamp())}
    return summary.reader(presentation.get("types", ()))({**claims, **ends})


def with_facts(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with the facts of each presentation in plain words."""
    told = [
        {**each, "facts": [fact.to_json() for fact in summary.facts(view(each))] if each["claims"] else []}
        for each in result["presentations"]
    ]
    return {**result, "presentations": told}


def is_genuine(findings: Iterable[Finding]) -> bool:
    """Whether the signature of a trusted issuer was found good."""
    return any(finding.rung is Rung.SIGNATURE and finding.good for finding in findings)


def without(claims: Mapping[str, Any], paths: Iterable[ClaimsPath]) -> dict[str, Any]:
    """`claims` without what lies at `paths`."""
    left: Any = dict(claims)
    for path in sorted(paths, key=_order, reverse=True):  # later places of an array first
        left = _cut(left, path)
    return dict(left)


def _order(path: ClaimsPath) -> tuple[tuple[int, str], ...]:
    """Places of an array by number, not by how the number is written."""
    return tuple((part, "") if isinstance(part, int) else (-1, str(part)) for part in path)


def _cut(value: Any, path: ClaimsPath) -> Any:
    head, *rest = path
    if isinstance(value, Mapping) and head in value:
        kept = {name: inner for name, inner in value.items() if name != head}
        return {**kept, head: _cut(value[head], tuple(rest))} if rest else kept
    if isinstance(value, list) and isinstance(head, int) and head < len(value):
        middle = [_cut(value[head], tuple(rest))] if rest else []
        return [*value[:head], *middle, *value[head + 1 :]]
    return value


def _issuer(signer: SignerIdentity, *, names_of: Names) -> dict[str, Any]:
    return {
        "id": signer.id,
        "name": signer.name,
        "kind": signer.kind.value,
        "anchored": signer.anchored,
        "certificates": list(names_of(signer.path)),
        "accredited": [
            {
                "name": step.name,
                "accredited_by": step.accredited_by_name,
                "from": step.since.isoformat(),
                "until": step.until and step.until.isoformat(),
            }
            for step in signer.accredited
        ],
        "accredited_now": signer.accredited_now,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
