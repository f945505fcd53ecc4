"""Runs the examples of rules: tiny projects that have their expected findings marked on the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ssot_lint.catalogue import OWN_RULES, Catalogue
from ssot_lint.config import parse
from ssot_lint.engine import Result, lint_texts
from ssot_lint.rules import Example, Rule

CONFIG = "ssot-lint.toml"

_MARK = re.compile(r"[ \t]*# \[([a-z][a-z0-9, -]*)\]$", re.MULTILINE)


class Place(NamedTuple):
    """Where a rule finds something in an example."""

    path: str
    line: int
    rule: str


class Failure(NamedTuple):
    """An example that does not come out as its rule says."""

    title: str
    reasons: tuple[str, ...]


class Outcome(NamedTuple):
    """What became of the examples of a rule."""

    rule: Rule
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> int:
        """The number of examples that came out as the rule says."""
        return len(self.rule.bad) + len(self.rule.good) - len(self.failures)


def run(catalogue: Catalogue) -> Iterator[Outcome]:
    """Run every example of every rule.

    An example knows our own rules and those of its own plugin: what other plugins find is nothing to it.
    """
    known = {rule.id: Catalogue((plugin,)) for plugin in catalogue.plugins for rule in plugin.rules}
    for rule in catalogue.rules:
        yield Outcome(rule, tuple(_failures(rule, known.get(rule.id, OWN_RULES))))


def expected(example: Example) -> set[Place]:
    """The places that are marked."""
    return {
        Place(path, number, rule.strip())
        for path, text in example.files.items()
        for number, line in enumerate(text.split("\n"), 1)
        for match in _MARK.finditer(line)
        for rule in match[1].split(",")
    }


def without_marks(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files as a user would have them."""
    return {path: _MARK.sub("", text) for path, text in files}


def lint(example: Example, rules: Catalogue = OWN_RULES) -> Result:
    """What the engine finds in an example."""
    files = without_marks(example.files.items())
    config = parse(files.pop(CONFIG, ""), CONFIG if CONFIG in example.files else "", rules=rules)
    return lint_texts(config, {path: text.encode() for path, text in files.items()})


def found(result: Result) -> set[Place]:
    """The places that the engine reports."""
    return {Place(finding.path, finding.span.line, finding.rule) for finding in result.findings}


def _failures(rule: Rule, rules: Catalogue) -> Iterator[Failure]:
    for kind, examples in (("bad", rule.bad), ("good", rule.good)):
        for example in examples:
            try:
                reasons = tuple(_reasons(rule, kind, example, rules))
            except Exception as error:
                reasons = (f"ended with {type(error).__name__}: {error}",)
            if reasons:
                yield Failure(f"{kind} example: {example.title}", reasons)


def _reasons(rule: Rule, kind: str, example: Example, rules: Catalogue) -> Iterator[str]:
    """Say how an example differs from what it promises."""
    marked, reported = expected(example), found(lint(example, rules))
    if kind == "bad" and not any(place.rule == rule.id for place in marked):
        yield f"no line is marked `# [{rule.id}]`"
    if kind == "good":  # what other rules find in it does not matter
        reported = {place for place in reported if place.rule == rule.id}
    for path, line, name in sorted(marked - reported):
        yield f"{path}:{line}: expected `{name}`, found nothing of it"
    for path, line, name in sorted(reported - marked):
        yield f"{path}:{line}: expected nothing of `{name}`, found it"
