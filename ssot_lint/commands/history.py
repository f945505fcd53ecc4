"""`ssot-lint history`: show how a project came to where it stands, or what the hook would have stopped."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from ssot_lint.commands import _outputs, _work, say
from ssot_lint.insight.history.formats import FORMATS, render

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.insight.figures import Trend

_EPILOG = """\
examples:
  ssot-lint history                                  the last 13 weeks of HEAD
  ssot-lint history --since 2025-09-06 tests/ --select syntax-error
                                                     how many test files did not compile
  ssot-lint history --since v1.2 --by week -o html=history.html
  ssot-lint history --replay syntax-error,duplicate-class
                                                     what the hook would have stopped

The rules and the configuration are those of now; nothing is checked out. What is looked at are the commits
that HEAD comes of by first parents: a merge counts as one commit, and what it brought is looked into where
it changed much. The first sample is how things stood before.
exit codes: 0 done, 2 a mistake in the command line or the configuration, or a history that cannot be read
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `history` can be told."""
    parser.description = "Show how it came to this, by the rules of now, from the commits that git has."
    parser.epilog = f"{_outputs.listed(FORMATS)}\n{_EPILOG}"
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file or folder to count in, now or then (default: the project)",
    )
    choice = parser.add_argument_group("what is looked at")
    choice.add_argument(
        "--since", default="", metavar="DAY|COMMIT", help="from here on (default: 13 weeks before the end)"
    )
    choice.add_argument(
        "--until", default="", metavar="DAY|COMMIT", help="up to here, that included (default: all)"
    )
    choice.add_argument(
        "--rev", default="HEAD", metavar="COMMIT", help="where the history ends (default: HEAD)"
    )
    choice.add_argument(
        "--by",
        choices=("day", "week", "commit"),
        default="",
        help="what a sample is taken of, the last commit of each (default: the finest with few enough)",
    )
    choice.add_argument(
        "--replay",
        type=_work.rule_list,
        metavar="RULES",
        help="show what the hook would have stopped, commit by commit, had it run these rules",
    )
    _work.add_config(choice)
    _work.add_choice_of_rules(choice)
    report = parser.add_argument_group("what is reported")
    _outputs.add_arguments(report, FORMATS)
    report.add_argument("-q", "--quiet", action="store_true", help="print no notes, and show no progress")
    work = parser.add_argument_group("how the work is done")
    _work.add_effort(work)


def run(args: argparse.Namespace) -> int:
    """Look back, write the reports, and return 0. Raises UsageError."""
    from ssot_lint.config import load

    select = args.select if args.replay is None else args.replay
    config = load(args.config, _work.start(args.paths), select=select, ignore=args.ignore)
    if args.replay is not None:
        from ssot_lint.commands import _replay

        return _replay.run(args, config)
    outputs = _outputs.resolved(args.output_file, args.format)
    project = os.path.basename(os.path.realpath(config.root))
    trend = _trend(args, config)
    _outputs.report(
        args,
        outputs,
        lambda output: render(output.format, project, trend),
        lambda: _printed(args, project, trend),
    )
    if not args.quiet:
        for note in trend.notes:
            say(f"note: {note}")
    return 0


def _trend(args: argparse.Namespace, config: Config) -> Trend:
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.insight.history.samples import trend

    with progress_bar(sys.stderr, wanted=not args.quiet, task="looking back", unit="steps") as progress:
        return trend(
            config,
            rev=args.rev,
            since=args.since,
            until=args.until,
            by=args.by,
            paths=[_work.below(config.root, path) for path in args.paths],
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
        )


def _printed(args: argparse.Namespace, project: str, trend: Trend) -> str:
    """Return the report for standard output, laid out for a terminal if that is one."""
    is_terminal, colour = _outputs.display(args.color, sys.stdout.isatty(), os.environ)
    if args.format != "text" or not is_terminal:
        return render(args.format, project, trend)
    import shutil

    from rich.color import ColorSystem
    from rich.style import Style

    from ssot_lint.insight.history.formats.text import laid_out

    system = ColorSystem.STANDARD if colour else None
    more, less = Style(color="red"), Style(color="green")
    return laid_out(
        project,
        trend,
        shutil.get_terminal_size().columns,
        lambda text, change: (more if change > 0 else less).render(text, color_system=system),
    )
