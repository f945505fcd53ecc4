"""The verbs of the command line: each module adds its arguments to a parser and runs what was parsed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from ssot_lint.catalogue import Catalogue


def say(text: str) -> None:
    """Tell a person one line; it goes to standard error, so that standard output is the report alone."""
    print(f"ssot-lint: {neutral(text)}", file=sys.stderr)


def add_traceback(parser: ArgumentParser) -> None:
    """Let a parser know the flag for those who look into an internal error."""
    parser.add_argument(
        "--traceback",
        action="store_true",
        help="show where an internal error comes from (also: SSOT_LINT_TRACEBACK=1)",
    )


def known_rules(path: Path | None) -> Catalogue:
    """Return the rules that there are under a configuration, the nearest one where no path is given.

    A configuration that nobody named may be broken: then these are our own rules, and the user is told.
    """
    from ssot_lint.catalogue import OWN_RULES
    from ssot_lint.config import ConfigError, find_catalogue

    try:
        return find_catalogue(path, Path.cwd())
    except ConfigError as error:
        if path is not None:
            raise
        say(f"note: rules of plugins are left out: {error}")
        return OWN_RULES
