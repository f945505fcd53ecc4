"""Patterns over dotted names: `*` stands for any part of one name, `**` for any number of names."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ssot_lint.rules._rule import Contradiction

if TYPE_CHECKING:
    from ssot_lint.references import References

_ANY_NAMES = r"(?:[^.]+\.)*?"
_BUILTINS = frozenset(dir(builtins))
_FEW = 3  # literals, with stars between, that a search tries at all places in no time


class SymbolPatterns:
    """A list of dotted names and patterns, compiled."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        plain = [pattern for pattern in patterns if "*" not in pattern]
        self.exact = frozenset((*plain, *(f"builtins.{name}" for name in plain if name in _BUILTINS)))
        wild = [expression(pattern) for pattern in patterns if "*" in pattern]
        self._within: dict[str, str] = {}  # the same few names are asked about in every file
        self._wild = re.compile("|".join(wild)) if wild else None

    def match(self, name: str) -> bool:
        """Whether a dotted name is one of those meant."""
        return name in self.exact or (self._wild is not None and self._wild.fullmatch(name) is not None)

    def within(self, name: str) -> str:
        """The shortest beginning of a dotted name that is meant, "" where there is none.

        `os.environ` is within itself, `os.environ.get` is within `os.environ`.
        """
        found = self._within.get(name)
        if found is None:
            beginnings = accumulate(name.split("."), "{}.{}".format)
            found = self._within[name] = next(filter(self.match, beginnings), "")
        return found

    def match_any(self, names: AbstractSet[str]) -> bool:
        """Whether any of some dotted names is one of those meant."""
        if not self.exact.isdisjoint(names):
            return True
        return self._wild is not None and any(map(self._wild.fullmatch, names))

    def match_any_beginning(self, references: References) -> bool:
        """Whether anything that a file names lies within what is meant."""
        if not self.exact.isdisjoint(references.beginnings):
            return True
        return self._wild is not None and any(map(self.within, references.names))


def name_within(names: Sequence[str], target: str) -> str:
    """Of the names of one thing, one for each source root above it, the one that leads through a target."""
    return next((name for name in names if f"{name}.".startswith(f"{target}.")), names[0])


def no_names(options: object, *keys: str) -> Iterator[Contradiction]:
    """What stands under some keys and can be no dotted name, nor a pattern of such."""
    for key in keys:
        given = getattr(options, key.replace("-", "_"))
        for index, name in enumerate((given,) if isinstance(given, str) else given):
            if not all(part.replace("*", "_").isidentifier() for part in name.split(".")):
                place = (key,) if isinstance(given, str) else (key, index)
                yield Contradiction(place, f'expected a dotted name or a pattern, found "{name}"')


@cache
def symbols(patterns: tuple[str, ...]) -> SymbolPatterns:
    """The compiled form of a tuple of patterns."""
    return SymbolPatterns(patterns)


def expression(pattern: str) -> str:
    """The regular expression for a pattern; it finds the shortest beginning of a name that is meant."""
    parts = []
    for part in pattern.split("."):
        if part == "**":
            parts.append(_ANY_NAMES)
        else:
            parts.append(_one_name(part) + r"\.")
    joined = "".join(parts)
    if pattern.endswith("**"):
        return joined[: -len(_ANY_NAMES)] + r"[^.]+(?:\.[^.]+)*?"
    return joined[: -len(r"\.")]


def _one_name(part: str) -> str:
    """The regular expression for one name of a pattern."""
    literals = [re.escape(literal) for literal in re.split(r"\*+", part)]
    if len(literals) <= _FEW or "{" in part:  # braces become groups, which must not stand twice
        return "[^.]*".join(literals)
    # Each literal is taken where it comes first, else a name that does not match would be tried for ever.
    first, *middle, last = literals
    return first + "".join(f"(?:(?!{each})[^.])*{each}" for each in middle) + f"[^.]*{last}"
