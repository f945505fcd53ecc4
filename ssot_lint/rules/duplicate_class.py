"""Finds classes that are defined in more than one module.

*Why is this bad?* Copies drift: a fix reaches one of them, and an `isinstance` on one is false for the
others. By default only classes of one name with the same body count, since on real code most classes
that merely share a name are different things.

*Use instead* one definition, imported by the others.

*Limits* A table of your own takes the place of the default: to keep it, add one without `names` and
`canonical`. Bodies are compared without docstrings, comments and layout. Bases and decorators do not count.

*Fix* replaces a copy of a class that `canonical` names by an import, where body, bases and decorators are the
same, and nothing in the tree patches anything of that name or binds it again. It is safe where all names in
the body mean the same in both modules, which takes modules without variables and a class without decorators,
and the home does not lead back to the file. Without `canonical` no copy is better than another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from ssot_lint.facts.model import Class
from ssot_lint.file import File
from ssot_lint.finding import Problem, Related
from ssot_lint.meaning import A_CLASS
from ssot_lint.project import Project
from ssot_lint.rules._alike import module_of
from ssot_lint.rules._class_import import class_import
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names


@dataclass(frozen=True, kw_only=True)
class DuplicateClassOptions(Options):
    """What `[[duplicate-class]]` can be told. With neither `names` nor `canonical`, equal bodies count."""

    names: tuple[str, ...] = option(
        "class names that must be defined once, whatever their bodies", example='["*Repository"]'
    )
    canonical: tuple[str, ...] = option(
        "classes whose name must not be defined anywhere else", example='["shop.money.Money"]'
    )
    min_lines: int = option("the fewest lines of a class whose body is compared", default=10)


def check(file: File, project: Project, options: DuplicateClassOptions) -> Iterator[Problem]:
    """Yields every class of the file that is defined elsewhere too, with all other places."""
    homes = _symbols_by_name(options.canonical)
    for entry in file.outline.classes:
        for symbol in homes.get(entry.name, ()):
            yield from _away_from_home(file, project, entry, symbol)
        if options.names:
            if any(fnmatchcase(entry.name, pattern) for pattern in options.names):
                yield from _of_same_name(file, project, entry)
        elif not options.canonical:
            yield from _of_same_body(file, project, options, entry)


@cache
def _symbols_by_name(canonical: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for symbol in canonical:
        found.setdefault(symbol.rpartition(".")[2], []).append(symbol)
    return found


def _away_from_home(file: File, project: Project, entry: Class, symbol: str) -> Iterator[Problem]:
    homes = [meaning for meaning in project.symbol(symbol) if meaning.kind == A_CLASS]
    if any((module_of(home.path), home.name) == (module_of(file.path), entry.qualname) for home in homes):
        return
    related = tuple(
        Related(home.path, place.span, f"the home of `{entry.name}`")
        for home in homes
        for place in project.classes_at(home.path, home.name)
    )
    message = f"`{entry.name}` is defined again, its home is `{symbol}`"
    fix = class_import(file, project, entry, symbol)
    yield Problem(entry.span, message, ("canonical", symbol), related, fix=fix)


def _of_same_name(file: File, project: Project, entry: Class) -> Iterator[Problem]:
    others = [
        (path, other) for path, other in project.classes_by_name.get(entry.name, ()) if path != file.path
    ]
    if any(module_of(path) != module_of(file.path) for path, _ in others):
        yield _problem(entry, "name", f"`{entry.name}` is also defined in", others)


def _of_same_body(
    file: File, project: Project, options: DuplicateClassOptions, entry: Class
) -> Iterator[Problem]:
    if not _is_large(entry, options):
        return
    same = [
        (path, other)
        for path, other in _by_body(project, entry.name).get(entry.digest, ())
        if (path, other.line) != (file.path, entry.line)  # files of one text share their facts
        and _is_large(other, options)
    ]
    if any(module_of(path) != module_of(file.path) for path, _ in same):
        yield _problem(entry, "body", f"`{entry.name}` has the same body in", same)


def _by_body(project: Project, name: str) -> Mapping[str, Sequence[tuple[str, Class]]]:
    """The classes of a name by the digests of their bodies: in a large tree very many can have one name."""

    def find() -> dict[str, list[tuple[str, Class]]]:
        found: dict[str, list[tuple[str, Class]]] = {}
        for place in project.classes_by_name.get(name, ()):
            found.setdefault(place[1].digest, []).append(place)
        return found

    return project.once(("classes by body", name), find)


def _is_large(entry: Class, options: DuplicateClassOptions) -> bool:
    return entry.end_line - entry.line + 1 >= options.min_lines


def _problem(entry: Class, mode: str, message: str, others: Sequence[tuple[str, Class]]) -> Problem:
    first = f"{others[0][0]}:{others[0][1].line}"
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    related = tuple(Related(path, other.span, f"another `{entry.name}`") for path, other in others)
    return Problem(entry.span, f"{message} {first}{more}", (mode, entry.name), related)


_BODY = """\
    def __init__(self):
        self.sent = []

    def send(self, message):
        if message:
            self.sent.append(message)
        return len(self.sent)

    def close(self):
        self.sent.clear()
"""

_OTHER_LAYOUT = """\
    \"\"\"A connection for tests.\"\"\"

    def __init__(self):
        self.sent = []  # newest last

    def send(self, message):
        if message:
            self.sent.append(
                message
            )
        return len(self.sent)

    def close(self): self.sent.clear()
"""

RULE = Rule(
    id="duplicate-class",
    code="SST301",
    options=DuplicateClassOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "canonical"),
    default=True,
    symbols=lambda options: options.canonical,
    bad=(
        Example(
            "the same body in two files",
            {
                "tests/test_chat.py": "class Connection:  # [duplicate-class]\n" + _BODY,
                "tests/test_feed.py": "class Connection:  # [duplicate-class]\n" + _OTHER_LAYOUT,
            },
        ),
        Example(
            "a name that may be defined once, and one that has a home",
            {
                "ssot-lint.toml": (
                    '[[duplicate-class]]\nnames = ["*Repository"]\n\n'
                    '[[duplicate-class]]\ncanonical = ["shop.money.Money"]\n'
                ),
                "shop/money.py": "class Money:\n    pass\n",
                "shop/orders.py": (
                    "class OrderRepository:  # [duplicate-class]\n    pass\n"
                    "class Money:  # [duplicate-class]\n    cents = 0\n"
                ),
                "shop/archive.py": "class OrderRepository:  # [duplicate-class]\n    rows = ()\n",
            },
        ),
        Example(
            "a copy of the class that has a home",
            {
                "ssot-lint.toml": '[[duplicate-class]]\ncanonical = ["shop.money.Money"]\n',
                "shop/money.py": "class Money:\n    cents = 0\n",
                "shop/orders.py": (
                    "class Money:  # [duplicate-class]\n    cents = 0\n\n\n"
                    "class Order:\n    price = Money()\n"
                ),
            },
            fixed={
                "shop/orders.py": "from shop.money import Money\n\n\nclass Order:\n    price = Money()\n",
            },
        ),
    ),
    good=(
        Example(
            "one name for different things, and a small class",
            {
                "chat.py": "class Connection:\n" + _BODY,
                "feed.py": "class Connection:\n" + _BODY.replace("append", "extend"),
                "a.py": "class Marker:\n    pass\n",
                "b.py": "class Marker:\n    pass\n",
            },
        ),
        Example("twice in one file", {"chat.py": "class A:\n" + _BODY + "class A:\n" + _BODY}),
    ),
)
