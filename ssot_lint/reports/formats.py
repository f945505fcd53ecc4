"""The formats that there are.

To add one write a module beside this one with a function `render(result, request)`, and a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.rules import Rule

FORMATS = {
    "text": "for people",
    "concise": "one line for each finding and no more",
    "json": "all that is known, as the published schema describes",
    "github": "annotations of GitHub Actions",
    "gitlab": "Code Quality of GitLab",
    "junit": "test results in XML",
    "pylint": "as pylint prints what others parse",
    "rdjson": "the diagnostics of reviewdog",
    "sarif": "SARIF 2.1.0, for code scanning",
}
"""What each is, by the name of its module."""


class Request(NamedTuple):
    """What is asked of a report, and what it may tell beside the result."""

    summary: bool = True  # whether people want to read a summary line
    statistics: bool = False
    rules: tuple[Rule, ...] = ()  # that ran, by their codes
    exit_code: int = 0  # of the run
    reasons: tuple[int, ...] = ()  # every exit code that it earns, the one that counts first
    folder: str = ""  # that the root is in its repository, with a `/` at the end; "" for its top
    lines_of: Callable[[str], Sequence[str]] = lambda path: ()  # the source of a path, none where unreadable


def render(name: str, result: Result, request: Request) -> str:
    r"""Return the report in a format: text that UTF-8 can encode, with `\n` as only line end."""
    text: str = import_module(f"ssot_lint.reports.{name}").render(result, request)
    return text
