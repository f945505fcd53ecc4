"""Annotations of GitHub Actions for the findings that tell most, and all findings in the step's log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ssot_lint.finding import Finding
from ssot_lint.reports import concise, neutral, text

if TYPE_CHECKING:
    from ssot_lint.engine import Result
    from ssot_lint.reports.formats import Request

_SHOWN = 10  # annotations of a severity that GitHub shows of a step, in the order they come in

# In every line that a step prints GitHub looks for commands: `::command` at its start, `##[command` anywhere.
_COMMAND = re.compile(r"^(\s*):|##\[")


def render(result: Result, request: Request) -> str:
    """Return the annotations, whose paths start at the top of the repository, and the log."""
    findings = result.new
    annotated = list(_most_telling(findings))
    lines = [_annotation(finding, request.folder) for finding in annotated]
    if findings:
        told = f"{len(findings)} in all, {len(annotated)} as annotations"
        if len(annotated) < len(findings):
            lines.append(f"::notice title=ssot-lint findings::{told}; the log of this step has them all")
        lines.append(f"::group::Findings: {told}")
        lines += (_no_command(concise.line(finding)) for finding in findings)
        lines.append("::endgroup::")
    lines += text.closing(result, summary=request.summary, statistics=request.statistics)
    return "".join(f"{line}\n" for line in lines)


def _most_telling(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield as many findings of each severity as are shown: the first of every rule, then the second ones."""
    earlier: Counter[tuple[str, str]] = Counter()
    ranked = []
    for finding in findings:
        kind = finding.severity, finding.code
        ranked.append((earlier[kind], finding.code, finding))
        earlier[kind] += 1
    ranked.sort()
    for severity in ("error", "warning"):
        yield from islice((finding for *_, finding in ranked if finding.severity == severity), _SHOWN)


def _annotation(finding: Finding, folder: str) -> str:
    span = finding.span
    properties = {"file": folder + finding.path, "line": span.line, "endLine": span.end_line}
    # GitHub refuses columns of an annotation over several lines.
    if span.line == span.end_line:
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = f"{finding.code} {finding.rule}"
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    places = (f"{concise.place(other.path, other.span)}: {other.message}" for other in finding.related)
    message = "\n".join((finding.message, *places))
    return f"::{finding.severity} {written}::{_data(message)}"


def _data(value: str) -> str:
    return neutral(value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _no_command(line: str) -> str:
    r"""Return a line in which GitHub sees no command: `\u003a` or `\u005b` spells what would begin one."""
    return _COMMAND.sub(lambda found: r"##\u005b" if found[1] is None else rf"{found[1]}\u003a", line)
