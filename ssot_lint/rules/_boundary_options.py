"""What a table of `import-boundary` can say, and what in it cannot be meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.rules._contracts import parse_layer
from ssot_lint.rules._modules import captured
from ssot_lint.rules._rule import Contradiction, Options, option

_SHAPES = ("layers", "independent", "imported", "modules", "allowed", "not_from")
"""The options that say which shape a contract has."""

_PARTNERS = {"importers": "imported", "public": "modules"}
"""Options that mean something beside another one alone."""


@dataclass(frozen=True, kw_only=True)
class ImportBoundaryOptions(Options):
    """What `[[import-boundary]]` can be told: one contract, of one shape."""

    layers: tuple[str, ...] = option(
        "modules from high to low; `a | b` must not import each other, `a : b` may, `(a)` may be missing",
        example='["shop.web", "shop.orders | shop.users", "shop.models"]',
    )
    independent: tuple[str, ...] = option(
        "modules that must not import each other", example='["shop.plugins.*"]'
    )
    importers: tuple[str, ...] = option(
        "modules that must not import those under `imported`", example='["shop.components.{a}"]'
    )
    imported: tuple[str, ...] = option(
        "modules that those under `importers` must not import", example='["shop.components.{b}"]'
    )
    modules: tuple[str, ...] = option(
        "modules that are imported from outside through those under `public` only",
        example='["shop.billing"]',
    )
    public: tuple[str, ...] = option("entry points of `modules`, each alone", example='["shop.billing.api"]')
    allowed: tuple[str, ...] = option(
        "the only modules that may be imported; `stdlib` is the standard library",
        example='["stdlib", "shop", "requests"]',
    )
    not_from: tuple[str, ...] = option(
        "files that must not be imported by any other, in gitignore syntax", example='["tests/"]'
    )
    transitive: bool = option("whether chains of imports count too", default=False)
    ignore: tuple[str, ...] = option(
        "imports that are allowed, and that no chain goes through; what is outside the tree counts with all "
        "that is below it",
        example='["shop.models.base -> shop.web.urls"]',
    )


def named(options: ImportBoundaryOptions) -> Iterator[str]:
    """Every module and pattern of modules in a contract."""
    for line in options.layers:
        yield from parse_layer(line).members
    yield from (*options.independent, *options.importers, *options.imported, *options.modules)
    yield from options.public
    for pair in exceptions(options.ignore):
        yield from pair


def must_exist(options: ImportBoundaryOptions) -> Iterator[str]:
    """The modules in a contract that are neither patterns nor may be missing."""
    optional = {member for line in options.layers for member in parse_layer(line).optional}
    return (name for name in named(options) if name not in optional and not {"*", "{"} & set(name))


def exceptions(ignore: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The two sides of every ignored import."""
    for line in ignore:
        importer, _, imported = line.partition("->")
        yield importer.strip(), imported.strip()


def shapes(options: ImportBoundaryOptions) -> list[str]:
    """The keys that say which shape a contract has: one, if it can be meant."""
    return [_key(shape) for shape in _SHAPES if getattr(options, shape)]


def contradictions(options: ImportBoundaryOptions) -> Iterator[Contradiction]:
    """Yields what cannot be meant."""
    given = shapes(options)
    if len(given) > 1:
        yield Contradiction((given[1],), f"a contract has one shape, this one has `{given[0]}` already")
    for name, partner in _PARTNERS.items():
        if getattr(options, name) and not getattr(options, partner):
            yield Contradiction((name,), f"means nothing without `{partner}`")
    if options.imported and not options.importers:
        yield Contradiction(("imported",), "means nothing without `importers`")
    yield from _in_layers(options.layers)
    if len(options.independent) == 1 and not {"*", "{"} & set(options.independent[0]):
        yield Contradiction(("independent",), "a single module has nothing to be independent of")
    yield from _in_captures(options)
    if options.transitive and (options.modules or options.allowed):
        yield Contradiction(("transitive",), f"chains of imports mean nothing for `{given[0]}`")
    if options.transitive and options.not_from and not options.paths:
        yield Contradiction(
            ("transitive",), "without `paths` there are no files between these and the others"
        )
    for index, sides in enumerate(exceptions(options.ignore)):
        if not all(sides) or any(" " in side or "->" in side for side in sides):
            yield Contradiction(("ignore", index), "expected two modules, as in `a.b -> c.d`")


def _in_layers(lines: tuple[str, ...]) -> Iterator[Contradiction]:
    layers = [parse_layer(line) for line in lines]
    members = [member for layer in layers for member in layer.members]
    counts = Counter(members)
    if len(members) == 1:
        yield Contradiction(("layers",), "a single layer has none above it")
    for index, (line, layer) in enumerate(zip(lines, layers)):
        if "|" in line and ":" in line:
            yield Contradiction(("layers", index), "siblings are separated by `|` or by `:`, not by both")
        elif not all(layer.members):
            yield Contradiction(("layers", index), "expected the name of a module")
        for member in layer.members:
            if counts[member] > 1:
                yield Contradiction(("layers", index), f"`{member}` is named twice")
            outer = next((other for other in members if member.startswith(f"{other}.")), "")
            if outer:
                yield Contradiction(("layers", index), f"`{member}` is a part of the layer `{outer}`")


def _in_captures(options: ImportBoundaryOptions) -> Iterator[Contradiction]:
    """A capture that is compared with none is a wildcard, and looks like more."""
    by_key = {"importers": options.importers, "imported": options.imported}
    names = {key: frozenset[str]().union(*map(captured, patterns)) for key, patterns in by_key.items()}
    for key, other in (("importers", "imported"), ("imported", "importers")):
        if names[key] and not names[other]:
            text = f"no capture under `{other}` is compared with `{{{min(names[key])}}}`, write `*`"
            yield Contradiction((key,), text)
    for index, entry in enumerate(options.public):
        for name in sorted(captured(entry).difference(*map(captured, options.modules))):
            yield Contradiction(("public", index), f"`{{{name}}}` is not captured under `modules`")
    counts = Counter(
        name for line in options.layers for member in parse_layer(line).members for name in captured(member)
    )
    for name, count in sorted(counts.items()):
        if count == 1:
            yield Contradiction(("layers",), f"`{{{name}}}` is in one layer only, write `*`")


def _key(name: str) -> str:
    return name.replace("_", "-")
