"""Changes import statements: names of them come from elsewhere, or go; the others stay as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.fix.source_text import RefusedError, Splice
from ssot_lint.fix.syntax import Syntax

LINE_LENGTH = 88
"""A new import that would be longer gets a line for each name."""

_KEYWORD = re.compile(r"\bimport\b")
_COMMA = re.compile(r"[ \t]*,")

ImportStatement = ast.Import | ast.ImportFrom
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Home(NamedTuple):
    """Where a name comes from: `from module import name`, or `import name` where there is no module."""

    module: str
    name: str

    @classmethod
    def of(cls, symbol: str) -> Home:
        """The home of a dotted name, which may be relative."""
        name = symbol.rpartition(".")[2]
        module = symbol.removesuffix(name)
        return cls(module.removesuffix(".") if module.strip(".") else module, name)

    @property
    def dotted(self) -> str:
        """The dotted name again."""
        return f"{self.module}.{self.name}" if self.module else self.name


class _Moved(NamedTuple):
    """A name that gets a statement of its own, with the comment that stands behind it."""

    home: Home
    text: str
    comment: str


def bound_name(alias: ast.alias) -> str:
    """The name that an import statement binds with one of its names."""
    return alias.asname or alias.name.partition(".")[0]


def is_future(statement: ast.AST) -> bool:
    """Whether a statement is an import from `__future__`."""
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__" and not statement.level


def changed(
    syntax: Syntax,
    statement: ImportStatement,
    homes: Mapping[ast.alias, Home],
    gone: Collection[ast.alias],
) -> Iterator[Splice]:
    """The changes of one import statement: names get new homes, others go, but not all of them."""
    gone = [alias for alias in statement.names if alias in gone]
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias in homes:
                yield Splice(syntax.start(alias), syntax.end(alias), _plain(alias, homes[alias]))
        yield from (splice for splice, _ in _cut(syntax, statement, gone))
        return
    moving = [alias for alias in statement.names if alias in homes]
    modules = {homes[alias].module for alias in moving}
    if len(moving) == len(statement.names) and len(modules) == 1 and "" not in modules:
        yield from _in_place(syntax, statement, homes, *modules)
        return
    if len(moving) + len(gone) < len(statement.names):
        cuts = list(_cut(syntax, statement, {*moving, *gone}))
        kept_comments = {alias: comment for _, found in cuts for alias, comment in found}
        yield from (splice for splice, _ in cuts)
        moved = [
            _Moved(homes[alias], name_of(alias, homes[alias]), kept_comments.get(alias, ""))
            for alias in moving
        ]
        start = syntax.start(statement)
        yield Splice(start, start, _statements(syntax, statement, moved, ends_open=True))
        return
    if syntax.comments_in(syntax.start(statement), syntax.end(statement)):
        raise RefusedError("the import holds comments, and its names go to different modules")
    moved = [_Moved(homes[alias], name_of(alias, homes[alias]), "") for alias in moving]
    text = _statements(syntax, statement, moved, ends_open=False)
    yield Splice(syntax.start(statement), syntax.end(statement), text)


def import_text(home: Home, name: str) -> str:
    """The statement that imports from a home, given the name with its alias."""
    return f"from {home.module} import {name}" if home.module else f"import {name}"


def with_alias(name: str, bound: str) -> str:
    """A name in an import statement that binds another one, or itself."""
    return name if name == bound else f"{name} as {bound}"


def added_to(syntax: Syntax, statement: ast.ImportFrom, name: str) -> Splice:
    """The change that takes one more name into a statement, behind the names that it has."""
    last = statement.names[-1]
    end = syntax.end(last)
    if last.lineno != statement.lineno and syntax.starts_line(syntax.start(last)):
        indent = syntax.text[syntax.line_start(syntax.start(last)) : syntax.start(last)]
        comma = _COMMA.match(syntax.text, end)
        comment = syntax.comment_behind(comma.end() if comma else end)
        if comma and (comment or not syntax.text[comma.end() : syntax.line_end(end)].strip()):
            line_end = syntax.line_end(end)
            return Splice(line_end, line_end, f"\n{indent}{name},")
    return Splice(end, end, f", {name}")


def _plain(alias: ast.alias, home: Home) -> str:
    """What stands for a name of `import a.b`."""
    is_dotted = "." in alias.name and not alias.asname
    return home.dotted if is_dotted else with_alias(home.dotted, bound_name(alias))


def name_of(alias: ast.alias, home: Home) -> str:
    """What stands for a name of `from a import b`; an alias that repeats it is an export, and stays."""
    if alias.asname:
        return f"{home.name} as {alias.asname}"
    return with_alias(home.name, alias.name)


def _in_place(
    syntax: Syntax, statement: ast.ImportFrom, homes: Mapping[ast.alias, Home], module: str
) -> Iterator[Splice]:
    """All names come from one other module: the layout stays."""
    text = syntax.text
    start = syntax.start(statement) + len("from")
    keyword = _KEYWORD.search(text, start)
    assert keyword is not None
    yield Splice(start, keyword.start(), f" {module} ")
    for alias in statement.names:
        new = name_of(alias, homes[alias])
        if new != text[syntax.start(alias) : syntax.end(alias)] and (
            homes[alias].name != alias.name  # else it may be spread over lines as it was
        ):
            yield Splice(syntax.start(alias), syntax.end(alias), new)


def _statements(syntax: Syntax, old: ast.ImportFrom, moved: list[_Moved], ends_open: bool) -> str:
    """New statements for names, one for each module, in front of the old one or, if not `ends_open`, for it.

    What stands behind the old one stays there.
    """
    start = syntax.start(old)
    owns_line = syntax.starts_line(start)
    indent = syntax.text[syntax.line_start(start) : start]
    directive = _directive(syntax, old) if owns_line else ""
    found: list[str] = []
    grouped: dict[str, list[str]] = {}
    for each in moved:
        if each.comment and not owns_line:
            raise RefusedError("the import holds comments, and other statements are on its line")
        if each.comment or not each.home.module:
            found.append(_commented(import_text(each.home, each.text), each.comment or directive))
        else:
            grouped.setdefault(each.home.module, []).append(each.text)
    for module, names in grouped.items():
        line = import_text(Home(module, ""), ", ".join(names))
        text = _commented(line, directive)
        if owns_line and len(names) > 1 and len(indent) + len(line) > LINE_LENGTH:
            rows = "".join(f"{indent}    {name},\n" for name in names)
            text = _commented(f"from {module} import (", directive) + f"\n{rows}{indent})"
        found.append(text)
    if not ends_open:
        found[-1] = found[-1].removesuffix(_commented("", directive))
    joint = f"\n{indent}" if owns_line else "; "
    return joint.join([*found, ""] if ends_open else found)


def _directive(syntax: Syntax, statement: ast.stmt) -> str:
    """The comment on the first line of a statement that tells tools about all of it; "" without one.

    What allows a finding is there for one of its names.
    """
    start = syntax.start(statement)
    found = syntax.comments_in(start, syntax.line_end(start))
    return next((each.text for each in found if each.is_directive and "ssot:" not in each.text), "")


def _commented(line: str, comment: str) -> str:
    return f"{line}  {comment}" if comment else line


def _cut(
    syntax: Syntax, statement: ImportStatement, gone: Collection[ast.alias]
) -> Iterator[tuple[Splice, list[tuple[ast.alias, str]]]]:
    """The changes that take names out of a statement, each with the comments that went with names."""
    names = statement.names
    first = 0
    while first < len(names):
        last = first
        while last < len(names) and names[last] in gone:
            last += 1
        if last > first:
            yield from _cut_run(syntax, names, first, last)
        first = last + 1


def _cut_run(
    syntax: Syntax, names: list[ast.alias], first: int, last: int
) -> Iterator[tuple[Splice, list[tuple[ast.alias, str]]]]:
    """Names from one index up to another go."""
    if last < len(names):
        start, end = syntax.start(names[first]), syntax.start(names[last])
    else:
        start, end = syntax.end(names[first - 1]), syntax.end(names[last - 1])
    has_line = syntax.starts_line(syntax.start(names[last - 1]))
    behind = syntax.comment_behind(_behind_comma(syntax, end)) if has_line and last == len(names) else None
    if behind is None and not syntax.comments_in(start, end):
        yield Splice(start, end, ""), []
        return
    for alias in names[first:last]:
        yield _cut_one(syntax, alias)


def _cut_one(syntax: Syntax, alias: ast.alias) -> tuple[Splice, list[tuple[ast.alias, str]]]:
    """One name goes; where it has a line of its own, the line goes, and its comment with the name."""
    text = syntax.text
    start, end = syntax.start(alias), _behind_comma(syntax, syntax.end(alias))
    comment = syntax.comment_behind(end)
    line_end = syntax.line_end(end)
    is_last_on_line = comment is not None or not text[end:line_end].strip()
    if syntax.starts_line(start) and is_last_on_line:
        found = [(alias, comment.text)] if comment is not None else []
        return Splice(syntax.line_start(start), line_end + 1, ""), found
    if is_last_on_line:
        start = len(text[:start].rstrip(" \t"))
    else:
        end = len(text) - len(text[end:].lstrip(" \t"))
    return Splice(start, end, ""), []


def _behind_comma(syntax: Syntax, offset: int) -> int:
    """The offset behind the comma that follows a name on its line, if one does."""
    comma = _COMMA.match(syntax.text, offset)
    return comma.end() if comma else offset
