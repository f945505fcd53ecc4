"""Compares functions and constants by their names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.meaning import A_FUNCTION
from ssot_lint.project import Project
from ssot_lint.rules._alike import MOST_RELATED, module_of
from ssot_lint.rules._constants import homes_of

_EMPTY = frozenset(("None", "True", "False", "0", "1", "0.0", "1.0", "''", "b''", "Ellipsis"))
_ONE_CHARACTER = re.compile(r"""b?(['"])\\?.\1""")  # text, as `repr` writes it


class Named(NamedTuple):
    """A function at the top of a module, or a constant of a module or class."""

    path: str
    qualname: str
    span: Span
    value: str  # of a constant, as `repr` writes it; "" for a function

    @property
    def name(self) -> str:
        """The simple name."""
        return self.qualname.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """The simple name of the class that holds it, or ""."""
        return self.qualname.rpartition(".")[0].rpartition(".")[2]

    @property
    def is_member(self) -> bool:
        """Whether a class holds it."""
        return "." in self.qualname


class _Home(NamedTuple):
    """The one place of something canonical."""

    symbol: str
    named: Named
    is_single: bool  # canonical whatever its value


def functions_in(file: File) -> Iterator[Named]:
    """The functions at the top of a file."""
    for entry in file.bodies.functions:
        if entry.qualname == entry.name:
            yield Named(file.path, entry.name, entry.span, "")


def constants_in(file: File) -> Iterator[Named]:
    """The constants of a file and its classes."""
    for entry in file.outline.constants:
        yield Named(file.path, entry.name, entry.span, entry.value)


def of_same_name(named: Iterable[Named], others: Mapping[str, Sequence[Named]]) -> Iterator[Problem]:
    """Yields what has its name in other modules, too; `others` holds everything of the tree by name."""
    for one in named:
        found = _elsewhere(one, others.get(one.qualname, ()))
        if found:
            yield _problem(one, "name", f"`{one.name}` is also defined in", found)


def of_same_value(named: Iterable[Named], project: Project) -> Iterator[Problem]:
    """Yields the constants that modules other than their own give the same name and value."""
    telling = [one for one in named if _is_telling_constant(one)]
    if telling:
        others = project.once(("constants by name and value",), lambda: _by_name_and_value(project))
        for one in telling:
            found = _elsewhere(one, others.get((one.qualname, one.value), ()))
            if found:
                yield _problem(one, "value", f"`{one.name}` has the same value in", found)


def away_from_home(named: Iterable[Named], project: Project, canonical: tuple[str, ...]) -> Iterator[Problem]:
    """Yields what is canonical in one place and defined again in another.

    Two that are canonical in one module are both at home, such as members of two enums.
    """
    homes = project.once(("canonical functions and constants", canonical), lambda: _homes(project, canonical))
    for one in named:
        found = homes.get(one.name, ())
        is_home = any(home.named == one for home in found)
        for home in found:
            if _defines_again(one, home) and not (is_home and home.named.path == one.path):
                related = Related(home.named.path, home.named.span, f"the home of `{home.symbol}`")
                message = f"`{one.qualname}` is defined again, its home is `{home.symbol}`"
                yield Problem(one.span, message, ("canonical", home.symbol), (related,))
                break


def _defines_again(one: Named, home: _Home) -> bool:
    there = home.named
    if _is_one_thing(one, there) or one.is_member is not there.is_member:
        return False
    if one.is_member:
        return (
            one.value == there.value and _tells(one.value) and (_is_special(one) or one.owner == there.owner)
        )
    return home.is_single or (one.value == there.value and one.value not in _EMPTY)


def _homes(project: Project, canonical: tuple[str, ...]) -> Mapping[str, Sequence[_Home]]:
    homes = [
        _Home(
            home.symbol,
            Named(home.path, home.constant.name, home.constant.span, home.constant.value),
            home.is_single,
        )
        for home in homes_of(project, canonical)
    ]
    for symbol in canonical:
        for meaning in project.symbol(symbol):
            if meaning.kind == A_FUNCTION:
                there = functions_in(project.file(meaning.path))
                homes += (_Home(symbol, each, True) for each in there if each.qualname == meaning.name)
    found: dict[str, list[_Home]] = {}
    for home in homes:
        found.setdefault(home.named.name, []).append(home)
    return found


def _by_name_and_value(project: Project) -> Mapping[tuple[str, str], Sequence[Named]]:
    found: dict[tuple[str, str], list[Named]] = {}
    for each in chain.from_iterable(project.every(("telling constants",), _telling_constants)):
        found.setdefault((each.qualname, each.value), []).append(each)
    return found


def _telling_constants(file: File) -> list[Named]:
    return list(filter(_is_telling_constant, constants_in(file)))


def _is_telling_constant(one: Named) -> bool:
    return (
        not one.is_member
        and one.name.isupper()
        and _tells(one.value)
        and _is_special(one)
        and not _ONE_CHARACTER.fullmatch(one.value)
    )


def _tells(value: str) -> bool:
    """Whether two that have a value have it for one reason: text, or a number that is not round."""
    return value not in _EMPTY and len(value.replace(".", "").strip("0")) > 2


def _is_special(one: Named) -> bool:
    """Whether a value is more than its name in one word: many enums have `ERROR = "error"`."""
    return "_" in one.name or one.value.removeprefix("b")[1:-1].lower() != one.name.lower()


def _elsewhere(one: Named, others: Iterable[Named]) -> list[Named]:
    """All others, if one of them is in another module."""
    found = [other for other in others if (other.path, other.span) != (one.path, one.span)]
    return found if any(not _is_one_thing(one, other) for other in found) else []


def _is_one_thing(one: Named, other: Named) -> bool:
    return one.qualname == other.qualname and module_of(one.path) == module_of(other.path)


def _problem(one: Named, mode: str, message: str, others: Sequence[Named]) -> Problem:
    first = f"{others[0].path}:{others[0].span.line}"
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    related = tuple(Related(each.path, each.span, f"another `{one.name}`") for each in others[:MOST_RELATED])
    return Problem(one.span, f"{message} {first}{more}", (mode, one.name), related)
