"""Learning outcomes as text: how alike two are. What is found is a suggestion with a score, and a person decides."""
