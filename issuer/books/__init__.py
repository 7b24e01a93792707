"""The issuer's books: what was promised, to whom, and what became of it."""
