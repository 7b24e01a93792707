"""The pages and the API of taking a wallet along: making a backup, bringing one in, certificates as files."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from aiohttp import hdrs, web
from aiohttp.web_request import FileField

from keys import strict_json
from service import pages, routes
from service.errors import InvalidInput, ServiceError
from service.routes import Content, Route, Schema, Speaks
from wallet import wallet
from wallet.backup import archive, container, making, restoring
from wallet.backup.restoring import Restored
from wallet.entry import proving

BODY_LIMIT = container.FILE_LIMIT + 131_072
SECONDS = 120
JSON, ZIP = "application/json", "application/zip"
DIFFERENT = "The two passphrases are not the same."
NO_FILE = "Choose the file of your backup."
SCHEMAS: Mapping[str, Schema] = {
    "BackupPassphrase": {
        "type": "object", "required": ["passphrase"],
        "properties": {"passphrase": {"type": "string", "minLength": making.SHORTEST, "maxLength": making.LONGEST}},
    },
    "BackupToRestore": {
        "type": "object", "required": ["passphrase", "backup"],
        "properties": {
            "passphrase": {"type": "string"},
            "backup": {"type": "object", "description": "The file, as docs/wallet-backup.md describes it."},
        },
    },
    "Restored": {
        "type": "object", "required": ["made_at", "made_by", "added", "known", "copies", "entries"],
        "properties": {
            "made_at": {"type": "string"}, "made_by": {"type": "string"},
            **{name: {"type": "integer"} for name in ("added", "known", "copies", "entries")},
        },
    },
}  # fmt: skip
"""The shapes that the API speaks of."""


async def get_backup(request: web.Request) -> web.StreamResponse:
    """What can be taken along, and how."""
    wallet.vault_of(request)
    return _page(request)


async def post_backup(request: web.Request) -> web.StreamResponse:
    """The backup, as a file to keep."""
    form = await routes.read_form(request)
    passphrase = form.get("passphrase", "")
    if form.get("again", passphrase) != passphrase:
        return _page(request, status=InvalidInput.status, errors={"passphrase": DIFFERENT})
    try:
        return await _made(request, passphrase)
    except InvalidInput as error:
        return _page(request, status=error.status, errors={"passphrase": str(error)})


async def post_restore(request: web.Request) -> web.StreamResponse:
    """Brings a backup in, and says what came."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    form = await routes.read_fields(request)
    try:
        data = _file(form.get("file"))
        opener = str(form.get("opener", ""))
        restored = await restoring.restore(own, vault, data, passphrase=opener)
    except ServiceError as error:
        return _page(request, status=error.status, errors={"restore": f"{error} {error.todo}"})
    return _page(request, restored=restored)


async def get_files(request: web.Request) -> web.StreamResponse:
    """Every certificate in its original bytes."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    packed = archive.pack(await making.collect(own, vault), made_at=own.now())
    return _download(packed, name=f"certificates-{own.now():%Y-%m-%d}.zip", media_type=ZIP)


async def api_backup(request: web.Request) -> web.StreamResponse:
    """A backup, sealed for the passphrase that is told."""
    return await _made(request, _text(await _body(request), "passphrase"))


async def api_restore(request: web.Request) -> web.StreamResponse:
    """Adds what a backup holds and this wallet does not."""
    body = await _body(request)
    data = strict_json.dump(body.get("backup"))
    own, vault = wallet.of(request), wallet.vault_of(request)
    restored = await restoring.restore(own, vault, data, passphrase=_text(body, "passphrase"))
    return routes.json_answer(restored.to_json())


async def _made(request: web.Request, passphrase: str) -> web.StreamResponse:
    own, vault = wallet.of(request), wallet.vault_of(request)
    proving.require(own, request)  # the keys of every certificate leave in it
    made = await making.make(own, vault, passphrase=passphrase)
    return _download(made, name=f"wallet-backup-{own.now():%Y-%m-%d}.json", media_type=JSON)


async def _body(request: web.Request) -> Mapping[str, Any]:
    wallet.vault_of(request)
    raw = await routes.read_json(request)
    if not isinstance(raw, Mapping):
        raise InvalidInput("A JSON object is needed.")
    return raw


def _text(body: Mapping[str, Any], name: str) -> str:
    match body.get(name):
        case str(text) if text:
            return text
    raise InvalidInput(f"The member {name} is a text that is not empty.")


def _file(field: object) -> bytes:
    if not isinstance(field, FileField):
        raise InvalidInput(NO_FILE)
    with field.file as file:
        return file.read()


def _download(content: bytes, *, name: str, media_type: str) -> web.Response:
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=content, content_type=media_type, headers=headers)


def _page(
    request: web.Request,
    *,
    status: int = 200,
    errors: Mapping[str, str] = MappingProxyType({}),
    restored: Restored | None = None,
) -> web.StreamResponse:
    return pages.render(request, "backup.html", status=status, errors=errors, restored=restored)


def _schema(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/backup", handler=get_backup, summary="Backup, and moving to another wallet."),
    Route(method="POST", path="/backup", handler=post_backup, summary="Makes a backup.", seconds=SECONDS),
    Route(
        method="POST", path="/backup/restore", handler=post_restore, summary="Brings a backup in.",
        body_limit=BODY_LIMIT, seconds=SECONDS,
    ),
    Route(method="GET", path="/backup/certificates.zip", handler=get_files, summary="Certificates as files."),
)  # fmt: skip
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/backup", handler=api_backup, summary="A backup.", speaks=Speaks.API,
        seconds=SECONDS, body=Content(meaning="The passphrase that will open it.", schema=_schema("BackupPassphrase")),
        answers={200: Content(meaning="The file of the backup.", schema={"type": "object"})},
    ),
    Route(
        method="POST", path="/api/v1/backup/restore", handler=api_restore, summary="Brings a backup in.",
        speaks=Speaks.API, body_limit=BODY_LIMIT, seconds=SECONDS,
        body=Content(meaning="A backup and its passphrase.", schema=_schema("BackupToRestore")),
        answers={200: Content(meaning="What came.", schema=_schema("Restored"))},
    ),
    Route(
        method="GET", path="/api/v1/backup/certificates.zip", handler=get_files, summary="Certificates as files.",
        speaks=Speaks.API, answers={200: Content(meaning="A ZIP of original bytes, without keys.", media_type=ZIP)},
    ),
)  # fmt: skip
