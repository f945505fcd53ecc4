"""The contracts of `import-boundary`: which module stands where, and what must not import what."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from ssot_lint.meaning import EXTERNAL
from ssot_lint.modules import STANDARD_LIBRARY
from ssot_lint.rules._modules import ModulePatterns, Place, agree

_ANYWHERE = Place(-1, "")


class Module(NamedTuple):
    """A module: its file, "" outside the tree, and all its dotted names."""

    kind: str
    path: str
    names: tuple[str, ...]


class Contract(Protocol):
    """Who must not import whom.

    A module can have a place as the one that imports and one as the one that is imported; where it has
    none, the contract does not speak of it.
    """

    def importer(self, module: Module, /) -> Place | None:
        """The place of a module that imports."""

    def imported(self, module: Module, /) -> Place | None:
        """The place of a module that is imported."""

    def breach(self, importer: Place, imported: Place, /) -> str:
        """What is wrong if one imports the other, to be read after the latter's name; "" if nothing is.

        Nobody asks about a module that is itself at, or below, the place that is imported.
        """


class Layer(NamedTuple):
    """One line of layers: siblings that may import each other, or must not."""

    members: tuple[str, ...]
    optional: frozenset[str]
    are_independent: bool


def parse_layer(line: str) -> Layer:
    """Reads a line in import-linter's syntax: `a | b` are independent, `a : b` are not, `(a)` is optional."""
    separator = "|" if "|" in line else ":"
    written = [part.strip() for part in line.split(separator)]
    members = tuple(part[1:-1].strip() if part.startswith("(") else part for part in written)
    optional = frozenset(member for member, part in zip(members, written) if part.startswith("("))
    return Layer(members, optional, separator == "|")


class Layers:
    """Each layer may import those below it."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        layers = [parse_layer(line) for line in lines]
        self._depths = [depth for depth, layer in enumerate(layers) for _ in layer.members]
        self._are_independent = [layer.are_independent for layer in layers]
        self._patterns = ModulePatterns(member for layer in layers for member in layer.members)

    def importer(self, module: Module) -> Place | None:
        """The layer of a module."""
        return self._patterns.place(module.names)

    imported = importer

    def breach(self, importer: Place, imported: Place) -> str:
        """What is wrong with an import: it goes up, or to an independent sibling."""
        depth, other = self._depths[importer.number], self._depths[imported.number]
        if other > depth or not agree(importer.captures, imported.captures):
            return ""
        if other < depth:
            return f"is in the higher layer `{imported.name}`, which `{importer.name}` must not import"
        if not self._are_independent[depth]:
            return ""
        return f"is in `{imported.name}`, which `{importer.name}` must be independent of"


class Independent:
    """None may import another; those whose captures have the same values are one."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = ModulePatterns(patterns)

    def importer(self, module: Module) -> Place | None:
        """The place of a module."""
        return self._patterns.place(module.names)

    imported = importer

    def breach(self, importer: Place, imported: Place) -> str:
        """What is wrong with an import: it leads to another one."""
        if importer.captures and importer.captures == imported.captures:
            return ""
        return f"is in `{imported.name}`, which `{importer.name}` must be independent of"


class Forbidden:
    """Some must not import some others."""

    def __init__(self, importers: tuple[str, ...], imported: tuple[str, ...]) -> None:
        self._importers = ModulePatterns(importers)
        self._imported = ModulePatterns(imported)

    def importer(self, module: Module) -> Place | None:
        """The place of a module that must not import something."""
        return self._importers.place(module.names)

    def imported(self, module: Module) -> Place | None:
        """The place of a module that must not be imported."""
        return self._imported.place(module.names)

    def breach(self, importer: Place, imported: Place) -> str:
        """What is wrong with an import: it is forbidden."""
        are_meant = agree(importer.captures, imported.captures)
        return f"must not be imported in `{importer.name}`" if are_meant else ""


class EntryPoints:
    """What is inside some modules is imported through their entry points only."""

    def __init__(self, modules: tuple[str, ...], public: tuple[str, ...]) -> None:
        self._modules = ModulePatterns(modules)
        self._public = ModulePatterns(public)
        self._entries = ", ".join(f"`{entry}`" for entry in public)

    def importer(self, _module: Module) -> Place | None:
        """The place of any module."""
        return _ANYWHERE

    def imported(self, module: Module) -> Place | None:
        """The place of a module that is inside and no entry point."""
        return None if self._public.are_named(module.names) else self._modules.place(module.names)

    def breach(self, _importer: Place, imported: Place) -> str:
        """What is wrong with an import from outside."""
        entries = f", import from {self._entries}" if self._entries else ""
        return f"is internal to `{imported.name}`{entries}"


class Allowed:
    """Nothing but some modules may be imported."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = ModulePatterns(allowed)
        self._has_standard_library = "stdlib" in allowed
        self._list = ", ".join(f"`{each}`" for each in allowed)

    def importer(self, _module: Module) -> Place | None:
        """The place of any module."""
        return _ANYWHERE

    def imported(self, module: Module) -> Place | None:
        """The place of a module that is not allowed."""
        if self._allowed.place(module.names) is not None:
            return None
        root = module.names[0].partition(".")[0]
        is_standard = module.kind == EXTERNAL and root in STANDARD_LIBRARY
        return None if is_standard and self._has_standard_library else _ANYWHERE

    def breach(self, _importer: Place, _imported: Place) -> str:
        """What is wrong with any import of it."""
        return f"is not among the allowed imports {self._list}"


class Unreachable:
    """Files that the files in some folders must not import."""

    def __init__(self, are_importers: Callable[[str], bool], are_unreachable: Callable[[str], bool]) -> None:
        self._are_importers = are_importers
        self._are_unreachable = are_unreachable

    def importer(self, module: Module) -> Place | None:
        """The place of a file that the contract looks at."""
        is_importer = self._are_importers(module.path) and not self._are_unreachable(module.path)
        return _ANYWHERE if module.path and is_importer else None

    def imported(self, module: Module) -> Place | None:
        """The place of a file that must not be imported."""
        return _ANYWHERE if module.path and self._are_unreachable(module.path) else None

    def breach(self, _importer: Place, _imported: Place) -> str:
        """What is wrong with any import of it."""
        return "must not be imported here"
