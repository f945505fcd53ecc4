"""What a configuration may say: its tables, their keys and the types of their values."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from ssot_lint.rules import option

T = TypeVar("T")

_UNIONS = (Union, UnionType)

VERSION = re.compile(r"3\.\d{1,2}")


@dataclass(frozen=True, kw_only=True)
class OutsideFiles:
    """Where the figures of other programs lie, and how they are judged; paths start from the root."""

    coverage: str = option(
        "the file that `coverage json` writes", default="coverage.json", example='"reports/coverage.json"'
    )
    junit: tuple[str, ...] = option(
        "JUnit files of the last run of tests; `*` stands for any part of a name, `**` for any folders",
        example='["reports/junit-*.xml"]',
    )
    collection: str = option(
        "the file that `ssot-lint collection` keeps its last measurement in; in the cache folder when empty",
        default="",
        example='"reports/collection.json"',
    )
    collection_tolerance: float = option(
        "how many per cent slower than the record a collection may be", default=25.0
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The keys at the top of the configuration."""

    exclude: tuple[str, ...] = option(
        "files not to lint, in gitignore syntax, on top of what git ignores", example='["backups/"]'
    )
    strict: tuple[str, ...] = option(
        "files whose findings no baseline carries, in gitignore syntax", example='["tests/critical/"]'
    )
    source_roots: tuple[str, ...] = option(
        "folders that imports start from; detected when empty", example='["src", "services/billing"]'
    )
    select: tuple[str, ...] = option(
        "rules to run, by id, code or beginning of a code; all when empty", example='["SST1"]'
    )
    ignore: tuple[str, ...] = option(
        "rules not to run, by id, code or beginning of a code", example='["duplicate-class"]'
    )
    python: str = option("the Python version that the code is for", default="", example='"3.12"')
    resolve_installed: bool = option(
        "follow base classes into installed packages, by their source; needs astroid", default=False
    )
    migrate_first: tuple[str, ...] = option(
        "files that migrations begin with, in this order, in gitignore syntax", example='["src/billing/"]'
    )
    plugins: tuple[str, ...] = option(
        "modules of the project with rules of its own, and entry points of installed packages; "
        "these alone are run",
        example='["our_checks.no_print"]',
    )
    outside: OutsideFiles | None = dataclasses.field(
        default=None,
        metadata={"help": "figures of other programs, which gates can be about", "example": ""},
    )


class Fault(NamedTuple):
    """A mistake in a table: the keys and array indexes that lead to it, and what is wrong there."""

    keys: tuple[str | int, ...]
    text: str


class MismatchError(Exception):
    """A table that does not fit its options; `faults` has all the reasons."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults


def name_of(key: str) -> str:
    """Return the name of the field for a key in the configuration."""
    return key.replace("-", "_")


def key_of(name: str) -> str:
    """Return the key in the configuration for the name of a field."""
    return name.replace("_", "-")


def shown_key(key: str) -> str:
    """Return a key as TOML has it, in quotes where it needs some."""
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else quoted(key)


def _fields_of(options: type[Any]) -> Mapping[str, tuple[dataclasses.Field[Any], Any]]:
    """Return the fields of an options class and their types, by their keys in the configuration."""
    hints = get_type_hints(options)
    return {key_of(field.name): (field, hints[field.name]) for field in dataclasses.fields(options)}


fields_of: Callable[..., Mapping[str, tuple[dataclasses.Field[Any], Any]]] = cache(_fields_of)


def convert(options: type[T], table: object) -> T:
    """Turn a table as the parser returns it into options. Raises MismatchError."""
    if not isinstance(table, dict):
        raise MismatchError([Fault((), f"expected a table, found {_found(table)}")])
    fields = fields_of(options)
    values = {}
    faults = []
    for key, value in table.items():
        if key not in fields:
            faults.append(Fault((key,), f"unknown key{nearest(key, fields)}"))
            continue
        field, hint = fields[key]
        try:
            values[field.name] = _converted(hint, value)
        except MismatchError as mismatch:
            faults += [Fault((key, *fault.keys), fault.text) for fault in mismatch.faults]
    if faults:
        raise MismatchError(faults)
    return options(**values)


def as_table(options: Any) -> dict[str, Any]:
    """Return the table that options were made from: their values by key, without defaults."""
    values = (
        (key, getattr(options, field.name), field.default)
        for key, (field, _) in fields_of(type(options)).items()
    )
    return {key: value for key, value, default in values if value != default}


def nearest(word: str, valid: Iterable[str]) -> str:
    """Return the end of a sentence that names the valid word nearest to a wrong one, else all of them."""
    choices = list(valid)
    found = _close(word, choices)
    return found or "; valid are " + ", ".join(f"`{choice}`" for choice in choices)


def unknown_rule(selector: str, valid: Iterable[str]) -> str:
    """Say that a selector of rules is none of the valid ones."""
    close = _close(selector, valid) or "; `ssot-lint rules` lists them all"
    return f"expected the id, the code or the beginning of a code of a rule, found {quoted(selector)}{close}"


def _close(word: str, valid: Iterable[str]) -> str:
    from difflib import get_close_matches

    by_folded = {choice.casefold(): choice for choice in valid}
    found = get_close_matches(word.casefold(), by_folded, 1)
    return f", did you mean `{by_folded[found[0]]}`?" if found else ""


def _converted(hint: Any, value: Any) -> Any:
    if nested := options_within(hint):
        return convert(nested, value)
    if (nested := options_in_array(hint)) and isinstance(value, list):
        if faults := list(_faults(hint, value)):
            raise MismatchError(faults)
        return tuple(convert(nested, each) for each in value)
    import msgspec

    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError:
        raise MismatchError(list(_faults(hint, value))) from None


def options_within(hint: Any) -> type[Any] | None:
    """The options class of a key whose value is a table of its own."""
    choices: tuple[Any, ...] = get_args(hint) if get_origin(hint) in _UNIONS else (hint,)
    return next((each for each in choices if isinstance(each, type) and dataclasses.is_dataclass(each)), None)


def options_in_array(hint: Any) -> type[Any] | None:
    """The options class of a key whose value is an array of tables."""
    return options_within(get_args(hint)[0]) if get_origin(hint) is tuple else None


def _faults(hint: Any, value: Any) -> Iterable[Fault]:
    """Say why a value does not fit, at the elements that do not."""
    origin, arguments = get_origin(hint), get_args(hint)
    elements: Iterable[tuple[str | int, Any]]
    if origin is tuple and isinstance(value, list):
        element_hint, elements = arguments[0], enumerate(value)
    elif origin is dict and isinstance(value, dict):
        element_hint, elements = arguments[1], value.items()
    else:
        close = _close(value, arguments) if origin is Literal and isinstance(value, str) else ""
        yield Fault((), f"expected {expected(hint)[0]}, found {_found(value)}{close}")
        return
    for key, element in elements:
        for fault in _faults_within(element_hint, element):
            yield Fault((key, *fault.keys), fault.text)


def _faults_within(hint: Any, value: Any) -> list[Fault]:
    try:
        _converted(hint, value)
    except MismatchError as mismatch:
        return mismatch.faults
    return []


_WORDS: Mapping[Any, tuple[str, str]] = {
    str: ("a string", "strings"),
    bool: ("true or false", "booleans"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    datetime.date: ("a day such as 2026-12-31", "days"),
}


def expected(hint: Any) -> tuple[str, str]:
    """Name the values of a type: one of them, and several."""
    if dataclasses.is_dataclass(hint):
        return "a table", "tables"
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        choices = " or ".join(f'"{choice}"' for choice in arguments)
        return choices, choices
    if origin is tuple:
        elements = expected(arguments[0])[1]
        return f"an array of {elements}", f"arrays of {elements}"
    if origin is dict:
        elements = expected(arguments[1])[1]
        return f"a table of {elements}", f"tables of {elements}"
    if origin in _UNIONS:
        hints = (each for each in arguments if each is not NoneType)  # TOML has no word for it
        one, several = zip(*map(expected, hints), strict=True)
        return " or ".join(one), " or ".join(several)
    return _WORDS[hint]


def _found(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"the string {quoted(value)}"
        case int() | float():
            return f"the number {value}"
        case list():
            return "an array"
        case dict():
            return "a table"
    return f"the date or time {value}"


def quoted(text: str, limit: int = 60) -> str:
    """Quote a text that a user wrote: cut to a length, and with what cannot be printed escaped."""
    import json

    text = text if len(text) <= limit else f"{text[:limit]}..."
    string = json.dumps(text, ensure_ascii=not text.isprintable())
    return string.replace("\x7f", "\\u007f")
