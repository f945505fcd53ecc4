"""SST402: names and attribute chains that reach the environment of the process, and patches of it.

The place of an access is where its first name stands. Imports are no accesses.
"""

from __future__ import annotations

import ast
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .forbidden_import import PATCHERS, Search
from .reading import CONSTANT, VALUE, Meanings, Reader, Scope, Task
from .tree import Expected, Thing, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .config import Config
    from .reading import FileRecord

ENVIRONMENT = (
    *("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"),
    *("posix.environ", "nt.environ"),
)


class Name(NamedTuple):
    """A name that is read, with the attributes behind it."""

    line: int
    column: int
    roots: Meanings
    attributes: tuple[str, ...]


def env_accesses(tree: Tree, config: Config) -> list[Expected]:
    """Every instance over every file."""
    found: list[Expected] = []
    for instance in config.env_accesses:
        search = Search(tree, replace(instance, targets=(*ENVIRONMENT, *instance.targets)))
        records = [record for record in tree.records.values() if instance.looks_at(record.path)]
        candidates = [record for record in records if may_access(search, record)]
        with ProcessPoolExecutor(tree.jobs) as pool:
            names = pool.map(partial(read_names, tree.root), [r.path for r in candidates], chunksize=16)
            for record, read in zip(candidates, names, strict=True):
                found += (
                    Expected(instance.name, record.path, *place) for place in in_file(search, record, read)
                )
    return found


def may_access(search: Search, record: FileRecord) -> bool:
    """Whether an import of the file leads to the environment, or to a module that may have it."""
    for line in record.imports:
        things = search.resolver.resolve(line.meaning, record.path)
        if line.star or search.hit(things) or any(map(may_hold, things)):
            return True
    return bool(record.string_calls)


def may_hold(thing: Thing) -> bool:
    """Whether the environment may be an attribute of a thing."""
    outside = thing.kind == "outside" and any(e.startswith(f"{thing.place}.") for e in ENVIRONMENT)
    return outside or thing.kind in ("module", "folder")


def in_file(search: Search, record: FileRecord, names: list[Name]) -> Iterator[tuple[int, int]]:
    """The places of the accesses in one file; what it defines itself is its own."""
    for name in names:
        things = search.resolver.resolve_all(name.roots, record.path)
        things = frozenset(thing for thing in things if thing.place != record.path)
        if search.hit(things) or search.along(things, name.attributes):
            yield name.line, name.column
    for call in record.string_calls:
        function = search.resolver.resolve_all(call.function, record.path)
        if any(thing.kind == "outside" and thing.place in PATCHERS for thing in function):
            first, *rest = call.text.split(".")
            if search.along(frozenset([search.tree.locate(None, first, record.path)]), rest):
                yield call.line, call.column


def read_names(root: str, path: str) -> list[Name]:
    """Every chain of attributes of a file, and every name that stands alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse((Path(root) / path).read_bytes(), path)
    return NameReader(path).names(tree)


class NameReader(Reader):
    """The reader of records, which keeps the names that it passes."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.plain: list[tuple[ast.Name, Scope]] = []

    def enter(self, node: ast.AST, scope: Scope, qualname: str) -> list[Task]:
        """Notes a name that is read on its own."""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self.plain.append((node, scope))
        return super().enter(node, scope, qualname)

    def names(self, tree: ast.Module) -> list[Name]:
        """What the file names, outermost expressions first."""
        self.read(tree)
        chains = [Name(c.line, c.column, c.roots, c.attributes) for c in self.record.chains]
        chained = {(chain.line, chain.column) for chain in chains}
        for node, scope in self.plain:
            roots = self.of(node, scope, frozenset())
            if (node.lineno, node.col_offset) not in chained and any(
                r not in (VALUE, CONSTANT) for r in roots
            ):
                chains.append(Name(node.lineno, node.col_offset, roots, ()))
        return chains
