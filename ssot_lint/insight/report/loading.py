"""Loads a project to ask about, without a run over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from ssot_lint.checks import open_project
from ssot_lint.choice import choose
from ssot_lint.config import Config
from ssot_lint.engine import Progress
from ssot_lint.facts.store import opened
from ssot_lint.project import Project
from ssot_lint.tree import load


@contextmanager
def loaded(
    config: Config, *, jobs: int | None = None, use_cache: bool = True, progress: Progress | None = None
) -> Iterator[Project]:
    """A project, to be asked for as long as the context lasts; see `engine.lint` for the arguments.

    What is asked for once is read from the store when it is: that takes half the memory of a `Session`.
    """
    with opened(config.root) if use_cache else nullcontext() as store:
        choice = choose(config, (), None, store.stamps() if store is not None else {})
        tree = load(config.root, choice, store, jobs=jobs, progress=progress)
        yield open_project(config, tree.outlines, tree, tree.collections)
