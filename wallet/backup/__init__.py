"""Taking a wallet along: one encrypted file (docs/wallet-backup.md), and every certificate as a file of its own."""
