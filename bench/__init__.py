"""`python -m bench`: what the machine allows, what we reach, what we owe, and what the peers reach, in one run."""
