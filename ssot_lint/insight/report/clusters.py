"""Gathers findings about copies: all places that hold one thing are one cluster, whatever names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Class, Function
from ssot_lint.finding import Finding, Span
from ssot_lint.insight.figures import Cluster, Place
from ssot_lint.project import Project
from ssot_lint.reports import counted

RULES = ("duplicate-class", "cloned-class", "duplicate-function")
"""The rules whose findings name their copies."""

MOST_PLACES = 20  # of a cluster that are listed
MOST_SHOWN = 4  # of those, whose text is shown
MOST_LINES = 60  # of a text
MOST_CHARACTERS = 200  # of a line

_IN_COMMON = {"name": "one name", "value": "one name and value"}  # by the first word of the subject
_HOME = "canonical"  # the first word of the subject of what is defined beside its home, whose name follows

_Where = tuple[str, Span]
"""A path, and the span by which findings name a place in it."""


class _Group(NamedTuple):
    """What is one cluster, and why."""

    rule: str
    subject: tuple[str, ...]  # of its first finding
    where: frozenset[_Where]
    homes: frozenset[_Where]


class _Extent(NamedTuple):
    """A definition: what it is called, and its first and last line."""

    name: str
    line: int
    end_line: int


def clusters(findings: Iterable[Finding], project: Project) -> list[Cluster]:
    """Every cluster in the findings, the one with the most lines to spare first; the texts are left out.

    A cluster whose places are all in a larger one, which another rule found, is not told again.
    """
    extents = _Extents(project)
    made = [_cluster(group, extents) for group in _largest(_groups(findings))]
    return sorted(made, key=lambda each: (-each.lines, -each.size, each.rule, each.places))


def with_text(cluster: Cluster, lines_of: Callable[[str], Sequence[str]]) -> Cluster:
    """The cluster with the text of its first places, of the lines that there are for a path."""
    shown = (
        place._replace(text=_text(lines_of(place.path)[place.line - 1 : place.end_line]))
        for place in cluster.places[:MOST_SHOWN]
    )
    return cluster._replace(places=(*shown, *cluster.places[MOST_SHOWN:]))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(_cut(line.rstrip().expandtabs(4)) for line in lines[:MOST_LINES])


def _cut(line: str) -> str:
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"


def _groups(findings: Iterable[Finding]) -> Iterator[_Group]:
    """The connected parts of the graph in which findings lead to the places that they name."""
    kinds: defaultdict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in sorted(findings):
        if finding.rule in RULES:
            mode, *about = finding.subject
            # What has a home is one cluster with it, even where the home cannot be found.
            kind = (finding.rule, mode, *(about if mode == _HOME else ()))
            kinds[kind].append(finding)
    for (rule, mode, *_), own in sorted(kinds.items()):
        for part in [own] if mode == _HOME else _connected(own):
            places = frozenset(place for finding in part for place in _places(finding))
            homes = places.difference(map(_where, part)) if mode == _HOME else frozenset()
            if len(places) > 1:
                yield _Group(rule, part[0].subject, places, homes)


def _where(finding: Finding) -> _Where:
    return finding.path, finding.span


def _connected(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yields findings together that name one another, or something in common."""
    naming: defaultdict[_Where, list[Finding]] = defaultdict(list)
    for finding in findings:
        for place in _places(finding):
            naming[place].append(finding)
    while naming:
        part = set()
        _, pending = naming.popitem()
        while pending:
            finding = pending.pop()
            if finding not in part:
                part.add(finding)
                for place in _places(finding):
                    pending += naming.pop(place, ())
        yield sorted(part)


def _places(finding: Finding) -> set[_Where]:
    """All places that a finding is about."""
    return {_where(finding), *((other.path, other.span) for other in finding.related)}


def _largest(groups: Iterable[_Group]) -> Iterator[_Group]:
    """Yields the groups that no other one holds; of equal ones the first."""
    told: defaultdict[_Where, list[_Group]] = defaultdict(list)
    for group in sorted(
        groups, key=lambda each: (-len(each.where), RULES.index(each.rule), sorted(each.where))
    ):
        if not any(group.where <= other.where for other in told[min(group.where)]):
            yield group
            for place in group.where:
                told[place].append(group)


def _cluster(group: _Group, extents: _Extents) -> Cluster:
    found = {where: extents.of(*where) for where in group.where}
    ordered = sorted(found, key=lambda where: (where not in group.homes, where))
    sizes = sorted(extent.end_line - extent.line + 1 for extent in found.values())
    places = tuple(_place(where[0], found[where]) for where in ordered[:MOST_PLACES])
    message = _message(group, sorted({extent.name.rpartition(".")[2] for extent in found.values()}))
    return Cluster(group.rule, message, places, len(found), sum(sizes[:-1]))


def _place(path: str, extent: _Extent) -> Place:
    return Place(path, extent.line, extent.end_line, extent.name, "")


def _message(group: _Group, names: Sequence[str]) -> str:
    mode, *about = group.subject
    number = len(group.where)
    if mode == _HOME:
        more = counted(number - len(group.homes), "more definition")
        return f"`{about[0]}` is the home, with {more} of that name"
    shown = ", ".join(f"`{name}`" for name in names[:3])
    more = f" and {counted(len(names) - 3, 'more name')}" if len(names) > 3 else ""
    what = _IN_COMMON.get(mode, "one body" if group.rule == "duplicate-class" else "one body, or nearly")
    return f"{shown}{more}: {number} definitions with {what}"


class _Extents:
    """Finds definitions by the spans that findings name them by."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._by_path: dict[str, dict[Span, _Extent]] = {}

    def of(self, path: str, span: Span) -> _Extent:
        """The definition at a span in a file; the lines of the span itself where there is none."""
        if path not in self._by_path:
            self._by_path[path] = self._in_file(path)
        return self._by_path[path].get(span) or _Extent("", span.line, span.end_line)

    def _in_file(self, path: str) -> dict[Span, _Extent]:
        if path not in self._project.outlines:
            return {}
        file = self._project.file(path)
        found = {
            each.span: _Extent(each.name, each.span.line, each.span.end_line)
            for each in file.outline.constants
        }
        definitions: list[Class | Function] = [*file.outline.classes, *file.bodies.functions]
        found.update((each.span, _Extent(each.qualname, each.line, each.end_line)) for each in definitions)
        return found
