"""Electronic seals: whose a seal certificate is, what it claims, and its signatures; ETSI EN 319 412, TS 119 182-1."""
