"""Finds definitions and registering calls outside the files that are their home.

*Why is this bad?* Options, policies, models and constants are found, reviewed and documented where they
belong. One that is defined elsewhere is missed by whoever reads that place, and soon there are two.

*Use instead* the files under `only-in`: define it there, and import it.

*Limits* Of constants, those of a literal are seen: a string, a number, True, False, None. A call through
a name whose value is only known when the program runs is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssot_lint.facts.model import BUILTIN, CALL, DECORATE
from ssot_lint.file import File
from ssot_lint.finding import Problem, Span
from ssot_lint.project import Project
from ssot_lint.rules._ancestors import reached, with_builtins
from ssot_lint.rules._members import is_named
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import SymbolPatterns, no_names, symbols
from ssot_lint.rules._targets import shown

_CALLS = (CALL, DECORATE)  # a decorator that is called is both, in one place


@dataclass(frozen=True, kw_only=True)
class MisplacedDefinitionOptions(Options):
    """What `[[misplaced-definition]]` can be told."""

    only_in: tuple[str, ...] = option(
        "files where the things may be defined or called, in gitignore syntax; nowhere when empty",
        example='["shop/settings/"]',
    )
    classes: tuple[str, ...] = option("names of classes", example='["*Repository"]')
    bases: tuple[str, ...] = option(
        "classes that reach one of these, by its dotted name, and are named as `classes` says, if it does; "
        "`*` is any part of a name, `**` any names",
        example='["shop.models.Model"]',
    )
    functions: tuple[str, ...] = option(
        "functions by name, methods by the name of their class, a dot and their own",
        example='["get_session", "*.save"]',
    )
    constants: tuple[str, ...] = option(
        "names of literals that a module gives a name to", example='["*_TIMEOUT"]'
    )
    calls: tuple[str, ...] = option(
        "functions and classes that register something when they are called or decorate, by dotted name; "
        "`*` is any part of a name, `**` any names",
        example='["oslo_config.cfg.*Opt"]',
    )


def check(file: File, project: Project, options: MisplacedDefinitionOptions) -> Iterator[Problem]:
    """Yields every definition and call of the file that may not stand in it."""
    if project.matches(options.only_in, file.path):
        return
    for name, span in _definitions(file, project, options):
        yield _problem(span, "defined", name, options)
    for name, span in _calls(file, project, options):
        yield _problem(span, "called", name, options)


def _problem(span: Span, verb: str, name: str, options: MisplacedDefinitionOptions) -> Problem:
    homes = " or ".join(f"`{home}`" for home in options.only_in)
    wrong = f"may be {verb} only in {homes}" if homes else f"must not be {verb}"
    thing = name if verb == "called" else name.rpartition(".")[2]  # the rest is in the scope
    return Problem(span, f"`{name}` {wrong}", (verb, thing))


def _definitions(
    file: File, project: Project, options: MisplacedDefinitionOptions
) -> Iterator[tuple[str, Span]]:
    if options.classes or options.bases:
        for entry in file.outline.classes:
            if is_named(entry.name, options.classes or ("*",)) and (
                not options.bases or reached(project, file.path, entry.qualname, options.bases)
            ):
                yield entry.qualname, entry.span
    if options.constants:
        for constant in file.outline.constants:
            if "." not in constant.name and is_named(constant.name, options.constants):
                yield constant.name, constant.span
    if options.functions:
        patterns = symbols(options.functions)
        for function in file.bodies.functions:
            if patterns.match(function.qualname):
                yield function.qualname, function.span


def _calls(file: File, project: Project, options: MisplacedDefinitionOptions) -> Iterator[tuple[str, Span]]:
    patterns = with_builtins(options.calls)
    if options.calls and _may_name(file, project, patterns):
        for used in file.uses:
            if used.use.how in _CALLS:
                names = (name for meaning in used.steps[-1] for name in project.names(meaning))
                name = next(filter(patterns.match, names), "")
                if name:
                    yield from ((shown(name), span) for span in used.use.spans())


def _may_name(file: File, project: Project, patterns: SymbolPatterns) -> bool:
    """Whether a file imports, defines or finds built in what is meant: most files are done with this."""
    references = file.references
    return (
        any(imported.entry.name == "*" for imported in references.imports)
        or any(map(patterns.match, references.names))
        or any(patterns.match(f"builtins.{use.name}") for use in file.details.uses if use.home == BUILTIN)
        or any(
            patterns.match(f"{module}.{name}")
            for module in project.modules.names(file.path)
            for name in file.outline.scopes[0].names
        )
    )


_CONFIG = """\
[[misplaced-definition]]
calls = ["oslo_config.cfg.*Opt"]
only-in = ["shop/settings/"]

[[misplaced-definition]]
bases = ["shop.models.base.Model"]
only-in = ["shop/models/"]

[[misplaced-definition]]
functions = ["get_session"]
constants = ["*_TIMEOUT"]
only-in = ["shop/settings/"]
"""

RULE = Rule(
    id="misplaced-definition",
    code="SST304",
    options=MisplacedDefinitionOptions,
    check=check,
    doc=__doc__,
    contradictions=lambda options: no_names(options, "bases", "calls"),
    required=("classes", "bases", "functions", "constants", "calls"),
    symbols=lambda options: tuple(name for name in (*options.bases, *options.calls) if "*" not in name),
    bad=(
        Example(
            "options, models, functions and constants away from their home",
            {
                "ssot-lint.toml": _CONFIG,
                "shop/models/base.py": "class Model:\n    pass\n",
                "shop/settings/sessions.py": "def get_session():\n    pass\nHTTP_TIMEOUT = 10\n",
                "shop/orders.py": (
                    "from oslo_config import cfg\n"
                    "from shop.models.base import Model\n"
                    "currency = cfg.StrOpt('currency')  # [misplaced-definition]\n"
                    "HTTP_TIMEOUT = 20  # [misplaced-definition]\n"
                    "class Order(Model):  # [misplaced-definition]\n    pass\n"
                    "class SpecialOrder(Order):  # [misplaced-definition]\n    pass\n"
                    "def get_session():  # [misplaced-definition]\n    pass\n"
                ),
            },
        ),
        Example(
            "what nobody may define",
            {
                "ssot-lint.toml": '[[misplaced-definition]]\nconstants = ["__author__"]\n',
                "shop/orders.py": "__author__ = 'Ada'  # [misplaced-definition]\n",
            },
        ),
    ),
    good=(
        Example(
            "at home, used elsewhere, and of another name",
            {
                "ssot-lint.toml": _CONFIG,
                "shop/settings/sessions.py": (
                    "from oslo_config import cfg\n"
                    "currency = cfg.StrOpt('currency')\n"
                    "def get_session():\n    pass\nHTTP_TIMEOUT = 10\n"
                ),
                "shop/models/base.py": "class Model:\n    pass\n",
                "shop/models/orders.py": (
                    "from shop.models.base import Model\nclass Order(Model):\n    pass\n"
                ),
                "shop/orders.py": (
                    "from oslo_config import cfg\n"
                    "from shop.models.orders import Order\n"
                    "from shop.settings.sessions import HTTP_TIMEOUT, get_session\n"
                    "TIMEOUTS = 3\n"
                    "kinds = [cfg.StrOpt]\n"
                    "class Plain:\n    HTTP_TIMEOUT = 5\n"
                    "    def get_session(self):\n        return get_session()\n"
                ),
            },
        ),
    ),
)
