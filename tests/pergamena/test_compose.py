"""compose.yaml against the program: no container engine is needed to know that its words mean something to it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from issuer.settings import IssuerSettings
from keys import strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from pergamena import cli, services

ROOT = Path(__file__).parents[2]
NAMES = ["issuer", "wallet", "verifier", "registry"]
ADDRESSES = {f"{name.upper()}_BASE_URL": f"https://{name}.example" for name in NAMES}
MAIL = {
    "ISSUER_SMTP_HOST": "mail.university.example",
    "ISSUER_SMTP_FROM": "awards@university.example",
    "ISSUER_SMTP_USER": "awards",
}
CALL_OUT = set(NAMES)  # webhooks and mail; keys, lists and offers of others; status lists behind the proxies
SECRETS = {
    "database_url": "postgresql+asyncpg://pergamena:secret-of-ours@postgres/service",
    "passphrase": "a passphrase of our own",
    "writers": f"office={'0' * 64}",
    "smtp_password": "a password of our own",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return made


def filled(text: str, *, told: Mapping[str, str] = ADDRESSES | MAIL) -> str:
    """The text with its variables in place, as the compose specification says."""

    def value(found: re.Match[str]) -> str:
        return told.get(found[1]) or (found[2] or "").removeprefix(":-")

    return re.sub(r"\$\{([A-Z_]+)((?::-|:\?)[^}]*)?\}", value, text)


@pytest.fixture
def environment(compose: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """What a container of the service is told, its mounted files being here."""
    (tmp_path / "issuers").mkdir()
    (tmp_path / "verifiers").mkdir()
    (tmp_path / "bodies").mkdir()
    pinned = {"keys": [PrivateJwk.generate(Algorithm.ES256).public.to_json()]}
    (tmp_path / "registry.json").write_bytes(strict_json.dump(pinned))
    for kind, secret in SECRETS.items():
        (tmp_path / kind).write_text(secret, "utf-8")
    name = request.node.callspec.params["name"]
    said = {key: filled(str(value)) for key, value in compose["services"][name]["environment"].items()}
    for key, value in said.items():
        if value.startswith("/run/secrets/"):
            said[key] = str(tmp_path / value.rpartition("/")[2].partition("_")[2])
        elif value.startswith(("/var/lib/pergamena/trust/", "/var/lib/pergamena/bodies")):
            said[key] = str(tmp_path / value.rpartition("/")[2])
    return said


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_one_of_the_program(compose: dict[str, Any], name: str) -> None:
    arguments = cli.parser().parse_args(compose["services"][name]["command"])
    assert (arguments.run, arguments.service) == ("services.serve", name)


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_are_accepted_as_production(environment: dict[str, str], name: str) -> None:
    settings = services.settings_of(name, environment)
    assert settings.base.secure
    assert settings.base.database_url.startswith("postgresql+asyncpg://")


@pytest.mark.parametrize("name", ["issuer"])
def test_mail_is_handed_in_where_it_is_said_and_nowhere_else(
    compose: dict[str, Any], environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    told = IssuerSettings.parse(environment).mail_server
    assert told is not None
    assert (told.host, told.user, told.password) == (MAIL["ISSUER_SMTP_HOST"], "awards", "a password of our own")

    (tmp_path / "smtp_password").write_text("", "utf-8")
    written = compose["services"][name]["environment"]
    without = environment | {key: filled(str(written[key]), told=ADDRESSES) for key in MAIL}
    assert IssuerSettings.parse(without).mail_server is None


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_one_that_the_program_reads(environment: dict[str, str], name: str) -> None:
    asked: set[str] = set()

    class Watching(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().get(key, default)

    services.settings_of(name, Watching(environment))
    assert set(environment) - asked == set()


@pytest.mark.parametrize("name", NAMES)
def test_ports_and_health_checks_name_the_port_that_is_served(
    compose: dict[str, Any], environment: dict[str, str], name: str
) -> None:
    port = services.settings_of(name, environment).base.port
    assert compose["services"][name]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"http://127.0.0.1:{port}/readyz" in compose["services"][name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", NAMES)
def test_every_service_is_held_on_a_short_leash(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert ("egress" in service["networks"]) == (name in CALL_OUT)


@pytest.mark.parametrize("name", NAMES)
def test_every_secret_is_declared(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    named = {value.rpartition("/")[2] for value in service["environment"].values() if "/run/secrets/" in str(value)}
    assert named == set(service["secrets"])
    assert named <= set(compose["secrets"])


def test_only_the_keys_of_bodies_can_be_written(compose: dict[str, Any]) -> None:
    mounts = {name: compose["services"][name].get("volumes", []) for name in NAMES}
    writable = {name: [each for each in found if not each.endswith(":ro")] for name, found in mounts.items()}
    place = compose["services"]["registry"]["environment"]["REGISTRY_BODY_KEYS"]
    assert {name for name, found in writable.items() if found} == {"registry"}
    assert [each.partition(":")[2] for each in writable["registry"]] == [place]


def test_the_image_holds_every_package(compose: dict[str, Any]) -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/py.typed")}
    assert copied == packages


def test_the_image_does_not_run_as_root() -> None:
    assert re.search(r"^USER [1-9]\d*$", (ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE)
