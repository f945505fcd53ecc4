"""The past for programs: one JSON document, one sample or jump a line."""

from __future__ import annotations

from ssot_lint.insight.documents import document
from ssot_lint.insight.figures import Trend
from ssot_lint.reports.json import encode


def render(project: str, trend: Trend) -> str:
    """Return the document that `history.schema.json` describes; it does not name the project."""
    told = document(trend)
    samples, jumps = (",\n".join(map(encode, told.pop(key))) for key in ("samples", "jumps"))
    return f'{encode(told)[:-1]},"samples":[\n{samples}\n],"jumps":[\n{jumps}\n]}}\n'
