"""The past as a page."""

from __future__ import annotations

from ssot_lint.insight.figures import Trend
from ssot_lint.insight.page import render_trend


def render(project: str, trend: Trend) -> str:
    """Return the page. Raises UsageError where the extra `report` is not installed."""
    return render_trend(project, trend)
