"""Runs the command line as `python -m ssot_lint`."""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()):
    # `-m` puts the working folder first: what stands there is linted, never run.
    del sys.path[0]

from ssot_lint.cli import main

# Worker processes import this module under another name.
if __name__ == "__main__":
    sys.exit(main())
