"""The documentation of the rules as Markdown, made from the rules themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field
from typing import Any

from ssot_lint.reports import neutral
from ssot_lint.rules import RULES, Example, Options, Rule
from ssot_lint.tables import fields_of


def pages(rules: Sequence[Rule] = RULES) -> dict[str, str]:
    """Return every page by its file name: one for each rule, and the index."""
    rows = [f"| {r.code} | [{r.id}]({r.id}.md) | {r.summary} |\n" for r in rules]
    index = "".join(["# Rules\n\n| code | rule | what it finds |\n|---|---|---|\n", *rows])
    return {"README.md": index, **{f"{rule.id}.md": page(rule) for rule in rules}}


def page(rule: Rule) -> str:
    """Return the page of one rule."""
    return "\n\n".join(_parts(rule)) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    yield f"# {rule.id} ({rule.code})\n\n{rule.doc.strip()}"
    for kind, examples in (("Bad", rule.bad), ("Good", rule.good)):
        yield f"## {kind}: {examples[0].title}"
        yield from _files(examples[0])
    if rule.has_tables:
        required, common = rule.required, fields_of(Options)
        lines = {key: _option(key, field, required) for key, (field, _) in fields_of(rule.options).items()}
        yield "## Options"
        yield f"Keys of `[[tool.ssot-lint.{rule.id}]]` in pyproject.toml, `[[{rule.id}]]` in ssot-lint.toml."
        yield "\n".join(lines[key] for key in lines if key not in common) or "None of its own."
        yield "### Options of every rule"
        yield "\n".join(lines[key] for key in common)


def _files(example: Example) -> Iterator[str]:
    for path, text in example.files.items():
        lines = "\n".join(map(neutral, text.rstrip("\n").split("\n")))
        fence = "````" if "```" in text else "```"
        yield (
            f"`{path}`\n\n{fence}{path.rpartition('.')[2]}\n{lines}\n{fence}"
            if lines
            else f"`{path}` (empty)"
        )


def _option(key: str, field: Field[Any], required: tuple[str, ...]) -> str:
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    terms = f"default `{json.dumps(default)}`"  # JSON is TOML, for the types that options have
    if key in required:
        terms = "required" if len(required) == 1 else "one of these is required"
    example = f"; for instance `{field.metadata['example']}`" if field.metadata["example"] else ""
    return f"- `{key}` ({terms}): {field.metadata['help']}{example}"
