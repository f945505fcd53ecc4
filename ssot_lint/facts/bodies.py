"""Tells what a function's body amounts to, where it does nothing."""

from __future__ import annotations

import ast

from ssot_lint.facts.expressions import dotted

_SKIPS = frozenset(("pytest.skip", "skip", "self.skipTest"))
_SKIP_ERRORS = frozenset(("unittest.SkipTest", "SkipTest", "pytest.skip.Exception"))
_TRUTHS = frozenset(("self.assertTrue", "self.assertFalse", "self.assertIsNotNone", "self.assertIsNone"))
_EQUALITIES = frozenset(("self.assertEqual", "self.assertIs", "self.assertIn"))


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a body after its docstring."""
    first = body[0] if body else None
    if type(first) is ast.Expr and type(first.value) is ast.Constant and type(first.value.value) is str:
        return body[1:]
    return body


def body_kind(body: list[ast.stmt]) -> str:
    """One of `BODY_KINDS` for the statements of a function after its docstring.

    A body that opens with an unconditional skip is a skip, whatever follows it.
    """
    if not body:
        return "docstring"
    first = _statement_kind(body[0])
    if first in ("", "skip") or len(body) == 1:
        return first
    if len(body) > 20:
        return ""
    kinds = {_statement_kind(statement) for statement in body}
    if kinds <= {"pass", "ellipsis"}:
        return first
    if kinds <= {"pass", "ellipsis", "constant-assertion"}:
        return "constant-assertion"
    if kinds <= {"pass", "ellipsis", "uncalled-function"}:
        return "uncalled-function"
    return ""


def _statement_kind(statement: ast.stmt) -> str:
    kind = type(statement)
    if kind is ast.Pass:
        return "pass"
    if kind is ast.Expr:
        return _expression_kind(statement.value)  # type: ignore[attr-defined]
    if kind is ast.Assert:
        return "constant-assertion" if _is_constant(statement.test) else ""  # type: ignore[attr-defined]
    if kind is ast.Raise:
        return _raised_kind(statement.exc)  # type: ignore[attr-defined]
    if kind is ast.FunctionDef or kind is ast.AsyncFunctionDef:
        return "" if statement.decorator_list else "uncalled-function"  # type: ignore[attr-defined]
    return ""


def _expression_kind(value: ast.expr) -> str:
    if type(value) is ast.Constant:
        return "ellipsis" if value.value is ... else "pass"
    if type(value) is ast.Call:
        name, below = dotted(value.func)
        arguments = value.args
        if below is None:
            if name in _SKIPS:
                return "skip"
            if name in _TRUTHS and arguments and _is_constant(arguments[0]):
                return "constant-assertion"
            if name in _EQUALITIES and len(arguments) > 1 and all(map(_is_constant, arguments[:2])):
                return "constant-assertion"
    return ""


def _raised_kind(raised: ast.expr | None) -> str:
    if raised is None:
        return ""
    name, below = dotted(raised.func if isinstance(raised, ast.Call) else raised)
    if below is not None:
        return ""
    if name in _SKIP_ERRORS:
        return "skip"
    return "todo" if name == "NotImplementedError" else ""


def _is_constant(node: ast.expr) -> bool:
    if type(node) is ast.Constant:
        return True
    if isinstance(node, ast.Compare):
        return _is_constant(node.left) and all(map(_is_constant, node.comparators))
    if isinstance(node, ast.UnaryOp):
        return _is_constant(node.operand)
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(map(_is_constant, node.elts))
    return False
