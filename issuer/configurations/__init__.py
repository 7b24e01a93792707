"""One act, every format: the credential configurations (OpenID4VCI 1.0 section 12.2.4) in which an award can be had.

All of them say the same award, and carry one digest of it; what a format cannot say is declared by its mapping.
"""
