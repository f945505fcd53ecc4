"""The forms of a report on figures.

To add one write a module beside this one with a function `render(figures, link)`, and a line below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from ssot_lint.insight.figures import Figures

Link = Callable[[str, int], str | None]
"""Tells the address of a line, given the path from the root and its number; None where it has none."""

FORMATS = {
    "text": "for people",
    "markdown": "for a wiki, or the summary of a job",
    "comment": "Markdown that is short enough for a comment on a pull request",
    "csv": "every finding on a line, with its state, owners and age",
    "json": "all of it, as the published schema describes",
    "html": "one page with charts that needs nothing else",
}
"""What each is, by the name of its module."""


def render(name: str, figures: Figures, link: Link) -> str:
    r"""Return the report in a format: text that UTF-8 can encode, with `\n` as only line end."""
    text: str = import_module(f"ssot_lint.insight.report.formats.{name}").render(figures, link)
    return text
