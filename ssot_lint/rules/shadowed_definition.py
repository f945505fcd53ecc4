"""Finds functions, methods and classes that are defined again before anything could use them.

*Why is this bad?* The first definition is never used. Where it is a test, the test is lost and nobody
is told: the suite stays green.

*Use instead* one definition. Give each of two tests a name of its own, delete what is left over.

*Limits* A definition may be used where it stands in a branch, where something names it before the next
one is there, and where a decorator is not known to leave it alone: all these are passed over. So are
classes inside functions, since that they can be made is often what is tested. Other statements of a
class body that name a method are not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import (
    CALL,
    IN_CONDITION,
    IN_FALLBACK,
    IN_FUNCTION,
    IN_MAIN_GUARD,
    IN_TRY,
    IN_TYPE_CHECKING,
    Class,
    Function,
    Reference,
)
from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names, symbols

_BRANCHES = IN_TYPE_CHECKING | IN_TRY | IN_FALLBACK | IN_CONDITION | IN_MAIN_GUARD
_ACCESSORS = ("setter", "getter", "deleter")
_FIXTURES = frozenset(("pytest.fixture", "pytest_asyncio.fixture"))
_HARMLESS = (
    *("builtins.classmethod", "builtins.property", "builtins.staticmethod"),
    *("abc.abstractmethod", "dataclasses.dataclass", "enum.unique"),
    *("contextlib.asynccontextmanager", "contextlib.contextmanager"),
    *("ddt.data", "ddt.file_data", "ddt.unpack"),
    *("django.test.*", "django.test.utils.*", "django.utils.functional.cached_property"),
    *("functools.cache", "functools.cached_property", "functools.lru_cache"),
    *("functools.total_ordering", "functools.wraps"),
    *("hypothesis.example", "hypothesis.given", "hypothesis.settings"),
    *("mock.patch", "mock.patch.*", "unittest.mock.patch", "unittest.mock.patch.*"),
    *("pytest.mark.*", "unittest.expectedFailure", "unittest.skip*"),
    *("typing.final", "typing.override", "typing.runtime_checkable"),
    *("typing_extensions.final", "typing_extensions.override", "typing_extensions.runtime_checkable"),
)


@dataclass(frozen=True, kw_only=True)
class ShadowedDefinitionOptions(Options):
    """What `[[shadowed-definition]]` can be told."""

    decorators: tuple[str, ...] = option(
        "more decorators that tell nobody else of what they decorate, by their dotted names; `*` is any "
        "part of a name, `**` any names",
        example='["tenacity.retry", "freezegun.freeze_time"]',
    )


def check(file: File, project: Project, options: ShadowedDefinitionOptions) -> Iterator[Problem]:
    """Yields every definition of the file that another one replaces unused."""
    if file.path.endswith(".pyi"):
        return
    for first, second in _repeated(file):
        if (
            not (first.context | second.context) & _BRANCHES
            and _is_of_use(first)
            and all(_is_harmless(file, project, options, first, each) for each in first.decorators)
            and not _is_named_between(file, first, second)
        ):
            message = f"`{first.qualname}` is defined again in this scope, so this definition is never used"
            again = Related(file.path, second.span, f"`{first.name}` is defined again")
            yield Problem(first.span, message, (first.name,), (again,))


def _repeated(file: File) -> Iterator[tuple[Class | Function, Class | Function]]:
    """Every definition with the next one of its name in the same scope."""
    qualnames = [extent.qualname for extent in file.details.extents]
    if len(set(qualnames)) == len(qualnames):
        return
    counts = Counter(qualnames)
    before: dict[tuple[str, int], Class | Function] = {}
    definitions: list[Class | Function] = [*file.outline.classes, *file.bodies.functions]
    for entry in sorted(definitions, key=lambda entry: entry.line):
        if counts[entry.qualname] > 1:
            scope = entry.qualname, _line_of_scope(file, entry)
            if scope in before:
                yield before[scope], entry
            before[scope] = entry


def _line_of_scope(file: File, entry: Class | Function) -> int:
    """Where the class or function around a definition begins: two of them may share a qualname."""
    around = entry.qualname.rpartition(".")[0]
    lines = (
        first
        for qualname, first, last in file.details.extents
        if qualname == around and first < entry.line <= last
    )
    return max(lines, default=0)


def _is_of_use(entry: Class | Function) -> bool:
    """Whether anything would be lost: not what has no name, is only declared, or is only tried out."""
    if not entry.name.strip("_"):
        return False
    return entry.body != "ellipsis" if isinstance(entry, Function) else not entry.context & IN_FUNCTION


def _is_harmless(
    file: File,
    project: Project,
    options: ShadowedDefinitionOptions,
    entry: Class | Function,
    decorator: Reference,
) -> bool:
    """Whether a decorator tells nobody else of what it decorates."""
    owner, _, accessor = decorator.name.rpartition(".")
    if owner == entry.name and accessor in _ACCESSORS:
        return True
    meanings = project.resolve(file.path, decorator.name, decorator.home)
    names = {name for meaning in meanings for name in project.names(meaning)}
    if not names.isdisjoint(_FIXTURES):
        return not _is_renamed(file, decorator.span)
    return any(map(symbols((*_HARMLESS, *options.decorators)).match, names))


def _is_renamed(file: File, decorator: Span) -> bool:
    """Whether a fixture may be known by another name than the function's."""
    return any(
        "name" in arguments.keywords or arguments.is_open
        for use in file.details.uses
        if use.how == CALL
        for span, arguments in zip(use.spans(), use.arguments)
        if span == decorator
    )


def _is_named_between(file: File, first: Class | Function, second: Class | Function) -> bool:
    """Whether anything names the first definition before the second is there.

    The body of a class runs before the class is there; the bodies of its methods run later.
    """
    last = second.line
    methods: list[range] = []
    if isinstance(second, Class):
        last = second.end_line
        methods = [
            range(each.line, each.end_line + 1)
            for each in file.bodies.functions
            if second.line < each.line <= last
        ]
    return any(decorator.name.partition(".")[0] == first.name for decorator in second.decorators) or any(
        first.end_line < span.line <= last and not any(span.line in lines for lines in methods)
        for use in file.details.uses
        if use.name.partition(".")[0] == first.name
        for span in use.spans()
    )


RULE = Rule(
    id="shadowed-definition",
    code="SST305",
    options=ShadowedDefinitionOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "decorators"),
    default=True,
    bad=(
        Example(
            "tests of one name, methods of one name, a class of one name",
            {
                "tests/test_orders.py": (
                    "import pytest\n"
                    "def test_paid():  # [shadowed-definition]\n    assert pay(1)\n"
                    "@pytest.mark.slow\n"
                    "def test_paid():\n    assert pay(2)\n"
                    "class TestRefund:  # [shadowed-definition]\n"
                    "    def test_none(self):  # [shadowed-definition]\n        assert not refund(0)\n"
                    "    def test_none(self):\n        assert refund(1)\n"
                    "class TestRefund:\n"
                    "    def test_all(self):\n        assert refund(2)\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "other scopes, branches, and definitions that are used before the next",
            {
                "orders.py": (
                    "import sys\n"
                    "from typing import overload\n"
                    "def total(orders):\n    return sum(orders)\n"
                    "total = traced(total)\n"
                    "def total(orders):\n    return len(orders)\n"
                    "if sys.platform == 'win32':\n    def path():\n        return 'C:'\n"
                    "else:\n    def path():\n        return '/'\n"
                    "@overload\ndef cost(a: int) -> int: ...\n"
                    "def cost(a):\n    return a\n"
                    "class Order:\n"
                    "    @property\n    def price(self):\n        return self._price\n"
                    "    @price.setter\n    def price(self, value):\n        self._price = value\n"
                    "class Refund:\n"
                    "    @property\n    def price(self):\n        return 0\n"
                ),
            },
        ),
        Example(
            "what may be registered, declared or thrown away",
            {
                "routes.py": (
                    "from web import app\n"
                    "@app.get('/')\ndef page():\n    return 1\n"
                    "@app.post('/')\ndef page():\n    return 2\n"
                    "def later(): ...\n"
                    "def later():\n    return 1\n"
                    "def _():\n    return 1\n"
                    "def _():\n    return 2\n"
                    "def try_out():\n"
                    "    class A(Base):\n        pass\n"
                    "    class A(Base):\n        pass\n"
                ),
                "stubs.pyi": "def f(): pass\ndef f(): pass\n",
            },
        ),
    ),
)
