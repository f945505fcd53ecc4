"""The order in which Python asks classes for their members (C3), as far as a tree tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Class
from ssot_lint.meaning import A_CLASS, EXTERNAL
from ssot_lint.project import Project

Place = tuple[str, str]  # path and qualname; the path is "" for what is not in the tree

_OBJECT = "builtins.object"


class Order(NamedTuple):
    """The order of a class with all above it."""

    places: tuple[Place, ...]
    is_sure: bool  # False: classes outside the tree, or metaclasses, may have a say in it


def order_of(project: Project, path: str, entry: Class, places: Sequence[Place | None]) -> Order | None:
    """The order of a class of a file that has the given bases, where None is one that nobody knows.

    None where Python would refuse to make the class.
    """
    return _merged(project, (path, entry.qualname), bool(entry.keywords), places, ())


def _of_class(project: Project, place: Place, below: tuple[Place, ...]) -> Order | None:
    path, qualname = place
    entries = project.classes_at(path, qualname) if path else ()
    if len(entries) != 1 or place in below:
        return Order((place,), not path)
    bases: list[Place | None] = []
    for base in entries[0].bases:
        found = project.base_meanings(path, base)
        is_one = len(found) == 1 and found[0].kind in (A_CLASS, EXTERNAL)
        bases.append((found[0].path, found[0].name) if is_one else None)
    return _merged(project, place, bool(entries[0].keywords), bases, (*below, place))


def _merged(
    project: Project,
    place: Place,
    has_keywords: bool,
    bases: Sequence[Place | None],
    below: tuple[Place, ...],
) -> Order | None:
    known = [base for base in bases if base is not None and base != ("", _OBJECT)]
    orders = [_of_class(project, base, below) for base in known]
    if None in orders or len(set(known)) < len(known):
        return None
    rows = [list(order.places) for order in orders if order is not None]
    merged = _merge([*rows, list(known)])
    if merged is None:
        return None
    outside = {each for row in rows for each in row if not each[0]}
    is_sure = (
        not has_keywords
        and len(known) == len(bases)
        and all(order is not None and order.is_sure for order in orders)
    )
    # One class leads to one order, whatever is above it; two from outside may be related to each other.
    return Order((place, *merged), is_sure and (len(bases) < 2 or len(outside) < 2))


def _merge(rows: list[list[Place]]) -> list[Place] | None:
    """The merge of C3: each place once, before all that any row has behind it; None where there is none."""
    found: list[Place] = []
    while rows := [row for row in rows if row]:
        later = {place for row in rows for place in row[1:]}
        first = next((row[0] for row in rows if row[0] not in later), None)
        if first is None:
            return None
        found.append(first)
        rows = [[place for place in row if place != first] for row in rows]
    return found
