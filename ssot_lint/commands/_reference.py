"""The reference of the configuration as Markdown, made from the types of its tables."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import MISSING
from typing import Any

from ssot_lint.canonical import BaseOf, Canonical
from ssot_lint.catalogue import OWN_RULES, Catalogue
from ssot_lint.gates import Condition, Gate
from ssot_lint.rules import Options
from ssot_lint.tables import OutsideFiles, Settings, expected, fields_of, options_in_array, options_within

_INTRODUCTION = """\
# Configuration

The configuration stands in `pyproject.toml`, in tables whose names begin with `tool.ssot-lint`, or in a file
`ssot-lint.toml`, where the same tables stand without that prefix. The nearest one counts, from the linted
path upwards; in one folder `ssot-lint.toml` wins. All paths start from the folder of the configuration,
whatever folder the tool is called in. Patterns of paths are in gitignore syntax. In patterns of dotted names
`*` stands for any part of one name and `**` for any number of names.

A rule is configured by a table of its name, as many as needed: `[[tool.ssot-lint.forbidden-import]]`. A key
that does not exist, and a value of another type, are errors that name the place and what was expected.

`ssot-lint config show` prints what is in force and where each value comes from, `ssot-lint config schema` a
JSON Schema for your editor, `ssot-lint config reference` this page."""

_CANONICAL = """\
## `[[canonical]]`

One thing and its one home. Each of these tables stands for several rules, which find everything that strays
from it: other import paths, superseded bases, imports of what it replaces, classes without the base, and
second definitions of its name."""

_GATE = """\
## `[[gate]]`

A goal with a name, which `ssot-lint gate NAME` measures. [Gates](gates.md) shows how."""


def reference(catalogue: Catalogue = OWN_RULES) -> str:
    """Return the page: every table and key, with its type and default."""
    return "\n\n".join(_parts(catalogue)) + "\n"


def _parts(catalogue: Catalogue) -> Iterator[str]:
    yield _INTRODUCTION
    yield "## Settings\n\nKeys of `[tool.ssot-lint]` in pyproject.toml, at the top of ssot-lint.toml."
    yield _keys(Settings)
    yield "### `outside`"
    yield _keys(OutsideFiles)
    yield _CANONICAL
    yield _keys(Canonical, catalogue.required["canonical"])
    yield "### `base-of`"
    yield _keys(BaseOf)
    yield _GATE
    yield _keys(Gate, catalogue.required["gate"])
    yield "### `conditions`"
    yield _keys(Condition)
    yield "## Keys of every rule"
    yield _keys(Options)
    for rule in catalogue.rules:
        if not rule.has_tables:
            continue
        yield f"## `[[{rule.id}]]`\n\n{rule.summary} [Its page](rules/{rule.id}.md) shows examples."
        if fields_of(rule.options).keys() > fields_of(Options).keys():
            yield _keys(rule.options, rule.required, fields_of(Options))


def _keys(options: type[Any], required: tuple[str, ...] = (), but: Container[str] = ()) -> str:
    """Return a table of the keys of an options class, without those named in `but`."""
    rows = ["| key | value | default | what it says |", "|---|---|---|---|"]
    for key, (field, hint) in fields_of(options).items():
        if key not in but:
            default = field.default_factory() if field.default_factory is not MISSING else field.default
            text = "" if default is None else f"`{json.dumps(default)}`"  # JSON is TOML, for these types
            if key in required:
                text = "required" if len(required) == 1 else "one of " + ", ".join(f"`{k}`" for k in required)
            example = f"; for instance `{field.metadata['example']}`" if field.metadata["example"] else ""
            words = expected(hint)[0]
            if options_within(hint) or options_in_array(hint):
                words += f", see [`{key}`](#{key})"
            cells = (f"`{key}`", words, text, f"{field.metadata['help']}{example}")
            rows.append("".join(f"| {cell.replace('|', chr(92) + '|')} " for cell in cells) + "|")
    return "\n".join(rows)
