"""Which classes give a class its attributes, and whose attributes `self`, `cls` and `super()` have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from ssot_lint.facts.model import BUILTIN, CALL, LOCAL, Use
from ssot_lint.file import File
from ssot_lint.finding import Span
from ssot_lint.meaning import A_CLASS, EXTERNAL, Meaning
from ssot_lint.project import Project

_OWN = ("self", "cls")


def owners(project: Project, classes: Iterable[Meaning], member: str) -> Iterator[Meaning]:
    """All classes that an attribute of the first of some classes may come from, in the order of the search.

    It ends at a class of the tree that has the attribute, and where a base is unknown.
    """
    pending = [*classes][::-1]
    seen = set()
    while pending:
        meaning = pending.pop()
        if meaning.kind not in (A_CLASS, EXTERNAL):
            return
        if meaning in seen:
            continue
        seen.add(meaning)
        yield meaning
        entries = project.classes_at(meaning.path, meaning.name) if meaning.kind == A_CLASS else ()
        if any(member in entry.members for entry in entries):
            return
        bases = [base for entry in entries for base in entry.bases]
        pending += [each for base in bases[::-1] for each in project.base_meanings(meaning.path, base)[::-1]]


class Receivers:
    """The classes whose attributes are used in a file, as far as they are known."""

    def __init__(self, file: File, project: Project) -> None:
        self.file = file
        self.project = project

    def of(self, use: Use, span: Span) -> tuple[tuple[Meaning, ...], str]:
        """The classes at the beginning of a dotted name at a place, and the names of attributes behind."""
        root, _, rest = use.name.partition(".")
        if use.home != LOCAL:
            return self._named(use)
        if root in _OWN or (not root and self._is_super(span)):
            around = self._class_around(span.line)
            if root or around is None:
                return (() if around is None else (around,)), rest
            return self._bases(around), rest
        return (), ""

    def _named(self, use: Use) -> tuple[tuple[Meaning, ...], str]:
        parts = use.name.split(".")
        for length in range(1, len(parts)):
            found = self.project.resolve(self.file.path, ".".join(parts[:length]), use.home)
            classes = tuple(meaning for meaning in found if meaning.kind == A_CLASS)
            if classes:
                return classes, ".".join(parts[length:])
        return (), ""

    def _class_around(self, line: int) -> Meaning | None:
        qualname = self.file.scope_at(line)
        while qualname:
            if self.project.classes_at(self.file.path, qualname):
                return Meaning(A_CLASS, self.file.path, qualname)
            qualname = qualname.rpartition(".")[0]
        return None

    def _bases(self, around: Meaning) -> tuple[Meaning, ...]:
        return tuple(
            meaning
            for entry in self.project.classes_at(around.path, around.name)
            for base in entry.bases
            for meaning in self.project.base_meanings(around.path, base)
        )

    def _is_super(self, span: Span) -> bool:
        """Whether an attribute of no plain name is one of `super()`: the first one behind such a call."""
        return self._supers.get(span[:2]) == span[2:]

    @cached_property
    def _supers(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Where each `super()` starts, and where its attribute ends."""
        calls = (use for use in self.file.details.uses if use.name == "super" and use.how == CALL)
        starts = {span[:2] for use in calls if use.home == BUILTIN for span in use.spans()}
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for use in self.file.bodies.members:
            if use.name.startswith("."):
                for span in use.spans():
                    start, end = span[:2], span[2:]
                    if start in starts and end < found.get(start, (end[0] + 1, 0)):
                        found[start] = end
        return found
