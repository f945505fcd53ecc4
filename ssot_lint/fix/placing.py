"""Finds where new imports of a module go: among those at its top, beside others of the same package."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from ssot_lint.fix.imports import DEFINITIONS, Home, ImportStatement, added_to, import_text, is_future
from ssot_lint.fix.source_text import RefusedError, Splice
from ssot_lint.fix.syntax import Syntax


class Placing:
    """Puts imports above a statement of the module.

    `changed` are statements that other changes touch, `unneeded` import statements that nothing needs any
    more: one of these may give its place to a new import, and is in `replaced` then. `removed` go for
    other reasons. `star` is the line of the last star import, 0 without one: it may bring any name, so that
    others go behind it.
    """

    def __init__(
        self,
        syntax: Syntax,
        above: ast.stmt,
        changed: Collection[ast.stmt],
        unneeded: Collection[ast.stmt],
        removed: Collection[ast.stmt],
        star: int,
    ) -> None:
        self._syntax = syntax
        leading = [
            each for each in _leading(syntax.tree, above) if each.lineno >= star and each not in removed
        ]
        if star and not leading:
            raise RefusedError("a star import may bring the same names")
        self._unneeded = [each for each in leading if each in unneeded]
        self._kept = [each for each in leading if each not in unneeded]
        self._changed = changed
        self.replaced: list[ast.stmt] = []

    def splices(self, homes: Iterable[Home]) -> Iterator[Splice]:
        """The changes that import names; those of one module share a statement."""
        names: dict[str, list[str]] = {}
        for home in homes:
            names.setdefault(home.module, []).append(home.name)
        lines = {name: import_text(Home("", name), name) for name in names.pop("", ())}
        for module, taken in names.items():
            same = next((each for each in self._kept if self._can_take(each, module)), None)
            if isinstance(same, ast.ImportFrom):
                yield from (added_to(self._syntax, same, name) for name in taken)
            else:
                lines[module] = import_text(Home(module, ""), ", ".join(sorted(taken)))
        on_top = []
        for module, line in sorted(lines.items()):
            splice = self._beside(module, line)
            if splice is None:
                on_top.append(line)
            else:
                yield splice
        if on_top:
            yield self._on_top("\n".join(on_top))

    def _can_take(self, statement: ImportStatement, module: str) -> bool:
        return (
            isinstance(statement, ast.ImportFrom)
            and statement not in self._changed
            and not statement.level
            and statement.module == module
            and statement.names[0].name != "*"
        )

    def _beside(self, module: str, line: str) -> Splice | None:
        """The change that brings a new statement for a module; None where there are no imports to be with."""
        syntax = self._syntax
        root = _root(module)
        for statement in self._unneeded:
            if statement not in self.replaced and (root in _roots(statement) or not self._kept):
                self.replaced.append(statement)
                return Splice(syntax.start(statement), syntax.end(statement), line)
        group = [each for each in self._kept if root in _roots(each)]
        before = [each for each in group if _module(each) <= module]
        if group and not before and self._has_bare_line(group[0]):
            start = syntax.start(group[0])
            return Splice(start, start, f"{line}\n")
        others = before or group or self._kept
        return self._behind(others[-1], line) if others else None

    def _has_bare_line(self, statement: ast.stmt) -> bool:
        """Whether nothing else is on the line of a statement, and no comment right above it."""
        start = self._syntax.start(statement)
        line = self._syntax.line_start(start)
        above = self._syntax.text[self._syntax.line_start(max(line - 1, 0)) : line]
        return line == start and not above.lstrip().startswith("#") and "\\" not in above

    def _behind(self, statement: ast.stmt, line: str) -> Splice:
        """A new line behind the one that a statement of the module ends on."""
        end_line = statement.end_lineno
        last = statement
        for each in self._syntax.tree.body:
            if each.lineno == end_line:
                last, end_line = each, each.end_lineno
        end = self._syntax.line_end(self._syntax.end(last))
        return Splice(end, end, f"\n{line}")

    def _on_top(self, lines: str) -> Splice:
        """New lines in front of all code but the docstring and imports from `__future__`."""
        syntax = self._syntax
        body = syntax.tree.body
        number = int(_is_docstring(body[0]))
        while number < len(body) and is_future(body[number]):
            number += 1
        if number:
            is_docstring = number == 1 and _is_docstring(body[0])
            return self._behind(body[number - 1], f"\n{lines}" if is_docstring else lines)
        first = body[0]
        start = syntax.line_start(min(map(syntax.start, (first, *getattr(first, "decorator_list", ())))))
        return Splice(start, start, f"{lines}\n\n\n" if isinstance(first, DEFINITIONS) else f"{lines}\n\n")


def _leading(tree: ast.Module, above: ast.stmt) -> Iterator[ImportStatement]:
    """The imports of the module before its first definition, and above a statement."""
    for statement in tree.body:
        if statement is above or isinstance(statement, DEFINITIONS):
            return
        if isinstance(statement, ast.Import | ast.ImportFrom) and not is_future(statement):
            yield statement


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _module(statement: ImportStatement) -> str:
    """The module that a statement imports, the first of several; relative ones come last."""
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    return "~" if statement.level else statement.module or ""


def _roots(statement: ImportStatement) -> set[str]:
    """The top-level packages that a statement imports."""
    if isinstance(statement, ast.Import):
        return {_root(alias.name) for alias in statement.names}
    return set() if statement.level else {_root(statement.module or "")}


def _root(module: str) -> str:
    return module.partition(".")[0]
