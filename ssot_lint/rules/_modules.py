"""Patterns over modules, in which `{a}` captures one name: who may import whom can depend on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ssot_lint.rules._symbols import expression

_CAPTURE = re.compile(r"\{([A-Za-z_]\w*)\}")
_ESCAPED_CAPTURE = re.compile(r"\\\{([A-Za-z_]\w*)\\\}")

Captures = tuple[tuple[str, str], ...]


class Place(NamedTuple):
    """Where a contract has a module."""

    number: int  # of the pattern that speaks of it
    name: str  # the shortest beginning of its dotted name that the pattern means
    captures: Captures = ()


class ModulePatterns:
    """A list of patterns over dotted names; each means whatever is below the modules that it names, too."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._expressions = [re.compile(rf"{_with_groups(pattern)}(?=\.|$)") for pattern in patterns]

    def place(self, names: tuple[str, ...]) -> Place | None:
        """The place of a module, given all its names, by the first pattern that means it."""
        for number, each in enumerate(self._expressions):
            for found in filter(None, map(each.match, names)):
                return Place(number, found[0], tuple(sorted(found.groupdict().items())))
        return None

    def are_named(self, names: tuple[str, ...]) -> bool:
        """Whether a pattern names the module itself, and not only one above it."""
        return any(each.fullmatch(name) for each in self._expressions for name in names)


def captured(pattern: str) -> frozenset[str]:
    """The names of the captures in a pattern."""
    return frozenset(_CAPTURE.findall(pattern))


def agree(one: Captures, other: Captures) -> bool:
    """Whether captures of one name have one value, and those of different names different values."""
    return all(
        (name == other_name) is (value == other_value)
        for name, value in one
        for other_name, other_value in other
    )


def _with_groups(pattern: str) -> str:
    """The expression of a pattern; a capture that comes again must have the same value again."""
    seen = set()

    def group(found: re.Match[str]) -> str:
        if found[1] in seen:
            return f"(?P={found[1]})"
        seen.add(found[1])
        return f"(?P<{found[1]}>[^.]+)"

    return _ESCAPED_CAPTURE.sub(group, expression(pattern))
