"""The catalogue: every rule, in the order of its code. A new rule is one file and one line here."""

from __future__ import annotations

from ssot_lint.file import File
from ssot_lint.finding import Problem, Related, Span
from ssot_lint.project import Project
from ssot_lint.rules import (
    ad_hoc_mock,
    class_contract,
    cloned_class,
    duplicate_class,
    duplicate_function,
    env_access,
    env_key_drift,
    forbidden_import,
    forbidden_use,
    hollow_test_file,
    idle_rule,
    import_boundary,
    import_form,
    literal_has_constant,
    misplaced_definition,
    missing_base,
    missing_super_call,
    noncanonical_base,
    noncanonical_import,
    placeholder_test,
    reasonless_suppression,
    runner_bypass,
    shadowed_definition,
    syntax_error,
    uncollected_test,
    undecodable_source,
    unknown_symbol,
    unused_suppression,
)
from ssot_lint.rules._rule import Contradiction, Example, Options, Rule, option
from ssot_lint.rules._symbols import symbols

RULES: tuple[Rule, ...] = (
    syntax_error.RULE,
    undecodable_source.RULE,
    forbidden_import.RULE,
    noncanonical_import.RULE,
    import_boundary.RULE,
    import_form.RULE,
    noncanonical_base.RULE,
    missing_base.RULE,
    missing_super_call.RULE,
    class_contract.RULE,
    duplicate_class.RULE,
    cloned_class.RULE,
    duplicate_function.RULE,
    misplaced_definition.RULE,
    shadowed_definition.RULE,
    forbidden_use.RULE,
    env_access.RULE,
    env_key_drift.RULE,
    literal_has_constant.RULE,
    placeholder_test.RULE,
    uncollected_test.RULE,
    runner_bypass.RULE,
    hollow_test_file.RULE,
    ad_hoc_mock.RULE,
    unused_suppression.RULE,
    reasonless_suppression.RULE,
    idle_rule.RULE,
    unknown_symbol.RULE,
)

RULE_BY_ID = {rule.id: rule for rule in RULES}

# What rule files of other packages import, too: see docs/plugins.md.
__all__ = [
    "RULES",
    "RULE_BY_ID",
    "Contradiction",
    "Example",
    "File",
    "Options",
    "Problem",
    "Project",
    "Related",
    "Rule",
    "Span",
    "option",
    "symbols",
]
