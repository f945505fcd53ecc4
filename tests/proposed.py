"""Trees of a few files, and what one kind of proposal makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from lint_examples import findings

from ssot_lint.facts.extract import extract
from ssot_lint.file import InMemory
from ssot_lint.files import PathPatterns
from ssot_lint.finding import Finding
from ssot_lint.project import Project
from ssot_lint.proposals.proposal import Proposal, Table


def project(files: Mapping[str, str]) -> Project:
    """A project of texts by path."""
    facts = {path: extract(text.encode()) for path, text in files.items()}
    return Project({path: found.outline for path, found in facts.items()}, InMemory(facts), matches=_matches)


def _matches(patterns: tuple[str, ...], path: str) -> bool:
    return PathPatterns(patterns).match(path)


def values(table: Table) -> dict[str, object]:
    """What a table says besides its reason, which none may lack that says anything of its own."""
    assert table.values["reason"]
    return {key: value for key, value in table.values.items() if key != "reason"}


def tables(
    propose: Callable[[Project], Iterable[Proposal]], files: Mapping[str, str]
) -> list[tuple[str, dict[str, object]]]:
    """The tables that a kind of proposal has for a tree, the reasons left out."""
    return [
        (table.name, values(table) if table.name and table.values else dict(table.values))
        for proposal in propose(project(files))
        for table in proposal.tables
    ]


def found(proposal: Proposal, files: Mapping[str, str]) -> list[Finding]:
    """What the rules of a proposal's tables, written into a configuration, find in a tree."""
    text = "".join(
        f"[[{table.name}]]\n"
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.values.items())
        for table in proposal.tables
    )
    return [finding for table in proposal.tables for finding in findings(text, files, table.name)]
