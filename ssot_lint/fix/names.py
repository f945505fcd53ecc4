"""What names mean in a text that is to be changed: how to name a symbol, and which imports nothing needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from ssot_lint.facts.model import BUILTIN
from ssot_lint.fix.imports import Home, ImportStatement, bound_name, is_future
from ssot_lint.fix.source_text import RefusedError
from ssot_lint.fix.syntax import Syntax, parsed_expression

_MODULE = 0  # the home of names that the module binds


class Imported(NamedTuple):
    """One name of an import statement."""

    alias: ast.alias
    statement: ImportStatement

    @property
    def is_plain(self) -> bool:
        """Whether it is `import a.b`, which binds `a`."""
        return isinstance(self.statement, ast.Import) and not self.alias.asname


class Names:
    """The names of one text, where some imports are about to get new homes."""

    def __init__(self, syntax: Syntax, homes: Mapping[ast.alias, Home]) -> None:
        self._syntax = syntax
        self._homes = homes
        self._module = syntax.binders.module
        self._top = [
            Imported(alias, statement)
            for statement in syntax.tree.body
            if isinstance(statement, ast.Import | ast.ImportFrom)
            for alias in statement.names
        ]

    # naming a symbol

    def references(self, home: Home, node: ast.expr) -> Iterator[str]:
        """The ways in which the place of an expression can name a symbol with what the module imports."""
        for wanted, suffix in ((home, ""), (Home.of(home.module), f".{home.name}")):
            for each in self._top:
                if not each.is_plain and self._home(each) == wanted and self._serves(each, node):
                    yield bound_name(each.alias) + suffix
        for each in self._top:
            if each.is_plain and each.alias.name in (home.module, home.dotted) and self._serves(each, node):
                yield home.dotted

    def check_free(self, home: Home, node: ast.expr) -> None:
        """Raises RefusedError where a new import of the module would change a name, or not be seen."""
        name = home.name
        home_at = self._syntax.binders.home_at
        if (
            name in self._module.bindings
            or name in self._module.variables
            or home_at(name, node) != BUILTIN
            or any(home_at(name, each) == BUILTIN for each in self._syntax.names.get(name, ()))
        ):
            raise RefusedError(f"`{name}` means something else in this file")

    def is_unknown(self, name: str) -> bool:
        """Whether nothing in the file binds or reads a name."""
        scopes = self._syntax.binders.scopes
        return name not in self._syntax.names and not any(
            name in scope.bindings or name in scope.variables for scope in scopes
        )

    def top_statement(self, node: ast.AST) -> ast.stmt:
        """The statement of the module that a node lies in."""
        inner = node
        for outer in self._syntax.around(node):
            if isinstance(outer, ast.Module):
                break
            inner = outer
        assert isinstance(inner, ast.stmt)
        return inner

    def last_star(self) -> int:
        """The line of the last star import, 0 if there is none."""
        stars = (alias.lineno for alias in self._syntax.aliases.values() if alias.name == "*")
        return max(stars, default=0)

    def _home(self, each: Imported) -> Home:
        """Where a name comes from."""
        alias, statement = each
        if alias in self._homes:
            return self._homes[alias]
        if isinstance(statement, ast.Import):
            return Home.of(alias.name)
        return Home("." * statement.level + (statement.module or ""), alias.name)

    def _serves(self, each: Imported, node: ast.expr) -> bool:
        """Whether the place of a node surely sees a name that the module imports."""
        name = bound_name(each.alias)
        bindings = self._module.bindings.get(name, [])
        is_alone = len(bindings) == 1 or (
            each.is_plain and all(binding.module == name and not binding.name for binding in bindings)
        )
        return (
            is_alone
            and name not in self._module.variables
            and self._syntax.binders.home_at(name, node) == _MODULE
            and each.statement.lineno < self.top_statement(node).lineno
            and self.last_star() <= each.statement.lineno
        )

    # imports that nothing needs

    def unused(
        self,
        names: Iterable[str],
        without: Collection[ast.AST],
        needed: Collection[str],
        may_go: Callable[[str], bool] | None,
    ) -> Iterator[Imported]:
        """The imports of some names that nothing needs once some nodes, with all below them, have gone.

        `needed` are names that the new text uses, and `may_go` knows what others take from this file.
        """
        gone = {below for node in without for below in ast.walk(node)}
        for name in names:
            uses = self._syntax.names.get(name, ())
            found = self.only_binding(name)
            if (
                found is not None
                and found.alias not in gone
                and name not in needed
                and all(use in gone for use in uses)
                and not self._is_kept(found)
                and not self.is_spoken_of(name, gone)
                and (may_go is None or may_go(name))
            ):
                yield found

    def only_binding(self, name: str) -> Imported | None:
        """The import that alone binds a name in the whole file."""
        times = 0
        for scope in self._syntax.binders.scopes:
            if name in scope.declared:
                return None
            times += len(scope.bindings.get(name, ())) + (name in scope.variables)
        aliases = [alias for alias in self._syntax.aliases.values() if bound_name(alias) == name]
        if times != 1 or len(aliases) != 1:
            return None
        statement = self._syntax.parents[aliases[0]]
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        return Imported(aliases[0], statement)

    def _is_kept(self, each: Imported) -> bool:
        """Whether an import says that it is there for its own sake."""
        alias, statement = each
        syntax = self._syntax
        if alias in self._homes or alias.asname == alias.name or is_future(statement):
            return True
        if any(isinstance(outer, ast.Try) for outer in syntax.around(statement)):
            return True  # it may be there to see whether it works
        lines = syntax.start(statement), syntax.line_end(syntax.end(statement))
        return any(comment.is_directive for comment in syntax.comments_in(*lines))

    def is_spoken_of(self, name: str, gone: Collection[ast.AST] = ()) -> bool:
        """Whether a string or a type comment may name something: an annotation, an export, a doctest."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        return any(
            word.search(text) and (is_doc or _is_name(text, name))
            for node, text, is_doc in self._strings
            if node not in gone
        ) or any(
            comment.text.startswith("# type:") and word.search(comment.text)
            for comment in self._syntax.comments
        )

    @cached_property
    def _strings(self) -> list[tuple[ast.expr, str, bool]]:
        """The strings of the text, each with whether it holds a doctest; other docstrings are left out."""
        found: list[tuple[ast.expr, str, bool]] = []
        for node in self._syntax.expressions.values():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_doc = ">>>" in node.value
                if is_doc or not isinstance(self._syntax.parents[node], ast.Expr):
                    found.append((node, node.value, is_doc))
        return found


def _is_name(text: str, name: str) -> bool:
    """Whether a text reads as an expression that holds a name."""
    try:
        tree = parsed_expression(text)
    except RefusedError:
        return False
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(tree)
    )
