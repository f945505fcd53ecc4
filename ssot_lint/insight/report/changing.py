"""What a change brings and mends."""

from __future__ import annotations

from collections import Counter

from ssot_lint.baseline.carry import REPORTED, carry
from ssot_lint.baseline.changes import init
from ssot_lint.baseline.entries import identity_of
from ssot_lint.compare import Compared
from ssot_lint.engine import Result
from ssot_lint.finding import Finding
from ssot_lint.insight.figures import Change
from ssot_lint.since import Since


def change(name: str, result: Result, blamed: Result, since: Since) -> Change:
    """The change since HEAD parted from the history that `name` names.

    `result` is what is found now, `blamed` the same with what was there before told apart.
    """
    brought = tuple(finding for finding in blamed.findings if finding.state in REPORTED)
    assert result.compared is not None, "it was compared with a baseline, be it an empty one"
    return Change(name, since.commit, brought, _mended(result, result.compared, since))


def _mended(result: Result, compared: Compared, since: Since) -> tuple[Finding, ...]:
    """What was found before the change and is surely gone; what is allowed or waived now is not."""
    then = [*since.past.findings, *(allowed.finding for allowed in since.past.allowed)]
    now = [*compared.findings, *(allowed.finding for allowed in result.allowed)]
    known = init((), then, {}, lambda _path: False).entries
    left = carry(now, known, compared.outcome.coverage).left
    gone = Counter(each.entry.identity for each in left if each.is_over)
    mended = []
    for finding in reversed(since.past.findings):  # of several of one identity the last ones are gone
        if gone[identity_of(finding)]:
            gone[identity_of(finding)] -= 1
            mended.append(finding)
    return tuple(reversed(mended))
