"""The forms of the past of a project.

To add one write a module beside this one with a function `render(project, trend)`, and a line below.
"""

from __future__ import annotations

from importlib import import_module

from ssot_lint.insight.figures import Trend

FORMATS = {
    "text": "a table, a line for each rule, and the commits that changed most",
    "csv": "a line for each sample, for spreadsheets",
    "json": "all of it, as the published schema describes",
    "html": "one page with charts that needs nothing else",
}
"""What each is, by the name of its module."""


def render(name: str, project: str, trend: Trend) -> str:
    r"""Return the past in a format: text that UTF-8 can encode, with `\n` as only line end.

    `project` is the name of its folder. Raises UsageError where a format needs more than is installed.
    """
    text: str = import_module(f"ssot_lint.insight.history.formats.{name}").render(project, trend)
    return text
