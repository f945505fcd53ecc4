"""Finds classes that have too many methods.

*Why is this bad?* Nobody knows all of it, so the next method is written although one like it is there.

*Use instead* several classes, each of one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.rules import Example, File, Options, Problem, Project, Rule, option


@dataclass(frozen=True, kw_only=True)
class CrowdedClassOptions(Options):
    """What `[[crowded-class]]` can be told."""

    most: int = option("the largest number of methods that is fine", default=20)


def check(file: File, project: Project, options: CrowdedClassOptions) -> Iterator[Problem]:
    """Yields every class of the file that has more methods, and how many it has."""
    for entry in file.outline.classes:
        number = len(entry.methods)
        if number > options.most:
            message = f"`{entry.name}` has {number} methods, {options.most} are fine"
            yield Problem(entry.span, message, (entry.name,), value=number)


CONFIG = "[[crowded-class]]\nmost = 1\n"

RULE = Rule(
    id="crowded-class",
    code="OUR201",
    options=CrowdedClassOptions,
    check=check,
    doc=__doc__,
    bad=(
        Example(
            "one method more",
            {
                "ssot-lint.toml": CONFIG,
                "shop/cart.py": (
                    "class Cart:  # [crowded-class]\n    def add(self): ...\n    def pay(self): ...\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "as many as may be",
            {"ssot-lint.toml": CONFIG, "shop/cart.py": "class Cart:\n    def add(self): ...\n"},
        ),
    ),
)
