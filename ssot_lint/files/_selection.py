"""Chooses among the listed files those that a command line names."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from typing import NamedTuple

from ssot_lint.files._disk import read_bytes, relative_path
from ssot_lint.files._errors import UsageError
from ssot_lint.files._listing import Listing, Source
from ssot_lint.files._patterns import PathPatterns
from ssot_lint.files._text import digest_of
from ssot_lint.files._walk import SUFFIXES, LeftOut

_SHEBANG = re.compile(
    rb"#!.*?(?:[/\s](?:python|pypy)w?[\d.]*t?(?=\s|$)|\suv\s+run\s(?:.*\s)?(?:--script|-s)(?=\s|$))"
)
_SHEBANG_LENGTH = 512


class Selection(NamedTuple):
    """What a command line names."""

    sources: list[Source]  # sorted by path; scripts without suffix come with those that are listed
    left_out: list[LeftOut]  # what is named and not linted, by the path as it was given


def select(
    root: str | os.PathLike[str],
    listing: Listing,
    paths: Sequence[str],
    cwd: str | os.PathLike[str],
    *,
    exclude: PathPatterns | None = None,
    accept: Container[str] = (),
    lenient: bool = False,
) -> Selection:
    """Choose the listed files that `paths`, of files and folders, name relative to `cwd`.

    A named file that starts with a Python shebang counts as listed, whatever it is called. What the
    listing leaves out stays left out. Paths in `accept`, relative to `root`, may be named although
    they are no Python files. Raises UsageError for a path that does not exist, lies outside of `root`,
    or is a file that is not Python; `lenient` passes these over.
    """
    choice = _Choice(os.path.realpath(root), listing, exclude or PathPatterns(), accept)
    for name in paths:
        try:
            choice.add(name, os.path.join(cwd, name))
        except UsageError:
            if not lenient:
                raise
    return Selection(sorted(choice.chosen), choice.left_out)


class _Choice:
    """What was chosen so far; see `select` for the arguments."""

    def __init__(self, top: str, listing: Listing, exclude: PathPatterns, accept: Container[str]) -> None:
        self.chosen: set[Source] = set()
        self.left_out: list[LeftOut] = []
        self._top = top
        self._listing = listing
        self._by_path = {source.path: source for source in listing.sources}
        self._reasons = dict(listing.left_out)
        self._exclude = exclude
        self._accept = accept

    def add(self, name: str, location: str) -> None:
        """Adds what a name, of the file or folder at a location, means. Raises UsageError."""
        if not name or not os.path.lexists(location):
            raise UsageError(f"`{name}` does not exist")
        is_folder = os.path.isdir(location)
        path = _path_below(self._top, location, name, is_folder)
        if is_folder:
            inside = _below(self._listing.sources, path)
            self.chosen.update(inside)
            if not inside:
                self.left_out.append(LeftOut(name, "holds no Python file that is linted"))
            return
        source = self._by_path.get(path) or self._by_path.get(_target(self._top, location))
        if source is not None:
            self.chosen.add(source)
        elif reason := self._reason(path):
            self.left_out.append(LeftOut(name, reason))
        elif path not in self._accept:
            self.chosen.add(Source(path, _script_digest(self._top, path, name, self._listing.algorithm)))

    def _reason(self, path: str) -> str:
        """Why a path that is not listed is not linted, "" where it may be a script."""
        if self._exclude.match(path):
            return "is excluded by the configuration"
        if path in self._reasons:
            return self._reasons[path]
        if path.endswith(SUFFIXES):
            return "is ignored by git, part of another repository, or in a folder that is never linted"
        return ""


def _path_below(top: str, location: str, name: str, is_folder: bool) -> str:
    """Return the path from `top` of what a user named; the folders that lead to it may be links."""
    if is_folder:
        real = os.path.realpath(location)
    else:
        real = os.path.join(os.path.realpath(os.path.dirname(location)), os.path.basename(location))
    path = relative_path(top, real)
    if path is None:
        raise UsageError(f"`{name}` lies outside of the project root {top}")
    return path


def _target(top: str, location: str) -> str:
    return relative_path(top, os.path.realpath(location)) or ""


def _below(sources: Sequence[Source], folder: str) -> Sequence[Source]:
    """Return the part of `sources`, which are sorted by path, that lies below a folder."""
    if not folder:
        return sources
    # "0" is the character after "/".
    return sources[bisect_left(sources, (f"{folder}/",)) : bisect_left(sources, (f"{folder}0",))]


def _script_digest(top: str, path: str, name: str, algorithm: str) -> str:
    try:
        start = read_bytes(top, path, _SHEBANG_LENGTH)
        if _SHEBANG.match(start.split(b"\n", 1)[0]):
            return digest_of(read_bytes(top, path), algorithm)
    except OSError as error:
        raise UsageError(f"`{name}` cannot be read: {error.strerror}") from None
    raise UsageError(
        f"`{name}` is not a Python file: it ends in neither .py nor .pyi and has no Python shebang"
    )
