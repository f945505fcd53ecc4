"""The plain report, and what every report makes of hostile text."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest

from ssot_lint.engine import Result
from ssot_lint.reports import neutral, text
from ssot_lint.reports.formats import Request

QUIET = Request(summary=False)


def test_report_with_everything(result: Result, check_snapshot: Callable[[str, str], None]) -> None:
    check_snapshot("plain.txt", text.render(result, Request(statistics=True)))


def test_summary_can_be_left_out(result: Result) -> None:
    assert text.render(result, Request()).startswith(text.render(result, QUIET))
    assert "findings" not in text.render(result, QUIET)


def test_nothing_found(empty: Result, result: Result) -> None:
    assert text.render(empty, Request()) == "no findings in 1 file\n"
    assert text.render(empty, QUIET) == ""
    two = empty._replace(files=2, allowed=result.allowed[:1])
    assert text.render(two, Request()) == "no findings in 2 files (1 suppressed)\n"


def test_every_finding_is_one_line_that_ends_where_it_should(result: Result) -> None:
    assert len(text.render(result, QUIET).splitlines()) == 6 + 2


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("plain `text`", "plain `text`", id="text stays"),
        pytest.param("漢字 é 🎉", "漢字 é 🎉", id="other scripts stay"),
        pytest.param("a\xa0b\u200db", "a\xa0b\u200db", id="harmless characters that cannot be printed stay"),
        pytest.param("\x1b[31mred", "\\u001b[31mred", id="escape"),
        pytest.param("\x9b31m", "\\u009b31m", id="escape of the second control block"),
        pytest.param("a\r\nb\t\x07\x7f", "a\\u000d\\u000ab\\u0009\\u0007\\u007f", id="controls"),
        pytest.param("\u202eevil\u2066", "\\u202eevil\\u2066", id="direction marks"),
        pytest.param("\u2028", "\\u2028", id="line separator"),
        pytest.param("\udcff", "\\udcff", id="lone surrogate"),
    ],
)
def test_neutral(raw: str, shown: str) -> None:
    assert neutral(raw) == shown


def test_neutral_leaves_no_control_or_direction_of_any_kind() -> None:
    for character in map(chr, range(sys.maxunicode + 1)):
        is_unsafe = unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or (
            unicodedata.bidirectional(character)
            in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
        )
        if is_unsafe:
            assert neutral(character) == f"\\u{ord(character):04x}"
