"""The one door to figures that other programs have left: each is read when it is asked for."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ssot_lint.config import Config
from ssot_lint.files import UsageError, read_bytes
from ssot_lint.outside import coverage, junit, record
from ssot_lint.outside.measurement import Kept, last_kept, state_of
from ssot_lint.outside.places import Modules, placed

_MEASURE = "`ssot-lint collection` measures it"
_MOST_NAMES = 3


class Ran(NamedTuple):
    """One test of a JUnit file."""

    path: str  # from the root, "" where no file of the project can be told
    name: str
    outcome: str  # one of those in `junit`


class Evidence:
    """What other programs left of a project. What is missing, damaged or out of date raises UsageError."""

    def __init__(self, config: Config, files: Sequence[str]) -> None:
        self._config = config
        self._files = files  # all of the project

    @property
    def coverage_file(self) -> str:
        """Where the report of coverage.py lies, from the root."""
        return self._config.outside.coverage

    @cached_property
    def _coverage(self) -> Mapping[str, coverage.Lines]:
        place = self.coverage_file
        said = coverage.parsed(self._read(place, f"`coverage json -o {place}`"), place)
        names = placed(said, self._files, place.rpartition("/")[0])
        return {path: said[name] for name, path in names.items()}

    def covered(self, files: Iterable[str]) -> coverage.Covered:
        """What tests cover of some files."""
        found = coverage.added_up(self._coverage, files, self._lines_of)
        if found.changed:
            raise UsageError(
                f"{self.coverage_file} is about another version of {first_of(found.changed)}; run the tests "
                f"and `coverage json -o {self.coverage_file}` again"
            )
        return found

    @cached_property
    def junit_files(self) -> tuple[str, ...]:
        """The JUnit files, from the root."""
        patterns = self._config.outside.junit
        if not patterns:
            raise UsageError('no JUnit files are configured: `outside.junit = ["reports/*.xml"]`')
        found = {
            path.replace(os.sep, "/")
            for pattern in patterns
            for path in glob.glob(pattern, root_dir=self._config.root, recursive=True)
        }
        if not found:
            first = patterns[0]
            raise UsageError(f"there is no {first}; `pytest --junit-xml FILE` writes such a file")
        return tuple(sorted(found))

    @cached_property
    def tests(self) -> Sequence[Ran]:
        """The tests of the JUnit files."""
        maker = "`pytest --junit-xml FILE`"
        cases = [case for place in self.junit_files for case in junit.parsed(self._read(place, maker), place)]
        by_name = placed({case.file for case in cases} - {""}, self._files)
        modules = Modules(self._files)
        return [
            Ran(by_name.get(case.file) or modules.file(case.dotted), case.name, case.outcome)
            for case in cases
        ]

    @cached_property
    def collection(self) -> Kept:
        """The last measurement of the collection of all tests, if nothing has changed since."""
        try:
            kept = last_kept(self._config)
        except UsageError as error:
            raise UsageError(f"{error}; {_MEASURE}") from None
        if not kept.is_whole:
            words = " ".join((*kept.paths, *kept.arguments))
            raise UsageError(f"the last collection was about `{words}` alone; {_MEASURE}")
        if kept.measurement.stopped is not None or not kept.measurement.is_finished:
            raise UsageError("the last collection did not get to its end; `ssot-lint collection` says why")
        if kept.state != state_of(self._config):
            raise UsageError(f"the sources have changed since the collection was measured; {_MEASURE}")
        return kept

    @cached_property
    def comparison(self) -> record.Comparison:
        """How the last measurement differs from the record."""
        found = record.load(self._config.root)
        if found is None:
            raise UsageError("there is no record; `ssot-lint collection --record` makes one, to be committed")
        return record.compare(self.collection, found)

    def younger(self, files: Iterable[str], reports: Iterable[str]) -> int:
        """How many of some files were changed after the first of some reports was written."""
        moment = min(self._modified(report) for report in reports)
        return sum(self._modified(path) > moment for path in files)

    def _modified(self, path: str) -> int:
        try:
            return os.stat(os.path.join(self._config.root, path)).st_mtime_ns
        except OSError:
            return 0  # gone in the meantime

    def _lines_of(self, path: str) -> list[bytes]:
        try:
            return read_bytes(self._config.root, path).splitlines()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None

    def _read(self, place: str, maker: str) -> bytes:
        try:
            return read_bytes(self._config.root, place)
        except FileNotFoundError:
            raise UsageError(f"there is no {place}; {maker} writes it") from None
        except OSError as error:
            raise UsageError(f"{place} cannot be read: {error.strerror or error}") from None


def first_of(names: Iterable[str]) -> str:
    """The first of some names, each once, and how many more there are."""
    each = list(dict.fromkeys(names))
    left = len(each) - _MOST_NAMES
    return f"{', '.join(each[:_MOST_NAMES])}{f' and {left} more' if left > 0 else ''}"
