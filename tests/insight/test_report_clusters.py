"""Clusters of copies, made from the findings of the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.insight.figures import Cluster
from ssot_lint.insight.report import clusters
from ssot_lint.session import Session

BODY = "".join(f"    def m{number}(self):\n        return self.x{number} + {number}\n" for number in range(8))
FUNCTION = "def {}(rows):\n" + "".join(
    f"    rows.append(rows[{number}] * {number})\n" for number in range(12)
)


def found(root: Path, config: str, texts: Mapping[str, str]) -> list[Cluster]:
    """The clusters in some files."""
    for path, text in {"ssot-lint.toml": config, **texts}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    loaded = load(None, root)
    findings = lint(loaded, use_cache=False).findings
    return clusters.clusters(findings, Session(loaded, use_cache=False).project)


def places(cluster: Cluster) -> list[str]:
    return [f"{place.path}:{place.line}-{place.end_line}" for place in cluster.places]


def test_classes_and_functions(tmp_path: Path) -> None:
    texts = {
        "a.py": f"class Big:\n{BODY}",
        "b.py": f"class Big:\n{BODY}",
        "c.py": FUNCTION.format("one"),
        "d.py": "\n" + FUNCTION.format("two"),
        "e.py": FUNCTION.format("three"),
    }
    function, big = found(tmp_path, "[[duplicate-function]]\n", texts)
    assert (function.rule, function.size, function.lines) == ("duplicate-function", 3, 26)
    assert function.message == "`one`, `three`, `two`: 3 definitions with one body, or nearly"
    assert places(function) == ["c.py:1-13", "d.py:2-14", "e.py:1-13"]
    assert (big.message, big.lines) == ("`Big`: 2 definitions with one body", 17)


def test_what_two_rules_find_is_told_once(tmp_path: Path) -> None:
    texts = {f"{name}.py": f"class Big:\n{BODY}" for name in "ab"}
    texts["c.py"] = f"class Other:\n{BODY}"
    (only,) = found(tmp_path, "[[cloned-class]]\n[[duplicate-class]]\n", texts)
    assert (only.rule, only.size) == ("cloned-class", 3), "it holds the two that duplicate-class finds"


def test_home_stands_first(tmp_path: Path) -> None:
    texts = {
        "z/home.py": "class Money: ...\n",
        "a.py": "class Money:\n    x = 1\n",
        "b.py": "class Money: ...\n",
    }
    (only,) = found(tmp_path, '[[duplicate-class]]\ncanonical = ["z.home.Money"]\n', texts)
    assert places(only) == ["z/home.py:1-1", "a.py:1-2", "b.py:1-1"]
    assert only.message == "`z.home.Money` is the home, with 2 more definitions of that name"
    assert only.lines == 2, "what stays is the one with the most lines"


def test_names_and_values(tmp_path: Path) -> None:
    texts = {f"{name}.py": "LIMIT_OF_ALL = 8123\n" for name in "ab"}
    (only,) = found(tmp_path, '[[duplicate-function]]\nkinds = ["constants"]\n', texts)
    assert only.message == "`LIMIT_OF_ALL`: 2 definitions with one name and value"
    assert places(only) == ["a.py:1-1", "b.py:1-1"]


def test_many_copies(tmp_path: Path) -> None:
    """More places than findings list, or a report: the size counts all of them."""
    number = 130
    texts = {f"m{each:03}.py": FUNCTION.format(f"f{each}") for each in range(number)}
    (only,) = found(tmp_path, "[[duplicate-function]]\n", texts)
    assert (only.size, len(only.places)) == (number, clusters.MOST_PLACES)
    assert only.lines == 13 * (number - 1)
    assert only.message == "`f0`, `f1`, `f10` and 127 more names: 130 definitions with one body, or nearly"


@pytest.mark.parametrize("is_long", [False, True])
def test_text_is_cut(tmp_path: Path, is_long: bool) -> None:
    line = f"    rows.append({'1' * 300 if is_long else '1'})\n"
    text = "def f(rows):\n" + line * 99
    (only,) = found(tmp_path, "[[duplicate-function]]\n", {"a.py": text, "b.py": text})
    shown = clusters.with_text(only, lambda path: (tmp_path / path).read_text().split("\n"))
    lines = shown.places[0].text.split("\n")
    assert len(lines) == clusters.MOST_LINES
    assert max(map(len, lines)) == (clusters.MOST_CHARACTERS if is_long else 18)
    assert shown.places[1].text == shown.places[0].text


def test_text_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (only,) = found(tmp_path, "", {f"{name}.py": f"class Big:\n{BODY}" for name in "ab"})
    assert [place.text for place in clusters.with_text(only, lambda _path: ()).places] == ["", ""]
