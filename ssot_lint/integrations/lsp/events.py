"""What goes from the thread of the protocol to that of a desk, and back: plain data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from ssot_lint.integrations.lsp.shown import Shown


class Draft(NamedTuple):
    """An open document; its text stands for the file at its absolute path."""

    uri: str
    path: Path
    version: int
    text: str


class Found(NamedTuple):
    """What is found in a document as it was."""

    draft: Draft
    shown: tuple[Shown, ...]


class Configured(NamedTuple):
    """What is found in a configuration file."""

    path: Path
    diagnostics: Sequence[types.Diagnostic]


class Parsed(NamedTuple):
    """How far the loading of a project is, in files."""

    done: int
    total: int


class Loaded(NamedTuple):
    """The loading of a project is over, well or not."""


class Said(NamedTuple):
    """What a person should know."""

    kind: types.MessageType
    text: str


Event = Found | Configured | Parsed | Loaded | Said
