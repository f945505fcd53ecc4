"""`ssot-lint restore`: put back the last good revision of files that do not compile."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from ssot_lint.commands import _outputs, _work, say
from ssot_lint.reports import neutral

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.fix.restore import Found, Past, Restoration

_EPILOG = """\
For each file that does not compile, git is asked for every revision of it in the history of HEAD, renames
followed. The last good one is the newest that compiles and was not cut down: where tests were commented out
before the file broke, that is passed over. It was cut down if another revision holds all of its tests, and
it holds less than {nearly} % of those. Tests that do nothing do not count. Where a merge took the file from
one of its parents, the others have no part in its history.

Without --apply nothing is written. With it, the bytes of the last good revisions are put back; file modes
and the index of git stay as they are, so `git diff` shows what was done. A file with changes that are in no
commit is left alone, unless --force says that they may go.

examples:
  ssot-lint restore                       tell what could be put back, and what would be lost
  ssot-lint restore --diff tests/a.py     show it for one file
  ssot-lint restore --apply tests/unit    put back what is broken in a folder

exit codes: 0 no file is broken, or all that are were put back; 1 there are others; 2 a mistake in the command
line or the configuration, or a history that cannot be read
"""
_NO_TESTS_NAMED = 3  # more names of tests than that are only counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `restore` can be told."""
    from ssot_lint.fix.restore import NEARLY

    parser.description = "Find the last good revision of each file that does not compile, and put it back."
    parser.epilog = _EPILOG.format(nearly=NEARLY)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file or folder to look at (default: the project)"
    )
    parser.add_argument("--apply", action="store_true", help="put the last good revisions back")
    parser.add_argument(
        "--force", action="store_true", help="also over changes that are in no commit (with --apply)"
    )
    parser.add_argument("--diff", action="store_true", help="show what changes, as a unified diff (text)")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the diff; auto asks the terminal, NO_COLOR and FORCE_COLOR",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    _work.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Tell about broken files, put them back if told to, and return the exit code. Raises UsageError."""
    from ssot_lint.config import load
    from ssot_lint.files import GitError, UsageError
    from ssot_lint.fix import restore, transaction

    config = load(args.config, _work.start(args.paths))
    if args.apply:
        for recovered in transaction.recover(config.root):
            say(f"note: {recovered}")
    left: dict[str, str] = {}
    restored = set[str]()
    try:
        found = _found(config, args)
        if args.apply:
            left = restore.apply(config.root, found.restorations, even_uncommitted=args.force)
            restored = {each.path for each in found.restorations if each.good and each.path not in left}
    except GitError as error:
        raise UsageError(f"the history of the files cannot be read: {error}") from None
    if args.format == "json":
        print(json.dumps(_as_data(found, restored, left), indent=2))
    else:
        _, colour = _outputs.display(args.color, sys.stdout.isatty(), os.environ)
        for each in found.restorations:
            print("\n".join(_lines(each, left.get(each.path, ""), is_done=each.path in restored)))
            if args.diff and each.good:
                print("\n".join(_diff(each, colour=colour)))
        print("\n".join(_closing(found.restorations, restored, is_applied=args.apply)))
    for note in found.notes:
        say(f"note: {note}")
    return 0 if len(restored) == len(found.restorations) else 1


def _found(config: Config, args: argparse.Namespace) -> Found:
    from ssot_lint.choice import choose
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.facts.store import opened
    from ssot_lint.fix.restore import find
    from ssot_lint.tree import load

    with (
        nullcontext() if args.no_cache else opened(config.root) as store,
        progress_bar(sys.stderr) as progress,
    ):
        choice = choose(config, args.paths, None, store.stamps() if store is not None else {})
        selected = set(choice.selected)
        chosen = choice._replace(sources=[each for each in choice.sources if each.path in selected])
        tree = load(config.root, chosen, store, jobs=args.jobs, progress=progress)
        broken = {path: outline for path, outline in tree.outlines.items() if outline.fault is not None}
        found = find(config.root, broken, store, jobs=args.jobs, progress=progress)
        if store is not None:
            store.remember(choice.stamps)
        cache_notes = [store.note] if store is not None and store.note else []
    return found._replace(notes=(*choice.notes, *found.notes, *cache_notes))


# as text


def _lines(each: Restoration, left: str, *, is_done: bool) -> Iterator[str]:
    yield neutral(f"{each.path}:{each.line}: {each.fault}")
    if each.good is None:
        yield f"  no good revision: {each.reason}"
        return
    yield f"  last good: {_named(each.good, each.path)}"
    if each.broken is None:
        yield "  broken by: changes that are in no commit"
    else:
        yield f"  {'broken by:' if each.broken.fault else 'cut by:   '} {_named(each.broken, each.path)}"
    if each.most_tests:
        yield f"  tests:     {each.good.tests}, of {each.most_tests} at most"
    if each.fullest is not None:
        yield f"  fuller:    {_named(each.fullest, each.path)}; before the file was written anew"
    if each.newest is not None:
        yield f"  not taken: {_named(each.newest, each.path)}; it compiles, with {_tests(each.newest.tests)}"
    if each.lost.lines:
        verb = "went" if is_done else "would go"
        names = each.lost.tests
        listed = ", ".join(names[:_NO_TESTS_NAMED]) + (" ..." if len(names) > _NO_TESTS_NAMED else "")
        yield neutral(
            f"  {verb}:{' ' * (10 - len(verb))}{each.lost.lines} lines"
            + (f", among them {_tests(len(names))}: {listed}" if names else "")
        )
    if left:
        yield f"  left alone: it {left}"


def _named(past: Past, path: str) -> str:
    commit = past.commit
    where = "" if past.path == path else f" (as {past.path})"
    return neutral(f"{commit.short} {commit.date} {commit.subject}{where}")


def _tests(number: int) -> str:
    return f"{number} test{'' if number == 1 else 's'}"


def _diff(each: Restoration, *, colour: bool) -> Iterator[str]:
    from ssot_lint.commands._diff import unified
    from ssot_lint.fix.restore import text_of

    return unified(each.path, text_of(each.before), text_of(each.after), colour=colour)


def _closing(
    restorations: Sequence[Restoration], restored: Collection[str], *, is_applied: bool
) -> Iterator[str]:
    good = sum(each.good is not None for each in restorations)
    files = f"{len(restorations)} file{'' if len(restorations) == 1 else 's'}"
    if not restorations:
        yield "no file is broken"
    elif is_applied:
        yield f"{files} broken, {len(restored)} put back, {len(restorations) - len(restored)} left"
    else:
        yield f"{files} broken, {good} with a good revision; see `ssot-lint restore --diff`, then `--apply`"


# as data


def _as_data(found: Found, restored: Collection[str], left: dict[str, str]) -> dict[str, Any]:
    files = [
        {
            "path": each.path,
            "line": each.line,
            "fault": each.fault,
            "good": _past(each.good),
            "broken": _past(each.broken),
            "newest": _past(each.newest),
            "fullest": _past(each.fullest),
            "most_tests": each.most_tests,
            "lost": {"lines": each.lost.lines, "tests": list(each.lost.tests)},
            "reason": each.reason or left.get(each.path, ""),
            "restored": each.path in restored,
        }
        for each in found.restorations
    ]
    summary = {
        "files": len(files),
        "good": sum(each.good is not None for each in found.restorations),
        "restored": len(restored),
    }
    return {"version": 1, "files": files, "summary": summary, "notes": list(found.notes)}


def _past(past: Past | None) -> dict[str, Any] | None:
    if past is None:
        return None
    return {
        "commit": past.commit.id,
        "date": past.commit.date,
        "subject": past.commit.subject,
        "path": past.path,
        "fault": past.fault,
        "tests": past.tests,
    }
