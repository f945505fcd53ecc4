"""Finds classes whose bodies are equal, or nearly so, under any name.

*Why is this bad?* A copy under another name is found by no search: a fix reaches one of the two, and they
drift apart until nobody knows which of the differences are meant.

*Use instead* one class that both places import; for what differs, a parameter or a base class.

*Limits* Bodies are compared without docstrings, comments and layout. Bases and decorators do not count. How
much of two bodies is the same is estimated from a sample of their parts, within about 5 percent; what has
fewer than 60 tokens is compared for equality alone. Of hundreds of nearly equal bodies not all are compared,
and at most 100 places are listed with each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Literal

from ssot_lint.facts.model import Class
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._alike import (
    Definition,
    Match,
    alikes_with,
    are_one_thing,
    contradictions,
    definitions_in,
    module_of,
    problem,
)
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option


@dataclass(frozen=True, kw_only=True)
class ClonedClassOptions(Options):
    """What `[[cloned-class]]` can be told."""

    classes: tuple[str, ...] = option(
        "names of the classes to look at", default=("*",), example='["*Manager"]'
    )
    exempt: tuple[str, ...] = option("names of classes that may be like others", example='["Migration"]')
    similarity: int = option(
        "how much of two bodies must be the same, in percent; 100 for equal bodies only", default=90
    )
    same_name: Literal["exclude", "include"] = option(
        "classes of one name with equal bodies: left to `duplicate-class`, or reported here too",
        default="exclude",
    )
    min_lines: int = option("the fewest lines of a class that is compared", default=10)
    min_tokens: int = option("the fewest tokens of its body, docstrings left out", default=30)


def check(file: File, project: Project, options: ClonedClassOptions) -> Iterator[Problem]:
    """Yields every selected class of the file that is like another one, with all other places."""
    large = _large_classes(options, file)
    if not large:
        return
    key = ("cloned-class", options.min_lines, options.min_tokens)
    alikes = alikes_with(file, project, key, partial(_large_classes, options), options.similarity)
    for one in large:
        if _is_selected(one.name, options):
            matches = [match for match in alikes.matches(one) if _counts(one, match, options)]
            if matches:
                yield problem(one, matches)


def _large_classes(options: ClonedClassOptions, file: File) -> list[Definition]:
    return definitions_in(file.path, (entry for entry in file.outline.classes if _is_large(entry, options)))


def _is_large(entry: Class, options: ClonedClassOptions) -> bool:
    return entry.size >= options.min_tokens and entry.end_line - entry.line + 1 >= options.min_lines


def _is_selected(name: str, options: ClonedClassOptions) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in options.classes) and not any(
        fnmatchcase(name, pattern) for pattern in options.exempt
    )


def _counts(one: Definition, match: Match, options: ClonedClassOptions) -> bool:
    if are_one_thing(one, match.other):
        return False
    return options.same_name == "include" or not _is_duplicate_class(one, match)


def _is_duplicate_class(one: Definition, match: Match) -> bool:
    """Whether `duplicate-class` reports the two."""
    other = match.other
    return match.percent == 100 and other.name == one.name and module_of(other.path) != module_of(one.path)


def _contradictions(options: ClonedClassOptions) -> Iterator[Contradiction]:
    yield from contradictions(options.similarity)
    for index, pattern in enumerate(options.classes):
        if any(fnmatchcase(pattern, other) for other in options.exempt):
            yield Contradiction(("classes", index), f"`exempt` leaves out all of `{pattern}`")


_STEPS = """\
    def __init__(self, rows):
        self.rows = rows
        self.open = True

    def totals(self, currency, rate):
        found = {}
        for row in self.rows:
            if row.currency == currency:
                found[row.name] = round(float(row.amount) * rate, 2)
            elif row.is_open():
                found.setdefault(row.name, convert(row.amount, row.currency, currency))
        return dict(sorted(found.items(), key=first))

    def report(self, path, title):
        with open(path, "w") as stream:
            stream.write(title.upper().center(80))
            for name, total in self.totals("EUR", rate("EUR")).items():
                stream.write(name.ljust(20) + str(total).rjust(12))
        log.info("written", path=path, rows=len(self.rows))
"""

RULE = Rule(
    id="cloned-class",
    code="SST302",
    options=ClonedClassOptions,
    check=check,
    doc=__doc__,
    contradictions=_contradictions,
    bad=(
        Example(
            "the same body under two names, and nearly the same under a third",
            {
                "ssot-lint.toml": "[[cloned-class]]\n",
                "shop/orders.py": "class OrderReport:  # [cloned-class]\n" + _STEPS,
                "shop/refunds.py": "class RefundSheet:  # [cloned-class]\n" + _STEPS,
                "shop/archive.py": (
                    "class ArchiveReport:  # [cloned-class]\n" + _STEPS.replace('"written"', '"archived"')
                ),
            },
        ),
    ),
    good=(
        Example(
            "another body, a small class, and one name for both, which is for `duplicate-class`",
            {
                "ssot-lint.toml": "[[cloned-class]]\n",
                "shop/orders.py": "class OrderReport:\n" + _STEPS + "class NotFound(Exception):\n    pass\n",
                "shop/refunds.py": "class OrderReport:\n" + _STEPS + "class Refused(Exception):\n    pass\n",
                "shop/archive.py": (
                    "class Archive:\n"
                    + _STEPS.replace("round(", "floor(")
                    .replace("report", "store")
                    .replace("self.totals", "self.sums")
                    .replace("log.info", "log.debug")
                    .replace("open(", "gzip(")
                    .replace("dict(sorted(found.items(), key=first))", "found")
                ),
            },
        ),
    ),
)
