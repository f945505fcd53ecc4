"""Reads the expressions of a syntax tree: names, uses, literals, and the tokens that digests are made of."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ssot_lint.facts.model import (
    CONTAINS,
    DELETE,
    DELETE_ITEM,
    GET_ITEM,
    INSTANCE_OF,
    ITERATE,
    READ,
    SET_ITEM,
    WRITE,
    Arguments,
)
from ssot_lint.facts.scopes import COMPREHENSION, FUNCTION_BODY, OpenScope

LONGEST_LITERAL = 100
LONGEST_COMMAND = 1000
CALL_TOKEN = "("
_NO_ARGUMENTS = Arguments(0, (), False, (), ())
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_ITEM_HOW = {ast.Load: GET_ITEM, ast.Store: SET_ITEM, ast.Del: DELETE_ITEM}
_AWAITS_INSIDE = sys.version_info >= (3, 11)  # comprehensions in async functions may await, however nested
_new = tuple.__new__
_ASSERTING = frozenset(("raises", "warns", "fail"))
_RUNNERS = frozenset(
    (
        *("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"),
        *("system", "popen", "create_subprocess_exec", "create_subprocess_shell"),
        *("execv", "execve", "execvp", "execvpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"),
    )
)
"""The last names of functions that run a command: what they are passed is kept although it is no word."""


def dotted(node: Any) -> tuple[str, Any]:
    """The dotted name of a chain of attributes, and the expression it stands on where that is no name.

    `a.b.c` gives ("a.b.c", None), `f().b` gives (".b", the call), `f()` gives ("", the call).
    """
    name = ""
    while type(node) is ast.Attribute:
        name = f".{node.attr}{name}"
        node = node.value
    if type(node) is ast.Name:
        return node.id + name, None
    return name, node


class Expressions:
    """The walk over expressions.

    Statements push the expressions they hold on `stack`; `drain` reads them. Nothing recurses on the
    depth of an expression. `tokens` grows by a prefix code of every node (a label that determines how
    many parts follow), so two stretches of it are equal exactly when their trees are.
    Names are collected by what is done with them, each with its syntax nodes: `reads` and `calls` by
    name (a call's node is followed by its arguments), and `uses` all the rest.
    """

    def __init__(self, module: OpenScope) -> None:
        self.scope = module
        self.stack: list[Any] = []
        self.tokens: list[Any] = []
        self.literals: defaultdict[tuple[str, str], list[ast.Constant]] = defaultdict(list)
        self.reads: defaultdict[str, list[Any]] = defaultdict(list)
        self.calls: defaultdict[str, list[Any]] = defaultdict(list)
        self.uses: defaultdict[tuple[str, int, str | None], list[Any]] = defaultdict(list)
        self.open_scopes = [module]  # all of them, in the order of the source
        self.super_calls: list[str] = []
        self.asserts = False
        self.is_restricted = False
        self.doubtful = False  # holds something that the parser takes and the compiler may reject

    def use(self, node: Any, how: int, stack: list[Any], key: str | None = None) -> None:
        """Notes what is done with a dotted name; an expression below it is left on the stack."""
        name, below = dotted(node)
        self.tokens.append(name)
        if name:
            self.uses[name, how, key].append(node)
        if below is not None:
            stack.append(below)

    def push(self, node: Any, how: int) -> None:
        """Leaves an expression of a statement on the stack; `how` says what the statement does with it."""
        kind = type(node)
        if kind is ast.Call:
            self.use(node.func, how, [])  # what is below the name is read with the call
            self.stack.append(node)
        elif kind is ast.Name or kind is ast.Attribute:
            self.use(node, how, self.stack)
        else:
            self.stack.append(node)

    def optional(self, node: ast.expr | None, how: int = READ) -> None:
        """Leaves an expression on the stack that a statement may lack."""
        if node is None:
            self.tokens.append(None)
        else:
            self.tokens.append(":")
            self.push(node, how)

    def drain(self, stack: list[Any]) -> None:
        """Reads every expression on the stack, and leaves it empty."""
        if not stack:
            return
        # The hot loop of the whole tool: one pass per node, the frequent kinds first, everything local.
        a_name, a_constant, an_attribute, load = ast.Name, ast.Constant, ast.Attribute, ast.Load
        tokens = self.tokens
        pop = stack.pop
        reads = self.reads
        variables = self.scope.variables
        literals = self.literals
        while stack:
            node = pop()
            kind = type(node)
            if kind is a_name:
                name = node.id
                tokens.append(name)
                if type(node.ctx) is load:
                    reads[name].append(node)
                else:
                    variables.add(name)
            elif kind is a_constant:
                value = node.value
                tokens.append("'")
                tokens.append(value)
                if type(value) is str and " " not in value:  # prose is no literal of note
                    literals[value, ""].append(node)
            elif kind is an_attribute:
                value = node.value
                if type(value) is a_name:
                    name = f"{value.id}.{node.attr}"
                else:
                    name, below = dotted(node)
                    if below is not None:
                        stack.append(below)
                tokens.append(name)
                if type(node.ctx) is load:
                    reads[name].append(node)
                else:
                    how = WRITE if type(node.ctx) is ast.Store else DELETE
                    self.uses[name, how, None].append(node)
            else:
                _EXPRESSIONS[kind](self, node, stack)

    def other(self, node: Any, stack: list[Any]) -> None:
        """Reads a node of a kind without a method of its own, whatever its fields are."""
        tokens = self.tokens
        tokens.append(f"<{type(node).__name__}>")
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                tokens.append(len(value))
                for part in value:
                    if isinstance(part, ast.AST):
                        stack.append(part)
                    else:
                        tokens.append(part)
            elif isinstance(value, ast.AST):
                if value._fields:
                    tokens.append(":")
                    stack.append(value)
                elif field != "ctx":
                    tokens.append(type(value).__name__)
            elif value is None or isinstance(value, (str, int)):
                tokens.append(value)

    def _binary(self, node: ast.BinOp, stack: list[Any]) -> None:
        self.tokens.append(f"<{type(node.op).__name__}>")
        stack += (node.left, node.right)

    def _call(self, node: ast.Call, stack: list[Any]) -> None:
        positional = node.args
        keywords = node.keywords
        callee: Any = node.func
        below: Any = None
        if type(callee) is ast.Name:
            name = last = callee.id
        elif type(callee) is ast.Attribute:
            last = callee.attr
            value = callee.value
            if type(value) is ast.Name:
                name = f"{value.id}.{last}"
            else:
                name, below = dotted(callee)
        else:
            name, below, last = "", callee, ""
        tokens = self.tokens
        tokens.append(CALL_TOKEN)
        tokens.append(len(positional) * 4096 + len(keywords))
        tokens.append(name)
        if positional or keywords:
            arguments = self._arguments(positional, keywords, last in _RUNNERS, stack)
        else:
            arguments = _NO_ARGUMENTS
        if name:
            calls = self.calls[name]
            calls.append(callee)
            calls.append(arguments)
        if below is None:
            if last in _ASSERTING or last.startswith("assert"):
                self.asserts = True
            elif last == "isinstance" or last == "issubclass":
                self._instance_check(positional)
        else:
            stack.append(below)
            is_super = type(below) is ast.Call and type(below.func) is ast.Name and below.func.id == "super"
            if name and is_super:
                self.super_calls.append(last)

    def _arguments(
        self, positional: list[Any], keywords: list[ast.keyword], is_runner: bool, stack: list[Any]
    ) -> Arguments:
        tokens = self.tokens
        is_open = False
        words: tuple[tuple[str, str], ...] = ()
        constants: tuple[tuple[str, str], ...] = ()
        for index, argument in enumerate(positional):
            kind = type(argument)
            if kind is ast.Constant:
                value = argument.value
                tokens.append("'")
                tokens.append(value)
                if type(value) is str:
                    self.literals[value, "argument"].append(argument)
                    if is_word(value):
                        words += ((str(index), value),)
                else:
                    constants += ((str(index), written(value)[:LONGEST_LITERAL]),)
            elif kind is ast.Starred:
                is_open = True
                tokens.append("*")
                stack.append(argument.value)
            else:
                tokens.append("")
                stack.append(argument)
        names = []
        for keyword in keywords:
            name = keyword.arg
            value = keyword.value
            if name is None:
                is_open = True
                tokens.append("**")
            else:
                names.append(name)
                tokens.append(name)
                if type(value) is ast.Constant:
                    if type(value.value) is not str:
                        constants += ((name, written(value.value)[:LONGEST_LITERAL]),)
                    elif is_word(value.value):
                        words += ((name, value.value),)
            stack.append(value)
        if len(names) > 1 and len(set(names)) != len(names):
            self.doubtful = True
        if is_runner:
            words = _commands(positional, keywords, self.scope)
        return _new(Arguments, (len(positional), tuple(names), is_open, words, constants))

    def _instance_check(self, positional: list[Any]) -> None:
        for argument in positional[1:2]:
            for option in argument.elts if isinstance(argument, ast.Tuple) else [argument]:
                name, below = dotted(option)
                if below is None:
                    self.uses[name, INSTANCE_OF, None].append(option)

    def _subscript(self, node: ast.Subscript, stack: list[Any]) -> None:
        item: Any = node.slice
        key = None
        if type(item) is ast.Constant:
            value = item.value
            self.tokens += ("[]", "'", value)
            if type(value) is str:
                key = value
                self.literals[value, "item"].append(item)
        else:
            self.tokens += ("[]", "")
            stack.append(item)
        kind = type(node.value)
        if kind is ast.Name or kind is ast.Attribute:
            self.use(node.value, _ITEM_HOW[type(node.ctx)], stack, key)
        else:
            stack.append(node.value)

    def _compare(self, node: ast.Compare, stack: list[Any]) -> None:
        tokens = self.tokens
        tokens.append("<")
        tokens.append(len(node.ops))
        left: Any = node.left
        stack.append(left)
        right: Any
        for operator, right in zip(node.ops, node.comparators):
            tokens.append(type(operator).__name__)
            kind = type(right)
            if (kind is ast.Name or kind is ast.Attribute) and type(operator) in (ast.In, ast.NotIn):
                is_text = type(left) is ast.Constant and type(left.value) is str
                self.use(right, CONTAINS, stack, left.value if is_text else None)
            elif kind is ast.Constant and type(right.value) is str:
                tokens.append("'")
                tokens.append(right.value)
                self.literals[right.value, "compare"].append(right)
            else:
                tokens.append("")
                stack.append(right)
            left = right

    def _dict(self, node: ast.Dict, stack: list[Any]) -> None:
        tokens = self.tokens
        tokens.append("{:")
        tokens.append(len(node.keys))
        for key in node.keys:
            if key is None:
                tokens.append("**")
            elif type(key) is ast.Constant and type(key.value) is str:
                tokens.append("'")
                tokens.append(key.value)
                self.literals[key.value, "key"].append(key)
            else:
                tokens.append("")
                stack.append(key)
        stack += node.values

    def _sequence(self, node: ast.Tuple | ast.List, stack: list[Any]) -> None:
        elements = node.elts
        self.tokens += ("(," if type(node) is ast.Tuple else "[", len(elements))
        stack += elements
        for place, element in enumerate(elements, -len(elements)):
            if type(element) is ast.Starred:
                self.tokens += ("*", place)
                stack[place] = element.value
                if type(node.ctx) is ast.Store:
                    self.doubtful = True

    def _starred(self, node: ast.Starred, stack: list[Any]) -> None:
        # Where a star is fine, the node around it has read it.
        self.doubtful = True
        self.tokens.append("*")
        stack.append(node.value)

    def _joined(self, node: Any, stack: list[Any]) -> None:
        tokens = self.tokens
        tokens.append('f"' if type(node) is ast.JoinedStr else 't"')
        tokens.append(len(node.values))
        for value in node.values:
            if type(value) is ast.Constant:
                tokens.append(value.value)
            else:
                tokens.append("{")
                stack.append(value)

    def _insertion(self, node: Any, stack: list[Any]) -> None:
        self.tokens.append(node.conversion)
        stack.append(node.value)
        if node.format_spec is not None:
            self.tokens.append(":")
            stack.append(node.format_spec)

    def _suspension(self, node: ast.Await | ast.Yield | ast.YieldFrom, stack: list[Any]) -> None:
        scope = self.scope
        kind = type(node)
        if kind is ast.Yield:
            scope.has_yield = True
            allowed = scope.kind is FUNCTION_BODY
        elif kind is ast.Await:
            allowed = scope.is_async and (scope.kind is FUNCTION_BODY or _AWAITS_INSIDE)
        else:
            allowed = scope.kind is FUNCTION_BODY and not scope.is_async
        if not allowed or self.is_restricted:
            self.doubtful = True
        self.tokens.append(f"<{kind.__name__}>")
        if node.value is None:
            self.tokens.append(None)
        else:
            stack.append(node.value)

    def _named(self, node: ast.NamedExpr, stack: list[Any]) -> None:
        if self.is_restricted or self.scope.is_in_comprehension():
            self.doubtful = True
        self.tokens += (":=", node.target.id)
        self.scope.function().variables.add(node.target.id)
        stack.append(node.value)

    def _lambda(self, node: ast.Lambda, stack: list[Any]) -> None:
        self.tokens.append("lambda")
        parameters = self.parameters(node.args, stack)
        self.enter(OpenScope(FUNCTION_BODY, self.scope.qualname, self.scope, node.body, node.body))
        self.bind_parameters(parameters)
        self.drain([node.body])
        self.leave()

    def _comprehension(self, node: Any, stack: list[Any]) -> None:
        self.tokens += (f"<{type(node).__name__}>", len(node.generators))
        first = node.generators[0].iter
        if type(first) in (ast.Name, ast.Attribute):
            self.use(first, ITERATE, stack)
        else:
            self._drain_restricted(first)
        self.enter(OpenScope(COMPREHENSION, self.scope.qualname, self.scope, node, node, self.scope.is_async))
        # What the first `for` goes through is read before the comprehension has a scope.
        self.scope.gap = range(
            first.lineno << 20 | first.col_offset, first.end_lineno << 20 | first.end_col_offset
        )
        parts = [node.key, node.value] if type(node) is ast.DictComp else [node.elt]
        inner = [part for part in parts if part is not None]  # 3.15 allows `{**x for x in y}`
        for generator in node.generators:
            self.tokens += (generator.is_async, len(generator.ifs))
            if generator.is_async:
                self.doubtful = True
            if generator.iter is first:
                pass
            elif type(generator.iter) in (ast.Name, ast.Attribute):
                self.use(generator.iter, ITERATE, inner)
            else:
                inner.append(generator.iter)
            inner.append(generator.target)
            inner += generator.ifs
        self.drain(inner)
        self.leave()

    def enter(self, scope: OpenScope) -> None:
        """Makes a scope the current one."""
        self.scope = scope
        self.open_scopes.append(scope)

    def leave(self) -> None:
        """Goes back from the current scope to the one around it."""
        scope = self.scope
        if scope.is_async and scope.has_yield and scope.has_result:
            self.doubtful = True
        assert scope.parent is not None
        self.scope = scope.parent

    def parameters(self, arguments: ast.arguments, stack: list[Any]) -> list[str]:
        """Reads defaults and annotations, which belong to the scope around a function; returns the names."""
        tokens = self.tokens
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is None:
                tokens.append(None)
            else:
                tokens.append("=")
                stack.append(default)
        names = []
        for parameter in all_parameters(arguments):
            names.append(parameter.arg)
            tokens.append(parameter.arg)
            self.annotation(parameter.annotation)
        tokens.append(len(arguments.posonlyargs))
        tokens.append(len(arguments.args))
        tokens.append(len(arguments.defaults))
        tokens.append(len(arguments.kwonlyargs))
        tokens.append((arguments.vararg is not None) + 2 * (arguments.kwarg is not None))
        return names

    def bind_parameters(self, names: list[str]) -> None:
        """Binds the parameters in the function's own scope."""
        variables = self.scope.variables
        variables.update(names)
        if len(variables) < len(names):
            self.doubtful = True

    def annotation(self, node: ast.expr | None) -> None:
        """Reads an annotation; None stands for one that is absent."""
        tokens = self.tokens
        tokens.append(None if node is None else ":")
        if type(node) is ast.Name:  # as most are: read here as `drain` reads it
            tokens.append(node.id)
            self.reads[node.id].append(node)
        elif node is not None:
            self._drain_restricted(node)

    def _drain_restricted(self, node: ast.expr) -> None:
        """Reads an expression in which the compiler may forbid a walrus, an `await` or a `yield`."""
        outside = self.is_restricted
        self.is_restricted = True
        self.drain([node])
        self.is_restricted = outside


def is_word(value: str) -> bool:
    """Whether a string may be a name, a path or a key rather than prose."""
    return 0 < len(value) <= LONGEST_LITERAL and " " not in value and "\n" not in value


def written(value: object) -> str:
    """A constant as `repr` writes it."""
    try:
        return repr(value)
    except ValueError:  # an integer of more digits than the interpreter writes out
        return "a huge number"


def _commands(
    positional: list[Any], keywords: list[ast.keyword], scope: OpenScope
) -> tuple[tuple[str, str], ...]:
    """The arguments of a call that runs a command, as texts: the words of lists with spaces between.

    Of a name they are what the scope binds it to, with semicolons between.
    """
    found = []
    named = [(keyword.arg, keyword.value) for keyword in keywords if keyword.arg is not None]
    for place, argument in [*((str(index), each) for index, each in enumerate(positional)), *named]:
        values = scope.texts_of(argument.id) if isinstance(argument, ast.Name) else [argument]
        text = " ; ".join(filter(None, map(_command, values)))
        if text:
            found.append((place, text[:LONGEST_COMMAND]))
    return tuple(found)


def _command(node: ast.expr) -> str:
    """The constant words of a string or a list of strings."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return " ".join(filter(None, map(_command, node.elts)))
    if isinstance(node, ast.JoinedStr):
        return "".join(_command(part) or " " for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def all_parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Every parameter, in the order of the signature."""
    found = arguments.posonlyargs + arguments.args
    if arguments.vararg is not None:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg is not None:
        found.append(arguments.kwarg)
    return found


_EXPRESSIONS: defaultdict[type, Callable[[Any, Any, list[Any]], None]] = defaultdict(
    lambda: Expressions.other,
    {
        ast.BinOp: Expressions._binary,
        ast.Call: Expressions._call,
        ast.Subscript: Expressions._subscript,
        ast.Compare: Expressions._compare,
        ast.Dict: Expressions._dict,
        ast.Tuple: Expressions._sequence,
        ast.List: Expressions._sequence,
        ast.Starred: Expressions._starred,
        ast.JoinedStr: Expressions._joined,
        ast.FormattedValue: Expressions._insertion,
        ast.Await: Expressions._suspension,
        ast.Yield: Expressions._suspension,
        ast.YieldFrom: Expressions._suspension,
        ast.NamedExpr: Expressions._named,
        ast.Lambda: Expressions._lambda,
        **dict.fromkeys(_COMPREHENSIONS, Expressions._comprehension),
    },
)
for _kind, _read in (("TemplateStr", Expressions._joined), ("Interpolation", Expressions._insertion)):
    if hasattr(ast, _kind):  # since 3.14
        _EXPRESSIONS[getattr(ast, _kind)] = _read
