"""Looks at a whole project and its baseline, for commands about what it owes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ssot_lint.baseline import batches
from ssot_lint.baseline.batches import Batch
from ssot_lint.commands import say
from ssot_lint.commands._progress import progress_bar
from ssot_lint.compare import Compared
from ssot_lint.config import Config, load
from ssot_lint.engine import Result, lint


class Debt(NamedTuple):
    """A project, all that is found in it now, and its baseline."""

    config: Config
    result: Result
    compared: Compared
    batches: Mapping[str, Batch]
    notes: tuple[str, ...]  # what a person should know of the run


def looked_up(args: argparse.Namespace, config: Config | None = None, *, tells_notes: bool = True) -> Debt:
    """Lint the whole project and compare it with its baseline. Raises UsageError.

    The arguments are those of `_work.add_arguments`, and `quiet`; the configuration is the one they name,
    unless it is given. Notes go to standard error, unless it is to be quiet or another tells them.
    """
    config = config or load(args.config, Path.cwd())
    known = batches.load(config.root)
    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        result = lint(config, jobs=args.jobs, use_cache=not args.no_cache, progress=progress)
    assert result.compared is not None, "it was not told to do without"
    batches.refuse_unknown(known.by_name, result.compared.stored.entries)
    notes = (*known.notes, *result.notes)
    for note in notes if tells_notes and not args.quiet else ():
        say(f"note: {note}")
    return Debt(config, result, result.compared, known.by_name, notes)
