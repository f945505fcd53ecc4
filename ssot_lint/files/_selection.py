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
) -> Selection:
    """Choose the listed files that `paths`, of files and folders, name relative to `cwd`.

    A named file that starts with a Python shebang counts as listed, whatever it is called. What the
    listing leaves out stays left out. Paths in `accept`, relative to `root`, may be named although
    they are no Python files. Raises UsageError for a path that does not exist, lies outside of `root`,
    or is a file that is not Python.
    """
    top = os.path.realpath(root)
    exclude = exclude or PathPatterns()
    by_path = {source.path: source for source in listing.sources}
    reasons = dict(listing.left_out)
    chosen: set[Source] = set()
    left_out: list[LeftOut] = []
    for name in paths:
        location = os.path.join(cwd, name)
        if not name or not os.path.lexists(location):
            raise UsageError(f"`{name}` does not exist")
        is_folder = os.path.isdir(location)
        path = _path_below(top, location, name, is_folder)
        if is_folder:
            inside = _below(listing.sources, path)
            chosen.update(inside)
            if not inside:
                left_out.append(LeftOut(name, "holds no Python file that is linted"))
            continue
        source = by_path.get(path) or by_path.get(_target(top, location))
        if source is not None:
            chosen.add(source)
        elif exclude.match(path):
            left_out.append(LeftOut(name, "is excluded by the configuration"))
        elif path in reasons:
            left_out.append(LeftOut(name, reasons[path]))
        elif path.endswith(SUFFIXES):
            left_out.append(
                LeftOut(
                    name, "is ignored by git, part of another repository, or in a folder that is never linted"
                )
            )
        elif path not in accept:
            chosen.add(Source(path, _script_digest(top, path, name, listing.algorithm)))
    return Selection(sorted(chosen), left_out)


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
