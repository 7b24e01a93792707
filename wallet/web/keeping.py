"""The routes of what one does with what one holds: taking it along, and what follows."""

from collections.abc import Mapping, Sequence

from service.routes import Route, Schema
from wallet.backup import web as backup
from wallet.history import web as history
from wallet.importing import web as importing
from wallet.sharelinks import web as sharelinks
from wallet.shelf import web as shelf
from wallet.stacking import web as stacking

ROUTES: Sequence[Route] = (
    *shelf.ROUTES,
    *backup.ROUTES,
    *history.ROUTES,
    *sharelinks.ROUTES,
    *importing.ROUTES,
    *stacking.ROUTES,
)
API: Sequence[Route] = (
    *shelf.API,
    *backup.API,
    *history.API,
    *sharelinks.API,
    *importing.API,
    *stacking.API,
)
SCHEMAS: Mapping[str, Schema] = {
    **backup.SCHEMAS,
    **history.SCHEMAS,
    **sharelinks.SCHEMAS,
    **importing.SCHEMAS,
    **stacking.SCHEMAS,
}
