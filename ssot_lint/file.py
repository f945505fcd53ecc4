"""One file of a project, as a rule sees it, and where the parts of its facts come from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from ssot_lint.facts.model import Bodies, Details, Facts, Outline
from ssot_lint.finding import MODULE_SCOPE
from ssot_lint.references import References, Used, resolved

if TYPE_CHECKING:
    from ssot_lint.project import Project

T = TypeVar("T")


class Loader(Protocol):
    """Reads the parts of a file's facts that are not kept in memory, by the file's path."""

    def details(self, path: str) -> Details:
        """What the file names of other modules."""

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""


class Summaries(Protocol):
    """Keeps what is gathered from files by their content, from run to run."""

    def of(
        self, paths: Iterable[str], question: tuple[object, ...], shape: type[T], read: Callable[[str], T]
    ) -> Mapping[str, T]:
        """What `read` makes of the files at some paths; see `Project.every`."""


class InMemory:
    """A loader of facts that are at hand, by path; a file without facts has none of anything."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self._facts = facts

    def details(self, path: str) -> Details:
        """What the file names of other modules."""
        return self._facts[path].details if path in self._facts else Details()

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""
        return self._facts[path].bodies if path in self._facts else Bodies()


class Overlaid:
    """A loader that takes the facts of some files from one place, those of all others from another."""

    def __init__(self, facts: Mapping[str, Facts], below: Loader) -> None:
        self._facts = facts
        self._above = InMemory(facts)
        self._below = below

    def details(self, path: str) -> Details:
        """What the file names of other modules."""
        return (self._above if path in self._facts else self._below).details(path)

    def bodies(self, path: str) -> Bodies:
        """What happens inside the file."""
        return (self._above if path in self._facts else self._below).bodies(path)


class File:
    """One file of the project, as a rule sees it."""

    def __init__(self, path: str, outline: Outline, loader: Loader, project: Project) -> None:
        self.path = path
        self.outline = outline
        self._loader = loader
        self._project = project

    @cached_property
    def details(self) -> Details:
        """What the file names of other modules, and what its comments say."""
        return self._loader.details(self.path)

    @cached_property
    def bodies(self) -> Bodies:
        """What happens inside the functions and classes of the file."""
        return self._loader.bodies(self.path)

    @cached_property
    def references(self) -> References:
        """What the file names of other modules, resolved."""
        return References(self, self._project)

    @cached_property
    def uses(self) -> tuple[Used, ...]:
        """Every use of something known, resolved: also of plain names and builtins."""
        return tuple(resolved(self.details.uses, self, self._project))

    def scope_at(self, line: int) -> str:
        """The qualname of the innermost class or function around a 1-based line, or "<module>"."""
        innermost = MODULE_SCOPE
        smallest = sys.maxsize
        for qualname, first, last in self.details.extents:
            if first <= line <= last and last - first <= smallest:
                innermost, smallest = qualname, last - first
        return innermost
