"""TLS of the guarded client: an authority counts when its certificate lies in the folder, and not otherwise."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from keys import authority, base64url, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service.outbound import Outbound, Unreachable
from service.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Peer:
    origin: str
    anchors: Path


def private_pem(key: PrivateJwk) -> bytes:
    number = int.from_bytes(base64url.decode(key.to_json()["d"]), "big")
    made = ec.derive_private_key(number, ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    now = datetime.now(UTC)
    signer, root = authority.create_authority("Trial authority", now=now)
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = authority.create_leaf(
        (signer, root), subject="localhost", public=key.public, dns=("localhost",), now=now, days=2
    )
    anchors = tmp_path / "anchors"
    anchors.mkdir()
    (anchors / "root.pem").write_bytes(x509.to_pem(root))
    (tmp_path / "server.pem").write_bytes(private_pem(key) + x509.to_pem(leaf))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")

    async def hello(_request: web.Request) -> web.Response:
        return web.json_response({"hello": "there"})

    app = web.Application()
    app.router.add_get("/", hello)
    server = TestServer(app, scheme="https", host="127.0.0.1")
    await server.start_server(ssl=context)
    yield Peer(origin=f"https://localhost:{server.port}", anchors=anchors)
    await server.close()


async def test_an_authority_in_the_folder_is_trusted(peer: Peer, settings: Settings) -> None:
    ours = replace(settings, loopback_origins=frozenset({peer.origin}), tls_anchors=peer.anchors)
    client = Outbound.of(ours)

    assert await client.get_json(f"{peer.origin}/") == {"hello": "there"}
    await client.close()


async def test_an_authority_that_nobody_named_is_not_trusted(peer: Peer, settings: Settings) -> None:
    client = Outbound.of(replace(settings, loopback_origins=frozenset({peer.origin})))

    with pytest.raises(Unreachable):
        await client.get_json(f"{peer.origin}/")
    await client.close()


async def test_a_certificate_for_another_name_is_not_trusted(peer: Peer, settings: Settings) -> None:
    other = peer.origin.replace("localhost", "127.0.0.1")
    client = Outbound.of(replace(settings, loopback_origins=frozenset({other}), tls_anchors=peer.anchors))

    with pytest.raises(Unreachable):
        await client.get_json(f"{other}/")
    await client.close()
