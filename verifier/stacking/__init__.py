"""Stacks at the verifier: does this set of certificates meet a rule? A proposal; admissions decide."""
