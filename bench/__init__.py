"""`python -m bench`: what the machine allows, what we reach, what we owe, and what the peers reach, in one run."""

import warnings

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # a package says so as it is imported
