"""A W3C credential of 20 claims as `vc+jwt` with Ed25519, against one bare signature or verification.

Verifying covers the signature, the data model and the times. openvc-core reads no VCDM 2.0 in a JWT: it does the same
with its VC-JWT of 1.1.
"""

from collections.abc import Callable, Sequence

from bench import limits, measure, peers, sample
from bench.measure import Rates
from bench.report import Figure
from bench.sample import Sample
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

SIZES = (20, 200, 2_000)
OWED_AT = 20
OWED_ISSUE, OWED_VERIFY = 0.75, 0.80


def run() -> Sequence[Figure]:
    """Issue and verify at three sizes."""
    signer = SoftwareSigner(PrivateJwk.generate(Algorithm.EDDSA))
    return [_issue(size, signer=signer) for size in SIZES] + [_verify(size, signer=signer) for size in SIZES]


def _issue(size: int, *, signer: SoftwareSigner) -> Figure:
    made = sample.make(size)
    issue = _issuer(made, signer=signer)
    signed = vc_jwt.parse(issue()).jws.signing_input
    rates = measure.side_by_side(
        {
            "limit": limits.ed25519_signature(signed),
            "ours": issue,
            **(peers.vc_jwt_issuers(made, key=signer.key) if size == OWED_AT else {}),
        }
    )
    return _figure(rates, job="vc+jwt issue, Ed25519", size=size, owed=OWED_ISSUE)


def _verify(size: int, *, signer: SoftwareSigner) -> Figure:
    made = sample.make(size)
    raw = _issuer(made, signer=signer)()

    def verify() -> None:
        read = vc_jwt.parse(raw)
        vc_jwt.verify_signature(read, key=signer.public)
        vc_jwt.check_time(read.credential, now=made.now)

    rates = measure.side_by_side(
        {
            "limit": limits.ed25519_verification(vc_jwt.parse(raw).jws.signing_input),
            "ours": verify,
            **(peers.vc_jwt_verifiers(made, key=signer.key) if size == OWED_AT else {}),
        }
    )
    return _figure(rates, job="vc+jwt verify, Ed25519", size=size, owed=OWED_VERIFY)


def _issuer(made: Sample, *, signer: SoftwareSigner) -> Callable[[], str]:
    did = methods.create_key(signer.public)
    kid = methods.key_id(did)

    def issue() -> str:
        content = VcJwtContent(
            types=("MicroCredential",), issuer=did, subject=made.claims, issued_at=made.now, expires=made.expires
        )
        return vc_jwt.issue_now(content, signer=signer, kid=kid)

    return issue


def _figure(rates: Rates, *, job: str, size: int, owed: float) -> Figure:
    return Figure(
        job=job,
        size=size,
        rate=rates.of("ours"),
        limit=rates.of("limit"),
        ratio=rates.ratio("ours", limit="limit"),
        owed=owed if size == OWED_AT else None,
        peers={name: rates.of(name) for name in rates.rounds if name not in {"limit", "ours"}},
    )
