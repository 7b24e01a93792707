"""A child process that tells its environment."""

import json
import os
import sys

sys.stdout.write(json.dumps({"names": sorted(os.environ)}))
