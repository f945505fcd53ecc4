"""SST301: classes of one name with equal bodies, of ten lines or more, in two or more files."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .tree import Expected, Tree

if TYPE_CHECKING:
    from .config import Config

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FEWEST_LINES = 10

Body = tuple[str, str, int, int]  # class name, normal form of the body, line, column


def duplicate_classes(tree: Tree, _: Config) -> list[Expected]:
    """Every member of every cluster."""
    files_of: dict[str, set[str]] = defaultdict(set)
    for record in tree.records.values():
        for cls in record.classes:
            if cls.end_line - cls.line + 1 >= FEWEST_LINES:
                files_of[cls.name].add(record.path)
    names = frozenset(name for name, files in files_of.items() if len(files) > 1)
    paths = sorted({path for name in names for path in files_of[name]})
    with ProcessPoolExecutor(tree.jobs) as pool:
        bodies = list(pool.map(partial(read_bodies, tree.root, names), paths, chunksize=16))

    clusters: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for path, found in zip(paths, bodies, strict=True):
        for name, body, line, column in found:
            clusters[name, body].append(Expected("", path, line, column + len("class ")))
    members = []
    for cluster in clusters.values():
        if len({member.path for member in cluster}) > 1:
            places = frozenset((member.path, member.line) for member in cluster)
            members += [m._replace(related=places - {(m.path, m.line)}) for m in cluster]
    return members


def read_bodies(root: str, names: frozenset[str], path: str) -> list[Body]:
    """The classes of the given names in one file, with their bodies as text that is equal when they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse((Path(root) / path).read_bytes(), path)
    chosen = []
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                del node.body[: isinstance(first.value.value, str)]
            long = (node.end_lineno or 0) - node.lineno + 1 >= FEWEST_LINES
            if isinstance(node, ast.ClassDef) and node.name in names and long:
                chosen.append(node)
    return [(c.name, "\n".join(map(ast.dump, c.body)), c.lineno, c.col_offset) for c in chosen]
