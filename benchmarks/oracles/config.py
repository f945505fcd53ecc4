"""The part of the configuration format that the comparison uses."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .tree import matches

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Instance:
    """One instance of a rule."""

    name: str
    targets: tuple[str, ...]
    paths: tuple[str, ...]
    exclude: tuple[str, ...]
    allow_in: tuple[str, ...]

    def looks_at(self, path: str) -> bool:
        """Whether the instance reports in this file."""
        selected = not self.paths or matches(path, self.paths)
        return selected and not matches(path, self.exclude) and not matches(path, self.allow_in)


@dataclass(frozen=True)
class Canonical:
    """One canonical thing."""

    name: str
    symbol: str
    also: tuple[str, ...]
    replaces: tuple[str, ...]
    classes: str  # the pattern of class names that must inherit it; empty: none
    paths: tuple[str, ...]  # where they must


@dataclass(frozen=True)
class Config:
    """The whole configuration."""

    exclude: tuple[str, ...]
    forbidden_imports: tuple[Instance, ...]
    env_accesses: tuple[Instance, ...]
    canonicals: tuple[Canonical, ...]
    runner: str  # the one that tests run by


def load(path: Path) -> Config:
    """Reads a configuration file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Config(
        exclude=tuple(table.get("exclude", ())),
        forbidden_imports=tuple(instance(t) for t in table.get("forbidden-import", ())),
        env_accesses=tuple(instance(t) for t in table.get("env-access", ())),
        canonicals=tuple(canonical(t) for t in table.get("canonical", ())),
        runner=next((t["runner"] for t in table.get("runner-bypass", ())), ""),
    )


def instance(table: dict[str, Any]) -> Instance:
    """One `[[forbidden-import]]` or `[[env-access]]` table."""
    lists = {key: tuple(table.get(key, ())) for key in ("targets", "also", "paths", "exclude", "allow-in")}
    targets = lists["targets"] + lists["also"]
    return Instance(table["name"], targets, lists["paths"], lists["exclude"], lists["allow-in"])


def canonical(table: dict[str, Any]) -> Canonical:
    """One `[[canonical]]` table."""
    heirs = table.get("base-of", {})
    return Canonical(
        name=table["name"],
        symbol=table["symbol"],
        also=tuple(table.get("also", ())),
        replaces=tuple(table.get("replaces", ())),
        classes=heirs.get("classes", ""),
        paths=tuple(heirs.get("paths", ())),
    )
