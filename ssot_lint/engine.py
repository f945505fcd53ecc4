"""The pipeline on one page: files, facts, project, rules, findings, suppressions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.baseline.carry import REPORTED
from ssot_lint.baseline.coverage import nowhere
from ssot_lint.baseline.folder import Stored
from ssot_lint.checks import Checks, lacking, open_project
from ssot_lint.choice import choose
from ssot_lint.collection import Collection
from ssot_lint.collection_files import read_collections
from ssot_lint.compare import Compared, compare
from ssot_lint.compare import load as load_baseline
from ssot_lint.config import Config
from ssot_lint.facts.model import Outline
from ssot_lint.file import InMemory, Loader
from ssot_lint.finding import Finding
from ssot_lint.record import Found, Recorder, is_reproducible
from ssot_lint.spread import check_files
from ssot_lint.summaries import Summaries
from ssot_lint.suppress import Allowed
from ssot_lint.tree import load

if TYPE_CHECKING:
    from concurrent.futures import Executor

Progress = Callable[[int, int], None]


class Result(NamedTuple):
    """What a run found."""

    findings: tuple[Finding, ...]  # with their states: `new`, or what the baseline makes of them
    files: int  # that were looked at
    allowed: tuple[Allowed, ...]  # by comments, and so among the findings no more
    notes: tuple[str, ...]
    statistics: Mapping[str, int | float]  # counts, and seconds by phase
    compared: Compared | None = None  # with the baseline, an empty one where that was not asked for

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that the baseline does not carry, or that are worse than what it carries."""
        return tuple(finding for finding in self.findings if finding.state in REPORTED)

    @property
    def suppressed(self) -> int:
        """The number of findings that a comment allows."""
        return len(self.allowed)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that fail a run: those that are new or worse, but for warnings."""
        return tuple(each for each in self.new if each.severity == "error")


def lint(
    config: Config,
    paths: Sequence[str] = (),
    *,
    stdin: tuple[str, bytes] | None = None,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
    use_baseline: bool = True,
) -> Result:
    """Lints a project, or the part of it that `paths` (relative to the working folder) name.

    Answers always come from the whole project. `stdin` is a root-relative path with the bytes that
    stand for the file at that path. `jobs` is the number of processes, one for each core when None;
    `progress` is told how many files are parsed, of how many. Raises UsageError for paths that cannot
    be linted, ConfigError where a snippet of the configuration does not behave as stated, BaselineError
    for a baseline that cannot be read. Without `use_baseline` every finding is new.
    """
    from ssot_lint.facts.store import opened  # some builds of Python lack what it needs

    start = time.perf_counter()
    stored = load_baseline(config) if use_baseline else Stored()
    with opened(config.root) if use_cache else nullcontext() as store:
        choice = choose(config, paths, stdin, store.stamps() if store is not None else {})
        recorder = None
        if store is not None and stdin is None and is_reproducible(config, choice):
            recorder = Recorder(store, config, choice)
        found = recorder.recall() if recorder is not None else None
        middle = time.perf_counter()
        parsed = 0
        lacks: Callable[[str, str], bool] = nowhere
        if found is None:
            tree = load(config.root, choice, store, stdin, jobs=jobs, progress=progress, executor=executor)
            middle = time.perf_counter()
            parsed = tree.parsed
            if choice.is_whole:  # then it is kept what the rules found, by whatever process
                tree.read_collections()
            found = check(
                config,
                tree.outlines,
                tree,
                choice.selected,
                about_configuration=choice.about_configuration,
                collections=tree.collections,
                jobs=jobs,
                summaries=Summaries(store, config, tree) if store is not None else None,
            )._replace(notes=tuple(tree.notes))
            if config.resolve_installed:
                lacks = lacking(config, tree.outlines, tree)
            if recorder is not None and choice.is_whole and tree.is_as_listed:
                recorder.keep(found, tree.collection_digest)
        if store is not None:
            store.remember(choice.stamps)
    cache_notes = [store.note] if store is not None and store.note else []
    statistics = {
        "files parsed": parsed,
        "files": len(choice.sources),
        "seconds for facts": middle - start,
        "seconds for rules": time.perf_counter() - middle,
    }
    selected = {*choice.selected, *([config.path] if choice.about_configuration else [])}
    compared = compare(
        config,
        stored,
        (finding for finding in found.findings if finding.path in selected),
        paths=choice.selected,
        broken=found.broken,
        is_whole=choice.is_whole,
        lacks=lacks,
    )
    return Result(
        compared.findings,
        len(choice.selected),
        tuple(each for each in found.allowed if each.finding.path in selected),
        (*choice.notes, *stored.notes, *found.notes, *cache_notes),
        statistics,
        compared,
    )


def lint_texts(config: Config, texts: Mapping[str, bytes]) -> Result:
    """Lints files given as bytes by path, as if they were the whole project."""
    from ssot_lint.facts.extract import extract

    facts = {path: extract(texts[path]) for path in sorted(texts) if path.endswith((".py", ".pyi"))}
    outlines = {path: found.outline for path, found in facts.items()}
    notes: list[str] = []

    def collections() -> Mapping[str, Collection]:
        found, unusable = read_collections(texts, outlines)
        notes.extend(unusable)
        return found

    found = check(
        config, outlines, InMemory(facts), list(facts), about_configuration=True, collections=collections
    )
    return Result(found.findings, len(facts), found.allowed, tuple(notes), {})


def check(
    config: Config,
    outlines: MutableMapping[str, Outline],
    loader: Loader,
    selected: Sequence[str],
    *,
    about_configuration: bool,
    collections: Callable[[], Mapping[str, Collection]] = dict,
    jobs: int | None = 1,
    summaries: Summaries | None = None,
) -> Found:
    """Runs the rules over facts.

    `outlines` hold every file of the project by path, `selected` the paths to report on;
    `about_configuration` tells whether findings about the configuration belong to the report;
    `collections` reads the configurations of pytest by their folder, when a rule asks; `jobs` is the number
    of processes, one for each core when None. `summaries` are as `Project` has them.
    """
    from ssot_lint.snippets import check_snippets  # it parses, which a run that is recalled never does

    project = open_project(config, outlines, loader, collections, summaries=summaries)
    check_snippets(config, project)
    checks = Checks(config, project)
    checked = check_files(checks, selected, jobs)
    findings = {finding for each in checked.values() for finding in each.findings}
    if about_configuration:
        findings.update(checks.configuration())
    allowed = {each for checked_file in checked.values() for each in checked_file.allowed}
    broken = tuple(sorted(path for path in selected if outlines[path].fault is not None))
    return Found(tuple(sorted(findings)), tuple(sorted(allowed)), broken)
