"""The plugin of flake8: reports what is found in the files that flake8 is given."""

from __future__ import annotations

import logging
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flake8.checker import FileChecker
from flake8.exceptions import ExecutionError
from flake8.style_guide import Decision, DecisionEngine

from ssot_lint import __version__
from ssot_lint.baseline.carry import REPORTED

if TYPE_CHECKING:
    from flake8.checker import Results
    from flake8.options.manager import OptionManager

    from ssot_lint.config import Config
    from ssot_lint.finding import Finding
    from ssot_lint.session import Session

_STDIN = "stdin"  # the name of a text that stands for no file
_NOT_PARSED = {"E902", "E999"}
_run_checks = FileChecker.run_checks

Place = tuple[int, int, str]
"""A line, 1-based; a column, 0-based, in characters; a text that begins with the code of a rule."""


class Plugin:
    """What flake8 makes for each file that it has parsed, of what the parameters are named after."""

    name = "ssot-lint"
    version = __version__
    run_of_flake8: ClassVar[Run]

    def __init__(self, tree: object, filename: str, lines: list[str]) -> None:  # noqa: ARG002
        self._filename = filename
        self._lines = lines

    @staticmethod
    def add_options(options: OptionManager) -> None:
        """Declares what flake8 can be told; all else stands in the configuration of each project."""
        options.add_option(
            "--ssot-lint-config",
            metavar="FILE",
            normalize_paths=True,
            parse_from_config=True,
            help="configuration of ssot-lint to use instead of the one nearest to each file",
        )

    @classmethod
    def parse_options(cls, _options: OptionManager, values: Namespace, _names: Sequence[str]) -> None:
        """Loads the projects of what flake8 is given, so that the processes that it forks have them."""
        cls.run_of_flake8 = Run(values)
        FileChecker.run_checks = _run_checks_of_any_file
        # Processes that are not forked come here too, and load what they need when they need it: where an
        # error keeps one from starting, flake8 starts others for ever.
        if parent_process() is None:
            cls.run_of_flake8.load()

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yields what is found in the file."""
        for place in self.run_of_flake8.places(self._filename, self._lines):
            yield (*place, Plugin)


class Run:
    """One run of flake8: what it was told, and the projects of its files."""

    def __init__(self, values: Namespace) -> None:
        from ssot_lint.sessions import Sessions

        names = values.filenames or [os.curdir]
        self._values = values
        self._stdin = values.stdin_display_name if "-" in names else ""
        self._names = [self._stdin if name == "-" else name for name in names]
        config = Path(values.ssot_lint_config) if values.ssot_lint_config else None
        start = os.path.commonpath([os.path.abspath(name) for name in self._names])
        note = logging.getLogger("flake8.ssot_lint").warning  # shown by `flake8 -v`
        self._sessions = Sessions(config, Path(start), note=note)

    def load(self) -> None:
        """Loads the projects of what flake8 is given. Raises ExecutionError."""
        with _mistakes_told():
            for name in self._names:
                self._locate(name)

    def places(self, filename: str, lines: Sequence[str]) -> Iterator[Place]:
        """Yields what is found in a file, of which flake8 has read the lines. Raises ExecutionError."""
        from ssot_lint.reports import concise

        with _mistakes_told():
            findings = self._findings(filename, lines)
        for finding in findings:
            yield finding.span.line, finding.span.column - 1, concise.words(finding)

    def _findings(self, filename: str, lines: Sequence[str]) -> Sequence[Finding]:
        found = None if filename == self._stdin == _STDIN else self._locate(filename)
        if found is None:
            return ()
        session, path = found
        if filename == self._stdin:
            from ssot_lint.files import encoded

            session.replace(path, encoded("".join(lines)))
        elif not path.endswith((".py", ".pyi")) and path not in session:
            session.reread(path)  # a script, which flake8 looks at because it was named
        return [finding for finding in session.findings(path) if finding.state in REPORTED]

    def _locate(self, name: str) -> tuple[Session, str] | None:
        """The project that a file or folder belongs to, if it is asked for, and the path there."""
        config = self._sessions.config(name)
        return self._sessions.locate(name) if config is not None and self._wants(config) else None

    def _wants(self, config: Config) -> bool:
        """Whether flake8 would show a finding of any rule. It takes rules of plugins for ours."""
        selected = self._values.extended_default_select
        own = (rule.code for plugin in config.catalogue.plugins for rule in plugin.rules)
        selected += [code for code in own if code not in selected]
        decide = DecisionEngine(self._values).decision_for
        return any(decide(instance.rule.code) is Decision.Selected for instance in config.instances)


@contextmanager
def _mistakes_told() -> Iterator[None]:
    """Lets flake8 end with the words for a mistake of the user, not with a traceback."""
    from ssot_lint.files import UsageError

    try:
        yield
    except UsageError as error:
        raise ExecutionError(f"ssot-lint: {error}") from error


def _run_checks_of_any_file(file: FileChecker) -> tuple[str, Results, dict[str, int]]:
    """Runs flake8 over a file, and the plugin as well where flake8 can read or parse none of it.

    Takes the place of `FileChecker.run_checks`, because flake8 leaves such files to no plugin at all.
    """
    lines = [] if file.processor is None else file.processor.lines
    try:
        _run_checks(file)
    except ValueError as error:
        # Until 3.11.3 this is what Python says of null bytes, and it would end the run.
        if not any("\0" in line for line in lines):
            raise
        file.report("E902", 1, 0, f"{type(error).__name__}: {error}")
    results = file.results
    if not _NOT_PARSED.isdisjoint(code for code, *_ in results):
        known = {(code, line, column) for code, line, column, *_ in results}
        for line, column, text in Plugin.run_of_flake8.places(file.display_name, lines):
            if (text.partition(" ")[0], line, column) not in known:
                file.report(None, line, column, text)
    return file.display_name, results, file.statistics
