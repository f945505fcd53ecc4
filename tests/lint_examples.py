"""Runs examples through the engine, also where msgspec cannot be installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from ssot_lint import tables
from ssot_lint.finding import Finding
from ssot_lint.rules import Example
from ssot_lint.self_test import CONFIG
from ssot_lint.self_test import expected as expected
from ssot_lint.self_test import found as found
from ssot_lint.self_test import lint as lint
from ssot_lint.self_test import without_marks as without_marks


def findings(config: str, files: Mapping[str, str], rule: str) -> list[Finding]:
    """What one rule finds in files under a configuration."""
    result = lint(Example("", {**files, CONFIG: config}))
    return [finding for finding in result.findings if finding.rule == rule]


def _without_msgspec(hint: Any, value: Any) -> Any:
    """What `tables` makes of a value of the right type, for interpreters that cannot install msgspec."""
    options = tables.options_within(hint)
    if options is not None:
        return tables.convert(options, value)
    return tuple(_without_msgspec(None, each) for each in value) if isinstance(value, list) else value


if find_spec("msgspec") is None:
    tables._converted = _without_msgspec
