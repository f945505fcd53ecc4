"""What `[[canonical]]` expands into, and what it refuses."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from ssot_lint.canonical import BaseOf, Canonical, contradictions, expand
from ssot_lint.rules import Options

SYMBOL = "testing.base.TestCase"
SHARED = {"name": "TestCase", "use": SYMBOL}

EXPANSIONS: dict[str, tuple[Canonical, dict[str, dict[str, Any]]]] = {
    "symbol alone": (
        Canonical(symbol=SYMBOL),
        {
            "noncanonical-import": {**SHARED, "symbols": (SYMBOL,)},
            "duplicate-class": {**SHARED, "canonical": (SYMBOL,)},
        },
    ),
    "other paths": (
        Canonical(symbol=SYMBOL, also=("testing.TestCase",)),
        {
            "noncanonical-import": {**SHARED, "symbols": (SYMBOL,), "also": ("testing.TestCase",)},
            "duplicate-class": {**SHARED, "canonical": (SYMBOL,)},
        },
    ),
    "what it replaces": (
        Canonical(symbol=SYMBOL, replaces=("unittest.TestCase", "**.OldTestCase")),
        {
            "noncanonical-import": {**SHARED, "symbols": (SYMBOL,)},
            "noncanonical-base": {
                **SHARED,
                "bases": ("unittest.TestCase", "**.OldTestCase"),
                "canonical": (SYMBOL,),
            },
            "forbidden-import": {
                **SHARED,
                "targets": ("unittest.TestCase", "**.OldTestCase"),
                "bases": False,
            },
            "duplicate-class": {**SHARED, "canonical": (SYMBOL,)},
        },
    ),
    "who must inherit it": (
        Canonical(
            symbol=SYMBOL,
            exclude=("legacy/",),
            base_of=BaseOf(classes="Test*", paths=("tests/",), exclude=("tests/data/",), has_tests=True),
        ),
        {
            "noncanonical-import": {**SHARED, "exclude": ("legacy/",), "symbols": (SYMBOL,)},
            "missing-base": {
                **SHARED,
                "paths": ("tests/",),
                "exclude": ("legacy/", "tests/data/"),
                "base": SYMBOL,
                "classes": ("Test*",),
                "has_tests": True,
            },
            "duplicate-class": {**SHARED, "exclude": ("legacy/",), "canonical": (SYMBOL,)},
        },
    ),
    "several names of classes": (
        Canonical(symbol=SYMBOL, base_of=BaseOf(classes=("Test*", "*Tests"))),
        {
            "noncanonical-import": {**SHARED, "symbols": (SYMBOL,)},
            "missing-base": {**SHARED, "base": SYMBOL, "classes": ("Test*", "*Tests")},
            "duplicate-class": {**SHARED, "canonical": (SYMBOL,)},
        },
    ),
    "every class of some files": (
        Canonical(symbol=SYMBOL, base_of=BaseOf(paths=("tests/",))),
        {
            "noncanonical-import": {**SHARED, "symbols": (SYMBOL,)},
            "missing-base": {**SHARED, "base": SYMBOL, "paths": ("tests/",)},
            "duplicate-class": {**SHARED, "canonical": (SYMBOL,)},
        },
    ),
}


@pytest.mark.parametrize(("canonical", "expected"), EXPANSIONS.values(), ids=EXPANSIONS)
def test_expansion(canonical: Canonical, expected: dict[str, dict[str, Any]]) -> None:
    assert {rule.id: told(options) for rule, options in expand(canonical)} == expected


def test_common_options_are_passed_on() -> None:
    common: dict[str, Any] = {
        "name": "cases",
        "reason": "isolation",
        "severity": "warning",
        "exclude": ("legacy/",),
        "allow_in": ("tests/conftest.py",),
        "inline": "reason",
        "type_checking": "allow",
    }
    instances = list(
        expand(
            Canonical(
                symbol=SYMBOL, replaces=("unittest.TestCase",), base_of=BaseOf(classes="Test*"), **common
            )
        )
    )
    assert len(instances) == 5
    for _, options in instances:
        assert {name: getattr(options, name) for name in common} == common


CONTRADICTIONS: dict[str, tuple[Canonical, list[tuple[tuple[str | int, ...], str]]]] = {
    "none": (
        Canonical(symbol=SYMBOL, also=("testing.TestCase",), replaces=("unittest.*", "**.OldTestCase")),
        [],
    ),
    "no symbol is another matter": (Canonical(replaces=("**",)), []),
    "symbol without a module": (
        Canonical(symbol="TestCase"),
        [(("symbol",), 'expected a dotted name such as "package.module.Name", found "TestCase"')],
    ),
    "symbol that is a pattern": (
        Canonical(symbol="testing.*"),
        [(("symbol",), 'expected a dotted name such as "package.module.Name", found "testing.*"')],
    ),
    "replaces itself": (
        Canonical(symbol=SYMBOL, replaces=("unittest.TestCase", SYMBOL)),
        [(("replaces", 1), f"`{SYMBOL}` means the symbol itself, `{SYMBOL}`")],
    ),
    "replaces itself by a pattern": (
        Canonical(symbol=SYMBOL, replaces=("**.TestCase",)),
        [(("replaces", 0), f"`**.TestCase` means the symbol itself, `{SYMBOL}`")],
    ),
    "is listed as another path": (
        Canonical(symbol=SYMBOL, also=("testing.TestCase", SYMBOL)),
        [(("also", 1), "names the symbol itself, which is always fine")],
    ),
    "path that is fine and superseded": (
        Canonical(symbol=SYMBOL, also=("unittest.TestCase",), replaces=("unittest.*",)),
        [(("also", 0), "`replaces` supersedes `unittest.TestCase`, so it cannot be fine too")],
    ),
    "base of nothing": (
        Canonical(symbol=SYMBOL, base_of=BaseOf(exclude=("tests/data/",))),
        [(("base-of",), "expected `classes`, `paths` or `has-tests`, found none of them")],
    ),
}


@pytest.mark.parametrize(("canonical", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradiction(canonical: Canonical, expected: list[tuple[tuple[str | int, ...], str]]) -> None:
    assert list(contradictions(canonical)) == expected


def told(options: Options) -> dict[str, Any]:
    """The options that differ from their defaults."""
    plain = type(options)()
    values = {each.name: getattr(options, each.name) for each in fields(options)}
    return {name: value for name, value in values.items() if value != getattr(plain, name)}
