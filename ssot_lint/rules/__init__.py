"""The catalogue: every rule, in the order of its code. A new rule is one file and one line here."""

from __future__ import annotations

from ssot_lint.rules import (
    duplicate_class,
    forbidden_import,
    idle_rule,
    missing_base,
    noncanonical_base,
    noncanonical_import,
    reasonless_suppression,
    syntax_error,
    undecodable_source,
    unknown_symbol,
    unused_suppression,
)
from ssot_lint.rules._rule import Example, Options, Rule

RULES: tuple[Rule, ...] = (
    syntax_error.RULE,
    undecodable_source.RULE,
    forbidden_import.RULE,
    noncanonical_import.RULE,
    noncanonical_base.RULE,
    missing_base.RULE,
    duplicate_class.RULE,
    unused_suppression.RULE,
    reasonless_suppression.RULE,
    idle_rule.RULE,
    unknown_symbol.RULE,
)

RULE_BY_ID = {rule.id: rule for rule in RULES}

__all__ = ["RULES", "RULE_BY_ID", "Example", "Options", "Rule"]
