"""EBSI's registries over our own append-only history: DIDs, issuers, schemas and policies, read as EBSI's are."""
