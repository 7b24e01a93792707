"""Sharing what is held: who asks, what would leave, and the answer."""
