"""SST001 and SST002: what `compile` rejects, told apart by whether the bytes are Python text at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tree import Expected, Tree

if TYPE_CHECKING:
    from .config import Config


def syntax_errors(tree: Tree, _: Config) -> list[Expected]:
    """Files of readable text that do not compile."""
    return _with_error(tree, "syntax-error")


def undecodable_sources(tree: Tree, _: Config) -> list[Expected]:
    """Files whose bytes are not text, or whose error is a merge-conflict marker."""
    return _with_error(tree, "undecodable-source")


def _with_error(tree: Tree, rule: str) -> list[Expected]:
    errors = [(record.path, record.error) for record in tree.records.values() if record.error is not None]
    return [Expected("", path, line) for path, (kind, line) in errors if kind == rule]
