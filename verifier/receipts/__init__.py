"""Receipts of verifications: what was checked, when, with which lists; signed, and without anybody's personal data."""
