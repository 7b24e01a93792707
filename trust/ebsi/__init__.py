"""Whom a chain of accreditations in EBSI's registries leads to: read, verified hop by hop, and answered."""
