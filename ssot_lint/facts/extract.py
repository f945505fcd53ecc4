"""Turns one source text into its facts: parses it, walks it once, and resolves what the walk found."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ssot_lint.facts.comments import count_comments, find_suppressions
from ssot_lint.facts.diagnose import likely_cause
from ssot_lint.facts.expressions import dotted, is_word
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
from ssot_lint.files import Columns, UndecodableError, read_text
from ssot_lint.finding import Span

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7}) |={7}$")  # what git puts at the start of a line
_PARAMETER_KINDS = ("positional_only", "positional_or_keyword", "var_positional", "keyword_only", "var_keyword")


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
            tree = compile(text, "<source>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            walk = Statements()
            walk.visit_module(tree)
            fault = _compiler_fault(text) if walk.doubtful or "__debug__" in text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        fault = _fault(text, error)
        return Facts(Outline(fault=fault, parsed=False), _text_details(text))
    return _Builder(walk, text).facts(fault)


def faulty(kind: str, message: str, line: int = 1) -> Facts:
    """The facts of a text that could not be read at all."""
    fault = SyntaxFault(kind, message, "", Span(line, 1, line, 1), PYTHON)
    return Facts(Outline(fault=fault, parsed=False))


def _compiler_fault(text: str) -> SyntaxFault | None:
    # Compiling costs as much as parsing, so it is asked only about texts that hold something it may reject.
    try:
        compile(text, "<source>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _fault(text, error)
    return None


def _fault(text: str, error: Exception) -> SyntaxFault:
    if not isinstance(error, SyntaxError):
        return SyntaxFault("syntax", f"{type(error).__name__}: nested too deeply", "", Span(1, 1, 1, 1), PYTHON)
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


def _text_details(text: str) -> Details:
    """What can be said of a text without its tree."""
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    comment_lines, code_comment_lines = count_comments(text, lines)
    return Details(
        suppressions=find_suppressions(text),
        lines=lines,
        comment_lines=comment_lines,
        code_comment_lines=code_comment_lines,
    )


class _Builder:
    """Makes plain facts of what a walk collected."""

    def __init__(self, walk: Statements, text: str) -> None:
        self.walk = walk
        self.text = text
        self.binders = Binders(walk.open_scopes)
        self._is_plain = text.isascii() and text.count("\n") < WIDEST
        self.span: Callable[[Any], Span] = _plain_span if self._is_plain else _wide_span(text)

    def facts(self, fault: SyntaxFault | None) -> Facts:
        walk = self.walk
        span = self.span
        outline = Outline(
            scopes=self._scopes(),
            classes=tuple(map(self._class, walk.classes)),
            constants=tuple(Constant(name, _written(node.value), span(node)) for name, node in walk.constants),
            stars=tuple(walk.stars),
            exports=None if walk.exports is None else tuple(walk.exports),
            export_sources=tuple(walk.export_sources),
            fault=fault,
        )
        text = _text_details(self.text)
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
            names = {name: tuple(bindings) for name, bindings in scope.bindings.items()}
            if scope is self.walk.module:
                for name in sorted(scope.variables.difference(names)):
                    names[name] = (Binding(VALUE, "", "", 0, 0, 0),)
            for name, bindings in names.items():
                if bindings[0].kind == ALIAS and _is_variable(bindings[0].name, scope):
                    names[name] = (bindings[0]._replace(kind=VALUE, name=""),)
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
            if node.__class__ is ast.Import:
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
        known = tuple(use for use in found if use.home != LOCAL)
        return known, tuple(use for use in found if use.home == LOCAL)

    def _add_use(
        self, found: list[Use], name: str, how: int, key: str | None, nodes: list[Any], arguments: Sequence[Arguments] = ()
    ) -> None:
        root = name.partition(".")[0]
        home = self.binders.home(root) if root else LOCAL
        if home is not None:
            if home != LOCAL or root != name:
                found.append(Use(name, home, how, key, tuple(arguments), *self._places(nodes, len(name))))
            return
        by_home: dict[int, list[int]] = {}
        for index, node in enumerate(nodes):
            by_home.setdefault(self.binders.home_at(root, node), []).append(index)
        for home, indices in by_home.items():
            if home != LOCAL or root != name:
                passed = tuple(arguments[index] for index in indices) if arguments else ()
                places = self._places([nodes[index] for index in indices], len(name))
                found.append(Use(name, home, how, key, passed, *places))

    def _literals(self) -> tuple[Literal, ...]:
        found = []
        for (value, where), nodes in self.walk.literals.items():
            if is_word(value):
                found.append(Literal(value, where, *self._places(nodes, len(value) + 2)))
        return tuple(found)

    def _places(self, nodes: list[Any], width: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The places of nodes, and their ends where one of them is not `width` columns long."""
        if self._is_plain:
            places = [node.lineno << 20 | node.col_offset + 1 for node in nodes]
            for node in nodes:
                if node.end_col_offset - node.col_offset != width or node.end_lineno != node.lineno:
                    break
            else:
                return tuple(places), ()
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
            statement.name for statement in node.body if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        return Class(
            node.name,
            definition.qualname,
            tuple(
                Reference("", LOCAL, self.span(base)) if isinstance(base, ast.Call) else self._reference(base, outer)
                for base in definition.bases
            ),
            tuple(keyword.arg or "**" for keyword in node.keywords),
            tuple(self._reference(decorator, outer) for decorator in definition.decorators),
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
        return Function(
            node.name,
            definition.qualname,
            outer.kind is CLASS_BODY,
            node.__class__ is ast.AsyncFunctionDef,
            _parameters(node.args),
            tuple(self._reference(decorator, outer) for decorator in definition.decorators),
            definition.super_calls,
            definition.body,
            definition.asserts,
            self._name_span(node, "def"),
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
        while isinstance(target, (ast.Subscript, ast.Call)):  # Generic[T], fixture(...)
            target = target.value if isinstance(target, ast.Subscript) else target.func
        name, below = dotted(target)
        if below is not None:
            return Reference("", LOCAL, self.span(node))
        return Reference(name, scope.home_of(name.partition(".")[0]), self.span(target))

    def _name_span(self, node: Any, keyword: str) -> Span:
        start = self.span(node)
        column = start.column + len(keyword) + 1
        if node.__class__ is ast.AsyncFunctionDef:
            column += len("async ")
        return Span(start.line, column, start.line, column + len(node.name))


def _plain_span(node: Any) -> Span:
    return Span(node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)


def _wide_span(text: str) -> Callable[[Any], Span]:
    character = Columns(text).character

    def span(node: Any) -> Span:
        line, end_line = node.lineno, node.end_lineno
        return Span(line, character(line, node.col_offset), end_line, character(end_line, node.end_col_offset))

    return span


def _written(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # an integer of more digits than the interpreter writes out
        return "a huge number"


def _is_variable(name: str, scope: OpenScope | None) -> bool:
    """Whether the first part of a dotted name, seen from a scope, is a variable rather than something known."""
    root = name.partition(".")[0]
    while scope is not None and root not in scope.bindings:
        if root in scope.variables:
            return True
        scope = scope.resolver()
    return False


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    groups = (
        arguments.posonlyargs,
        arguments.args,
        [arguments.vararg] if arguments.vararg else [],
        arguments.kwonlyargs,
        [arguments.kwarg] if arguments.kwarg else [],
    )
    positional = len(arguments.posonlyargs) + len(arguments.args)
    first_default = positional - len(arguments.defaults)
    found = []
    place = 0
    for kind, group in zip(_PARAMETER_KINDS, groups):
        for index, parameter in enumerate(group):
            if kind == "keyword_only":
                has_default = arguments.kw_defaults[index] is not None
            else:
                has_default = kind.startswith("positional") and place >= first_default
            annotation, below = dotted(parameter.annotation) if parameter.annotation else ("", None)
            found.append(Parameter(parameter.arg, kind, has_default, "" if below is not None else annotation))
            place += 1
    return tuple(found)
