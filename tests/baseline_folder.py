"""Makes baselines for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ssot_lint import compare
from ssot_lint.baseline import changes, folder
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.finding import Finding


def carry(root: Path, findings: Iterable[Finding] | None = None) -> list[Finding]:
    """Lets the baseline of a project carry some findings, or all that there are; returns them."""
    config = load(None, root)
    if findings is None:
        findings = lint(config, [str(root)], use_cache=False).findings
    chosen = list(findings)
    grown = changes.init((), chosen, {}, compare.strict_paths(config))
    folder.save(root, compare.load(config), grown.entries)
    return chosen


def shards(root: Path) -> dict[str, bytes]:
    """The files of a baseline."""
    return {path.name: path.read_bytes() for path in sorted((root / folder.FOLDER).glob("*.tsv"))}
