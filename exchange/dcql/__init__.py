"""DCQL, the Digital Credentials Query Language: OpenID4VP 1.0 sections 6 and 7, with the rules of Appendix B.

`Query.parse` reads a query, `match` finds what a wallet holds for it, `check` holds a presentation against it.
"""

from exchange.dcql.checking import Surplus, check
from exchange.dcql.matching import Candidate, Matches, Option, SetMatch, match
from exchange.dcql.query import ClaimsQuery, CredentialQuery, CredentialSet, Query, TrustedAuthorities

__all__ = [
    "Candidate",
    "ClaimsQuery",
    "CredentialQuery",
    "CredentialSet",
    "Matches",
    "Option",
    "Query",
    "SetMatch",
    "Surplus",
    "TrustedAuthorities",
    "check",
    "match",
]
