"""Lays out lines of text for people: columns below each other, and texts cut where there is no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WIDTH = 100
"""Characters of a line where nobody says how many there is room for."""

_LEAST = 20  # characters that are left of a text


def aligned(rows: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """Yield rows as lines: the first `left` columns, of texts, on the left, those of numbers on the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = (
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths))
        )
        yield "  ".join(cells).rstrip()


def ended(line: str, text: str, width: int) -> str:
    """Return a line that ends with a text, which is cut to fit into `width` characters; some of it stays."""
    room = max(width - len(line) - 2, _LEAST)
    return f"{line}  {text if len(text) <= room else f'{text[: room - 1]}…'}"
