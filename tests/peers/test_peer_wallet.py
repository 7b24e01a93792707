"""Our wallet between two strangers: eduTAP issues to it, polaris asks it, and each believes what it gets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port
from joserfc.jwk import ECKey

from keys.signer import SoftwareSigner
from tests.peers import edutap, polaris, wallets
from tests.peers.certificates import Root
from tests.peers.edutap import Edutap
from tests.peers.polaris import Polaris
from tests.peers.wallets import Hand, RefusedError

pytestmark = pytest.mark.peer

VCT = "https://campus.example/vct/micro-credential"
CLAIMS = {"given_name": "Zoë", "family_name": "Kovács", "achievement": {"title": "Data ethics", "level": 6}}
PIN = "493817"


@pytest.fixture
def anchors(root: Root, tmp_path: Path) -> Path:
    folder = tmp_path / "anchors"
    folder.mkdir()
    (folder / "root.pem").write_bytes(root.pem)
    return folder


@pytest.fixture
async def campus(root: Root, issuer: SoftwareSigner, now: datetime, tmp_path: Path) -> AsyncIterator[Edutap]:
    port = unused_port()
    identifier = f"https://localhost:{port}{edutap.TENANT}"
    times = {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 3600}
    async with edutap.running(
        port=port,
        tls=root.tls(tmp_path, now=now),
        key=ECKey.import_key(dict(issuer.key.to_json())),
        x5c=tuple(root.issuer_x5c(issuer.key, uri=identifier, now=now)),
        vct=VCT,
        claims={**CLAIMS, **times},
    ) as running:
        yield running


@pytest.fixture
def verifier(root: Root, now: datetime) -> Iterator[Polaris]:
    certificate, key = root.party(now=now)
    with polaris.running(
        certificate_pem=certificate, key_pem=key, vct=VCT, claims=("given_name",), anchors=root.anchors
    ) as running:
        yield running


@pytest.fixture
async def learner(anchors: Path, campus: Edutap, verifier: Polaris, tmp_path: Path) -> AsyncIterator[Hand]:
    async with wallets.running(
        folder=tmp_path, port=unused_port(), anchors=anchors, origins=(campus.origin, verifier.origin)
    ) as hand:
        yield hand


async def received(learner: Hand, campus: Edutap, *, by_reference: bool = False) -> str:
    offer = await learner.post("/offers", {"link": campus.offer(pin=PIN, by_reference=by_reference)})
    taken = await learner.post(f"/offers/{offer['id']}/accept", {"tx_code": PIN, "known": True})
    (certificate,) = taken["received"]
    return str(certificate)


@pytest.mark.parametrize("by_reference", [False, True], ids=["by value", "by reference"])
async def test_edutap_issues_to_our_wallet_and_hears_that_it_was_accepted(
    learner: Hand, campus: Edutap, *, by_reference: bool
) -> None:
    certificate = await received(learner, campus, by_reference=by_reference)

    shown = await learner.get(f"/credentials/{certificate}")
    assert shown["issuer"]["id"] == campus.identifier
    assert shown["types"] == [VCT]
    assert [heard.to_dict()["event"] for heard in campus.backend.notifications] == ["credential_accepted"]


async def test_a_wrong_pin_gets_nothing_from_edutap_and_says_so(learner: Hand, campus: Edutap) -> None:
    offer = await learner.post("/offers", {"link": campus.offer(pin=PIN)})

    with pytest.raises(RefusedError, match="wrong_pin"):
        await learner.post(f"/offers/{offer['id']}/accept", {"tx_code": "000000", "known": True})

    assert campus.issued == []


async def test_without_its_root_the_wallet_takes_nothing_from_edutap(
    campus: Edutap, verifier: Polaris, anchors: Path, tmp_path: Path
) -> None:
    (anchors / "root.pem").unlink()
    async with wallets.running(
        folder=tmp_path, port=unused_port(), anchors=anchors, origins=(campus.origin, verifier.origin)
    ) as learner:
        with pytest.raises(RefusedError, match="party_silent"):
            await learner.post("/offers", {"link": campus.offer(pin=PIN)})


async def test_polaris_asks_our_wallet_and_accepts(learner: Hand, campus: Edutap, verifier: Polaris) -> None:
    await received(learner, campus)
    request = await learner.post("/requests", {"link": verifier.ask()})
    (ways,) = request["queries"].values()
    assert [row["name"] for row in ways[0]["leaves"]] == ["given_name"]

    shared = await learner.post(f"/requests/{request['id']}/consent", {})

    verdict = (await asyncio.to_thread(verifier.answer)).verdict
    assert verdict.authentic, verdict.reason
    assert verdict.claims["given_name"] == "Zoë"
    assert not {"family_name", "achievement"} & set(verdict.claims)
    assert shared["redirect_uri"] == f"{verifier.origin}/done"


async def test_polaris_hears_no_more_than_denied(learner: Hand, campus: Edutap, verifier: Polaris) -> None:
    await received(learner, campus)
    request = await learner.post("/requests", {"link": verifier.ask()})

    await learner.post(f"/requests/{request['id']}/refuse", {})

    verdict = (await asyncio.to_thread(verifier.answer)).verdict
    assert not verdict.authentic
    assert verdict.wallet_error["error"] == "access_denied"


async def test_what_was_shared_once_is_not_shared_again(learner: Hand, campus: Edutap, verifier: Polaris) -> None:
    await received(learner, campus)
    request = await learner.post("/requests", {"link": verifier.ask()})
    await learner.post(f"/requests/{request['id']}/consent", {})

    with pytest.raises(RefusedError, match="ended"):
        await learner.post(f"/requests/{request['id']}/consent", {})
