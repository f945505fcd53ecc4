"""`ssot-lint collection`: measure what pytest collects, and compare it with the record."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from ssot_lint.commands import _work, say
from ssot_lint.commands._progress import progress_bar

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.finding import Finding
    from ssot_lint.outside.measurement import Kept, Measurement
    from ssot_lint.outside.record import Comparison, Record
    from ssot_lint.project import Project

_EPILOG = """\
This runs code of the project: its own pytest imports its tests, in the root of the project, as it does
whenever it collects. No test is run. No other command of ssot-lint imports what it looks at.

The interpreter is the first of these that has pytest: the active virtual environment, `.venv` and `venv` in
the root, `python` and `python3` as the shell finds them, and the one that runs ssot-lint. `--python` names
another. The time of a collection is told in units of a fixed piece of work in the same interpreter, and all
bytecode is made anew, so that it can be compared with that of another machine.

examples:
  ssot-lint collection                        what is collected, and which findings explain what is not
  ssot-lint collection --record               remember it, in a file to be committed
  ssot-lint collection --fail-on-regress      fail where it is worse than the record
  ssot-lint collection tests/unit -- -m slow  what pytest makes of these, with arguments of its own

exit codes: 0 measured; 2 a mistake in the command line or the configuration, or pytest did not get to its
end; 5 it is worse than the record (with --fail-on-regress)
"""
_STOPPED = 2
_WORSE = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `collection` can be told."""
    parser.description = "Measure what pytest collects: tests, errors, warnings and time."
    parser.epilog = _EPILOG
    parser.usage = "%(prog)s [options] [PATH ...] [-- PYTEST ARGUMENTS]"
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file or folder to collect (default: what pytest does alone)"
    )
    parser.add_argument(
        "--python", default="", metavar="PATH", help="interpreter that has the project's pytest"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long pytest may take (default: as long as it does)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--record", action="store_true", help="write the record: .ssot-lint/collection.toml")
    mode.add_argument(
        "--fail-on-regress", action="store_true", help="fail where the collection is worse than the record"
    )
    parser.add_argument(
        "--tolerance",
        type=_percentage,
        metavar="PERCENT",
        help="how much slower than the record it may be (default: 25, or `outside.collection-tolerance`)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    parser.add_argument("-q", "--quiet", action="store_true", help="print no notes")
    _work.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measure, compare, print, and return the exit code. Raises UsageError."""
    from ssot_lint.commands import _collection_texts as texts
    from ssot_lint.config import load
    from ssot_lint.outside import record

    config = load(args.config, _work.start(args.paths))
    known = None if args.record else _known(config, args)
    kept = _measured(config, args)
    found = kept.measurement
    comparison = _compared(kept, known, args) if known is not None and found.stopped is None else None
    tolerance = config.outside.collection_tolerance if args.tolerance is None else args.tolerance
    is_worse = comparison is not None and (bool(comparison.regress) or comparison.slowdown > tolerance)
    if found.stopped is not None:
        exit_code = _STOPPED
    else:
        exit_code = _WORSE if args.fail_on_regress and is_worse else 0
        if args.record:
            record.save(config.root, record.record_of(kept))
    findings, project = _findings(config, found, args), cache(lambda: _project(config, args))
    story = texts.Story(kept, known, comparison, tolerance, is_worse, findings, project)
    print(texts.document(story, exit_code) if args.format == "json" else "\n".join(texts.text(story)))
    if not args.quiet:
        for note in texts.notes(story):
            say(f"note: {note}")
        if args.record and not exit_code:
            say(f"the record is written: commit {record.PATH}")
    if exit_code == _WORSE:
        say("see what is worse above; `ssot-lint collection --record` accepts it")
    return exit_code


def _known(config: Config, args: argparse.Namespace) -> Record | None:
    """The record to compare with, None for none. Raises UsageError where one is needed."""
    from ssot_lint.files import UsageError
    from ssot_lint.outside import record

    known = record.load(config.root)
    if known is None and args.fail_on_regress:
        raise UsageError("there is no record to compare with; `ssot-lint collection --record` makes one")
    return known


def _measured(config: Config, args: argparse.Namespace) -> Kept:
    """A measurement, which is kept for gates where that can be."""
    from ssot_lint.files import UsageError
    from ssot_lint.outside.collecting import collect
    from ssot_lint.outside.interpreters import find_python
    from ssot_lint.outside.measurement import Kept, keep, state_of

    paths = tuple(_work.below(config.root, path) or "." for path in args.paths)
    arguments = tuple(args.passed_on)
    state = state_of(config)
    found = collect(find_python(config.root, args.python), config.root, paths, arguments, args.timeout)
    kept = Kept(found, state, paths, arguments)
    try:
        keep(config, kept)
    except UsageError as error:
        say(f"note: gates will not know of this: {error}")
    return kept


def _compared(kept: Kept, known: Record, args: argparse.Namespace) -> Comparison | None:
    """How a measurement differs from the record; None where they are about different things."""
    from ssot_lint.files import UsageError
    from ssot_lint.outside.record import compare

    try:
        return compare(kept, known)
    except UsageError as error:
        if args.fail_on_regress:
            raise
        say(f"note: {error}")
        return None


def _findings(config: Config, found: Measurement, args: argparse.Namespace) -> Sequence[Finding]:
    """All that is found in the project, also what comments allow, where there is something to explain."""
    if not found.errors and not found.warnings and found.stopped is None:
        return ()
    from ssot_lint.engine import lint

    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        result = lint(
            config, jobs=args.jobs, use_cache=not args.no_cache, progress=progress, use_baseline=False
        )
    return (*result.findings, *(allowed.finding for allowed in result.allowed))


def _project(config: Config, args: argparse.Namespace) -> Project:
    from ssot_lint.session import Session

    return Session(config, use_cache=not args.no_cache, jobs=args.jobs).project


def _seconds(text: str) -> float:
    return _positive(text, "a number of seconds", least=0.001)


def _percentage(text: str) -> float:
    return _positive(text, "a number of per cent", least=0.0)


def _positive(text: str, what: str, *, least: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not least <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected {what}, found `{text}`")
    return number
