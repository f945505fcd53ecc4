"""The enums and modules of constants whose values stand as literals in many files."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import CLASS, FUNCTION
from ssot_lint.file import File
from ssot_lint.project import Project
from ssot_lint.proposals._importers import importers, module_importers, symbol_name
from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.reports import counted
from ssot_lint.rules._constants import homes_of, is_definition, is_enum, text_of
from ssot_lint.rules.literal_has_constant import PLAIN_WORD, LiteralHasConstantOptions

_FEWEST_VALUES = 3  # that are repeated: one or two are a coincidence
_FEWEST_USERS = 5  # files: what fewer import is no home that others would know
_SHARE = 10  # one file imports it for so many that repeat a value: else the values are not its own
_FEWEST_FILES = 3  # with a value: in fewer it is repeated by chance
_TOGETHER = 3  # one in so many of these files has two of the values: else they do not belong together
_NAMED = 20  # a value stands so many times as a literal for each time that it is a name: else it is one
_SHOWN = 5  # values in the evidence, and other homes of them
_POSITIONS = ("compare", "argument", "key", "item", "other")  # all but the definitions of other constants

_REASON = "the constant says what the value means, and knows how it is spelt"

_SPECIFIC = re.compile(r"[A-Za-z]{2,}[-_.:/]+[A-Za-z]{2,}").search
"""Two words at least: a single one, a number or a version means other things elsewhere."""


class _Home(NamedTuple):
    """An enum, a class of constants or a module of constants."""

    symbol: str
    path: str
    users: int  # other files that import it
    values: frozenset[str]  # all that the rule looks for


class _Spread(NamedTuple):
    """Where values stand in the tree."""

    places: Mapping[str, Counter[str]]  # by value and path, as literals; definitions of constants left out
    names: Counter[str]  # by value, as the name of a parameter, function or attribute


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the most imported home of values that are repeated, for each group of values."""
    homes = sorted(_homes(project), key=lambda home: (-home.users, home))
    used = [home for home in homes if home.users >= _FEWEST_USERS]
    spread = _spread(project, frozenset().union(*(home.values for home in used)))
    claimed: set[str] = set()
    for home in used:
        proposal = _proposal(home, homes, spread, claimed)
        if proposal is not None:
            claimed |= home.values
            yield proposal


def _proposal(
    home: _Home, homes: Sequence[_Home], spread: _Spread, claimed: Collection[str]
) -> Proposal | None:
    """The proposal of a home, None where too little speaks for it; others have claimed some values."""
    repeats = {value: _elsewhere(spread.places[value], home) for value in home.values}
    places = {value: found.total() for value, found in repeats.items() if found}
    own = {
        value
        for value in places.keys() - claimed
        if len(repeats[value]) >= _FEWEST_FILES and _is_own(value, places[value], spread)
    }
    others = sorted(
        value
        for value in places.keys() - own
        if value in claimed or not _is_own(value, places[value], spread)
    )
    files = Counter(path for value in own for path in repeats[value])
    together = sum(number > 1 for number in files.values())
    if len(own) < max(_FEWEST_VALUES, len(others)):
        return None
    if home.users * _SHARE < len(files) or together * _TOGETHER < len(files):
        return None
    spread_over = counted(len(files), "file")
    shown = sorted(own, key=lambda value: (-places[value], value))[:_SHOWN]
    allow = {"allow": others} if others else {}
    values = {"constants": [home.symbol], "positions": list(_POSITIONS), **allow, "reason": _REASON}
    return Proposal(
        f"`{home.symbol}` is the home of its values",
        (
            f"{counted(home.users, 'file')} import it",
            f"{len(own)} of its values are literals in {spread_over}, two or more in {together}",
            ", ".join(f"`{value}` {places[value]} times" for value in shown),
            *_rivals([each for each in homes if each is not home and own & each.values]),
        ),
        (Table("literal-has-constant", values),),
        sum(places.values()) - sum(places[value] for value in others),
    )


def _rivals(homes: Sequence[_Home]) -> Iterator[str]:
    if homes:
        some = ", ".join(f"`{each.symbol}` ({each.users})" for each in homes[:_SHOWN])
        yield f"fewer files import {len(homes)} more with some of these values: {some}"


def _elsewhere(places: Counter[str], home: _Home) -> Counter[str]:
    return Counter({path: number for path, number in places.items() if path != home.path})


def _is_own(value: str, places: int, spread: _Spread) -> bool:
    """Whether a value that is repeated means what it means in its home, going by what it looks like."""
    return bool(_SPECIFIC(value)) and spread.names[value] * _NAMED <= places


def _homes(project: Project) -> Iterator[_Home]:
    """Every enum, class or module of constants outside of tests, with the values of which the rule knows."""
    found = [
        (path, qualname)
        for path, outline in sorted(project.outlines.items())
        if len(outline.constants) >= _FEWEST_VALUES and not project.collection(path).is_test_file(path)
        for qualname in _groups(project, path)
    ]
    whole = module_importers(project, (path for path, qualname in found if not qualname))
    for path, qualname in found:
        symbol = symbol_name(project, path, qualname)
        by_symbol = importers(project, path)
        users = by_symbol.get(symbol, frozenset()) if qualname else whole[path].union(*by_symbol.values())
        values = frozenset(filter(_is_looked_for, _values(project, symbol)))
        yield _Home(symbol, path, len(users), values)


def _groups(project: Project, path: str) -> Iterator[str]:
    """The classes of a file that hold nothing but constants, and "" if that is what the file is for."""
    outline = project.outlines[path]
    names: defaultdict[str, list[str]] = defaultdict(list)
    for constant in outline.constants:
        owner, _, name = constant.name.rpartition(".")
        if text_of(constant) is not None and not name.startswith("_"):
            names[owner].append(name)
    for owner, members in names.items():
        if len(members) < _FEWEST_VALUES or "." in owner:
            continue
        if owner:
            methods = {each for entry in project.classes_at(path, owner) for each in entry.methods}
            is_group = is_enum(project, path, owner) or (not methods and all(map(str.isupper, members)))
        else:
            bindings = [each for every in outline.scopes[0].names.values() for each in every]
            is_group = sum(each.kind in (CLASS, FUNCTION) for each in bindings) < len(members)
        if is_group:
            yield owner


def _values(project: Project, symbol: str) -> Iterator[str]:
    for home in homes_of(project, (symbol,)):
        value = text_of(home.constant)
        if value is not None:
            yield value


def _is_looked_for(value: str) -> bool:
    return len(value) >= LiteralHasConstantOptions().min_length and not PLAIN_WORD.fullmatch(value)


def _spread(project: Project, values: frozenset[str]) -> _Spread:
    spread = _Spread(defaultdict(Counter), Counter())
    for file in project.files() if values else ():
        for literal in file.bodies.literals:
            if literal.value in values:
                spread.places[literal.value][file.path] += len(literal.places)
        for constant in file.outline.constants:
            value = text_of(constant)
            if value in values and is_definition(project, file, constant):
                spread.places[value][file.path] -= 1
        spread.names.update(name for name in _names(file) if name in values)
    return _Spread({value: +spread.places[value] for value in values}, spread.names)


def _names(file: File) -> Iterator[str]:
    """What a file calls parameters, functions and attributes, each time that it does."""
    for function in file.bodies.functions:
        yield function.name
        yield from (parameter.name for parameter in function.parameters)
    for entry in file.outline.classes:
        yield from entry.members
    for use in (*file.details.uses, *file.bodies.members):
        yield use.name.rpartition(".")[2]
        for each in use.arguments:
            yield from each.keywords
