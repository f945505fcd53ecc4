"""Places in TOML text: of headers, keys and elements, however they are spelled."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.finding import Span
from ssot_lint.toml_document import Place, TomlDocument, TomlError

PLACES: dict[str, tuple[str, Place, Span]] = {
    "table": ("\n[a]\n", ("a",), Span(2, 1, 2, 4)),
    "first of an array": ("[[a]]\n[[a]]\n", ("a", 0), Span(1, 1, 1, 6)),
    "second of an array": ("[[a]]\n[[a]]\n", ("a", 1), Span(2, 1, 2, 6)),
    "the array itself is where it begins": ("[[a]]\n[[a]]\n", ("a",), Span(1, 1, 1, 6)),
    "indented": ("  [[a]]\n", ("a", 0), Span(1, 3, 1, 8)),
    "blanks in a header": ("[[ a . b ]] # [[a.b]]\n", ("a", "b", 0), Span(1, 1, 1, 12)),
    "quoted header": ("[[\"a\".'b']]\n", ("a", "b", 0), Span(1, 1, 1, 12)),
    "escapes in a quoted key": ('["\\u0061.]"]\nb = 1', ("a.]", "b"), Span(2, 1, 2, 2)),
    "array of tables in a table of an array": (
        "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\n",
        ("a", 1, "b", 1),
        Span(5, 1, 5, 8),
    ),
    "table in a table of an array": ("[[a]]\n[[a]]\n[a.b]\nc = 1\n", ("a", 1, "b", "c"), Span(4, 1, 4, 2)),
    "parent that has no header": ("[a.b]\n", ("a",), Span(1, 1, 1, 6)),
    "parent whose header comes later": ("[a.b]\n[a]\n", ("a",), Span(2, 1, 2, 4)),
    "key": ("a = 1\nbc = 2\n", ("bc",), Span(2, 1, 2, 3)),
    "dotted key": ("a.b . c = 1\n", ("a", "b", "c"), Span(1, 1, 1, 8)),
    "parent of a dotted key": ("\na.b = 1\n", ("a",), Span(2, 1, 2, 4)),
    "key of an inline table": ("a = { b = 1, 'c d' = 2 }\n", ("a", "c d"), Span(1, 14, 1, 19)),
    "inline tables in an array": (
        "a = [\n  { b = 1 }, # one\n  { b = 2 },\n]\n",
        ("a", 1, "b"),
        Span(3, 5, 3, 6),
    ),
    "element of an array": ("a = [1,\n 'x]', # ]\n [2]]\n", ("a", 2), Span(3, 2, 3, 5)),
    "what has no place stands where its parent does": ("[a]\nb = 1\n", ("a", "c"), Span(1, 1, 1, 4)),
    "nothing": ("", ("a",), Span(1, 1, 1, 1)),
    "after a comment": ("# [[a]]\n[[a]]\n", ("a", 0), Span(2, 1, 2, 6)),
    "after a string": ("b = '[[a]]' # '\n[[a]]\n", ("a", 0), Span(2, 1, 2, 6)),
    "after a string with escapes": ('b = "\\"\\\\"\n[[a]]\n', ("a", 0), Span(2, 1, 2, 6)),
    "after a string of several lines": ('b = """\n[[a]]\n\\""" # """"\n[[a]]\n', ("a", 0), Span(4, 1, 4, 6)),
    "after a raw string of several lines": ("b = '''\n[[a]]\n'''''\n[[a]]\n", ("a", 0), Span(4, 1, 4, 6)),
    "after an empty string": ('b = ""\nc = """"""\n[[a]]\n', ("a", 0), Span(3, 1, 3, 6)),
    "after a date": ("b = 1979-05-27 07:32:00 # [\n[[a]]\n", ("a", 0), Span(2, 1, 2, 6)),
    "after an array with brackets in strings": (
        'b = ["]", "[[a]]", [\n"]"]]\n[[a]]\n',
        ("a", 0),
        Span(3, 1, 3, 6),
    ),
    "columns count characters": ("a = { 'ключ' = 1, b = 2 }", ("a", "b"), Span(1, 19, 1, 20)),
    "line endings of Windows": ("b = 1\r\n[[a]]\r\n", ("a", 0), Span(2, 1, 2, 6)),
    "byte order mark": ("\ufeff[[a]]\n", ("a", 0), Span(1, 1, 1, 6)),
}


@pytest.mark.parametrize(("text", "place", "span"), PLACES.values(), ids=PLACES)
def test_place(text: str, place: Place, span: Span) -> None:
    assert TomlDocument(text).span(place) == span


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param("a = 1\nb = \n", 2, 5, id="in a line"),
        pytest.param("a = 1\nb = [1", 2, 7, id="at the end"),
        pytest.param("a = " + "[" * 10_000, 1, 1, id="nested too deeply"),
    ],
)
def test_error_has_a_place(text: str, line: int, column: int) -> None:
    with pytest.raises(TomlError) as caught:
        TomlDocument(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="this Python reads any number")
def test_number_of_too_many_digits() -> None:
    with pytest.raises(TomlError, match="a value cannot be read: "):
        TomlDocument("a = " + "9" * (sys.get_int_max_str_digits() + 1))
