"""EBSI's read APIs: DID Registry v5, Trusted Issuers Registry v5, Trusted Schemas Registry v3, Trusted Policies v3."""
