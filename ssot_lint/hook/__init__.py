"""Lints for a hook of git: the changed files that it names, and what the change causes in all others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ssot_lint import tree
from ssot_lint.baseline.folder import Stored
from ssot_lint.checks import Checks, open_project
from ssot_lint.choice import choose_named
from ssot_lint.compare import compare
from ssot_lint.compare import load as load_baseline
from ssot_lint.config import Config, ConfigError, find, load
from ssot_lint.config_file import OWN_FILE, SHARED_FILE
from ssot_lint.engine import Progress, Result
from ssot_lint.facts.store import opened
from ssot_lint.files import Changes, GitError
from ssot_lint.finding import Finding
from ssot_lint.hook.changes import is_other_configuration, read_changes
from ssot_lint.hook.consequences import State, before, caused
from ssot_lint.snippets import check_snippets
from ssot_lint.spread import check_files
from ssot_lint.summaries import Summaries

ONE_CALL = 24_000
"""So many bytes of file names pre-commit passes in one call, on every system."""

_NAMED_BY_HOOKS = (".py", ".pyi", ".toml")
_MOST_SHOWN = 3


def load_config(
    named: Path | None, names: Iterable[str], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Config:
    """Read the configuration that holds for a hook, whatever files it names: see `config.load`.

    It is found from the working folder, which git and pre-commit set to the top of the work tree. One
    that is named and called as those that are found is that of its folder. Raises ConfigError, also
    where only files further down have one: a hook then has to be told for which project it is.
    """
    is_of_its_folder = named is not None and named.name in (OWN_FILE, SHARED_FILE)
    config = load(
        named,
        named.parent if named is not None and is_of_its_folder else Path(),
        select=select,
        ignore=ignore,
    )
    if not config.path:
        for folder in sorted({os.path.dirname(name) for name in names}):
            found = find(Path(folder))
            if found is not None:
                shown = os.path.relpath(found)
                raise ConfigError(
                    f"{shown} does not lie in the working folder: name it in the `args` of the hook, "
                    f"`[--config, {shown}]`, and the files of its project in `files`"
                )
    return config


def lint(
    config: Config,
    names: Sequence[str],
    *,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
    use_baseline: bool = True,
) -> Result:
    """Lints the files that a hook names, relative to the working folder, and what they have a part in.

    Everything is found in the named files that are of the project; other names are passed over. In
    the files that the commit leaves alone, and in the configuration, it is what is new because of it.
    If the commit changes the configuration, everything is found everywhere. A list of files that is too
    long for one call may come in several: one of them then speaks for the whole commit. See
    `engine.lint` for the other arguments and the errors.
    """
    start = time.perf_counter()
    stored = load_baseline(config) if use_baseline else Stored()
    with opened(config.root) if use_cache else nullcontext() as store:
        choice = choose_named(config, names, store.stamps() if store is not None else {})
        loaded = tree.load(config.root, choice, store, jobs=jobs, progress=progress, is_lazy=True)
        middle = time.perf_counter()
        collections = cache(loaded.collections)
        summaries = Summaries(store, config, loaded) if store is not None else None
        project = open_project(config, loaded.outlines, loaded, collections, summaries=summaries)
        check_snippets(config, project)
        now = State(config, loaded, Checks(config, project), collections, store)
        scope = _scope(now, choice.selected, _from_root(config, names))
        checked = check_files(now.checks, scope.selected, jobs).values()
        findings = {finding for each in checked for finding in each.findings}.union(scope.elsewhere)
        if scope.about_configuration:
            findings.update(now.checks.configuration())
        places = {*scope.selected, *(finding.path for finding in scope.elsewhere)}
        linted = sorted(places.intersection(loaded.outlines))
        broken = [path for path in linted if loaded.outlines[path].fault is not None]
        if store is not None:
            store.remember(choice.stamps)
    cache_notes = [store.note] if store is not None and store.note else []
    statistics = {
        "files parsed": loaded.parsed,
        "files": len(loaded.outlines),
        "seconds for facts": middle - start,
        "seconds for rules": time.perf_counter() - middle,
    }
    compared = compare(
        config,
        stored,
        findings,
        paths=sorted(places),
        broken=broken,
        is_whole=False,
    )
    return Result(
        compared.findings,
        len(linted),
        tuple(sorted({allowed for each in checked for allowed in each.allowed})),
        (*_told_of_root(config), *choice.notes, *loaded.notes, *scope.notes, *stored.notes, *cache_notes),
        statistics,
        compared,
    )


def _told_of_root(config: Config) -> list[str]:
    root = os.path.relpath(os.path.realpath(config.root))
    return [] if root == os.curdir else [f"paths start from {root}"]


class _Scope(NamedTuple):
    """What a call of a hook reports on."""

    selected: Sequence[str]
    about_configuration: bool
    elsewhere: Sequence[Finding] = ()  # what the commit causes in other files
    notes: Sequence[str] = ()


def _scope(now: State, selected: Sequence[str], named: frozenset[str]) -> _Scope:
    """Decide what to report on, given the files of the project that are named, and all that are."""
    scope = _Scope(selected, now.config.path in named)
    try:
        parents = read_changes(now.config.root, os.environ)
        if not named <= _there(parents):
            return scope  # it is asked about all files, or some that a person chose, not about a commit
        leads = _leads(named, parents, is_pre_commit="PRE_COMMIT" in os.environ)
        if is_other_configuration(now.config, parents):
            return _Scope(sorted(now.tree.outlines), True) if leads else _Scope((), False)
        if not leads:
            return scope
        befores = [before(now, changes) for changes in parents]
    except GitError as error:
        return scope._replace(notes=[f"what the commit changes is not known: {error}"])
    elsewhere = caused(now, befores, selected, about_configuration=not scope.about_configuration)
    causes = sorted({path for each in befores for path in each.causes})
    return scope._replace(elsewhere=elsewhere, notes=_told(elsewhere, causes))


# which call speaks for the commit


def _from_root(config: Config, names: Iterable[str]) -> frozenset[str]:
    """The paths of named files from the root, with `../` for what lies outside of it."""
    root = os.path.realpath(config.root)
    real = cache(os.path.realpath)
    places = (os.path.split(os.path.abspath(name)) for name in names)
    paths = (os.path.relpath(os.path.join(real(folder), name), root) for folder, name in places)
    return frozenset(path.replace(os.sep, "/") for path in paths)


def _there(parents: Sequence[Changes]) -> frozenset[str]:
    """The changed files that are there, and so can be named."""
    return frozenset(path for changes in parents for path, change in changes.items() if change.is_there)


def _leads(named: frozenset[str], parents: Sequence[Changes], *, is_pre_commit: bool) -> bool:
    """Whether this call, of those that share a list of changed files, is the one with the first of them.

    What comes before the named files may be left out by the settings of the hook; pre-commit makes
    another call only for what does not fit into one.
    """
    if not named:
        return True
    first = min(named)
    earlier = [path for path in _there(parents) if path < first and path.endswith(_NAMED_BY_HOOKS)]
    return not earlier or (is_pre_commit and sum(len(os.fsencode(path)) + 1 for path in earlier) < ONE_CALL)


def _told(elsewhere: Sequence[Finding], causes: Sequence[str]) -> list[str]:
    """What to tell of findings in files that the commit leaves alone, given those that bring them about."""
    if not elsewhere:
        return []
    places = list(dict.fromkeys(finding.path for finding in elsewhere))
    return [f"what is found in {_some(places)} comes from the change of {_some(causes)}"]


def _some(paths: Sequence[str]) -> str:
    more = len(paths) - _MOST_SHOWN
    return ", ".join(paths[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
