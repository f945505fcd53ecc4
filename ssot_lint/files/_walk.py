"""Finds Python files by walking through folders, for projects that git cannot be asked about."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.files._disk import read_bytes
from ssot_lint.files._patterns import gitignore_spec

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".pyi")

_NEVER_LINTED = frozenset(
    (
        *(".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox"),
        *(".pytest_cache", ".ruff_cache", ".svn", ".tox"),
        *("__pycache__", "__pypackages__", "node_modules", "site-packages"),
    )
)
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")


class LeftOut(NamedTuple):
    """A path that is not linted, and why."""

    path: str
    reason: str


class _IgnoreFile(NamedTuple):
    base: str  # the folder that it stands in, with a separator at the end
    patterns: GitIgnoreSpec


def walk(top: str, repository: str | None, skip: Callable[[str], bool]) -> tuple[list[str], list[LeftOut]]:
    """Return what is named like a Python file below `top`, and the folders that could not be read.

    Honours `.gitignore` files, from the top of the `repository` around `top` (if any) downwards; never
    enters links, virtual environments, caches, repositories inside the repository, and folders for
    which `skip` says so, given their path from `top`.
    """
    paths: list[str] = []
    unreadable: list[LeftOut] = []
    waiting = [("", _ignore_files_above(top, repository))]
    while waiting:
        folder, ignore_files = waiting.pop()
        location = os.path.join(top, folder) if folder else top
        try:
            with os.scandir(location) as entries:
                names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        except OSError as error:
            unreadable.append(LeftOut(f"{folder or '.'}/", f"cannot be read: {error.strerror}"))
            continue
        if folder and (
            not names.keys().isdisjoint(_ENVIRONMENT_MARKS) or (repository is not None and ".git" in names)
        ):
            continue
        if ".gitignore" in names:
            ignore_files = (*ignore_files, *_ignore_file(location))
        for name, is_folder in names.items():
            path = f"{folder}/{name}" if folder else name
            if is_folder:
                if name in _NEVER_LINTED or skip(path) or _is_ignored(ignore_files, f"{location}/{name}/"):
                    continue
                waiting.append((path, ignore_files))
            elif name.endswith(SUFFIXES) and not _is_ignored(ignore_files, f"{location}/{name}"):
                paths.append(path)
    return paths, unreadable


def is_reached(top: str, repository: str | None, path: str) -> bool:
    """Tell whether no `.gitignore` keeps `walk` from a path from `top`."""
    ignore_files = _ignore_files_above(top, repository)
    location = top
    *folders, name = path.split("/")
    for folder in folders:
        ignore_files = (*ignore_files, *_ignore_file(location))
        location = f"{location}/{folder}"
        if _is_ignored(ignore_files, f"{location}/"):
            return False
    return not _is_ignored((*ignore_files, *_ignore_file(location)), f"{location}/{name}")


def without_never_linted(top: str, paths: Iterable[str]) -> list[str]:
    """Drop the paths that lie in folders which `walk` does not enter by itself, ignored or not."""

    @cache
    def is_never_linted(folder: str) -> bool:
        return os.path.basename(folder) in _NEVER_LINTED or any(
            os.path.lexists(os.path.join(top, folder, mark)) for mark in _ENVIRONMENT_MARKS
        )

    def folders(path: str) -> Iterable[str]:
        return accumulate(path.split("/")[:-1], "{}/{}".format)

    return [path for path in paths if not any(map(is_never_linted, folders(path)))]


def _ignore_files_above(top: str, repository: str | None) -> tuple[_IgnoreFile, ...]:
    if repository is None:
        return ()
    found: tuple[_IgnoreFile, ...] = ()
    folder = top
    while folder != repository:
        folder = os.path.dirname(folder)
        found = (*_ignore_file(folder), *found)
    # Nobody asks for a project to be linted and means none of it.
    return () if _is_ignored(found, os.path.join(top, "")) else found


def _ignore_file(folder: str) -> tuple[_IgnoreFile, ...]:
    """Return the `.gitignore` of a folder, in a tuple that is empty where there is none."""
    try:
        lines = os.fsdecode(read_bytes(folder, ".gitignore")).splitlines()
    except OSError:
        return ()
    return (_IgnoreFile(os.path.join(folder, ""), _gitignore(lines)),)


def _gitignore(lines: Sequence[str]) -> GitIgnoreSpec:
    def is_valid(line: str) -> bool:
        # Git passes over malformed lines.
        try:
            gitignore_spec([line])
        except (ValueError, re.error):
            return False
        return True

    return gitignore_spec(filter(is_valid, lines))


def _is_ignored(ignore_files: Sequence[_IgnoreFile], path: str) -> bool:
    """Tell whether an absolute path, of a folder if it ends in `/`, is ignored; the nearest file decides."""
    for base, patterns in reversed(ignore_files):
        decided = patterns.check_file(path[len(base) :]).include
        if decided is not None:
            return decided
    return False
