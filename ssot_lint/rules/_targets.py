"""Dotted names and patterns of things that a rule speaks of; `*.name` is that attribute of any object."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ssot_lint.project import Project
from ssot_lint.rules._symbols import SymbolPatterns, symbols


class Chain(NamedTuple):
    """What a dotted name has of targets before it is known what it means."""

    attributes: tuple[tuple[int, int, str], ...]  # of any object: the first and last part, and the target
    may_inherit: bool  # a part is named as the last part of a target is


class _Chains(dict[str, "Chain | None"]):
    """Chains by dotted name, found once: the same few names are in every file, and nearly all have none."""

    def __init__(self, attributes: tuple[str, ...], members: SymbolPatterns) -> None:
        self._attributes = attributes
        self._members = members

    def __missing__(self, name: str) -> Chain | None:
        parts = name.split(".")
        attributes = tuple(self._attributes_in(parts))
        may_inherit = any(map(self._members.match, parts[1:]))
        found = self[name] = Chain(attributes, may_inherit) if attributes or may_inherit else None
        return found

    def _attributes_in(self, parts: list[str]) -> Iterator[tuple[int, int, str]]:
        for last in range(1, len(parts)):
            for target in self._attributes:
                first = last + 1 - target.count(".")
                if first >= 1 and symbols((target[2:],)).match(".".join(parts[first : last + 1])):
                    yield first, last, target


class Targets:
    """A list of targets, compiled; a name without a dot may also be a builtin."""

    def __init__(self, targets: tuple[str, ...]) -> None:
        names = [target for target in targets if not is_attribute(target)]
        names += [f"builtins.{name}" for name in names if "." not in name]
        self.names = symbols(tuple(names))
        self.builtins = symbols(tuple(name[9:] for name in names if name.startswith("builtins.")))
        members = tuple(name.rpartition(".")[2] for name in names if "." in name)
        self.chains = _Chains(
            tuple(filter(is_attribute, targets)),
            symbols(tuple(member for member in members if member.strip("*"))),
        )
        self._heads = {_head(name) for name in names}
        self._led: dict[str, bool] = {}

    def lead_through(self, name: str) -> bool:
        """Whether a dotted name is or may be on the way to a target, or within one."""
        found = self._led.get(name)
        if found is None:
            found = self._led[name] = any(
                f"{name}.".startswith(head) or head.startswith(f"{name}.") for head in self._heads
            )
        return found


@cache
def compiled(targets: tuple[str, ...]) -> Targets:
    """The compiled form of targets."""
    return Targets(targets)


def at_home(project: Project, targets: tuple[str, ...]) -> tuple[str, ...]:
    """The targets, and the names at home of those that a module of the tree hands on: `a.X` may be `a.b.X`.

    What is outside of the tree keeps its name: who forbids a module's `json` does not mean everybody's.
    """
    return project.once(("targets at home", targets), lambda: tuple(_with_homes(project, targets)))


def _with_homes(project: Project, targets: tuple[str, ...]) -> Iterator[str]:
    for target in targets:
        yield target
        literal = _head(target).rstrip(".")
        for meaning in project.symbol(literal) if literal else ():
            if meaning.via and meaning.path:
                yield from (f"{name}{target[len(literal) :]}" for name in project.names(meaning))


def is_attribute(target: str) -> bool:
    """Whether a target is an attribute of any object, whatever that is."""
    return target.startswith("*.")


def shown(name: str) -> str:
    """A dotted name as people write it."""
    return name.removeprefix("builtins.")


def _head(name: str) -> str:
    """The part of a pattern that stands for itself, with a dot at the end: "a.b." of `a.b.c*.d`."""
    head, star, _ = f"{name}.".partition("*")
    return head[: head.rfind(".") + 1] if star else head
