"""Proves that a new text differs from the old one in what was to change, and in nothing else.

The new text is read afresh: it compiles, its tree is the old one but for the nodes that were to change,
new references mean what they should, comments are all there, and so are the bytes in between.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from ssot_lint.facts.model import BUILTIN
from ssot_lint.fix.imports import bound_name
from ssot_lint.fix.names import Names
from ssot_lint.fix.plan import Plan
from ssot_lint.fix.proved_blocks import Item, items_expected, items_found, items_without_alias
from ssot_lint.fix.removal import extent, first_offset
from ssot_lint.fix.source_text import RefusedError, SourceText, Splice
from ssot_lint.fix.syntax import Comment, Syntax, parsed_expression

_BLOCKS = frozenset(("body", "orelse", "finalbody"))


def prove(source: SourceText, old: Syntax, data: bytes, plan: Plan, splices: Sequence[Splice]) -> None:
    """Raises RefusedError, naming what differs, where `data` is not the old text with the plan done to it.

    `splices` are the changes, in order, which made `data` of the old text.
    """
    made = SourceText(data)
    new = Syntax(made.text)
    _prove_bytes(source, made, splices)
    _prove_comments(old, new, plan, splices)
    replaced = _Trees(old, new, plan).prove()
    _prove_meanings(new, plan, replaced)


# what is between the changes


def _prove_bytes(old: SourceText, new: SourceText, splices: Sequence[Splice]) -> None:
    if (old.mark, old.encoding) != (new.mark, new.encoding):
        raise RefusedError("the encoding would change")
    if new.text and old.text.endswith("\n") != new.text.endswith("\n"):
        raise RefusedError("the line end at the end of the file would change")
    before = after = 0  # offsets in both texts
    for splice in (*splices, Splice(len(old.text), len(old.text), "")):
        length = splice.start - before
        if length < 0 or old.text[before : splice.start] != new.text[after : after + length]:
            raise RefusedError("text between the changes would change")
        if _ends(old, before, splice.start) != _ends(new, after, after + length):
            raise RefusedError("line ends between the changes would change")
        before, after = splice.end, after + length + len(splice.text)
    if after != len(new.text):
        raise RefusedError("text behind the changes would change")
    if not set(new.line_ends) <= (set(old.line_ends) or {"\n"}):
        raise RefusedError("lines would end in a way that is new in the file")


def _ends(source: SourceText, start: int, end: int) -> list[str]:
    first = source.text.count("\n", 0, start)
    return source.line_ends[first : first + source.text.count("\n", start, end)]


# comments


def _prove_comments(old: Syntax, new: Syntax, plan: Plan, splices: Sequence[Splice]) -> None:
    imports = {old.parents[alias] for alias in (*plan.homes, *plan.gone)}
    gone = [
        extent(old, each)
        for each in imports
        if isinstance(each, ast.Import | ast.ImportFrom) and plan.gone.issuperset(each.names)
    ]
    gone += (extent(old, each) for each in plan.removed)
    gone += ((first_offset(old, each), old.end(each)) for each in plan.imported)
    texts = [(each.start, each.end) for each in plan.texts]
    kept = [each for each in old.comments if not _touches(each, (*gone, *texts))]
    found = [each for each in new.comments if not _touches(each, list(_moved_to(plan.texts, splices)))]
    beside_imports = {
        comment
        for each in imports
        for comment in old.comments_in(old.start(each), old.line_end(old.end(each)))
    }
    carried = {each.text for each in beside_imports}
    repeated = {each.text for each in beside_imports if each.is_directive}
    lost = Counter(each.text for each in kept) - Counter(each.text for each in found)
    lost_in_new = Counter(each.text for each in found if each.text not in repeated)
    lost_in_new -= Counter(each.text for each in old.comments)
    if lost or lost_in_new:
        raise RefusedError(f"the comment `{next(iter(lost or lost_in_new))}` would be lost or changed")
    vanished = {each.text for each in old.comments if _touches(each, gone)}
    free = carried | vanished
    if [each.text for each in kept if each.text not in free] != [
        each.text for each in found if each.text not in free
    ]:
        raise RefusedError("comments would change their order")


def _touches(comment: Comment, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a comment overlaps one of some ranges, or is right beside it."""
    return any(start <= comment.start + len(comment.text) and comment.start <= end for start, end in ranges)


def _moved_to(texts: Sequence[Splice], splices: Sequence[Splice]) -> Iterator[tuple[int, int]]:
    """Where the texts of edits are in the new text."""
    shift = 0
    for splice in splices:
        if splice in texts:
            yield splice.start + shift, splice.start + shift + len(splice.text)
        shift += len(splice.text) - (splice.end - splice.start)


# the syntax tree


class _Trees:
    """Compares the tree of the old text, with the plan done to it, with that of the new one."""

    def __init__(self, old: Syntax, new: Syntax, plan: Plan) -> None:
        self._old = old
        self._new = new
        self._plan = plan
        self._holes = {hole: splice for splice in plan.texts if (hole := _hole(old, splice)) is not None}
        self._without_alias = items_without_alias(old, plan)
        self._replaced: dict[ast.expr, ast.expr] = {}
        self._stack: list[tuple[ast.AST, ast.AST]] = []

    def prove(self) -> dict[ast.expr, ast.expr]:
        """Raises RefusedError where they differ; returns what stands for each expression that is replaced."""
        self._stack = [(self._old.tree, self._new.tree)]
        if ast.get_docstring(self._old.tree, clean=False) != ast.get_docstring(self._new.tree, clean=False):
            raise RefusedError("the docstring of the module would change")
        while self._stack:
            old, new = self._stack.pop()
            if isinstance(old, ast.expr) and (old in self._plan.replaced or old in self._plan.chains):
                self._prove_replaced(old, new)
            elif old in self._holes:
                self._prove_around(old, new, self._holes[old])
            elif old.__class__ is not new.__class__:
                raise self._difference(old)
            else:
                for field in old._fields:
                    self._prove_field(old, field, getattr(old, field, None), getattr(new, field, None))
        return self._replaced

    def _prove_replaced(self, old: ast.expr, new: ast.AST) -> None:
        replacement = self._plan.replaced.get(old)
        text = self._plan.chains[old] if replacement is None else replacement.text
        if not isinstance(new, ast.expr) or ast.dump(parsed_expression(text)) != ast.dump(new):
            raise self._difference(old)
        self._replaced[old] = new

    def _prove_around(self, old: ast.AST, new: ast.AST, splice: Splice) -> None:
        """The node that a TEXT edit is in may change, but not what is in it and apart from the edit."""
        if isinstance(old, ast.expr) and (self._old.start(old), self._old.end(old)) == splice[:2]:
            return
        if old.__class__ is not new.__class__:
            raise self._difference(old)
        apart = [
            child
            for child in ast.iter_child_nodes(old)
            if hasattr(child, "lineno")
            and (self._old.end(child) <= splice.start or splice.end <= self._old.start(child))
        ]
        others = list(ast.iter_child_nodes(new))
        for child in apart:
            same = next((each for each in others if ast.dump(each) == ast.dump(child)), None)
            if same is None:
                raise self._difference(child)
            del others[: others.index(same) + 1]

    def _prove_field(self, node: ast.AST, field: str, old: object, new: object) -> None:
        if isinstance(old, list) and isinstance(new, list):
            if field in _BLOCKS:
                self._prove_block(node, old, new)
            elif len(old) != len(new):
                raise self._difference(node)
            else:
                for one, other in zip(old, new):
                    self._prove_field(node, "", one, other)
        elif isinstance(old, ast.AST) and isinstance(new, ast.AST):
            self._stack.append((old, new))
        elif old.__class__ is not new.__class__ or repr(old) != repr(new):
            raise self._difference(node)

    def _prove_block(self, node: ast.AST, old: list[ast.stmt], new: list[ast.stmt]) -> None:
        expected = list(items_expected(old, self._plan, self._without_alias))
        if old and not expected and not isinstance(node, ast.Module):
            if [each.__class__ for each in new] != [ast.Pass]:
                raise self._difference(node)
            return
        found = list(items_found(new))
        if isinstance(node, ast.Module):
            found = self._without_added(found)
        runs, new_runs = _runs(expected), _runs(found)
        if len(runs) != len(new_runs):
            raise self._difference(node)
        for one, other in zip(runs, new_runs):
            if isinstance(one, ast.stmt) and isinstance(other, ast.stmt):
                self._stack.append((one, other))
            elif one != other:
                raise RefusedError(f"imports would change in another way than they should: {other}")

    def _without_added(self, found: list[Item | ast.stmt]) -> list[Item | ast.stmt]:
        for home in self._plan.added:
            item = Item("from" if home.module else "import", 0, home.module, home.name, None)
            if item not in found:
                raise RefusedError(f"the import of `{home.name}` is missing")
            found.remove(item)
        return found

    def _difference(self, node: ast.AST) -> RefusedError:
        line = next((n.lineno for n in (node, *self._old.around(node)) if hasattr(n, "lineno")), 1)
        return RefusedError(f"the code on line {line} would change in another way than it should")


def _runs(items: list[Item | ast.stmt]) -> list[list[Item] | ast.stmt]:
    """Statements in order, with the imports between two of them together: these may change places.

    Those that bind the same name may not, and the same one twice is as good as once.
    """
    found: list[list[Item] | ast.stmt] = []
    for is_import, group in groupby(items, lambda item: isinstance(item, Item)):
        if is_import:
            imports = sorted((each for each in group if isinstance(each, Item)), key=lambda item: item.bound)
            found.append([item for item, _ in groupby(imports)])
        else:
            found += (each for each in group if isinstance(each, ast.stmt))
    return found


def _hole(old: Syntax, splice: Splice) -> ast.AST | None:
    """The smallest node that a TEXT edit is in; None where it is in a comment."""
    inside = old.text[splice.start : splice.end]
    for comment in old.comments_in(old.line_start(splice.start), old.line_end(splice.end) + 1):
        inside_start = max(splice.start, comment.start) - splice.start
        inside_end = min(splice.end, comment.start + len(comment.text)) - splice.start
        if inside_start < inside_end:
            inside = inside[:inside_start] + " " * (inside_end - inside_start) + inside[inside_end:]
        elif splice.start == splice.end and comment.start < splice.start <= comment.start + len(comment.text):
            return None
    if not inside.strip() and splice.end > splice.start:
        return None
    candidates: list[ast.AST] = [
        node
        for node in ast.walk(old.tree)
        if hasattr(node, "lineno") and old.start(node) <= splice.start and splice.end <= old.end(node)
    ]
    if not candidates:
        raise RefusedError("a new text would reach over several statements")
    return min(candidates, key=lambda node: old.end(node) - old.start(node))


# what new references mean


def _prove_meanings(new: Syntax, plan: Plan, replaced: dict[ast.expr, ast.expr]) -> None:
    names = Names(new, {})
    ours: set[ast.AST] = set()
    for old, replacement in plan.replaced.items():
        node = replaced.get(old)
        if node is None:
            raise RefusedError("an expression that was to be replaced is gone")
        if replacement.reference not in names.references(replacement.home, node):
            raise RefusedError(f"`{replacement.reference}` would mean something else")
        ours.update(ast.walk(node))
    for alias in plan.gone:
        bound = bound_name(alias)
        if any(new.binders.home_at(bound, each) == BUILTIN for each in new.names.get(bound, ())):
            raise RefusedError(f"the import of `{bound}` is still needed")
    for home in set(plan.added) - plan.taken_over:
        for name in new.names.get(home.name, ()):
            if name not in ours and new.binders.home_at(home.name, name) == 0:
                raise RefusedError(f"`{home.name}` would mean something else on line {name.lineno}")
