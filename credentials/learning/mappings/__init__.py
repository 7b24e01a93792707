"""The micro-credential in the words of other formats: one module a format, each with what it loses."""
