"""Finds modules: which file a dotted name means, and by which dotted names a file can be called."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence

from ssot_lint.facts.model import Outline
from ssot_lint.meaning import A_MODULE, EXTERNAL, MISSING, UNKNOWN, Meaning
from ssot_lint.reads import Answered, Reads
from ssot_lint.roots import enclosing, parent

STANDARD_LIBRARY = frozenset(sys.stdlib_module_names)


class Modules:
    """The modules of a tree, given the paths of its files and the folders that imports start from.

    A module is told by the path of its file, a namespace package by its folder with "/" at the end.
    """

    def __init__(self, paths: Collection[str], roots: Sequence[str], reads: Reads | None = None) -> None:
        """`reads` is told of every place where a module is looked for, as `place_of` has it."""
        self._paths = paths
        self._roots = roots
        self._reads = reads
        self._folders = _folders(paths)
        self._found: Answered[tuple[str, str], Meaning] = Answered(reads)
        self._found_below: Answered[tuple[str, str], Meaning] = Answered(reads)  # by the nearest root
        self._names: dict[str, tuple[str, ...]] = {}
        self._around: dict[str, list[str]] = {}

    def differing_folders(self, before: Modules) -> frozenset[str]:
        """The folders that only one of two trees has."""
        return self._folders ^ before._folders

    def forget(self) -> None:
        """Forgets what was found, after files have come or gone in folders that stay."""
        self._found.clear()
        self._found_below.clear()

    def find(self, dotted: str, importer: str) -> Meaning:
        """What `import dotted` means in the file at `importer` ("" for the top of the tree)."""
        folder = parent(importer)
        key = (dotted, folder)
        return self._found.answer(key, lambda: self._find_module(dotted, folder))

    def _find_module(self, dotted: str, folder: str) -> Meaning:
        around = self._enclosing(folder)
        first = dotted.partition(".")[0]
        if (
            first not in STANDARD_LIBRARY
            and self.child(folder, first)
            and not self._is_package(folder)
            and not any(self.child(root, first) for root in around)
        ):
            # A script finds its neighbours, a module of a package does not.
            return self._find_below(dotted, [folder], around)
        key = (dotted, around[0] if around else "/")  # all folders of a root find the same
        return self._found_below.answer(key, lambda: self._find_below(dotted, around, around))

    def _find_below(self, dotted: str, folders: Sequence[str], around: Sequence[str]) -> Meaning:
        """What a module is that is looked for in some folders, then outside of all roots `around` them."""
        parts = dotted.split(".")
        candidates = [folder for folder in folders if self.child(folder, parts[0])]
        if parts[0] not in STANDARD_LIBRARY and all(
            self.child(root, parts[0]).endswith("/") for root in candidates
        ):
            # Any other root may be on the path of the one who runs it, and a namespace may go on there.
            candidates += [root for root in self._roots if root not in around and self.child(root, parts[0])]
        missing = None
        for root in candidates:
            location = self._walk(root, parts)
            if location:
                return Meaning(A_MODULE, location, "")
            missing = missing or (location == "" and Meaning(MISSING, "", ".".join(parts)))
        return missing or Meaning(EXTERNAL, "", ".".join(parts))

    def _enclosing(self, folder: str) -> list[str]:
        """The roots that hold a folder, the nearest first."""
        found = self._around.get(folder)
        if found is None:
            found = self._around[folder] = enclosing(folder, self._roots)
        return found

    def _is_package(self, folder: str) -> bool:
        if self._reads is not None:
            self._reads.note((folder,))
        return f"{folder}/__init__.py" in self._paths

    def _walk(self, folder: str, parts: Iterable[str]) -> str | None:
        """The file or namespace folder of a module.

        "" where a package of the tree lacks it; None where only a namespace folder does, which may well
        be spread over installed packages.
        """
        location = folder
        is_closed = False  # below a regular package nothing installed can add to a namespace
        for part in parts:
            child = self.child(package_of(location), part)
            if not child:
                return "" if is_closed else None
            is_closed = is_closed or not child.endswith("/")
            location = child
        return location

    def child(self, folder: str | None, name: str) -> str:
        """The file of a module or package in a folder, or the namespace folder with "/", or ""."""
        if folder is None:
            return ""
        base = f"{folder}/{name}" if folder else name
        if self._reads is not None:
            self._reads.note((base,))
        for suffix in ("/__init__.py", ".py", "/__init__.pyi", ".pyi"):
            if base + suffix in self._paths:
                return base + suffix
        return base + "/" if base in self._folders else ""

    def relative(self, importer: str, level: int, module: str) -> Meaning:
        """What a relative import of a module, with `level` dots, means in the file at `importer`."""
        folder = parent(importer)
        for _ in range(level - 1):
            if not folder:
                return Meaning(UNKNOWN, "", "." * level + module)
            folder = parent(folder)
        if not module:
            location: str | None = self.child(parent(folder), folder.rpartition("/")[2]) if folder else "/"
            if location and not location.endswith("/") and package_of(location) is None:
                location = folder + "/"
        else:
            location = self._walk(folder, module.split("."))
        if location:
            return Meaning(A_MODULE, location, "")
        return Meaning(MISSING, "", "." * level + module)

    def names(self, path: str) -> tuple[str, ...]:
        """Every dotted name of the module at a path, one for each source root above it, the top's first."""
        found = self._names.get(path)
        if found is None:
            stem = path.rstrip("/") if path.endswith("/") else path.rpartition(".")[0]
            stem = stem.removesuffix("/__init__")
            names = []
            for root in reversed(self._enclosing(parent(path))):
                inside = stem[len(root) + 1 :] if root else stem
                if inside:
                    names.append(inside.replace("/", "."))
            found = self._names[path] = tuple(names) or (stem.replace("/", "."),)
        return found


def exports(outline: Outline | None, name: str) -> bool:
    """Whether a star import of a module of the tree brings a name along."""
    if outline is None:
        return False
    if outline.exports is None or outline.export_sources:
        return not name.startswith("_") or name in (outline.exports or ())
    return name in outline.exports


def place_of(path: str) -> str:
    """Where a module is looked for that is at a path: its folder, and what it is called there."""
    return path.rpartition(".")[0].removesuffix("/__init__")


def package_of(location: str) -> str | None:
    """The folder in which a module's submodules are, None for a plain module."""
    if location.endswith("/"):
        return location[:-1]
    folder, _, name = location.rpartition("/")
    if name in ("__init__.py", "__init__.pyi"):
        return folder
    return None if name.endswith((".py", ".pyi")) else location


def _folders(paths: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = parent(path)
        while folder and folder not in found:
            found.add(folder)
            folder = parent(folder)
    return frozenset(found)
