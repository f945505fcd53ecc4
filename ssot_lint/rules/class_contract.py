"""Finds classes, functions and modules that do not keep the contract of their kind.

*Why is this bad?* A framework finds its parts by convention: a decorator, a name, a method, a constant of
the module. A part without one of them is passed over or half works, and nothing fails.

*Use instead* what the contract requires.

*Limits* A requirement is not judged where a decorator or, with `inherited`, a base class is unknown. What
methods set on `self` counts as defined; what a class outside the tree defines does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ssot_lint.facts.model import Class, Function, Reference
from ssot_lint.file import File
from ssot_lint.finding import Problem, Span
from ssot_lint.project import Project
from ssot_lint.rules._ancestors import reached, with_builtins
from ssot_lint.rules._class_contract_options import (
    REQUIREMENTS,
    ClassContractOptions,
    alternatives,
    contradictions,
    symbols_of,
)
from ssot_lint.rules._members import class_lacks, is_named, module_lacks, place_of
from ssot_lint.rules._rule import Example, Rule
from ssot_lint.rules._symbols import symbols
from ssot_lint.rules._targets import shown

_TOP = Span(1, 1, 1, 1)
_WRONG = {
    "required-name": "is not named",
    "required-decorators": "is not decorated with",
    "forbidden-decorators": "must not be decorated with",
    "first-decorators": "must not have a decorator above",
    "required-members": "does not define",
    "forbidden-members": "must not define",
    "forbidden-bases": "must not inherit from",
    "required-keywords": "does not pass the keyword",
    "required-parameters": "does not have the parameter",
    "forbidden-parameters": "must not have the parameter",
    "keyword-only": "must only take by keyword",
}


def check(file: File, project: Project, options: ClassContractOptions) -> Iterator[Problem]:
    """Yields every way in which the file's chosen classes or functions, or the file, break the contract."""
    if options.of == "classes":
        for entry in file.outline.classes:
            if _is_chosen_class(file, project, options, entry):
                yield from _of_class(file, project, options, entry)
    elif options.of == "functions":
        for function in file.bodies.functions:
            if _is_chosen_function(file, project, options, function):
                yield from _of_function(file, project, options, function)
    else:
        yield from _of_module(file, project, options)


# which of them


def _is_chosen_class(file: File, project: Project, options: ClassContractOptions, entry: Class) -> bool:
    return (
        (not options.names or is_named(entry.name, options.names))
        and (not options.has_members or any(is_named(name, options.has_members) for name in entry.members))
        and (not options.decorated_by or _has_decorator(file, project, entry, options.decorated_by))
        and (not options.bases or reached(project, file.path, entry.qualname, options.bases) is not None)
    )


def _is_chosen_function(
    file: File, project: Project, options: ClassContractOptions, function: Function
) -> bool:
    around = function.qualname.rpartition(".")[0]
    return (
        (not options.names or symbols(options.names).match(function.qualname))
        and options.asynchronous != ("never" if function.is_async else "only")
        and (not options.decorated_by or _has_decorator(file, project, function, options.decorated_by))
        and (not options.bases or reached(project, file.path, around, options.bases) is not None)
    )


# what must hold


def _of_class(file: File, project: Project, options: ClassContractOptions, entry: Class) -> Iterator[Problem]:
    def lacks(names: Iterable[str]) -> bool:
        return class_lacks(project, file.path, entry, names, options.inherited)

    yield from _of_definition(file, project, options, entry)
    yield from _of_members(options, entry.members, lacks, entry.span, entry.qualname)
    for member in entry.members:
        if is_named(member, options.forbidden_members):
            span = place_of(file, f"{entry.qualname}.{member}", entry.span)
            yield _problem(span, entry.qualname, "forbidden-members", member)
    forbidden = reached(project, file.path, entry.qualname, options.forbidden_bases)
    if forbidden is not None:
        direct = (base.span for base in entry.bases if forbidden in project.base_meanings(file.path, base))
        name = project.names(forbidden)[-1]
        yield _problem(next(direct, entry.span), entry.qualname, "forbidden-bases", name)
    for keyword in options.required_keywords:
        if not {*alternatives(keyword), "**"} & {*entry.keywords}:
            yield _problem(entry.span, entry.qualname, "required-keywords", keyword)


def _of_function(
    file: File, project: Project, options: ClassContractOptions, function: Function
) -> Iterator[Problem]:
    yield from _of_definition(file, project, options, function)
    names = [parameter.name for parameter in function.parameters]
    is_open = any(parameter.kind.startswith("var_") for parameter in function.parameters)
    for term in options.required_parameters:
        if not is_open and not any(is_named(name, alternatives(term)) for name in names):
            yield _problem(function.span, function.qualname, "required-parameters", term)
    for parameter in function.parameters:
        if is_named(parameter.name, options.forbidden_parameters):
            yield _problem(function.span, function.qualname, "forbidden-parameters", parameter.name)
        if parameter.kind.startswith("positional") and is_named(parameter.name, options.keyword_only):
            yield _problem(function.span, function.qualname, "keyword-only", parameter.name)


def _of_module(file: File, project: Project, options: ClassContractOptions) -> Iterator[Problem]:
    def lacks(names: Iterable[str]) -> bool:
        return module_lacks(project, file, names)

    members = sorted(file.outline.scopes[0].names)
    yield from _of_members(options, members, lacks, _TOP, "")
    for member in members:
        if is_named(member, options.forbidden_members):
            yield _problem(place_of(file, member, _TOP), "", "forbidden-members", member)


def _of_definition(
    file: File, project: Project, options: ClassContractOptions, entry: Class | Function
) -> Iterator[Problem]:
    if options.required_name and not is_named(entry.name, alternatives(options.required_name)):
        yield _problem(entry.span, entry.qualname, "required-name", options.required_name)
    regex = options.required_name_regex
    if regex and not re.fullmatch(regex, entry.name):
        message = f"`{entry.qualname}` has a name that does not match `{regex}`"
        yield Problem(entry.span, message, ("required-name-regex", entry.name))
    named = [(each, _names(file, project, each)) for each in entry.decorators]
    for term in options.required_decorators:
        if all(names and not _are_meant(names, alternatives(term)) for _, names in named):
            yield _problem(entry.span, entry.qualname, "required-decorators", term)
    for index, (decorator, names) in enumerate(named):
        if _are_meant(names, options.forbidden_decorators):
            yield _problem(decorator.span, entry.qualname, "forbidden-decorators", names[0])
        if index and _are_meant(names, options.first_decorators):
            yield _problem(decorator.span, entry.qualname, "first-decorators", names[0])


def _of_members(
    options: ClassContractOptions,
    members: Iterable[str],
    lacks: Callable[[Iterable[str]], bool],
    span: Span,
    qualname: str,
) -> Iterator[Problem]:
    for term in options.required_members:
        if lacks(alternatives(term)):
            yield _problem(span, qualname, "required-members", term)
    for name, others in options.implies.items():
        for term in others:
            if name in members and lacks(alternatives(term)):
                yield _problem(span, qualname, "implies", term, f"defines `{name}` but not")


# decorators


def _has_decorator(file: File, project: Project, entry: Class | Function, patterns: tuple[str, ...]) -> bool:
    return any(_are_meant(_names(file, project, each), patterns) for each in entry.decorators)


def _names(file: File, project: Project, decorator: Reference) -> tuple[str, ...]:
    """Every dotted name that a decorator may have; none where it is unknown."""
    meanings = project.resolve(file.path, decorator.name, decorator.home)
    return tuple(name for meaning in meanings for name in project.names(meaning))


def _are_meant(names: Iterable[str], patterns: tuple[str, ...]) -> bool:
    return any(map(with_builtins(patterns).match, names))


def _problem(span: Span, qualname: str, term: str, name: str, wrong: str = "") -> Problem:
    thing = f"`{qualname}`" if qualname else "this module"
    names = " or ".join(f"`{shown(each)}`" for each in alternatives(name))
    subject = (term, qualname.rpartition(".")[2], name)
    return Problem(span, f"{thing} {wrong or _WRONG[term]} {names}", subject)


_CONFIG = """\
[[class-contract]]
bases = ["shop.views.View"]
required-decorators = ["shop.auth.login_required | shop.auth.public"]
required-members = ["title"]
forbidden-members = ["render_*"]
implies = { get = ["permissions"] }
required-name = "*View"

[[class-contract]]
of = "functions"
names = ["**.handle_*"]
forbidden-decorators = ["functools.lru_cache"]
required-parameters = ["context"]
forbidden-parameters = ["session"]

[[class-contract]]
of = "modules"
paths = ["shop/platforms/"]
required-members = ["PARALLEL_UPDATES", "setup"]
"""
_VIEWS = "class View:\n    title = ''\n"
_AUTH = "def login_required(view):\n    return view\ndef public(view):\n    return view\n"

RULE = Rule(
    id="class-contract",
    code="SST204",
    options=ClassContractOptions,
    check=check,
    doc=__doc__,
    required=REQUIREMENTS,
    symbols=symbols_of,
    contradictions=contradictions,
    bad=(
        Example(
            "classes, functions and modules that lack something, or have too much",
            {
                "ssot-lint.toml": _CONFIG.replace(
                    "required-members", "inherited = false\nrequired-members", 1
                ),
                "shop/views.py": _VIEWS,
                "shop/auth.py": _AUTH,
                "shop/orders.py": (
                    "from functools import lru_cache\n"
                    "from shop.auth import login_required\n"
                    "from shop.views import View\n"
                    "class OrderView(View):  # [class-contract]\n    title = 'Orders'\n"
                    "@login_required\nclass Orders(View):  # [class-contract]\n"
                    "    def get(self):\n        pass\n"
                    "    def render_page(self):  # [class-contract]\n        pass\n"
                    "@lru_cache  # [class-contract]\n"
                    "def handle_order(context, session):  # [class-contract]\n    pass\n"
                    "def handle_refund(order):  # [class-contract]\n    pass\n"
                ),
                "shop/platforms/light.py": "def setup():  # [class-contract]\n    pass\n",
            },
        ),
    ),
    good=(
        Example(
            "contracts that are kept, and what they are not about",
            {
                "ssot-lint.toml": _CONFIG,
                "shop/views.py": _VIEWS,
                "shop/auth.py": _AUTH,
                "shop/orders.py": (
                    "from shop import auth\n"
                    "from shop.views import View\n"
                    "@auth.public\nclass OrderView(View):\n"
                    "    def get(self):\n        pass\n"
                    "    def permissions(self):\n        pass\n"
                    "class Orders:\n    def render_page(self):\n        pass\n"
                    "def handle_order(context, *, order):\n    pass\n"
                    "def order(session):\n    pass\n"
                ),
                "shop/platforms/light.py": ("from shop.platforms.base import setup\nPARALLEL_UPDATES = 1\n"),
            },
        ),
    ),
)
