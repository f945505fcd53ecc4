"""Which files import the modules of a tree, and what they define."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ssot_lint.import_paths import imports_by_symbol, module_names
from ssot_lint.meaning import A_MODULE
from ssot_lint.project import Project


def symbol_name(project: Project, path: str, qualname: str) -> str:
    """The dotted name of what a file defines, of its module where the name in it is empty."""
    module = module_names(project)(path)
    return f"{module}.{qualname}" if qualname else module


def importers(project: Project, path: str) -> Mapping[str, frozenset[str]]:
    """The other files that import each symbol of a module from it, by the dotted name of the symbol."""
    by_module = project.once(("importers by module",), lambda: _by_module(project))
    found = by_module.get(module_names(project)(path), {})
    return {symbol: files - {path} for symbol, files in found.items()}


def _by_module(project: Project) -> Mapping[str, Mapping[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for symbol, written in imports_by_symbol(project).items():
        files = frozenset(path for places in written.values() for path, _ in places)
        found.setdefault(symbol.rpartition(".")[0], {})[symbol] = files
    return found


def module_importers(project: Project, paths: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The other files that import each of some modules as a whole, by the path of the module."""
    wanted = frozenset(paths)
    names = {_stem(path) for path in wanted}
    found: dict[str, set[str]] = {path: set() for path in wanted}
    for file in project.files():
        for entry in file.details.imports:
            if (entry.name or entry.module.rpartition(".")[2]) in names:
                for meaning in project.import_meanings(file.path, entry):
                    if meaning.kind == A_MODULE and meaning.path in wanted:
                        found[meaning.path].add(file.path)
    return {path: frozenset(files - {path}) for path, files in found.items()}


def _stem(path: str) -> str:
    return path.removesuffix("/__init__.py").rpartition("/")[2].removesuffix(".py")
