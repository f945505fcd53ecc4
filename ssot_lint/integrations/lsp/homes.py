"""Where to go from a finding: to the other places it speaks of, or to what is canonical instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssot_lint.config import Config, Instance
from ssot_lint.finding import Finding, Span
from ssot_lint.meaning import A_CLASS, A_FUNCTION, A_MODULE, A_VALUE, Meaning
from ssot_lint.project import Project

_TOP = Span(1, 1, 1, 1)


class Home(NamedTuple):
    """A place in the project."""

    path: str
    span: Span


def instances_of(finding: Finding, config: Config) -> list[Instance]:
    """The instances that may have made a finding: those of its rule and name."""
    return [
        instance
        for instance in config.instances
        if instance.rule.id == finding.rule and instance.options.name == finding.name
    ]


def homes(finding: Finding, config: Config, project: Project) -> list[Home]:
    """Where a finding leads to, nothing where that is not in the tree."""
    if finding.related:
        return [Home(related.path, related.span) for related in finding.related]
    for symbol in _symbols(finding, config):
        found = [home for meaning in project.symbol(symbol, finding.path) for home in _home(meaning, project)]
        if found:
            return found
    return []


def _symbols(finding: Finding, config: Config) -> Iterator[str]:
    """Names of what is canonical, the likeliest first: what the finding is about, what its instance names."""
    for _, options, _ in (instances := instances_of(finding, config)):
        if options.use and f"`{options.use}`" in finding.message:
            yield options.use
    canonical = [symbol for instance in instances for symbol in instance.rule.symbols(instance.options)]
    yield from (word for word in finding.subject if word in canonical)
    yield from (
        word for word in finding.subject if "." in word and f"its home is `{word}`" in finding.message
    )
    yield from (symbol for symbol in canonical if f"`{symbol}`" in finding.message)
    if len(canonical) == 1:
        yield from canonical


def _home(meaning: Meaning, project: Project) -> Iterator[Home]:
    if meaning.kind == A_MODULE and meaning.path in project.outlines:
        yield Home(meaning.path, _TOP)
    elif meaning.kind == A_CLASS:
        yield from (Home(meaning.path, each.span) for each in project.classes_at(meaning.path, meaning.name))
    elif meaning.kind == A_FUNCTION:
        functions = project.file(meaning.path).bodies.functions
        yield from (Home(meaning.path, each.span) for each in functions if each.qualname == meaning.name)
    elif meaning.kind == A_VALUE:
        constants = project.outlines[meaning.path].constants
        found = [each.span for each in constants if each.name == meaning.name]
        yield from (Home(meaning.path, span) for span in found or [_TOP])
