"""What the issuer says over HTTP: to universities' systems, to wallets, and to people."""
