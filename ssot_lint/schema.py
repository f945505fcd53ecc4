"""Builds the JSON Schema of the whole configuration from the options of the rules.

`python -m ssot_lint.schema` writes the file in the package anew, after an option was added or changed.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args

from ssot_lint.catalogue import OWN_RULES, Catalogue
from ssot_lint.gates import MEASURES, MOST
from ssot_lint.tables import (
    VERSION,
    Settings,
    fields_of,
    key_of,
    name_of,
    options_in_array,
    options_within,
)
from ssot_lint.toml_document import TomlDocument

FILE = Path(__file__).with_name("ssot-lint.schema.json")

_SUMMARIES = {
    "canonical": "One thing and its one home: everything that strays from it is found.",
    "gate": "A goal with a name, which `ssot-lint gate NAME` measures.",
}


def text() -> str:
    """Return the JSON Schema for our own rules, as the package has it."""
    return FILE.read_text(encoding="utf-8")


def build(catalogue: Catalogue = OWN_RULES) -> str:
    """Return the JSON Schema for the rules of a catalogue."""
    import msgspec

    tables = [_table(name, catalogue) for name in catalogue.tables]
    schema = msgspec.json.schema(_struct("ssot-lint", Settings, tables))
    definitions = schema["$defs"]
    for name, keys in catalogue.required.items():
        if len(keys) > 1:
            definitions[name]["anyOf"] = [{"required": [key]} for key in keys]
    settings = definitions["ssot-lint"]["properties"]
    for key in ("select", "ignore"):
        settings[key]["items"]["enum"] = list(catalogue.selectors)
    settings["python"]["pattern"] = f"^({VERSION.pattern})?$"
    definitions["gate"]["required"].append("conditions")
    definitions["gate"]["properties"]["conditions"]["minItems"] = 1
    condition = definitions["gate.conditions"]
    condition["oneOf"] = [{"required": [key]} for key in MEASURES]
    condition["properties"]["rules"]["items"]["enum"] = list(catalogue.selectors)
    for key in MEASURES:
        condition["properties"][key]["minimum"] = 0
    for key, most in MOST.items():
        condition["properties"][key]["maximum"] = most
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ssot-lint",
        "description": "The content of ssot-lint.toml, and of the table tool.ssot-lint in pyproject.toml.",
        **schema,
    }
    return json.dumps(document, indent=2) + "\n"


def _table(name: str, catalogue: Catalogue) -> tuple[str, Any, Any]:
    """Describe the tables of one name, alone or in an array, as a member of a struct."""
    import msgspec

    struct = _struct(name, catalogue.tables[name], required=catalogue.required.get(name, ()))
    summary = _SUMMARIES.get(name) or catalogue.by_id[name].summary
    hint = struct | list.__class_getitem__(struct) | msgspec.UnsetType
    return name_of(name), _described(hint, description=summary), msgspec.UNSET


def _struct(
    name: str, options: type[Any], tables: Sequence[tuple[str, Any, Any]] = (), required: tuple[str, ...] = ()
) -> Any:
    import msgspec

    members: list[Any] = []
    for key, (field, hint) in fields_of(options).items():
        meta: dict[str, Any] = {"description": field.metadata["help"]}
        if example := field.metadata["example"]:
            meta["examples"] = [TomlDocument(f"example = {example}").data["example"]]
        if required == (key,):
            members.append((field.name, _described(hint, **meta, min_length=1)))
        elif nested := options_within(hint):
            hint = _struct(f"{name}.{key}", nested) | msgspec.UnsetType
            members.append((field.name, _described(hint, **meta), msgspec.UNSET))
        elif nested := options_in_array(hint):
            hint = list.__class_getitem__(_struct(f"{name}.{key}", nested))
            members.append((field.name, _described(hint, **meta), _default(field)))
        elif NoneType in get_args(hint):
            (present,) = set(get_args(hint)) - {NoneType}
            members.append((field.name, _described(present | msgspec.UnsetType, **meta), msgspec.UNSET))
        else:
            members.append((field.name, _described(hint, **meta), _default(field)))
    members += tables
    return msgspec.defstruct(name, members, rename=key_of, forbid_unknown_fields=True, kw_only=True)


def _described(hint: Any, **meta: Any) -> Any:
    import msgspec

    return Annotated[hint, msgspec.Meta(**meta)]


def _default(field: dataclasses.Field[Any]) -> Any:
    import msgspec

    if field.default_factory is not dataclasses.MISSING:
        return msgspec.field(default_factory=field.default_factory)
    return field.default


if __name__ == "__main__":
    FILE.write_text(build(), encoding="utf-8")
