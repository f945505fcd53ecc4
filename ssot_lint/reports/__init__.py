"""What a run found, rendered; every report is a pure function from a result to text."""

from __future__ import annotations

import re

# C0 and C1 controls, marks that turn the direction of text, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def neutral(text: str) -> str:
    r"""Return `text` with every character that could steer a terminal or hide text spelled as `\u001b`."""
    # No unsafe character is printable, and asking so is ten times faster than the search.
    if text.isprintable():
        return text
    return _UNSAFE.sub(lambda unsafe: f"\\u{ord(unsafe[0]):04x}", text)


def counted(number: int, noun: str) -> str:
    """Return a number with what it counts, such as `1 file` or `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
