"""The outlines of a tree's files, read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from ssot_lint.facts.model import Outline

Read = Callable[[Iterable[str]], Mapping[str, Outline]]
"""Reads the outlines of the files at some paths."""


class Outlines(MutableMapping[str, Outline]):
    """Outlines by path, given the paths of those that `read` brings when they are asked for."""

    def __init__(self, unread: Iterable[str], read: Read) -> None:
        self._outlines: dict[str, Outline | None] = dict.fromkeys(unread)
        self._read = read

    def __getitem__(self, path: str) -> Outline:
        """The outline of the file at a path."""
        outline = self._outlines[path]
        if outline is None:
            outline = self._outlines[path] = self._read([path])[path]
        return outline

    def __contains__(self, path: object) -> bool:
        """Whether there is a file at a path."""
        return path in self._outlines

    def __iter__(self) -> Iterator[str]:
        """The paths of all files."""
        return iter(self._outlines)

    def __len__(self) -> int:
        """The number of files."""
        return len(self._outlines)

    def __setitem__(self, path: str, outline: Outline) -> None:
        """Lets a file have an outline."""
        self._outlines[path] = outline

    def __delitem__(self, path: str) -> None:
        """Takes a file away."""
        del self._outlines[path]

    def keys(self) -> Any:
        """The paths of all files."""
        return self._outlines.keys()

    def items(self) -> Any:
        """All paths with their outlines, which are read at once."""
        self._read_all()
        return self._outlines.items()

    def values(self) -> Any:
        """All outlines, which are read at once."""
        self._read_all()
        return self._outlines.values()

    def _read_all(self) -> None:
        unread = [path for path, outline in self._outlines.items() if outline is None]
        self._outlines.update(self._read(unread) if unread else ())

    def __copy__(self) -> Outlines:
        """The same outlines, for someone who goes on to change them."""
        other = Outlines((), self._read)
        other._outlines = self._outlines.copy()
        return other
