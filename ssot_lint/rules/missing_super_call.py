"""Finds overrides of listed methods that do not call the method they override.

*Why is this bad?* What the inherited `setUp`, `tearDown` or `__init__` does (isolation, clean-up,
bookkeeping) is left out there, silently, and so is what anybody adds to it later.

*Use instead* `super().method(...)`, or `Base.method(self, ...)`.

*Limits* A method counts as inherited where a class of the tree defines it, however many files away, or
where the class reaches one of `bases` that is not in the tree. What is abstract, a declaration, a skip or
only raises NotImplementedError neither has to be called nor has to call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Problem, Related
from ssot_lint.meaning import A_CLASS, A_MODULE, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._ancestors import reached
from ssot_lint.rules._members import is_named
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names

_HOLLOW = frozenset(("ellipsis", "skip", "todo"))
_UNBOUND = frozenset(("abstractmethod", "overload", "staticmethod"))


@dataclass(frozen=True, kw_only=True)
class MissingSuperCallOptions(Options):
    """What `[[missing-super-call]]` can be told."""

    methods: tuple[str, ...] = option(
        "names of methods that must call what they override; `*` is any part of a name",
        example='["setUp", "tearDown", "__init__"]',
    )
    classes: tuple[str, ...] = option("names of the classes to look at", default=("*",), example='["Test*"]')
    bases: tuple[str, ...] = option(
        "look only at classes that reach one of these, by dotted name; `*` is any part of a name, `**` any "
        "names; one from outside the tree is taken to have all the methods",
        example='["unittest.TestCase"]',
    )


def check(file: File, project: Project, options: MissingSuperCallOptions) -> Iterator[Problem]:
    """Yields every selected method of the file that does not call the one it overrides."""
    for entry in file.outline.classes:
        if not entry.bases or not is_named(entry.name, options.classes):
            continue
        methods = {method for method in entry.members if is_named(method, options.methods)}
        if not methods:
            continue
        base = reached(project, file.path, entry.qualname, options.bases)
        if options.bases and base is None:
            continue
        for function in file.bodies.functions:
            if function.name in methods and _is_method_of(entry, function) and not _is_hollow(function):
                found = _overridden(file, project, entry, function.name, base)
                if found is not None and not _calls_overridden(file, function):
                    yield _problem(function, *found)


def _is_method_of(entry: Class, function: Function) -> bool:
    return (
        function.qualname.rpartition(".")[0] == entry.qualname
        and entry.line < function.line <= entry.end_line
    )


def _is_hollow(function: Function) -> bool:
    """Whether there is nothing in a method that one could call, or nothing that one could call from."""
    names = {decorator.name.rpartition(".")[2] for decorator in function.decorators}
    return function.body in _HOLLOW or not names.isdisjoint(_UNBOUND)


def _overridden(
    file: File, project: Project, entry: Class, method: str, base: Meaning | None
) -> tuple[str, tuple[Related, ...]] | None:
    """What a method of a class overrides, in words, and where that stands; None where none is known."""
    for meaning in project.ancestry(file.path, entry.qualname).meanings:
        if meaning.kind == A_CLASS:
            name = f"{meaning.name}.{method}"
            function = _definition(project, meaning.path, name) if _has(project, meaning, method) else None
            if function is not None:
                related = Related(meaning.path, function.span, f"`{name}` is overridden")
                return f"overrides `{name}`", (related,)
    if base is not None and base.kind == EXTERNAL:
        return f"is taken to override `{base.name}.{method}`", ()
    return None


def _has(project: Project, meaning: Meaning, method: str) -> bool:
    return any(method in above.members for above in project.classes_at(meaning.path, meaning.name))


def _definition(project: Project, path: str, qualname: str) -> Function | None:
    """The definition of a method, unless it is hollow: found once, since it takes the bodies of its file."""

    def find() -> Function | None:
        functions = project.file(path).bodies.functions
        return next((each for each in functions if each.qualname == qualname and not _is_hollow(each)), None)

    return project.once(("missing-super-call", path, qualname), find)


def _calls_overridden(file: File, function: Function) -> bool:
    """Whether a method calls the one it overrides, or may well do so in a way that is not followed."""
    lines = range(function.line, function.end_line + 1)
    calls = [name for each in file.bodies.functions if each.line in lines for name in each.super_calls]
    return (
        function.name in calls
        or _count_supers(file, lines) > len(calls)
        or _names_overridden(file, function, lines)
        or _passes_itself(file, function, lines)
    )


def _count_supers(file: File, lines: range) -> int:
    """How often `super` is named: if more often than it is called upon, its value goes elsewhere."""
    return sum(span.line in lines for use in file.details.uses if use.name == "super" for span in use.spans())


def _names_overridden(file: File, function: Function, lines: range) -> bool:
    """Whether `Base.method` is named, for any class."""
    return any(
        len(used.steps) > 1
        and used.use.name.rpartition(".")[2] == function.name
        and not all(meaning.kind == A_MODULE for meaning in used.steps[-2])
        and any(span.line in lines for span in used.use.spans())
        for used in file.uses
    )


def _passes_itself(file: File, function: Function, lines: range) -> bool:
    """Whether the method is called on something unknown with an argument, as in `base.__init__(self)`."""
    receiver = function.parameters[0].name if function.parameters else ""
    return any(
        span.line in lines and arguments.positional > 0
        for use in file.bodies.members
        if use.name.rpartition(".")[2] == function.name and use.name.partition(".")[0] != receiver
        for span, arguments in zip(use.spans(), use.arguments)
    )


def _problem(function: Function, overridden: str, related: tuple[Related, ...]) -> Problem:
    others = ", ".join(f"`super().{name}()`" for name in dict.fromkeys(function.super_calls))
    message = f"`{function.qualname}` does not call `super().{function.name}()`"
    if others:
        message += f" but {others}"
    return Problem(function.span, f"{message}, it {overridden}", (function.name,), related)


_CONFIG = """\
[[missing-super-call]]
methods = ["setUp", "tearDown"]
"""

RULE = Rule(
    id="missing-super-call",
    code="SST203",
    options=MissingSuperCallOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "bases"),
    required=("methods",),
    symbols=lambda options: tuple(base for base in options.bases if "*" not in base),
    bad=(
        Example(
            "no call, the call of another method, and a base two files away",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/base.py": (
                    "class TestCase:\n"
                    "    def setUp(self):\n        self.open()\n"
                    "    def tearDown(self):\n        self.close()\n"
                ),
                "tests/database.py": (
                    "from testing.base import TestCase\nclass DatabaseTest(TestCase):\n    pass\n"
                ),
                "tests/test_orders.py": (
                    "from tests.database import DatabaseTest\n"
                    "class TestOrders(DatabaseTest):\n"
                    "    def setUp(self):  # [missing-super-call]\n        self.orders = []\n"
                    "    def tearDown(self):  # [missing-super-call]\n        super().setUp()\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "every way to call it, and nothing to call",
            {
                "ssot-lint.toml": _CONFIG,
                "testing/base.py": (
                    "class TestCase:\n"
                    "    def setUp(self):\n        self.open()\n"
                    "    def tearDown(self):\n        raise NotImplementedError\n"
                ),
                "tests/test_orders.py": (
                    "from testing.base import TestCase\n"
                    "class TestOrders(TestCase):\n"
                    "    def setUp(self):\n        super().setUp()\n"
                    "    def tearDown(self):\n        self.orders.clear()\n"
                    "class TestRefunds(TestCase):\n"
                    "    def setUp(self):\n        TestCase.setUp(self)\n"
                    "    def test_it(self):\n        pass\n"
                    "class TestPlain:\n"
                    "    def setUp(self):\n        self.orders = []\n"
                ),
            },
        ),
    ),
)
