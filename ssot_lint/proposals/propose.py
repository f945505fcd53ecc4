"""Gathers what all kinds of proposals have to say about a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ssot_lint.project import Project
from ssot_lint.proposals import bases, copies, environments, keys, literals, mocks, paths, runners
from ssot_lint.proposals.proposal import Proposal, Table

_KINDS: tuple[Callable[[Project], Iterable[Proposal]], ...] = (
    bases.propose,
    runners.propose,
    environments.propose,
    mocks.propose,
    paths.propose,
    copies.propose,
    keys.propose,
    literals.propose,
)

_MOST_OF_A_KIND = 10  # are worth a first look; whoever wants all of them asks for all


class Proposed(NamedTuple):
    """Proposals, those with the most strays first."""

    proposals: tuple[Proposal, ...]
    left_out: int  # how many more there are, each with fewer strays than others of its kind


def propose(project: Project, *, wants_all: bool) -> Proposed:
    """What the tree shows to have a home; of each kind those with the most strays, unless all are wanted."""
    kept: list[Proposal] = []
    left_out = 0
    for kind in _KINDS:
        found = sorted(kind(project), key=_weight)
        shown = found if wants_all else found[:_MOST_OF_A_KIND]
        kept += shown
        left_out += len(found) - len(shown)
    return Proposed(tuple(sorted(merged(kept), key=_weight)), left_out)


def merged(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals, of which those about one symbol have become one."""
    found: list[Proposal] = []
    for proposal in proposals:
        symbols = set(_symbols(proposal))
        index = next((i for i, other in enumerate(found) if symbols & set(_symbols(other))), None)
        if index is None:
            found.append(proposal)
        else:
            found[index] = _joined(found[index], proposal)
    return found


def _weight(proposal: Proposal) -> tuple[int, str]:
    return -proposal.strays, proposal.title


def _symbols(proposal: Proposal) -> Iterator[str]:
    return filter(None, map(_symbol, proposal.tables))


def _symbol(table: Table) -> str:
    """The symbol that a table speaks of, "" if it may join no other."""
    if table.name == "canonical":
        return str(table.values["symbol"])
    return str(table.values["symbols"][0]) if table.name == "noncanonical-import" else ""


def _joined(one: Proposal, other: Proposal) -> Proposal:
    return Proposal(
        f"{one.title}; {other.title}",
        (*one.evidence, *(line for line in other.evidence if line not in one.evidence)),
        tuple(_joined_tables((*one.tables, *other.tables))),
        one.strays + other.strays,
    )


def _joined_tables(tables: Iterable[Table]) -> list[Table]:
    found: list[Table] = []
    for table in tables:
        symbol = _symbol(table)
        index = next((i for i, each in enumerate(found) if symbol and _symbol(each) == symbol), None)
        if index is not None:
            found[index] = _joined_table(found[index], table)
        elif table not in found:
            found.append(table)
    return found


def _joined_table(one: Table, other: Table) -> Table:
    """Two tables about one symbol as one; if either is canonical, so is that."""
    if one.name != "canonical" and other.name == "canonical":
        one, other = other, one
    values: dict[str, Any] = dict(one.values)
    for key, given in other.values.items():
        known = values.get(key)
        if isinstance(known, list):
            values[key] = [*known, *(each for each in given if each not in known)]
        elif known is None and key != "symbols":
            values[key] = given
    return Table(one.name, values)
