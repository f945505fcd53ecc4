"""The report for programs: one JSON document, one line for each kind of figures."""

from __future__ import annotations

from ssot_lint.insight.documents import document
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report.formats import Link
from ssot_lint.reports.json import encode


def render(figures: Figures, link: Link) -> str:
    """Return the document that `report.schema.json` describes; it has no links."""
    parts = (f"{encode({key: value})[1:-1]}" for key, value in document(figures).items())
    return "{" + ",\n".join(parts) + "}\n"
