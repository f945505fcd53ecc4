"""Reads the statements of a syntax tree: definitions, control flow, and where each statement stands."""

from __future__ import annotations

import ast
import marshal
from binascii import crc32
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from ssot_lint.facts.bindings import Bindings
from ssot_lint.facts.bodies import body_kind, without_docstring
from ssot_lint.facts.expressions import CALL_TOKEN, dotted
from ssot_lint.facts.model import (
    ALONE,
    CATCH,
    CLASS,
    DECORATE,
    FUNCTION,
    IN_CLASS,
    IN_CONDITION,
    IN_FALLBACK,
    IN_FUNCTION,
    IN_IMPORT_GUARD,
    IN_MAIN_GUARD,
    IN_TRY,
    IN_TYPE_CHECKING,
    INHERIT,
    ITERATE,
    RAISE,
    SKETCH_SIZE,
    Binding,
)
from ssot_lint.facts.scopes import CLASS_BODY, FUNCTION_BODY, OpenScope

MOST_BLOCKS = 15  # the compiler nests 20 blocks and more; from here on it is asked
FEWEST_SKETCHED = 60  # tokens; a smaller body is compared by its digest alone
_CUT = marshal.dumps(CALL_TOKEN, 0)
_IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError"))
_MISSING_MODULE = _IMPORT_ERRORS | {"Exception", "BaseException"}


class Definition(NamedTuple):
    """A class or function statement, before its names are resolved and its digest is made."""

    node: Any
    qualname: str
    scope: OpenScope  # its own
    bases: list[ast.expr]
    decorators: list[ast.expr]
    context: int
    digest: str
    size: int
    sketch: tuple[int, ...]
    body: str
    asserts: bool
    super_calls: tuple[str, ...]


class Statements(Bindings):
    """The walk over statements; what it collects is turned into facts by `build`."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: list[Definition] = []
        self.functions: list[Definition] = []
        self.type_checking: list[tuple[int, int]] = []
        self.main_guard: ast.If | None = None
        self._loops = 0
        self._blocks = 0
        self._folded: list[Definition] = []  # directly inside the current one

    def visit_module(self, tree: ast.Module) -> None:
        """Reads a whole module."""
        body = without_docstring(tree.body)
        for statement in body:
            if type(statement) is not ast.ImportFrom or statement.module != "__future__":
                break
        else:
            statement = None
        self.after_futures = statement
        self.visit_body(body)
        self.drain(self.stack)

    def visit_body(self, body: Sequence[ast.stmt]) -> None:
        """Reads the statements of one block."""
        for statement in body:
            _STATEMENTS[type(statement)](self, statement)
        self.tokens.append("}")

    def _within(self, context: int, body: Sequence[ast.stmt]) -> None:
        outside = self.context
        self.context = outside | context
        self.visit_body(body)
        self.context = outside

    def _block(self, body: Sequence[ast.stmt]) -> None:
        self._blocks += 1
        if self._blocks > MOST_BLOCKS:
            self.doubtful = True
        self._within(IN_CONDITION, body)
        self._blocks -= 1

    # definitions

    def _class(self, node: ast.ClassDef) -> None:
        outer = self.scope
        for decorator in node.decorator_list:
            self.push(decorator, DECORATE)
        self.tokens += ("class", node.name, len(node.bases), len(node.keywords))
        for base in node.bases:
            if isinstance(base, ast.Starred):
                self.tokens.append("*")
                self.stack.append(base.value)
            else:
                self.push(base, INHERIT)
        for keyword in node.keywords:
            self.tokens.append(keyword.arg)
            self.stack.append(keyword.value)
        if len({keyword.arg for keyword in node.keywords}) != len(node.keywords):
            self.doubtful = True
        qualname = f"{outer.qualname}.{node.name}" if outer.qualname else node.name
        self.bind(node.name, Binding(CLASS, "", qualname, 0, node.lineno, self.context))
        scope = OpenScope(CLASS_BODY, qualname, outer, _first(node.body), node.body[-1])
        self._define(node, scope, IN_CLASS, self.classes, node.bases)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.scope
        for decorator in node.decorator_list:
            self.push(decorator, DECORATE)
        is_async = type(node) is ast.AsyncFunctionDef
        self.tokens += ("async def" if is_async else "def", node.name)
        qualname = f"{outer.qualname}.{node.name}" if outer.qualname else node.name
        if outer.kind is CLASS_BODY:
            outer.variables.add(node.name)
        else:
            self.bind(node.name, Binding(FUNCTION, "", qualname, 0, node.lineno, self.context))
        scope = OpenScope(FUNCTION_BODY, qualname, outer, _first(node.body), node.body[-1], is_async)
        self._define(node, scope, IN_FUNCTION, self.functions, [])

    def _define(
        self,
        node: Any,
        scope: OpenScope,
        inside: int,
        collected: list[Definition],
        bases: list[ast.expr],
    ) -> None:
        is_function = inside == IN_FUNCTION
        type_params = getattr(node, "type_params", ())
        if type_params:
            self.doubtful = True
            scope.variables.update(parameter.name for parameter in type_params)
        self.drain(self.stack)
        outside = self.context, self.super_calls, self.asserts, self._loops, self._blocks, self.body
        tokens, folded = self.tokens, self._folded
        self.super_calls, self.asserts, self._loops, self._blocks = [], False, 0, 0
        self.tokens, self._folded = [], []
        for parameter in type_params:
            self.other(parameter, self.stack)
        if is_function:
            parameters = self.parameters(node.args, self.stack)
            self.annotation(node.returns)
            self.drain(self.stack)
        self.enter(scope)
        if is_function:
            self.bind_parameters(parameters)
        place = len(collected)
        collected.append(None)  # type: ignore[arg-type]  # keeps the order of the source
        self.context = outside[0] | inside
        self.body = without_docstring(node.body)
        self.visit_body(self.body)
        self.drain(self.stack)
        digest, size, sketch = self._digest()
        definition = Definition(
            node,
            scope.qualname,
            scope,
            bases,
            node.decorator_list,
            outside[0],
            digest,
            size,
            sketch,
            body_kind(self.body) if is_function else "",
            self.asserts,
            tuple(self.super_calls),
        )
        collected[place] = definition
        tokens.append(digest)
        folded.append(definition)
        self.tokens, self._folded = tokens, folded
        asserts = outside[2] or (self.asserts and is_function)
        self.context, self.super_calls, _, self._loops, self._blocks, self.body = outside
        self.asserts = asserts
        self.leave()

    def _digest(self) -> tuple[str, int, tuple[int, ...]]:
        """The digest, the number and the sketch of the current tokens, which are those of one definition.

        Each definition inside it is one token, its digest, so every token is hashed once. The smallest hashes
        of parts are a bottom-k sketch (Cohen and Kaplan, 2007): the sketch of a union is made of the
        sketches of its parts, and the share of common hashes estimates how much two bodies share.
        """
        code = marshal.dumps(self.tokens, 0)
        digest = blake2b(code, digest_size=8).hexdigest()
        size = len(self.tokens) + sum([definition.size for definition in self._folded])
        sketch: list[int] = []
        if size >= FEWEST_SKETCHED:
            # Cut at calls, so that an edit changes the hashes of one or two parts only.
            hashes = set(map(crc32, code.split(_CUT)))
            for definition in self._folded:
                hashes.update(definition.sketch or (crc32(definition.digest.encode()),))
            sketch = sorted(hashes)[:SKETCH_SIZE]
        return digest, size, tuple(sketch)

    # control flow

    def _if(self, node: ast.If) -> None:
        # An `elif` chain is a chain of nested nodes: followed in a loop, so that its length does not matter.
        current: ast.If | None = node
        while current is not None:
            self.tokens.append("if")
            test = current.test
            self.stack.append(test)
            checking = _type_checking(test)
            if checking is not None:
                block = current.body if checking else current.orelse
                if block:
                    self.type_checking.append((block[0].lineno, block[-1].end_lineno or block[-1].lineno))
                self._within(IN_TYPE_CHECKING if checking else 0, current.body)
                self._within(0 if checking else IN_TYPE_CHECKING, current.orelse)
                return
            if self.scope is self.module and _is_main_guard(test):
                self.main_guard = self.main_guard or current
                self._within(IN_MAIN_GUARD, current.body)
            else:
                self._within(IN_CONDITION, current.body)
            orelse = current.orelse
            if len(orelse) == 1 and type(orelse[0]) is ast.If:
                self.tokens.append("elif")
                current = orelse[0]
            else:
                self._within(IN_CONDITION, orelse)
                current = None

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        if type(node) is ast.AsyncFor and not self.scope.is_async:
            self.doubtful = True
        self.tokens.append("for" if type(node) is ast.For else "async for")
        self._target(node.target)
        self.push(node.iter, ITERATE)
        self._loop(node)

    def _while(self, node: ast.While) -> None:
        self.tokens.append("while")
        self.stack.append(node.test)
        self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self._loops += 1
        self._block(node.body)
        self._loops -= 1
        self._block(node.orelse)

    def _jump(self, node: ast.stmt) -> None:
        self.tokens.append(f"<{type(node).__name__}>")
        if not self._loops:
            self.doubtful = True

    def _try(self, node: Any) -> None:
        if type(node) is not ast.Try:  # `except*` forbids some jumps
            self.doubtful = True
        self.tokens += (f"<{type(node).__name__}>", len(node.handlers))
        caught_names = {name for handler in node.handlers for name in _caught(handler.type)}
        catches = not caught_names.isdisjoint(_MISSING_MODULE)
        guard = 0 if caught_names.isdisjoint(_IMPORT_ERRORS) else IN_IMPORT_GUARD
        self._blocks += 3  # `finally` and a named exception are blocks of their own
        if self._blocks > MOST_BLOCKS:
            self.doubtful = True
        self._within(IN_TRY | guard if catches else 0, node.body)
        for index, handler in enumerate(node.handlers):
            self.tokens.append(handler.name)
            if handler.name is not None:
                self.scope.variables.add(handler.name)
            if handler.type is None:
                self.tokens.append(None)
                if index + 1 < len(node.handlers):
                    self.doubtful = True
            else:
                self.tokens.append(":")
                for caught in handler.type.elts if isinstance(handler.type, ast.Tuple) else (handler.type,):
                    self.push(caught, CATCH)
            self._within(IN_FALLBACK | guard if catches else IN_CONDITION, handler.body)
        self._within(0, node.orelse)
        self._within(0, node.finalbody)
        self._blocks -= 3

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        if type(node) is ast.AsyncWith and not self.scope.is_async:
            self.doubtful = True
        self.tokens += (f"<{type(node).__name__}>", len(node.items))
        for item in node.items:
            self.stack.append(item.context_expr)
            if item.optional_vars is None:
                self.tokens.append(None)
            else:
                self._target(item.optional_vars)
        self._blocks += len(node.items)
        if self._blocks > MOST_BLOCKS:
            self.doubtful = True
        self._within(0, node.body)
        self._blocks -= len(node.items)

    def _match(self, node: Any) -> None:
        self.doubtful = True
        self.tokens += ("<match>", len(node.cases))
        self.stack.append(node.subject)
        for case in node.cases:
            self._pattern(case.pattern)
            self.optional(case.guard)
            self._within(IN_CONDITION, case.body)

    def _pattern(self, pattern: Any) -> None:
        self.tokens.append(f"<{type(pattern).__name__}>")
        for field in pattern._fields:
            value = getattr(pattern, field)
            for part in value if isinstance(value, list) else (value,):
                if isinstance(part, ast.expr):
                    self.stack.append(part)
                elif isinstance(part, ast.AST):
                    self._pattern(part)
                else:
                    self.tokens.append(part)
                    if isinstance(part, str) and field in ("name", "rest"):
                        self.scope.variables.add(part)
            self.tokens.append(field)

    # simple statements

    def _target(self, node: ast.expr) -> None:
        # A plain name is bound at once: the statements that follow ask whether it is a variable.
        if type(node) is ast.Name:
            self.scope.variables.add(node.id)
            self.tokens.append(node.id)
        else:
            self.tokens.append(":")
            self.stack.append(node)

    def _expression(self, node: ast.Expr) -> None:
        value: Any = node.value
        kind = type(value)
        if kind is ast.Constant:
            self.tokens += ("'", value.value)
        elif kind is ast.Attribute:
            self.tokens.append(";.")
            self.use(value, ALONE, self.stack)
        else:
            self.tokens.append(";")
            self.stack.append(value)
            if kind is ast.Call and self.scope is self.module:
                self.export_call(value)

    def _return(self, node: ast.Return) -> None:
        self.tokens.append("return")
        if self.scope.kind is not FUNCTION_BODY:
            self.doubtful = True
        if node.value is None:
            self.tokens.append(None)
        else:
            self.scope.has_result = True
            self.stack.append(node.value)

    def _raise(self, node: ast.Raise) -> None:
        self.tokens.append("raise")
        self.optional(node.exc, RAISE)
        self.optional(node.cause)

    def _assert(self, node: ast.Assert) -> None:
        self.tokens.append("assert")
        self.asserts = True
        if type(node.test) is ast.Attribute:
            self.tokens.append(".")
            self.use(node.test, ALONE, self.stack)
        else:
            self.stack.append(node.test)
        self.optional(node.msg)

    def _any(self, node: Any) -> None:
        if type(node).__name__ == "TypeAlias":
            self.doubtful = True
            self.scope.variables.add(node.name.id)
        self.other(node, self.stack)


def _first(body: list[ast.stmt]) -> Any:
    """The syntax node that a body begins with: the first decorator of a decorated definition."""
    decorators = getattr(body[0], "decorator_list", None)
    return decorators[0] if decorators else body[0]


def _type_checking(test: ast.expr) -> bool | None:
    """Whether the body of an `if` with this test is for type checkers alone (True), or its `else` (False)."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _type_checking(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(_type_checking(value) for value in test.values) else None
    name, below = dotted(test)
    return True if below is None and name.rpartition(".")[2] == "TYPE_CHECKING" else None


def _is_main_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


def _caught(node: ast.expr | None) -> list[str]:
    """The names of what an `except` catches, which is everything where nothing stands behind it."""
    if node is None:
        return ["BaseException"]
    named = map(dotted, node.elts if isinstance(node, ast.Tuple) else [node])
    return [name for name, below in named if below is None]


_STATEMENTS: defaultdict[type, Callable[[Any, Any], None]] = defaultdict(
    lambda: Statements._any,
    {
        ast.Import: Statements.read_import,
        ast.ImportFrom: Statements.read_import_from,
        ast.ClassDef: Statements._class,
        ast.FunctionDef: Statements._function,
        ast.AsyncFunctionDef: Statements._function,
        ast.Assign: Statements.read_assign,
        ast.AnnAssign: Statements.read_annotated,
        ast.AugAssign: Statements.read_augmented,
        ast.Global: Statements.read_global,
        ast.Nonlocal: Statements.read_global,
        ast.If: Statements._if,
        ast.For: Statements._for,
        ast.AsyncFor: Statements._for,
        ast.While: Statements._while,
        ast.Break: Statements._jump,
        ast.Continue: Statements._jump,
        ast.Try: Statements._try,
        ast.With: Statements._with,
        ast.AsyncWith: Statements._with,
        ast.Expr: Statements._expression,
        ast.Return: Statements._return,
        ast.Raise: Statements._raise,
        ast.Assert: Statements._assert,
    },
)
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = Statements._try
_STATEMENTS[ast.Match] = Statements._match
