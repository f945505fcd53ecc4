"""Runs the command line as `python -m ssot_lint`."""

import sys

from ssot_lint.cli import main

# Worker processes import this module under another name.
if __name__ == "__main__":
    sys.exit(main())
