"""`ssot-lint check`: lint files and report what is found."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.commands import _outputs, _work, say
from ssot_lint.commands._clean_up import cleaned_up
from ssot_lint.reports.formats import FORMATS, Request, render

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.engine import Result

_EPILOG = """\
examples:
  ssot-lint check                                 lint the whole project
  ssot-lint check src/billing tests/test_a.py     report on these; answers still come from the whole project
  ssot-lint check --select SST1,duplicate-class   run these rules only
  ssot-lint check --format github --output-file sarif=report.sarif
                                                  annotate in GitHub Actions, and write another report
  ssot-lint check --stdin-filename src/a.py - < draft.py

`ssot-lint rules` lists the rules, `ssot-lint explain RULE` tells what to do about a finding.
exit codes: 0 clean or warnings only, 1 findings that are new, 2 a mistake in the command line, the
configuration or the baseline
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `check` can be told."""
    parser.description = "Report where the code strays from the configuration."
    formats = "".join(f"  {name:<8}  {what}\n" for name, what in FORMATS.items())
    parser.epilog = f"formats:\n{formats}\n{_EPILOG}"
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file or folder to report on (default: the project); - for stdin",
    )
    choice = parser.add_argument_group("what is linted")
    choice.add_argument("--stdin-filename", metavar="PATH", help="the file that the text from - stands for")
    choice.add_argument(
        "--hook",
        action="store_true",
        help="PATHs are the files of a commit, as pre-commit names them: report on those of the project, "
        "and on what the commit causes in others",
    )
    choice.add_argument(
        "--no-baseline", action="store_true", help="report what the baseline carries, too, and leave it alone"
    )
    _work.add_config(choice)
    choice.add_argument(
        "--select",
        type=_list,
        action="extend",
        default=[],
        metavar="RULES",
        help="run these rules only: ids, codes or beginnings of codes, with commas between",
    )
    choice.add_argument(
        "--ignore", type=_list, action="extend", default=[], metavar="RULES", help="do not run these rules"
    )
    report = parser.add_argument_group("what is reported")
    report.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="text",
        metavar="FORMAT",
        help="form of the report, one of those below (default: text)",
    )
    report.add_argument(
        "-o",
        "--output-file",
        type=_outputs.parse,
        action="append",
        default=[],
        metavar="[FORMAT=]FILE",
        help="write a report to a file too; without a format it is the report that would be printed, "
        "and nothing is",
    )
    report.add_argument(
        "--statistics", action="store_true", help="add counts for each rule and times (text, github, json)"
    )
    report.add_argument("-q", "--quiet", action="store_true", help="print findings and errors alone")
    report.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    report.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text; auto asks the terminal, NO_COLOR and FORCE_COLOR",
    )
    work = parser.add_argument_group("how the work is done")
    _work.add_effort(work)


def run(args: argparse.Namespace) -> int:
    """Lint, report, and return 1 where new errors are found."""
    from ssot_lint.files import UsageError

    outputs = _outputs.resolved(args.output_file, args.format)
    result, config, stdin = _linted_for_hook(args) if args.hook else _linted(args)
    exit_code = 1 if result.failing and not args.exit_zero else 0
    request = _request(config, args, exit_code, stdin)
    unwritten = _outputs.write(outputs, lambda name: render(name, result, request))
    if all(output.format for output in args.output_file):
        print(_printed(result, args, request), end="", flush=True)
    if unwritten:
        raise UsageError("\n".join(unwritten))
    notes = [*result.notes, *cleaned_up(config, result, os.environ)]
    if not args.quiet:
        for note in notes:
            say(f"note: {note}")
    if exit_code:
        ((rule, _),) = Counter(finding.rule for finding in result.failing).most_common(1)
        say(f"see `ssot-lint explain {rule}`{_way_out(config, rule) if args.hook else ''}")
    return exit_code


def _way_out(config: Config, rule: str) -> str:
    """Return what else can be done about what stops a commit, after how to learn more."""
    if config.catalogue.by_id[rule].about != "source":
        return ""
    return f", or say at its line why it may stay: `# ssot: allow {rule} -- reason`"


def _linted(args: argparse.Namespace) -> tuple[Result, Config, tuple[str, bytes] | None]:
    """Return what is found, the configuration, and the path and bytes of standard input."""
    from ssot_lint import engine
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.config import load

    paths = _paths(args)
    config = load(args.config, _start(paths or [args.stdin_filename]), select=args.select, ignore=args.ignore)
    stdin = _stdin(args.stdin_filename, config.root) if args.stdin_filename else None
    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        result = engine.lint(
            config,
            paths,
            stdin=stdin,
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
            use_baseline=not args.no_baseline,
        )
    return result, config, stdin


def _linted_for_hook(args: argparse.Namespace) -> tuple[Result, Config, None]:
    from ssot_lint import hook
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.files import UsageError

    if args.stdin_filename:
        raise UsageError("`--stdin-filename` does not go with `--hook`, which is about files")
    config = hook.load_config(args.config, args.paths, select=args.select, ignore=args.ignore)
    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        result = hook.lint(
            config,
            args.paths,
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
            use_baseline=not args.no_baseline,
        )
    return result, config, None


def _list(text: str) -> list[str]:
    return [word for word in (part.strip() for part in text.split(",")) if word]


def _paths(args: argparse.Namespace) -> list[str]:
    """Return the files and folders that are named, none for standard input."""
    from ssot_lint.files import UsageError

    if "-" not in args.paths:
        if args.stdin_filename:
            raise UsageError("`--stdin-filename` goes with the path `-`")
        return list(args.paths)
    if len(args.paths) > 1:
        raise UsageError("`-` goes with no other path")
    if not args.stdin_filename:
        raise UsageError("`-` needs `--stdin-filename`, the file that the text stands for")
    return []


def _start(paths: Sequence[str | None]) -> Path:
    """Return the file or folder to look for the configuration from: what all paths have in common."""
    named = [os.path.abspath(path) for path in paths if path]
    return Path(os.path.commonpath(named)) if named else Path.cwd()


def _stdin(name: str, root: Path) -> tuple[str, bytes]:
    """Return the path from the root that standard input stands for, and its bytes."""
    from ssot_lint.files import UsageError

    folder, base = os.path.split(os.path.abspath(name))
    path = Path(os.path.realpath(folder), base)
    top = Path(os.path.realpath(root))
    if not path.is_relative_to(top):
        raise UsageError(f"`{name}` lies outside of the project root {top}")
    return path.relative_to(top).as_posix(), sys.stdin.buffer.read()


def _request(
    config: Config, args: argparse.Namespace, exit_code: int, stdin: tuple[str, bytes] | None
) -> Request:
    """Return what reports are told beside the result."""
    rules = {instance.rule.code: instance.rule for instance in config.instances}
    return Request(
        summary=not args.quiet,
        statistics=args.statistics,
        rules=tuple(rules[code] for code in sorted(rules)),
        exit_code=exit_code,
        folder=_outputs.folder_in_repository(config.root),
        lines_of=_line_source(config, stdin),
    )


def _printed(result: Result, args: argparse.Namespace, request: Request) -> str:
    """Return the report for standard output, laid out for a terminal if that is one."""
    is_terminal, colour = _display(args.color, sys.stdout.isatty(), os.environ)
    if args.format != "text" or not is_terminal:
        return render(args.format, result, request)
    import shutil

    from ssot_lint.reports import terminal

    width = shutil.get_terminal_size().columns
    return terminal.render(
        result,
        request.lines_of,
        width=width,
        colour=colour,
        summary=request.summary,
        statistics=request.statistics,
    )


def _display(color: str, is_terminal: bool, environment: Mapping[str, str]) -> tuple[bool, bool]:
    """Tell whether to lay the report out for a terminal, and whether to colour it."""
    if color == "always":
        return True, True
    is_terminal = is_terminal and environment.get("TERM") != "dumb"
    if color == "never" or environment.get("NO_COLOR"):
        return is_terminal, False
    shown = is_terminal or bool(environment.get("FORCE_COLOR"))
    return shown, shown


def _line_source(config: Config, stdin: tuple[str, bytes] | None) -> Callable[[str], Sequence[str]]:
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
