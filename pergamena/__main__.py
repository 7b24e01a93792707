"""`python -m pergamena` is the console script `pergamena`."""

import sys

from pergamena.cli import main

sys.exit(main())
