"""Makes plain facts of what a walk over a syntax tree collected."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from ssot_lint.facts.comments import count_comments, find_suppressions
from ssot_lint.facts.expressions import dotted, is_word, written
from ssot_lint.facts.model import (
    ALIAS,
    CALL,
    LOCAL,
    READ,
    VALUE,
    WIDEST,
    Arguments,
    Binding,
    Bodies,
    Class,
    Constant,
    Details,
    Extent,
    Facts,
    Function,
    Import,
    Literal,
    Outline,
    Parameter,
    Reference,
    Scope,
    SyntaxFault,
    Use,
    place,
)
from ssot_lint.facts.scopes import CLASS_BODY, Binders, OpenScope
from ssot_lint.facts.statements import Definition, Statements
from ssot_lint.files import Columns
from ssot_lint.finding import Span

_new = tuple.__new__  # of a named tuple: half the price of calling it


def text_details(text: str, lines: Sequence[str]) -> Details:
    """What can be said of a text without its tree, given the text and its lines."""
    number = len(lines) - (lines[-1] == "")
    comment_lines, code_comment_lines = count_comments(text, number)
    return Details(
        suppressions=find_suppressions(text),
        lines=number,
        comment_lines=comment_lines,
        code_comment_lines=code_comment_lines,
    )


class Builder:
    """Makes the facts of one text, given the walk over its tree."""

    def __init__(self, walk: Statements, text: str) -> None:
        self.walk = walk
        self.text = text
        self.lines = text.split("\n")
        self.binders = Binders(walk.open_scopes)
        columns = Columns(text)
        self._wide = columns.wide
        self._is_narrow = len(text) < WIDEST
        self.span: Callable[[Any], Span] = _wide_span(columns) if self._wide else _plain_span

    def facts(self, fault: SyntaxFault | None) -> Facts:
        """The facts, with what only the compiler finds wrong."""
        walk = self.walk
        span = self.span
        outline = Outline(
            scopes=self._scopes(),
            classes=tuple(map(self._class, walk.classes)),
            constants=tuple(Constant(name, written(node.value), span(node)) for name, node in walk.constants),
            stars=tuple(walk.stars),
            exports=None if walk.exports is None else tuple(walk.exports),
            export_sources=tuple(walk.export_sources),
            fault=fault,
        )
        text = text_details(self.text, self.lines)
        uses, members = self._uses()
        details = Details(
            imports=self._imports(),
            uses=uses,
            suppressions=text.suppressions,
            extents=tuple(
                Extent(definition.qualname, definition.node.lineno, definition.node.end_lineno)
                for definition in (*walk.classes, *walk.functions)
            ),
            type_checking=tuple(walk.type_checking),
            main_guard=None if walk.main_guard is None else span(walk.main_guard),
            lines=text.lines,
            comment_lines=text.comment_lines,
            code_comment_lines=text.code_comment_lines,
        )
        bodies = Bodies(
            functions=tuple(map(self._function, walk.functions)), literals=self._literals(), members=members
        )
        return Facts(outline, details, bodies)

    def _scopes(self) -> tuple[Scope, ...]:
        found = []
        for scope in self.walk.scopes:
            parent = scope.parent
            while parent is not None and parent.index < 0:
                parent = parent.parent
            names = {
                name: tuple([_settled(binding, scope) for binding in bindings])
                for name, bindings in scope.bindings.items()
            }
            if scope is self.walk.module:
                for name in sorted(scope.variables.difference(names)):
                    names[name] = (Binding(VALUE, "", "", 0, 0, 0),)
            found.append(Scope(scope.qualname, -1 if parent is None else parent.index, names))
        return tuple(found)

    def _imports(self) -> tuple[Import, ...]:
        span = self.span
        found = []
        statement = where = None
        for node, alias, home, context in self.walk.imports:
            if node is not statement:
                statement = node
                where = span(node)
            assert where is not None
            name = alias.name
            if type(node) is ast.Import:
                module, level, name = name, 0, ""
            else:
                module, level = node.module or "", node.level or 0
            found.append(Import(module, level, name, alias.asname or "", home, context, span(alias), where))
        return tuple(found)

    def _uses(self) -> tuple[tuple[Use, ...], tuple[Use, ...]]:
        """The uses of known things, and the attributes of unknown ones."""
        walk = self.walk
        found: list[Use] = []
        for name, nodes in walk.reads.items():
            self._add_use(found, name, READ, None, nodes)
        for name, nodes in walk.calls.items():
            self._add_use(found, name, CALL, None, nodes[::2], nodes[1::2])
        for (name, how, key), nodes in walk.uses.items():
            self._add_use(found, name, how, key, nodes)
        known = tuple([use for use in found if use.home != LOCAL or _passes_dotted_name(use)])
        return known, tuple([use for use in found if use.home == LOCAL])

    def _add_use(
        self,
        found: list[Use],
        name: str,
        how: int,
        key: str | None,
        nodes: list[Any],
        arguments: Sequence[Arguments] = (),
    ) -> None:
        root = name.partition(".")[0]
        home = self.binders.home(root) if root else LOCAL
        if home is not None:
            if home != LOCAL or root != name:
                places, ends = self._places(nodes, len(name))
                found.append(_new(Use, (name, home, how, key, tuple(arguments), places, ends)))
            return
        by_home: dict[int, list[int]] = {}
        for index, node in enumerate(nodes):
            by_home.setdefault(self.binders.home_at(root, node), []).append(index)
        for home, indices in by_home.items():
            if home != LOCAL or root != name:
                passed = tuple(arguments[index] for index in indices) if arguments else ()
                places, ends = self._places([nodes[index] for index in indices], len(name))
                found.append(Use(name, home, how, key, passed, places, ends))

    def _literals(self) -> tuple[Literal, ...]:
        found = []
        for (value, where), nodes in self.walk.literals.items():
            if is_word(value):
                places, ends = self._places(nodes, len(value) + 2)
                found.append(_new(Literal, (value, where, places, ends)))
        return tuple(found)

    def _places(self, nodes: list[Any], width: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The places of nodes, and their ends where one of them is not `width` columns long."""
        wide = self._wide
        if self._is_narrow:
            narrow = []
            for node in nodes:
                line, column = node.lineno, node.col_offset
                if node.end_col_offset - column != width or node.end_lineno != line or line in wide:
                    break
                narrow.append(line << 20 | column + 1)
            else:
                return tuple(narrow), ()
        spans = list(map(self.span, nodes))
        starts = tuple(place(span.line, span.column) for span in spans)
        ends = tuple(place(span.end_line, span.end_column) for span in spans)
        if all(end - start == width for start, end in zip(starts, ends)):
            ends = ()
        return starts, ends

    def _class(self, definition: Definition) -> Class:
        node = definition.node
        scope = definition.scope
        outer = scope.parent
        assert outer is not None
        members = (*scope.variables, *scope.bindings)
        methods = [
            statement.name
            for statement in node.body
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        return Class(
            node.name,
            definition.qualname,
            tuple([self._reference(base, outer) for base in definition.bases]),
            tuple([keyword.arg or "**" for keyword in node.keywords]),
            tuple([self._reference(_decorator(node), outer) for node in definition.decorators]),
            tuple(sorted(members)),
            tuple(methods),
            self._name_span(node, "class"),
            node.lineno,
            node.end_lineno,
            definition.context,
            definition.digest,
            definition.size,
            definition.sketch,
        )

    def _function(self, definition: Definition) -> Function:
        node = definition.node
        outer = definition.scope.parent
        assert outer is not None
        is_async = type(node) is ast.AsyncFunctionDef
        return Function(
            node.name,
            definition.qualname,
            outer.kind is CLASS_BODY,
            is_async,
            _parameters(node.args),
            tuple([self._reference(_decorator(node), outer) for node in definition.decorators]),
            definition.super_calls,
            definition.body,
            definition.asserts,
            self._name_span(node, "async def" if is_async else "def"),
            node.lineno,
            node.end_lineno,
            definition.context,
            definition.digest,
            definition.size,
            definition.sketch,
        )

    def _reference(self, node: ast.expr, scope: OpenScope) -> Reference:
        """What a base or a decorator names, seen from the scope around the definition."""
        target: Any = node
        while isinstance(target, ast.Subscript):  # Generic[T]
            target = target.value
        name, below = dotted(target)
        if below is not None:
            return Reference("", LOCAL, self.span(node))
        return Reference(name, scope.home_of(name.partition(".")[0]), self.span(target))

    def _name_span(self, node: Any, keyword: str) -> Span:
        """Where the name of a definition stands: behind the keyword and, nearly always, one space."""
        start = self.span(node)
        column = start.column + len(keyword) + 1
        if not self.lines[start.line - 1].startswith(node.name, column - 1):
            for line, text in enumerate(self.lines[start.line - 1 :], start.line):
                found = re.search(rf"\b{node.name}\b", text[start.column if line == start.line else 0 :])
                if found is not None:
                    offset = start.column if line == start.line else 0
                    return Span(line, offset + found.start() + 1, line, offset + found.end() + 1)
        return Span(start.line, column, start.line, column + len(node.name))


def _decorator(node: ast.expr) -> ast.expr:
    """What a decorator names, also where it is called at once."""
    return node.func if isinstance(node, ast.Call) else node


def _plain_span(node: Any) -> Span:
    span: Span = _new(Span, (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1))
    return span


def _wide_span(columns: Columns) -> Callable[[Any], Span]:
    character = columns.character

    def span(node: Any) -> Span:
        line, end_line = node.lineno, node.end_lineno
        return Span(
            line, character(line, node.col_offset), end_line, character(end_line, node.end_col_offset)
        )

    return span


def _passes_dotted_name(use: Use) -> bool:
    """Whether a call may name something of another module in a string, as `mocker.patch("a.b")` does."""
    return use.how == CALL and any(
        "." in text and text.replace(".", "_").isidentifier()
        for arguments in use.arguments
        for _, text in arguments.literals
    )


def _settled(binding: Binding, scope: OpenScope) -> Binding:
    """A binding of a scope, now that all of the scope is read: an alias of a variable is a value."""
    if binding.kind == ALIAS and _is_variable(binding.name, scope):
        return binding._replace(kind=VALUE, name="")
    return binding


def _is_variable(name: str, scope: OpenScope | None) -> bool:
    """Whether the first part of a dotted name, seen from a scope, is a variable."""
    root = name.partition(".")[0]
    while scope is not None and root not in scope.bindings:
        if root in scope.variables:
            return True
        scope = scope.resolver()
    return False


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    first_default = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    found: list[Parameter] = []
    for parameter in arguments.posonlyargs:
        found.append(_parameter(parameter, "positional_only", len(found) >= first_default))
    for parameter in arguments.args:
        found.append(_parameter(parameter, "positional_or_keyword", len(found) >= first_default))
    if arguments.vararg is not None:
        found.append(_parameter(arguments.vararg, "var_positional", False))
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append(_parameter(parameter, "keyword_only", default is not None))
    if arguments.kwarg is not None:
        found.append(_parameter(arguments.kwarg, "var_keyword", False))
    return tuple(found)


def _parameter(node: ast.arg, kind: str, has_default: bool) -> Parameter:
    annotation, below = ("", None) if node.annotation is None else dotted(node.annotation)
    return _new(Parameter, (node.arg, kind, has_default, "" if below is not None else annotation))
