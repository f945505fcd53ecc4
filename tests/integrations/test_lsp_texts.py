"""Changes of texts as editors send them, and positions in them."""

from __future__ import annotations

import random

import pytest
from lsprotocol import types

from ssot_lint.files import Columns
from ssot_lint.finding import Span
from ssot_lint.integrations.lsp.texts import difference, edited, holds, offset, range_of

CODED = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def position(text: str, index: int, encoding: str) -> types.Position:
    """The position of a character, worked out the slow way."""
    lines = text[:index].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    coding, unit = CODED[encoding]
    return types.Position(len(lines) - 1, len(lines[-1].encode(coding)) // unit)


@pytest.mark.parametrize("encoding", CODED)
def test_any_change_of_any_text(encoding: str) -> None:
    dice = random.Random(1)
    pieces = ("a", "é", "😋", "\n", "\r\n", "\x0c", "\x0b", "\u2028", "\x85", "bc d", "")
    for _ in range(500):
        text = "".join(dice.choice(pieces) for _ in range(dice.randrange(30)))
        start, end = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue  # between the two halves of a line end there is no position
        piece = dice.choice(pieces)
        where = types.Range(position(text, start, encoding), position(text, end, encoding))
        change = types.TextDocumentContentChangePartial(where, piece)
        assert edited(text, change, encoding) == text[:start] + piece + text[end:]


@pytest.mark.parametrize("encoding", CODED)
def test_smallest_edit_of_any_text(encoding: str) -> None:
    dice = random.Random(7)
    pieces = ("a", "é", "😋", "\n", "\r\n", "\r", "b")
    for _ in range(500):
        old, new = ("".join(dice.choice(pieces) for _ in range(dice.randrange(1, 9))) for _ in range(2))
        if old != new:
            edit = difference(old, new, encoding)
            change = types.TextDocumentContentChangePartial(edit.range, edit.new_text)
            assert edited(old, change, encoding) == new


def test_whole_text_that_is_new() -> None:
    assert edited("a", types.TextDocumentContentChangeWholeDocument("b"), "utf-16") == "b"


@pytest.mark.parametrize(
    ("line", "units", "expected"),
    [(0, 2, 2), (0, 3, 2), (0, 99, 2), (1, 0, 3), (1, 1, 4), (1, 2, 4), (1, 3, 5), (2, 0, 6), (9, 9, 6)],
)
def test_positions_that_are_none(line: int, units: int, expected: int) -> None:
    """Behind the end of a line, behind the text, and within a character of two units."""
    assert offset("ab\n😋c\n", types.Position(line, units), "utf-16") == expected


def test_range_that_ends_before_it_starts() -> None:
    where = types.Range(types.Position(0, 2), types.Position(0, 1))
    assert edited("abc", types.TextDocumentContentChangePartial(where, "-"), "utf-8") == "ab-c"


@pytest.mark.parametrize(("encoding", "start", "end"), [("utf-8", 2, 6), ("utf-16", 1, 3), ("utf-32", 1, 2)])
def test_range_of_a_span(encoding: str, start: int, end: int) -> None:
    found = range_of(Columns("x\né😋"), Span(2, 2, 2, 3), encoding)
    assert found == types.Range(types.Position(1, start), types.Position(1, end))


def test_ranges_that_share_something() -> None:
    def between(start: int, end: int) -> types.Range:
        return types.Range(types.Position(0, start), types.Position(0, end))

    assert holds(between(2, 4), between(4, 4))
    assert holds(between(2, 4), between(0, 9))
    assert not holds(between(2, 4), between(5, 6))
