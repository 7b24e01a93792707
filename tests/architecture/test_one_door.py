"""Each library has one door (STYLE.md, rule 10): replacing a library is a change to the files named here."""

import ast
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "keys", "credentials", "exchange", "trust", "service", "issuer", "wallet", "verifier", "registry", "pergamena",
)  # fmt: skip

DOORS: dict[str, tuple[str, ...]] = {
    "jwt": ("keys/jws.py",),
    "joserfc": ("keys/jwe.py",),
    "cryptography": ("keys/*",),
    "orjson": ("keys/strict_json.py",),
    "didkit": ("credentials/formats/legacy_ld.py",),
    "sqlalchemy": (
        "*/store.py",
        "*/store_*.py",
        "*/tables.py",
        "service/database.py",
        "service/sessions.py",
        "*/migrations/*",
    ),
    "babel": ("service/languages/*",),
    "alembic": ("service/database.py", "service/migration.py", "*/migrations/*"),
    "asyncpg": ("service/database.py",),
    "aiosqlite": ("service/database.py",),
    "argon2": ("wallet/*.py",),
    "qrcode": ("service/qr.py",),
    "zxingcpp": ("service/qr.py",),
    "PIL": ("service/qr.py",),
    "jinja2": ("service/pages.py",),
    "defusedxml": ("credentials/learning/baking/svg.py",),
    "openpyxl": ("issuer/cohorts/workbook.py",),
    "procrastinate": ("service/jobs/*",),
    "psycopg": ("service/jobs/*",),
    "pypdf": ("verifier/intake/pdf_work.py", "service/attachments/pdf_work.py"),
    "typst": ("service/paper/*",),
    "aiosmtplib": ("issuer/delivery/smtp.py",),
    "lxml": ("trust/trusted_lists/*",),
    "signxml": ("trust/trusted_lists/*",),
    "rich": ("pergamena/*",),
    "uvloop": ("service/app.py",),
    "webauthn": ("wallet/entry/passkeys.py",),
}


def imported(source: Path) -> set[str]:
    """Every module that `source` imports, by its full dotted name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def users(library: str) -> set[str]:
    return {
        str(source.relative_to(ROOT))
        for package in PACKAGES
        for source in (ROOT / package).rglob("*.py")
        if any(name == library or name.startswith(f"{library}.") for name in imported(source))
    }


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_imported_behind_its_door_only(library: str) -> None:
    strays = {user for user in users(library) if not any(fnmatch(user, door) for door in DOORS[library])}
    assert strays == set()


def test_argon2_has_one_file() -> None:
    assert len(users("argon2")) <= 1


def test_only_the_guarded_client_opens_client_sessions() -> None:
    strays = {
        str(source.relative_to(ROOT))
        for package in PACKAGES
        for source in (ROOT / package).rglob("*.py")
        if "ClientSession(" in source.read_text("utf-8") and str(source.relative_to(ROOT)) != "service/outbound.py"
    }
    assert strays == set()
