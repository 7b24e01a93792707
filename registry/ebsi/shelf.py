"""The register as it is now, kept in memory and brought up to date by the revisions that came since."""

from functools import partial

from registry import store
from registry.ebsi.register import Register
from service.database import Database


class Shelf:
    """Not trusted: it holds what follows from the history, and every revision is checked before it counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = Register()

    async def current(self) -> Register:
        """The register with everything entered until now; raises BrokenChain."""
        known = self._latest
        later = await self._database.read(partial(store.all_revisions, after=known.sequence))
        if not later:
            return known
        register = known.after(later)
        if register.sequence > self._latest.sequence:  # somebody else may have been quicker
            self._latest = register
        return register
