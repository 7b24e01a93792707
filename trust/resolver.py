"""Documents that say which keys somebody has: did:web documents and JWT VC issuer metadata (SD-JWT VC), fetched and kept."""

from trust.fetching import DOCUMENT_LIMIT, Fetch, Fetched

__all__ = ["DOCUMENT_LIMIT", "Fetch", "Fetched"]
