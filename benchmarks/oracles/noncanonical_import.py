"""SST102: a canonical thing imported by a path that is none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import ABOVE_ROOT, Chain, FileRecord, Meaning
from .tree import Expected, Resolver, Things, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .config import Canonical, Config


def noncanonical_imports(tree: Tree, config: Config) -> list[Expected]:
    """Every canonical thing over every file."""
    resolver = Resolver(tree)
    found: list[Expected] = []
    for canonical in config.canonicals:
        home = frozenset(t for t in tree.symbol(canonical.symbol) if t.kind not in ("unknown", "outside"))
        module = tree.locate(None, canonical.symbol.rpartition(".")[0], "").place
        for record in tree.records.values():
            if record.path == module:
                continue  # where the canonical path itself gets it from
            found.extend(in_file(record, canonical, home, resolver))
    return found


def in_file(record: FileRecord, canonical: Canonical, home: Things, resolver: Resolver) -> Iterator[Expected]:
    """The findings for one canonical thing in one file."""
    path = record.path
    fine = {canonical.symbol, *canonical.also}
    for line in record.imports:
        named = line.whole[0] == "member" and home & resolver.resolve(line.whole, path)
        if named and written(line.whole) not in fine:
            yield Expected(canonical.name, path, line.line, line.column)
    for chain in record.chains:
        things = resolver.resolve_all(chain.roots, path)
        if things & home:
            continue  # imported by name: judged at the import
        for count, attribute in enumerate(chain.attributes, 1):
            things = resolver.parts(things, attribute)
            if things & home:
                tail = ".".join(chain.attributes[:count])
                if not any(f"{root}.{tail}" in fine for root in roots(record, chain, resolver)):
                    yield Expected(canonical.name, path, chain.line, chain.column)
                break


def roots(record: FileRecord, chain: Chain, resolver: Resolver) -> Iterator[str]:
    """The dotted names by which the root of a chain was imported."""
    if chain.root_imports:
        for number in chain.root_imports:
            yield written(record.imports[number].meaning)
    else:
        for thing in resolver.resolve_all(chain.roots, record.path):
            yield resolver.tree.dotted(thing)


def written(meaning: Meaning) -> str:
    """The path that an import statement spells, relative ones made absolute."""
    _, anchor, *names = meaning
    start = "" if anchor in (None, ABOVE_ROOT) else anchor.replace("/", ".")
    return ".".join(part for part in (start, *names) if part)
