"""Why a backup cannot be made or brought in."""

from service.errors import InvalidInput


class InvalidBackup(InvalidInput):
    """The file is no backup of a wallet, a damaged one, or one of a version that is not known here."""

    code = "invalid_backup"
    title = "This file is not a backup that can be read here"
    safe = "Nothing in your wallet was changed."
    todo = "Choose the file that your wallet gave you when you made the backup."


class WrongBackupPassphrase(InvalidInput):
    """The passphrase does not open the backup, or the file was altered: which of the two cannot be told."""

    code = "wrong_backup_passphrase"
    title = "This passphrase does not open the backup"
    safe = "Nothing in your wallet was changed."
    todo = "Enter the passphrase that you chose when you made the backup. If it is right, the file is damaged."
