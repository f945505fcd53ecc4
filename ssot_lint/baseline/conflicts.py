"""Takes a text apart that git left with conflict markers."""

from __future__ import annotations

import re

from ssot_lint.baseline.error import TextError

Lines = list[tuple[int, str]]
"""Lines without their ends, each with its number, 1-based."""

_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)
_NEXT = {
    "both": {"<": "ours"},
    "ours": {"|": "base", "=": "theirs"},
    "base": {"=": "theirs"},
    "theirs": {">": "both"},
}


def sides(text: str) -> tuple[Lines, ...]:
    """The text as each side of a merge has it: two where there are markers, else the text itself.

    Raises TextError where markers are missing, so that it is not known what a side has.
    """
    text = text.replace("\r\n", "\n")
    lines = _lines(text)
    if _MARKER.search(text) is None:
        return (lines,)
    ours: Lines = []
    theirs: Lines = []
    place = "both"
    for number, line in lines:
        marker = _MARKER.fullmatch(line)
        if marker is not None and not (place == "base" and line[0] not in _NEXT["base"]):
            following = _NEXT[place].get(line[0])
            if following is None:
                raise TextError(
                    number, f"the conflict marker `{line[:7]}` stands here without those before it"
                )
            place = following
            continue
        if place in ("both", "ours"):
            ours.append((number, line))
        if place in ("both", "theirs"):
            theirs.append((number, line))
    if place != "both":
        raise TextError(len(lines), "the conflict that begins above does not end: there is no `>>>>>>>`")
    return ours, theirs


def first_marker(text: str) -> int | None:
    """The number of the first line that is a conflict marker, None where there is none."""
    text = text.replace("\r\n", "\n")
    marker = _MARKER.search(text)
    return None if marker is None else text.count("\n", 0, marker.start()) + 1


def _lines(text: str) -> Lines:
    """The lines as git sees them: what else `splitlines` takes for an end of a line is part of it."""
    lines = text.split("\n")
    return list(enumerate(lines if lines[-1] else lines[:-1], 1))
