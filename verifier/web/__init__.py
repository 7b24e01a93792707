"""What the verifier says over HTTP: to wallets, to programs, and to people."""
