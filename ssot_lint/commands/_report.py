"""What `check` asks of a report, and how it is printed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ssot_lint.commands import _outputs
from ssot_lint.commands._verdict import Reason
from ssot_lint.reports.formats import Request, render

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.engine import Result


def request(
    config: Config,
    args: argparse.Namespace,
    exit_code: int,
    reasons: Sequence[Reason],
    stdin: tuple[str, bytes] | None,
) -> Request:
    """Return what reports are told beside the result."""
    rules = {instance.rule.code: instance.rule for instance in config.instances}
    return Request(
        summary=not args.quiet,
        statistics=args.statistics,
        rules=tuple(rules[code] for code in sorted(rules)),
        exit_code=exit_code,
        reasons=tuple(dict.fromkeys(reason.exit_code for reason in reasons)),
        folder=_outputs.folder_in_repository(config.root),
        lines_of=line_source(config, stdin),
    )


def printed(result: Result, args: argparse.Namespace, asked: Request) -> str:
    """Return the report for standard output, laid out for a terminal if that is one."""
    is_terminal, colour = _outputs.display(args.color, sys.stdout.isatty(), os.environ)
    if args.format != "text" or not is_terminal:
        return render(args.format, result, asked)
    import shutil

    from ssot_lint.reports import terminal

    width = shutil.get_terminal_size().columns
    return terminal.render(
        result,
        asked.lines_of,
        width=width,
        colour=colour,
        summary=asked.summary,
        statistics=asked.statistics,
    )


def line_source(config: Config, stdin: tuple[str, bytes] | None) -> Callable[[str], Sequence[str]]:
    """Return a function from a path to the lines of its text, none where it cannot be read."""
    from ssot_lint.files import UndecodableError, read_bytes, read_text

    @lru_cache(maxsize=16)  # a finding and what is related to it
    def lines_of(path: str) -> Sequence[str]:
        try:
            data = stdin[1] if stdin is not None and path == stdin[0] else read_bytes(config.root, path)
            return read_text(data).split("\n")
        except (OSError, UndecodableError):
            return ()

    return lines_of
