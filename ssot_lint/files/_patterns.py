"""Matches root-relative paths against patterns in gitignore syntax, fast enough for every file and rule."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.files._errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_Search = Callable[[str], object]

# Names, `*` inside names, and slashes: what nearly every pattern is made of. Translating these here
# spares most runs the import of pathspec, which takes as long as listing thousands of files.
_NAME = r"(?:\*?[\w.-])+\*?"
_PLAIN = re.compile(rf"(/?)({_NAME}(?:/{_NAME})*)(/?)")


class PathPatterns:
    """Patterns in gitignore syntax; later ones win over earlier ones, and `!` takes paths out again.

    Raises UsageError for a pattern that is malformed or that no path can match.
    """

    __slots__ = ("_decided", "_negates", "_patterns", "_search", "lines")

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self.lines = tuple(lines)
        self._patterns = [_translate(line) for line in self.lines]
        self._negates = any(line.startswith("!") for line in self.lines)
        self._search = _match_with_negation(self.lines) if self._negates else _searching(self._patterns)
        self._decided: dict[str, bool | _Search] = {}

    def __bool__(self) -> bool:
        return bool(self.lines)

    def match(self, path: str) -> bool:
        """Tell whether the patterns match a file, given its path from the root with `/` as separator."""
        folder = path[: path.rfind("/") + 1]
        try:
            decided = self._decided[folder]
        except KeyError:
            decided = self._decided[folder] = self._decide(folder)
        return decided if decided is True or decided is False else bool(decided(path))

    def covers(self, folder: str) -> bool:
        """Tell whether the patterns match every file below a folder, so that nobody need look into it."""
        return self._decide(f"{folder}/" if folder else "") is True

    def _decide(self, folder: str) -> bool | _Search:
        """Answer for all files of a folder ("" or ending in `/`), or say how to find each one's answer."""
        if self._negates:
            return self._search
        if folder and self._search(folder):
            return True
        able = [each for each in self._patterns if not each.only_folders and folder.startswith(each.below)]
        return _searching(able) if able else False


class _Pattern(NamedTuple):
    regex: str  # searched for in a path, finds what the pattern matches
    below: str  # all matches lie below this folder: "" or ending in `/`
    only_folders: bool


def gitignore_spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns as pathspec has them. Raises ValueError or re.error for a malformed one."""
    from pathspec import GitIgnoreSpec

    with _without_warnings():
        return GitIgnoreSpec.from_lines(lines)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keeps quiet about what `[[a]` and `[a&&b]` may mean to a later Python: git has no such notation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _match_with_negation(lines: Sequence[str]) -> _Search:
    return gitignore_spec(lines).match_file


def _searching(patterns: Sequence[_Pattern]) -> _Search:
    with _without_warnings():
        return re.compile("|".join(pattern.regex for pattern in patterns) or "(?!)").search


def _translate(line: str) -> _Pattern:
    if not {".", ".."}.isdisjoint(line.removeprefix("!").split("/")):
        raise UsageError(
            f"the pattern `{line}` never matches: write it from the project root, without `.` or `..`"
        )
    plain = _PLAIN.fullmatch(line)
    if plain is None:
        return _Pattern(_translated_by_pathspec(line), "", False)
    start, body, end = plain.groups()
    regex = re.escape(body).replace(r"\*", "[^/]*") + (end or "(?:/|$)")
    if not start and "/" not in body:
        return _Pattern(
            regex.removeprefix("[^/]*") if body[0] == "*" else f"^(?:.+/)?{regex}", "", end == "/"
        )
    literal = body.partition("*")[0]
    return _Pattern(f"^{regex}", literal[: literal.rfind("/") + 1], end == "/")


def _translated_by_pathspec(line: str) -> str:
    try:
        patterns = gitignore_spec([line]).patterns
    except (ValueError, re.error) as error:
        raise UsageError(f"the pattern `{line}` is malformed: {error}") from None
    for pattern in patterns:
        if pattern.include is not None and pattern.regex is not None:
            # Groups are named alike in every pattern, and a name may stand only once in one expression.
            return re.sub(r"\(\?P<\w+>", "(?:", pattern.regex.pattern)
    raise UsageError(f"the pattern `{line}` never matches: it is empty, a comment, or malformed")
