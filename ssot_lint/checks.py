"""Runs the rules of a configuration over the files of a project, one file at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache, cached_property
from typing import NamedTuple

from ssot_lint import suppress
from ssot_lint.collection import Collection
from ssot_lint.config import Config, Instance
from ssot_lint.facts.model import Outline
from ssot_lint.file import File, InMemory, Loader, Summaries
from ssot_lint.files import PathPatterns
from ssot_lint.finding import MODULE_SCOPE, Finding, Problem, Span
from ssot_lint.installed import is_missing, open_installed
from ssot_lint.meaning import EXTERNAL, Meaning
from ssot_lint.project import Configured, Project
from ssot_lint.suppress import Allowed

_SAID = Finding._fields.index("state")  # so many fields say what is found where
_WHOLE_FILE = Span(1, 1, 1, 1)  # where rules show what is about a file as a whole, whatever begins there


class Checked(NamedTuple):
    """What is found in one file, each finding once, in no particular order."""

    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


class Checks:
    """The rules of a configuration, made ready to run over the files of a project."""

    def __init__(self, config: Config, project: Project) -> None:
        runs = [Run(instance) for instance in config.instances]
        self.project = project
        self._config = config
        self._on_source = [run for run in runs if run.about == "source"]
        self._on_suppressions = [run for run in runs if run.about == "suppressions"]
        self._on_configuration = [run for run in runs if run.about == "configuration"]

    def file(self, path: str) -> Checked:
        """What is found in a file of the project."""
        file = self.project.file(path)
        return self.judged(file, ((run, run.findings(file, self.project)) for run in self.runs(path)))

    def runs(self, path: str) -> list[Run]:
        """The instances of rules that look at a source file."""
        return [run for run in self._on_source if run.covers(path)]

    def judged(self, file: File, found: Iterable[tuple[Run, Iterable[Finding]]]) -> Checked:
        """What is left of all that is found in a file, given by who found it, and what is found beside."""
        project, path = self.project, file.path
        inline = {finding: run.options.inline for run, findings in found for finding in findings}
        if not inline and not self._on_suppressions:
            return Checked((), ())  # whatever its comments say
        statements = [entry.statement for entry in file.details.imports] if file.details.suppressions else ()
        left = suppress.apply(
            list(inline), file.details.suppressions, inline.__getitem__, self._unasked, statements
        )
        project.unused_suppressions = {path: left.unused} if file.outline.parsed else {}
        about = (finding for run in self._on_suppressions for finding in run.findings(file, project))
        return Checked(each_once((*left.findings, *about)), tuple(left.allowed))

    def configuration(self) -> tuple[Finding, ...]:
        """What is found in the configuration itself."""
        if not self._config.path:
            return ()
        file = File(self._config.path, Outline(), InMemory({}), self.project)
        return tuple(
            finding for run in self._on_configuration for finding in run.findings(file, self.project)
        )

    @cached_property
    def _unasked(self) -> frozenset[str]:
        """The ids and codes of the rules that this run was told to leave out."""
        config = self._config
        asked = {instance.rule.id for instance in config.instances}
        if not config.select and not config.ignore:
            return frozenset()
        unasked = (rule for rule in config.catalogue.rules if rule.id not in asked)
        return frozenset(word for rule in unasked for word in (rule.id, rule.code))


def open_project(
    config: Config,
    outlines: MutableMapping[str, Outline],
    loader: Loader,
    collections: Callable[[], Mapping[str, Collection]],
    *,
    follows_edits: bool = False,
    kind: type[Project] = Project,
    summaries: Summaries | None = None,
) -> Project:
    """Binds facts to paths as a configuration says; see `Project` for the arguments.

    Raises UsageError where the configuration asks for more than is installed.
    """
    return kind(
        outlines,
        loader,
        roots=config.source_roots,
        matches=_matches,
        configuration=configured(config, outlines),
        rule_words=config.catalogue.words,
        requires_python=config.python or config.requires_python,
        collections=collections,
        follows_edits=follows_edits,
        installed=open_installed() if config.resolve_installed else None,
        summaries=summaries,
    )


def lacking(
    config: Config, outlines: MutableMapping[str, Outline], loader: Loader
) -> Callable[[str, str], bool]:
    """Tells of a rule and a file whether they build on what is not installed, so that findings stay unknown.

    That is where a class of the file inherits from such a package, through any number of files, or where an
    option of the rule names it: all that `resolve-installed` would look up.
    """
    project = cache(lambda: open_project(config, outlines, loader, dict))

    def are_lacking(meanings: Iterable[Meaning]) -> bool:
        return any(meaning.kind == EXTERNAL and is_missing(meaning.name) for meaning in meanings)

    @cache
    def is_file_lacking(path: str) -> bool:
        return path in outlines and any(
            are_lacking(project().ancestry(path, entry.qualname).meanings) for entry in outlines[path].classes
        )

    @cache
    def is_rule_lacking(rule: str) -> bool:
        return any(
            are_lacking(project().symbol(name))
            for instance in config.instances
            if instance.rule.id == rule
            for name in instance.rule.symbols(instance.options)
        )

    return lambda rule, path: is_rule_lacking(rule) or is_file_lacking(path)


def each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, but of those that say the same of one place the one that says most besides.

    Several instances of a rule may know of different values and fixes.
    """
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        said = finding[:_SAID]
        known = found.get(said, finding)
        found[said] = max(known, finding, key=lambda each: (each.value or 0, each.fix or ()))
    return tuple(found.values())


class Run:
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
                self._scope(file, problem.span),
                problem.subject,
                self.options.severity,
                problem.related,
                value=problem.value,
                fix=problem.fix,
            )

    def _scope(self, file: File, span: Span) -> str:
        is_inside = self.about != "configuration" and span != _WHOLE_FILE
        return file.scope_at(span.line) if is_inside else MODULE_SCOPE

    def problems(self, file: File, project: Project) -> Iterable[Problem]:
        """What the rule yields for a file, by the instance's word on code for type checkers."""
        found = self.rule.check(file, project, self.options)
        wanted = self.options.type_checking
        return found if wanted == "same" else _in_blocks(found, file, are_inside=wanted == "only")

    def _advice(self, message: str) -> str:
        use = (
            f"; use `{self.options.use}`"
            if self.options.use and f"`{self.options.use}`" not in message
            else ""
        )
        return f"{use} ({self.options.reason})" if self.options.reason else use


def _in_blocks(problems: Iterable[Problem], file: File, *, are_inside: bool) -> Iterator[Problem]:
    """The problems that are inside of a file's blocks for type checkers, or those that are not."""
    blocks = file.details.type_checking
    for problem in problems:
        if are_inside is any(first <= problem.span.line <= last for first, last in blocks):
            yield problem


def configured(config: Config, outlines: Mapping[str, Outline]) -> tuple[Configured, ...]:
    """Every instance as the rules about the configuration see it, whatever this run was told to leave out."""
    found = []
    for instance in (*config.instances, *config.unselected):
        rule, options, span = instance
        run = Run(instance)
        is_idle = bool(options.paths) and rule.about == "source" and not any(map(run.covers, outlines))
        found.append(
            Configured(rule.id, options.name, span, options.paths, is_idle, tuple(rule.symbols(options)))
        )
    return tuple(found)


@cache
def _patterns(patterns: tuple[str, ...]) -> PathPatterns:
    return PathPatterns(patterns)


def _matches(patterns: tuple[str, ...], path: str) -> bool:
    return _patterns(patterns).match(path)
