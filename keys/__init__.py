"""What a party holds and how bytes are secured: JOSE (RFC 7515 to 7518, 7638, 8037), X.509, DID method rules. Pure."""
