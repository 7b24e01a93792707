"""Why a file of many certificates is not taken at all; what is wrong with one of them is told as its own result."""

from service.errors import InvalidInput, TooLarge


class NotReadable(InvalidInput):
    """The file is no ZIP, no CSV with a column `credential`, and no JSON Lines; or it breaks off."""

    code = "bulk_unreadable"


class Nothing(InvalidInput):
    """There is nothing in the file that could be checked."""

    code = "bulk_empty"


class TooMany(TooLarge):
    """There are more things in the file than one check takes."""

    code = "bulk_too_many"


class Unpacks(TooLarge):
    """What the file unpacks to is more than one check takes, whatever its own size."""

    code = "bulk_unpacks_too_large"
