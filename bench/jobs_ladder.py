"""The whole ladder in process: chain to the anchor, signature, times, key binding, claims, status in a list at hand.

A presentation as a verifier gets it, with x5c and a reference into a list of 2^20 places, from one issuer it has met
before. openvc-core does the same with its full pipeline and the list already verified.
"""

import asyncio
from collections.abc import Sequence
from itertools import cycle

from bench import limits, measure, peers, sample
from bench.measure import Work
from bench.report import Figure
from bench.scene import Scene
from credentials.formats import sd_jwt_vc
from trust import verification
from trust.policy import Policy
from trust.verification import Binding

SIZES = (20, 200, 2_000)
PEERS_AT = 20


def run() -> Sequence[Figure]:
    """The ladder at three sizes."""
    return [_climb(size) for size in SIZES]


def climber(scene: Scene, *, shown: Sequence[str]) -> Work:
    """Climbs the whole ladder with one presentation after the other; the status list has been fetched."""
    policy, grounds, now = Policy(types=frozenset({sample.VCT})), scene.grounds(), scene.made.now
    binding = Binding(audience=sample.AUDIENCE, nonce=sample.NONCE)
    first = asyncio.run(verification.verify(shown[0], policy=policy, grounds=grounds, now=now, binding=binding))
    assert first.accepted, [finding for finding in first.findings if not finding.good]
    turns = cycle(shown)

    def climb() -> None:
        report = verification.verify_now(next(turns), policy=policy, grounds=grounds, now=now, binding=binding)
        assert report is not None
        assert report.accepted

    return climb


def _climb(size: int) -> Figure:
    scene = Scene.of(sample.make(size))
    shown = [scene.present(number) for number in range(len(scene.held))]
    rates = measure.side_by_side(
        {
            "limit": limits.es256_verifications(*signed_in(shown[0])),
            "ours": climber(scene, shown=shown),
            **(peers.pipelines(shown, anchor=scene.anchor, listed=scene.status_list) if size == PEERS_AT else {}),
        }
    )
    return Figure(
        job="SD-JWT VC up the whole ladder, in process",
        size=size,
        rate=rates.of("ours"),
        limit=rates.of("limit"),
        ratio=rates.ratio("ours", limit="limit"),
        owed=None,
        peers={name: rates.of(name) for name in rates.rounds if name not in {"limit", "ours"}},
    )


def signed_in(presentation: str) -> tuple[bytes, bytes]:
    """What the issuer and the holder signed."""
    bound = presentation.rsplit("~", 1)[1].rsplit(".", 1)[0].encode()
    return sd_jwt_vc.parse(presentation).jws.signing_input, bound
