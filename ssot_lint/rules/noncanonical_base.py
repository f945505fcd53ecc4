"""Finds classes that inherit from a superseded base, directly or through other classes.

*Why is this bad?* A base class that everything shares is where a team puts what everything needs. A
class on another base does without it, and nobody sees it by reading the class.

*Use instead* the base under `use`. Classes below the canonical base are fine, whatever it builds on.

*Limits* What classes of installed packages inherit from is followed with `resolve-installed` alone.

*Fix* puts `use` in the place of a direct base. It is safe where `use` is a class of the tree whose module
does not lead back to the file, Python surely finds an order of all bases, no class of the tree may inherit
from the one that changes, and nothing is lost: `use` builds on the old base, or it has all that the class
takes from `self` and `super()`, asks for as fixtures and overrides, such as `setUp`, and the tests are such
as pytest runs with either base. For what is inherited through another class, for a base that may be one of
two, and where the bases have no order, no fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import Class, Reference
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.meaning import A_CLASS, A_MODULE, UNKNOWN, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._base_fix import base_fix
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names, symbols


@dataclass(frozen=True, kw_only=True)
class NoncanonicalBaseOptions(Options):
    """What `[[noncanonical-base]]` can be told."""

    bases: tuple[str, ...] = option(
        "superseded classes, by the dotted name of their home; `*` is any part of a name, `**` any names",
        example='["unittest.TestCase", "**.BaseTestCase"]',
    )
    canonical: tuple[str, ...] = option(
        "classes that may build on them, and pass them on", example='["testing.base.TestCase"]'
    )
    inherited: bool = option(
        "whether classes are reported that reach one through another class", default=True
    )


def check(file: File, project: Project, options: NoncanonicalBaseOptions) -> Iterator[Problem]:
    """Yields every base by which a class reaches a superseded one."""
    names = (*options.canonical, options.use) if options.use else options.canonical
    canonical = project.once(("canonical bases", names), lambda: _canonical(project, names))
    if any(path == file.path for path, _ in canonical):
        return
    for entry in file.outline.classes:
        yield from _of_class(file, project, options, canonical, entry)


def _canonical(project: Project, names: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (each.path, each.name)
        for name in names
        for meaning in project.symbol(name)
        if meaning.kind not in (A_MODULE, UNKNOWN)
        for each in (meaning, *project.installed(meaning)[:1])
    )


def _of_class(
    file: File,
    project: Project,
    options: NoncanonicalBaseOptions,
    canonical: frozenset[tuple[str, str]],
    entry: Class,
) -> Iterator[Problem]:
    meanings = [(base, meaning) for base in entry.bases for meaning in project.base_meanings(file.path, base)]
    direct: dict[Reference, tuple[str, Meaning]] = {}
    for base, meaning in meanings:
        superseded = _superseded(project, options, canonical, meaning)
        if superseded:
            direct.setdefault(base, (superseded, meaning))
    for base, (superseded, meaning) in direct.items():
        message = f"`{entry.name}` inherits from the superseded `{superseded}`"
        is_alone = len(direct) == 1  # no base can stand there twice
        fix = base_fix(file, project, entry, base, meaning, options.use) if is_alone else None
        yield Problem(base.span, message, _subject(entry, superseded), fix=fix)
    if direct or not options.inherited:
        return
    for base, meaning in meanings:
        found = _reached(project, options, canonical, meaning)
        if found:
            message = f"`{entry.name}` reaches the superseded `{found}` through `{base.name}`"
            yield Problem(base.span, message, _subject(entry, found))
            return


def _subject(entry: Class, superseded: str) -> tuple[str, str]:
    """The two classes by name: either may move to another module."""
    return entry.name, superseded.rpartition(".")[2]


def _superseded(
    project: Project,
    options: NoncanonicalBaseOptions,
    canonical: frozenset[tuple[str, str]],
    meaning: Meaning,
) -> str:
    if meaning.kind in (A_MODULE, UNKNOWN) or (meaning.path, meaning.name) in canonical:
        return ""
    patterns = symbols(options.bases)
    return next((name for name in project.names(meaning) if patterns.match(name)), "")


def _reached(
    project: Project,
    options: NoncanonicalBaseOptions,
    canonical: frozenset[tuple[str, str]],
    meaning: Meaning,
) -> str:
    """The first superseded class above a class, looking past no canonical one."""
    pending = [meaning]
    seen = set()
    while pending:
        current = pending.pop()
        place = (current.path, current.name)
        if found := _reached_by_installed(project, options, canonical, current):
            return found
        if current.kind != A_CLASS or place in seen or place in canonical:
            continue
        seen.add(place)
        for entry in project.classes_at(*place):
            for base in entry.bases:
                for above in project.base_meanings(current.path, base):
                    found = _superseded(project, options, canonical, above)
                    if found:
                        return found
                    pending.append(above)
    return ""


def _reached_by_installed(
    project: Project,
    options: NoncanonicalBaseOptions,
    canonical: frozenset[tuple[str, str]],
    meaning: Meaning,
) -> str:
    """The first superseded class above one of an installed package, unless a canonical one is there, too."""
    names = project.installed(meaning)
    places = {(each.path, each.name) for each in names}
    if not places or not canonical.isdisjoint(places):
        return ""
    found = (_superseded(project, options, canonical, each) for each in names)
    by_definition = (
        base for base in symbols(options.bases).exact if not places.isdisjoint(project.places(base))
    )
    return next(filter(None, found), "") or min(by_definition, default="")


_CONFIG = """\
[[noncanonical-base]]
bases = ["unittest.TestCase", "**.OldTestCase"]
use = "testing.base.TestCase"
"""

RULE = Rule(
    id="noncanonical-base",
    code="SST201",
    options=NoncanonicalBaseOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "bases", "canonical"),
    required=("bases",),
    symbols=lambda options: options.canonical,
    bad=(
        Example(
            "directly, by an alias, and through a class of another file",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/base.py": "import unittest\nclass TestCase(unittest.TestCase):\n    pass\n",
                "tests/common.py": (
                    "from unittest import TestCase as Base\n"
                    "class DatabaseTest(Base):  # [noncanonical-base]\n    pass\n"
                    "class OldTestCase:\n    pass\n"
                ),
                "tests/test_orders.py": (
                    "from tests.common import DatabaseTest, OldTestCase\n"
                    "class TestOrders(DatabaseTest):  # [noncanonical-base]\n    pass\n"
                    "class TestLegacy(OldTestCase):  # [noncanonical-base]\n    pass\n"
                ),
            },
            fixed={
                "tests/common.py": (
                    "from testing.base import TestCase\n"
                    "class DatabaseTest(TestCase):\n    pass\n"
                    "class OldTestCase:\n    pass\n"
                ),
                "tests/test_orders.py": (
                    "from tests.common import DatabaseTest\n"
                    "from testing.base import TestCase\n"
                    "class TestOrders(DatabaseTest):\n    pass\n"
                    "class TestLegacy(TestCase):\n    pass\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "the canonical base, an alias of it by a superseded name, and an unrelated class",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/base.py": "import unittest\nclass TestCase(unittest.TestCase):\n    pass\n",
                "testing/alias.py": "from testing.base import TestCase\nOldTestCase = TestCase\n",
                "tests/test_orders.py": (
                    "from testing.base import TestCase\n"
                    "from testing.alias import OldTestCase\n"
                    "class TestOrders(TestCase):\n    pass\n"
                    "class TestRefunds(OldTestCase):\n    pass\n"
                    "class TestPlain:\n    pass\n"
                ),
            },
        ),
    ),
)
