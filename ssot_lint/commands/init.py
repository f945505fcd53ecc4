"""`ssot-lint init`: propose a configuration from what the tree itself shows."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ssot_lint.commands import _init_extras as extras
from ssot_lint.commands import _init_place as place_of
from ssot_lint.commands import _work, say
from ssot_lint.commands._init_look import Look, look, shown
from ssot_lint.commands._init_place import Draft, Place
from ssot_lint.files import UsageError
from ssot_lint.proposals.proposal import Proposal
from ssot_lint.proposals.toml import document
from ssot_lint.reports import counted

_NOTHING = (
    "nothing stands out here; `ssot-lint check` works without a configuration, `ssot-lint rules` lists more"
)
_NOTHING_MORE = "nothing stands out here that the configuration does not tell already"

_EPILOG = """\
Each proposal is a part of a configuration, with what in the tree speaks for it and what it would find today.
On a terminal you are asked about each of them; elsewhere they are printed, and nothing is written without
--yes. They go into pyproject.toml, below all that it has, and into ssot-lint.toml where there is none.

examples:
  ssot-lint init                                      look at the proposals, and take some
  ssot-lint init --dry-run                            print what would be written if all were taken
  ssot-lint init --yes --pre-commit --gitignore       take all of them, and set up the rest
  ssot-lint init --yes --baseline                     take all of them, and carry what they find today

exit codes: 0 done, also where nothing is proposed or taken; 2 a mistake in the command line, a configuration
that is there already, or a file that cannot be written or extended; with --baseline those of `baseline init`
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `init` can be told."""
    parser.description = (
        "Propose a configuration from what the tree itself shows, and write what is taken of it."
    )
    parser.epilog = _EPILOG
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-y", "--yes", action="store_true", help="take all proposals, ask nothing")
    how.add_argument(
        "-n", "--dry-run", action="store_true", help="print what `--yes` would write, write nothing"
    )
    parser.add_argument(
        "--all", action="store_true", help="also the proposals of each kind that would find less"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to this TOML file (default: pyproject.toml, ssot-lint.toml)",
    )
    parser.add_argument("--pre-commit", action="store_true", help=f"add the hook to {extras.HOOK_FILE}")
    parser.add_argument(
        "--gitignore", action="store_true", help=f"keep the cache out of git by {extras.IGNORE_FILE}"
    )
    parser.add_argument(
        "--baseline", action="store_true", help="carry what is found today, as `baseline init` does"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no notes")
    _work.add_effort(parser)


def run(args: argparse.Namespace) -> int:
    """Look, propose, ask, write, and return the exit code. Raises UsageError."""
    place = place_of.find(args.output, Path.cwd())
    may_ask = sys.stdin.isatty() and sys.stdout.isatty()
    is_asking = may_ask and not args.yes and not args.dry_run
    if place.is_taken and (args.yes or is_asking):
        raise UsageError(
            f"there is a configuration already: {place.path}; `--dry-run` shows what would be added to it"
        )
    seen = look(place.config, args)
    if not args.quiet:
        _tell(args, seen)
    proposals = [shown(each) for each in seen.tried]
    if not proposals:
        say(_NOTHING_MORE if place.is_taken else _NOTHING)
    if is_asking:
        return _ask_and_write(args, place, seen)
    return _write(args, place, proposals) if args.yes else _print(place, proposals)


def _tell(args: argparse.Namespace, seen: Look) -> None:
    """Say what the proposals were made from, and what is not among them."""
    for note in seen.notes:
        say(f"note: {note}")
    files = len(seen.ground.outlines)
    broken = f", without {seen.broken} that cannot be compiled" if seen.broken else ""
    say(f"{counted(len(seen.tried), 'proposal')} from {counted(files - seen.broken, 'file')}{broken}")
    if seen.left_out and not args.all:
        say(f"{seen.left_out} more with `--all`, each of which finds less than others of its kind")


def _print(place: Place, proposals: Sequence[Proposal]) -> int:
    """Print what would be written, and how to get it."""
    print(document(proposals, place.prefix), end="")
    if not proposals:
        return 0
    if place.is_taken:
        say(f"nothing was written: there is a configuration already, {place.path}, to which you can add this")
    else:
        say(f"nothing was written; `ssot-lint init --yes` writes this to {place.path}")
    return 0


def _ask_and_write(args: argparse.Namespace, place: Place, seen: Look) -> int:
    from ssot_lint.commands import _init_dialog as dialog

    try:
        taken = dialog.choose(seen.tried, seen.ground)
        args.pre_commit = args.pre_commit or _wants_hook(place)
        args.gitignore = args.gitignore or dialog.wants(f"Keep the cache out of git by {extras.IGNORE_FILE}?")
        args.baseline = args.baseline or dialog.wants("Carry what is found today in a baseline?")
    except dialog.QuitError:
        say("nothing was written")
        return 0
    return _write(args, place, [shown(each) for each in taken])


def _wants_hook(place: Place) -> bool:
    """Ask about the hook; where it cannot be added, show what to paste and go on. Raises QuitError."""
    from ssot_lint.commands import _init_dialog as dialog

    if not dialog.wants(f"Add the hook to {extras.HOOK_FILE}?"):
        return False
    try:
        return bool(_extra(place.config.root, extras.HOOK_FILE, extras.with_hook))
    except UsageError as error:
        say(str(error))
        return False


def _write(args: argparse.Namespace, place: Place, proposals: Sequence[Proposal]) -> int:
    """Write all that is wanted, or nothing where some of it cannot be made, and tell what comes next."""
    root = place.config.root
    drafts = []
    if proposals:
        after = place_of.extended(place, document(proposals, place.prefix))
        drafts.append(Draft(place.path, place.before, after))
    if args.pre_commit:
        drafts += _extra(root, extras.HOOK_FILE, extras.with_hook)
    if args.gitignore:
        drafts += _extra(root, extras.IGNORE_FILE, extras.with_ignored)
    for draft in drafts:
        place_of.put(root, draft)
        print(f"{'wrote' if draft.before is None else 'extended'} {draft.path}")
    if not drafts:
        say("nothing was written")
    code = _carry(args, place) if args.baseline else 0
    if not code:
        say(f"next: `{shlex.join(['ssot-lint', 'check', *place_of.words(place, Path.cwd())])}`")
    return code


def _extra(root: Path, path: str, extended: Callable[[bytes | None], bytes | None]) -> list[Draft]:
    """What another file of the root is to become; nothing where it needs no change. Raises UsageError."""
    before = place_of.existing(root, path)
    try:
        after = extended(before)
    except UsageError:
        print(extras.HOOK, end="")
        raise
    if after is None:
        say(f"{path} has it already")
        return []
    return [Draft(path, before, after)]


def _carry(args: argparse.Namespace, place: Place) -> int:
    """Do what `ssot-lint baseline init` does at the root, and return its exit code. Raises UsageError."""
    from ssot_lint.commands import baseline

    parser = argparse.ArgumentParser()
    baseline.add_arguments(parser)
    options = place_of.words(place, place.config.root)
    options += ["--quiet"] if args.quiet else []
    options += ["--no-cache"] if args.no_cache else []
    before = os.getcwd()
    os.chdir(place.config.root)
    try:
        return baseline.run(parser.parse_args(["init", *options]))
    finally:
        os.chdir(before)
