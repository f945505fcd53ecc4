"""Writes suppression comments: what to insert into a text, and where, so that a finding is allowed."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint.facts.comments import find_suppressions
from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Span

REASON = "TODO: say why"
"""Stands for the reason until a person writes one."""

_LINE_END = re.compile("\r\n|\r|\n")
_VERB = re.compile(r"#\s*ssot:\s*allow(?:-file)?", re.IGNORECASE)


class Insertion(NamedTuple):
    """Text to insert into another: line and column 1-based, the column in characters."""

    line: int
    column: int
    text: str


def allow_on_line(text: str, span: Span, rule: str) -> Insertion | None:
    """How to allow what a rule finds at a span of a text, or None where no comment can stand.

    A comment can stand at the end of a line that does not end amid a string or with a backslash; on a line
    of its own it speaks of the line below. A comment that allows something there gets the rule added.
    """
    plain = _LINE_END.sub("\n", text)
    lines = plain.split("\n")
    for comment in find_suppressions(plain):
        if not comment.whole_file and span.line <= comment.line <= span.end_line:
            return _added(comment, lines, rule)
    ends = _ends_of_code(plain)
    last = min(span.end_line, len(lines))
    line = next((line for line in range(span.line, last + 1) if line in ends), None)
    if line is not None:
        return _if_it_works(
            plain, Insertion(line, len(lines[line - 1]) + 1, f"  {_comment('allow', rule)}"), rule
        )
    if span.line > 1 and span.line - 1 not in ends:
        return None
    code = lines[span.line - 1]
    indent = code[: len(code) - len(code.lstrip())]
    above = Insertion(span.line, 1, f"{indent}{_comment('allow', rule)}{_line_end(text)}")
    return _if_it_works(plain, above, rule)


def allow_in_file(text: str, rule: str) -> Insertion:
    """How to allow what a rule finds anywhere in a text: below the comments that it begins with."""
    plain = _LINE_END.sub("\n", text)
    lines = plain.split("\n")
    for comment in find_suppressions(plain):
        if comment.whole_file:
            return _added(comment, lines, rule)
    number = next((number for number, line in enumerate(lines, 1) if not line.startswith("#")), None)
    end = _line_end(text)
    if number is None:  # nothing but comments, the last without an end of its line
        return Insertion(len(lines), len(lines[-1]) + 1, f"{end}{_comment('allow-file', rule)}{end}")
    return Insertion(number, 1, f"{_comment('allow-file', rule)}{end}")


def inserted(text: str, insertion: Insertion) -> str:
    """The text with something inserted."""
    ends = [0, *(match.end() for match in _LINE_END.finditer(text))]
    place = ends[insertion.line - 1] + insertion.column - 1
    return text[:place] + insertion.text + text[place:]


def _comment(verb: str, rule: str) -> str:
    return f"# ssot: {verb} {rule} -- {REASON}"


def _line_end(text: str) -> str:
    match = _LINE_END.search(text)
    return match[0] if match else "\n"


def _added(comment: Suppression, lines: Sequence[str], rule: str) -> Insertion:
    """Adds a rule to a comment, and a reason if it has none."""
    span = comment.span
    words = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    match = _VERB.match(words)
    assert match is not None, "it was read as a suppression"
    names = f"{words[match.end() :]} ".partition(" --")[0].partition("#")[0].rstrip()
    column = span.column + match.end() + len(names)
    reason = "" if comment.reason else f" -- {REASON}"
    return Insertion(span.line, column, f"{',' if comment.rules else ''} {rule}{reason}")


def _if_it_works(plain: str, insertion: Insertion, rule: str) -> Insertion | None:
    """The insertion, unless it would not be read as a comment, as below a fault of the text."""
    known = find_suppressions(inserted(plain, insertion))
    return insertion if any(rule in comment.rules for comment in known) else None


def _ends_of_code(plain: str) -> frozenset[int]:
    r"""The lines at whose end a comment can stand, of a text with `\n` as only line end."""
    found = set()
    try:
        for kind, _, start, _, _ in tokenize.generate_tokens(io.StringIO(plain).readline):
            if kind in (tokenize.NEWLINE, tokenize.NL):
                found.add(start[0])
    except (tokenize.TokenError, SyntaxError):
        pass  # what stands below a fault is not known to be code
    return frozenset(found)
