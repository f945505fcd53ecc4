"""The names that a class or a module defines, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ssot_lint.facts.model import WRITE, Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Span
from ssot_lint.meaning import A_CLASS, MISSING
from ssot_lint.project import Project

_OWN = ("self", "cls")


def is_named(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of those meant; `*` is any part of it."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def class_lacks(project: Project, path: str, entry: Class, names: Iterable[str], inherited: bool) -> bool:
    """Whether a class is known to define none of some names, nor to inherit one where that counts.

    What methods set on `self` is defined too; what classes outside the tree have is not known and does
    not count.
    """
    holders = [(path, entry)]
    if inherited:
        ancestry = project.ancestry(path, entry.qualname)
        if not ancestry.is_known:
            return False
        holders += [
            (meaning.path, above)
            for meaning in ancestry.meanings
            if meaning.kind == A_CLASS
            for above in project.classes_at(meaning.path, meaning.name)
        ]
    return not any(
        is_named(member, names)
        for members in (_bound, _assigned)
        for holder in holders
        for member in members(project, *holder)
    )


def _bound(_project: Project, _path: str, entry: Class) -> Iterable[str]:
    return entry.members


def _assigned(project: Project, path: str, entry: Class) -> Iterator[str]:
    """The names that the methods of a class set on `self`."""

    def find() -> tuple[tuple[int, str], ...]:
        uses = (use for use in project.file(path).bodies.members if use.how == WRITE)
        named = ((use, use.name.split(".")) for use in uses)
        return tuple(
            (span.line, name[1])
            for use, name in named
            if len(name) == 2 and name[0] in _OWN
            for span in use.spans()
        )

    for line, name in project.once(("assigned", path), find):
        if entry.line <= line <= entry.end_line:
            yield name


def module_lacks(project: Project, file: File, names: Iterable[str]) -> bool:
    """Whether a module is known to define none of some names, nor to import one."""
    bound = file.outline.scopes[0].names
    return not any(
        any(is_named(each, (name,)) for each in bound)
        or any(meaning.kind != MISSING for meaning in project.member(file.path, name))
        for name in names
    )


def place_of(file: File, qualname: str, default: Span) -> Span:
    """Where a name is defined, as far as that is known."""
    definitions: list[Class | Function] = [*file.outline.classes, *file.bodies.functions]
    spans = [each.span for each in definitions if each.qualname == qualname]
    spans += [each.span for each in file.outline.constants if each.name == qualname]
    bindings = file.outline.scopes[0].names.get(qualname, ())
    spans += [Span(each.line, 1, each.line, 1) for each in bindings if each.line]
    return spans[0] if spans else default
