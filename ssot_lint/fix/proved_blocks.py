"""The statements of a block as a proof compares them: imports name by name, all others as they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.fix.imports import DEFINITIONS, Home
from ssot_lint.fix.plan import Plan
from ssot_lint.fix.source_text import Splice
from ssot_lint.fix.syntax import Syntax


class Item(NamedTuple):
    """One name of an import statement."""

    kind: str  # "import" or "from"
    level: int
    module: str  # "" for "import"
    name: str
    alias: str | None

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.alias or (self.name.partition(".")[0] if self.kind == "import" else self.name)


def items_without_alias(syntax: Syntax, plan: Plan) -> dict[ast.alias, Item]:
    """What is left of names that new texts take a needless alias from: `import a` of `import a as a`."""
    return {
        alias: item
        for alias in syntax.aliases.values()
        for splice, item in _without_alias(syntax, alias)
        if splice in plan.texts
    }


def _without_alias(syntax: Syntax, alias: ast.alias) -> Iterator[tuple[Splice, Item]]:
    statement = syntax.parents[alias]
    package, _, last = alias.name.rpartition(".")
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    if alias.asname == alias.name:
        splice = Splice(syntax.start(alias), syntax.end(alias), alias.name)
        yield splice, _item(statement, alias)._replace(alias=None)
    elif package and alias.asname == last and len(statement.names) == 1:
        text = f"from {package} import {last}"
        yield (
            Splice(syntax.start(statement), syntax.end(statement), text),
            Item("from", 0, package, last, None),
        )


def items_found(body: Iterable[ast.stmt]) -> Iterator[Item | ast.stmt]:
    """The statements of a block."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield from (_item(statement, alias) for alias in statement.names)
        else:
            yield statement


def items_expected(
    body: Iterable[ast.stmt], plan: Plan, without_alias: Mapping[ast.alias, Item]
) -> Iterator[Item | ast.stmt]:
    """The statements of a block as a plan leaves them."""
    for statement in body:
        if statement in plan.removed:
            continue
        if isinstance(statement, DEFINITIONS) and statement in plan.imported:
            yield _from_home(Item("from", 0, "", statement.name, None), plan.imported[statement])
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            if statement not in plan.imported:
                yield statement
            continue
        for alias in statement.names:
            if alias in plan.homes:
                yield _from_home(_item(statement, alias), plan.homes[alias])
            elif alias not in plan.gone:
                yield without_alias.get(alias) or _item(statement, alias)


def _item(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> Item:
    if isinstance(statement, ast.Import):
        return Item("import", 0, "", alias.name, alias.asname)
    return Item("from", statement.level, statement.module or "", alias.name, alias.asname)


def _from_home(item: Item, home: Home) -> Item:
    """The same name of the file, from another home."""
    if item.kind == "import":
        is_dotted = item.alias is None and "." in item.name
        return Item("import", 0, "", home.dotted, None if is_dotted else _alias(item, home.dotted))
    if not home.module:
        return Item("import", 0, "", home.name, _alias(item, home.name))
    module = home.module.lstrip(".")
    return Item("from", len(home.module) - len(module), module, home.name, _alias(item, home.name))


def _alias(item: Item, name: str) -> str | None:
    return item.alias or (None if name == item.bound else item.bound)
