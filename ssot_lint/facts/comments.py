"""Reads comments: suppressions, and how much of a text is commented-out code."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter

from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Span

FEW_COMMENTS = 20
"""Below so many number signs a text's comments are not counted: no file is hollow with so few."""

COMMENTS_SHARE = 5
"""Where comments make up less than this part of the lines, it is not asked which of them read as code."""

_CODE = r"""
    \s*(?:
        (?:async\s+)?(?:def|class)\s+\w+ .*:                       # a definition
      | (?:from\s+[\w.]+\s+import\s+|import\s+\w+[\w.]*\s*(?:$|as\b|,)) .*
      | (?:if|elif|for|while|with|except|try|else|finally)\b .*:    # a block
      | (?:return|raise|assert|await|yield|del|global|pass|break|continue)\b .*
      | @\w[\w.]*(?:\(.*\))?\s*$                                    # a decorator
      | [\w.\[\]'"]+\s*(?:[-+*/|&]?=)\s*\S .*                       # an assignment
      | [\w.]+\(.*                                                  # a call
      | [\])}]+,?\s*$                                               # the end of one
      | ['"]\S*['"]\s*[:,].*                                        # an item of a literal
    )$"""
_MARKER = re.compile(r"\s*[A-Z][A-Z_]+:")
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
_SUPPRESSION = re.compile(r"#\s*ssot:\s*(?P<verb>allow-file|allow)(?![\w-])", re.IGNORECASE)


def count_comments(text: str, lines: int) -> tuple[int, int]:
    """The number of comment lines, and of those that read as commented-out code.

    `lines` is the number of lines of the text. Both are 0 where comments are few.
    """
    before, *rest = text.split("#")
    if len(rest) < FEW_COMMENTS:
        return 0, 0
    comments: list[str] = []
    is_start = True  # of a line; behind a number sign none starts without a line break
    for after in rest:
        end = before.rfind("\n")
        if (is_start or end >= 0) and not before[end + 1 :].strip():
            comments.append(after)
        before, is_start = after, False
    if len(comments) < FEW_COMMENTS or len(comments) * COMMENTS_SHARE < lines:
        return len(comments), 0
    written = _without_marker([comment.partition("\n")[0] for comment in comments])
    reads_as_code = re.compile(_CODE, re.VERBOSE).match  # few texts have so many comments
    return len(comments), sum(1 for comment in written if reads_as_code(comment))


def _without_marker(comments: list[str]) -> list[str]:
    """The comments without the word in capitals that most of them begin with, as `# BROKEN: x = 1` does."""
    markers = Counter(match[0] for match in map(_MARKER.match, comments) if match is not None)
    for marker, number in markers.most_common(1):
        if number * 2 > len(comments):
            return [comment.removeprefix(marker) for comment in comments]
    return comments


def find_suppressions(text: str) -> tuple[Suppression, ...]:
    """The suppression comments of a text, in order; strings that look like one are not comments.

    A comment on a line of its own speaks of the next line of code.
    """
    # Cutting a text into tokens costs more than parsing it, so the words alone are not enough to do that.
    # The search is the cheaper question: it begins at number signs only.
    if _SUPPRESSION.search(text) is None or ("ssot:" not in text and "SSOT:" not in text):
        return ()
    found: list[tuple[str, str, Span]] = []
    code_lines: set[int] = set()
    try:
        for kind, word, start, end, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            if kind == tokenize.COMMENT:
                match = _SUPPRESSION.search(word)
                if match is not None:
                    span = Span(start[0], start[1] + 1 + match.start(), end[0], end[1] + 1)
                    found.append((match["verb"].lower(), word[match.end() :], span))
            elif kind not in _LAYOUT:
                code_lines.update(range(start[0], end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # what stands before the fault counts; the fault itself is a finding of its own
    return tuple(_suppression(verb, words, span, code_lines) for verb, words, span in found)


def _suppression(verb: str, words: str, span: Span, code_lines: set[int]) -> Suppression:
    """The suppression in the words after its verb: rules, and a reason behind two dashes."""
    names, _, reason = f"{words} ".partition(" --")
    rules = tuple(rule.strip() for rule in names.partition("#")[0].split(",") if rule.strip())
    line = span.line
    if line not in code_lines:
        line = min((code for code in code_lines if code > line), default=line + 1)
    return Suppression(rules, reason.strip(), verb == "allow-file", line, span)
