"""The pipeline on one page: files, facts, project, rules, findings, suppressions."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ssot_lint import suppress
from ssot_lint.collection import Collection
from ssot_lint.collection_files import read_collections
from ssot_lint.config import Config, ConfigError, Instance
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Facts, Outline
from ssot_lint.file import File, InMemory, Loader
from ssot_lint.files import PathPatterns
from ssot_lint.finding import MODULE_SCOPE, Finding, Problem
from ssot_lint.project import Configured, Project

Progress = Callable[[int, int], None]

_SNIPPET_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


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
    collections, notes = read_collections(texts, outlines)
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
    collections: Mapping[str, Collection] = MappingProxyType({}),
) -> Result:
    """Runs the rules over facts.

    `outlines` hold every file of the project by path, `selected` the paths to report on;
    `about_configuration` tells whether findings about the configuration belong to the report;
    `collections` are the configurations of pytest by their folder.
    """
    runs = [_Run(instance) for instance in config.instances]
    covered = [[path for path in outlines if run.covers(path)] for run in runs]
    project = Project(
        outlines,
        loader,
        roots=config.source_roots,
        matches=_matches,
        configuration=_configured(config, outlines),
        rule_words=config.catalogue.words,
        requires_python=config.python or config.requires_python,
        collections=collections,
    )
    _check_snippets(runs, project, config.path)
    by_path: dict[str, list[_Run]] = {path: [] for path in selected}
    for run, paths in zip(runs, covered):
        if run.about == "source":
            for path in paths:
                if path in by_path:
                    by_path[path].append(run)
    about_suppressions = [run for run in runs if run.about == "suppressions"]
    unasked = _unasked(config)
    findings: list[Finding] = []
    suppressed = 0
    for path, on_source in by_path.items():
        file = project.file(path)
        found = {finding: run.options.inline for run in on_source for finding in run.findings(file, project)}
        statements = [entry.statement for entry in file.details.imports] if file.details.suppressions else ()
        left = suppress.apply(list(found), file.details.suppressions, found.__getitem__, unasked, statements)
        project.unused_suppressions = {path: left.unused} if file.outline.parsed else {}
        suppressed += left.number
        findings += left.findings
        findings += (finding for run in about_suppressions for finding in run.findings(file, project))
    if about_configuration and config.path:
        file = File(config.path, Outline(), InMemory({}), project)
        findings += (f for run in runs if run.about == "configuration" for f in run.findings(file, project))
    return Result(tuple(sorted(set(findings))), len(by_path), suppressed, (), {})


class _Run:
    """One instance of a rule, made ready to run."""

    def __init__(self, instance: Instance) -> None:
        self.rule = instance.rule
        self.about = instance.rule.about
        self.options = instance.options
        self.span = instance.span
        self._paths = _patterns(self.options.paths) if self.options.paths else None
        self._excluded = _patterns((*self.options.exclude, *self.options.allow_in))

    def covers(self, path: str) -> bool:
        """Whether the instance looks at a file."""
        return (self._paths is None or self._paths.match(path)) and not (
            self._excluded and self._excluded.match(path)
        )

    def findings(self, file: File, project: Project) -> Iterator[Finding]:
        """What the rule finds in a file."""
        for problem in self.problems(file, project):
            yield Finding(
                file.path,
                problem.span,
                self.rule.code,
                self.rule.id,
                problem.message + self._advice(problem.message),
                self.options.name,
                file.scope_at(problem.span.line) if self.about != "configuration" else MODULE_SCOPE,
                problem.subject,
                self.options.severity,
                problem.related,
            )

    def problems(self, file: File, project: Project) -> Iterable[Problem]:
        """What the rule yields for a file, by the instance's word on code for type checkers."""
        wanted = self.options.type_checking
        for problem in self.rule.check(file, project, self.options):
            if wanted != "same":
                line = problem.span.line
                is_checking = any(first <= line <= last for first, last in file.details.type_checking)
                if is_checking is not (wanted == "only"):
                    continue
            yield problem

    def _advice(self, message: str) -> str:
        use = (
            f"; use `{self.options.use}`"
            if self.options.use and f"`{self.options.use}`" not in message
            else ""
        )
        return f"{use} ({self.options.reason})" if self.options.reason else use


def _configured(config: Config, outlines: Mapping[str, Outline]) -> list[Configured]:
    """Every instance as the rules about the configuration see it, whatever this run was told to leave out."""
    found = []
    for instance in (*config.instances, *config.unselected):
        rule, options, span = instance
        run = _Run(instance)
        is_idle = bool(options.paths) and rule.about == "source" and not any(map(run.covers, outlines))
        found.append(
            Configured(rule.id, options.name, span, options.paths, is_idle, tuple(rule.symbols(options)))
        )
    return found


def _check_snippets(runs: Sequence[_Run], project: Project, config_path: str) -> None:
    """Raises ConfigError where an instance misses a `bad` snippet, or finds fault with a `good` one."""
    for run in runs:
        for kind, snippets in (("bad", run.options.bad), ("good", run.options.good)):
            for number, snippet in enumerate(snippets, 1):
                name = f" `{run.options.name}`" if run.options.name else ""
                where = f"{config_path}:{run.span.line}: {run.rule.id} instance{name}"
                facts = {
                    path: extract(text.encode("utf-8", "surrogatepass"))
                    for path, text in _snippet_files(snippet, f"<{kind} {number}>.py").items()
                }
                faults = [found.outline.fault for found in facts.values() if found.outline.fault is not None]
                if faults and run.rule.id != "syntax-error":
                    raise ConfigError(f"{where}: `{kind}` snippet {number} is no Python: {faults[0].message}")
                found = list(_snippet_problems(run, project, facts))
                if kind == "bad" and not found:
                    raise ConfigError(f"{where}: nothing is found in `bad` snippet {number}")
                if kind == "good" and found:
                    raise ConfigError(
                        f"{where}: `good` snippet {number} is found fault with: {found[0].message}"
                    )


def _snippet_files(snippet: str, path: str) -> dict[str, str]:
    """The files of a snippet: each starts with a line `# file: PATH`; without one it is a file anywhere."""
    before, *parts = _SNIPPET_FILE.split(snippet)
    files = dict(zip(parts[::2], parts[1::2]))
    return files if parts and not before.strip() else {path: snippet}


def _snippet_problems(run: _Run, project: Project, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    if len(facts) == 1 and next(iter(facts)).startswith("<"):
        ((path, found),) = facts.items()
        with project.snippet(path, found) as file:
            yield from run.problems(file, project)
        return
    project = project.beside(facts)
    for path in facts:
        if run.covers(path):
            yield from run.problems(project.file(path), project)


def _unasked(config: Config) -> frozenset[str]:
    """The ids and codes of the rules that this run was told to leave out."""
    asked = {instance.rule.id for instance in config.instances}
    if not config.select and not config.ignore:
        return frozenset()
    unasked = (rule for rule in config.catalogue.rules if rule.id not in asked)
    return frozenset(word for rule in unasked for word in (rule.id, rule.code))


@cache
def _patterns(patterns: tuple[str, ...]) -> PathPatterns:
    return PathPatterns(patterns)


def _matches(patterns: tuple[str, ...], path: str) -> bool:
    return _patterns(patterns).match(path)
