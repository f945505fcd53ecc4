"""The one way to the environment of the process that a tree has, and what goes past it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.facts.model import CALL
from ssot_lint.file import File
from ssot_lint.meaning import EXTERNAL
from ssot_lint.project import Project
from ssot_lint.proposals._importers import importers, module_importers, symbol_name
from ssot_lint.proposals.proposal import Proposal, Table, pattern
from ssot_lint.reports import counted
from ssot_lint.rules._environment import Access, accesses

_FEWEST_USERS = 5  # files: what fewer import is a part of something, not the way of the tree
_SHARE = 3  # one file uses the accessor for so many that go past it: else it is one way of several
_ASKED = 10  # one in so many of the users imports it: else it is not what they came for
_FEWEST_OPEN = 2  # places of a class that take any key: what has one reads a key on its way to other things

_REASON = "most of the code goes through it to the environment"

_WORDS = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])").findall
_ABOUT = frozenset(("env", "environ", "environment", "settings", "config", "configuration"))
_NAMED = ("environ", "getenv", "putenv", "unsetenv")
_SETTINGS = frozenset(
    (
        *("pydantic.BaseSettings", "pydantic.v1.BaseSettings", "pydantic_settings.BaseSettings"),
        *("environs.Env", "environ.Env", "decouple.Config", "starlette.config.Config", "dynaconf.Dynaconf"),
    )
)
"""Classes of libraries that read the environment for those who inherit from them or make one."""
_SETTINGS_NAMES = frozenset(name.rpartition(".")[2] for name in _SETTINGS)


class Accessor(NamedTuple):
    """The module of a tree that reads the environment for others."""

    path: str
    symbols: tuple[str, ...]  # dotted names in it by which its users get at it, the most imported first
    users: int  # other files that import it, or something from it


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the accessor of the tree, if it has one, with what goes past it."""
    home = accessor(project)
    if home is None:
        return
    past = {path: found for path, found in touched(project).items() if path != home.path}
    places = sum(map(len, past.values()))
    name = home.symbols[0] if home.symbols else symbol_name(project, home.path, "")
    if places:
        yield Proposal(
            f"`{name}` is the way to the environment",
            (
                f"{counted(home.users, 'file')} get at the environment through {home.path}",
                f"past it: {counted(places, 'place')} in {counted(len(past), 'file')}",
            ),
            (Table("env-access", {"allow-in": [pattern(home.path)], "use": name, "reason": _REASON}),),
            places,
        )


def accessor(project: Project) -> Accessor | None:
    """The module that most files go through to the environment, None where that is none or unclear."""
    return project.once(("environment accessor",), lambda: _accessor(project))


def _accessor(project: Project) -> Accessor | None:
    by_path = touched(project)
    homes = [
        file.path
        for file in project.files()
        if (_takes_any_key(file, project, by_path.get(file.path, ())) or _holds_settings(file, project))
        and not project.collection(file.path).is_test_file(file.path)
    ]
    found = max(_with_users(project, homes), key=lambda each: each.users, default=Accessor("", (), 0))
    past = by_path.keys() - {found.path}
    return found if found.users >= max(_FEWEST_USERS, len(past) / _SHARE) else None


def touched(project: Project) -> Mapping[str, list[Access]]:
    """The accesses of each file that has some."""

    def find() -> Mapping[str, list[Access]]:
        found = {file.path: accesses(file, project) for file in project.files() if _may_touch(file)}
        return {path: each for path, each in found.items() if each}

    return project.once(("environment touched",), find)


def _may_touch(file: File) -> bool:
    """Whether a file names the environment, before anything is resolved."""
    if any(entry.name in _NAMED for entry in file.details.imports):
        return True
    return any(
        any(name in use.name for name in _NAMED)
        or any("os.environ" in text for each in use.arguments for _, text in each.literals)
        for use in file.details.uses
    )


def _takes_any_key(file: File, project: Project, touching: Iterable[Access]) -> bool:
    """Whether a class or function that is named after it reads any key of the environment for its callers."""
    open_ones: dict[str, list[Access]] = {}
    for access in touching:
        if not access.keys and access.kind != "patch":
            open_ones.setdefault(file.scope_at(access.span.line).partition(".")[0], []).append(access)
    classes = {entry.qualname for entry in file.outline.classes}
    return any(
        (len(found) >= _FEWEST_OPEN or scope not in classes)
        and any(access.kind == "read" for access in found)
        and _is_about_environment(symbol_name(project, file.path, scope))
        for scope, found in open_ones.items()
        if scope in file.outline.scopes[0].names
    )


def _holds_settings(file: File, project: Project) -> bool:
    """Whether a file makes its settings with a library that reads them from the environment."""
    bases = [(base.name, base.home) for entry in file.outline.classes for base in entry.bases]
    made = [(use.name, use.home) for use in file.details.uses if use.how == CALL]
    return any(
        meaning.kind == EXTERNAL and meaning.name in _SETTINGS
        for name, home in (*bases, *made)
        if name.rpartition(".")[2] in _SETTINGS_NAMES
        for meaning in project.resolve(file.path, name, home)
    )


def _with_users(project: Project, homes: Iterable[str]) -> Iterator[Accessor]:
    """Modules with the files that import what is called like an accessor: them, or something from them."""
    for path, whole in sorted(module_importers(project, homes).items()):
        found = importers(project, path)
        by_symbol = {symbol: files for symbol, files in found.items() if _is_about_environment(symbol)}
        module = symbol_name(project, path, "").rpartition(".")[2]
        users = frozenset().union(whole if _is_about_environment(module) else (), *by_symbol.values())
        ranked = sorted(by_symbol, key=lambda symbol: (-len(by_symbol[symbol]), symbol))
        asked = (symbol for symbol in ranked if len(by_symbol[symbol]) * _ASKED >= len(users))
        yield Accessor(path, tuple(asked), len(users))


def _is_about_environment(symbol: str) -> bool:
    """Whether a symbol is called like an environment, or its module is."""
    names = symbol.split(".")[-2:]
    return any(word.lower() in _ABOUT for name in names for word in _WORDS(name))
