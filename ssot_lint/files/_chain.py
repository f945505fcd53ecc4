"""Asks git for the commits that lead to one, each the first parent of the next."""

from __future__ import annotations

import datetime
import os
from typing import NamedTuple

from ssot_lint.files._git import ask


class Link(NamedTuple):
    """A commit in a chain."""

    id: str
    time: datetime.datetime  # of the committer, in UTC
    parents: tuple[str, ...]

    @property
    def date(self) -> datetime.date:
        """The day of that."""
        return self.time.date()


def chain(root: str | os.PathLike[str], commit: str, *, without: str = "") -> list[Link]:
    """Return a commit, given by its id, and what it comes of by first parents, the oldest first.

    `without` is the id of a commit whose whole history is left out. Raises GitError.
    """
    left_out = [f"^{without}"] if without else []
    settings = ("--first-parent", "--no-show-signature", "--format=%H %ct %P")
    lines = ask(os.path.realpath(root), "log", *settings, commit, *left_out, "--").decode().splitlines()
    return [_link(*line.split()) for line in reversed(lines)]


def _link(commit: str, seconds: str, *parents: str) -> Link:
    return Link(commit, datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc), parents)
