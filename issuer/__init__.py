"""The university's service: catalogue, awards, offers and OpenID4VCI issuance, revocation."""
