"""The learner's service: accounts and vaults, receiving by OpenID4VCI, sharing by OpenID4VP."""
