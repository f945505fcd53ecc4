"""The two errors of the baseline: of a text, and of a file that has it."""

from __future__ import annotations

from ssot_lint.files import UsageError


class TextError(ValueError):
    """A text that is not what it should be; `line` is 1-based."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class BaselineError(UsageError):
    """A baseline that cannot be used as it is, with the text `PATH:LINE: what is wrong; what helps`."""
