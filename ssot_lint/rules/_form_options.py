"""What a table of `import-form` can say, and what in it cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from ssot_lint.rules._rule import Contradiction, Options, option

_FORM = re.compile(r"(?:from (?P<origin>[\w.]+) )?import (?P<name>[\w.*]+)(?: as (?P<alias>\w+))?")


@dataclass(frozen=True, kw_only=True)
class ImportFormOptions(Options):
    """What `[[import-form]]` can be told; each option is off unless given."""

    relative: Literal["allow", "forbid", "siblings", "inside"] = option(
        "relative imports: allowed, forbidden, only of one dot, or for all that is inside the same one of "
        "`packages` and for nothing else",
        default="allow",
    )
    packages: tuple[str, ...] = option(
        'packages inside of which imports are relative, with `relative = "inside"`',
        example='["shop.components.*"]',
    )
    no_star: bool = option("whether `from m import *` is forbidden", default=False)
    no_nested: bool = option(
        "whether imports inside functions and classes are forbidden, but for those under `TYPE_CHECKING` or "
        "in a `try` that catches `ImportError`",
        default=False,
    )
    nested_allowed: tuple[str, ...] = option(
        "modules that may be imported anywhere, with `no-nested`", example='["matplotlib"]'
    )
    no_redundant_alias: bool = option(
        "whether `import a as a`, `import a.b as b` and `from m import a as a` are forbidden, except in "
        "`__init__` and stubs, where they re-export",
        default=False,
    )
    one_per_statement: bool = option("whether `import a, b` is forbidden", default=False)
    aliases: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": "modules and symbols, each with the one name that it is imported as",
            "example": '{ numpy = "np", "shop.models" = "models" }',
        },
    )
    banned_aliases: dict[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata={
            "help": "modules, symbols and patterns, each with other names that it must not get; `*` is any",
            "example": '{ datetime = ["*"], "shop.**" = ["tmp*"] }',
        },
    )
    modules_only: tuple[str, ...] = option(
        "modules that no names are imported from; `*` is any part of one name, `**` any number of names",
        example='["shop.**"]',
    )
    forms: tuple[str, ...] = option(
        "statements, each the only form in which its module or symbol is imported",
        example='["from shop.helpers import registry as r", "import shop.privileged.*"]',
    )


class Form(NamedTuple):
    """A required statement."""

    text: str
    thing: str  # the dotted name, or pattern, of what it imports
    is_from: bool
    alias: str


def parse_form(text: str) -> Form | None:
    """Reads a required statement; None where it is none, or a star import."""
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None or (found["origin"] and re.search(r"[.*]", found["name"])):
        return None
    thing = f"{found['origin']}.{found['name']}" if found["origin"] else found["name"]
    return Form(text, thing, bool(found["origin"]), found["alias"] or "")


def contradictions(options: ImportFormOptions) -> Iterator[Contradiction]:
    """Yields what cannot be meant."""
    own = {each.name for each in fields(options)} - {each.name for each in fields(Options)}
    if not any(getattr(options, name) for name in own - {"relative"}) and options.relative == "allow":
        yield Contradiction((), "no form is asked for")
    if options.packages and options.relative != "inside":
        yield Contradiction(("packages",), 'means nothing without `relative = "inside"`')
    if options.relative == "inside" and not options.packages:
        yield Contradiction(("relative",), "`inside` means nothing without `packages`")
    if options.nested_allowed and not options.no_nested:
        yield Contradiction(("nested-allowed",), "means nothing without `no-nested`")
    for thing, alias in options.aliases.items():
        if not alias.isidentifier() and alias != thing:
            yield Contradiction(("aliases", thing), "expected a name")
        if alias in options.banned_aliases.get(thing, ()):
            yield Contradiction(("banned-aliases", thing), f"`{alias}` is the name under `aliases`")
    for index, text in enumerate(options.forms):
        form = parse_form(text)
        if form is None:
            yield Contradiction(("forms", index), "expected a statement such as `from m import a as b`")
        elif form.thing in options.aliases and options.aliases[form.thing] != _bound(form):
            yield Contradiction(("forms", index), f"`{form.thing}` has another name under `aliases`")


def _bound(form: Form) -> str:
    return form.alias or (form.thing.rpartition(".")[2] if form.is_from else form.thing)
