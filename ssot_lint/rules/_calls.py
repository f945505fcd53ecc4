"""What a call must and must not pass.

A parameter is written as its keyword (`timeout`), its position from 0 (`1`), or as both (`mode|1`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple, Protocol

from ssot_lint.facts.model import Arguments
from ssot_lint.rules._rule import Contradiction


class Contract(Protocol):
    """The options that speak of the arguments of calls."""

    @property
    def when(self) -> Mapping[str, str | bool | int]:
        """Constants by parameter: only calls that pass them all are looked at."""

    @property
    def unless(self) -> Mapping[str, str | bool | int]:
        """Constants by parameter: calls that pass them all, or may, are not looked at."""

    @property
    def required_arguments(self) -> tuple[str, ...]:
        """What every call must pass."""

    @property
    def forbidden_arguments(self) -> tuple[str, ...]:
        """What no call may pass."""

    @property
    def paired_arguments(self) -> tuple[str, ...]:
        """What a call must pass all of, or nothing."""

    @property
    def max_positional(self) -> int:
        """How many arguments may be passed by position; no limit when negative."""


class Breach(NamedTuple):
    """How a call breaks a contract."""

    term: str  # what in the contract it breaks
    text: str  # to be read after what is called


def has_terms(contract: Contract) -> bool:
    """Whether a call can keep the contract at all; without terms every call is wrong."""
    arguments = (contract.required_arguments, contract.forbidden_arguments, contract.paired_arguments)
    return any(arguments) or contract.max_positional >= 0


def is_meant(arguments: Arguments, when: Mapping[str, str | bool | int]) -> bool:
    """Whether a call passes constants."""
    return all(_is_given(arguments, parameter, value) for parameter, value in when.items())


def is_spared(arguments: Arguments, unless: Mapping[str, str | bool | int]) -> bool:
    """Whether a call passes constants, or may: what is no constant, or is not seen, can be anything."""
    return bool(unless) and all(_may_be_given(arguments, *each) for each in unless.items())


def breach(arguments: Arguments, contract: Contract) -> Breach | None:
    """How a call breaks the contract, None where it does not or where that cannot be known."""
    for parameter in contract.required_arguments:
        if not arguments.is_open and not _passes(arguments, parameter):
            return Breach(parameter, f"without `{title(parameter)}`")
    for parameter in contract.forbidden_arguments:
        if _passes(arguments, parameter):
            return Breach(parameter, f"with `{title(parameter)}`")
    lacking = [name for name in contract.paired_arguments if not _passes(arguments, name)]
    passed = [name for name in contract.paired_arguments if name not in lacking]
    if lacking and passed and not arguments.is_open:
        return Breach(lacking[0], f"with `{title(passed[0])}` but without `{title(lacking[0])}`")
    if 0 <= contract.max_positional < arguments.positional and not arguments.is_open:
        number = f"{arguments.positional} positional argument{'s' * (arguments.positional > 1)}"
        return Breach("max-positional", f"with {number} where {contract.max_positional} may be")
    return None


def unusable(contract: Contract) -> Iterator[Contradiction]:
    """What in the terms cannot be meant."""
    for index, parameter in enumerate(contract.forbidden_arguments):
        if parameter in contract.required_arguments:
            text = f"`{parameter}` is required and forbidden"
            yield Contradiction(("forbidden-arguments", index), text)
    if len(contract.paired_arguments) == 1:
        yield Contradiction(("paired-arguments", 0), "expected at least two arguments that go together")
    for key, constants in (("when", contract.when), ("unless", contract.unless)):
        for parameter, value in constants.items():
            if value == "":
                yield Contradiction((key, parameter), "an empty string is not told from other values")
    for parameter, value in contract.unless.items():
        if contract.when.get(parameter) == value:
            yield Contradiction(("unless", parameter), "is what `when` asks for")


def _passes(arguments: Arguments, parameter: str) -> bool:
    return any(
        spelling in arguments.keywords
        # behind *args nobody knows what stands where
        or (spelling.isdecimal() and int(spelling) < arguments.positional and not arguments.is_open)
        for spelling in parameter.split("|")
    )


def _is_given(arguments: Arguments, parameter: str, value: str | bool | int) -> bool:
    spellings = parameter.split("|")
    if isinstance(value, str):
        given = dict(arguments.literals)
        return any(fnmatchcase(given[each], value) for each in spellings if each in given)
    constants = dict(arguments.constants)
    return any(constants.get(each) == repr(value) for each in spellings)


def _may_be_given(arguments: Arguments, parameter: str, value: str | bool | int) -> bool:
    known = {place for place, _ in (*arguments.literals, *arguments.constants)}
    if known.isdisjoint(parameter.split("|")):
        return arguments.is_open or _passes(arguments, parameter)
    return _is_given(arguments, parameter, value)


def title(parameter: str) -> str:
    """The first spelling of a parameter."""
    return parameter.partition("|")[0]
