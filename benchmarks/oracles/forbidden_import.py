"""SST101: imports, and attribute accesses through an imported parent, that reach a forbidden thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tree import Expected, Resolver, Thing, Things, Tree, matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .config import Config, Instance
    from .reading import FileRecord, ImportLine

PATCHERS = {f"{m}.patch{method}" for m in ("unittest.mock", "mock") for method in ("", ".dict", ".multiple")}


def forbidden_imports(tree: Tree, config: Config) -> list[Expected]:
    """Every instance over every file."""
    found: list[Expected] = []
    for instance in config.forbidden_imports:
        search = Search(tree, instance)
        for record in tree.records.values():
            if instance.looks_at(record.path):
                found.extend(search.in_file(record))
    return found


class Search:
    """One instance: its targets, and a resolver that does not look into the files that may use them."""

    def __init__(self, tree: Tree, instance: Instance) -> None:
        self.tree = tree
        self.instance = instance
        self.targets = {thing for target in instance.targets for thing in tree.symbol(target)}
        self.packages = [tree.folder_of(t) or t.place for t in self.targets if t.kind in ("module", "folder")]
        allowed = frozenset(path for path in tree.records if matches(path, instance.allow_in))
        self.resolver = Resolver(tree, closed=allowed)

    def hit(self, things: Things) -> bool:
        """Whether any of the things is a target, or inside one."""
        return any(self.is_target(thing) for thing in things)

    def is_target(self, thing: Thing) -> bool:
        """Whether a thing is a target, or inside one."""
        if thing in self.targets or (thing.kind == "inside" and thing._replace(kind="class") in self.targets):
            return True
        if thing.kind == "outside":
            return any(t.kind == "outside" and thing.place.startswith(f"{t.place}.") for t in self.targets)
        if thing.kind in ("module", "folder", "class", "value"):
            return any(thing.place == p or thing.place.startswith(f"{p}/") for p in self.packages)
        return False

    def in_file(self, record: FileRecord) -> Iterator[Expected]:
        """The findings in one file."""
        path, name = record.path, self.instance.name
        reported = set()
        for number, line in enumerate(record.imports):
            if self.starred(line, path) if line.star else self.imported(line, path):
                reported.add(number)
                yield Expected(name, path, line.line, line.column)
        for dynamic in record.dynamic_imports:
            if self.hit(self.resolver.resolve(dynamic.module, path)):
                yield Expected(name, path, dynamic.line, dynamic.column)
        for chain in record.chains:
            things = self.resolver.resolve_all(chain.roots, path)
            if reported.intersection(chain.root_imports) or self.hit(things):
                continue  # the import of the root is the finding
            if self.along(things, chain.attributes):
                yield Expected(name, path, chain.line, chain.column)
        for call in record.string_calls:
            function = self.resolver.resolve_all(call.function, path)
            if any(thing.kind == "outside" and thing.place in PATCHERS for thing in function):
                first, *rest = call.text.split(".")
                if self.along(frozenset([self.tree.locate(None, first, path)]), rest):
                    yield Expected(name, path, call.line, call.column)

    def imported(self, line: ImportLine, path: str) -> bool:
        """Whether an alias imports a target, or anything by way of a target that is a module."""
        kind, anchor, dotted = line.whole[:3]
        if kind == "member" and self.is_target(self.tree.locate(anchor, dotted, path)):
            return True
        return self.hit(self.resolver.resolve(line.whole, path))

    def along(self, things: Things, attributes: tuple[str, ...] | list[str]) -> bool:
        """Whether following the attributes one by one meets a target."""
        for attribute in attributes:
            things = self.resolver.parts(things, attribute)
            if self.hit(things):
                return True
        return False

    def starred(self, line: ImportLine, path: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a star import brings in a target."""
        source = self.tree.locate(line.whole[1], line.whole[2], path)
        if self.is_target(source):
            return True
        if source.kind == "outside":
            parents = {t.place.rpartition(".")[0] for t in self.targets if t.kind == "outside"}
            return source.place in parents
        if source.kind != "module" or source.place in seen:
            return False
        names = self.resolver.exported(source.place)
        if any(self.hit(self.resolver.part(source, name)) for name in names):
            return True
        further = self.tree.records[source.place]
        listed = further.exports is not None and not further.open_exports
        if listed or source.place in self.resolver.closed:
            return False
        return any(self.starred(i, source.place, seen | {source.place}) for i in further.imports if i.star)
