"""Every finding on a line, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ssot_lint.baseline.batches import Batch
from ssot_lint.finding import Finding
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report.formats import Link
from ssot_lint.reports import neutral

COLUMNS = (
    *("rule", "code", "name", "severity", "path", "line", "column", "scope", "subject", "message", "state"),
    *("owners", "since", "days", "accepted_by", "batch_owner", "reason", "expires"),
    *("fix", "fingerprint", "link"),
)
"""The first line. `since`, `days` (of age) and what follows up to `expires` are those of the baseline."""

_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # the last four are the wide ones of East Asia


def render(figures: Figures, link: Link) -> str:
    """Return the findings, in the order of reports."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding, name in zip(figures.findings, figures.accepted):
        cells = _cells(figures, finding, figures.batches.get(name), link)
        writer.writerow([guarded(cell) for cell in cells])
    return stream.getvalue()


def guarded(cell: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula: a text that would be one gets a `'` in front."""
    if isinstance(cell, int):
        return cell
    text = neutral(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _cells(figures: Figures, finding: Finding, batch: Batch | None, link: Link) -> Sequence[str | int]:
    days = max((figures.taken.date() - batch.date).days, 0) if batch else ""  # clocks differ
    fix = "" if finding.fix is None else "safe" if finding.fix.is_safe else "unsafe"
    return (
        finding.rule,
        finding.code,
        finding.name,
        finding.severity,
        finding.path,
        finding.span.line,
        finding.span.column,
        finding.scope,
        " ".join(finding.subject),
        finding.message,
        finding.state,
        " ".join(figures.owned.get(finding.path, ())),
        str(batch.date) if batch else "",
        days,
        batch.by if batch else "",
        batch.owner if batch else "",
        batch.reason if batch else finding.justification,
        str(batch.expires) if batch and batch.expires else "",
        fix,
        finding.fingerprint,
        link(finding.path, finding.span.line) or "",
    )
