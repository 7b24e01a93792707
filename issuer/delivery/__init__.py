"""Delivery: how an award reaches its learner when no wallet asks for it: on paper, and by e-mail."""
