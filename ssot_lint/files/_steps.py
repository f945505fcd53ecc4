"""Asks git for the steps from one commit to another, and for what each of them changes."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.files._changes import differences, prefix_of
from ssot_lint.files._git import ask, is_shallow
from ssot_lint.files._revisions import Commit

_FORMAT = "%H%x1f%P%x1f%h%x1f%ct%x1f%s"


class Step(NamedTuple):
    """A commit on the way from one to another."""

    commit: Commit  # the date is that of the committer, in UTC
    parents: tuple[str, ...]  # their ids


def steps_between(
    root: str | os.PathLike[str], start: str, end: str
) -> tuple[tuple[Step, ...], frozenset[str]]:
    """Return the commits that one has behind it and another has not, on all lines; both are given by ids.

    Parents come before children, and those of one line together. In a shallow clone some lack their parents:
    these ids are returned beside. Raises GitError.
    """
    top = os.path.realpath(root)
    settings = ("--topo-order", "--reverse", "--no-show-signature", "--encoding=UTF-8", f"--format={_FORMAT}")
    output = ask(top, "log", *settings, "-z", end, f"^{start}", "--")
    steps = tuple(_step(line) for line in output.decode(errors="replace").split("\0") if line)
    return steps, _without_their_parents(top, [step.commit.id for step in steps if not step.parents])


def _step(line: str) -> Step:
    commit, parents, short, seconds, subject = line.split("\x1f", 4)
    date = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).date()
    return Step(Commit(commit, short, date.isoformat(), subject), tuple(parents.split()))


def _without_their_parents(top: str, ids: Sequence[str]) -> frozenset[str]:
    """Those of some commits without parents that have parents which a shallow clone lacks."""
    if not ids or not is_shallow(top):
        return frozenset()
    texts = ((commit, ask(top, "cat-file", "commit", commit)) for commit in ids)
    return frozenset(commit for commit, text in texts if b"\nparent " in text.partition(b"\n\n")[0])


def changes_of(root: str | os.PathLike[str], edges: Sequence[tuple[str, str]]) -> Iterator[Mapping[str, str]]:
    """Yield what each commit changes since a parent, in the order of the pairs, of which either is an id.

    It is the ids of the texts that files have then, by path from the root, "" for no file; with "" for a
    parent all files of the commit are new. What lies outside of the root is left out. Raises GitError.
    """
    top = os.path.realpath(root)
    prefix = prefix_of(top)
    for edge in differences(top, edges):
        yield {path[len(prefix) :]: change.blob for path, change in edge.items() if path.startswith(prefix)}
