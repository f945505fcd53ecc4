"""Finds the constants that dotted names of the configuration mean: of modules, of classes, or single ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssot_lint.facts.model import Constant
from ssot_lint.file import File
from ssot_lint.finding import REPLACE, Fix, Span
from ssot_lint.meaning import A_MODULE, A_VALUE, Meaning
from ssot_lint.project import Project
from ssot_lint.rules._importable import importable
from ssot_lint.rules._symbols import symbols

_ENUMS = ("Enum", "Flag", "Choices")
_TEXT_ENUMS = frozenset(("builtins.str", "enum.StrEnum", "django.db.models.TextChoices"))


class Home(NamedTuple):
    """A canonical constant."""

    symbol: str  # its dotted name, as one imports it
    path: str
    constant: Constant
    is_single: bool  # named itself, and not with all others of a module or class


def homes_of(project: Project, names: tuple[str, ...]) -> tuple[Home, ...]:
    """The constants that are meant, in the order of the names, each once.

    A module means its public constants and the members of its enums, a class its members.
    """
    found: dict[tuple[str, Constant], Home] = {}
    for name in names:
        for home in _matching(project, name) if "*" in name else _named(project, name):
            if _has_one_value(project, home):
                found.setdefault((home.path, home.constant), home)
    return tuple(found.values())


def _has_one_value(project: Project, home: Home) -> bool:
    """Whether a constant is the same in every branch that defines it."""
    constants = project.outlines[home.path].constants
    return len({each.value for each in constants if each.name == home.constant.name}) == 1


def text_of(constant: Constant) -> str | None:
    """The value of a constant that is a string, None for any other and for those with escapes."""
    value = constant.value
    return value[1:-1] if value[0] in "'\"" and "\\" not in value else None


def constant_fix(file: File, project: Project, span: Span, home: Home) -> Fix | None:
    """Puts a constant in the place of a literal of its value.

    None where reading it may give another thing: a field of a model, or a member of an enum of no strings.
    """
    found = importable(file, project, home.symbol)
    if found is None or not _reads_as_text(project, home):
        return None
    return Fix(f"Use `{home.symbol}`", (found.edit(REPLACE, span),), False)


def _reads_as_text(project: Project, home: Home) -> bool:
    """Whether a constant, read by its name, equals its text."""
    owner = _owner(home.constant)
    if not owner:
        return True
    classes = project.classes_at(home.path, owner)
    ancestry = project.ancestry(home.path, owner)
    if is_enum(project, home.path, owner):
        return ancestry.is_known and any(meaning.name in _TEXT_ENUMS for meaning in ancestry.meanings)
    return not ancestry.meanings and not any(each.decorators or each.keywords for each in classes)


def is_definition(project: Project, file: File, constant: Constant) -> bool:
    """Whether a name bound to a literal is a constant by its name, or a member of an enum."""
    return _simple(constant).isupper() or is_enum(project, file.path, _owner(constant))


def _named(project: Project, name: str) -> Iterator[Home]:
    for meaning in project.symbol(name):
        outline = project.outlines.get(meaning.path)
        for constant in outline.constants if outline is not None else ():
            owner = _owner(constant)
            if constant.name == meaning.name:
                yield Home(name, meaning.path, constant, True)
            elif _is_public(constant) and owner == meaning.name:
                yield Home(f"{name}.{_simple(constant)}", meaning.path, constant, False)
            elif _is_public(constant) and meaning.kind == A_MODULE and is_enum(project, meaning.path, owner):
                yield Home(f"{name}.{constant.name}", meaning.path, constant, False)


def _matching(project: Project, pattern: str) -> Iterator[Home]:
    wanted = symbols((pattern,))
    for file in project.files():
        for constant in file.outline.constants:
            names = project.names(Meaning(A_VALUE, file.path, constant.name))
            name = next(filter(wanted.match, names), "")
            if name and _is_public(constant) and is_definition(project, file, constant):
                yield Home(name, file.path, constant, False)


def is_enum(project: Project, path: str, qualname: str) -> bool:
    return any(meaning.name.endswith(_ENUMS) for meaning in project.ancestry(path, qualname).meanings)


def _is_public(constant: Constant) -> bool:
    return not any(part.startswith("_") for part in constant.name.split("."))


def _owner(constant: Constant) -> str:
    return constant.name.rpartition(".")[0]


def _simple(constant: Constant) -> str:
    return constant.name.rpartition(".")[2]
