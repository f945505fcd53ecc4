"""A project on the disk, and what gates make of what other programs left in it."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ssot_lint.catalogue import OWN_RULES
from ssot_lint.config import load
from ssot_lint.gates import Condition
from ssot_lint.measures import measure
from ssot_lint.outside.evidence import Evidence
from ssot_lint.standing import Standing, Taken

ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def write(root: Path, files: Mapping[str, str]) -> None:
    """Writes files, and the folders that they lie in."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def python(root: Path, *arguments: str) -> None:
    """Runs Python in a project, whatever comes of it."""
    subprocess.run([sys.executable, *arguments], cwd=root, env=ENVIRONMENT, capture_output=True, check=False)


def taken(root: Path, **condition: Any) -> Taken:
    """What a condition comes to in a project in which nothing is found."""
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    project = Standing(
        findings=(),
        allowed=(),
        files=files,
        broken=(),
        entries=(),
        batches={},
        rules=frozenset({"syntax-error"}),
        covers=lambda _rule, _path: True,
        selectors=OWN_RULES.selectors,
        today=datetime.date(2026, 3, 1),
        evidence=Evidence(load(None, root), files),
    )
    return measure(Condition(**condition), project).taken
