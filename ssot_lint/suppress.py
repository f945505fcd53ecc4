"""Applies suppression comments to the findings of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from ssot_lint.facts.model import Suppression
from ssot_lint.finding import Finding, Span


class Suppressed(NamedTuple):
    """What suppression comments leave over."""

    findings: list[Finding]
    number: int  # of the findings that were suppressed
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
        return Suppressed(list(findings), 0, ())
    kept = []
    used: set[Suppression] = set()
    for finding in findings:
        comments = [comment for comment in suppressions if _speaks_of(comment, finding, statements)]
        used.update(comments)
        word = inline(finding)
        if word == "deny" or not any(comment.reason or word == "allow" for comment in comments):
            kept.append(finding)
    unused = tuple(
        comment
        for comment in suppressions
        if comment not in used and not any(rule in unasked for rule in comment.rules)
    )
    return Suppressed(kept, len(findings) - len(kept), unused)


def _speaks_of(comment: Suppression, finding: Finding, statements: Sequence[Span]) -> bool:
    if finding.rule not in comment.rules and finding.code not in comment.rules:
        return False
    if comment.whole_file or finding.span.line <= comment.line <= finding.span.end_line:
        return True
    return any(
        comment.line == statement.line and statement.line <= finding.span.line <= statement.end_line
        for statement in statements
    )
