"""SST302: classes with equal bodies under any name, of ten lines or more, told once with what they hold."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .tree import Expected, Tree

if TYPE_CHECKING:
    from .config import Config

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FEWEST_LINES = 10


class Place(NamedTuple):
    """A class statement."""

    path: str
    line: int
    column: int
    qualname: str


class Copy(NamedTuple):
    """A class of ten lines or more."""

    place: Place
    body: str  # equal when the bodies are
    around: tuple[Place, str] | None  # the nearest class around it, and its body


def cloned_classes(tree: Tree, _: Config) -> list[Expected]:
    """Every class that has a copy, with the places of all its copies."""
    paths = sorted({record.path for record in tree.records.values() if record.classes})
    with ProcessPoolExecutor(tree.jobs) as pool:
        copies = [copy for found in pool.map(partial(read, tree.root), paths, chunksize=16) for copy in found]
    clusters: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        clusters[copy.body].append(copy)
    expected = []
    for cluster in clusters.values():
        for one in cluster:
            others = frozenset((o.place.path, o.place.line) for o in cluster if is_told(one, o))
            if others:
                place = one.place
                column = place.column + len("class ")
                expected.append(Expected("", place.path, place.line, column, others))
    return expected


def is_told(one: Copy, other: Copy) -> bool:
    """Whether one is a copy of the other, neither in a branch of one file nor inside a class that is one."""
    if (one.place.path, one.place.qualname) == (other.place.path, other.place.qualname):
        return False
    if one.around is None or other.around is None or one.around[0] == other.around[0]:
        return True
    return one.around[1] != other.around[1]


def read(root: str, path: str) -> list[Copy]:
    """The classes of ten lines or more in one file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse((Path(root) / path).read_bytes(), path)
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    found: list[Copy] = []
    collect(tree, path, "", None, found)
    return found


def collect(
    node: ast.AST, path: str, above: str, around: tuple[Place, str] | None, found: list[Copy]
) -> None:
    """Adds the classes below a node."""
    for child in ast.iter_child_nodes(node):
        below, nearest = above, around
        if isinstance(child, DEFINITIONS):
            below = f"{above}{child.name}."
            if isinstance(child, ast.ClassDef) and (child.end_lineno or 0) - child.lineno + 1 >= FEWEST_LINES:
                text = "\n".join(map(ast.dump, child.body))
                body = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
                place = Place(path, child.lineno, child.col_offset, below)
                found.append(Copy(place, body, around))
                nearest = (place, body)
        collect(child, path, below, nearest, found)
