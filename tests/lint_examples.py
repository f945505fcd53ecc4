"""Runs an example (a tiny project with its expected findings marked on the line) through the engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any

from ssot_lint import tables
from ssot_lint.config import parse
from ssot_lint.engine import Result, lint_texts
from ssot_lint.finding import Finding
from ssot_lint.rules import Example

CONFIG = "ssot-lint.toml"
_MARK = re.compile(r"[ \t]*# \[([a-z, -]+)\]$", re.MULTILINE)

Place = tuple[str, int, str]
"""Path, 1-based line, rule id."""


def expected(example: Example) -> set[Place]:
    """The places that are marked."""
    return {
        (path, number, rule.strip())
        for path, text in example.files.items()
        for number, line in enumerate(text.split("\n"), 1)
        for match in _MARK.finditer(line)
        for rule in match[1].split(",")
    }


def without_marks(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The files as a user would have them."""
    return {path: _MARK.sub("", text) for path, text in files}


def lint(example: Example) -> Result:
    """What the engine finds in an example."""
    files = without_marks(example.files.items())
    config = parse(files.pop(CONFIG, ""), CONFIG if CONFIG in example.files else "")
    return lint_texts(config, {path: text.encode() for path, text in files.items()})


def found(result: Result) -> set[Place]:
    """The places that the engine reports."""
    return {(finding.path, finding.span.line, finding.rule) for finding in result.findings}


def findings(config: str, files: Mapping[str, str], rule: str) -> list[Finding]:
    """What one rule finds in files under a configuration."""
    result = lint(Example("", {**files, CONFIG: config}))
    return [finding for finding in result.findings if finding.rule == rule]


def _without_msgspec(hint: Any, value: Any) -> Any:
    """What `tables` makes of a value of the right type, for interpreters that cannot install msgspec."""
    options = tables.options_within(hint)
    if options is not None:
        return tables.convert(options, value)
    return tuple(value) if isinstance(value, list) else value


if find_spec("msgspec") is None:
    tables._converted = _without_msgspec
