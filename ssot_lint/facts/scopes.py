"""Which scope binds a name: what each scope binds, and where it begins and ends."""

from __future__ import annotations

import builtins
from typing import Any

from ssot_lint.facts.model import BUILTIN, LOCAL, Binding

MODULE = "module"
CLASS_BODY = "class"
FUNCTION_BODY = "function"
COMPREHENSION = "comprehension"
_BUILTINS = frozenset(dir(builtins))


class OpenScope:
    """A scope: `bindings` holds what facts speak of (imports, definitions, aliases), `variables` the rest.

    It covers the places from `start` up to `end`, as `place` of the model makes them, with byte columns.
    """

    __slots__ = (
        "bindings",
        "declared",
        "end",
        "gap",
        "has_result",
        "has_yield",
        "index",
        "is_async",
        "kind",
        "parent",
        "qualname",
        "start",
        "texts",
        "variables",
    )

    def __init__(
        self,
        kind: str,
        qualname: str,
        parent: OpenScope | None,
        first: Any,
        last: Any,
        is_async: bool = False,
    ) -> None:
        self.kind = kind
        self.qualname = qualname
        self.parent = parent
        self.start = first.lineno << 20 | first.col_offset if first is not None else 0
        self.end = last.end_lineno << 20 | last.end_col_offset if last is not None else 1 << 62
        self.gap = range(0)  # places in between that belong to the scope around it
        self.is_async = is_async
        self.index = -1  # among the scopes that end up in the facts; -1 while it binds nothing of note
        self.bindings: dict[str, list[Binding]] = {}
        self.variables: set[str] = set()
        self.declared: dict[str, str] = {}  # name → "global" or "nonlocal"
        self.texts: dict[str, list[Any]] = {}  # what is bound to strings, lists or tuples: their nodes
        self.has_yield = False
        self.has_result = False  # returns a value

    def function(self) -> OpenScope:
        """The scope that a walrus or a statement binds in: comprehensions are looked through."""
        scope = self
        while scope.kind is COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def is_in_comprehension(self) -> bool:
        """Whether this or any scope around it is a comprehension."""
        scope: OpenScope | None = self
        while scope is not None and scope.kind is not COMPREHENSION:
            scope = scope.parent
        return scope is not None

    def is_bound_around(self, name: str) -> bool:
        """Whether a function around this scope surely binds a name, as far as it has been read."""
        scope = self.parent
        while scope is not None:
            if scope.kind is FUNCTION_BODY and (name in scope.variables or name in scope.bindings):
                return name not in scope.declared
            scope = scope.parent
        return False

    def resolver(self) -> OpenScope | None:
        """The scope that answers for names this one does not bind: a class answers only its own body."""
        parent = self.parent
        if self.kind is not COMPREHENSION:
            while parent is not None and parent.kind is CLASS_BODY:
                parent = parent.parent
        return parent

    def texts_of(self, name: str) -> list[Any]:
        """The strings, lists and tuples that a name is bound to, where it is read in this very scope."""
        scope: OpenScope | None = self
        while scope is not None:
            if name in scope.texts or name in scope.variables or name in scope.bindings:
                return scope.texts.get(name, [])
            scope = scope.resolver()
        return []

    def home_of(self, name: str) -> int:
        """The home of a plain name that is read in this very scope."""
        scope: OpenScope | None = self
        while scope is not None:
            outer = scope.resolver()
            if scope.declared.get(name) == "global":
                while outer is not None:
                    scope, outer = outer, outer.resolver()
            if name in scope.bindings:
                return scope.index
            if name in scope.variables and name not in scope.declared:
                return LOCAL
            scope = outer
        return BUILTIN


class Binders:
    """Tells the home of a name at a place, from all scopes of a text.

    Most names have one meaning throughout; only those that several scopes bind need the place.
    """

    def __init__(self, scopes: list[OpenScope]) -> None:
        self.scopes = scopes  # in the order of their start, so that inner scopes follow outer ones
        self.module = scopes[0]
        self.inner: set[str] = set()  # names that some scope other than the module binds
        self.known: set[str] = set()  # names that some scope binds to an import, definition or alias
        for scope in scopes:
            self.known.update(scope.bindings)
            if scope is not self.module:
                self.inner.update(scope.variables, scope.bindings)

    def home(self, name: str) -> int | None:
        """The home of a plain name, None where it depends on the place."""
        if name in self.inner:
            return None if name in self.known or name in _BUILTINS else LOCAL
        # As `home_of` has it, for a scope that declares nothing and has none around it.
        if name in self.module.bindings:
            return self.module.index
        return LOCAL if name in self.module.variables else BUILTIN

    def home_at(self, name: str, node: Any) -> int:
        """The home of a plain name at the place of a syntax node."""
        at = node.lineno << 20 | node.col_offset
        innermost = self.module
        for scope in self.scopes:
            if scope.start <= at < scope.end and at not in scope.gap:
                innermost = scope
        return innermost.home_of(name)
