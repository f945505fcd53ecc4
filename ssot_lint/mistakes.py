"""What is wrong with a configuration, for people as lines of text, and for programs taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from ssot_lint.files import UsageError

_MISTAKE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<text>.*)")


class Mistake(NamedTuple):
    """One mistake in a configuration; line and column are 1-based, 1 where they are not known."""

    path: str  # of the file, as a user in the working folder would write it
    line: int
    column: int
    text: str


class ConfigError(UsageError):
    """A configuration that cannot be meant; its text has a line `PATH:LINE: TEXT` for each mistake."""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes one by one; none where the text names no file."""
        found = filter(None, map(_MISTAKE.fullmatch, str(self).splitlines()))
        return tuple(
            Mistake(each["path"], int(each["line"] or 1), int(each["column"] or 1), each["text"])
            for each in found
        )
