"""The pipeline on one page: files, facts, project, rules, findings, suppressions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from ssot_lint.checks import Checks, open_project
from ssot_lint.collection import Collection
from ssot_lint.collection_files import read_collections
from ssot_lint.config import Config
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Outline
from ssot_lint.file import InMemory, Loader
from ssot_lint.finding import Finding
from ssot_lint.snippets import check_snippets

Progress = Callable[[int, int], None]


class Result(NamedTuple):
    """What a run found."""

    findings: tuple[Finding, ...]
    files: int  # that were looked at
    suppressed: int
    notes: tuple[str, ...]
    statistics: Mapping[str, int | float]  # counts, and seconds by phase


def lint(
    config: Config,
    paths: Sequence[str] = (),
    *,
    stdin: tuple[str, bytes] | None = None,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Lints a project, or the part of it that `paths` (relative to the working folder) name.

    Answers always come from the whole project. `stdin` is a root-relative path with the bytes that
    stand for the file at that path. `jobs` is the number of processes, one for each core when None;
    `progress` is told how many files are parsed, of how many. Raises UsageError for paths that cannot
    be linted, ConfigError where a snippet of the configuration does not behave as stated.
    """
    from ssot_lint import tree

    start = time.perf_counter()
    loaded = tree.load(
        config, paths, stdin=stdin, jobs=jobs, use_cache=use_cache, progress=progress, executor=executor
    )
    middle = time.perf_counter()
    result = check(
        config,
        loaded.outlines,
        loaded,
        loaded.selected,
        about_configuration=loaded.about_configuration,
        collections=loaded.collections,
    )
    seconds = {"seconds for facts": middle - start, "seconds for rules": time.perf_counter() - middle}
    return result._replace(notes=tuple(loaded.notes), statistics={**loaded.counts, **seconds})


def lint_texts(config: Config, texts: Mapping[str, bytes]) -> Result:
    """Lints files given as bytes by path, as if they were the whole project."""
    facts = {path: extract(texts[path]) for path in sorted(texts) if path.endswith((".py", ".pyi"))}
    outlines = {path: found.outline for path, found in facts.items()}
    notes: list[str] = []

    def collections() -> Mapping[str, Collection]:
        found, unusable = read_collections(texts, outlines)
        notes.extend(unusable)
        return found

    result = check(
        config, outlines, InMemory(facts), list(facts), about_configuration=True, collections=collections
    )
    return result._replace(notes=tuple(notes))


def check(
    config: Config,
    outlines: Mapping[str, Outline],
    loader: Loader,
    selected: Sequence[str],
    *,
    about_configuration: bool,
    collections: Callable[[], Mapping[str, Collection]] = dict,
) -> Result:
    """Runs the rules over facts.

    `outlines` hold every file of the project by path, `selected` the paths to report on;
    `about_configuration` tells whether findings about the configuration belong to the report;
    `collections` reads the configurations of pytest by their folder, when a rule asks.
    """
    project = open_project(config, outlines, loader, collections)
    check_snippets(config, project)
    checks = Checks(config, project)
    checked = [checks.file(path) for path in selected]
    findings = {finding for each in checked for finding in each.findings}
    if about_configuration:
        findings.update(checks.configuration())
    return Result(tuple(sorted(findings)), len(selected), sum(each.suppressed for each in checked), (), {})
