"""Makes a commit of each batch, with the files of that batch alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint.files import GitError
from ssot_lint.files import ask as ask_git
from ssot_lint.fix.disk import FixError
from ssot_lint.processes import run, tail


class Commits(NamedTuple):
    """How commits are made."""

    message: str
    unfit: frozenset[str]  # files that git does not track, or that have changes of the user's

    def make(self, root: str, paths: Sequence[str]) -> tuple[str, str]:
        """Commits files, past no hook; returns the id of the commit and "", or "" and why there is none."""
        literal = (f":(literal){path}" for path in paths)
        command = ("git", "commit", "--quiet", "--only", "-m", self.message, "--", *literal)
        ended = run(command, root)
        if ended.code:
            return "", f"`git commit` fails\n{tail(ended.output)}".rstrip()
        return os.fsdecode(ask_git(root, "rev-parse", "HEAD")).strip(), ""


def prepared(
    root: str | os.PathLike[str], paths: Sequence[str], message: str, *, allow_dirty: bool = False
) -> Commits:
    """Sees to it that files can be committed, with a message.

    Raises FixError where git cannot commit, and where there are changes that are not committed, unless they
    are allowed: files that have some are then left alone.
    """
    top = os.path.realpath(root)
    try:
        changed = _paths(top, "diff", "--name-only", "-z", "HEAD")
        if changed and not allow_dirty:
            raise FixError(
                f"{changed[0]}: has changes that are not committed; "
                "commit or stash them, or allow a dirty tree"
            )
        ask_git(top, "var", "GIT_COMMITTER_IDENT")
        tracked = set(_paths(top, "ls-files", "-z"))
        changed_below = _paths(top, "diff", "--name-only", "--relative", "-z", "HEAD")
    except GitError as error:
        raise FixError(f"git cannot commit here: {error}") from None
    return Commits(message, frozenset(paths) - tracked | frozenset(changed_below).intersection(paths))


def _paths(root: str, *arguments: str) -> list[str]:
    return os.fsdecode(ask_git(root, *arguments)).split("\0")[:-1]
