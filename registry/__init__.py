"""Who is accredited for what: an append-only store and the signed list made from it."""
