"""Finds selected classes that do not reach their canonical base through any number of files.

*Why is this bad?* What the base gives (isolation, clean-up, metrics) is missing there, silently.

*Use instead* the class under `base`, directly or through a class that inherits from it.

*Limits* Where an ancestor cannot be resolved the class is passed over: unknown is not missing. A class
of a package outside the tree is known not to reach a base that the tree defines; whether it reaches another
one is known with `resolve-installed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ssot_lint.facts.model import Class
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.meaning import EXTERNAL
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule, option


@dataclass(frozen=True, kw_only=True)
class MissingBaseOptions(Options):
    """What `[[missing-base]]` can be told."""

    base: str = option(
        "the class to reach, by its dotted name", default="", example='"testing.base.TestCase"'
    )
    classes: tuple[str, ...] = option(
        "names of the classes that must reach it", default=("*",), example='["Test*"]'
    )
    has_tests: bool = option("only classes that hold a method named `test*`", default=False)
    exempt: tuple[str, ...] = option("names of classes that need not", example='["*Mixin"]')


def check(file: File, project: Project, options: MissingBaseOptions) -> Iterator[Problem]:
    """Yields every selected class of the file that does not reach the base."""
    wanted = project.places(options.base)
    is_ours = any(path for path, _ in wanted)
    is_installed = all(map(project.installed, project.symbol(options.base)))
    for entry in file.outline.classes:
        if not _is_selected(entry, options) or (file.path, entry.qualname) in wanted:
            continue
        ancestry = project.ancestry(file.path, entry.qualname)
        if any((meaning.path, meaning.name) in wanted for meaning in ancestry.meanings):
            continue
        is_outside = any(above.kind == EXTERNAL for above in ancestry.meanings)
        is_certain = is_ours or not is_outside or (is_installed and ancestry.is_whole)
        if not ancestry.is_known or not is_certain:
            continue
        through = ", ".join(f"`{base.name}`" for base in entry.bases if base.name)
        message = f"`{entry.name}` does not inherit from `{options.base}`"
        if through:
            message += f", its bases are {through}"
        yield Problem(entry.span, message, (entry.name, options.base))


def _is_selected(entry: Class, options: MissingBaseOptions) -> bool:
    return (
        any(fnmatchcase(entry.name, pattern) for pattern in options.classes)
        and not any(fnmatchcase(entry.name, pattern) for pattern in options.exempt)
        and (not options.has_tests or any(method.startswith("test") for method in entry.methods))
    )


_CONFIG = """\
[[missing-base]]
base = "testing.base.TestCase"
classes = ["Test*"]
paths = ["tests/"]
"""

RULE = Rule(
    id="missing-base",
    code="SST202",
    options=MissingBaseOptions,
    check=check,
    doc=__doc__,
    required=("base",),
    symbols=lambda options: (options.base,),
    bad=(
        Example(
            "no base at all, and a base that does not lead there",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/base.py": "class TestCase:\n    pass\n",
                "tests/test_orders.py": (
                    "import unittest\n"
                    "class TestOrders:  # [missing-base]\n    pass\n"
                    "class TestRefunds(unittest.TestCase):  # [missing-base]\n    pass\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "reached through two files, not selected, or not known",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/__init__.py": "from testing.base import TestCase\n",
                "testing/base.py": "class TestCase:\n    pass\n",
                "tests/common.py": "import testing\nclass DatabaseTest(testing.TestCase):\n    pass\n",
                "tests/test_orders.py": (
                    "from tests.common import DatabaseTest, Gone\n"
                    "class TestOrders(DatabaseTest):\n    pass\n"
                    "class Orders:\n    pass\n"
                    "class TestUnknown(Gone):\n    pass\n"
                    "class TestMade(make_base()):\n    pass\n"
                ),
            },
        ),
    ),
)
