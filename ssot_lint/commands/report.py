"""`ssot-lint report`: show where the clean-up stands."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.commands import _outputs, _report_links, _work
from ssot_lint.commands._baseline_options import day
from ssot_lint.insight.report.formats import FORMATS, render

if TYPE_CHECKING:
    from ssot_lint.commands._debt import Debt
    from ssot_lint.config import Config
    from ssot_lint.insight.figures import Change, Figures, Trend

_EPILOG = """\
examples:
  ssot-lint report                                          show it here
  ssot-lint report -o html=report.html -o json=report.json  write a page, and all numbers
  ssot-lint report --since 2026-01-01 -o html=report.html   with what became of it since, week by week
  ssot-lint report --format comment --changed-since origin/main
                                                            what this branch brings and mends

What it shows is the whole project, whatever the baseline carries. Where `origin` is on a host that is known,
places are links to lines of HEAD; files that are not as in HEAD, and all others, get paths from the report.
exit codes: 0 done, 2 a mistake in the command line, the configuration or the baseline
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `report` can be told."""
    parser.description = "Show where the clean-up stands."
    parser.epilog = f"{_outputs.listed(FORMATS)}\n{_EPILOG}"
    _outputs.add_arguments(parser, FORMATS)
    parser.add_argument(
        "--since", type=day, metavar="YYYY-MM-DD", help="show what became of it since that day, week by week"
    )
    parser.add_argument(
        "--changed-since",
        metavar="COMMIT",
        help="show what was brought and mended since HEAD and this commit, or branch, parted",
    )
    parser.add_argument(
        "--link",
        default="",
        metavar="TEMPLATE",
        help="address of a line, with {path}, {line} and {commit} in it (default: by `origin`)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress")
    _work.add_arguments(parser)


def run(args: argparse.Namespace, now: datetime.datetime | None = None) -> int:
    """Take the figures, at a moment in UTC, write the reports, and return 0. Raises UsageError."""
    from ssot_lint.insight.report.links import refuse_unknown

    outputs = _outputs.resolved(args.output_file, args.format)
    if args.link:
        refuse_unknown(args.link)
    figures, root = _taken(args, now or datetime.datetime.now(datetime.timezone.utc))
    links = _report_links.Links(root, figures, args.link)
    _outputs.report(
        args,
        outputs,
        lambda output: render(output.format, figures, links.seen_from(os.path.dirname(output.file))),
        lambda: _printed(args, figures, links),
    )
    return 0


def _printed(args: argparse.Namespace, figures: Figures, links: _report_links.Links) -> str:
    """Return the report for standard output, laid out for a terminal if that is one."""
    is_terminal, colour = _outputs.display(args.color, sys.stdout.isatty(), os.environ)
    if args.format != "text" or not is_terminal:
        return render(args.format, figures, links.seen_from(os.curdir))
    import shutil

    from ssot_lint.insight.report.formats import terminal

    return terminal.render(figures, width=shutil.get_terminal_size().columns, colour=colour)


def _taken(args: argparse.Namespace, now: datetime.datetime) -> tuple[Figures, Path]:
    """Return the figures, and the root of the project."""
    from ssot_lint.commands._debt import looked_up
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.commands._report import line_source
    from ssot_lint.commands._verdict import standing_notes
    from ssot_lint.config import load
    from ssot_lint.insight.report.loading import loaded
    from ssot_lint.insight.report.taking import Looked, take

    config = load(args.config, Path.cwd())
    trend = _trend(args, config) if args.since else None
    debt = looked_up(args, config, tells_notes=False)
    change = _change(args, debt) if args.changed_since is not None else None
    with (
        progress_bar(sys.stderr, wanted=not args.quiet) as progress,
        loaded(config, jobs=args.jobs, use_cache=not args.no_cache, progress=progress) as project,
    ):
        notes = (*debt.notes, *standing_notes(config, debt.result, now.date()))
        looked = Looked(config, debt.result, debt.batches, project, line_source(config, None), notes)
        return take(looked, now, trend=trend, change=change), config.root


def _trend(args: argparse.Namespace, config: Config) -> Trend:
    """Return the past, week by week."""
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.insight.history.samples import trend

    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        return trend(
            config,
            since=args.since.isoformat(),
            by="week",
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
        )


def _change(args: argparse.Namespace, debt: Debt) -> Change:
    """Return what the change brings and mends."""
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.insight.report.changing import change
    from ssot_lint.since import since

    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        blamed, caused = since(
            debt.config,
            debt.result,
            args.changed_since,
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
        )
    return change(args.changed_since, debt.result, blamed, caused)
