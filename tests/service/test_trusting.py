"""What a service's trust rests on: anchors from a folder, and a list whose keys are pinned in a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service import trusting
from service.settings import Environment, InvalidSettings
from service.trusting import TrustSettings
from trust.ebsi.places import Registry
from trust.policy import Trust

NOW = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://registry.example/lists/accredited-issuers"


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    key = PrivateJwk.generate(Algorithm.ES256).public
    file = tmp_path / "registry.json"
    published = {**key.to_json(), "kid": "k1", "use": "sig", "alg": "ES256"}
    file.write_bytes(strict_json.dump({"keys": [published]}))
    return file


def read(**values: str) -> TrustSettings:
    environment = Environment({f"TRIAL_{name}": value for name, value in values.items()}, prefix="TRIAL_")
    settings = TrustSettings.read(environment)
    environment.finish()
    return settings


def test_a_list_and_its_pinned_keys_are_read(pinned: Path) -> None:
    settings = read(REGISTRY_URL=URL, REGISTRY_KEYS=str(pinned))
    assert settings.registry_url == URL
    assert [key.kid for key in settings.registry_keys] == ["k1"]


def test_where_there_is_a_list_it_and_the_certificate_must_both_speak_for_an_issuer(pinned: Path) -> None:
    assert read(REGISTRY_URL=URL, REGISTRY_KEYS=str(pinned)).rule is Trust.BOTH
    assert read().rule is Trust.ANCHORS


@pytest.mark.parametrize("missing", ["REGISTRY_URL", "REGISTRY_KEYS"])
def test_a_list_without_its_keys_or_keys_without_a_list_are_refused(pinned: Path, missing: str) -> None:
    told = {"REGISTRY_URL": URL, "REGISTRY_KEYS": str(pinned)}
    del told[missing]
    with pytest.raises(InvalidSettings, match="belong together"):
        read(**told)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"keys": 7}', b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "AQ"}]}'],
    ids=["nothing", "no keys", "keys that are a number", "an empty set", "a secret key"],
)  # fmt: skip
def test_a_file_without_public_keys_is_refused(pinned: Path, content: bytes) -> None:
    pinned.write_bytes(content)
    with pytest.raises(InvalidSettings, match="TRIAL_REGISTRY_KEYS"):
        read(REGISTRY_URL=URL, REGISTRY_KEYS=str(pinned))


def test_anchors_are_the_certificates_of_a_folder(tmp_path: Path) -> None:
    _, root = x509.create_authority("Root", now=NOW)
    folder = tmp_path / "anchors"
    folder.mkdir()
    (folder / "root.pem").write_bytes(x509.to_pem(root))
    assert tuple(trusting.anchors_in(folder)) == (root,)
    assert tuple(trusting.anchors_in(None)) == ()


ROOT = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"
BASE = "https://registry.example"


def test_a_registry_of_ebsis_kind_and_its_pinned_roots_are_read() -> None:
    settings = read(EBSI_REGISTRY=f"{BASE}, https://old.example, pilot", EBSI_ROOTS=f"{ROOT}=Ministry")

    assert settings.ebsi == Registry(base=BASE, aliases=("https://old.example",), network="pilot")
    assert settings.ebsi_roots == {ROOT: "Ministry"}
    assert read().ebsi is None


@pytest.mark.parametrize(
    "told",
    [
        {"EBSI_REGISTRY": BASE},
        {"EBSI_ROOTS": ROOT},
        {"EBSI_REGISTRY": "http://registry.example", "EBSI_ROOTS": ROOT},
        {"EBSI_REGISTRY": BASE, "EBSI_ROOTS": "did:web:ministry.example"},
    ],
    ids=["no roots", "no registry", "no https", "another method"],
)
def test_a_registry_without_roots_or_an_odd_one_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings, match="EBSI_"):
        read(**told)
