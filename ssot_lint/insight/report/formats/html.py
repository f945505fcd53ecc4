"""The report as a page."""

from __future__ import annotations

from ssot_lint.insight import page
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report.formats import Link


def render(figures: Figures, link: Link) -> str:
    """Return the page. Raises UsageError where the template engine is not installed."""
    return page.render(figures, link)
