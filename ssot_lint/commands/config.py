"""`ssot-lint config`: what is in force and where it comes from, its JSON Schema and its reference."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ssot_lint.commands import known_rules
from ssot_lint.config import DEFAULT, Config, load
from ssot_lint.gates import Gate
from ssot_lint.reports import neutral
from ssot_lint.rules import Options
from ssot_lint.tables import Settings, as_table, fields_of, quoted, shown_key

_EPILOG = """\
  show       print what is in force in the working folder, and where each value comes from
  schema     print the JSON Schema of the configuration, for editors
  reference  print every table and key as a page of Markdown

The text form of `show` leaves out what is empty, and defaults that all rules have; `--format json` has all.
"""
_COMMENT_COLUMN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.description = "Show the configuration in force, its schema or its reference."
    parser.epilog = _EPILOG
    parser.add_argument(
        "action", choices=("show", "schema", "reference"), metavar="ACTION", help="show, schema or reference"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration to use instead of the nearest one"
    )
    for flag in ("--select", "--ignore"):
        parser.add_argument(
            flag, type=_words, action="extend", default=[], metavar="RULES", help="as for `ssot-lint check`"
        )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="of `show` (default: text)"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was asked for and return the exit code. Raises UsageError."""
    if args.action == "schema":
        from ssot_lint import schema

        catalogue = known_rules(args.config)
        print(schema.build(catalogue) if catalogue.plugins else schema.text(), end="")
        return 0
    if args.action == "reference":
        from ssot_lint.commands._reference import reference

        print(reference(known_rules(args.config)), end="")
        return 0
    config = load(args.config, Path.cwd(), select=args.select, ignore=args.ignore)
    data = _as_data(config)
    print(json.dumps(data, indent=2) if args.format == "json" else "\n".join(_as_lines(data)))
    return 0


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _as_data(config: Config) -> dict[str, Any]:
    """Return what `--format json` prints."""
    return {
        "version": 1,
        "root": str(config.root),
        "path": config.path,
        "requires_python": config.requires_python,
        "settings": _values(Settings, config, config, ""),
        "instances": [
            {
                "rule": rule.id,
                "code": rule.code,
                "origin": config.origins.get(f"instances.{index}", DEFAULT),
                "options": _values(rule.options, options, config, f"instances.{index}."),
            }
            for index, (rule, options, _) in enumerate(config.instances)
        ],
        "gates": [
            {
                "origin": config.origins[f"gates.{index}"],
                "options": _values(Gate, gate, config, f"gates.{index}."),
            }
            for index, gate in enumerate(config.gates)
        ],
    }


def _values(options_class: type[Any], options: object, config: Config, place: str) -> dict[str, Any]:
    return {
        key: {
            "value": _plain(getattr(options, field.name)),
            "origin": config.origins.get(f"{place}{key}", DEFAULT),
        }
        for key, (field, _) in fields_of(options_class).items()
    }


def _plain(value: Any) -> Any:
    """Return a value with tables as dictionaries."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return as_table(value) if dataclasses.is_dataclass(value) else value


def _as_lines(data: dict[str, Any]) -> Iterator[str]:
    """Write the configuration as TOML, with the origins as comments."""
    yield f"# root: {_toml(data['root'])}"
    yield f"# configuration: {_toml(data['path']) if data['path'] else 'none'}"
    if data["requires_python"]:
        yield f"# requires-python: {_toml(data['requires_python'])}"
    yield ""
    yield from (
        _commented(_assignment(key, entry), entry["origin"]) for key, entry in data["settings"].items()
    )
    for instance in data["instances"]:
        yield ""
        yield _commented(f"[[{instance['rule']}]]", instance["origin"])
        for key, entry in instance["options"].items():
            is_told = entry["origin"] != DEFAULT or key not in fields_of(Options)
            if is_told and entry["value"] not in ("", (), {}):
                yield _commented(_assignment(key, entry), entry["origin"])
    for gate in data["gates"]:
        yield ""
        yield _commented("[[gate]]", gate["origin"])
        for key, entry in gate["options"].items():
            if key == "conditions":
                yield _commented(f"{key} = [", entry["origin"])
                yield from (f"    {_toml(condition)}," for condition in entry["value"])
                yield "]"
            elif entry["value"]:
                yield _commented(_assignment(key, entry), entry["origin"])


def _commented(text: str, origin: str) -> str:
    return f"{text:<{_COMMENT_COLUMN}}  # {neutral(origin)}"


def _assignment(key: str, entry: dict[str, Any]) -> str:
    return f"{key} = {_toml(entry['value'])}"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value, len(value))
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            members = ", ".join(f"{shown_key(key)} = {_toml(each)}" for key, each in value.items())
            return f"{{ {members} }}" if members else "{}"
    return str(value)
