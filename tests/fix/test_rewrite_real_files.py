"""Random edits of real files: what comes out is proved or refused, and nothing ends with an error."""

from __future__ import annotations

import ast
import random
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ssot_lint.files import Columns, UndecodableError, read_text
from ssot_lint.finding import IMPORT, REIMPORT, REMOVE, REPLACE, TEXT, Edit, Fix, Span
from ssot_lint.fix.rewrite import rewrite

LIBRARY = Path(sysconfig.get_path("stdlib"))
FILES = 200
LARGEST = 30_000  # bytes
SYMBOLS = ("shop.money.Money", "shop.money.rates.Rate", "shop.Bill", "toplevel")


def sources(chosen: random.Random) -> Iterator[tuple[Path, bytes]]:
    """Some files of the standard library that are not too large."""
    paths = sorted(path for path in LIBRARY.rglob("*.py") if "site-packages" not in path.parts)
    for path in chosen.sample(paths, len(paths)):
        if 0 < path.stat().st_size <= LARGEST:
            yield path, path.read_bytes()


def as_written_elsewhere(data: bytes, chosen: random.Random) -> bytes:
    """The same source with other line ends, a byte order mark, or no line end at its end."""
    form = chosen.randrange(6)
    if form == 1:
        return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if form == 2:
        return b"".join(line + chosen.choice((b"\n", b"\r\n", b"\r")) for line in data.splitlines())
    if form == 3:
        return data.rstrip(b"\n")
    if form == 4 and b"coding" not in data[:200]:
        return b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf")
    return data


def nodes_of(data: bytes) -> tuple[Columns, list[ast.AST]]:
    """The syntax nodes of a source, none where it does not compile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = read_text(data)
            return Columns(text), list(ast.walk(ast.parse(text)))
        except (SyntaxError, UndecodableError):
            return Columns(""), []


def span_of(columns: Columns, node: ast.alias | ast.expr | ast.stmt) -> Span:
    assert node.end_lineno is not None and node.end_col_offset is not None
    start = columns.character(node.lineno, node.col_offset)
    return Span(node.lineno, start, node.end_lineno, columns.character(node.end_lineno, node.end_col_offset))


def edits_of(columns: Columns, nodes: list[ast.AST], chosen: random.Random) -> Iterator[Edit]:
    """An edit of each kind and more of those of imports and expressions, at places drawn by lot."""
    definitions = [node for node in nodes if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    aliases = [node for node in nodes if isinstance(node, ast.alias)]
    names = [node for node in nodes if isinstance(node, (ast.Name, ast.Attribute))]
    statements = [node for node in nodes if isinstance(node, ast.stmt)]
    for kind, found, most in (
        (REIMPORT, aliases, 3),
        (REPLACE, names, 4),
        (REMOVE, statements, 2),
        (IMPORT, definitions, 1),
    ):
        for node in chosen.sample(found, min(most, len(found))):
            yield Edit(kind, span_of(columns, node), "" if kind == REMOVE else chosen.choice(SYMBOLS))
    for node in chosen.sample(names, min(2, len(names))):
        yield Edit(TEXT, span_of(columns, node), text=chosen.choice(("renamed", "f(1)", "a.b")))


def test_random_edits_of_the_standard_library() -> None:
    chosen = random.Random(7)
    outcomes: Counter[str] = Counter()
    files = 0
    for path, data in sources(chosen):
        data = as_written_elsewhere(data, chosen)
        columns, nodes = nodes_of(data)
        fixes = [Fix("", (edit,), True) for edit in edits_of(columns, nodes, chosen)]
        if not fixes:
            continue
        done = rewrite(data, fixes)
        assert len(done.applied) + len(done.refused) == len(set(fixes)), path
        assert done.applied or done.data == data, path
        if done.applied:
            compile(read_text(done.data), str(path), "exec", dont_inherit=True)
        outcomes["applied"] += len(done.applied)
        outcomes["refused"] += len(done.refused)
        files += 1
        if files == FILES:
            break
    assert files == FILES
    assert outcomes["applied"] > outcomes["refused"], outcomes
