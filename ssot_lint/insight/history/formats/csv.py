"""The samples of the past, one on a line, with a column for each rule."""

from __future__ import annotations

import csv
import io

from ssot_lint.insight.figures import Trend

_COLUMNS = ("date", "commit", "files", "clean", "broken", "absent")


def render(project: str, trend: Trend) -> str:
    """Return the table, headed by names; it does not name the project."""
    rules = list(trend.samples[0].by_rule) if trend.samples else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_COLUMNS, *rules))
    for each in trend.samples:
        numbers = (each.files, each.clean, each.broken, each.absent, *(each.by_rule[rule] for rule in rules))
        writer.writerow((each.date.isoformat(), each.commit.id, *numbers))
    return text.getvalue()
