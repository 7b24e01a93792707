"""Stacking: whether micro-credentials together meet a rule for a larger one. A proposal; whoever awards decides."""
