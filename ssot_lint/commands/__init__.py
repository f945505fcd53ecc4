"""The verbs of the command line: each module adds its arguments to a parser and runs what was parsed."""

from __future__ import annotations

import sys

from ssot_lint.reports import neutral


def say(text: str) -> None:
    """Tell a person one line; it goes to standard error, so that standard output is the report alone."""
    print(f"ssot-lint: {neutral(text)}", file=sys.stderr)
