"""SD-JWT VC with ES256: issuing against one bare signature, verifying a presentation against two bare verifications.

Verifying covers the issuer's signature, every disclosure, the times and the holder's key binding (audience, nonce,
sd_hash, age). The issuer's key is loaded before; each presentation is of one of 32 holders, whose key is inside it.
"""

from collections.abc import Sequence
from itertools import cycle

from bench import limits, measure, peers, sample
from bench.measure import Work
from bench.report import Figure
from bench.sample import Sample
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent

SIZES = (20, 200, 2_000)
OWED_AT = 20
OWED_ISSUE, OWED_VERIFY = 0.45, 0.58


def run() -> Sequence[Figure]:
    """Issue and verify at three sizes; the peers only at the size that is owed."""
    return [_issue(size) for size in SIZES] + [_verify(size) for size in SIZES]


def _issue(size: int) -> Figure:
    made = sample.make(size)
    signed = sd_jwt_vc.parse(_issued(made, holder=0)).jws.signing_input
    rates = measure.side_by_side(
        {
            "limit": limits.es256_signature(signed),
            "ours": lambda: _issued(made, holder=0),
            **(peers.sd_jwt_issuers(made) if size == OWED_AT else {}),
        }
    )
    return _figure(rates, job="SD-JWT VC issue, half disclosable, ES256", size=size, owed=OWED_ISSUE)


def _verify(size: int) -> Figure:
    made = sample.make(size)
    shown = [_presented(made, holder=n) for n in range(len(made.holders))]
    parsed = sd_jwt_vc.parse(shown[0])
    bound = shown[0].rsplit("~", 1)[1].rsplit(".", 1)[0].encode()
    rates = measure.side_by_side(
        {
            "limit": limits.es256_verifications(parsed.jws.signing_input, bound),
            "ours": _verifier(made, shown=shown),
            **(peers.sd_jwt_verifiers(made, shown=shown) if size == OWED_AT else {}),
        }
    )
    return _figure(rates, job="SD-JWT VC verify, all disclosed, key binding, ES256", size=size, owed=OWED_VERIFY)


def _verifier(made: Sample, *, shown: Sequence[str]) -> Work:
    key, turns = made.issuer.public, cycle(shown)

    def verify() -> None:
        presented = sd_jwt_vc.parse(next(turns))
        sd_jwt_vc.verify_signature(presented, key=key)
        sd_jwt_vc.check_time(presented.credential, now=made.now)
        sd_jwt_vc.verify_binding(presented, audience=sample.AUDIENCE, nonce=sample.NONCE, now=made.now)

    return verify


def _issued(made: Sample, *, holder: int) -> str:
    content = SdJwtVcContent(
        vct=sample.VCT,
        issuer=sample.ISSUER,
        claims=made.claims,
        disclosable=made.paths,
        holder_key=made.holders[holder].public,
        issued_at=made.now,
        expires=made.expires,
    )
    return sd_jwt_vc.issue_now(content, signer=made.issuer)


def _presented(made: Sample, *, holder: int) -> str:
    return sd_jwt_vc.present(
        _issued(made, holder=holder),
        disclose=made.paths,
        key=made.holders[holder],
        audience=sample.AUDIENCE,
        nonce=sample.NONCE,
        now=made.now,
    )


def _figure(rates: measure.Rates, *, job: str, size: int, owed: float) -> Figure:
    return Figure(
        job=job,
        size=size,
        rate=rates.of("ours"),
        limit=rates.of("limit"),
        ratio=rates.ratio("ours", limit="limit"),
        owed=owed if size == OWED_AT else None,
        peers={name: rates.of(name) for name in rates.rounds if name not in {"limit", "ours"}},
    )
