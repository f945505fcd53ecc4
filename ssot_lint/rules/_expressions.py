r"""Tells whether a regular expression of a configuration can be used: it compiles, and it comes to an end.

A search takes time exponential in the text where a repeated part can match the same text in two ways, as in
`(a+)+` or `(a|a)*`. Whether it can is seen from the structure alone: each place of the pattern that matches
one character is a state of an automaton, and it is asked whether two different ways through the same
characters lead from a state back to itself.

What matches no characters (`^`, `\b`, what is looked ahead for), refers back or is never tried again counts
as a character that equals itself alone: that may hide that a pattern is ambiguous, but makes none so.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

# What `re` itself is made of; it moved in Python 3.11.
_parser: Any = vars(re).get("_parser") or vars(re)["sre_parse"]
_compiler: Any = vars(re).get("_compiler") or vars(re)["sre_compile"]

_LARGEST = 300  # automaton that is looked at
_STEPS = 200_000
# What classes such as `\w` have in common, and where they differ.
_SAMPLES = frozenset(map(ord, "aZ_0 \n-.\x00\xe9\xb2\u0661\u4e00"))
_CHARACTERS = ("LITERAL", "NOT_LITERAL", "ANY", "IN")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")

Pair = tuple[int, int]


@cache
def flaw_of(regex: str) -> str:
    """Say why a regular expression cannot be used, "" where it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = re.compile(regex).flags
            parsed = _parser.parse(regex)
    except (re.error, OverflowError, RecursionError) as error:
        return f"this is no regular expression: {error}"
    samples = _SAMPLES | frozenset(_numbers(parsed))
    try:
        is_ambiguous = any(_Automaton(part, flags, samples).is_ambiguous() for part in _parts(parsed))
    except (_TooLargeError, RecursionError):
        return ""
    if is_ambiguous:
        return "a repeated part can match the same text in several ways, so that a search may never end"
    return ""


class _TooLargeError(Exception):
    """The automaton, or the search in it, is too large to be looked at."""


class _Part(NamedTuple):
    """A part of a pattern: its first and its last states, and how often it is empty, each with its ways."""

    first: Counter[int]
    last: Counter[int]
    empty: int


_NOTHING = _Part(Counter(), Counter(), 1)


class _Automaton:
    """The places of a pattern that match one character, and the ways from each to the next."""

    def __init__(self, parsed: Any, flags: int, samples: frozenset[int]) -> None:
        self._samples = samples
        self._matched: list[frozenset[int]] = []  # by each state: samples, or a number of its own
        self._ways: list[Counter[int]] = []  # from each state
        self._steps = 0
        self._sequence(parsed, flags)

    def is_ambiguous(self) -> bool:
        """Whether two ways through the same characters lead from some state back to itself."""
        starts = [(state, state) for state in range(len(self._ways))]
        for component in _components(starts, self._next_pairs):
            states = [a for a, b in component if a == b]
            if states and len(states) < len(component):
                return True
            if any(self._ways[a][b] > 1 for a, b in product(states, repeat=2)):
                return True
        return False

    def _next_pairs(self, pair: Pair) -> Iterator[Pair]:
        for a, b in product(self._ways[pair[0]], self._ways[pair[1]]):
            self._steps += 1
            if self._steps > _STEPS:
                raise _TooLargeError
            if not self._matched[a].isdisjoint(self._matched[b]):
                yield a, b

    def _sequence(self, items: Any, flags: int) -> _Part:
        found = _NOTHING
        for item in items:
            found = self._joined(found, self._part(item, items, flags))
        return found

    def _part(self, item: Any, items: Any, flags: int) -> _Part:
        operator, value = item
        match str(operator):
            case name if name in _CHARACTERS:
                # A pattern of this one item knows best what it matches.
                one = _compiler.compile(_parser.SubPattern(items.state, [item]), flags)
                return self._state(frozenset(each for each in self._samples if one.match(chr(each))))
            case "SUBPATTERN":
                _, added, removed, content = value
                return self._sequence(content, (flags | added) & ~removed)
            case "BRANCH":
                parts = [self._sequence(content, flags) for content in value[1]]
                empty = sum(part.empty for part in parts)
                return _Part(_sum(p.first for p in parts), _sum(p.last for p in parts), empty)
            case name if name in _REPEATS:
                return self._repeated(value[0], value[1], value[2], flags)
        return self._state(frozenset((-1 - len(self._matched),)))

    def _repeated(self, least: int, most: int, content: Any, flags: int) -> _Part:
        """`x{2,4}` is `xx(x(x)?)?`, and `x{2,}` is `xx+`."""
        found = _NOTHING
        if most == _parser.MAXREPEAT:
            found = self._sequence(content, flags)
            self._connect(found.last, found.first)
            if not least:
                found = found._replace(empty=1)
        else:
            for _ in range(most - least):
                found = self._joined(self._sequence(content, flags), found)
                found = found._replace(empty=found.empty + 1)
        for _ in range(least - (most == _parser.MAXREPEAT)):
            found = self._joined(self._sequence(content, flags), found)
        return found

    def _joined(self, left: _Part, right: _Part) -> _Part:
        self._connect(left.last, right.first)
        first = _sum((left.first, _times(right.first, left.empty)))
        last = _sum((right.last, _times(left.last, right.empty)))
        return _Part(first, last, left.empty * right.empty)

    def _connect(self, last: Counter[int], first: Counter[int]) -> None:
        for state, ways in last.items():
            self._ways[state].update(_times(first, ways))

    def _state(self, matched: frozenset[int]) -> _Part:
        if len(self._matched) == _LARGEST:
            raise _TooLargeError
        state = Counter((len(self._matched),))
        self._matched.append(matched)
        self._ways.append(Counter())
        return _Part(state, state, 0)


def _sum(counters: Iterable[Counter[int]]) -> Counter[int]:
    return sum(counters, Counter())


def _times(counter: Counter[int], factor: int) -> Counter[int]:
    return Counter({state: ways * factor for state, ways in counter.items() if factor})


def _parts(parsed: Any) -> Iterator[Any]:
    """The pattern, and what stands in it but is matched on its own: lookaheads, atomic groups."""
    yield parsed
    for operator, value in parsed:
        own = str(operator) not in ("SUBPATTERN", "BRANCH", *_REPEATS)
        for content in _contents(value):
            parts = _parts(content)
            yield from parts if own else list(parts)[1:]


def _contents(value: Any) -> Iterator[Any]:
    """The patterns within the value of an item."""
    if isinstance(value, _parser.SubPattern):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _contents(each)


def _numbers(value: Any) -> Iterator[int]:
    """The characters that a pattern names, and those beside them: classes differ at these."""
    if isinstance(value, int) and 0 < value < 0x10FFFF:
        for each in (value - 1, value, value + 1):
            yield from (ord(char) for case in (chr(each).lower(), chr(each).upper()) for char in case)
    elif isinstance(value, (tuple, list, _parser.SubPattern)):
        for each in value:
            yield from _numbers(each)


def _components(starts: Iterable[Pair], after: Callable[[Pair], Iterator[Pair]]) -> Iterator[list[Pair]]:
    """The strongly connected components of what can be reached (Tarjan's algorithm without recursion)."""
    order: dict[Pair, int] = {}
    lowest: dict[Pair, int] = {}
    open_: list[Pair] = []
    for start in starts:
        trail = [] if start in order else [(start, iter((start,)))]
        while trail:
            pair, targets = trail[-1]
            if pair not in order:
                order[pair] = lowest[pair] = len(order)
                open_.append(pair)
                trail[-1] = pair, targets = pair, after(pair)
            for target in targets:
                if target not in order:
                    trail.append((target, iter(())))
                    break
                if target in lowest:
                    lowest[pair] = min(lowest[pair], order[target])
            else:
                trail.pop()
                if trail:
                    above = trail[-1][0]
                    lowest[above] = min(lowest[above], lowest[pair])
                if lowest[pair] == order[pair]:
                    component = open_[open_.index(pair) :]
                    del open_[-len(component) :]
                    for each in component:
                        del lowest[each]
                    yield component
