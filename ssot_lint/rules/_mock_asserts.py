"""Finds assertions of mocks that assert nothing: misspelt, not called, or assigned to.

A mock takes any attribute: `mock.called_once()` is one more call of it, and always passes. So does, for who
reads it as true, `mock.called_once`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ssot_lint.facts.model import ALONE, CALL, READ, WRITE, Use
from ssot_lint.file import File
from ssot_lint.finding import TEXT, Edit, Fix, Problem, Span
from ssot_lint.project import Project

_ASSERTIONS = (
    *("assert_called", "assert_called_once", "assert_called_with", "assert_called_once_with"),
    *("assert_any_call", "assert_has_calls", "assert_not_called"),
    *("assert_awaited", "assert_awaited_once", "assert_awaited_with", "assert_awaited_once_with"),
    *("assert_any_await", "assert_has_awaits", "assert_not_awaited"),
)
_BY_LETTERS = {name.replace("_", ""): name for name in _ASSERTIONS}
_BEGINNING = re.compile(r"a+s+[er]{1,3}t_")
_ALIKE = 0.9
_TURNS = frozenset(("not", "no", "any", "has"))  # with or without these words an assertion is another one
_NO_MISTAKES = frozenset(("called", "awaited"))  # mocks have the one, and anything may have the other

# Other names, such as `called_with`, are read of doubles that remember their calls.
_NEVER_READ = frozenset(
    ("called_once", "called_once_with", "not_called", "awaited_once", "awaited_once_with", "not_awaited")
)
_NOT_CALLED = "`{}` is not called, and so always true"
_FAULTS = {ALONE: _NOT_CALLED, READ: _NOT_CALLED, WRITE: "`{}` is assigned to and not called"}
_TRUTHS = frozenset(("assertTrue", "assertFalse", "assert_"))
_OTHER_MOCKS = "requests_mock"  # a package whose mocks do have `called_once`


def empty_assertions(file: File, project: Project) -> Iterator[Problem]:
    """Yields every assertion of the file that asserts nothing."""
    for use in file.bodies.members:
        receiver, _, name = use.name.rpartition(".")
        text = "" if receiver in ("self", "cls") else _fault(use, name, file, project)
        if text and _is_about_mocks(file):
            # Read where it is no condition, an assertion may be called later.
            is_fine = use.how == READ and name in _ASSERTIONS
            for span in use.spans():
                if not is_fine or (span.line, span.column) in _conditions(file):
                    yield Problem(span, text, ("misspelt", name, receiver), fix=_respelt(use, span, name))


def _respelt(use: Use, span: Span, name: str) -> Fix | None:
    """Gives a call the name of the assertion that it stands for: the test then begins to check.

    `called_once()` may stand behind `assert`, where `assert_called_once()` would be None and always fail.
    """
    right = right_spelling(name)
    if use.how != CALL or not right or not _BEGINNING.match(name) or not name.isascii():
        return None
    place = Span(span.end_line, span.end_column - len(name), span.end_line, span.end_column)
    return Fix(f"Call `{right}`", (Edit(TEXT, place, text=right),), False)


def _fault(use: Use, name: str, file: File, project: Project) -> str:
    if name in _ASSERTIONS:
        return _FAULTS.get(use.how, "").format(name)
    right = right_spelling(name) if use.how in (ALONE, CALL, READ) else ""
    if not right or _exists(use, name, file, project):
        return ""
    return f"`{name}` asserts nothing, the assertion is called `{right}`"


@cache
def right_spelling(name: str) -> str:
    """The assertion that a wrong name must stand for, "" for any other name."""
    if name in _ASSERTIONS or name in _NO_MISTAKES:
        return ""
    letters = name.replace("_", "").lower()
    found = _BY_LETTERS.get(letters) or _BY_LETTERS.get(f"assert{letters}", "")
    if found or not _BEGINNING.match(name):
        return found
    from difflib import get_close_matches

    near = "".join(get_close_matches(name, _ASSERTIONS, 1, _ALIKE))
    words, right_words = name.split("_"), near.split("_")
    is_same = len(words) == len(right_words) and _TURNS.intersection(words) == _TURNS.intersection(
        right_words
    )
    return near if is_same else ""


def _conditions(file: File) -> set[tuple[int, int]]:
    """Where the arguments of `assertTrue` and its like begin."""
    return {
        (span.end_line, span.end_column + 1)
        for use in file.bodies.members
        if use.how == CALL and use.name.rpartition(".")[2] in _TRUTHS
        for span in use.spans()
    }


def _is_about_mocks(file: File) -> bool:
    """Whether anything that the file imports or takes attributes of is called like a mock."""
    return any("mock" in f"{entry.module}.{entry.name}".lower() for entry in file.details.imports) or any(
        "mock" in use.name.lower() for use in file.bodies.members
    )


def _exists(use: Use, name: str, file: File, project: Project) -> bool:
    """Whether there may be an attribute of this name after all."""
    if name in project.words(("members of classes",), _members_in):
        return True
    if use.how == CALL:
        return False
    return (
        name not in _NEVER_READ
        or any(_OTHER_MOCKS in entry.module for entry in file.details.imports)
        or any(use.name.startswith(_OTHER_MOCKS) for use in file.bodies.members)
        or name in project.words(("written like assertions",), _written_in)
    )


def _members_in(file: File) -> Iterator[str]:
    """The attributes that classes of a file define."""
    return (name for entry in file.outline.classes for name in entry.members)


def _written_in(file: File) -> frozenset[str]:
    """The names that are called like assertions, and that a file gives a value all the same."""
    uses = (use for use in file.bodies.members if use.how == WRITE)
    return _NEVER_READ.intersection(use.name.rpartition(".")[2] for use in uses)
