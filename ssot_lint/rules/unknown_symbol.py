"""Finds names in the configuration that the tree does not define.

*Why is this bad?* A canonical class that was renamed or deleted leaves a rule that can never be
fulfilled, or one that never finds anything.

*Use instead* the name as it is now.

*Limits* Names of packages outside the tree cannot be checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.meaning import A_MODULE, EXTERNAL, MISSING, UNKNOWN
from ssot_lint.modules import STANDARD_LIBRARY
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the symbols that do not exist; the file is the configuration itself."""
    seen = set()
    for instance in project.configuration:
        for symbol in instance.symbols:
            place = (symbol, instance.span.line)
            if place not in seen and _is_absent(project, symbol):
                seen.add(place)
                yield Problem(instance.span, f"the tree does not define `{symbol}`", (instance.rule, symbol))


def _is_absent(project: Project, symbol: str) -> bool:
    found = project.symbol(symbol)
    if not found or all(meaning.kind == MISSING for meaning in found):
        return True
    root = symbol.partition(".")[0]
    if all(meaning.kind == EXTERNAL for meaning in found):
        # Part of the path is there as a folder, so it was meant to be in the tree.
        return root not in STANDARD_LIBRARY and project.module(root, "").kind == A_MODULE
    return all(meaning.kind == UNKNOWN and not meaning.path for meaning in found)


RULE = Rule(
    id="unknown-symbol",
    code="SST904",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    about="configuration",
    bad=(
        Example(
            "a class that is not there",
            {
                "ssot-lint.toml": (
                    '[[noncanonical-import]]  # [unknown-symbol]\nsymbols = ["shop.money.Cash"]\n'
                ),
                "shop/money.py": "class Money:\n    pass\n",
            },
        ),
    ),
    good=(
        Example(
            "a class that is there, and one of a package outside the tree",
            {
                "ssot-lint.toml": (
                    '[[noncanonical-import]]\nsymbols = ["shop.money.Money", "django.test.TestCase"]\n'
                ),
                "shop/money.py": "class Money:\n    pass\n",
            },
        ),
    ),
)
