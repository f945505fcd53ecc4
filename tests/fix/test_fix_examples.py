"""The examples of rules that show what fixes make of them: applied, they come out so, clean and for good."""

from __future__ import annotations

import pytest
from lint_examples import lint, without_marks

from ssot_lint.finding import Fix
from ssot_lint.fix.rewrite import rewrite
from ssot_lint.rules import RULES, Example, Rule

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule in RULES
    for example in (*rule.bad, *rule.good)
]


def fixes_of(rule: Rule, files: dict[str, str]) -> dict[str, list[Fix]]:
    """The fixes of one rule for each file that has some, in the order of the findings."""
    found: dict[str, list[Fix]] = {}
    for finding in lint(Example("", files)).findings:
        if finding.rule == rule.id and finding.fix is not None:
            found.setdefault(finding.path, []).append(finding.fix)
    return found


def fixed(rule: Rule, files: dict[str, str]) -> dict[str, str]:
    """The files as all fixes of one rule leave them."""
    result = dict(files)
    for path, fixes in fixes_of(rule, files).items():
        done = rewrite(files[path].encode(), fixes)
        assert [refused.reason for refused in done.refused] == []
        result[path] = done.data.decode()
    return result


def unfixable(rule: Rule, files: dict[str, str]) -> set[tuple[str, str]]:
    """What one rule finds without a fix, by path and message."""
    return {
        (finding.path, finding.message)
        for finding in lint(Example("", files)).findings
        if finding.rule == rule.id and finding.fix is None
    }


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_comes_out_as_shown(rule: Rule, example: Example) -> None:
    before = without_marks(example.files.items())
    after = fixed(rule, before)
    changed = {path: text for path, text in after.items() if text != before[path]}
    assert changed == without_marks(example.fixed.items())
    assert fixes_of(rule, after) == {}
    assert unfixable(rule, after) <= unfixable(rule, before)


def test_some_rule_has_fixes() -> None:
    assert any(example.fixed for rule in RULES for example in rule.bad)
