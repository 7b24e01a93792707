from pathlib import Path

import pytest

from service.settings import Environment, InvalidSettings, Profile, Settings

PRODUCTION = {"ISSUER_BASE_URL": "https://awards.uni.example"}


def parse(**changes: str) -> Settings:
    return Settings.parse(
        PRODUCTION | {f"ISSUER_{name}": value for name, value in changes.items()}, service="issuer", port=8001
    )


def test_production_is_the_default_and_needs_only_its_address() -> None:
    settings = parse()

    assert settings.profile is Profile.PRODUCTION
    assert settings.base_url == "https://awards.uni.example"
    assert settings.host_name == "awards.uni.example"
    assert settings.secure
    assert settings.loopback_origins == frozenset()


def test_development_is_served_on_localhost_at_its_port() -> None:
    settings = Settings.parse({"WALLET_PROFILE": "development"}, service="wallet", port=8002)

    assert settings.base_url == "http://localhost:8002"
    assert not settings.secure


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BASE_URL", "http://uni.example", "ISSUER_BASE_URL must be https, not http://uni.example"),
        ("BASE_URL", "http://localhost:8001", "ISSUER_BASE_URL must be https, not http://localhost:8001"),
        ("BASE_URL", "https://user@uni.example", "without query or user"),
        ("BASE_URL", "https://uni.example/?a=b", "without query or user"),
        ("BASE_URL", "uni.example", "must be an https address"),
        ("PROFILE", "test", "ISSUER_PROFILE must be production or development, not test"),
        ("PORT", "0x50", "ISSUER_PORT must be a whole number from 0 to 65535, not 0x50"),
        ("PORT", "65536", "ISSUER_PORT must be a whole number"),
        ("LOG_REQUESTS", "yes", "ISSUER_LOG_REQUESTS must be true or false, not yes"),
        ("LOOPBACK_ORIGINS", "http://localhost:8002", "ISSUER_LOOPBACK_ORIGINS is only for the development profile"),
        ("ISSUER_ANCHORS", "/nowhere/at/all", "ISSUER_ISSUER_ANCHORS names a folder that does not exist"),
        ("KEY_PASSPHRASE", "changeme", "ISSUER_KEY_PASSPHRASE is a sample that everybody knows"),
        ("KEY_PASSPHRASE_FILE", "/nowhere/at/all", "names a file that cannot be read"),
    ],
)
def test_a_setting_with_one_thing_wrong_is_named(name: str, value: str, sentence: str) -> None:
    with pytest.raises(InvalidSettings) as refused:
        parse(**{name: value})

    assert sentence in str(refused.value)


def test_the_address_is_not_guessed_in_production() -> None:
    with pytest.raises(InvalidSettings, match="ISSUER_BASE_URL is missing"):
        Settings.parse({}, service="issuer", port=8001)


def test_every_problem_stands_in_one_message() -> None:
    with pytest.raises(InvalidSettings) as refused:
        parse(BASE_URL="http://uni.example", PORT="high", LOG_REQUESTS="perhaps")

    assert str(refused.value).count("ISSUER_") == 3


@pytest.mark.parametrize(
    "origin", ["http://uni.example", "http://localhost:8002/path", "localhost:8002", "http://10.0.0.1"]
)
def test_development_opens_loopback_origins_only(origin: str) -> None:
    with pytest.raises(InvalidSettings, match="no loopback origin"):
        Settings.parse(
            {"WALLET_PROFILE": "development", "WALLET_LOOPBACK_ORIGINS": origin}, service="wallet", port=8002
        )


def test_a_secret_comes_from_a_file_and_does_not_show(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("a long and private one\n", "utf-8")

    settings = parse(KEY_PASSPHRASE_FILE=str(file))

    assert settings.key_passphrase == "a long and private one"
    assert "private" not in repr(settings)


def test_a_service_adds_its_own_settings_to_the_same_message() -> None:
    environment = Environment({"ISSUER_BASE_URL": "http://uni.example", "ISSUER_PIN": "x"}, prefix="ISSUER_")

    Settings.read(environment, service="issuer", port=8001)
    environment.number("PIN", default=6, allowed=range(4, 13))

    with pytest.raises(InvalidSettings) as refused:
        environment.finish()
    assert "ISSUER_BASE_URL" in str(refused.value)
    assert "ISSUER_PIN must be a whole number from 4 to 12, not x" in str(refused.value)
