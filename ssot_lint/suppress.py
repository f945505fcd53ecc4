"""Applies suppression comments to the findings of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Finding


class Suppressed(NamedTuple):
    """What suppression comments leave over."""

    findings: list[Finding]
    count: int  # of the findings that were suppressed
    unused: tuple[Suppression, ...]


def apply(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    inline: Callable[[Finding], str],
    unasked: Collection[str],
) -> Suppressed:
    """Takes away the findings of one file that a comment allows.

    `inline` says for a finding whether comments have effect: "allow", "reason" (only with a reason) or
    "deny". A comment that took nothing away is unused, unless it names one of `unasked`, the ids and
    codes of rules that this run was told to leave out.
    """
    kept = []
    used: set[Suppression] = set()
    for finding in findings:
        comment = _allowing(finding, suppressions, inline(finding))
        if comment is None:
            kept.append(finding)
        else:
            used.add(comment)
    unused = tuple(
        comment for comment in suppressions if comment not in used and not any(rule in unasked for rule in comment.rules)
    )
    return Suppressed(kept, len(findings) - len(kept), unused)


def _allowing(finding: Finding, suppressions: Sequence[Suppression], inline: str) -> Suppression | None:
    if inline == "deny":
        return None
    for comment in suppressions:
        if not comment.rules or (finding.rule not in comment.rules and finding.code not in comment.rules):
            continue
        if inline == "reason" and not comment.reason:
            continue
        if comment.whole_file or finding.span.line <= comment.line <= finding.span.end_line:
            return comment
    return None
