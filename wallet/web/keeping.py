"""The routes of what one does with what one holds: taking it along, and what follows."""

from collections.abc import Mapping, Sequence

from service.routes import Route, Schema
from wallet.backup import web as backup
from wallet.history import web as history

ROUTES: Sequence[Route] = (*backup.ROUTES, *history.ROUTES)
API: Sequence[Route] = (*backup.API, *history.API)
SCHEMAS: Mapping[str, Schema] = {**backup.SCHEMAS, **history.SCHEMAS}
