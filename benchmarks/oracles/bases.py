"""SST201 and SST202: classes that reach a superseded base; classes that do not reach the canonical one."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .tree import Expected, Resolver, Thing, Things, Tree, matches

if TYPE_CHECKING:
    from .config import Config
    from .reading import Base, ClassRecord


def noncanonical_bases(tree: Tree, config: Config) -> list[Expected]:
    """Classes with a base that is superseded, or that reaches one through other classes of the tree."""
    found: list[Expected] = []
    for canonical in config.canonicals:
        if not canonical.replaces:
            continue
        superseded = Superseded(tree, canonical.symbol, canonical.replaces)
        for record in tree.records.values():
            for number, cls in enumerate(record.classes):
                if Thing("class", record.path, str(number)) in superseded.home:
                    continue
                found.extend(
                    Expected(canonical.name, record.path, base.line, base.column)
                    for base in superseded.bases(cls, record.path)
                )
    return found


class Superseded:
    """The bases that one canonical class supersedes."""

    def __init__(self, tree: Tree, symbol: str, replaces: tuple[str, ...]) -> None:
        self.tree = tree
        self.resolver = Resolver(tree)
        self.home = tree.symbol(symbol)
        self.known: dict[Thing, bool] = {}
        plain = [name for name in replaces if "*" not in name]
        self.things = frozenset(thing for name in plain for thing in tree.symbol(name)) - self.home
        self.patterns = [dotted_pattern(name) for name in replaces if "*" in name]

    def bases(self, cls: ClassRecord, path: str) -> list[Base]:
        """The bases to report: all that are superseded themselves, else the first that reaches one."""
        meant = [(base, self.resolver.resolve_all(base.meanings, path) - self.home) for base in cls.bases]
        direct = [base for base, things in meant if any(map(self.is_superseded, things))]
        inherited = [base for base, things in meant if any(map(self.reaches, things))]
        return direct or inherited[:1]

    def reaches(self, thing: Thing) -> bool:
        """Whether a class inherits a superseded base; what the canonical class inherits does not count."""
        if thing not in self.known:
            above = ancestors(self.resolver, thing, self.home)
            self.known[thing] = any(map(self.is_superseded, above - self.home))
        return self.known[thing]

    def is_superseded(self, thing: Thing) -> bool:
        """Whether a base itself is superseded."""
        if thing.kind not in ("class", "outside") or thing in self.home:
            return False
        dotted = self.tree.dotted(thing)
        return thing in self.things or any(p.fullmatch(dotted) for p in self.patterns)


def missing_bases(tree: Tree, config: Config) -> list[Expected]:
    """Selected classes all of whose ancestors are known, none of them the canonical class."""
    resolver = Resolver(tree)
    found: list[Expected] = []
    for canonical in config.canonicals:
        if not canonical.classes:
            continue
        home = tree.symbol(canonical.symbol)
        for record in tree.records.values():
            if canonical.paths and not matches(record.path, canonical.paths):
                continue
            for number, cls in enumerate(record.classes):
                thing = Thing("class", record.path, str(number))
                if fnmatchcase(cls.name, canonical.classes) and thing not in home:
                    every = ancestors(resolver, thing)
                    if not every & home and all(a.kind in ("class", "outside") for a in every):
                        found.append(
                            Expected(canonical.name, record.path, cls.line, cls.column + len("class "))
                        )
    return found


def ancestors(resolver: Resolver, thing: Thing, stop: Things = frozenset()) -> Things:
    """Everything a class inherits from, as far as the tree tells; what is above `stop` is left out."""
    found: set[Thing] = set()
    todo = [thing]
    while todo:
        for base in bases_of(resolver, todo.pop()):
            if base not in found:
                found.add(base)
                todo += [base] if base not in stop else []
    return frozenset(found)


def bases_of(resolver: Resolver, thing: Thing) -> Things:
    """The direct bases of a class of the tree; a literal among alternatives (`Base = None`) is no base."""
    if thing.kind != "class":
        return frozenset()
    found: set[Thing] = set()
    for base in resolver.tree.class_of(thing).bases:
        things = resolver.resolve_all(base.meanings, thing.place)
        classes = {t for t in things if t.kind != "constant"}
        found |= classes or things or {Thing("unknown", base.text)}
    return frozenset(found)


def dotted_pattern(text: str) -> re.Pattern[str]:
    """A pattern of dotted names: `**` stands for any number of parts, `*` for one."""
    special = {"**.": r"(?:.*\.)?", "**": ".*", "*": "[^.]*"}
    return re.compile("".join(special.get(p) or re.escape(p) for p in re.split(r"(\*\*\.|\*\*|\*)", text)))
