"""The verifier's settings: every problem is named at once."""

import pytest

from exchange.client import Prefix
from keys import sealing
from service.settings import InvalidSettings
from verifier.settings import Settings

GOOD = {
    "VERIFIER_PROFILE": "development",
    "VERIFIER_KEY_PASSPHRASE": "development",
    "VERIFIER_WEB_WALLETS": "One=https://wallet.example/request, Two=http://localhost:8002/request",
    "VERIFIER_API_KEYS": sealing.digest("a key"),
    "VERIFIER_CLIENT_ID_PREFIX": "x509_hash",
}


def test_settings_are_read() -> None:
    settings = Settings.parse(GOOD)

    assert [wallet.name for wallet in settings.web_wallets] == ["One", "Two"]
    assert settings.prefix is Prefix.X509_HASH
    assert settings.base.base_url == "http://localhost:8003"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_WALLETS", "One=http://wallet.example/request"),
        ("WEB_WALLETS", "https://wallet.example/request"),
        ("API_KEYS", "a key in the clear"),
        ("CLIENT_ID_PREFIX", "openid_federation"),
        ("REQUEST_SECONDS", "5"),
        ("REGISTRY_URL", "https://registry.example/list"),
        ("KEY_PASSPHRASE", ""),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"VERIFIER_{name}|VERIFIER_REGISTRY_KEYS"):
        Settings.parse({**GOOD, f"VERIFIER_{name}": value})
