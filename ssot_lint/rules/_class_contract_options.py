"""What a table of `class-contract` can say, and what in it cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from ssot_lint.rules._expressions import flaw_of
from ssot_lint.rules._rule import Contradiction, Options, option

_CLASSES, _FUNCTIONS, _MODULES = "classes", "functions", "modules"
_BOTH = (_CLASSES, _FUNCTIONS)


@dataclass(frozen=True, kw_only=True)
class ClassContractOptions(Options):
    """What `[[class-contract]]` can be told: which classes, functions or modules, and what holds for them.

    In what is required, `a | b` stands for one of the two.
    """

    of: Literal["classes", "functions", "modules"] = option(
        "what the contract is about; modules are chosen by `paths`", default="classes"
    )

    # which of them

    names: tuple[str, ...] = option(
        "names of classes; of functions, and of methods with their class, where `**.` stands for any class "
        "or none",
        example='["Test*"]',
    )
    bases: tuple[str, ...] = option(
        "only classes that reach one of these, and methods of such classes, by dotted name; `*` is any part "
        "of a name, `**` any names",
        example='["shop.views.View"]',
    )
    decorated_by: tuple[str, ...] = option(
        "only what has one of these decorators, by dotted name or pattern", example='["shop.api.route"]'
    )
    has_members: tuple[str, ...] = option(
        "only classes in whose body one of these names is bound", example='["test_*"]'
    )
    asynchronous: Literal["any", "only", "never"] = option(
        "whether only functions of `async def` are meant, or all but those", default="any"
    )

    # what must hold

    required_decorators: tuple[str, ...] = option(
        "decorators that each must have, by dotted name or pattern",
        example='["shop.auth.login_required | shop.auth.public"]',
    )
    forbidden_decorators: tuple[str, ...] = option(
        "decorators that none may have, by dotted name or pattern", example='["django.**.login_required"]'
    )
    first_decorators: tuple[str, ...] = option(
        "decorators above which no other may stand, by dotted name or pattern",
        example='["nova.api.api_version"]',
    )
    required_name: str = option(
        "what each must be named; `*` is any part of a name", default="", example='"*Filter | *FilterSet"'
    )
    required_name_regex: str = option(
        "a regular expression that the whole name of each must match",
        default="",
        example="'[a-z]+(_[a-z]+)*'",
    )
    required_members: tuple[str, ...] = option(
        "names that each class or module must define", example='["async_unload_entry", "title | label"]'
    )
    forbidden_members: tuple[str, ...] = option(
        "names that none may define; `*` is any part of a name", example='["name_get"]'
    )
    implies: dict[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata={
            "help": "names, each with others that must be defined where it is",
            "example": '{ __eq__ = ["__hash__"] }',
        },
    )
    inherited: bool = option(
        "whether what a class inherits from the classes of the tree counts as defined", default=True
    )
    forbidden_bases: tuple[str, ...] = option(
        "classes that none may reach, by dotted name or pattern", example='["unittest.TestCase"]'
    )
    required_keywords: tuple[str, ...] = option(
        "keywords that must be passed behind the bases of a class", example='["metaclass"]'
    )
    required_parameters: tuple[str, ...] = option(
        "parameters that each function must have", example='["hass", "context | ctx"]'
    )
    forbidden_parameters: tuple[str, ...] = option(
        "parameters that no function may have; `*` is any part of a name", example='["session"]'
    )
    keyword_only: tuple[str, ...] = option(
        "parameters that can only be passed by keyword, where a function has them", example='["timeout"]'
    )


REQUIREMENTS = (
    *("required-decorators", "forbidden-decorators", "first-decorators"),
    *("required-name", "required-name-regex"),
    *("required-members", "forbidden-members", "implies", "forbidden-bases", "required-keywords"),
    *("required-parameters", "forbidden-parameters", "keyword-only"),
)

# What each option can be about; an option that is not here, about anything.
_ABOUT = {
    **dict.fromkeys(("names", "bases", "decorated_by", "required_name", "required_name_regex"), _BOTH),
    **dict.fromkeys(("required_decorators", "forbidden_decorators", "first_decorators"), _BOTH),
    **dict.fromkeys(("required_members", "forbidden_members", "implies"), (_CLASSES, _MODULES)),
    **dict.fromkeys(("has_members", "inherited", "forbidden_bases", "required_keywords"), (_CLASSES,)),
    **dict.fromkeys(("asynchronous", "keyword_only"), (_FUNCTIONS,)),
    **dict.fromkeys(("required_parameters", "forbidden_parameters"), (_FUNCTIONS,)),
}


def alternatives(term: str) -> tuple[str, ...]:
    """The names of which one is required: `a | b` is either."""
    return tuple(name.strip() for name in term.split("|"))


def contradictions(options: ClassContractOptions) -> Iterator[Contradiction]:
    """What in a table cannot be meant."""
    unset = ClassContractOptions()
    for each in fields(options):
        is_given = getattr(options, each.name) != getattr(unset, each.name)
        if is_given and options.of not in _ABOUT.get(each.name, (options.of,)):
            key = each.name.replace("_", "-")
            yield Contradiction(
                (key,), f"is not about {options.of}, but about {' and '.join(_ABOUT[each.name])}"
            )
    for thing in ("decorators", "members", "parameters"):
        required = {name for term in getattr(options, f"required_{thing}") for name in alternatives(term)}
        for index, name in enumerate(getattr(options, f"forbidden_{thing}")):
            if name in required:
                yield Contradiction((f"forbidden-{thing}", index), f"`{name}` is required and forbidden")
    if flaw := flaw_of(options.required_name_regex):
        yield Contradiction(("required-name-regex",), flaw)
    for name, others in options.implies.items():
        for index, term in enumerate(others):
            if not set(alternatives(term)).isdisjoint({name, *options.forbidden_members}):
                text = "it is there anyway" if name in alternatives(term) else "it is forbidden"
                yield Contradiction(("implies", name, index), f"`{term}` cannot be implied: {text}")


def symbols_of(options: ClassContractOptions) -> Iterator[str]:
    """The names in a table that must exist in the tree."""
    terms = (
        *(*options.bases, *options.decorated_by, *options.required_decorators),
        *(*options.forbidden_decorators, *options.first_decorators, *options.forbidden_bases),
    )
    return (name for term in terms for name in alternatives(term) if "*" not in name)
