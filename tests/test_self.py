"""The tool finds nothing in its own repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.cli import main

REPOSITORY = Path(__file__).parent.parent


def test_repository_is_clean_without_suppressions(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "--no-cache", "--jobs", "1", str(REPOSITORY)])
    output = capsys.readouterr().out
    assert output.startswith("no findings in "), output
    assert "suppressed" not in output
    assert code == 0
