"""The report on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from rich.cells import cell_len

from ssot_lint.engine import Result
from ssot_lint.finding import Span
from ssot_lint.reports import terminal

SOURCES = {
    "a.py": ["import requests", "\timport requests  # \x1b[31m"],
    "b\x1b[31m.py": ["class User: pass"],
    "漢字/模块.py": ["", "", "x = '漢字漢字'; import requests"],
}


def lines_of(path: str) -> Sequence[str]:
    return SOURCES.get(path, ())


def test_report_with_everything(result: Result, check_snapshot: Callable[[str, str], None]) -> None:
    text = terminal.render(result, lines_of, width=60, colour=False, statistics=True)
    assert text.replace("\n", "").isprintable()
    check_snapshot("terminal.txt", text)


def test_colours(result: Result, check_snapshot: Callable[[str, str], None]) -> None:
    text = terminal.render(result, lines_of, width=60, colour=True)
    check_snapshot("colours.txt", text.replace("\x1b", "<esc>"))


def test_nothing_found(empty: Result) -> None:
    assert terminal.render(empty, lines_of, width=80, colour=False) == "no findings in 1 file\n"
    assert terminal.render(empty, lines_of, width=80, colour=False, summary=False) == ""
    assert terminal.render(empty, lines_of, width=80, colour=True) == "\x1b[32mno findings in 1 file\x1b[0m\n"


@pytest.mark.parametrize(
    ("line", "span", "parts"),
    [
        pytest.param("a = requests", Span(1, 5, 1, 13), ("a = ", "requests", ""), id="end of the line"),
        pytest.param("    call(1)", Span(1, 5, 1, 9), ("", "call", "(1)"), id="indented"),
        pytest.param("\tx\ty", Span(1, 4, 1, 5), ("x    ", "y", ""), id="tabs"),
        pytest.param("def f(", Span(1, 6, 3, 2), ("def f", "(", ""), id="several lines"),
        pytest.param("x =", Span(1, 9, 1, 9), ("x =", "", ""), id="behind the end"),
        pytest.param("x\x1b[m = y", Span(1, 2, 1, 3), ("x", "\\u001b", "[m = y"), id="terminal escape"),
    ],
)
def test_excerpt(line: str, span: Span, parts: tuple[str, str, str]) -> None:
    assert terminal.excerpt(line, span, 40) == parts


@pytest.mark.parametrize("width", [8, 20, 33])
@pytest.mark.parametrize("letter", ["x", "字", "\x1b", "\t"])
def test_excerpt_fits_a_narrow_terminal(letter: str, width: int) -> None:
    line = letter * 100_000
    for column in (1, 5, 50_000, 99_999):
        before, marked, after = terminal.excerpt(line, Span(1, column, 1, column + 20), width)
        assert cell_len(before + marked + after) <= width
        assert letter == "\t" or marked
