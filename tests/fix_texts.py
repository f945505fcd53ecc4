"""Says in short what edits are to be made of a text."""

from __future__ import annotations

from ssot_lint.files import read_text
from ssot_lint.finding import Edit, Fix, Span
from ssot_lint.fix.rewrite import Rewritten, rewrite


def span_of(text: str, piece: str, number: int = 0) -> Span:
    """Where a piece of a text is, counted from 0 if it is there more than once."""
    start = -1
    for _ in range(number + 1):
        start = text.index(piece, start + 1)
    return Span(*_place(text, start), *_place(text, start + len(piece)))


def fix(text: str, *edits: tuple[str, ...], number: int = 0) -> Fix:
    """A fix of edits given as kind, piece of the text, symbol, text."""
    found = []
    for kind, piece, *rest in edits:
        symbol, new = (*rest, "", "")[:2]
        found.append(Edit(kind, span_of(text, piece, number), symbol, new))
    return Fix("", tuple(found), True)


def rewritten(data: str | bytes, *edits: tuple[str, ...]) -> Rewritten:
    """What comes of a text when each edit is a fix of its own."""
    source = data.encode() if isinstance(data, str) else data
    text = read_text(source)
    return rewrite(source, [fix(text, edit) for edit in edits])


def changed(data: str, *edits: tuple[str, ...]) -> str:
    """The new text, where no edit is refused."""
    done = rewritten(data, *edits)
    assert [refused.reason for refused in done.refused] == []
    return done.data.decode()


def reasons(data: str | bytes, *edits: tuple[str, ...]) -> list[str]:
    """Why edits are refused, where all of them are."""
    done = rewritten(data, *edits)
    assert done.applied == ()
    assert done.data == (data.encode() if isinstance(data, str) else data)
    return [refused.reason for refused in done.refused]


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
