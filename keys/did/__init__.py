"""Decentralized identifiers (W3C DID Core 1.0): documents and method rules. Pure: nothing is fetched."""
