"""What gates can be told: goals with a name, each with conditions on what is found now.

A new measure is a field of `Condition`, and a line of `MEASURES` in `measures.py`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ssot_lint.rules import Contradiction, option

_NAME = re.compile(r"[^\W_][\w.-]*")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The part of a project that a condition is about."""

    rules: tuple[str, ...] = option(
        "rules whose findings count, by id, code or beginning of a code; all when empty",
        example='["missing-base"]',
    )
    paths: tuple[str, ...] = option("files that count, in gitignore syntax; all when empty")
    exclude: tuple[str, ...] = option("files that do not count, in gitignore syntax")


@dataclass(frozen=True, kw_only=True)
class Condition(Part):
    """What a table of `conditions` can be told: a part of the project and one measure."""

    max: int | None = option("how many findings there may be", default=None, example="500")
    min_clean: float | None = option(
        "how many per cent of the files must compile and have no finding", default=None, example="50"
    )
    max_age: int | None = option(
        "how many days old the oldest entry of the baseline may be", default=None, example="90"
    )
    min_covered: float | None = option(
        "how many per cent of the statements and branches tests must cover, by `outside.coverage`",
        default=None,
        example="90",
    )
    max_failed: int | None = option(
        "how many tests may fail or break, by `outside.junit`", default=None, example="0"
    )
    min_passed: float | None = option(
        "how many per cent of the tests must pass, by `outside.junit`", default=None, example="95"
    )
    min_collected: int | None = option(
        "how many tests pytest must collect, by `ssot-lint collection`", default=None, example="1200"
    )
    max_collection_errors: int | None = option(
        "how many errors the collection may have, by `ssot-lint collection`", default=None, example="0"
    )
    max_collection_regress: int | None = option(
        "how many tests the collection may lose, and errors and warnings have more, than the record of "
        "`ssot-lint collection`",
        default=None,
        example="0",
    )
    max_collection_slowdown: float | None = option(
        "how many per cent slower the collection may be than the record of `ssot-lint collection`",
        default=None,
        example="25",
    )

    @property
    def measures(self) -> dict[str, Any]:
        """The values of the measures that are given, of which there should be one, by their keys."""
        values = ((key, getattr(self, name)) for key, name in _FIELDS.items())
        return {key: value for key, value in values if value is not None}


_FIELDS = {
    each.name.replace("_", "-"): each.name
    for each in dataclasses.fields(Condition)
    if each not in dataclasses.fields(Part)
}
MEASURES = tuple(_FIELDS)
"""The keys of all measures."""

OF_FINDINGS = ("max", "min-clean", "max-age")
"""Those that are about rules."""

WHOLE = ("max-collection-regress", "max-collection-slowdown")
"""Those that are about no part of a project."""

MOST = {"min-clean": 100, "min-covered": 100, "min-passed": 100}
"""What more than that cannot be wanted, by measure."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What `[[gate]]` can be told."""

    name: str = option("what it is called: `ssot-lint gate NAME`", default="", example='"phase-1"')
    reason: str = option("what it is good for, shown with it", default="")
    conditions: tuple[Condition, ...] = option(
        "what must be true, all of it; each condition has one of "
        + ", ".join(f"`{key}`" for key in MEASURES),
        example='[{ rules = ["missing-base"], max = 500 }]',
    )


def contradictions(gate: Gate) -> Iterator[Contradiction]:
    """Yield what in a table cannot be meant."""
    if gate.name and not _NAME.fullmatch(gate.name):
        text = "expected a name of letters, digits, `-`, `_` and `.`, beginning with a letter or a digit"
        yield Contradiction(("name",), f'{text}, found "{gate.name}"')
    if not gate.conditions:
        yield Contradiction(("conditions",), "expected at least one condition, found none")
    for index, condition in enumerate(gate.conditions):
        for keys, text in _flaws(condition):
            yield Contradiction(("conditions", index, *keys), text)


def _flaws(condition: Condition) -> Iterator[Contradiction]:
    given = condition.measures
    if len(given) != 1:
        names = ", ".join(f"`{key}`" for key in MEASURES)
        found = " and ".join(f"`{key}`" for key in given) or "none of them"
        yield Contradiction(tuple(given)[1:2], f"expected one of {names}, found {found}")
    for key, value in given.items():
        most = MOST.get(key)
        if not (value >= 0 and (most is None or value <= most)):  # so that `nan` is out, too
            words = "from 0 up" if most is None else f"from 0 to {most}"
            yield Contradiction((key,), f"expected a number {words}, found {value}")
        if condition.rules and key not in OF_FINDINGS:
            yield Contradiction(("rules",), f"expected none beside `{key}`, which is not about findings")
        for part in ("paths", "exclude"):
            if key in WHOLE and getattr(condition, part):
                yield Contradiction((part,), f"expected none beside `{key}`, which is about the whole record")
