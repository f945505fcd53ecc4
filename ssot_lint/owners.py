"""Who owns the files of a project, as its CODEOWNERS file says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ssot_lint.files import PathPatterns, UsageError, read_bytes

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may lie, from the root; the first that is there counts."""


class Owners:
    """The lines of a CODEOWNERS file: patterns with owners behind them; the last that matches counts.

    `notes` name the lines that mean nothing: those that negate, titles of sections, and malformed ones.
    """

    def __init__(self, text: str, path: str = "CODEOWNERS") -> None:
        self.notes: list[str] = []
        self._lines: list[tuple[PathPatterns, int | None, tuple[str, ...]]] = []
        for number, line in enumerate(text.splitlines(), 1):
            pattern, *owners = re.sub(r"(^|\s)#.*", "", line).split() or [""]
            if not pattern:
                continue
            if pattern[0] in "![":
                self.notes.append(f"{path}:{number}: `{pattern}` means nothing here")
                continue
            try:
                self._lines.append((PathPatterns([pattern]), _depth(pattern), tuple(owners)))
            except UsageError as error:
                self.notes.append(f"{path}:{number}: {error}")

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a file, given its path from the root; none where no line matches, or one without."""
        for patterns, depth, owners in reversed(self._lines):
            if depth in (None, path.count("/")) and patterns.match(path):
                return owners
        return ()


def find_owners(root: str | os.PathLike[str]) -> Owners | None:
    """What the CODEOWNERS file of a project says, None where there is none that can be read."""
    return next(_found(root), None)


def _found(root: str | os.PathLike[str]) -> Iterator[Owners]:
    for path in PLACES:
        if os.path.isfile(os.path.join(root, path)):
            yield Owners(read_bytes(root, path).decode("utf-8", "replace"), path)


def _depth(pattern: str) -> int | None:
    """How many slashes a path has that a pattern such as `docs/*` matches, which means no folders below.

    None where it means them, as in a .gitignore.
    """
    is_flat = pattern.endswith("/*") and "**" not in pattern
    return pattern.strip("/").count("/") if is_flat else None
