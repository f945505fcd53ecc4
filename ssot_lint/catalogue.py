"""All rules that there are for a project: our own, and those of the plugins that its configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from ssot_lint.canonical import Canonical
from ssot_lint.gates import Gate
from ssot_lint.rules import RULES, Rule


class Plugin(NamedTuple):
    """A module with rules that is not part of this package."""

    name: str  # as the configuration has it
    rules: tuple[Rule, ...]
    digest: str  # hexadecimal digits over its code


@dataclass(frozen=True)
class Catalogue:
    """Our own rules, in the order of their codes, and then those of plugins."""

    plugins: tuple[Plugin, ...] = ()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule."""
        return (*RULES, *(rule for plugin in self.plugins for rule in plugin.rules))

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Every rule by its id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The ids and codes of all rules."""
        return tuple(word for rule in self.rules for word in (rule.id, rule.code))

    @cached_property
    def tables(self) -> Mapping[str, type[Any]]:
        """The options class for each name of a table in the configuration."""
        of_rules = {rule.id: rule.options for rule in self.rules if rule.has_tables}
        return {"canonical": Canonical, "gate": Gate, **of_rules}

    @cached_property
    def required(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of which a table must give one, by the name of the table."""
        of_rules = {rule.id: rule.required for rule in self.rules if rule.required}
        return {"canonical": ("symbol",), "gate": ("name",), **of_rules}

    @cached_property
    def selectors(self) -> Mapping[str, frozenset[str]]:
        """What `select` and `ignore` can name, with the ids of the rules that it means."""
        found: dict[str, set[str]] = {}
        for rule in self.rules:
            for selector in (rule.id, *(rule.code[:end] for end in range(3, len(rule.code) + 1))):
                found.setdefault(selector, set()).add(rule.id)
        return {selector: frozenset(found[selector]) for selector in sorted(found)}

    @property
    def digest(self) -> str:
        """Hexadecimal digits that change with the code of any plugin."""
        parts = [(plugin.name, plugin.digest) for plugin in self.plugins]
        return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


OWN_RULES = Catalogue()
"""The rules of this package alone."""
