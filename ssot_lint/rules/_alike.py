"""Finds definitions with bodies that are alike: equal, or nearly so by the share of their common parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from math import ceil
from typing import NamedTuple

from ssot_lint.facts.model import SKETCH_SIZE, Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.project import Project
from ssot_lint.rules._rule import Contradiction

MOST_COMPARED = 100
"""Of all bodies with one rare part in common, so many are compared: what a template made has thousands."""

MOST_RELATED = 100
"""So many places are listed with a problem, the most alike first; the message counts all."""


class Definition(NamedTuple):
    """A class or function, as far as it is compared."""

    path: str
    qualname: str
    is_class: bool
    span: Span  # of the name
    end_line: int
    digest: str
    size: int
    sketch: tuple[int, ...]
    outer: Definition | None  # the class or function right around it

    @property
    def name(self) -> str:
        """The simple name."""
        return self.qualname.rpartition(".")[2]


class Body(NamedTuple):
    """What tells whether two definitions can be alike."""

    digest: str
    sketch: tuple[int, ...]


Bodies = tuple[Body, ...]
"""Those of the definitions in a file, in the order of the source."""


class Match(NamedTuple):
    """Another definition, and how much of the two is the same, in percent."""

    percent: int
    other: Definition


class Alikes:
    """Definitions, such that those like a given one are found without comparing every two.

    `read` gives the bodies in each file, by path, and is called twice: first to count what they have in
    common, so that then only those are kept in memory that another one may be like. `define` gives the
    definitions that they are of.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[tuple[str, Bodies]]],
        define: Callable[[str], Sequence[Definition]],
        fewest_percent: int,
    ) -> None:
        self.fewest_percent = fewest_percent
        share = (fewest_percent - 0.5) / 100  # as `likeness` rounds
        self._rarest = [size + 1 - ceil(size * share / (2 - share)) for size in range(SKETCH_SIZE + 1)]
        self._define = cache(define)
        self._tally = _Tally()
        for _, bodies in read():
            for digest, sketch in bodies:
                self._tally.add((int(digest, 16),))
                if fewest_percent < 100:
                    self._tally.add(sketch)
        self._places: dict[str, list[tuple[str, int]]] = {}  # paths and indexes of definitions, by digest
        self._by_part: dict[int, list[str]] = {}
        parts: dict[str, list[int]] = {}
        for path, bodies in read():
            for index, (digest, sketch) in enumerate(bodies):
                shared = self._shared_parts(sketch)
                if shared or self._tally.is_shared(int(digest, 16)):
                    self._places.setdefault(digest, []).append((path, index))
                    parts.setdefault(digest, shared)
        for digest in sorted(parts):
            for part in parts[digest]:
                self._by_part.setdefault(part, []).append(digest)

    def _with_digest(self, digest: str) -> Iterator[Definition]:
        return (self._define(path)[index] for path, index in self._places.get(digest, ()))

    def matches(self, one: Definition) -> list[Match]:
        """The definitions that are like one, itself left out, the most alike first."""
        found = [Match(100, each) for each in self._with_digest(one.digest) if not _is_same(one, each)]
        candidates = {
            digest
            for part in self._shared_parts(one.sketch)
            for digest in self._by_part.get(part, ())[:MOST_COMPARED]
        }
        for digest in candidates - {one.digest}:
            percent = likeness(one, next(self._with_digest(digest)))
            if percent >= self.fewest_percent:
                found += (Match(percent, each) for each in self._with_digest(digest))
        found = [match for match in found if not self._is_told_by_more(one, match.other)]
        return sorted(found, key=lambda match: (-match.percent, match.other.path, match.other.span))

    def _shared_parts(self, sketch: tuple[int, ...]) -> list[int]:
        """The rarest hashes of a sketch, as far as others have them too.

        There are so many that two sketches which are alike enough have one of them in common.
        """
        if self.fewest_percent == 100:
            return []  # equal digests tell it all
        return self._tally.shared_of_rarest(sketch, self._rarest[len(sketch)])

    def _is_told_by_more(self, one: Definition, other: Definition) -> bool:
        """Whether one holds the other, or what is around either is part of a match that tells it all."""
        if _holds(one, other) or _holds(other, one):
            return True
        wider = ((one.outer, other), (one, other.outer), (one.outer, other.outer))
        return any(
            this is not None
            and that is not None
            and this.is_class is that.is_class
            and not _is_same(this, that)
            and likeness(this, that) >= self.fewest_percent
            for this, that in wider
        )


def alikes_with(
    file: File,
    project: Project,
    key: tuple[object, ...],
    read: Callable[[File], Sequence[Definition]],
    fewest_percent: int,
) -> Alikes:
    """The definitions that `read` gives for the files of the tree, and for a snippet that is not in it."""

    def bodies(one: File) -> Bodies:
        return tuple(Body(each.digest, each.sketch) for each in read(one))

    def every() -> Iterator[tuple[str, Bodies]]:
        return zip(project.paths, project.every(key, bodies, shape=Bodies))

    def define(path: str) -> Sequence[Definition]:
        return read(project.file(path))

    if file.path in project:
        return project.once((*key, fewest_percent), lambda: Alikes(every, define, fewest_percent))
    return Alikes(
        lambda: (*every(), (file.path, bodies(file))),
        lambda path: read(file) if path == file.path else define(path),
        fewest_percent,
    )


class _Tally:
    """Counts numbers in little memory: those that fall into one place count together."""

    def __init__(self) -> None:
        self._counts = bytearray(1 << 24)

    def add(self, numbers: Iterable[int]) -> None:
        counts = self._counts
        for number in numbers:
            place = number & 0xFFFFFF
            if counts[place] < 255:
                counts[place] += 1

    def is_shared(self, number: int) -> bool:
        return self._counts[number & 0xFFFFFF] > 1

    def shared_of_rarest(self, numbers: Sequence[int], most: int) -> list[int]:
        """Those that others have too, of the so many rarest of some numbers."""
        counted = [self._counts[number & 0xFFFFFF] for number in numbers]
        if counted.count(1) >= most:
            return []  # as is the case with nearly all
        return [number for count, number in sorted(zip(counted, numbers))[:most] if count > 1]


def definitions_in(
    path: str, classes: Iterable[Class], functions: Iterable[Function] = ()
) -> list[Definition]:
    """The given classes and functions of a file, in the order of the source."""
    entries: list[Class | Function] = list(classes)
    entries += functions
    found: list[Definition] = []
    around: list[Definition] = []
    for entry in sorted(entries, key=lambda entry: (entry.line, entry.span)):
        while around and around[-1].end_line < entry.line:
            around.pop()
        each = Definition(
            path,
            entry.qualname,
            isinstance(entry, Class),
            entry.span,
            entry.end_line,
            entry.digest,
            entry.size,
            entry.sketch,
            around[-1] if around else None,
        )
        found.append(each)
        around.append(each)
    return found


def likeness(one: Definition, other: Definition) -> int:
    """How much of two bodies is the same, in percent: 100 exactly when they are equal.

    The share of common hashes estimates how many of all parts are common (Jaccard), from which follows
    how much of each of the two that is (Dice): at most as much as their sizes let them share.
    """
    if one.digest == other.digest:
        return 100
    parts = {*one.sketch, *other.sketch}
    if not parts:
        return 0
    if SKETCH_SIZE in (len(one.sketch), len(other.sketch)):
        parts = set(sorted(parts)[:SKETCH_SIZE])
    shared = len(parts.intersection(one.sketch).intersection(other.sketch))
    by_parts = 2 * shared / (len(parts) + shared)
    by_size = 2 * min(one.size, other.size) / (one.size + other.size)
    return min(99, int(100 * min(by_parts, by_size) + 0.5))


def module_of(path: str) -> str:
    """The path without its ending: a stub and the module beside it define the same things."""
    return path.removesuffix(".pyi").removesuffix(".py")


def are_one_thing(one: Definition, other: Definition) -> bool:
    """Whether two definitions are of one qualname in one module: in its branches, or in its stub."""
    return one.qualname == other.qualname and module_of(one.path) == module_of(other.path)


def contradictions(similarity: int) -> Iterator[Contradiction]:
    """Yields what `similarity` cannot be; below 50 percent the estimate says nothing."""
    if not 50 <= similarity <= 100:
        yield Contradiction(("similarity",), f"expected a percentage from 50 to 100, found {similarity}")


def problem(one: Definition, matches: Sequence[Match]) -> Problem:
    """The problem of a definition that is like others, the most alike first."""
    percent, other = matches[0]
    how = "has the same body as" if percent == 100 else f"is about {percent} % like"
    more = f" and {len(matches) - 1} more" if len(matches) > 1 else ""
    message = f"`{one.name}` {how} `{other.name}` in {other.path}:{other.span.line}{more}"
    related = tuple(
        Related(each.path, each.span, "the same body" if percent == 100 else f"about {percent} % like it")
        for percent, each in matches[:MOST_RELATED]
    )
    return Problem(one.span, message, ("body", one.name), related)


def _is_same(one: Definition, other: Definition) -> bool:
    return one.path == other.path and one.span == other.span


def _holds(one: Definition, other: Definition) -> bool:
    return any(_is_same(one, outer) for outer in _around(other))


def _around(one: Definition) -> Iterator[Definition]:
    outer = one.outer
    while outer is not None:
        yield outer
        outer = outer.outer
