"""Turns one source text into its facts: parses it, walks it once, and says what is wrong with it."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import Any
from unicodedata import normalize

from ssot_lint.facts.build import Builder, text_details
from ssot_lint.facts.model import Facts, Outline, SyntaxFault
from ssot_lint.facts.statements import Statements
from ssot_lint.files import UndecodableError, read_text
from ssot_lint.finding import Span

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_SURROGATE = re.compile(r"\\u[dD]")  # the escape of what may be one
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7}) |={7}$")  # what git puts at the start of a line


def extract(data: bytes) -> Facts:
    """The facts of one source text, given as the bytes of its file.

    Never raises for bad input: what is wrong with the text becomes its `fault`.
    """
    try:
        text = read_text(data)
    except UndecodableError as error:
        return faulty("undecodable", str(error), error.line)
    try:
        with warnings.catch_warnings():
            # A SyntaxWarning turned into an error by the environment is not this text's fault.
            warnings.simplefilter("ignore")
            tree: Any = compile(text, "<source>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            walk = Statements()
            walk.visit_module(tree)
            fault = _compiler_fault(text) if walk.doubtful or _is_doubtful(text) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        fault = _fault(text, error)
        return Facts(Outline(fault=fault, parsed=False), text_details(text, text.split("\n")))
    return Builder(walk, text).facts(fault)


def faulty(kind: str, message: str, line: int = 1) -> Facts:
    """The facts of a text that could not be read at all."""
    fault = SyntaxFault(kind, message, "", Span(line, 1, line, 1), PYTHON)
    return Facts(Outline(fault=fault, parsed=False))


def _is_doubtful(text: str) -> bool:
    """Whether the text may bind `__debug__`, or have a docstring that is no UTF-8: only the compiler minds.

    Names are compared after normalization, as Python does.
    """
    if "__debug__" in text or _SURROGATE.search(text) is not None:
        return True
    if text.isascii():
        return False
    return any("__debug__" in normalize("NFKC", line) for line in text.split("\n") if not line.isascii())


def _compiler_fault(text: str) -> SyntaxFault | None:
    # Compiling costs as much as parsing, so it is asked only about texts that hold something it may reject.
    try:
        compile(text, "<source>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _fault(text, error)
    return None


def _fault(text: str, error: Exception) -> SyntaxFault:
    from ssot_lint.facts.diagnose import likely_cause  # most texts have none

    if not isinstance(error, SyntaxError):
        return SyntaxFault(
            "syntax", f"{type(error).__name__}: nested too deeply", "", Span(1, 1, 1, 1), PYTHON
        )
    lines = text.count("\n") + 1
    line = min(max(error.lineno or 1, 1), lines)
    column = max(error.offset or 1, 1)
    end_line = max(error.end_lineno or line, line)
    end_column = error.end_offset or column
    if end_line == line and end_column <= column:
        end_column = column + 1
    message = error.msg or "invalid syntax"
    span = Span(line, column, end_line, end_column)
    if _CONFLICT.match(text.split("\n", line)[line - 1]):
        return SyntaxFault("conflict", message, "merge-conflict marker", span, PYTHON)
    return SyntaxFault("syntax", message, likely_cause(text, line, message), span, PYTHON)
