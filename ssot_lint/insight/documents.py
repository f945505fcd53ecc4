"""Figures as one JSON document, and the schema of that, which is made from the same classes.

`python -m ssot_lint.insight.documents` writes the schema in the package anew, after figures were changed.
"""

from __future__ import annotations

import datetime
import inspect
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ssot_lint.finding import Finding
from ssot_lint.gates import Condition
from ssot_lint.insight.figures import Figures, Trend
from ssot_lint.insight.replay.figures import Replay
from ssot_lint.reports import json as findings_json
from ssot_lint.tables import as_table

VERSION = 1
_VERBS = {Figures: "report", Trend: "history", Replay: "history --replay"}
FILES = {
    kind: Path(__file__).with_name(f"{verb.rpartition('-')[2]}.schema.json") for kind, verb in _VERBS.items()
}
"""The published schemas, each of what a verb shows."""

_FINDINGS_FILE = Path(findings_json.__file__).with_name("findings.schema.json")
_FIELD = re.compile(r"^    (\w+): .*?(?:  # (.*))?$", re.MULTILINE)  # of a class, with the comment behind it
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    Finding: {"$ref": "#/$defs/finding"},
    Condition: {"description": "As the configuration says it.", "type": "object"},
}


def document(figures: Figures | Trend | Replay) -> dict[str, Any]:
    """Return figures as their schema describes them."""
    return {"version": VERSION, **_plain(figures)}


def _plain(value: Any) -> Any:
    """A value as JSON has it: what has names as an object, days and moments as texts."""
    if isinstance(value, Finding):
        return findings_json.document_of(value)
    if isinstance(value, Condition):
        return as_table(value)
    if isinstance(value, datetime.date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        return [*map(_plain, value)] if names is None else dict(zip(names, map(_plain, value)))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


def schema(kind: type) -> str:
    """Return the JSON Schema of the document, by the class of what it shows: one of `FILES`."""
    verb = _VERBS[kind]
    definitions: dict[str, Any] = {}
    top = _object(kind, definitions)
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"ssot-lint {verb}",
        "description": (
            f"What `ssot-lint {verb} --format json` prints. {' '.join(top['description'].split())} "
            "Paths are from the root, with `/`; lines are 1-based. "
            "`version` changes when a reader of the old one could be misled; new keys may appear in between."
        ),
        "type": "object",
        "required": ["version", *top["required"]],
        "properties": {"version": {"const": VERSION}, **top["properties"]},
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _described(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; classes with names get a definition of their own."""
    if hint is Finding:
        definitions.update(_definitions_of_findings())
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        return {"anyOf": [_described(each, definitions) for each in inner]}
    if kind is tuple and inner[1:] == (...,):
        return {"type": "array", "items": _described(inner[0], definitions)}
    if kind is tuple:
        items = [_described(each, definitions) for each in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if kind is not None and issubclass(kind, Mapping):
        return {"type": "object", "additionalProperties": _described(inner[1], definitions)}
    name = hint.__name__
    if name not in definitions:
        definitions[name] = {}  # it may hold itself
        definitions[name] = _object(hint, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _definitions_of_findings() -> dict[str, Any]:
    """What the schema of findings defines, without what it says of a whole run."""
    definitions: dict[str, Any] = json.loads(_FINDINGS_FILE.read_text(encoding="utf-8"))["$defs"]
    del definitions["summary"]
    return definitions


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a class with named fields, described by its docstring and the comments behind them."""
    comments = _comments(kind)
    properties = {}
    for name, hint in get_type_hints(kind).items():
        comment = {"description": comments[name]} if comments.get(name) else {}
        properties[name] = {**comment, **_described(hint, definitions)}
    return {
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


@cache
def _comments(kind: type) -> dict[str, str]:
    """What stands behind the fields of a class, in its source."""
    return {name: comment or "" for name, comment in _FIELD.findall(inspect.getsource(kind))}


if __name__ == "__main__":
    for shown, file in FILES.items():
        file.write_text(schema(shown), encoding="utf-8")
