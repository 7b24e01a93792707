"""A verifier as processes of its own, with what it needs around it: keys, an anchor, the address of a status list."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from bench import databases, processes, sample
from bench.processes import Service
from bench.scene import Scene
from credentials.status import token_list
from keys import authority, keyring_files, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk

PASSPHRASE = "a passphrase for this bench alone"  # noqa: S105  # of keys that end with it
REQUEST_SECONDS = "900"


@contextmanager
def listed() -> Iterator[Scene]:
    """A scene whose status list can be fetched from loopback."""
    scenes: list[Scene] = []

    class Archive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            body = scenes[0].status_list.encode()
            self.send_response(200)
            self.send_header("Content-Type", token_list.MEDIA_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Archive) as server:
        uri = f"http://localhost:{server.server_address[1]}/status/1"
        scenes.append(Scene.of(sample.make(20), list_uri=uri))
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield scenes[0]
        finally:
            server.shutdown()


@contextmanager
def verifier(scene: Scene, *, workers: int = 1) -> Iterator[Service]:
    """A verifier over SQLite that trusts the issuer of the scene."""
    listed_at = scene_origin(scene)
    with databases.sqlite() as url, tempfile.TemporaryDirectory() as folder:
        place, origin = Path(folder), f"http://localhost:{processes.free_port()}"
        values = {
            "VERIFIER_PROFILE": "development",
            "VERIFIER_BASE_URL": origin,
            "VERIFIER_PORT": str(urlsplit(origin).port),
            "VERIFIER_DATABASE_URL": url,
            "VERIFIER_KEYS": str(place / "keys"),
            "VERIFIER_KEY_PASSPHRASE": PASSPHRASE,
            "VERIFIER_ISSUER_ANCHORS": str(place / "anchors"),
            "VERIFIER_LOOPBACK_ORIGINS": listed_at,
            "VERIFIER_TYPES": sample.VCT,
            "VERIFIER_REQUEST_SECONDS": REQUEST_SECONDS,
        }
        _prepare(place, scene=scene, origin=origin)
        cores = set(range(os.cpu_count() or 1))
        arguments = ["verifier", "--workers", str(workers)]
        with processes.running(arguments, origin=origin, environment=values, cores=cores) as service:
            yield service


def scene_origin(scene: Scene) -> str:
    """Where the scene's status list is."""
    return "/".join(scene.list_uri.split("/")[:3])


def _prepare(place: Path, *, scene: Scene, origin: str) -> None:
    now, key = datetime.now(UTC), PrivateJwk.generate(Algorithm.ES256)
    root = authority.create_authority("Root of verifiers", now=now)
    leaf = authority.create_leaf(root, subject="Employer", public=key.public, uri=origin, dns=["localhost"], now=now)
    keyring_files.create(place / "keys", key=key, chain=(leaf,), passphrase=PASSPHRASE)
    (place / "anchors").mkdir()
    (place / "anchors" / "issuer.pem").write_bytes(x509.to_pem(scene.anchor))
