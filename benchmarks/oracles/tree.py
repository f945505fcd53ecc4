"""The whole tree: which files, which module stands where, and what a meaning resolves to.

The rules of resolution:

* Every folder is a package. The root of the tree is the import root; what is not found there is looked for in
  the folder of the importing file, unless that has an `__init__.py` or the standard library has a module of
  that name.
* A dotted name that does not exist below a regular package of the tree (one with `__init__.py`) is *missing*;
  below folders without `__init__.py` it belongs to an installed package of the same name: *outside*.
* A name that several statements bind has several meanings; all of them are followed.
"""

from __future__ import annotations

import builtins
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .reading import ABOVE_ROOT, CONSTANT, VALUE, ClassRecord, FileRecord, Meaning, Meanings, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable


class Thing(NamedTuple):
    """What a meaning resolves to."""

    kind: str  # module, folder, class, inside (an attribute of a class), value, constant, outside, unknown
    place: str  # the file or folder; for `outside` the dotted name; for `unknown` the reason
    name: str = ""  # of a class and what is inside: its number in the file; of a value: its name


class Expected(NamedTuple):
    """One finding that the tool should make; columns are counted from 0, in UTF-8 bytes, as `ast` does."""

    name: str  # of the rule instance; empty where the rule has a single one
    path: str
    line: int
    column: int = 0
    related: frozenset[tuple[str, int]] = frozenset()


Things = frozenset[Thing]
Trail = frozenset[tuple[Any, ...]]
NOTHING: Things = frozenset()


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A path pattern in gitignore syntax, as a regular expression for root-relative file paths."""
    folder_only = text.endswith("/")
    body = text.rstrip("/")
    anchored = "/" in body
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", body.lstrip("/"))
    parts = [special.get(piece) or re.escape(piece) for piece in pieces]
    head = "" if anchored else "(?:.*/)?"
    tail = "/.*" if folder_only else "(?:/.*)?"
    return re.compile(head + "".join(parts) + tail)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether any of the patterns covers the path."""
    return any(pattern(p).fullmatch(path) for p in patterns)


def list_files(root: str, exclude: Iterable[str]) -> list[str]:
    """All Python files below the root, as root-relative paths with `/`."""
    patterns = tuple(exclude)
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, root).replace(os.sep, "/")
            if name.endswith(".py") and not os.path.islink(full) and not matches(path, patterns):
                found.append(path)
    return sorted(found)


class Tree:
    """All records of a tree, with the questions that need more than one file."""

    def __init__(self, records: list[FileRecord], root: str = "", jobs: int = 1) -> None:
        self.root = root
        self.jobs = jobs
        self.records = {record.path: record for record in records}
        self.folders = {""}
        for path in self.records:
            parent = path.rpartition("/")[0]
            while parent and parent not in self.folders:
                self.folders.add(parent)
                parent = parent.rpartition("/")[0]

    @staticmethod
    def read(root: str, exclude: Iterable[str], jobs: int) -> Tree:
        """Reads a tree with several processes."""
        paths = list_files(root, exclude)
        with ProcessPoolExecutor(jobs) as pool:
            return Tree(list(pool.map(partial(read_file, root), paths, chunksize=64)), root, jobs)

    # -- places ----------------------------------------------------------------------------------------

    def child(self, folder: str, name: str) -> Thing | None:
        """The module or folder `name` inside a folder."""
        path = f"{folder}/{name}" if folder else name
        if f"{path}/__init__.py" in self.records:
            return Thing("module", f"{path}/__init__.py")
        if f"{path}.py" in self.records:
            return Thing("module", f"{path}.py")
        return Thing("folder", path) if path in self.folders else None

    def walk(self, folder: str, dotted: str) -> tuple[Thing | None, int, bool]:
        """Follows a dotted module name: (what stands there, parts found, a regular package on the way)."""
        here: Thing | None = None
        regular = False
        parts = dotted.split(".")
        for count, part in enumerate(parts):
            inside = folder if here is None else self.folder_of(here)
            following = None if inside is None else self.child(inside, part)
            if following is None:
                return None, count, regular
            here = following
            regular = regular or here.kind == "module"
        return here, len(parts), regular

    def folder_of(self, thing: Thing) -> str | None:
        """The folder whose modules are inside this package; None for a plain module."""
        if thing.kind == "folder":
            return thing.place
        folder, _, name = thing.place.rpartition("/")
        return folder if name == "__init__.py" else None

    def locate(self, anchor: str | None, dotted: str, importer: str) -> Thing:
        """The module that an import statement names."""
        if anchor == ABOVE_ROOT:
            return Thing("unknown", "relative import above the root")
        if anchor is not None:
            if not dotted:
                return self.package_at(anchor)
            there, _, _ = self.walk(anchor, dotted)
            return there or Thing("unknown", f"no module {dotted} in {anchor}")
        starts = [""]
        own = importer.rpartition("/")[0]
        is_library = dotted.partition(".")[0] in sys.stdlib_module_names
        if own and not is_library and f"{own}/__init__.py" not in self.records:
            starts.append(own)
        partly = None
        for start in starts:
            there, found, regular = self.walk(start, dotted)
            if there is not None:
                return there
            if found and partly is None:
                partly = regular
        return Thing("unknown", f"no module {dotted}") if partly else Thing("outside", dotted)

    def package_at(self, folder: str) -> Thing:
        """The package that a folder is."""
        initial = f"{folder}/__init__.py" if folder else "__init__.py"
        return Thing("module", initial) if initial in self.records else Thing("folder", folder)

    def dotted(self, thing: Thing) -> str:
        """The dotted name of a thing of the tree, or of one outside it."""
        if thing.kind in ("outside", "unknown"):
            return thing.place
        path = thing.place.removesuffix(".py")
        path = path.removesuffix("__init__").removesuffix("/") if thing.kind != "folder" else path
        module = path.replace("/", ".")
        if thing.kind == "class":
            return f"{module}.{self.class_of(thing).qualname}"
        return f"{module}.{thing.name}" if thing.name else module

    def symbol(self, dotted: str) -> Things:
        """What an absolute dotted name of the configuration stands for."""
        resolver = Resolver(self)
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):  # the longest prefix that is a module
            module = self.locate(None, ".".join(parts[:count]), "")
            if module.kind in ("module", "folder") or count == 1:
                break
        things: Things = frozenset([module])
        for name in parts[count:]:
            things = resolver.parts(things, name)
        return things

    def class_of(self, thing: Thing) -> ClassRecord:
        """The record of a class."""
        return self.records[thing.place].classes[int(thing.name)]

    def is_regular(self, folder: str) -> bool:
        """Whether a folder, or one above it, is a regular package."""
        while folder:
            if f"{folder}/__init__.py" in self.records:
                return True
            folder = folder.rpartition("/")[0]
        return False


class Resolver:
    """Follows meanings through the tree; files in `closed` are not looked into."""

    def __init__(self, tree: Tree, closed: frozenset[str] = frozenset()) -> None:
        self.tree = tree
        self.closed = closed
        self.known: dict[tuple[Any, ...], Things] = {}
        self.stars: dict[str, frozenset[str]] = {}

    def resolve(self, meaning: Meaning, path: str, trail: Trail = frozenset()) -> Things:
        """Everything a meaning of the file `path` may stand for."""
        kind = meaning[0]
        if kind == "class":
            return frozenset([Thing("class", path, str(meaning[1]))])
        if meaning == CONSTANT:
            return frozenset([Thing("constant", path)])
        if meaning == VALUE:
            return frozenset([Thing("value", path)])
        key = (meaning, path)
        if key in self.known:
            return self.known[key]
        if key in trail and kind != "member":  # members end their cycles in `member`
            return NOTHING
        below = trail | {key}
        if kind == "own":
            found = self.own(path, meaning[1], below)
        elif kind == "module":
            found = frozenset([self.tree.locate(meaning[1], meaning[2], path)])
        elif kind == "member":
            found = self.part(self.tree.locate(meaning[1], meaning[2], path), meaning[3], below)
        else:
            found = self.parts(self.resolve(meaning[1], path, below), meaning[2], below)
        if not trail:
            self.known[key] = found
        return found

    def resolve_all(self, meanings: Meanings, path: str, trail: Trail = frozenset()) -> Things:
        """The union over several meanings."""
        return NOTHING.union(*(self.resolve(m, path, trail) for m in meanings))

    def parts(self, things: Things, name: str, trail: Trail = frozenset()) -> Things:
        """Attribute `name` of each of the things."""
        return NOTHING.union(*(self.part(thing, name, trail) for thing in things))

    def part(self, thing: Thing, name: str, trail: Trail = frozenset()) -> Things:
        """Attribute `name` of a thing."""
        if thing.kind == "module":
            return self.member(thing.place, name, trail)
        if thing.kind == "folder":
            below = self.tree.child(thing.place, name)
            if below is not None:
                return frozenset([below])
            dotted = f"{self.tree.dotted(thing)}.{name}"
            regular = self.tree.is_regular(thing.place)
            return frozenset([Thing("unknown" if regular else "outside", dotted)])
        if thing.kind == "outside":
            return frozenset([Thing("outside", f"{thing.place}.{name}")])
        if thing.kind == "class":
            named = self.resolve_all(self.tree.class_of(thing).names.get(name, ()), thing.place, trail)
            inside = Thing("inside", thing.place, thing.name)
            return frozenset(other if other.kind == "class" else inside for other in named) or frozenset(
                [inside]
            )
        return frozenset([Thing("unknown", f"attribute {name} of {thing.kind} {self.tree.dotted(thing)}")])

    def member(self, path: str, name: str, trail: Trail) -> Things:
        """What `from <the module at path> import name` yields."""
        folder = self.tree.folder_of(Thing("module", path))
        submodule = self.tree.child(folder, name) if folder is not None else None
        if path in self.closed:
            return frozenset([submodule]) if submodule is not None else NOTHING
        record = self.tree.records[path]
        if not record.is_read:
            return frozenset([submodule or Thing("unknown", f"{path} does not compile")])
        key = ("member", path, name)
        if key in trail:  # `from . import name` in the package's own __init__ can only mean the submodule
            return frozenset([submodule]) if submodule is not None else NOTHING
        found = self.bound(path, name, trail | {key})
        if submodule is not None and all(thing.kind in ("unknown", "constant") for thing in found):
            return found | {submodule}  # also where `from .name import name` fails and is caught
        if found:
            return found
        return self.starred_outside(path, name) or frozenset([Thing("unknown", f"no {name} in {path}")])

    def own(self, path: str, name: str, trail: Trail) -> Things:
        """What a global name means inside the file."""
        found = self.bound(path, name, trail)
        if not found and hasattr(builtins, name):
            return frozenset([Thing("outside", f"builtins.{name}")])
        found = found or self.starred_outside(path, name)
        return found or frozenset([Thing("unknown", f"no {name} in {path}")])

    def bound(self, path: str, name: str, trail: Trail) -> Things:
        """What the statements of a file bind to a name, star imports included."""
        record = self.tree.records[path]
        found: set[Thing] = set()
        for meaning in record.names.get(name, ()):
            for thing in self.resolve(meaning, path, trail):
                found.add(Thing("value", path, name) if thing == Thing("value", path) else thing)
        for star in record.stars:
            source = self.tree.locate(star[1], star[2], path)
            if source.kind == "module" and source.place != path and name in self.exported(source.place):
                found |= self.member(source.place, name, trail)
        return frozenset(found)

    def starred_outside(self, path: str, name: str) -> Things:
        """Modules outside the tree that may provide a name through a star import."""
        found = set()
        for star in self.tree.records[path].stars:
            source = self.tree.locate(star[1], star[2], path)
            if source.kind == "outside":
                found.add(Thing("outside", f"{source.place}.{name}"))
        return frozenset(found)

    def exported(self, path: str, trail: frozenset[str] = frozenset()) -> frozenset[str]:
        """The names that `from <the module at path> import *` binds."""
        record = self.tree.records[path]
        listed = frozenset(record.exports or ())
        if record.exports is not None and not record.open_exports:
            return listed
        if path in self.stars:
            return self.stars[path]
        names = {name for name in record.names if not name.startswith("_")}
        for star in record.stars:
            source = self.tree.locate(star[1], star[2], path)
            if source.kind == "module" and source.place not in trail and source.place != path:
                names |= self.exported(source.place, trail | {path})
        result = listed | frozenset(n for n in names if not n.startswith("_"))
        if not trail:
            self.stars[path] = result
        return result
