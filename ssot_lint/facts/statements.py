"""Reads the statements of a syntax tree: imports, definitions, bindings, and where each stands."""

from __future__ import annotations

import ast
import marshal
from binascii import crc32
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from ssot_lint.facts.bodies import body_kind, without_docstring
from ssot_lint.facts.expressions import CALL_TOKEN, Expressions, dotted
from ssot_lint.facts.model import (
    ALIAS,
    CATCH,
    CLASS,
    DECORATE,
    FROM,
    FUNCTION,
    IMPORT,
    IN_CLASS,
    IN_CONDITION,
    IN_FALLBACK,
    IN_FUNCTION,
    IN_MAIN_GUARD,
    IN_TRY,
    IN_TYPE_CHECKING,
    INHERIT,
    ITERATE,
    RAISE,
    READ,
    VALUE,
    Binding,
)
from ssot_lint.facts.scopes import CLASS_BODY, FUNCTION_BODY, MODULE, OpenScope

MOST_BLOCKS = 15  # the compiler nests 20 blocks and more; from here on it is asked
SKETCH_SIZE = 16
FEWEST_SKETCHED = 60  # tokens; a smaller body is compared by its digest alone
_CUT = marshal.dumps(CALL_TOKEN, 0)
_TELLING = frozenset((ast.Constant, ast.Name, ast.Attribute))  # values that `_bind_value` looks at
_MISSING_MODULE = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))
_FUTURES = frozenset(__import__("__future__").all_feature_names)


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


class Statements(Expressions):
    """The walk over statements; what it collects is turned into facts by `extract`."""

    def __init__(self) -> None:
        module = OpenScope(MODULE, "", None, None, None)
        module.index = 0
        super().__init__(module)
        self.module = module
        self.scopes = [module]
        self.context = 0
        self.imports: list[tuple[Any, Any, int, int]] = []  # statement, alias, home, context
        self.stars: list[Binding] = []
        self.classes: list[Definition] = []
        self.functions: list[Definition] = []
        self.constants: list[tuple[str, ast.Constant]] = []
        self.exports: list[str] | None = None
        self.export_sources: list[str] = []
        self.type_checking: list[tuple[int, int]] = []
        self.main_guard: ast.If | None = None
        self._head: ast.stmt | None = None  # the first statement of the current function
        self._loops = 0
        self._blocks = 0
        self._folded_size = 0  # of the bodies inside the current one
        self._folded_hashes: list[int] = []

    def visit_module(self, tree: ast.Module) -> None:
        """Reads a whole module."""
        if tree.body and isinstance(tree.body[0], ast.Expr):
            body = without_docstring(tree.body)
        else:
            body = tree.body
        for statement in body:
            if statement.__class__ is not ast.ImportFrom or statement.module != "__future__":  # type: ignore[attr-defined]
                break
        else:
            statement = None  # type: ignore[assignment]
        self._after_futures = statement
        self.visit_body(body)
        self.drain(self.stack)

    def visit_body(self, body: Sequence[ast.stmt]) -> None:
        """Reads the statements of one block."""
        statements = _STATEMENTS.get
        for statement in body:
            read = statements(statement.__class__)
            if read is None:
                self._any(statement)
            else:
                read(self, statement)
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

    def bind(self, name: str, binding: Binding) -> None:
        """Records that the current scope gives `name` a meaning that other facts speak of."""
        scope = self.scope
        if name in scope.declared:
            if scope.declared[name] == "nonlocal":
                return
            scope = self.module
        if scope.index < 0:
            scope.index = len(self.scopes)
            self.scopes.append(scope)
        scope.bindings.setdefault(name, []).append(binding)

    # imports

    def _import(self, node: ast.Import) -> None:
        token = self.tokens.append
        token("import")
        token(len(node.names))
        for alias in node.names:
            name = alias.name
            token(name)
            token(alias.asname)
            if alias.asname is None:
                bound = target = name.partition(".")[0]
            else:
                bound, target = alias.asname, name
            self.bind(bound, Binding(IMPORT, target, "", 0, node.lineno, self.context))
            self.imports.append((node, alias, self.scope.index, self.context))

    def _import_from(self, node: ast.ImportFrom) -> None:
        token = self.tokens.append
        module = node.module or ""
        level = node.level or 0
        token("from")
        token(module)
        token(level)
        token(len(node.names))
        if module == "__future__" and not level:
            if self._is_misplaced_future(node):
                self.doubtful = True
        for alias in node.names:
            name = alias.name
            token(name)
            token(alias.asname)
            binding = Binding(FROM, module, name, level, node.lineno, self.context)
            if name == "*":
                if self.scope is self.module:
                    self.stars.append(binding)
                else:
                    self.doubtful = True
            else:
                self.bind(alias.asname or name, binding)
            self.imports.append((node, alias, max(self.scope.index, 0), self.context))

    def _is_misplaced_future(self, node: ast.ImportFrom) -> bool:
        first = self._after_futures
        late = self.scope is not self.module or (first is not None and node.lineno >= first.lineno)
        return late or any(alias.name not in _FUTURES for alias in node.names)

    # definitions

    def _class(self, node: ast.ClassDef) -> None:
        outer = self.scope
        for decorator in node.decorator_list:
            self.push(decorator, DECORATE)
        self.tokens += ("class", node.name, len(node.bases), len(node.keywords))
        for base in node.bases:
            self.push(base.value if base.__class__ is ast.Starred else base, INHERIT)  # type: ignore[attr-defined]
        for keyword in node.keywords:
            self.tokens.append(keyword.arg)
            self.stack.append(keyword.value)
        if len({keyword.arg for keyword in node.keywords}) != len(node.keywords):
            self.doubtful = True
        qualname = f"{outer.qualname}.{node.name}" if outer.qualname else node.name
        self.bind(node.name, Binding(CLASS, "", qualname, 0, node.lineno, self.context))
        scope = OpenScope(CLASS_BODY, qualname, outer, node.body[0], node.body[-1])
        self._define(node, scope, IN_CLASS, self.classes, node.bases, "")

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.scope
        for decorator in node.decorator_list:
            self.push(decorator, DECORATE)
        is_async = node.__class__ is ast.AsyncFunctionDef
        self.tokens += ("async def" if is_async else "def", node.name)
        qualname = f"{outer.qualname}.{node.name}" if outer.qualname else node.name
        if outer.kind is CLASS_BODY:
            outer.variables.add(node.name)
        else:
            self.bind(node.name, Binding(FUNCTION, "", qualname, 0, node.lineno, self.context))
        scope = OpenScope(FUNCTION_BODY, qualname, outer, node.body[0], node.body[-1], is_async)
        self._define(node, scope, IN_FUNCTION, self.functions, [], body_kind(without_docstring(node.body)))

    def _define(
        self,
        node: Any,
        scope: OpenScope,
        inside: int,
        collected: list[Definition],
        bases: list[ast.expr],
        body: str,
    ) -> None:
        if getattr(node, "type_params", None):
            self.doubtful = True
            scope.variables.update(parameter.name for parameter in node.type_params)
        self.drain(self.stack)
        first_token = len(self.tokens)
        outside = self.context, self.super_calls, self.asserts, self._loops, self._blocks
        folded_size, folded_hashes = self._folded_size, self._folded_hashes
        self.super_calls, self.asserts, self._loops, self._blocks = [], False, 0, 0
        self._folded_size, self._folded_hashes = 0, []
        if inside == IN_FUNCTION:
            self.parameters(node.args, self.stack)
            self.annotation(node.returns)
            self.drain(self.stack)
        self.enter(scope)
        if inside == IN_FUNCTION:
            self.bind_parameters(node.args)
        place = len(collected)
        collected.append(None)  # type: ignore[arg-type]  # keeps the order of the source
        self.context = outside[0] | inside
        body_statements = without_docstring(node.body)
        self._head = body_statements[0] if body_statements and inside == IN_FUNCTION else None
        self.visit_body(body_statements)
        self.drain(self.stack)
        digest, size, sketch = self._digest(first_token)
        self._folded_size, self._folded_hashes = folded_size + size, [*folded_hashes, *sketch]
        collected[place] = Definition(
            node,
            scope.qualname,
            scope,
            bases,
            node.decorator_list,
            outside[0],
            digest,
            size,
            sketch,
            body,
            self.asserts,
            tuple(self.super_calls),
        )
        asserts = outside[2] or (self.asserts and inside == IN_FUNCTION)
        self.context, self.super_calls, _, self._loops, self._blocks = outside
        self.asserts = asserts
        self.leave()

    def _digest(self, first_token: int) -> tuple[str, int, tuple[int, ...]]:
        """Folds the tokens from `first_token` into one; returns their digest, number and sketch.

        Bodies inside a body are folded already, so every token is hashed once. The smallest hashes
        of parts are a bottom-k sketch (Cohen and Kaplan, 2007): the sketch of a union is made of the
        sketches of its parts, and the share of common hashes estimates how much two bodies share.
        """
        tokens = self.tokens[first_token:]
        code = marshal.dumps(tokens, 0)
        digest = blake2b(code, digest_size=8).hexdigest()
        size = len(tokens) + self._folded_size
        sketch: list[int] = []
        if size >= FEWEST_SKETCHED:
            # Cut at calls, so that an edit changes the hashes of one or two parts only.
            sketch = sorted({*map(crc32, code.split(_CUT)), *self._folded_hashes})[:SKETCH_SIZE]
        self.tokens[first_token:] = [digest]
        return digest, size, tuple(sketch)

    # bindings

    def _assign(self, node: ast.Assign) -> None:
        self.tokens += ("=", len(node.targets))
        targets = node.targets
        if len(targets) == 1 and targets[0].__class__ is ast.Name:
            name = targets[0].id  # type: ignore[attr-defined]
            self.tokens.append(name)
            if node.value.__class__ in _TELLING or name == "__all__":
                self._bind_value(name, node.value)
            else:
                self.scope.variables.add(name)
        else:
            for target in targets:
                if target.__class__ is ast.Name:
                    self._bind_value(target.id, node.value)  # type: ignore[attr-defined]
                self.stack.append(target)
        self.stack.append(node.value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        self.tokens += (":=:", node.simple)
        target = node.target
        if target.__class__ is ast.Name:
            self.tokens.append(target.id)  # type: ignore[union-attr]
            if target.id in self.scope.declared:  # type: ignore[union-attr]
                self.doubtful = True
            if node.value is None:
                self.scope.variables.add(target.id)  # type: ignore[union-attr]
            else:
                self._bind_value(target.id, node.value)  # type: ignore[union-attr]
        else:
            self.stack.append(target)
        self.annotation(node.annotation)
        self._optional(node.value)

    def _bind_value(self, name: str, value: ast.expr) -> None:
        scope = self.scope
        kind = value.__class__
        if scope.kind is not FUNCTION_BODY:
            if kind is ast.Constant:
                qualname = f"{scope.qualname}.{name}" if scope.qualname else name
                self.constants.append((qualname, value))  # type: ignore[arg-type]
            if name == "__all__" and scope is self.module:
                self._export(value, replace=True)
        if kind is ast.Name or kind is ast.Attribute:
            target, below = dotted(value)
            if below is None and target.partition(".")[0] not in scope.variables and target != name:
                self.bind(name, Binding(ALIAS, "", target, 0, value.lineno, self.context))
                return
        scope.variables.add(name)

    def _augmented(self, node: ast.AugAssign) -> None:
        self.tokens += ("+=", node.op.__class__.__name__)
        target = node.target
        if target.__class__ is ast.Name and target.id == "__all__" and self.scope is self.module:  # type: ignore[union-attr]
            self._export(node.value, replace=False)
        self.stack.append(target)
        self.stack.append(node.value)

    def _export(self, value: ast.expr, replace: bool) -> None:
        if replace:
            self.exports = []
            self.export_sources = []
        parts = [value]
        while parts:
            part = parts.pop()
            if isinstance(part, ast.BinOp):
                parts += (part.left, part.right)
            elif isinstance(part, (ast.List, ast.Tuple, ast.Set)):
                names = [item.value for item in part.elts if isinstance(item, ast.Constant)]
                self.exports = (self.exports or []) + [name for name in names if isinstance(name, str)]
                parts += [item.value for item in part.elts if isinstance(item, ast.Starred)]
            else:
                name, below = dotted(part)
                self.export_sources.append(name if below is None and name.endswith("__all__") else "")

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        scope = self.scope
        word = "global" if node.__class__ is ast.Global else "nonlocal"
        self.tokens += (word, *node.names)
        # At the head of a function it is always fine; anywhere else the name may have been used before.
        if node is not self._head or not scope.variables.isdisjoint(node.names):
            self.doubtful = True
        if scope is self.module:
            return
        scope.declared.update(dict.fromkeys(node.names, word))
        if word == "global":
            self.module.variables.update(node.names)

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
            if len(orelse) == 1 and orelse[0].__class__ is ast.If:
                self.tokens.append("elif")
                current = orelse[0]  # type: ignore[assignment]
            else:
                self._within(IN_CONDITION, orelse)
                current = None

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        if node.__class__ is ast.AsyncFor and not self.scope.is_async:
            self.doubtful = True
        self.tokens.append("for" if node.__class__ is ast.For else "async for")
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
        self.tokens.append(node.__class__.__name__)
        if not self._loops:
            self.doubtful = True

    def _try(self, node: Any) -> None:
        if node.__class__ is not ast.Try:  # `except*` forbids some jumps
            self.doubtful = True
        self.tokens += (node.__class__.__name__, len(node.handlers))
        catches = any(_catches_missing_module(handler.type) for handler in node.handlers)
        self._blocks += 1
        if self._blocks > MOST_BLOCKS:
            self.doubtful = True
        self._within(IN_TRY if catches else 0, node.body)
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
            self._within(IN_FALLBACK if catches else IN_CONDITION, handler.body)
        self._within(0, node.orelse)
        self._within(0, node.finalbody)
        self._blocks -= 1

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        if node.__class__ is ast.AsyncWith and not self.scope.is_async:
            self.doubtful = True
        self.tokens += (node.__class__.__name__, len(node.items))
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
        self.tokens += ("match", len(node.cases))
        self.stack.append(node.subject)
        for case in node.cases:
            self._pattern(case.pattern)
            self._optional(case.guard)
            self._within(IN_CONDITION, case.body)

    def _pattern(self, pattern: Any) -> None:
        self.tokens.append(pattern.__class__.__name__)
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

    def _optional(self, node: ast.expr | None, how: int = READ) -> None:
        if node is None:
            self.tokens.append(None)
        else:
            self.tokens.append(":")
            self.push(node, how)

    def _target(self, node: ast.expr) -> None:
        # A plain name is bound at once: the statements that follow ask whether it is a variable.
        if node.__class__ is ast.Name:
            self.scope.variables.add(node.id)  # type: ignore[attr-defined]
            self.tokens.append(node.id)  # type: ignore[attr-defined]
        else:
            self.tokens.append(":")
            self.stack.append(node)

    def _expression(self, node: ast.Expr) -> None:
        if node.value.__class__ is ast.Constant:
            self.tokens += ("'", node.value.value)  # type: ignore[attr-defined]
        else:
            self.tokens.append(";")
            self.stack.append(node.value)

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
        self._optional(node.exc, RAISE)
        self._optional(node.cause)

    def _assert(self, node: ast.Assert) -> None:
        self.tokens.append("assert")
        self.asserts = True
        self.stack.append(node.test)
        self._optional(node.msg)

    def _any(self, node: Any) -> None:
        if node.__class__.__name__ == "TypeAlias":
            self.doubtful = True
            self.scope.variables.add(node.name.id)
        self.other(node, self.stack)


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


def _catches_missing_module(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    for part in caught.elts if isinstance(caught, ast.Tuple) else [caught]:
        name, below = dotted(part)
        if below is None and name in _MISSING_MODULE:
            return True
    return False


_STATEMENTS: dict[type, Callable[[Any, Any], None]] = {
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.ClassDef: Statements._class,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Global: Statements._global,
    ast.Nonlocal: Statements._global,
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
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = Statements._try
_STATEMENTS[ast.Match] = Statements._match
