"""Which module imports which, and the shortest chains of imports between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from ssot_lint.facts.model import IN_TYPE_CHECKING, Import
from ssot_lint.file import File
from ssot_lint.finding import Span
from ssot_lint.meaning import A_MODULE, EXTERNAL, Meaning
from ssot_lint.modules import package_of
from ssot_lint.project import Project
from ssot_lint.rules._modules import Place


class Edge(NamedTuple):
    """An import of one module by another."""

    source: Meaning
    target: Meaning
    span: Span
    is_checking: bool  # stands under TYPE_CHECKING


Graph = Mapping[Meaning, tuple[Edge, ...]]
"""The imports of each module that is imported, in the order of their sources."""

Chains = Mapping[Meaning, Mapping[Place, Edge]]
"""For each module the places it leads to, the nearest first, with the first edge on the way there."""


def dependency(project: Project, path: str, entry: Import) -> Meaning:
    """The module that one name of an import statement depends on, as import-linter has it.

    A submodule where the name is one, else the module named in the statement. Outside the tree nobody
    can tell, so there it is the whole dotted name.
    """
    (target,) = project.imported(path, entry.level, entry.module, "")
    if entry.name in ("", "*"):
        return target
    if target.kind == EXTERNAL:
        return target._replace(name=f"{target.name}.{entry.name}")
    if target.kind != A_MODULE:
        return target
    child = project.modules.child(package_of(target.path), entry.name)
    if child and any(
        (found.kind, found.path) == (A_MODULE, child) for found in project.import_meanings(path, entry)
    ):
        return Meaning(A_MODULE, child, "")
    return target


def import_graph(project: Project) -> Graph:
    """Every import statement of the tree, found once."""
    return project.once(("import graph",), lambda: _import_graph(project))


def _import_graph(project: Project) -> Graph:
    def read(file: File) -> list[Edge]:
        source = Meaning(A_MODULE, file.path, "")
        edges: dict[tuple[Meaning, bool], Edge] = {}
        for entry in file.details.imports:
            target = dependency(project, file.path, entry)
            is_checking = bool(entry.context & IN_TYPE_CHECKING)
            edges.setdefault((target, is_checking), Edge(source, target, entry.span, is_checking))
        return list(edges.values())

    graph: dict[Meaning, list[Edge]] = {}
    for edge in chain.from_iterable(project.every(("import graph",), read, resolves=True)):
        graph.setdefault(edge.target, []).append(edge)
    return {target: tuple(edges) for target, edges in graph.items()}


def chains(
    graph: Graph,
    place: Callable[[Meaning], Place | None],
    is_free: Callable[[Meaning], bool],
    is_cut: Callable[[Edge], bool],
) -> Chains:
    """The shortest way from every free module, through free modules, to each place.

    The search goes backwards from all places at once, one import further in each round.
    """
    found: dict[Meaning, dict[Place, Edge]] = {}
    reached = [(target, at) for target in graph if (at := place(target)) is not None]
    while reached:
        further = []
        for target, at in reached:
            for edge in graph.get(target, ()):
                if at not in found.get(edge.source, ()) and is_free(edge.source) and not is_cut(edge):
                    found.setdefault(edge.source, {})[at] = edge
                    further.append((edge.source, at))
        reached = further
    return found


def follow(chains: Chains, start: Meaning, place: Place) -> Iterator[Edge]:
    """The imports on the way from a free module to a place."""
    while start in chains and place in chains[start]:
        edge = chains[start][place]
        yield edge
        start = edge.target
