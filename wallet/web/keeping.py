"""The routes of what one does with what one holds: taking it along, and what follows."""

from collections.abc import Mapping, Sequence

from service.routes import Route, Schema
from wallet.backup import web as backup

ROUTES: Sequence[Route] = (*backup.ROUTES,)
API: Sequence[Route] = (*backup.API,)
SCHEMAS: Mapping[str, Schema] = {**backup.SCHEMAS}
