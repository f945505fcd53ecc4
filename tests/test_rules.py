"""Every example of every rule, through the real engine."""

from __future__ import annotations

import pytest
from lint_examples import expected, found, lint

from ssot_lint.rules import RULES, Example, Rule

BAD = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}") for rule in RULES for example in rule.bad
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}") for rule in RULES for example in rule.good
]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_example_is_found_exactly_where_it_is_marked(rule: Rule, example: Example) -> None:
    assert any(name == rule.id for _, _, name in expected(example))
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_example_is_not_found_by_its_rule(rule: Rule, example: Example) -> None:
    assert not expected(example)
    assert [finding for finding in lint(example).findings if finding.rule == rule.id] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.check.__module__ == f"ssot_lint.rules.{rule.id.replace('-', '_')}"
    assert "*Why is this bad?*" in rule.doc
    assert "*Use instead*" in rule.doc
    assert rule.summary.endswith(".")


def test_ids_and_codes_are_unique_and_in_order() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})
