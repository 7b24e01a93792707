"""From an answer to a verdict: how it is judged, what is kept of it, and what it means in plain words."""
