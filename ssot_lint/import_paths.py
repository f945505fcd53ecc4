"""By which dotted names each symbol of a tree is imported, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ssot_lint.facts.model import Import
from ssot_lint.file import File
from ssot_lint.meaning import A_CLASS, A_FUNCTION, A_MODULE, A_VALUE, Meaning
from ssot_lint.project import Project

Place = tuple[str, int]
"""A root-relative path and a 1-based line."""

ImportPaths = Mapping[str, Mapping[str, Sequence[Place]]]
"""The dotted name of a symbol where it is defined -> the dotted names in imports -> their places."""


class _Named(NamedTuple):
    """A name of an import statement that means something which a file of the tree defines."""

    definer: str  # path of the file that defines it
    qualname: str  # in that file
    module: str  # the module that it is taken from, as written; "" for a relative import
    location: str  # path of that module; of the folder, with "/" at the end, for a namespace package
    name: str
    line: int


def imports_by_symbol(project: Project) -> ImportPaths:
    """Every class, function and value of the tree that any of its files imports, in the order of the names.

    An import is followed through re-exports to the definition. What it leads to where that is not known or
    not in the tree is left out, so are modules, star imports and attributes of modules. One that may mean
    several things counts for each of them.
    """
    return project.once(("imports by symbol",), lambda: _imports_by_symbol(project))


def module_names(project: Project) -> Callable[[str], str]:
    """Tells the dotted name of a module, given its path: of several the one that most imports use.

    It is a name by which a configuration finds the module, if there is one.
    """
    return project.once(("module names",), lambda: _module_names(project))


def _imports_by_symbol(project: Project) -> ImportPaths:
    name_of = module_names(project)
    found: dict[str, dict[str, set[Place]]] = {}
    for path, named in _every_named(project):
        for each in named:
            symbol = f"{name_of(each.definer)}.{each.qualname}"
            written = f"{each.module or name_of(each.location)}.{each.name}"
            found.setdefault(symbol, {}).setdefault(written, set()).add((path, each.line))
    return {
        symbol: {written: sorted(places) for written, places in sorted(by_name.items())}
        for symbol, by_name in sorted(found.items())
    }


def _module_names(project: Project) -> Callable[[str], str]:
    uses = Counter(
        (each.location, each.module) for _, named in _every_named(project) for each in named if each.module
    )

    @cache
    def name_of(path: str) -> str:
        # Of names that are as good the last one wins, which is that from the nearest root.
        names = reversed(project.modules.names(path))
        return max(names, key=lambda name: (project.module(name, "").path == path, uses[path, name]))

    return name_of


def _every_named(project: Project) -> Iterator[tuple[str, tuple[_Named, ...]]]:
    return project.every(("named imports",), lambda file: (file.path, _named(file, project)), resolves=True)


def _named(file: File, project: Project) -> tuple[_Named, ...]:
    return tuple(
        each
        for entry in file.details.imports
        if entry.name not in ("", "*")
        for meaning in project.import_meanings(file.path, entry)
        for each in _as_named(file, project, entry, meaning)
    )


def _as_named(file: File, project: Project, entry: Import, meaning: Meaning) -> Iterator[_Named]:
    if meaning.kind not in (A_CLASS, A_FUNCTION, A_VALUE):
        return
    if entry.level:
        target = project.modules.relative(file.path, entry.level, entry.module)
    else:
        target = project.module(entry.module, file.path)
    if target.kind == A_MODULE:
        module = "" if entry.level else entry.module
        yield _Named(meaning.path, meaning.name, module, target.path, entry.name, entry.span.line)
