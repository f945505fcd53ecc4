"""Cuts text that may be broken Python into statements, and stops where no reading of it can go on.

It is one pass from left to right, so the cost is linear in the text, whatever that holds.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import NamedTuple

PYTHON = sys.version_info[:2]
"""The interpreter that judges."""

# Kinds of tokens.
NAME = "name"  # keywords too
NUMBER = "number"
STRING = "string"
OPERATOR = "operator"
NEWLINE = "newline"

# Kinds of faults.
STRAY = "stray"  # `token` is a character that Python has no use for; a kind of tokens too
QUOTE = "quote"  # `token` opens a string that does not end
TEMPLATE = "template"  # the fields of the f-string `token` do not add up
UNMATCHED = "unmatched"  # `token` closes nothing
MISMATCHED = "mismatched"  # `token` closes a bracket of another kind, the last of `openers`
UNCLOSED = "unclosed"  # `token` cannot stand inside of the brackets `openers`

_CLAUSE_WORDS = ("elif", "else", "except", "finally")
BLOCK_WORDS = frozenset(("async", "class", "def", "for", "if", "try", "while", "with", *_CLAUSE_WORDS))
SOFT_WORDS = frozenset(("match", "case", "type"))
_OPENING_WORDS = BLOCK_WORDS | SOFT_WORDS

_OPENERS = frozenset("([{")
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_SIMPLE_WORDS = ("assert", "break", "continue", "del", "global", "import", "pass", "raise", "return")
_STATEMENT_WORDS = (BLOCK_WORDS - {"async", "else", "for", "if"}).union(_SIMPLE_WORDS)
_TEMPLATE_PREFIXES = frozenset(("f", "fr", "rf", "t", "tr", "rt"))
_DEEPEST_TEMPLATE = 20

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f]+|\\\n|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<string>(?:[bB][rR]?|[rR][bBfFtT]?|[fFtT][rR]?|[uU])?(?:\"{3}|'{3}|["']))
    |(?P<number>0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?[jJ]?)
    |(?P<name>[^\W\d](?:\w|[^\x00-\x7f])*)
    |(?P<operator>\*\*=?|//=?|>>=?|<<=?|<>|!=|->|:=|\.\.\.|[-+*/%&|^=<>@]=?|[][(){}:.,;~])
    |(?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTES = ("'", '"', "'''", '"""')
_STRING_PART = {
    quote: re.compile(rf"\\.|{quote}" + ("" if len(quote) == 3 else r"|\n"), re.DOTALL) for quote in _QUOTES
}
_LITERAL_PART = {
    (quote, raw): re.compile(
        ("" if raw else r"\\N\{[^{}'\"\n]*\}|")
        + rf"\\[^{{}}]|\{{\{{?|\}}\}}?|{quote}"
        + ("" if len(quote) == 3 else r"|\n")
    )
    for quote in _QUOTES
    for raw in (False, True)
}
_QUOTE_OR_COMMENT = re.compile(r"\"|'(?!\w)|(?<!\w)'|\s#(?!\d)")
_NO_WORD = re.compile(r"[^\w'\u2019 -]+")
_FIELD_PART = re.compile(r"([a-zA-Z]{0,2})(\"{3}|'{3}|[\"'])|#[^\n]*|[][(){}:\\\n]")


class Token(NamedTuple):
    """A word, number, string, operator or stray character."""

    kind: str
    text: str  # of a string its prefix and opening quote
    start: int  # offsets into the text
    end: int
    line: int  # 1-based
    end_line: int
    margin: int  # characters of white space at the start of its line
    note: str  # of a string: QUOTE or TEMPLATE if it is broken, or what in it needs Python 3.12


class _Template(NamedTuple):
    quote: str
    raw: bool
    depth: int  # how many fields it stands in


class Fault(NamedTuple):
    """Why the text cannot be read on as Python, whatever follows."""

    kind: str
    token: Token
    openers: tuple[Token, ...]  # the brackets open there, outermost first
    forgotten: Token | None  # the one in them that the indentation shows to be closed by another's bracket


class Statement(NamedTuple):
    """A logical line: what stands between two line ends outside of brackets and strings."""

    tokens: tuple[Token, ...]  # at least one
    column: int  # width of the indentation, with tabs as wide as Python takes them
    narrow: int  # the same with tabs one column wide
    fault: Fault | None

    @property
    def first(self) -> Token:
        return self.tokens[0]

    @property
    def last(self) -> Token:
        return self.tokens[-1]

    @property
    def is_string(self) -> bool:
        return all(token.kind == STRING for token in self.tokens)

    @property
    def is_heading(self) -> bool:
        """Whether this is text that happens to be Python: `Overview`, `Segment: Platform/Internal`."""
        if not is_word(self.first) or not self.first.text[0].isupper():
            return False
        return all(token.kind in (NAME, NUMBER) or token.text in ":/-,." for token in self.tokens)

    @property
    def opens_block(self) -> bool:
        return self.last.text == ":" and self.first.text in _OPENING_WORDS

    def outer(self) -> Iterator[Token]:
        """The tokens that stand outside of all brackets, and the outermost brackets."""
        depth = 0
        for token in self.tokens:
            depth -= token.text in _CLOSERS
            if depth <= 0:
                yield token
            depth += token.text in _OPENERS


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text whose lines end in a line feed, up to and with the first that has a fault."""
    tokens: list[Token] = []
    openers: list[Token] = []
    forgotten = None
    for token in _tokens(text):
        if token.kind == NEWLINE:
            if tokens and not openers:
                yield _statement(text, tokens, None)
                tokens, forgotten = [], None
            continue
        kind = _fault(text, token, tokens, openers)
        tokens.append(token)
        if kind:
            yield _statement(text, tokens, Fault(kind, token, tuple(openers), forgotten))
            return
        if token.text in _OPENERS:
            openers.append(token)
        elif token.text in _CLOSERS:
            opener = openers.pop()
            if not forgotten and token.line > tokens[-2].end_line and token.margin < opener.margin:
                forgotten = opener
    if tokens:
        fault = Fault(UNCLOSED, tokens[-1], tuple(openers), forgotten) if openers else None
        yield _statement(text, tokens, fault)


def _statement(text: str, tokens: list[Token], fault: Fault | None) -> Statement:
    start = tokens[0].start
    if fault and fault.forgotten and (not fault.openers or fault.forgotten.start < fault.openers[-1].start):
        fault = fault._replace(forgotten=None)
    return Statement(tuple(tokens), *columns(text[start - tokens[0].margin : start]), fault)


def columns(line: str) -> tuple[int, int]:
    """The width of the white space that starts a line: with tabs as wide as Python takes them, and narrow."""
    blank = line[: len(line) - len(line.lstrip(" \t\f"))].rpartition("\f")[2]
    return len(blank.expandtabs(8)), len(blank)


def is_word(token: Token) -> bool:
    """Whether this is a name and no keyword; `None`, `True` and `False` count as names."""
    is_value = token.text in ("None", "True", "False")
    return token.kind == NAME and (is_value or not keyword.iskeyword(token.text))


def are_adjacent_operands(left: Token, right: Token) -> bool:
    """Whether two tokens in a row are values that nothing joins."""
    if left.kind == right.kind == STRING:
        return False
    starts = right.kind in (NUMBER, STRING) or is_word(right)
    return starts and (left.kind in (NUMBER, STRING) or left.text in _CLOSERS or is_word(left))


def reads_as_text(line: str, column: int) -> bool:
    """Whether the stretch of a line around a column, from quote to quote, is words in a row and not code."""
    marks = [mark.span() for mark in _QUOTE_OR_COMMENT.finditer(line)]
    begin = max((end for start, end in marks if start < column), default=0)
    end = min((start for start, _ in marks if start >= column), default=len(line))
    runs = [run.split() for run in _NO_WORD.split(line[begin:end])]
    pairs = sum(_is_spoken(one) and _is_spoken(two) for run in runs for one, two in pairwise(run))
    if pairs == 1 and sum(map(len, runs)) > 2:
        first = next(run[0] for run in runs if run)
        is_statement = keyword.iskeyword(first) or first in ("print", "exec")
        return not is_statement and not re.search(r"[=(\[{]", line[begin:end])
    return pairs > 1


def _is_spoken(word: str) -> bool:
    return word[0].isalpha() and not keyword.iskeyword(word)


def _fault(text: str, token: Token, before: list[Token], openers: list[Token]) -> str:
    """The kind of fault that shows at `token`, after the tokens `before` of its statement, or ""."""
    if token.kind == STRAY or token.note in (QUOTE, TEMPLATE):
        return token.note or STRAY
    if token.text in _CLOSERS:
        if not openers:
            return UNMATCHED
        return "" if openers[-1].text == _CLOSERS[token.text] else MISMATCHED
    if not openers or token.line == before[-1].end_line:
        return ""
    if 0 < token.margin - before[0].margin <= 4 and _begins_block(before, openers[-1]):
        return UNCLOSED
    if token.kind == NAME:
        is_quoted = text[token.end : token.end + 1] in ("'", '"')
        is_outside = token.margin <= before[0].margin and are_adjacent_operands(before[-1], token)
        if (is_outside or token.text in _STATEMENT_WORDS) and not is_quoted:
            return UNCLOSED
    return ""


def _begins_block(tokens: list[Token], opener: Token) -> bool:
    """Whether tokens that end in brackets seem to begin a block: `def f(a:`, but not `if f(lambda a:`."""
    if tokens[0].text not in BLOCK_WORDS or tokens[-1].text != ":" or opener.text == "{":
        return False
    inside = takewhile(lambda token: token.start > opener.start, reversed(tokens))
    return opener.line == tokens[-1].line and all(token.text != "lambda" for token in inside)


def _tokens(text: str) -> Iterator[Token]:
    position, line, line_start, margin = 0, 1, 0, -1
    while match := _TOKEN.match(text, position):
        kind, end, note = str(match.lastgroup), match.end(), ""
        if kind == STRING:
            prefix = match[0].rstrip("\"'")
            if "t" in prefix.lower() and PYTHON < (3, 14):
                kind, end = NAME, position + len(prefix)
            else:
                end, note = _string_end(text, end, prefix.lower(), match[0][len(prefix) :])
        elif kind == NAME and not match[0].isascii():
            kind, end = _name_end(match[0], position)
        end_line = line + text.count("\n", position, end)
        if kind != "space":
            margin = margin if margin >= 0 else position - line_start
            opening = match[0] if kind == STRING else text[position:end]
            yield Token(kind, opening, position, end, line, end_line, margin, note)
        if end_line > line and kind != STRING:
            line_start, margin = end, -1
        position, line = end, end_line


def _name_end(name: str, start: int) -> tuple[str, int]:
    """The kind and end of a word that may hold characters which count as letters, but not in names."""
    length = next((i for i, letter in enumerate(name) if not f"a{letter}".isidentifier()), len(name))
    return (NAME, start + length) if length else (STRAY, start + 1)


def _string_end(text: str, start: int, prefix: str, quote: str, depth: int = 0) -> tuple[int, str]:
    """Where the string ends whose text begins at `start`, and the note on it."""
    parts = _STRING_PART[quote].finditer(text, start)
    plain_end = next((part.end() for part in parts if part[0] in (quote, "\n")), start)
    is_closed = plain_end > start and text[plain_end - 1] != "\n"
    if prefix in _TEMPLATE_PREFIXES:
        end, newer = _literal_end(text, start, _Template(quote, "r" in prefix, depth))
        if end:
            return end, newer or ("" if end == plain_end else "the quotes around it")
        if is_closed:
            return plain_end, TEMPLATE
    return (plain_end, "") if is_closed else (start, QUOTE)


def _literal_end(text: str, start: int, template: _Template, is_format: bool = False) -> tuple[int, str]:
    """Where the literal part of an f-string, or of a field's format in it, ends as Python 3.12 reads it.

    0 stands for nowhere; the second answer is what older versions of Python do not take.
    """
    position, newer = start, ""
    while part := _LITERAL_PART[template.quote, template.raw].search(text, position):
        mark, position = part[0], part.end()
        if is_format and mark[0] in "{}":
            mark, position = mark[0], part.start() + 1
        if mark == ("}" if is_format else template.quote):
            return position, newer
        if mark in ("\n", "}", template.quote) or template.depth == _DEEPEST_TEMPLATE:
            break
        if mark == "{":
            position, more = _field_end(text, position, template._replace(depth=template.depth + 1))
            if not position:
                break
            newer = newer or more
    return 0, ""


def _field_end(text: str, start: int, template: _Template) -> tuple[int, str]:
    """Where a field of an f-string ends; the answers are those of `_literal_end`."""
    brackets: list[str] = []
    position, newer = start, ""
    while part := _FIELD_PART.search(text, position):
        mark, position, more = part[0], part.end(), ""
        if part[2]:
            position, more = _string_end(text, position, part[1].lower(), part[2], template.depth)
            if more in (QUOTE, TEMPLATE):
                break
            more = more or ("a backslash" if "\\" in text[part.end() : position] else "")
        elif mark == "}" and not brackets:
            return position, newer
        elif mark == ":" and not brackets:
            position, more = _literal_end(text, position, template, is_format=True)
            return position, newer or more
        elif mark in _OPENERS:
            brackets.append(mark)
        elif mark in _CLOSERS:
            if not brackets or brackets.pop() != _CLOSERS[mark]:
                break
        elif mark != "\n":
            more = {"\\": "a backslash", "#": "a comment"}.get(mark[0], "")
        elif len(template.quote) == 1:
            if not brackets and not _may_break(text[part.start() - 1]):
                break
            more = "a line break"
        newer = newer or more
    return 0, ""


def _may_break(before: str) -> bool:
    """Whether a field may go on in the next line; mostly it is the quote that was forgotten."""
    return PYTHON >= (3, 12) or before in "{,+-*/%|&=<>"
