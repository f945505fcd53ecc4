"""Reads the statements that bind names: imports, assignments, and what a module exports."""

from __future__ import annotations
import __future__

import ast
from typing import Any

from ssot_lint.facts.expressions import Expressions, dotted
from ssot_lint.facts.model import ALIAS, FROM, IMPORT, VALUE, Binding
from ssot_lint.facts.scopes import FUNCTION_BODY, MODULE, OpenScope

_TELLING = frozenset((ast.Constant, ast.Name, ast.Attribute))  # values that `_bind_value` looks at
_TEXTS = frozenset((ast.Constant, ast.JoinedStr, ast.List, ast.Tuple))  # values that may be a command
_FUTURES = frozenset(__future__.all_feature_names)


class Bindings(Expressions):
    """The part of the walk that binds names in the current scope."""

    def __init__(self) -> None:
        module = OpenScope(MODULE, "", None, None, None)
        module.index = 0
        super().__init__(module)
        self.module = module
        self.scopes = [module]
        self.context = 0
        self.imports: list[tuple[Any, Any, int, int]] = []  # statement, alias, home, context
        self.stars: list[Binding] = []
        self.constants: list[tuple[str, ast.Constant]] = []
        self.exports: list[str] | None = None
        self.export_sources: list[str] = []
        self.after_futures: ast.stmt | None = None  # the first statement that is no `__future__` import
        self.body: list[ast.stmt] = []  # the statements of the current class or function

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

    def read_import(self, node: ast.Import) -> None:
        tokens = self.tokens
        tokens.append("import")
        tokens.append(len(node.names))
        for alias in node.names:
            name = alias.name
            tokens.append(name)
            tokens.append(alias.asname)
            if alias.asname is None:
                bound = target = name.partition(".")[0]
            else:
                bound, target = alias.asname, name
            self.bind(bound, Binding(IMPORT, target, "", 0, node.lineno, self.context))
            self.imports.append((node, alias, self.scope.index, self.context))

    def read_import_from(self, node: ast.ImportFrom) -> None:
        tokens = self.tokens
        module = node.module or ""
        level = node.level or 0
        tokens.append("from")
        tokens.append(module)
        tokens.append(level)
        tokens.append(len(node.names))
        if module == "__future__" and self._is_misplaced_future(node):
            self.doubtful = True  # the compiler does not look at the dots of a relative import here
        for alias in node.names:
            name = alias.name
            tokens.append(name)
            tokens.append(alias.asname)
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
        first = self.after_futures
        late = self.scope is not self.module or (first is not None and node.lineno >= first.lineno)
        return late or any(alias.name not in _FUTURES for alias in node.names)

    # assignments

    def read_assign(self, node: ast.Assign) -> None:
        tokens = self.tokens
        targets = node.targets
        value = node.value
        tokens.append("=")
        tokens.append(len(targets))
        if len(targets) == 1 and type(targets[0]) is ast.Name:
            scope = self.scope
            name = targets[0].id
            kind = type(value)
            tokens.append(name)
            if kind in _TEXTS:
                scope.texts.setdefault(name, []).append(value)
            if kind in _TELLING or name in scope.bindings or name == "__all__":
                self._bind_value(name, value)
            else:
                scope.variables.add(name)
        else:
            for target in targets:
                if type(target) is ast.Name:
                    self._bind_value(target.id, value)
                self.stack.append(target)
        self.stack.append(value)

    def read_annotated(self, node: ast.AnnAssign) -> None:
        self.tokens += (":=:", node.simple)
        target = node.target
        if type(target) is ast.Name:
            self.tokens.append(target.id)
            if target.id in self.scope.declared:
                self.doubtful = True
            if node.value is None:
                self.scope.variables.add(target.id)
            else:
                self._bind_value(target.id, node.value)
                if type(node.value) in _TEXTS:
                    self.scope.texts.setdefault(target.id, []).append(node.value)
        else:
            self.stack.append(target)
        self.annotation(node.annotation)
        self.optional(node.value)

    def _bind_value(self, name: str, value: ast.expr) -> None:
        scope = self.scope
        kind = type(value)
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
        if name in scope.bindings and kind is not ast.Constant:
            self.bind(name, Binding(VALUE, "", "", 0, value.lineno, self.context))  # one more meaning
        else:
            scope.variables.add(name)

    def read_augmented(self, node: ast.AugAssign) -> None:
        self.tokens += ("+=", type(node.op).__name__)
        target = node.target
        if type(target) is ast.Name and target.id == "__all__" and self.scope is self.module:
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

    def export_call(self, call: ast.Call) -> None:
        name, _ = dotted(call.func)
        if name == "__all__.extend" and call.args:
            self._export(call.args[0], replace=False)
        elif name == "__all__.append" and call.args:
            self._export(ast.List(call.args[:1]), replace=False)

    def read_global(self, node: ast.Global | ast.Nonlocal) -> None:
        scope = self.scope
        word = "global" if type(node) is ast.Global else "nonlocal"
        self.tokens += (word, *node.names)
        if self._may_be_rejected(node):
            self.doubtful = True
        if scope is self.module:
            return
        scope.declared.update(dict.fromkeys(node.names, word))
        if word == "global":
            self.module.variables.update(node.names)

    def _may_be_rejected(self, node: ast.Global | ast.Nonlocal) -> bool:
        scope = self.scope
        if scope.kind is not FUNCTION_BODY or not scope.variables.isdisjoint(node.names):
            return True
        if any("__" in name for name in node.names):
            return True  # private to a class, which has other names for it
        if type(node) is ast.Nonlocal and not all(map(scope.is_bound_around, node.names)):
            return True
        return node is not self.body[0] and self._is_mentioned(node)

    def _is_mentioned(self, node: ast.Global | ast.Nonlocal) -> bool:
        """Whether the current function may say any of the names before it declares them."""
        names = frozenset(node.names)
        if not names.isdisjoint(self.scope.bindings):
            return True
        return any(
            part is not node and getattr(part, "lineno", 0) <= node.lineno and _says(part, names)
            for statement in self.body
            if statement.lineno <= node.lineno
            for part in ast.walk(statement)
        )


def _says(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether a syntax node itself, not what is below it, holds one of some names in any way."""
    for value in vars(node).values():
        for part in value if type(value) is list else (value,):
            if type(part) is str and part in names:
                return True
    return False
