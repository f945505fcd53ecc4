"""What `docs/history.md` shows is what the commands there print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import history_story
import pytest

from ssot_lint.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "history.md").read_text(encoding="utf-8")
COMMANDS = re.findall(rf"^ssot-lint (history .*{history_story.MONTH}.*)$", PAGE, re.MULTILINE)
SHOWN = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), [*zip(COMMANDS, SHOWN)])
def test_commands_print_what_is_shown(
    command: str,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    history_story.tell(tmp_path / "shop").enter(monkeypatch)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == shown


def test_every_output_has_its_command() -> None:
    assert len(COMMANDS) == len(SHOWN) == 2
