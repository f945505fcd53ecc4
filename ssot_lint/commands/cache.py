"""`ssot-lint cache`: show or clear what is remembered between runs."""

from __future__ import annotations

import argparse
from pathlib import Path

_EPILOG = """\
  path    print where the cache is
  clear   delete it; the next run reads and parses every file, and gates about what pytest collects are not
          known until `ssot-lint collection` has measured it again
  stats   print how much it holds

The cache makes runs fast and never changes what is found. `ssot-lint check --no-cache` does without.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `cache` can be told."""
    parser.description = "Show or clear what is remembered between runs."
    parser.epilog = _EPILOG
    parser.add_argument(
        "action", choices=("path", "clear", "stats"), metavar="ACTION", help="path, clear or stats"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration to use instead of the nearest one"
    )


def run(args: argparse.Namespace) -> int:
    """Do what is asked to the cache of the project around the working folder."""
    from ssot_lint.config import load
    from ssot_lint.facts import store
    from ssot_lint.outside.measurement import forget
    from ssot_lint.reports import neutral

    root = load(args.config, Path.cwd()).root
    if args.action == "path":
        print(neutral(str(store.cache_path(root))))
    elif args.action == "clear":
        print(f"{store.clear(root) + forget(root)} bytes freed")
    else:
        for name, number in store.stats(root).items():
            print(f"{number:>12}  {name}")
    return 0
