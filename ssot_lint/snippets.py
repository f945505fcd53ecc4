"""Verifies that the instances of a configuration behave on its `good` and `bad` snippets as stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ssot_lint.checks import Run
from ssot_lint.config import Config, ConfigError
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Facts
from ssot_lint.finding import Problem
from ssot_lint.project import Project

_SNIPPET_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def check_snippets(config: Config, project: Project) -> None:
    """Raises ConfigError where an instance misses a `bad` snippet, or finds fault with a `good` one."""
    for run in map(Run, config.instances):
        for kind, snippets in (("bad", run.options.bad), ("good", run.options.good)):
            for number, snippet in enumerate(snippets, 1):
                name = f" `{run.options.name}`" if run.options.name else ""
                where = f"{config.path}:{run.span.line}: {run.rule.id} instance{name}"
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


def _snippet_problems(run: Run, project: Project, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    if len(facts) == 1 and next(iter(facts)).startswith("<"):
        ((path, found),) = facts.items()
        with project.snippet(path, found) as file:
            yield from run.problems(file, project)
        return
    project = project.beside(facts)
    for path in facts:
        if run.covers(path):
            yield from run.problems(project.file(path), project)
