"""Trusted lists: who is named in public as a trust service, since when (ETSI TS 119 612 in XML, TS 119 602 in JSON)."""
