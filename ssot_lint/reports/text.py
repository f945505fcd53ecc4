"""The plain report: one finding a line, each place written as editors and terminals can open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssot_lint.baseline.carry import CARRIED, INHERITED, MOVED, WAIVED
from ssot_lint.reports import concise, counted, neutral

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request

_TOLD = {CARRIED: "carried", MOVED: "carried", WAIVED: "waived", INHERITED: "there before"}
"""What the summary says of findings that are not reported, by their states."""


def render(result: Result, request: Request) -> str:
    """Return the findings, then the summary line and the statistics where they are wanted."""
    lines = [
        *_findings(result),
        *closing(result, summary=request.summary, statistics=request.statistics),
    ]
    return "".join(f"{line}\n" for line in lines)


def closing(result: Result, *, summary: bool, statistics: bool) -> Iterator[str]:
    """Yield the lines that follow the findings."""
    if summary:
        yield _summary(result)
    if statistics:
        rules = Counter((finding.code, finding.rule) for finding in result.new)
        by_count = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
        yield from (f"{count:>10}  {code} {rule}" for (code, rule), count in by_count)
        yield from (f"{_number(value):>10}  {name}" for name, value in result.statistics.items())


def _findings(result: Result) -> Iterator[str]:
    for finding in result.new:
        yield concise.line(finding)
        for other in finding.related:
            yield f"    {concise.place(other.path, other.span)}: {neutral(other.message)}"


def _summary(result: Result) -> str:
    new = result.new
    if not new:
        found = f"no findings in {counted(result.files, 'file')}"
    else:
        # A finding about the configuration lies in no file that was linted.
        affected = sum(not path.endswith(".toml") for path in {finding.path for finding in new})
        found = f"{counted(len(new), 'finding')} in {affected} of {counted(result.files, 'file')}"
    severities = Counter(finding.severity for finding in new)
    details = [counted(number, severity) for severity, number in sorted(severities.items())]
    if result.suppressed:
        details.append(f"{result.suppressed} suppressed")
    told = Counter(_TOLD[finding.state] for finding in result.findings if finding.state in _TOLD)
    details += [f"{told[word]} {word}" for word in dict.fromkeys(_TOLD.values()) if told[word]]
    return f"{found} ({', '.join(details)})" if details else found


def _number(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
