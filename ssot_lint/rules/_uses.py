"""Finds the places of a file that use targets, by what the names mean there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

from ssot_lint.facts.model import BUILTIN, DELETE, LOCAL, READ, WRITE, Arguments, Use
from ssot_lint.file import File
from ssot_lint.finding import Span
from ssot_lint.meaning import A_MODULE, EXTERNAL, Meaning
from ssot_lint.project import Project
from ssot_lint.references import Used, span_of
from ssot_lint.rules._inherited import Receivers, owners
from ssot_lint.rules._symbols import name_within, symbols
from ssot_lint.rules._targets import Chain, at_home, compiled

Place = tuple[Span, Arguments | None]  # with what a call passes there


class Hit(NamedTuple):
    """One place that uses a target."""

    span: Span
    arguments: Arguments | None  # of a call
    target: str  # the thing that is meant; where it is an attribute of any object, as configured
    name: str  # what is used, which may lie within it
    via: tuple[str, ...] = ()  # the files that hand it on to this one
    behind: str | None = None  # the attributes that are read of it there; None where it may be another thing


class Search:
    """One file, as one instance of a rule sees it.

    `exempt` are names that the targets do not mean, and what files in `allow_in` hand on is fine, too.
    `hows` are the uses that count; what is reached through a thing reads it.
    """

    def __init__(
        self,
        file: File,
        project: Project,
        targets: tuple[str, ...],
        exempt: tuple[str, ...],
        allow_in: tuple[str, ...],
        hows: frozenset[int],
    ) -> None:
        self.file = file
        self.project = project
        self.targets = compiled(at_home(project, targets))
        self.exempt = symbols(at_home(project, exempt))
        self.hows = hows
        self.allow_in = allow_in
        self.receivers = Receivers(file, project)

    def uses(self) -> Iterator[Hit]:
        """Every place that uses a target; the same place may come twice, as in `raise X()`."""
        if self._may_name_targets():
            for used in self.file.uses:
                yield from self._of_known(used)
        for use in (*self.file.details.uses, *self.file.bodies.members):
            chain = self.targets.chains[use.name]
            if chain is not None:
                yield from self._of_chain(use, chain)

    def quoted(self) -> Iterator[Hit]:
        """Every string that names a target for `mock.patch` and its like."""
        for quoted in self.file.references.quoted:
            found = self._target(quoted.meanings, None)
            if found is not None:
                target, meaning = found
                yield self._hit((span_of(quoted, self.file), None), target, meaning)

    # by what a name means

    def _may_name_targets(self) -> bool:
        """Whether anything that the file names may be a target: most files are done with this."""
        references = self.file.references
        may_be = self.targets.lead_through
        return (
            any(map(may_be, references.names))
            or any(map(may_be, self.project.modules.names(self.file.path)))
            or references.has_star
            or any(
                use.home == BUILTIN and self.targets.builtins.within(use.name)
                for use in self.file.details.uses
            )
        )

    def _of_known(self, used: Used) -> Iterator[Hit]:
        use = used.use
        last = len(used.steps) - 1
        for index, meanings in enumerate(used.steps):
            found = self._target(meanings, use.how if index == last else READ)
            if found is not None:
                if not self._is_exempt(used.steps[-1]):
                    parts = use.name.split(".")[index + 1 :]
                    is_sure = len(meanings) == 1 and use.how not in (WRITE, DELETE)
                    behind = "".join(f".{part}" for part in parts) if is_sure else None
                    for place in _places(use):
                        if not self._is_inside(place[0], found[1]):
                            yield self._hit(place, *found)._replace(behind=behind)
                return

    def _target(self, meanings: Iterable[Meaning], how: int | None) -> tuple[str, Meaning] | None:
        """The target that a use of something is a use of, with what it means."""
        for meaning in meanings:
            for name in self.project.names(meaning):
                target = self._target_named(name, how)
                if target and not self._is_sanctioned(meaning):
                    return target, meaning
        return None

    def _target_named(self, name: str, how: int | None) -> str:
        target = self.targets.names.within(name)
        if not target or self.exempt.within(name):
            return ""
        if how is None or (READ in self.hows and target != name):
            return target
        return name if how in self.hows and self.targets.names.match(name) else ""

    def _is_exempt(self, meanings: Iterable[Meaning]) -> bool:
        return any(self.exempt.within(name) for each in meanings for name in self.project.names(each))

    def _is_sanctioned(self, meaning: Meaning) -> bool:
        return any(self.project.matches(self.allow_in, path) for path in meaning.via)

    def _is_inside(self, span: Span, meaning: Meaning) -> bool:
        """Whether a place is in the very definition that it names."""
        if meaning.path != self.file.path:
            return False
        return self.file.scope_at(span.line).partition(".")[0] == meaning.name.partition(".")[0]

    def _hit(self, place: Place, target: str, meaning: Meaning) -> Hit:
        return Hit(*place, target, name_within(self.project.names(meaning), target), meaning.via)

    # by the names of attributes

    def _of_chain(self, use: Use, chain: Chain) -> Iterator[Hit]:
        yield from self._of_any_object(use, chain.attributes)
        if chain.may_inherit:
            yield from self._inherited(use)

    def _of_any_object(self, use: Use, attributes: Iterable[tuple[int, int, str]]) -> Iterator[Hit]:
        parts = use.name.split(".")
        for first, last, target in attributes:
            how = use.how if last == len(parts) - 1 else READ
            if how in self.hows and self._is_attribute(use, parts[:first], parts[: last + 1]):
                for span, arguments in _places(use):
                    yield Hit(span, arguments, target, ".".join(parts[: last + 1]))
                return

    def _is_attribute(self, use: Use, owner: list[str], whole: list[str]) -> bool:
        """Whether a name is an attribute of an object rather than of a module, and may not be used."""
        if use.home == LOCAL:
            return True
        path, project = self.file.path, self.project
        if any(map(self._is_module, project.resolve(path, ".".join(owner), use.home))):
            return False
        meanings = project.resolve(path, ".".join(whole), use.home)
        return not any(map(self._is_sanctioned, meanings)) and not self._is_exempt(meanings)

    def _is_module(self, meaning: Meaning) -> bool:
        return meaning.kind == A_MODULE or (meaning.kind == EXTERNAL and meaning.name in self._modules)

    @cached_property
    def _modules(self) -> set[str]:
        """The modules that import statements name, and the packages around them."""
        found: set[str] = set()
        for entry in self.file.details.imports:
            parts = entry.module.split(".")
            found.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
        return found

    def _inherited(self, use: Use) -> Iterator[Hit]:
        """The places where a class, or an object of it, is used as the heir of a target."""
        for place in _places(use):
            classes, rest = self.receivers.of(use, place[0])
            for owner in owners(self.project, classes, rest.partition(".")[0]):
                if self.project.matches(self.allow_in, owner.path) or self._is_sanctioned(owner):
                    break  # what it inherits, it hands on
                found = self._member(owner, rest, use.how)
                if found and not self._is_inside(place[0], owner):
                    yield Hit(*place, found, found, owner.via)
                    break

    def _member(self, owner: Meaning, rest: str, how: int) -> str:
        """The target among the attributes of a class, "" where the class itself is one."""
        for name in self.project.names(owner):
            target = self._target_named(f"{name}.{rest}", how)
            if len(target) > len(name):
                return target
        return ""


def is_home(file: File, project: Project, symbol: str) -> bool:
    """Whether the file defines what is to be used instead, and so may build on what it replaces."""
    return bool(symbol) and any(
        meaning.path == file.path for meaning in project.symbol(symbol) if meaning.kind != A_MODULE
    )


def _places(use: Use) -> Iterator[Place]:
    """Where a use stands, each place with what is passed there."""
    arguments: Iterable[Arguments | None] = use.arguments or repeat(None)
    return zip(use.spans(), arguments)
