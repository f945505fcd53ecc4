"""Finds uses of functions, classes, attributes and builtins that are forbidden, by what the names mean.

*Why is this bad?* What has one way in (a wrapper with a timeout, a clock, a logger, an accessor) is worth
little while the old ways stay in use. A search for `time.sleep(` misses aliases and re-exports, and finds
strings, comments and other things of that name.

*Use instead* what the instance names under `use`.

A target is a dotted name or a pattern of such, a builtin (`print`), or an attribute of any object that is
no module (`*.save`, `*.objects.get`). Attributes of classes are found by `self`, `cls` and `super()`, and
through classes that inherit them. With options about arguments only calls count, and only those that break
the terms. A parameter is named by its keyword (`timeout`), its position from 0 (`"1"`) or both (`"mode|1"`).

*Limits* Which class a variable or parameter belongs to is not known: there `*.save` helps. What is inherited
is found where the target ends in its name (`Base.run_*`, not `Base.*`). Names in `getattr` are not read. A
call with `*args` or `**kwargs` may pass what is not seen, so nothing is missing there. Under `when` and
`unless` only constants are compared; strings must be one word.

*Fix* With `drop-in`, `use` takes the place of a target, and the arguments stay: the table says that it fits,
so the fix is safe if `use` is in the tree and its module does not lead back to the file. For attributes of
unknown objects, what is written to or deleted, and strings no fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from ssot_lint.facts.model import (
    ALONE,
    CALL,
    CATCH,
    CONTAINS,
    DECORATE,
    DELETE,
    DELETE_ITEM,
    GET_ITEM,
    INHERIT,
    INSTANCE_OF,
    ITERATE,
    RAISE,
    READ,
    SET_ITEM,
    WRITE,
)
from ssot_lint.file import File
from ssot_lint.finding import REPLACE, Fix, Problem, Span
from ssot_lint.project import Project
from ssot_lint.rules._calls import breach, has_terms, is_meant, is_spared, title, unusable
from ssot_lint.rules._drop_in import DROP_IN, drop_in_contradictions, drop_in_fix, drop_in_symbols
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import no_names, symbols
from ssot_lint.rules._targets import is_attribute, shown
from ssot_lint.rules._uses import Hit, Search, is_home

Kind = Literal[
    "call", "read", "write", "delete", "raise", "catch", "decorate", "isinstance", "inherit", "patch"
]
_HOWS: dict[Kind, tuple[int, ...]] = {
    "call": (CALL,),
    "read": (READ, GET_ITEM, CONTAINS, ITERATE, ALONE),
    "write": (WRITE, SET_ITEM),
    "delete": (DELETE, DELETE_ITEM),
    "raise": (RAISE,),
    "catch": (CATCH,),
    "decorate": (DECORATE,),
    "isinstance": (INSTANCE_OF,),
    "inherit": (INHERIT,),
}


@dataclass(frozen=True, kw_only=True)
class ForbiddenUseOptions(Options):
    """What `[[forbidden-use]]` can be told."""

    targets: tuple[str, ...] = option(
        "things by the dotted name of their home, or of a package of the tree that hands them on; builtins; "
        "`*.name` for an attribute of any object; `*` is any part of a name, `**` any names",
        example='["time.sleep", "print", "*.objects.raw"]',
    )
    exempt: tuple[str, ...] = option(
        "dotted names and patterns that the targets do not mean", example='["logging.getLogger"]'
    )
    kinds: tuple[Kind, ...] = option(
        "uses that count; what is reached through a thing reads it, `patch` names it in a string",
        default=tuple(_HOWS),
    )
    inside: tuple[str, ...] = option(
        "only uses in functions and classes of these names", example='["test_*"]'
    )
    outside: tuple[str, ...] = option(
        "functions and classes, by name, where uses are fine", example='["setUp", "Command.handle"]'
    )
    when: dict[str, str | bool | int] = field(
        default_factory=dict,
        metadata={
            "help": "only calls that pass these constants; `*` is any part of a string",
            "example": '{ shell = true, "mode|1" = "w*" }',
        },
    )
    unless: dict[str, str | bool | int] = field(
        default_factory=dict,
        metadata={
            "help": "only calls that surely do not pass these constants, written as under `when`",
            "example": '{ "mode|1" = "*b*" }',
        },
    )
    required_arguments: tuple[str, ...] = option("what calls must pass", example='["timeout"]')
    forbidden_arguments: tuple[str, ...] = option("what calls must not pass", example='["context"]')
    paired_arguments: tuple[str, ...] = option(
        "what calls pass all of or nothing", example='["translation_key", "translation_domain"]'
    )
    max_positional: int = option(
        "how many arguments calls may pass by position; any number when negative", default=-1
    )
    drop_in: bool = DROP_IN


def check(file: File, project: Project, options: ForbiddenUseOptions) -> Iterator[Problem]:
    """Yields every use of a target that counts, each place once."""
    if is_home(file, project, options.use):
        return
    found: dict[Span, Problem] = {}
    for hit in _hits(file, project, options):
        if hit.span not in found and _counts(hit, options) and _stands_there(file, hit.span, options):
            found[hit.span] = _problem(hit, options)._replace(fix=_fix(file, project, hit, options))
    yield from found.values()


def _hits(file: File, project: Project, options: ForbiddenUseOptions) -> Iterator[Hit]:
    kinds = ("call",) if _is_about_calls(options) else options.kinds
    hows = frozenset(how for kind in kinds for how in _HOWS.get(kind, ()))
    search = Search(file, project, options.targets, options.exempt, options.allow_in, hows)
    if hows:
        yield from search.uses()
    if "patch" in kinds:
        yield from search.quoted()


def _is_about_calls(options: ForbiddenUseOptions) -> bool:
    return bool(options.when or options.unless) or has_terms(options)


def _counts(hit: Hit, options: ForbiddenUseOptions) -> bool:
    """Whether a call is one of those meant, and breaks the terms; without terms any use does."""
    if hit.arguments is None or not _is_about_calls(options):
        return True
    if not is_meant(hit.arguments, options.when) or is_spared(hit.arguments, options.unless):
        return False
    return not has_terms(options) or breach(hit.arguments, options) is not None


def _stands_there(file: File, span: Span, options: ForbiddenUseOptions) -> bool:
    if not options.inside and not options.outside:
        return True
    parts = file.scope_at(span.line).split(".")
    names = [*parts, *(".".join(parts[:length]) for length in range(2, len(parts) + 1))]
    is_inside = not options.inside or _is_one_of(names, options.inside)
    return is_inside and not _is_one_of(names, options.outside)


def _is_one_of(names: Iterable[str], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _fix(file: File, project: Project, hit: Hit, options: ForbiddenUseOptions) -> Fix | None:
    if hit.behind is None:
        return None
    inside = hit.name[len(hit.target) :]
    return drop_in_fix(file, project, options, REPLACE, hit.span, inside, hit.behind)


def _problem(hit: Hit, options: ForbiddenUseOptions) -> Problem:
    name, target = shown(hit.name), shown(hit.target)
    through = f", handed on by {hit.via[-1]}" if hit.via else ""
    broken = breach(hit.arguments, options) if hit.arguments is not None else None
    if broken is not None:
        message = f"`{name}` is called {broken.text}{through}"
        return Problem(hit.span, message, (target, name, broken.term))
    parameters = [title(parameter) for parameter in options.when]
    here = f"here with {' and '.join(f'`{each}`' for each in parameters)}" if parameters else "here"
    inside = "" if name == target or name.startswith(".") else f" (`{name}`)"
    message = f"`{target}` is forbidden {here}{inside}{through}"
    return Problem(hit.span, message, (target, name, *parameters))


def _contradictions(options: ForbiddenUseOptions) -> Iterator[Contradiction]:
    yield from no_names(options, "targets", "exempt")
    yield from drop_in_contradictions(options)
    for index, target in enumerate(options.targets):
        if not is_attribute(target) and symbols(options.exempt).within(target):
            yield Contradiction(("targets", index), f"`exempt` takes `{target}` away")
    if not options.kinds:
        yield Contradiction(("kinds",), "no use counts")
    elif _is_about_calls(options) and "call" not in options.kinds:
        yield Contradiction(("kinds",), "only calls have arguments, and they do not count here")
    for index, pattern in enumerate(options.outside):
        if pattern in options.inside:
            yield Contradiction(("outside", index), f"`{pattern}` is inside and outside")
    yield from unusable(options)


_CONFIG = """\
[[forbidden-use]]
targets = ["time.time", "print", "*.objects.raw"]
allow-in = ["app/clock.py"]
use = "app.clock.now"

[[forbidden-use]]
name = "timeout"
targets = ["requests.*"]
exempt = ["requests.Session"]
required-arguments = ["timeout"]
"""

RULE = Rule(
    id="forbidden-use",
    code="SST401",
    options=ForbiddenUseOptions,
    check=check,
    doc=__doc__,
    required=("targets",),
    symbols=drop_in_symbols,
    contradictions=_contradictions,
    bad=(
        Example(
            "one thing by many names, and calls that lack an argument",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/compat.py": "from time import time as moment\n",
                "app/orders.py": (
                    "import requests\n"
                    "import time as t\n"
                    "from app.compat import moment\n"
                    "def pay(order):\n"
                    "    started = t.time()  # [forbidden-use]\n"
                    "    clock = moment  # [forbidden-use]\n"
                    '    print("paid")  # [forbidden-use]\n'
                    '    order.objects.raw("select 1")  # [forbidden-use]\n'
                    '    return requests.post("/pay", data=order)  # [forbidden-use]\n'
                ),
            },
        ),
        Example(
            "what has a drop-in",
            {
                "ssot-lint.toml": (
                    '[[forbidden-use]]\ntargets = ["time.sleep", "asyncio.sleep"]\n'
                    'use = "app.clock.pause"\ndrop-in = true\n'
                ),
                "app/__init__.py": "",
                "app/clock.py": "import time\ndef pause(seconds):\n    time.sleep(seconds)\n",
                "app/orders.py": (
                    "import time\n"
                    "from asyncio import sleep\n"
                    "def pay(wait=sleep):  # [forbidden-use]\n"
                    "    time.sleep(3)  # [forbidden-use]\n"
                    "    time.sleep = wait  # [forbidden-use]\n"
                ),
            },
            fixed={
                "app/orders.py": (
                    "import time\n"
                    "from app.clock import pause\n"
                    "def pay(wait=pause):\n"
                    "    pause(3)\n"
                    "    time.sleep = wait  # [forbidden-use]\n"
                )
            },
        ),
    ),
    good=(
        Example(
            "the accessor, what it hands on, arguments that may be there, and things of a similar name",
            {
                "ssot-lint.toml": _CONFIG,
                "app/__init__.py": "",
                "app/clock.py": "from time import time\ndef now():\n    return time()\n",
                "app/orders.py": (
                    "import requests\n"
                    "from app.clock import now, time\n"
                    "def pay(order, options, print):\n"
                    "    started = time()\n"
                    '    print("time.time()")\n'
                    "    order.time.time()\n"
                    "    requests.Session()\n"
                    '    requests.get("/", timeout=3)\n'
                    '    return requests.post("/pay", **options)\n'
                ),
            },
        ),
    ),
)
