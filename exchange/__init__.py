"""How two parties talk: the pure messages and rules of OpenID4VCI 1.0 and OpenID4VP 1.0."""
