"""Suppression comments, and how much of a text is comments."""

from __future__ import annotations

import pytest

from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Span


def suppressions(text: str) -> list[tuple[tuple[str, ...], str, bool, int]]:
    """Rules, reason, whether for the whole file, and the line spoken of."""
    return [tuple(entry[:4]) for entry in extract(text.encode()).details.suppressions]  # type: ignore[misc]


WORDINGS = {
    "with a reason": ("# ssot: allow a-rule -- why", ("a-rule",), "why"),
    "without a reason": ("# ssot: allow a-rule", ("a-rule",), ""),
    "with an empty reason": ("# ssot: allow a-rule --", ("a-rule",), ""),
    "several rules": ("# ssot: allow a-rule, b-rule -- why", ("a-rule", "b-rule"), "why"),
    "several rules without spaces": ("# ssot: allow a,b,c -- why", ("a", "b", "c"), "why"),
    "a code": ("# ssot: allow SST101 -- why", ("SST101",), "why"),
    "no rule": ("# ssot: allow", (), ""),
    "no rule, with a reason": ("# ssot: allow -- why", (), "why"),
    "no space after the sign": ("#ssot: allow a -- why", ("a",), "why"),
    "no space after the colon": ("# ssot:allow a -- why", ("a",), "why"),
    "many spaces": ("#   ssot:   allow   a   --   why   ", ("a",), "why"),
    "a reason with two dashes": ("# ssot: allow a -- this -- that", ("a",), "this -- that"),
    "a reason with a number sign": ("# ssot: allow a -- see #12", ("a",), "see #12"),
    "a reason with a comma": ("# ssot: allow a -- this, that", ("a",), "this, that"),
    "a reason in other letters": ("# ssot: allow a -- später 🙂", ("a",), "später 🙂"),
    "a trailing comma": ("# ssot: allow a, -- why", ("a",), "why"),
}


@pytest.mark.parametrize(("comment", "rules", "reason"), WORDINGS.values(), ids=WORDINGS.keys())
def test_wordings(comment: str, rules: tuple[str, ...], reason: str) -> None:
    assert suppressions(f"x = 1  {comment}\n") == [(rules, reason, False, 1)]
    assert suppressions(f"x = 1  {comment.replace('allow', 'allow-file')}\n") == [(rules, reason, True, 1)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('x = "# ssot: allow a"\n', id="a string"),
        pytest.param('"""\n# ssot: allow a -- why\n"""\n', id="a docstring"),
        pytest.param("x = f'{y} # ssot: allow a'\n", id="an f-string"),
        pytest.param("x = 1  # ssot: deny a\n", id="another verb"),
        pytest.param("x = 1  # ssot: allowed a\n", id="a longer verb"),
        pytest.param("x = 1  # ssot: allow-all a\n", id="a verb of two words"),
        pytest.param("x = 1  # ssot allow a\n", id="no colon"),
        pytest.param("x = 1  # notssot: allow a\n", id="a longer word"),
        pytest.param("x = 1  # see ssot: allow a\n", id="inside another comment"),
        pytest.param("ssot: allow = 1\n", id="code"),
    ],
)
def test_what_is_no_suppression(text: str) -> None:
    assert suppressions(text) == []


LINES = {
    "beside code": ("x = 1  # ssot: allow a\n", [1]),
    "above code": ("# ssot: allow a\nx = 1\n", [2]),
    "above indented code": ("if x:\n    # ssot: allow a\n    y = 1\n", [3]),
    "beside an opening bracket": ("x = (  # ssot: allow a\n    1)\n", [1]),
    "beside a closing bracket": ("x = (\n    1\n)  # ssot: allow a\n", [3]),
    "within brackets": ("from a import (\n    b,  # ssot: allow a\n    c,\n)\n", [2]),
    "within brackets, above": ("from a import (\n    # ssot: allow a\n    b,\n)\n", [3]),
    "after the end of a string": ('x = """\n"""  # ssot: allow a\n', [2]),
    "after a block": ("if x:\n    pass\n# ssot: allow a\ny = 1\n", [4]),
    "two of them": ("# ssot: allow a\nx = 1  # ssot: allow b\n", [2, 2]),
    "at the end without a line end": ("x = 1  # ssot: allow a", [1]),
    "on the last line": ("x = 1\n# ssot: allow a", [3]),
    "after a carriage return": ("x = 1\r\ny = 2  # ssot: allow a\r\n", [2]),
    "after a line separator in a string": ("x = '\u2028'\ny = 2  # ssot: allow a\n", [2]),
    "after a form feed": ("\f\nx = 1  # ssot: allow a\n", [2]),
    "beside a decorator": ("@a  # ssot: allow a\ndef f(): ...\n", [1]),
}


@pytest.mark.parametrize(("text", "lines"), LINES.values(), ids=LINES.keys())
def test_line_spoken_of(text: str, lines: list[int]) -> None:
    assert [line for *_, line in suppressions(text)] == lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("# ssot: allow a -- why\n# more words\nx = 1\n", 3, id="another comment between"),
        pytest.param("# ssot: allow a -- why\n\nx = 1\n", 3, id="an empty line between"),
        pytest.param(
            "# ssot: allow a -- why\n# ssot: allow b -- why\nx = 1\n", 3, id="another suppression between"
        ),
    ],
)
def test_line_spoken_of_is_the_next_code(text: str, line: int) -> None:
    assert suppressions(text)[0][3] == line


@pytest.mark.parametrize("before", ["# noqa: F401  ", "# type: ignore ", "# see below: "])
def test_suppression_after_another_comment(before: str) -> None:
    assert suppressions(f"x = 1  {before}# ssot: allow a -- why\n") == [(("a",), "why", False, 1)]


def test_suppression_in_capitals() -> None:
    assert suppressions("x = 1  # SSOT: allow a -- why\n") == [(("a",), "why", False, 1)]


def test_span_counts_characters() -> None:
    details = extract("x = 'ä🙂'  # ssot: allow a -- ö\n".encode()).details
    assert details.suppressions == (Suppression(("a",), "ö", False, 1, Span(1, 11, 1, 31)),)


@pytest.mark.parametrize(
    "broken", ["y = (\n", "y = '''\n", "  y\n", "y = 1 1\n", "<<<<<<< HEAD\n", "return\n"]
)
def test_text_with_a_fault_still_has_those_before_it(broken: str) -> None:
    assert suppressions(f"x = 1  # ssot: allow a -- why\n{broken}") == [(("a",), "why", False, 1)]


COUNTS = {
    "none": ("x = 1\n" * 30, 0, 0),
    "few": ("# a\n" * 5 + "x = 1\n", 0, 0),
    "prose": ("# some words about it\n" * 30 + "x = 1\n", 30, 0),
    "code": ("# x = f(1)\n" * 30 + "x = 1\n", 30, 30),
    "both": ("# x = f(1)\n# some words about it\n" * 15 + "x = 1\n", 30, 15),
    "beside code": ("x = 1  # y\n" * 30, 0, 0),
    "beside code, with several signs": ("x = 1  ## y\n" * 30, 0, 0),
    "in strings": ("x = '''\n" + "a # x = 1\n" * 30 + "'''\n", 0, 0),
    "indented": ("def f():\n" + "    # self.run()\n" * 30 + "    pass\n", 30, 30),
    "a small share": ("# x = 1\n" * 30 + "x = 1\n" * 200, 30, 0),
    "code behind a marker": ("# BROKEN_SYNTAX: x = f(1)\n" * 20 + "# # y = 1\n# z = 1\n" + "x = 1\n", 22, 21),
    "a few markers": ("# TODO: x = f(1)\n" * 10 + "# y = 1\n" * 20, 30, 20),
    "tests that were turned off": (
        "# def test_a(self):\n#     assert x == 1\n#     with y:\n#         return 1\n" * 10,
        40,
        40,
    ),
}


@pytest.mark.parametrize(("text", "comments", "code"), COUNTS.values(), ids=COUNTS.keys())
def test_counts(text: str, comments: int, code: int) -> None:
    details = extract(text.encode()).details
    assert (details.comment_lines, details.code_comment_lines) == (comments, code)
    assert details.lines == text.count("\n")


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("x", 1), ("x\n", 1), ("x\n\n", 2), ("x\r\ny", 2), ("\n", 1)]
)
def test_number_of_lines(text: str, lines: int) -> None:
    assert extract(text.encode()).details.lines == lines
