"""How pytest collects, as configured: which files, classes and functions are tests by name and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

# Why a file is not collected.
OUTSIDE_TESTPATHS = "outside testpaths"
IN_SKIPPED_FOLDER = "in a skipped folder"
IGNORED = "ignored"
FILE_NAME = "file name"


@dataclass(frozen=True, slots=True)
class Collection:
    """What one configuration file tells pytest of collecting; without one, what pytest does by itself.

    Paths are relative to the root of the project, patterns are those of pytest.
    """

    source: str = ""  # the configuration file
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    testpaths: tuple[str, ...] = ()
    norecursedirs: tuple[str, ...] = (
        *("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"),
    )
    ignore: tuple[str, ...] = ()  # what `--ignore` in `addopts` names, from the file's folder
    ignore_glob: tuple[str, ...] = ()
    is_known: bool = True  # False: the configuration file cannot be read

    def takes_class(self, name: str) -> bool:
        """Whether a class that is no `unittest.TestCase` is collected, going by its name."""
        return _starts_or_matches(name, self.python_classes)

    def takes_function(self, name: str) -> bool:
        """Whether a function, or a method of such a class, is collected, going by its name."""
        return _starts_or_matches(name, self.python_functions)

    def is_test_file(self, path: str) -> bool:
        """Whether the name of a file is that of a test file, wherever it lies."""
        if path.startswith("<"):
            return True  # a snippet, which has no name
        return path.endswith(".py") and any(_path_matches(path, pattern) for pattern in self.python_files)

    def passes_over(self, path: str) -> str:
        """Why pytest does not collect a file when it is called without arguments, "" where it does."""
        if path.startswith("<"):
            return ""  # a snippet, which stands nowhere
        parts = path.split("/")
        top = self.source.count("/")
        starts = {
            top + length for place in self.testpaths or ("",) for length in _lengths(parts[top:], place)
        }
        if not starts:
            return OUTSIDE_TESTPATHS
        if len(parts) in starts and path.endswith(".py"):
            return ""  # named itself: whatever it is called
        if all(any(map(self._is_skipped, _beginnings(parts, start, len(parts)))) for start in starts):
            return IN_SKIPPED_FOLDER
        if (self.ignore or self.ignore_glob) and any(
            map(self._is_ignored, _beginnings(parts[top:], 0, len(parts) - top + 1))
        ):
            return IGNORED
        return "" if self.is_test_file(path) else FILE_NAME

    def _is_skipped(self, folder: str) -> bool:
        return _any_matches(folder, ("__pycache__", *self.norecursedirs))

    def _is_ignored(self, path: str) -> bool:
        return path in self.ignore or any(fnmatchcase(path, pattern) for pattern in self.ignore_glob)


_BY_ITSELF = Collection()


def nearest_collection(collections: Mapping[str, Collection], path: str) -> Collection:
    """The one of the nearest folder above a file that has one; `collections` are those of folders.

    So each service of a repository is judged by its own configuration, as when pytest is called there.
    """
    folder = path.rpartition("/")[0]
    while folder and folder not in collections:
        folder = folder.rpartition("/")[0]
    return collections.get(folder, _BY_ITSELF)


def is_below(path: str, place: str) -> bool:
    """Whether a glob such as `tests/**/unit` leads to a path, or to a folder above it."""
    return any(True for _ in _lengths(path.split("/"), place))


def _lengths(parts: Sequence[str], place: str) -> Iterator[int]:
    """How many leading parts of a path a glob takes up, for each way in which it can."""
    return _taken_up(parts, [part for part in place.split("/") if part not in ("", ".")])


def _taken_up(parts: Sequence[str], patterns: Sequence[str]) -> Iterator[int]:
    if not patterns:
        yield 0
        return
    first, *others = patterns
    if first == "**":
        yield from _taken_up(parts, others)
        if parts and not parts[0].startswith("."):
            yield from (1 + length for length in _taken_up(parts[1:], patterns))
    elif parts and fnmatchcase(parts[0], first) and (first.startswith(".") or not parts[0].startswith(".")):
        yield from (1 + length for length in _taken_up(parts[1:], others))


def _beginnings(parts: Sequence[str], start: int, end: int) -> Iterator[str]:
    """The paths above a path that are longer than `start` parts and shorter than `end`."""
    return ("/".join(parts[:length]) for length in range(start + 1, end))


def _starts_or_matches(name: str, patterns: tuple[str, ...]) -> bool:
    return name.startswith(patterns) or any(fnmatchcase(name, pattern) for pattern in _globs(patterns))


@cache
def _globs(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns that stand for more than themselves."""
    return tuple(pattern for pattern in patterns if any(map(pattern.__contains__, "*?[")))


@cache  # the same folders hold many files
def _any_matches(folder: str, patterns: tuple[str, ...]) -> bool:
    return any(_path_matches(folder, pattern) for pattern in patterns)


def _path_matches(path: str, pattern: str) -> bool:
    """Whether a pattern fits a path as pytest has it: without a slash the name, else the end of the path."""
    if "/" not in pattern:
        return fnmatchcase(path.rpartition("/")[2], pattern)
    return fnmatchcase("/" + path, "*/" + pattern)
