"""The employer's service: requests by OpenID4VP, responses, verdicts in plain words."""
