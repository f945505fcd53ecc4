"""Applies suppression comments to the findings of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Finding, Span


class Allowed(NamedTuple):
    """A finding that a comment allows, and the reason it gives, "" for none."""

    finding: Finding
    reason: str


class Suppressed(NamedTuple):
    """What suppression comments take away and leave over."""

    findings: list[Finding]
    allowed: list[Allowed]
    unused: tuple[Suppression, ...]


def apply(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    inline: Callable[[Finding], str],
    unasked: Collection[str] = (),
    statements: Sequence[Span] = (),
) -> Suppressed:
    """Takes away the findings of one file that a comment allows.

    A comment speaks of its line, and of all names of an import statement that begins there: those are
    the `statements`. `inline` says for a finding whether comments have effect: "allow", "reason" (only
    with a reason) or "deny". A comment that speaks of no finding is unused, unless it names one of
    `unasked`, the ids and codes of rules that this run was told to leave out.
    """
    if not suppressions:
        return Suppressed(list(findings), [], ())
    kept = []
    allowed = []
    used: set[Suppression] = set()
    for finding in findings:
        comments = [comment for comment in suppressions if _speaks_of(comment, finding, statements)]
        used.update(comments)
        word = inline(finding)
        reasons = [comment.reason for comment in comments if comment.reason or word == "allow"]
        if word == "deny" or not reasons:
            kept.append(finding)
        else:
            allowed.append(Allowed(finding, next(filter(None, reasons), "")))
    unused = tuple(
        comment
        for comment in suppressions
        if comment not in used and not any(rule in unasked for rule in comment.rules)
    )
    return Suppressed(kept, allowed, unused)


def _speaks_of(comment: Suppression, finding: Finding, statements: Sequence[Span]) -> bool:
    if finding.rule not in comment.rules and finding.code not in comment.rules:
        return False
    if comment.whole_file or finding.span.line <= comment.line <= finding.span.end_line:
        return True
    return any(
        comment.line == statement.line and statement.line <= finding.span.line <= statement.end_line
        for statement in statements
    )
