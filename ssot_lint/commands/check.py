"""`ssot-lint check`: lint files and report what is found."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssot_lint.commands import _outputs, _report, _verdict, _work, say
from ssot_lint.commands._clean_up import cleaned_up
from ssot_lint.reports.formats import FORMATS, render

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.engine import Result
    from ssot_lint.since import Since

_EPILOG = """\
examples:
  ssot-lint check                                 lint the whole project
  ssot-lint check src/billing tests/test_a.py     report on these; answers still come from the whole project
  ssot-lint check --select SST1,duplicate-class   run these rules only
  ssot-lint check --format github --output-file sarif=report.sarif
                                                  annotate in GitHub Actions, and write another report
  ssot-lint check --changed-since origin/main     report what this branch has caused
  ssot-lint check --fix src/billing               fix what can be fixed there; --diff shows it first
  ssot-lint check --stdin-filename src/a.py - < draft.py

`ssot-lint rules` lists the rules, `ssot-lint explain RULE` tells what to do about a finding.
exit codes: 0 clean or warnings only, 1 findings that are new, 2 a mistake in the command line, the
configuration or the baseline; 3 entries of the baseline that this change has ended, 4 some that it adds
without an owner, 5 debt that is past its day, of several the first of 1, 4, 5, 3
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `check` can be told."""
    parser.description = "Report where the code strays from the configuration."
    parser.epilog = f"{_outputs.listed(FORMATS)}\n{_EPILOG}"
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
        "--changed-since",
        metavar="COMMIT",
        help="report only what is new since HEAD and this commit, or branch, parted; everything is looked at",
    )
    choice.add_argument(
        "--no-baseline", action="store_true", help="report what the baseline carries, too, and leave it alone"
    )
    _work.add_config(choice)
    _work.add_choice_of_rules(choice)
    fixes = parser.add_argument_group("what is fixed")
    fixes.add_argument(
        "--fix",
        action="store_true",
        help="fix what can be fixed without a change of meaning",
    )
    fixes.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    fixes.add_argument(
        "--unsafe-fixes", action="store_true", help="with these, also fix what can change what the code does"
    )
    report = parser.add_argument_group("what is reported")
    _outputs.add_arguments(report, FORMATS)
    report.add_argument(
        "--statistics", action="store_true", help="add counts for each rule and times (text, github, json)"
    )
    report.add_argument("-q", "--quiet", action="store_true", help="print findings and errors alone")
    report.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    work = parser.add_argument_group("how the work is done")
    _work.add_effort(work)
    _work.add_executor(work)


def run(args: argparse.Namespace) -> int:
    """Lint, fix if that is asked, report, and return the exit code."""
    outputs = _outputs.resolved(args.output_file, args.format)
    result, config, stdin, change = _linted(args)
    notes: tuple[str, ...] = ()
    if args.diff:
        return _shown(args, config, result)
    if args.fix:
        notes = _fixed(args, config, result)
        result, config, stdin, change = _linted(args)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    verdict = _verdict.verdict(
        config,
        result,
        change,
        os.environ,
        today,
        is_hook=args.hook,
        is_fixed=args.fix,
        use_cache=not args.no_cache,
    )
    exit_code = verdict.reasons[0].exit_code if verdict.reasons and not args.exit_zero else 0
    request = _report.request(config, args, exit_code, verdict.reasons, stdin)
    _outputs.report(
        args,
        outputs,
        lambda output: render(output.format, result, request),
        lambda: _report.printed(result, args, request),
    )
    if not args.quiet:
        for note in (*notes, *result.notes, *verdict.notes, *cleaned_up(config, result, os.environ)):
            say(f"note: {note}")
    for line in (line for reason in verdict.reasons for line in reason.lines if exit_code):
        say(line)
    return exit_code


def _linted(args: argparse.Namespace) -> tuple[Result, Config, tuple[str, bytes] | None, Since | None]:
    """Return what is found, the configuration, the path and bytes of standard input, and the change."""
    result, config, stdin = _linted_for_hook(args) if args.hook else _linted_as_named(args)
    if args.changed_since is None:
        return result, config, stdin, None
    result, change = _since(args, config, result)
    return result, config, stdin, change


def _fixed(args: argparse.Namespace, config: Config, result: Result) -> tuple[str, ...]:
    """Fix what can be, and return what to tell about it."""
    from ssot_lint.commands import _fixing

    recovered = _fixing.recovered(config)
    if recovered:  # what was found is of texts that are gone
        result = _linted(args)[0]
    findings = _fixing.fixable(result, unsafe=args.unsafe_fixes)
    return (*recovered, *_fixing.fix(config, findings, use_cache=not args.no_cache).notes)


def _shown(args: argparse.Namespace, config: Config, result: Result) -> int:
    """Show what fixes would change, and return 1 if they would change anything."""
    from ssot_lint.commands import _fixing

    findings = _fixing.fixable(result, unsafe=args.unsafe_fixes)
    _, colour = _outputs.display(args.color, sys.stdout.isatty(), os.environ)
    lines = list(_fixing.diff(config, findings, use_cache=not args.no_cache, colour=colour))
    for line in lines:
        print(line)
    return 1 if lines and not args.exit_zero else 0


def _since(args: argparse.Namespace, config: Config, result: Result) -> tuple[Result, Since]:
    """Return the result with what was there before told apart, and what the change has caused."""
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.since import since

    with progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        return since(
            config,
            result,
            args.changed_since,
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
        )


def _linted_as_named(args: argparse.Namespace) -> tuple[Result, Config, tuple[str, bytes] | None]:
    """Return what is found in the files that are named, and the rest as above but the change."""
    from ssot_lint import engine
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.config import load
    from ssot_lint.executors import opened
    from ssot_lint.files import UsageError

    paths = _paths(args)
    if (args.fix or args.diff) and args.stdin_filename:
        raise UsageError("`--fix` and `--diff` are for files, not for standard input")
    if args.changed_since is not None and args.stdin_filename:
        raise UsageError("`--changed-since` does not go with standard input, which is no change of a file")
    config = load(
        args.config, _work.start(paths or [args.stdin_filename]), select=args.select, ignore=args.ignore
    )
    stdin = _stdin(args.stdin_filename, config.root) if args.stdin_filename else None
    with opened(args.executor) as executor, progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        result = engine.lint(
            config,
            paths,
            stdin=stdin,
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
            executor=executor,
            use_baseline=not args.no_baseline,
        )
    return result, config, stdin


def _linted_for_hook(args: argparse.Namespace) -> tuple[Result, Config, None]:
    from ssot_lint import hook
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.files import UsageError

    if args.stdin_filename:
        raise UsageError("`--stdin-filename` does not go with `--hook`, which is about files")
    if args.changed_since is not None:
        raise UsageError("`--changed-since` does not go with `--hook`, which knows what the commit changes")
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


def _stdin(name: str, root: Path) -> tuple[str, bytes]:
    """Return the path from the root that standard input stands for, and its bytes."""
    from ssot_lint.files import UsageError

    folder, base = os.path.split(os.path.abspath(name))
    path = Path(os.path.realpath(folder), base)
    top = Path(os.path.realpath(root))
    if not path.is_relative_to(top):
        raise UsageError(f"`{name}` lies outside of the project root {top}")
    return path.relative_to(top).as_posix(), sys.stdin.buffer.read()
