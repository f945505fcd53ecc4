"""Finds functions, methods and constants that are defined in more than one place.

*Why is this bad?* Copies drift: a fix reaches one of them, and a limit that is raised in one module still
holds in the other.

*Use instead* one definition, imported by the others.

*Limits* By default functions and methods count whose bodies are equal or nearly so, under any name, and
constants of modules with one name in capitals and one value that tells something: a number that is not
round, or text of more than one character that is not the name in one word. Bodies are compared without
docstrings, comments and layout, decorators do not count, and functions that do nothing are left out. A
member of a canonical class whose value is its name in one word counts in classes of the same name only.
Methods of classes that are alike are for `cloned-class` and `duplicate-class`. How much of two bodies is the
same is estimated from a sample of their parts, within about 5 percent; what has fewer than 60 tokens is
compared for equality alone. Of hundreds of nearly equal bodies not all are compared, and at most 100 places
are listed with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain
from typing import Literal

from ssot_lint.facts.model import Class, Function
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._alike import (
    Definition,
    alikes_with,
    are_one_thing,
    contradictions,
    definitions_in,
    problem,
)
from ssot_lint.rules._named import (
    Named,
    away_from_home,
    constants_in,
    functions_in,
    of_same_name,
    of_same_value,
)
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option

_SYMBOL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True, kw_only=True)
class DuplicateFunctionOptions(Options):
    """What `[[duplicate-function]]` can be told; bodies and values count without `names` and `canonical`."""

    kinds: tuple[Literal["functions", "methods", "constants"], ...] = option(
        "what to look at; all when empty", example='["functions", "constants"]'
    )
    names: tuple[str, ...] = option(
        "names of functions and constants that may be defined at the top of one module only, whatever they "
        "hold",
        example='["get_env", "parse_*_date"]',
    )
    canonical: tuple[str, ...] = option(
        "functions and constants whose name must not be defined at the top of any other module; classes and "
        "modules whose constants must not be defined elsewhere with the same name and value",
        example='["shop.money.rounded", "shop.limits"]',
    )
    exempt: tuple[str, ...] = option(
        "names of functions and constants that may be defined again", example='["upgrade", "main"]'
    )
    similarity: int = option(
        "how much of two bodies must be the same, in percent; 100 for equal bodies only", default=90
    )
    min_lines: int = option("the fewest lines of a function whose body is compared", default=10)
    min_tokens: int = option("the fewest tokens of its body, docstrings left out", default=30)


def check(file: File, project: Project, options: DuplicateFunctionOptions) -> Iterator[Problem]:
    """Yields every function and constant of the file that is defined elsewhere too, with the other places."""
    if options.canonical:
        yield from away_from_home(_named_in(file, options), project, options.canonical)
    if options.names:
        key = ("duplicate-function", options.kinds, options.names, options.exempt)
        others = project.once(key, lambda: _by_name(project, options, key))
        yield from of_same_name((one for one in _named_in(file, options) if one.qualname in others), others)
    elif not options.canonical:
        if _has_kind("constants", options):
            constants = (one for one in constants_in(file) if not _is_exempt(one.name, options))
            yield from of_same_value(constants, project)
        yield from _of_same_body(file, project, options)


def _named_in(file: File, options: DuplicateFunctionOptions) -> Iterator[Named]:
    functions = functions_in(file) if _has_kind("functions", options) else ()
    constants = constants_in(file) if _has_kind("constants", options) else ()
    return (one for one in (*functions, *constants) if not _is_exempt(one.name, options))


def _by_name(
    project: Project, options: DuplicateFunctionOptions, key: tuple[object, ...]
) -> Mapping[str, Sequence[Named]]:
    def read(file: File) -> list[Named]:
        return [
            one
            for one in _named_in(file, options)
            if not one.is_member and any(fnmatchcase(one.name, pattern) for pattern in options.names)
        ]

    found: dict[str, list[Named]] = {}
    for one in chain.from_iterable(project.every(key, read)):
        found.setdefault(one.name, []).append(one)
    return found


def _of_same_body(file: File, project: Project, options: DuplicateFunctionOptions) -> Iterator[Problem]:
    large = _large_functions(options, file)
    if not large:
        return
    key = ("duplicate-function", options.kinds, options.min_lines, options.min_tokens)
    alikes = alikes_with(file, project, key, partial(_large_functions, options), options.similarity)
    for one in large:
        if not _is_exempt(one.name, options):
            matches = [match for match in alikes.matches(one) if not are_one_thing(one, match.other)]
            if matches:
                yield problem(one, matches)


def _large_functions(options: DuplicateFunctionOptions, file: File) -> list[Definition]:
    wanted = {
        entry.span
        for entry in file.bodies.functions
        if not entry.body
        and _is_large(entry, options)
        and _has_kind("methods" if entry.is_method else "functions", options)
    }
    if not wanted:
        return []
    classes = (entry for entry in file.outline.classes if _is_large(entry, options))
    functions = (entry for entry in file.bodies.functions if _is_large(entry, options))
    return [each for each in definitions_in(file.path, classes, functions) if each.span in wanted]


def _is_large(entry: Class | Function, options: DuplicateFunctionOptions) -> bool:
    return entry.size >= options.min_tokens and entry.end_line - entry.line + 1 >= options.min_lines


def _has_kind(kind: Literal["functions", "methods", "constants"], options: DuplicateFunctionOptions) -> bool:
    return not options.kinds or kind in options.kinds


def _is_exempt(name: str, options: DuplicateFunctionOptions) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in options.exempt)


def _contradictions(options: DuplicateFunctionOptions) -> Iterator[Contradiction]:
    yield from contradictions(options.similarity)
    for index, name in enumerate(options.names):
        if _is_exempt(name, options):
            yield Contradiction(("names", index), f"`exempt` leaves out `{name}`")
    for index, symbol in enumerate(options.canonical):
        if not _SYMBOL.fullmatch(symbol):
            text = f'expected a dotted name such as "package.module.name", found "{symbol}"'
            yield Contradiction(("canonical", index), text)
        elif _is_exempt(symbol.rpartition(".")[2], options):
            yield Contradiction(("canonical", index), f"`exempt` leaves out `{symbol}`")
    if options.kinds == ("methods",) and (options.names or options.canonical):
        keys = " and ".join(key for key in ("names", "canonical") if getattr(options, key))
        yield Contradiction(("kinds", 0), f"{keys} speak of functions and constants, not of methods")


_BODY = """\
    found = {}
    for row in rows:
        if row.currency == currency:
            found[row.name] = float(row.amount)
        else:
            found[row.name] = convert(row.amount, row.currency, currency)
    for name in sorted(found):
        found[name] = round(found[name], 2)
    print(len(found), "rows")
    return found
"""
_METHOD = "".join(f"    {line}\n" for line in _BODY.splitlines())

RULE = Rule(
    id="duplicate-function",
    code="SST303",
    options=DuplicateFunctionOptions,
    check=check,
    doc=__doc__,
    symbols=lambda options: options.canonical,
    contradictions=_contradictions,
    bad=(
        Example(
            "a body under two names, and a constant with one value in two modules",
            {
                "ssot-lint.toml": "[[duplicate-function]]\n",
                "shop/orders.py": (
                    'HOST = "api.shop.example"  # [duplicate-function]\n'
                    "def totals(rows, currency):  # [duplicate-function]\n" + _BODY
                ),
                "shop/refunds.py": (
                    'HOST = "api.shop.example"  # [duplicate-function]\n'
                    "class Refunds:\n"
                    "    @staticmethod\n"
                    "    def sums(rows, currency):  # [duplicate-function]\n" + _METHOD
                ),
            },
        ),
        Example(
            "a function that may be defined once, and things that have a home",
            {
                "ssot-lint.toml": (
                    '[[duplicate-function]]\nnames = ["get_env"]\n\n'
                    '[[duplicate-function]]\ncanonical = ["shop.money.rounded", "shop.limits"]\n'
                ),
                "shop/env.py": "def get_env(name): ...  # [duplicate-function]\n",
                "shop/money.py": "def rounded(amount): ...\n",
                "shop/limits.py": "MOST_ROWS = 50\n",
                "shop/orders.py": (
                    "def get_env(key): return {}[key]  # [duplicate-function]\n"
                    "def rounded(amount): return round(amount, 2)  # [duplicate-function]\n"
                    "MOST_ROWS = 50  # [duplicate-function]\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "other bodies, small ones, empty ones, methods of alike classes, and values that tell nothing",
            {
                "ssot-lint.toml": "[[duplicate-function]]\n",
                "shop/orders.py": (
                    "DEBUG = False\nRETRIES = 3\nhost = 'api.shop.example'\n__version__ = '1.2.3'\n"
                    "def totals(rows, currency):\n" + _BODY + "def first(rows):\n    return rows[0]\n"
                    "class Orders:\n    def rows(self, order):\n" + _METHOD.replace("found", "rest")
                ),
                "shop/refunds.py": (
                    "DEBUG = False\nRETRIES = 3\nhost = 'api.shop.example'\n__version__ = '1.2.3'\n"
                    "def totals(rows, currency):\n"
                    + _BODY.replace("float", "int").replace("sorted", "list").replace("convert", "change")
                    + "def first(rows):\n    return rows[0]\n"
                    "class Refunds:\n    def rows(self, order):\n" + _METHOD.replace("found", "rest")
                ),
            },
        ),
    ),
)
