"""Whom to believe: issuers, accreditation, status, and the ladder that a credential climbs before it is relied on."""
