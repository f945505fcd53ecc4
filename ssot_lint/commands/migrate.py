"""`ssot-lint migrate`: fix many files in batches, each of which is proved to be right or taken back."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

from ssot_lint.commands import _baseline_options as options
from ssot_lint.commands import _migrate_ahead, _migrate_back, _work, add_traceback

_EPILOG = """\
examples:
  ssot-lint migrate plan                            what would change, and what speaks for care
  ssot-lint migrate run --limit 20                  fix the first 20 files of the plan
  ssot-lint migrate run --verify "pytest -q {files}" --commit
  ssot-lint migrate rollback                        take the last migration back

A batch stays only if its files compile, what was to be fixed is gone, nothing is found anew, the command of
--verify succeeds (files for which it failed before do not count) and pytest collects no fewer tests from it
than before (asked with --verify alone, as it imports them). A batch that does not is taken back byte for byte
and tried again in halves, down to the files at fault. What a run that was killed has left half done is put
back at the next start.
exit codes: 0 done, 1 something could not be fixed or taken back, 2 a mistake in the command line or the
configuration, or nothing can be changed as things are
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `migrate` can be told."""
    parser.description = "Fix many files in batches, each of which is proved to be right or taken back."
    parser.epilog = _EPILOG
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)

    def action(name: str, summary: str, act: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", allow_abbrev=False
        )
        made.set_defaults(parser=made, act=act)
        add_traceback(made)
        return made

    plan = action(
        "plan", "tell what would change, in which order, and what speaks for care", _migrate_ahead.plan
    )
    _add_choice(plan)
    _add_format(plan)

    run = action("run", "fix files, batch after batch", _migrate_ahead.run)
    _add_choice(run)
    run.add_argument(
        "--batch", type=_work.positive, default=10, metavar="N", help="files at a time (default: 10)"
    )
    run.add_argument("--limit", type=_work.positive, metavar="N", help="no more files than that")
    run.add_argument(
        "--verify",
        metavar="COMMAND",
        help='must succeed after each batch, such as "pytest -q {files}"; {files} are those it has changed',
    )
    run.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="for each start of that command, and of pytest"
    )
    run.add_argument("--commit", action="store_true", help="make a commit of each batch")
    run.add_argument(
        "--allow-dirty",
        action="store_true",
        help="with --commit: go on where there are changes that are in no commit; their files are left alone",
    )

    status = action("status", "tell how the files of a migration are now", _migrate_back.status)
    status.add_argument("id", nargs="?", metavar="ID", help="of the migration (default: the last)")
    _add_format(status)
    _work.add_config(status)

    rollback = action(
        "rollback", "give files the bytes that they had before a migration", _migrate_back.rollback
    )
    rollback.add_argument(
        "id", nargs="?", metavar="ID", help="of the migration (default: the last that is not taken back)"
    )
    rollback.add_argument("--files", nargs="+", default=[], metavar="FILE", help="only these files")
    rollback.add_argument(
        "--force", action="store_true", help="also files that somebody has changed since, which loses that"
    )
    _work.add_config(rollback)

    log = action("log", "list all migrations, the newest last", _migrate_back.log)
    _add_format(log)
    _work.add_config(log)


def run(args: argparse.Namespace) -> int:
    """Do what is asked, and return the exit code. Raises UsageError."""
    code: int = args.act(args)
    return code


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file or folder to fix (default: the project)"
    )
    options.add_rule(parser, "only what these rules find")
    parser.add_argument(
        "--unsafe-fixes", action="store_true", help="also fixes that can change what the code does"
    )
    _work.add_arguments(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="form of what is printed (default: text)"
    )


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found `{text}`")
    return number
