"""Tells by which paths canonical symbols are imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ssot_lint.config import Config
from ssot_lint.import_paths import imports_by_symbol, module_names
from ssot_lint.insight.figures import ImportPath, Symbol
from ssot_lint.meaning import A_CLASS, A_FUNCTION, A_VALUE
from ssot_lint.project import Project
from ssot_lint.rules.noncanonical_import import NoncanonicalImportOptions


def symbols(config: Config, project: Project) -> Iterator[Symbol]:
    """The symbols that a configuration calls canonical, in its order, each with the paths of its imports.

    One that the tree does not define has none.
    """
    imports = imports_by_symbol(project)
    for symbol, also in _canonical(config).items():
        places = _places(imports, _definitions(project, symbol))
        paths = (
            ImportPath(name, len(found), len({path for path, _ in found}), name == symbol or name in also)
            for name, found in places.items()
        )
        yield Symbol(symbol, tuple(sorted(paths, key=lambda each: (-each.imports, each.name))))


def _canonical(config: Config) -> dict[str, set[str]]:
    """The symbols with the other paths that are fine for each."""
    found: dict[str, set[str]] = {}
    for instance in config.instances:
        options = instance.options
        if isinstance(options, NoncanonicalImportOptions):
            for symbol in options.symbols:
                found.setdefault(symbol, set()).update(options.also)
    return found


def _definitions(project: Project, symbol: str) -> Iterable[str]:
    """The dotted names of what a symbol means where that is defined; each once."""
    name_of = module_names(project)
    return dict.fromkeys(
        f"{name_of(meaning.path)}.{meaning.name}"
        for meaning in project.symbol(symbol)
        if meaning.kind in (A_CLASS, A_FUNCTION, A_VALUE)
    )


def _places(
    imports: Mapping[str, Mapping[str, Sequence[tuple[str, int]]]], definitions: Iterable[str]
) -> dict[str, set[tuple[str, int]]]:
    """Where the definitions are imported, by the names in the imports."""
    found: dict[str, set[tuple[str, int]]] = {}
    for definition in definitions:
        for name, places in imports.get(definition, {}).items():
            found.setdefault(name, set()).update(places)
    return found
