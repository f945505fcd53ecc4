"""Notes which files an answer was made from, for those who keep answers while files change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from ssot_lint.facts.model import Outline

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")

EVERY_FILE = "/"
"""Stands for all files, among the paths that an answer was made from."""

_EVERY_FILE = frozenset((EVERY_FILE,))
_UNANSWERED: Any = object()


class Reads:
    """Which files are asked, noted for everyone who is finding an answer at that time."""

    def __init__(self) -> None:
        self._noting: list[set[str]] = []  # the innermost last

    def note(self, paths: Iterable[str]) -> None:
        """Notes that files are asked, by their paths, or `EVERY_FILE`."""
        if self._noting:
            self._noting[-1].update(paths)

    @contextmanager
    def noted(self) -> Iterator[set[str]]:
        """Gives the paths that are asked for as long as the context lasts, which those around it ask, too."""
        paths: set[str] = set()
        self._noting.append(paths)
        try:
            yield paths
        finally:
            self._noting.pop()
            self.note(least(paths))


def least(paths: AbstractSet[str]) -> AbstractSet[str]:
    """The same files in fewer words: `EVERY_FILE` says it all."""
    return _EVERY_FILE if EVERY_FILE in paths else paths


class NotedOutlines(dict[str, Outline]):
    """Outlines by path that note which are asked for, also where there is none."""

    def __init__(self, outlines: Mapping[str, Outline], reads: Reads) -> None:
        super().__init__(outlines)
        self._reads = reads

    def __getitem__(self, path: str) -> Outline:
        """The outline of the file at a path."""
        self._reads.note((path,))
        return super().__getitem__(path)

    def __contains__(self, path: object) -> bool:
        """Whether there is a file at a path."""
        self._reads.note((str(path),))
        return super().__contains__(path)

    def get(self, path: str, default: Any = None) -> Any:
        """The outline of the file at a path, if there is one."""
        self._reads.note((path,))
        return super().get(path, default)

    def items(self) -> Any:
        """All paths with their outlines."""
        self._reads.note((EVERY_FILE,))
        return super().items()

    def values(self) -> Any:
        """All outlines."""
        self._reads.note((EVERY_FILE,))
        return super().values()


class Answered(Generic[Key, T]):
    """Answers that are found once; with `reads`, who asks again is noted as asking the same files."""

    def __init__(self, reads: Reads | None = None) -> None:
        self._reads = reads
        self._found: dict[Key, T] = {}
        self._made_from: dict[Key, AbstractSet[str]] = {}

    def answer(self, key: Key, find: Callable[[], T]) -> T:
        """The answer to a question, found where it is not known."""
        found: T = self._found.get(key, _UNANSWERED)
        if found is not _UNANSWERED:
            if self._reads is not None:
                self._reads.note(self._made_from[key])
        elif self._reads is None:
            found = self._found[key] = find()
        else:
            with self._reads.noted() as paths:
                found = self._found[key] = find()
            self._made_from[key] = least(paths)
        return found

    def forget(self, keys: Iterable[Key]) -> None:
        """Forgets some answers."""
        for key in keys:
            del self._found[key]
            self._made_from.pop(key, None)

    def known(self, key: Key) -> T | None:
        """The answer to a question, None where it is not known."""
        if self._reads is not None:
            self._reads.note(self._made_from.get(key, ()))
        return self._found.get(key)

    def __iter__(self) -> Iterator[Key]:
        """The questions that have an answer."""
        return iter([*self._found])

    def clear(self) -> None:
        """Forgets all answers."""
        self._found.clear()
        self._made_from.clear()
