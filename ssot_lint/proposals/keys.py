"""Keys of the environment that are nearly the same, and the module that knows most keys, if there is one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from ssot_lint.facts.model import CALL
from ssot_lint.file import File
from ssot_lint.meaning import A_CLASS, A_FUNCTION
from ssot_lint.project import Project
from ssot_lint.proposals.environments import Accessor, accessor, touched
from ssot_lint.proposals.proposal import Proposal, Table, pattern
from ssot_lint.reports import counted
from ssot_lint.rules.env_key_drift import (
    EnvironmentKeys,
    EnvKeyDriftOptions,
    environment_keys,
    words_in_capitals,
)

_FEWEST_USES = 2  # of the better key of some pair: where each stands once, none is the one to use
_SHOWN = 5  # pairs in the evidence
_FEWEST_FILES = 3  # that give keys to a variable of one name: else it may be called so by accident
_KNOWN = 2  # one in so many of these gives it a key that is used with `os`, too: else it is another thing
_FEWEST_KEYS = 10  # in a registry: what knows fewer is a part of something that reads them
_REGISTERED = 0.6  # of the keys of other files: the rest can be added, or is what drifts

_REASON = "one name for each key of the environment"

_KEY = re.compile(r"[A-Z][A-Z0-9_]+").fullmatch
_VARIABLES = ("env", "*_env", "environment", "*_environment")  # `environ` is that of a web request, too
_KEY_PARAMETERS = frozenset(("key", "name", "var", "variable", "var_name", "env_var", "env_key", "setting"))
_FIXTURE = ("monkeypatch.setenv", "monkeypatch.delenv")


class _Pair(NamedTuple):
    """Two keys that are nearly the same."""

    rarer: str
    better: str
    places: int  # of the rarer one
    others: int  # places of the better one


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes one name for keys that are nearly the same, and a registry of the keys if there is one."""
    options = EnvKeyDriftOptions(accessors=tuple(_accessors(project)))
    keys = environment_keys(project, options)
    registry = _registry(project, keys)
    if registry:
        options = replace(options, registry_from=(pattern(registry),))
        keys = environment_keys(project, options)
    pairs = _pairs(keys)
    is_clear = any(pair.others >= _FEWEST_USES for pair in pairs)
    unknown = [key for key in keys.places if registry and not keys.is_registered(key)]
    if not is_clear and not unknown:
        return
    number = counted(len(keys.places), "key")
    evidence = list(_evidence(number, pairs)) if pairs else []
    if registry:
        evidence.append(f"{registry} names {len(keys.places) - len(unknown)} of {number}")
    lists = {"registry-from": list(options.registry_from), "accessors": list(options.accessors)}
    values = {key: given for key, given in lists.items() if given}
    strays = {*unknown, *(pair.rarer for pair in pairs)}
    yield Proposal(
        "each key of the environment has one name",
        tuple(evidence),
        (Table("env-key-drift", {**values, "reason": _REASON}),),
        sum(len(_files(keys, key)) for key in strays),
    )


def _evidence(number: str, pairs: Sequence[_Pair]) -> Iterator[str]:
    yield f"nearly the same as another key that is used more: {len(pairs)} of {number}"
    yield from map(_shown, pairs[:_SHOWN])
    swapped = sorted(filter(_are_swapped, pairs), key=lambda pair: (-pair.others, pair))
    for pair in swapped[:_SHOWN]:
        if pair not in pairs[:_SHOWN]:
            yield f"{_shown(pair)}, its words swapped"


def _shown(pair: _Pair) -> str:
    return f"`{pair.better}` ({counted(pair.others, 'use')}) and `{pair.rarer}` ({pair.places})"


def _are_swapped(pair: _Pair) -> bool:
    """Whether two keys have the same words in another order."""
    return sorted(pair.rarer.split("_")) == sorted(pair.better.split("_"))


def _pairs(keys: EnvironmentKeys) -> list[_Pair]:
    """All that are nearly the same, those with the most uses of the rarer key first."""
    found = []
    for rarer, places in keys.places.items():
        better = keys.rival(rarer)
        if better:
            found.append(_Pair(rarer, better, len(places), len(keys.places.get(better, ()))))
    return sorted(found, key=lambda pair: (-pair.places, pair))


def _files(keys: EnvironmentKeys, key: str) -> set[str]:
    return {path for path, _ in keys.places[key]}


def _accessors(project: Project) -> Iterator[str]:
    """What takes a key first besides `os`: of the accessor of the tree, variables, a fixture."""
    home = accessor(project)
    if home is not None:
        yield from _accessors_of(project, home)
    yield from _variables(project)


def _accessors_of(project: Project, home: Accessor) -> Iterator[str]:
    """The symbols of an accessor that take a key first, or give what takes one."""
    parameters = {each.qualname: each.parameters for each in project.file(home.path).bodies.functions}
    for symbol in home.symbols:
        name = symbol.rpartition(".")[2]
        kinds = {meaning.kind for meaning in project.symbol(symbol)}
        first = next(iter(parameters.get(name, ())), None)
        if A_CLASS in kinds or (A_FUNCTION in kinds and (first is None or first.has_default)):
            yield f"{symbol}()"
        elif (first is not None and first.name in _KEY_PARAMETERS) or _variable(name):
            yield symbol


def _variables(project: Project) -> Iterator[str]:
    """The variables that are given keys of the environment by their names, and the fixture if it is."""
    known = {key for found in touched(project).values() for access in found for key in access.keys}
    takes: Counter[str] = Counter()
    takes_known: Counter[str] = Counter()
    for file in project.files():
        for name, keys in _keys_by_name(file).items():
            takes[name] += 1
            takes_known[name] += not known.isdisjoint(keys)
    for name in (*_VARIABLES, *_FIXTURE):
        if takes[name] >= _FEWEST_FILES and takes_known[name] * _KNOWN >= takes[name]:
            yield name if name in _FIXTURE else f"**.{name}"


def _keys_by_name(file: File) -> Mapping[str, set[str]]:
    """The keys that a file gives to variables which are called like an environment, and to the fixture."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for use in (*file.details.uses, *file.bodies.members):
        if "env" not in use.name:
            continue
        given: Iterable[str | None] = (use.key,)
        owner = use.name
        if use.how == CALL:
            given = (text for each in use.arguments for place, text in each.literals if place in ("0", "key"))
            owner = use.name.rpartition(".")[0]
        name = use.name if use.name in _FIXTURE else _variable(owner.rpartition(".")[2])
        if name:
            found[name].update(key for key in given if key and _KEY(key))
    return {name: keys for name, keys in found.items() if keys}


@cache
def _variable(name: str) -> str:
    return next((pattern for pattern in _VARIABLES if fnmatchcase(name, pattern)), "")


def _registry(project: Project, keys: EnvironmentKeys) -> str:
    """The file that names most keys which others use, "" where there is none."""
    users = {key: _files(keys, key) for key in keys.places}
    best, most = "", 0
    for file in project.files():
        if not project.collection(file.path).is_test_file(file.path):
            named = words_in_capitals(file) & users.keys()
            # A file that uses a key itself is no list of keys.
            known = sum(file.path not in users[key] for key in named)
            if known > most:
                best, most = file.path, known
    return best if most >= max(_FEWEST_KEYS, _REGISTERED * len(users)) else ""
