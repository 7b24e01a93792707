"""Getting in and never being locked out: passkeys, passphrases, the recovery kit, sessions, proof before a change."""
