"""What the actions of `ssot-lint baseline` can be told, and what that means. All raise UsageError."""

from __future__ import annotations

import datetime
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Collection, Iterable

from ssot_lint.config import Config
from ssot_lint.files import PathPatterns, UsageError
from ssot_lint.tables import unknown_rule

_FINGERPRINT = re.compile("[0-9a-f]{10}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def add_rule(parser: ArgumentParser, text: str) -> None:
    """Let a parser know `--rule`."""
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        help=f"{text}: an id, a code or the beginning of a code (may be repeated)",
    )


def add_path(parser: ArgumentParser, text: str) -> None:
    """Let a parser know `--path`."""
    parser.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="PATTERN",
        help=f"{text}, in gitignore syntax from the project root (may be repeated)",
    )


def rules(selectors: Iterable[str], config: Config) -> Collection[str]:
    """Return the ids of the rules that are meant, all of them where none are named."""
    known = config.catalogue.selectors
    for selector in selectors:
        if selector not in known:
            raise UsageError(f"`--rule`: {unknown_rule(selector, known)}")
    return {rule for selector in selectors for rule in known[selector]} or config.catalogue.by_id.keys()


def files(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells of a path whether it is meant; all are where there are no patterns."""
    lines = tuple(patterns)
    return PathPatterns(lines).match if lines else lambda _path: True


def fingerprint(text: str) -> str:
    """Return a text that is a fingerprint."""
    if not _FINGERPRINT.fullmatch(text):
        raise UsageError(f"expected a fingerprint, ten of the digits 0-9 and a-f, found `{text}`")
    return text


def days(text: str) -> int:
    """Return the number of days that a text names. Raises argparse.ArgumentTypeError."""
    if not text.isdecimal() or len(text) > 6:
        raise ArgumentTypeError(f"expected a number of days, found `{text}`")
    return int(text)


def day(text: str) -> datetime.date:
    """Return the day that a text names. Raises argparse.ArgumentTypeError."""
    try:
        return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ArgumentTypeError(f"expected a day such as 2026-12-31, found `{text}`") from None
