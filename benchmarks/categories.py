"""What becomes of findings in a commit, by the lines that git's diff pairs: see `replay.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from git_history import Commit, History, Hunk, Touched, line_before

from ssot_lint.finding import Finding

CATEGORIES = {
    "F": "untouched file",
    "U": "untouched line",
    "R": "renamed file",
    "M": "moved line",
    "E": "edited line",
    "D": "moved and edited",
    "N": "genuinely new",
}


class Diff:
    """Which lines of two commits are the same, as git sees it."""

    def __init__(self, history: History, commit: Commit) -> None:
        self._lines = history.lines
        self._by_old: dict[str, Touched] = {}
        self._by_new: dict[str, Touched] = {}
        self._hunks: dict[str, list[Hunk]] = {}  # of files that are there before and after, by the later path
        for touched in history.touched(commit):
            if touched.old_path:
                self._by_old[touched.old_path] = touched
            if touched.new_path:
                self._by_new[touched.new_path] = touched
            if touched.old_path and touched.new_path:
                self._hunks[touched.new_path] = history.hunks(touched.old_blob, touched.new_blob)

    def categories(self, old: Sequence[Finding], new: Sequence[Finding]) -> list[str]:
        """The category of each new finding."""
        found: dict[int, str] = {}
        left = dict.fromkeys(range(len(old)))
        for before, after, category in (
            (self._named_place_before, self._named_origin, self._of_kept),
            (self._place_before, self._origin, self._of_kept),
            (self._line_before, self._line_after, lambda _path: "M"),
            (self._scope_and_words_before, self._scope_and_words_after, lambda _path: "E"),
            (self._scope_before, self._scope_after, lambda _path: "E"),
            (self._words_before, self._words_after, lambda _path: "D"),
        ):
            stock: defaultdict[Hashable, list[int]] = defaultdict(list)
            for index in reversed(left):
                stock[before(old[index])].append(index)
            for index, finding in enumerate(new):
                key = after(finding) if index not in found else None
                if key is not None and stock[key]:
                    del left[stock[key].pop()]
                    found[index] = category(finding.path)
        return [found.get(index, "N") for index in range(len(new))]

    # what stays where it is

    def _of_kept(self, path: str) -> str:
        touched = self._by_new.get(path)
        if touched is None:
            return "F"
        return "U" if touched.old_path == touched.new_path else "R"

    def _place_before(self, finding: Finding) -> Hashable:
        return finding.rule, finding.path, _line(finding), *_columns(finding)

    def _named_place_before(self, finding: Finding) -> Hashable:
        return finding.name, self._place_before(finding)

    def _origin(self, finding: Finding) -> Hashable:
        """Where a finding was before, None where its line was not there."""
        touched = self._by_new.get(finding.path)
        path, line = finding.path, _line(finding)
        if touched is not None:
            if not touched.old_path:
                return None
            old_line = line_before(self._hunks[path], line)
            if old_line is None:
                return None
            path, line = touched.old_path, old_line
        return finding.rule, path, line, *_columns(finding)

    def _named_origin(self, finding: Finding) -> Hashable:
        origin = self._origin(finding)
        return None if origin is None else (finding.name, origin)

    # what is elsewhere

    def _gone(self, finding: Finding) -> str:
        """The blob of a finding that stood on a line which is gone, "" for others."""
        touched = self._by_old.get(finding.path)
        if touched is None:
            return ""
        if touched.new_path:
            hunks = self._hunks[touched.new_path]
            swapped = [(new, new_length, old, old_length) for old, old_length, new, new_length in hunks]
            if line_before(swapped, _line(finding)) is not None:
                return ""
        return touched.old_blob

    def _come(self, finding: Finding) -> str:
        """The blob of a finding that stands on a line which was not there, "" for others."""
        touched = self._by_new.get(finding.path)
        return touched.new_blob if touched is not None and self._origin(finding) is None else ""

    def _line_before(self, finding: Finding) -> Hashable:
        return self._line_in(self._gone(finding), finding)

    def _line_after(self, finding: Finding) -> Hashable:
        return self._line_in(self._come(finding), finding)

    def _line_in(self, blob: str, finding: Finding) -> Hashable:
        return (finding.rule, self._lines(blob)[finding.span.line - 1].strip()) if blob else None

    def _words_before(self, finding: Finding) -> Hashable:
        return self._words_in(self._gone(finding), finding)

    def _words_after(self, finding: Finding) -> Hashable:
        return self._words_in(self._come(finding), finding)

    def _words_in(self, blob: str, finding: Finding) -> Hashable:
        if not blob:
            return None
        first, column, last, end_column = finding.span
        lines = self._lines(blob)[first - 1 : last]
        lines[-1] = lines[-1][: end_column - 1]
        lines[0] = lines[0][column - 1 :]
        return finding.rule, finding.name, "".join(lines)

    def _scope_and_words_before(self, finding: Finding) -> Hashable:
        words = self._words_before(finding)
        return words and (words, self._scope_before(finding))

    def _scope_and_words_after(self, finding: Finding) -> Hashable:
        words = self._words_after(finding)
        return words and (words, self._scope_after(finding))

    def _scope_before(self, finding: Finding) -> Hashable:
        touched = self._by_old.get(finding.path)
        return finding.rule, touched.new_path if touched is not None else finding.path, finding.scope

    def _scope_after(self, finding: Finding) -> Hashable:
        return finding.rule, finding.path, finding.scope


def _line(finding: Finding) -> int:
    """The line of a finding, 0 where it is about the file and so shown at its beginning."""
    return 0 if finding.span == (1, 1, 1, 1) else finding.span.line


def _columns(finding: Finding) -> tuple[int, int]:
    return finding.span.column, finding.span.end_column
