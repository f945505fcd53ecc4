"""What fixes come to in one text: which syntax nodes change, and how."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ssot_lint.finding import IMPORT
from ssot_lint.fix.imports import (
    DEFINITIONS,
    Definition,
    Home,
    added_to,
    changed,
    import_text,
    name_of,
    with_alias,
)
from ssot_lint.fix.merging import has_already, takers
from ssot_lint.fix.names import Names
from ssot_lint.fix.placing import Placing
from ssot_lint.fix.removal import first_offset, removals
from ssot_lint.fix.source_text import RefusedError, Splice, united
from ssot_lint.fix.steps import Step
from ssot_lint.fix.syntax import Syntax

_WORD = re.compile(r"\w+")


class Replacement(NamedTuple):
    """What an expression becomes: a reference to a symbol and what follows it."""

    home: Home
    reference: str
    rest: str

    @property
    def text(self) -> str:
        """The new expression."""
        return self.reference + self.rest


@dataclass
class Plan:
    """The nodes of a text that change, all fixes taken together."""

    homes: dict[ast.alias, Home] = field(default_factory=dict)  # names that are imported from elsewhere
    replaced: dict[ast.expr, Replacement] = field(default_factory=dict)
    chains: dict[ast.expr, str] = field(default_factory=dict)  # `a.b`, where `import a.b` gets a new home
    texts: list[Splice] = field(default_factory=list)
    removed: list[ast.stmt] = field(default_factory=list)
    imported: dict[Definition, Home] = field(default_factory=dict)  # definitions that become imports
    gone: set[ast.alias] = field(default_factory=set)  # imports that nothing needs any more
    added: list[Home] = field(default_factory=list)  # new imports of the module
    taken_over: set[Home] = field(default_factory=set)  # those of them that definitions gave way to
    above: ast.stmt | None = None  # the statement of the module that needs them first

    def add(self, home: Home, user: ast.stmt) -> None:
        """Lets the module import something above a statement of it."""
        if home not in self.added:
            self.added.append(home)
        if self.above is None or user.lineno < self.above.lineno:
            self.above = user


def planned(syntax: Syntax, steps: Sequence[Step], may_go: Callable[[str], bool] | None) -> Plan:
    """What some edits come to together; raises RefusedError where one of them cannot be made."""
    plan = Plan()
    for step in steps:
        if isinstance(step.node, ast.alias):
            plan.homes[step.node] = Home.of(step.symbol)
        elif isinstance(step.node, DEFINITIONS) and step.kind == IMPORT:
            _import_definition(syntax, step.node, Home.of(step.symbol), plan)
        elif isinstance(step.node, ast.stmt):
            plan.removed.append(step.node)
        elif step.node is None:
            plan.texts.append(Splice(step.start, step.end, step.text))
    names = Names(syntax, plan.homes)
    for step in steps:
        if isinstance(step.node, ast.expr):
            plan.replaced[step.node] = _replacement(names, step.node, step, plan)
    for alias in plan.homes:
        plan.chains.update(_chains(syntax, names, alias, plan))
    _drop(syntax, names, plan, may_go)
    return plan


def _import_definition(syntax: Syntax, node: Definition, home: Home, plan: Plan) -> None:
    """A definition of the module that alone gives the name goes to the imports, any other becomes one."""
    module = syntax.binders.module
    is_alone = len(module.bindings.get(node.name, ())) == 1 and node.name not in module.variables
    if is_alone and isinstance(syntax.parents[node], ast.Module) and node.name == home.name:
        plan.removed.append(node)
        plan.taken_over.add(home)
        plan.add(home, node)
    else:
        plan.imported[node] = home


def _replacement(names: Names, node: ast.expr, step: Step, plan: Plan) -> Replacement:
    home = Home.of(step.symbol)
    known = next(names.references(home, node), "")
    if known:
        return Replacement(home, known, step.text)
    names.check_free(home, node)
    if any(each.name == home.name and each != home for each in plan.added):
        raise RefusedError(f"`{home.name}` would mean two things in this file")
    plan.add(home, names.top_statement(node))
    return Replacement(home, home.name, step.text)


def _chains(syntax: Syntax, names: Names, alias: ast.alias, plan: Plan) -> Iterator[tuple[ast.expr, str]]:
    """The places that name a module which `import a.b` brings in, with the new name of the module."""
    if alias.asname or "." not in alias.name or not isinstance(syntax.parents[alias], ast.Import):
        return
    new = plan.homes[alias].dotted
    root, new_root = alias.name.partition(".")[0], new.partition(".")[0]
    found = names.only_binding(root)
    if found is None or names.is_spoken_of(root):
        raise RefusedError(f"`{root}` may mean more than this import")
    if root != new_root and not names.is_unknown(new_root):
        raise RefusedError(f"`{new_root}` means something else in this file")
    for name in syntax.names.get(root, ()):
        node: ast.expr = name
        for part in alias.name.split(".")[1:]:
            outer = syntax.parents[node]
            if not isinstance(outer, ast.Attribute) or outer.attr != part:
                raise RefusedError(f"`{root}` is used as more than `{alias.name}`")
            node = outer
        if not isinstance(getattr(node, "ctx", None), ast.Load) or syntax.is_in_old_string(node):
            raise RefusedError(f"`{alias.name}` is used where it cannot be replaced")
        if syntax.comments_in(syntax.start(node), syntax.end(node)):
            raise RefusedError(f"`{alias.name}` is spread over lines with comments")
        if not any(each in plan.replaced or each in plan.removed for each in (node, *syntax.around(node))):
            yield node, new


def _drop(syntax: Syntax, names: Names, plan: Plan, may_go: Callable[[str], bool] | None) -> None:
    """Finds the imports that nothing needs any more."""
    without: list[ast.AST] = [*plan.replaced, *plan.removed, *plan.imported]
    for splice in plan.texts:
        without += syntax.expressions_in(splice.start, splice.end)
    used = {below.id for node in without for below in ast.walk(node) if isinstance(below, ast.Name)}
    texts = [each.text for each in plan.replaced.values()] + [each.text for each in plan.texts]
    needed = {word for text in texts for word in _WORD.findall(text)}
    plan.gone.update(each.alias for each in names.unused(sorted(used), without, needed, may_go))


def splices_of(syntax: Syntax, plan: Plan) -> list[Splice]:
    """The changes of the text that a plan comes to, in order."""
    parents = {syntax.parents[alias] for alias in (*plan.homes, *plan.gone)}
    touched = {each for each in parents if isinstance(each, ast.Import | ast.ImportFrom)}
    merged = dict(takers(syntax, plan.homes, {*touched, *plan.removed}))
    homes = {alias: home for alias, home in plan.homes.items() if alias not in merged}
    away = plan.gone.union(merged)
    gone = {each for each in touched if away.issuperset(each.names)}
    found = list(plan.texts)
    for statement in touched - gone:
        found += changed(syntax, statement, homes, away)
    for alias, taker in merged.items():
        if not has_already(taker, alias, plan.homes[alias]):
            found.append(added_to(syntax, taker, name_of(alias, plan.homes[alias])))
    if plan.above is not None:
        placing = Placing(
            syntax,
            plan.above,
            {*touched, *merged.values()},
            gone,
            plan.removed,
            Names(syntax, {}).last_star(),
        )
        found += placing.splices(plan.added)
        gone.difference_update(placing.replaced)
    found += removals(syntax, {*plan.removed, *gone})
    for definition, home in plan.imported.items():
        line = import_text(home, with_alias(home.name, definition.name))
        found.append(Splice(first_offset(syntax, definition), syntax.end(definition), line))
    expressions: dict[ast.expr, str] = dict(plan.chains)
    expressions.update((node, replacement.text) for node, replacement in plan.replaced.items())
    for node, text in expressions.items():
        found.append(_apart(syntax, Splice(syntax.start(node), syntax.end(node), text)))
    return united(found)


def _apart(syntax: Syntax, splice: Splice) -> Splice:
    """A new expression, with a blank where it would run into a word beside it."""
    before = " " if _is_word(syntax.text[splice.start - 1 : splice.start] + splice.text[:1]) else ""
    after = " " if _is_word(splice.text[-1:] + syntax.text[splice.end : splice.end + 1]) else ""
    return splice._replace(text=before + splice.text + after)


def _is_word(pair: str) -> bool:
    return len(pair) == 2 and bool(_WORD.fullmatch(pair))
