"""Says in words a person can act on why a text is not Python, where that is certain.

The text is read from the top, statement by statement, up to the first place that no Python can hold.
What is seen there is the cause, unless the interpreter failed before it on something not looked for here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ssot_lint.facts import lexical
from ssot_lint.facts.lexical import NUMBER, OPERATOR, STRING, Statement, Token

_CLAUSES = {
    "elif": ("if", "elif"),
    "else": ("if", "elif", "for", "while", "except", "async"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
# Operators that may be the first or the last of a statement; a fault tells more of the closing brackets.
_STARTS = frozenset(("(", "[", "{", ")", "]", "}", "+", "-", "~", "*", "@", "..."))
_ENDS = frozenset((")", "]", "}", ":", ",", ";", "*", "..."))
_BEFORE_VALUE = frozenset(("=", "(", "[", "{", ",", "+", "%", "==", "!=", "return", "print"))
_UNSEEN_OR_QUOTES = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp", "Pi", "Pf"))  # categories of characters
_TRIPLE = ('"""', "'''")
_DEEPEST_INDENT = 100  # Python's own limit

_CODE_LINE = re.compile(
    r"\s*(?:@\w|(?:async|def|class|import|return|raise|assert)\s|(?:from|if|for|with)\s.*[:\w]$)"
)
_BLOCK_COMMENT = re.compile(rf"\s*#+\s*(?:{'|'.join(sorted(lexical.BLOCK_WORDS))})\b.*:\s*$")
_UNDERLINE = re.compile(r"\s*[=~*#^+-]{4,}\s*")
_SPLIT_PAIR = re.compile(r"([(\[{])\s+[)\]}]+\s*$")
_LEFTOVERS = (
    (re.compile(r"(?:<{7}|>{7}|\|{7})(?:\s|$)"), "merge-conflict marker at line {}"),
    (re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|diff --git "), "line {} is left over from a patch"),
    (
        re.compile(
            r"[+-](?:@\w|(?:async|def|class|import|return|raise|from\s+\S+\s+import)\s|(?:pass|try:)$)"
        ),
        "line {} starts with the + or - of a patch",
    ),
    (re.compile(r"\s*```"), "Markdown fence ``` at line {}"),
    (re.compile(r"\s*>>>\s"), "line {} starts with the >>> of an interactive session"),
)


class _Level(NamedTuple):
    """An indentation, with the statements that stand at it."""

    column: int
    narrow: int
    word: str  # first of the last statement
    first: int  # line of the first statement
    last: int


class _Place(NamedTuple):
    """A statement, and what the statements before it say about it."""

    text: str
    lines: list[str]
    statement: Statement
    previous: Statement | None
    levels: tuple[_Level, ...]  # down to that of the statement before
    string: Token | None  # the string that is the last statement before, headings left out
    heading: int  # line of the first of these headings, 0 for none


class _Suspect(NamedTuple):
    """Something that no Python can hold."""

    offset: int
    lines: tuple[int, ...]  # where it is seen; then others that the interpreter may name instead
    cause: str  # "" where it can be one of several


def likely_cause(text: str, line: int, message: str) -> str:
    """The likely cause of a syntax error in words, or "" when not sure.

    Takes the decoded text with line feeds for line ends, the line of the error (from 1 up) and the
    interpreter's message.
    """
    suspect = _first_suspect(text)
    if not suspect or (suspect.lines[0] > line and line not in suspect.lines):
        return ""
    if "indent" in message and line not in suspect.lines:  # the interpreter never reports these late
        return ""
    return suspect.cause


def _first_suspect(text: str) -> _Suspect | None:
    place = None
    for statement in lexical.statements(text):
        place = _place(text, statement, place)
        suspects = sorted((found for look in _LOOKS for found in look(place)), key=lambda found: found.offset)
        if suspects:
            on_line = (found for found in suspects if found.cause and found.lines[0] == suspects[0].lines[0])
            return next(on_line, suspects[0])
    if place and place.statement.opens_block:
        end = place.statement.last
        has_comment = any("#" in content for content in place.lines[end.end_line :])
        what = "holds only comments" if has_comment else "has no body"
        lines = (end.end_line, len(place.lines), len(place.lines) - 1)
        return _Suspect(end.end, lines, f"the block that line {end.end_line} opens {what}")
    return None


def _place(text: str, statement: Statement, before: _Place | None) -> _Place:
    if not before:
        return _Place(text, text.split("\n"), statement, None, (), None, 0)
    previous = before.statement
    line, column = previous.first.line, previous.column
    string, heading = before.string, before.heading or line
    if not previous.is_heading:
        string, heading = previous.last if previous.is_string else None, 0
    outer = [level for level in before.levels if level.column < column]
    first = next((level.first for level in before.levels if level.column == column), line)
    levels = (*outer, _Level(column, previous.narrow, previous.first.text, first, line))
    return _Place(text, before.lines, statement, previous, levels, string, heading)


def _at(token: Token, cause: str, *lines: int) -> _Suspect:
    return _Suspect(token.start, (token.line, *lines), cause)


def _find_leftover(place: _Place) -> Iterator[_Suspect]:
    line = 0
    for token in place.statement.tokens:
        if token.line > line:
            content = place.lines[token.line - 1]
            for pattern, cause in _LEFTOVERS:
                if pattern.match(content):
                    yield _at(token, cause.format(token.line))
            if content == "=======":
                if "\n<<<<<<<" in place.text[: token.start]:
                    yield _at(token, f"merge-conflict marker at line {token.line}")
                return
        line = token.end_line


def _find_gap(place: _Place) -> Iterator[_Suspect]:
    """Two values in a row that nothing joins."""
    tokens = place.statement.tokens
    for index, (left, right) in enumerate(pairwise(tokens)):
        is_soft = left.text in lexical.SOFT_WORDS and (index == 0 or tokens[index - 1].text in (";", ":"))
        if not is_soft and lexical.are_adjacent_operands(left, right):
            word = left if left.line == right.line and left.kind != STRING else right
            is_text = _reads_as_text(place, word)
            yield _text_at(place, right) if is_text else _at(right, _cause_of_gap(place, index))
            return


def _cause_of_gap(place: _Place, index: int) -> str:
    left, right = place.statement.tokens[index : index + 2]
    line = right.line
    if (string := _long_string_before(place, line)) and string.end_line == line:
        return _early_end(string, "the rest of that line")
    starts = index == 0 or place.statement.tokens[index - 1].text in (":", ";")
    if starts and left.text in ("print", "exec") and left.line == line and left.end < right.start:
        return f"Python 2 code: {left.text} statement at line {line}"
    if left.end < right.start:
        return ""
    if left.kind == NUMBER and right.text in ("L", "l"):
        return f"Python 2 code: long integer at line {line}"
    if left.text.lower() == "ur":
        return f'Python 2 code: string prefix "{left.text}" at line {line}'
    if left.text.lower() in ("t", "tr", "rt") and not right.note and lexical.PYTHON < (3, 14):
        return f"the template string at line {line} needs Python 3.14"
    return f"the quotes at line {line} do not pair up" if _has_odd_quotes(place, index) else ""


def _has_odd_quotes(place: _Place, index: int) -> bool:
    """Whether the string beside a word at `index` shows that a quote is missing or one too many."""
    left, right, *rest = place.statement.tokens[index : index + 3]
    strings = [token for token in (left, right) if token.kind == STRING]
    if not strings:
        return False
    fault = place.statement.fault
    is_open = fault and fault.kind == lexical.QUOTE and fault.token.line == right.end_line
    is_inside = left is strings[0] and rest and rest[0].kind == STRING and right.end == rest[0].start
    return bool(is_open or is_inside or strings[0].text.endswith(_TRIPLE))


def _reads_as_text(place: _Place, token: Token) -> bool:
    column = token.start - place.text.rfind("\n", 0, token.start) - 1
    return lexical.reads_as_text(place.lines[token.line - 1], column)


def _text_at(place: _Place, token: Token) -> _Suspect:
    first = place.statement.first
    return _at(first if first.line == token.line else token, _cause_of_text(place, token.line))


def _cause_of_text(place: _Place, line: int) -> str:
    """Why there is text at a line where code should be."""
    tokens = place.statement.tokens
    if string := _long_string_before(place, line):
        return _early_end(string, f"the text at line {line}")
    index = next(index for index, token in enumerate(tokens) if token.line == line)
    quote = tokens[index].text
    if tokens[index].kind == STRING:
        if quote in ("'", '"') and quote * 2 == place.text[tokens[index].start : tokens[index + 1].start]:
            return f"{quote * 2} at line {line} should be {quote * 3}"
        return f"the quotes at line {line} do not pair up"
    if index == 0:
        line = place.heading or line
        if place.string:
            return _early_end(place.string, f"the text at line {line}")
        if quote := _closing_quote(place.lines, line):
            return f"the text at line {line} is read as code: the {quote} that should open it is missing"
    return f"the text at line {line} is outside of any string or comment, so it is read as code"


def _long_string_before(place: _Place, line: int) -> Token | None:
    """The string of several lines that ends at a line, or right before it in the same statement."""
    tokens = place.statement.tokens
    index = next(index for index, token in enumerate(tokens) if token.end_line >= line)
    around = tokens[max(index - 1, 0) : index + 1]
    return next((token for token in around if token.kind == STRING and token.line < token.end_line), None)


def _early_end(string: Token, what: str) -> str:
    ends = f"ends at line {string.end_line}" if string.line < string.end_line else "ends there"
    return f"the string opened at line {string.line} {ends}, so {what} is read as code"


def _closing_quote(lines: list[str], line: int) -> str:
    """The triple quote that ends the text at a line, "" if code follows first."""
    for content in lines[line - 1 :]:
        stripped = content.strip()
        if stripped.endswith(_TRIPLE) and stripped.count(stripped[-3:]) == 1:
            return stripped[-3:]
        if any(quote in content for quote in _TRIPLE) or _CODE_LINE.match(content):
            break
    return ""


def _find_fault(place: _Place) -> Iterator[_Suspect]:
    if fault := place.statement.fault:
        if fault.kind == lexical.STRAY:
            yield _stray(place, fault.token)
        else:
            lines = (bracket.line for bracket in fault.openers)
            yield _at(fault.token, _cause_of_fault(place, fault), *lines)


def _cause_of_fault(place: _Place, fault: lexical.Fault) -> str:
    token, line = fault.token, fault.token.line
    if fault.kind == lexical.QUOTE:
        if place.heading and token is place.statement.first:  # then it may be the quote that ends a text
            return ""
        return f"quote {token.text.lstrip('bBfFrRtTuU')} opened at line {line} is never closed"
    if fault.kind == lexical.UNMATCHED:
        return f'"{token.text}" at line {line} has no opening bracket'
    if fault.kind == lexical.TEMPLATE:
        return ""
    opener = fault.forgotten or fault.openers[-1]
    if fault.kind == lexical.MISMATCHED and not fault.forgotten:
        return f'"{token.text}" at line {line} closes "{opener.text}" opened at line {opener.line}'
    return f'bracket "{opener.text}" opened at line {opener.line} is never closed'


def _stray(place: _Place, token: Token) -> _Suspect:
    category, line = unicodedata.category(token.text), place.lines[token.line - 1]
    if category not in _UNSEEN_OR_QUOTES and _reads_as_text(place, token):
        return _text_at(place, token)
    cause = ""
    if category == "Cc" or not token.text.isascii():
        name = unicodedata.name(token.text, "control character")
        cause = f"{name} (U+{ord(token.text):04X}) at line {token.line} is outside of any string or comment"
    elif token.text == "`" and line.count("`") == 2 and len(place.statement.tokens) > 1:
        is_repr = place.statement.tokens[-2].text in _BEFORE_VALUE
        cause = f"Python 2 code: backquotes at line {token.line}" if is_repr else ""
    return _at(token, cause)


def _find_misfit(place: _Place) -> Iterator[_Suspect]:
    """A statement that starts or ends with what none may."""
    statement, first, last = place.statement, place.statement.first, place.statement.last
    if _UNDERLINE.fullmatch(place.lines[first.line - 1]):
        yield _text_at(place, first)
    elif first.kind == OPERATOR and first.text not in _STARTS:
        yield _text_at(place, first) if _reads_as_text(place, first) else _at(first, "")
    elif statement.fault:
        return
    elif first.text in lexical.BLOCK_WORDS and all(token.text != ":" for token in statement.outer()):
        yield _at(last, _cause_of_missing_colon(place))
    elif (last.text == ":" and not statement.opens_block) or (
        last.kind == OPERATOR and last.text not in _ENDS
    ):
        yield _at(last, "")


def _cause_of_missing_colon(place: _Place) -> str:
    second, line = place.statement.tokens[:2][-1], place.statement.last.end_line
    if second.text in ("=", ".", ","):  # a keyword for a name
        return ""
    if pair := _SPLIT_PAIR.search(place.lines[line - 1]):
        return f'"{pair[1]}" is closed on the spot at the end of line {line}'
    return f'":" is missing at the end of line {line}'


def _find_newer_syntax(place: _Place) -> Iterator[_Suspect]:
    """What the interpreter that judges is too old for."""
    tokens = place.statement.tokens
    first, second, third = (*tokens, tokens[-1], tokens[-1])[:3]
    if lexical.PYTHON < (3, 11) and first.text == "except" and second.text == "*":
        yield _at(second, f"except* at line {first.line} needs Python 3.11")
    if lexical.PYTHON >= (3, 12):
        return
    if first.text == "type" and lexical.is_word(second) and third.text in ("=", "["):
        yield _at(second, f"the type statement at line {first.line} needs Python 3.12")
    if first.text in ("class", "def") and third.text == "[":
        yield _at(third, f"the type parameters at line {first.line} need Python 3.12")
    strings = [token for token in tokens if token.kind == STRING]
    for token in strings:
        if token.note not in ("", lexical.QUOTE, lexical.TEMPLATE):
            cause = f"the f-string at line {token.line} needs Python 3.12: its expression holds {token.note}"
            yield _at(token, cause, *(string.line for string in strings))


def _find_old_syntax(place: _Place) -> Iterator[_Suspect]:
    """Python 2, as far as it is not found by gaps and strays."""
    tokens = place.statement.tokens
    if tokens[0].text in ("raise", "except"):
        yield from _find_comma(list(place.statement.outer()))
    for left, token in pairwise(tokens):
        if token.text == "<>":
            yield _at(token, f"Python 2 code: <> at line {token.line}")
        is_octal = token.text[0] == "0" and token.text.strip("0") and not token.text.strip("01234567")
        if is_octal and left.text in _BEFORE_VALUE:
            yield _at(token, f"Python 2 code: octal number at line {token.line}")


def _find_comma(outer: list[Token]) -> Iterator[_Suspect]:
    """`raise E, value` and `except E, name`; the latter has a new meaning from Python 3.14 on."""
    comma = next((index for index, token in enumerate(outer) if token.text == ","), 0)
    if not comma or outer[-1].text == ",":
        return
    token, name, *rest = outer[comma:]
    if outer[0].text == "raise":
        yield _at(token, f"Python 2 code: raise with a comma at line {token.line}")
    elif lexical.PYTHON < (3, 14) and outer[-1].text == ":" and all(other.text != "as" for other in rest):
        if name.text == "(" or (len(rest) == 1 and name.text.islower()):
            yield _at(token, f"Python 2 code: except with a comma at line {token.line}")
        else:
            yield _at(token, f"except without parentheses at line {token.line} needs Python 3.14")


def _find_misplaced(place: _Place) -> Iterator[_Suspect]:
    """A statement that its indentation puts where it cannot be."""
    statement, previous = place.statement, place.previous
    first, column, line = statement.first, statement.column, statement.first.line
    if not previous:
        if column:
            yield _at(first, f"line {line} is indented, but it is the first statement")
        return
    top, is_decorated = place.levels[-1], previous.first.text == "@"
    is_deeper = column > top.column and not previous.opens_block
    is_between = column < top.column and all(level.column != column for level in place.levels)
    if (is_deeper or is_between or is_decorated) and (comment := _commented_block(place)):
        yield _at(first, f"the block that line {line} belongs to is commented out at line {comment}")
    elif is_decorated and (column != top.column or first.text not in ("@", "def", "class", "async")):
        yield _at(first, f"no function or class at its indentation follows the decorator at line {top.last}")
    elif _mixes_tabs(place):
        yield _at(first, f"line {line} and line {top.last} mix tabs and spaces in their indentation")
    elif previous.opens_block and column <= top.column:
        yield _at(first, _cause_of_empty_block(place, previous.last.end_line, line))
    elif is_deeper:
        yield _at(first, _cause_of_indent(place, previous, line))
    elif is_between:
        yield _at(first, f"line {line} is indented less than line {top.last}, but like no block around it")
    elif len(place.levels) > _DEEPEST_INDENT:
        yield _at(first, "")


def _find_clause(place: _Place) -> Iterator[_Suspect]:
    """An `else` or the like without its `if`."""
    first, column = place.statement.first, place.statement.column
    words = [level.word for level in place.levels if level.column == column]
    if first.text in _CLAUSES and not set(words) & set(_CLAUSES[first.text]):
        yield _at(first, f'"{first.text}" at line {first.line} belongs to no block at its indentation')


def _mixes_tabs(place: _Place) -> bool:
    """Whether a statement would stand in another block if tabs had another width."""
    statement, top = place.statement, place.levels[-1]
    wide, narrow = statement.column - top.column, statement.narrow - top.narrow
    return (wide > 0) != (narrow > 0) or (wide < 0) != (narrow < 0)


def _commented_block(place: _Place) -> int:
    """The line of the comment that would open a block for a misplaced statement, 0 for none."""
    column, top = place.statement.column, place.levels[-1]
    start, stop = top.last + 1, place.statement.first.line
    if column < top.column:  # then it would come before the first statement that is indented more than this
        start = max((level.last for level in place.levels if level.column < column), default=0) + 1
        stop = next(level.first for level in place.levels if level.column > column)
    for number in range(stop - 1, start - 1, -1):
        comment = place.lines[number - 1]
        if _BLOCK_COMMENT.match(comment) and lexical.columns(comment)[0] in (0, min(column, top.column)):
            return number
    return 0


def _cause_of_empty_block(place: _Place, block: int, line: int) -> str:
    for content in place.lines[block : line - 1]:
        if content.lstrip().startswith("#") and lexical.columns(content)[0] > place.levels[-1].column:
            return f"the block that line {block} opens holds only comments before line {line}"
    return f"line {block} opens a block, but line {line} is not indented"


def _cause_of_indent(place: _Place, previous: Statement, line: int) -> str:
    first, last = previous.first, previous.last
    comment = place.text[last.end : place.text.find("\n", last.end)].strip()
    if comment.endswith(("(", "[", "{")):
        return f"line {line} continues a bracket that a comment hides at line {last.end_line}"
    if previous.is_string and first.line < last.end_line:
        return (
            f"line {line} is indented more than the string before it, lines {first.line} to {last.end_line}"
        )
    if first.text in lexical.BLOCK_WORDS:
        return f"line {line} is indented, but the block of line {first.line} has its body on the same line"
    return f"line {line} is indented more than line {first.line}, which opens no block"


_LOOKS = (
    _find_leftover,
    _find_gap,
    _find_fault,
    _find_misfit,
    _find_newer_syntax,
    _find_old_syntax,
    _find_misplaced,
    _find_clause,
)
