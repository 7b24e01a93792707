"""How credentials are secured: one module a mechanism, with the same verbs."""
