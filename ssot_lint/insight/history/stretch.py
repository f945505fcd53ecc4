"""Finds the commits between two moments along a chain of first parents."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ssot_lint.files import GitError, Link, UsageError, chain, id_of, is_shallow

WEEKS = 13
"""Before the last commit, as far back as it goes where nobody says since when."""


class Stretch(NamedTuple):
    """A part of a chain, the oldest commit first, which is the last one before the first moment."""

    links: Sequence[Link]  # one at least
    is_cut: bool  # it begins where a shallow clone begins

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out."""
        note = (
            f"this clone is shallow: its history begins on {self.links[0].date}; "
            "`git fetch --unshallow` brings what was before"
        )
        return (note,) if self.is_cut else ()


def find_stretch(root: Path, rev: str, since: str, until: str) -> Stretch:
    """The commits between two moments among those that lead to a commit, each the first parent of the next.

    A moment is a day such as 2025-09-15, by the dates of committers in UTC, or the name of one of these
    commits; "" is for the default. Raises UsageError, and GitError where git lacks something.
    """
    tip = id_of(root, rev)
    if not tip and rev == "HEAD":
        raise GitError("there is no commit yet")
    if not tip:
        raise UsageError(f"`--rev {rev}`: git knows no such commit")
    links = chain(root, tip)
    links = links[: _end(root, links, until)] if until else links
    if not links:
        raise UsageError(f"`--until {until}`: there is no commit that old")
    start = _start(root, links, since or str(links[-1].date - datetime.timedelta(weeks=WEEKS)))
    return Stretch(links[start:], is_cut=start == 0 and is_shallow(root))


def _start(root: Path, links: Sequence[Link], since: str) -> int:
    """The place of the first commit."""
    day = _day(since)
    if day is None:
        return _place(root, links, "--since", since)
    if links[-1].date < day:
        raise UsageError(f"`--since {since}`: there is no commit that young")
    return _before(links, day)


def _end(root: Path, links: Sequence[Link], until: str) -> int:
    """How many commits there are up to the last one."""
    day = _day(until)
    if day is None:
        return _place(root, links, "--until", until) + 1
    return max((number for number, link in enumerate(links, 1) if link.date <= day), default=0)


def _before(links: Sequence[Link], day: datetime.date) -> int:
    """The place of the last commit before a day, 0 where there is none."""
    return max(next(number for number, link in enumerate(links) if link.date >= day) - 1, 0)


def _place(root: Path, links: Sequence[Link], flag: str, name: str) -> int:
    """The place of a commit in a chain. Raises UsageError."""
    commit = id_of(root, name)
    if not commit:
        raise UsageError(f"`{flag} {name}` is no day such as 2025-09-15, and git knows no such commit")
    place = next((number for number, link in enumerate(links) if link.id == commit), None)
    if place is None:
        raise UsageError(
            f"`{flag} {name}`: this commit is none of those that are looked at, for it came by a merge, "
            "later, or not at all; a day is always fine"
        )
    return place


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
