"""Expands `[[canonical]]` tables, one thing and its one home, into instances of rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ssot_lint.rules import RULE_BY_ID, Options, Rule
from ssot_lint.rules._rule import Contradiction, option
from ssot_lint.rules._symbols import no_names, symbols

_SYMBOL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_COMMON = {field.name: field for field in dataclasses.fields(Options)}


def _common(name: str) -> Any:
    """The field of an option that every rule has."""
    return dataclasses.field(default=_COMMON[name].default, metadata=_COMMON[name].metadata)


@dataclass(frozen=True, kw_only=True)
class BaseOf:
    """What `base-of` can be told: the classes that must inherit from the symbol."""

    classes: str | tuple[str, ...] = option("names of the classes; all when empty", example='"Test*"')
    paths: tuple[str, ...] = option("files with the classes, in gitignore syntax", example='["tests/"]')
    exclude: tuple[str, ...] = option("files without them, in gitignore syntax")
    has_tests: bool = option("only classes that hold a method named `test*`", default=False)


@dataclass(frozen=True, kw_only=True)
class Canonical:
    """What `[[canonical]]` can be told."""

    symbol: str = option(
        "the thing, by the dotted name of its home", default="", example='"testing.base.TestCase"'
    )
    also: tuple[str, ...] = option("other import paths that are fine", example='["testing.TestCase"]')
    replaces: tuple[str, ...] = option(
        "what it supersedes, as a base class, an import or a use; `*` is any part of a name, "
        "`**` any number of names",
        example='["unittest.TestCase", "**.OldTestCase"]',
    )
    base_of: BaseOf | None = dataclasses.field(
        default=None,
        metadata={
            "help": "who must inherit from it, through any number of files",
            "example": '{ classes = "Test*", paths = ["tests/"] }',
        },
    )
    name: str = _common("name")
    reason: str = _common("reason")
    severity: Literal["error", "warning"] = _common("severity")
    exclude: tuple[str, ...] = _common("exclude")
    allow_in: tuple[str, ...] = _common("allow_in")
    inline: Literal["allow", "reason", "deny"] = _common("inline")
    type_checking: Literal["same", "allow", "only"] = _common("type_checking")


def contradictions(canonical: Canonical) -> Iterator[Contradiction]:
    """Yield what in a table cannot be meant."""
    symbol = canonical.symbol
    yield from no_names(canonical, "replaces")
    if not symbol:
        return
    if not _SYMBOL.fullmatch(symbol):
        text = f'expected a dotted name such as "package.module.Name", found "{symbol}"'
        yield Contradiction(("symbol",), text)
    for index, path in enumerate(canonical.also):
        if path == symbol:
            yield Contradiction(("also", index), "names the symbol itself, which is always fine")
        elif symbols(canonical.replaces).match(path):
            yield Contradiction(("also", index), f"`replaces` supersedes `{path}`, so it cannot be fine too")
    for index, pattern in enumerate(canonical.replaces):
        if symbols((pattern,)).match(symbol):
            yield Contradiction(("replaces", index), f"`{pattern}` means the symbol itself, `{symbol}`")
    if canonical.base_of is not None and canonical.base_of == BaseOf(exclude=canonical.base_of.exclude):
        yield Contradiction(("base-of",), "expected `classes`, `paths` or `has-tests`, found none of them")


def expand(canonical: Canonical) -> Iterator[tuple[Rule, Options]]:
    """Yield the rules that keep a symbol canonical, each with its options."""
    symbol = canonical.symbol
    common = {
        "name": canonical.name or symbol.rpartition(".")[2],
        "reason": canonical.reason,
        "use": symbol,
        "severity": canonical.severity,
        "exclude": canonical.exclude,
        "allow_in": canonical.allow_in,
        "inline": canonical.inline,
        "type_checking": canonical.type_checking,
    }
    yield _instance("noncanonical-import", common, symbols=(symbol,), also=canonical.also)
    if canonical.replaces:
        yield _instance("noncanonical-base", common, bases=canonical.replaces, canonical=(symbol,))
        # Uses as a base class are left to the rule above, which also follows them through other classes.
        yield _instance("forbidden-import", common, targets=canonical.replaces, bases=False)
    if canonical.base_of is not None:
        yield _missing_base(canonical.base_of, symbol, common)
    yield _instance("duplicate-class", common, canonical=(symbol,))


def _missing_base(base_of: BaseOf, symbol: str, common: dict[str, Any]) -> tuple[Rule, Options]:
    selection = {
        **common,
        "paths": base_of.paths,
        "exclude": common["exclude"] + base_of.exclude,
        "has_tests": base_of.has_tests,
    }
    if base_of.classes:
        classes = base_of.classes
        selection["classes"] = (classes,) if isinstance(classes, str) else classes
    return _instance("missing-base", selection, base=symbol)


def _instance(rule_id: str, common: dict[str, Any], **own: Any) -> tuple[Rule, Options]:
    rule = RULE_BY_ID[rule_id]
    return rule, rule.options(**common, **own)
