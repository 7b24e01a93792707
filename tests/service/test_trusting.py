"""What a service's trust rests on: anchors from a folder, and a list whose keys are pinned in a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from service import trusting
from service.settings import Environment, InvalidSettings
from service.trusting import ListSettings, TrustSettings
from tests.keys.certificates import NOW as AT
from tests.trust.builders import Net
from tests.trust.trusted_lists import test_source as publishers
from tests.trust.trusted_lists import test_ts119602 as entities
from trust.ebsi.places import Registry
from trust.grounds import Grounds
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


def read_lists(**values: str) -> ListSettings:
    environment = Environment({f"TRIAL_{name}": value for name, value in values.items()}, prefix="TRIAL_")
    settings = ListSettings.read(environment)
    environment.finish()
    return settings


@pytest.fixture
def lists_folder(tmp_path: Path) -> Path:
    """A folder as an operator makes it: the lists, and who may sign them."""
    folder = tmp_path / "lists"
    (folder / "signers").mkdir(parents=True)
    (folder / "signers/commission.pem").write_bytes(x509.to_pem(publishers.UNION.held))
    (folder / "signers/registry.json").write_bytes(strict_json.dump({"keys": [entities.KEY.public.to_json()]}))
    (folder / "lotl.xml").write_bytes(publishers.lotl())
    (folder / "xn.xml").write_bytes(publishers.national())
    (folder / "entities.jwt").write_text(entities.sign(entities.claims()))
    return folder


def test_lists_that_lie_in_a_folder_are_read_at_the_start(lists_folder: Path) -> None:
    settings = read_lists(TRUSTED_LISTS=str(lists_folder))

    grounds = settings.open(Grounds(), outbound=Net(), now=AT, seen={})  # type: ignore[arg-type]  # nothing is fetched

    assert grounds.lists is not None
    assert grounds.entities is not None
    assert {each.territory for each in grounds.lists.at_hand().lists} == {"EU", "XN"}
    assert grounds.entities.sequences == {"entities.jwt": 7}
    assert (grounds.lists.problems, grounds.entities.problems) == ({}, {})


def test_a_list_older_than_one_seen_before_the_restart_is_refused(lists_folder: Path) -> None:
    settings = read_lists(TRUSTED_LISTS=str(lists_folder))

    grounds = settings.open(Grounds(), outbound=Net(), now=AT, seen={"EU": 4})  # type: ignore[arg-type]  # as above

    assert grounds.lists is not None
    assert grounds.lists.at_hand().lists == ()
    assert "newer" in grounds.lists.problems["lotl.xml"]


def test_only_the_countries_that_are_wanted_are_read(lists_folder: Path) -> None:
    settings = read_lists(TRUSTED_LISTS=str(lists_folder), TRUSTED_LISTS_COUNTRIES="BE, IE")

    grounds = settings.open(Grounds(), outbound=Net(), now=AT, seen={})  # type: ignore[arg-type]  # as above

    assert grounds.lists is not None
    assert {each.territory for each in grounds.lists.at_hand().lists} == {"EU"}


def test_without_a_folder_no_list_is_asked() -> None:
    assert read_lists().open(Grounds(), outbound=Net(), now=AT, seen={}).lists is None  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"TRUSTED_LISTS_URL": "https://ec.example/lotl.xml"}, "TRUSTED_LISTS is missing"),
        ({"TRUSTED_ENTITIES": "https://registry.example/entities"}, "TRUSTED_LISTS is missing"),
        ({"TRUSTED_LISTS": "/nowhere/at/all"}, "does not exist"),
        ({"TRUSTED_LISTS": "{folder}/signers"}, "has no certificate"),
        ({"TRUSTED_LISTS": "{folder}", "TRUSTED_LISTS_COUNTRIES": "XX"}, "names XX"),
    ],
)
def test_lists_without_pinned_signers_are_refused(lists_folder: Path, told: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidSettings, match=says):
        read_lists(**{name: value.format(folder=lists_folder) for name, value in told.items()})
