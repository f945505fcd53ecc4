"""Groups the files that do not compile by what is wrong with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from keyword import iskeyword

from ssot_lint.facts.model import Outline, SyntaxFault
from ssot_lint.insight.figures import Cause

_LINE = re.compile(r"(?<=\bline )[0-9]+|(?<=\blines )[0-9]+( to [0-9]+)?")
_NAME = re.compile(r"'(\w+)'")


def causes(outlines: Mapping[str, Outline], is_strict: Callable[[str], bool]) -> list[Cause]:
    """Every cause with its files, those that are strict first; the cause with the most files comes first."""
    found: defaultdict[str, list[tuple[bool, str, int]]] = defaultdict(list)
    for path, outline in outlines.items():
        if outline.fault is not None:
            found[general(outline.fault)].append((not is_strict(path), path, outline.fault.span.line))
    made = (
        Cause(text, tuple((path, line, not is_lax) for is_lax, path, line in sorted(places)))
        for text, places in found.items()
    )
    return sorted(made, key=lambda cause: (-len(cause.places), cause.text))


def general(fault: SyntaxFault) -> str:
    """What is wrong with a file, with an ellipsis for what is of that file alone: lines and names."""
    text = _LINE.sub("…", fault.cause or fault.message)
    return _NAME.sub(lambda found: found[0] if iskeyword(found[1]) else "'…'", text)
