"""The script that runs the tests of a tree, and what runs them past it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import CALL, Import
from ssot_lint.file import File
from ssot_lint.project import Project
from ssot_lint.proposals.proposal import Proposal, Table, pattern
from ssot_lint.reports import counted
from ssot_lint.rules.runner_bypass import RunnerBypassOptions, bypasses

_FEWEST_MENTIONS = 3  # files: one that a document test and a script name may be one script among many
_LEAD = 3  # times as many files as the next script: else nobody can tell which is the one
_FEWEST_GUARDS = 10  # without a runner: a handful of guards is a habit of one author, and no debt

_REASON = "one way to run the tests"

_RUN_TESTS = frozenset(("runtest", "runtests"))
_RUN_WORDS = frozenset(("run", "runs", "runner", "runall", "testrun", "testrunner", *_RUN_TESTS))
_WORDS = re.compile("[a-z]+").findall
_COMMAND_LINE = frozenset(("ArgumentParser", "OptionParser", "argv", "parse_args"))
_DEFAULTS = RunnerBypassOptions()
_PROGRAMS = frozenset(_DEFAULTS.commands)
_FRAMEWORKS = frozenset(name.partition(".")[0] for name in _DEFAULTS.runners)
_CALLS = frozenset(name.rpartition(".")[2] for name in _DEFAULTS.runners)
_STARTERS = frozenset(("subprocess", "os", "asyncio"))
_SCRIPTS = re.compile(r"[\w./\\-]+\.py\b").findall


class _Runner(NamedTuple):
    """A script that runs tests."""

    path: str
    mentions: int  # files that name it


def propose(project: Project) -> Iterator[Proposal]:
    """Proposes the one runner with what bypasses it; without one, to do without guards where they abound."""
    runner = _runner(project)
    options = RunnerBypassOptions(runner=_written(runner.path) if runner else "")
    guards, others = _count(project, options)
    found = f"{counted(guards, 'call')} under a `__main__` guard, {others} elsewhere"
    if runner and guards + others:
        yield Proposal(
            f"`{runner.path}` runs the tests",
            (
                f"it runs tests as its command line says; {counted(runner.mentions, 'other file')} name it",
                f"past it: {found}",
            ),
            (Table("runner-bypass", {"runner": options.runner, "reason": _REASON}),),
            guards + others,
        )
    elif guards >= _FEWEST_GUARDS:
        yield Proposal(
            "tests are run by one command, not by guards in their files",
            (f"what runs tests itself: {found}",),
            (Table("runner-bypass", {"reason": _REASON}),),
            guards + others,
        )


def _runner(project: Project) -> _Runner | None:
    """The script that runs tests as its job and that others name most, if one is far ahead."""
    scripts = [
        file.path
        for file in project.files()
        if _is_runner(file) and not project.collection(file.path).is_test_file(file.path)
    ]
    mentions = _mentions(project, scripts)
    ranked = sorted(
        (_Runner(path, mentions[path]) for path in scripts), key=lambda each: (-each.mentions, each)
    )
    if not ranked or ranked[0].mentions < _FEWEST_MENTIONS:
        return None
    next_one = ranked[1].mentions if len(ranked) > 1 else 0
    return ranked[0] if ranked[0].mentions >= _LEAD * next_one else None


def _is_runner(file: File) -> bool:
    """Whether a file is a script that takes arguments and starts tests, going by its name too."""
    words = _WORDS(file.path.lower())
    stem = _WORDS(_stem(file.path).lower())
    is_about_tests = any(word.startswith("test") for word in words) or not _RUN_TESTS.isdisjoint(stem)
    if not is_about_tests or _RUN_WORDS.isdisjoint(stem) or file.details.main_guard is None:
        return False
    uses = (*file.details.uses, *file.bodies.members)
    takes_arguments = any(use.name.rpartition(".")[2] in _COMMAND_LINE for use in uses)
    imported = {_package(entry) for entry in file.details.imports}
    starts = not _STARTERS.isdisjoint(imported) and any(
        literal.value in _PROGRAMS for literal in file.bodies.literals
    )
    return takes_arguments and (starts or not _FRAMEWORKS.isdisjoint(imported))


def _mentions(project: Project, scripts: Sequence[str]) -> Counter[str]:
    """How many other files name each script: in a path, in a command, or by an import."""
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    for path in scripts:
        by_stem[_stem(path)].append(path)
    if not by_stem:
        return Counter()
    return Counter(
        path for file in project.files() for path in _mentioned(file, project, by_stem) if path != file.path
    )


def _mentioned(file: File, project: Project, by_stem: Mapping[str, Sequence[str]]) -> set[str]:
    texts = [literal.value for literal in file.bodies.literals if ".py" in literal.value]
    for use in file.details.uses:
        texts += (text for each in use.arguments for _, text in each.literals if ".py" in text)
    found = {
        path
        for script in _SCRIPTS("\n".join(texts).replace("\\", "/"))
        for path in by_stem.get(_stem(script), ())
        if f"/{path}".endswith(f"/{script}") or script.endswith(f"/{path}")
    }
    for entry in file.details.imports:
        if entry.name in by_stem or entry.module.rpartition(".")[2] in by_stem:
            for meaning in project.import_meanings(file.path, entry):
                found.update({meaning.path, *meaning.via}.intersection(by_stem.get(_stem(meaning.path), ())))
    return found


def _count(project: Project, options: RunnerBypassOptions) -> tuple[int, int]:
    """How many calls under guards, and how many others, run tests past the runner."""
    found = Counter(
        bypass.is_guarded
        for file in project.files()
        if _may_run_tests(file)
        for bypass in bypasses(file, project, options)
    )
    return found[True], found[False]


def _may_run_tests(file: File) -> bool:
    """Whether a file calls what runs tests or starts a command about them, before anything is resolved."""
    calls = [use for use in file.details.uses if use.how == CALL]
    entries = [entry for entry in file.details.imports if _package(entry) in _FRAMEWORKS]
    names = {use.name.rpartition(".")[2] for use in calls}.union(entry.name for entry in entries)
    return (bool(entries) and not names.isdisjoint(_CALLS)) or any(
        program in text
        for use in calls
        for each in use.arguments
        for _, text in each.literals
        for program in _PROGRAMS
    )


def _written(path: str) -> str:
    """The pattern of a path, without a slash in front if it means the same, since messages show it."""
    is_anchored = "/" in path and path[0] not in "!#"
    return pattern(path)[1:] if is_anchored else pattern(path)


def _package(entry: Import) -> str:
    return entry.module.partition(".")[0]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".py")
