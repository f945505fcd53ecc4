"""Draw `docs/images/check.svg`: what `ssot-lint check` shows on a terminal for a part of the example.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ssot_lint import config, engine
from ssot_lint.reports import terminal

REPOSITORY = Path(__file__).parent.parent
EXAMPLE = REPOSITORY / "examples" / "legacy_suite"
PICTURE = REPOSITORY / "docs" / "images" / "check.svg"
SHOWN = ("tests/e2e/test_login.py", "tests/integration/test_chat.py", "tests/unit/test_settings.py")
WIDTH = 132


def screen(example: Path) -> str:
    """Return the command line and the report on the files that are shown, with escape codes for colours."""
    paths = [str(example / path) for path in SHOWN]
    result = engine.lint(config.load(None, example), paths, use_cache=False)
    report = terminal.render(
        result,
        lambda path: (example / path).read_text(encoding="utf-8").split("\n"),
        width=WIDTH,
        colour=True,
    )
    return f"$ ssot-lint check {' '.join(SHOWN)}\n\n{report}"


def picture(text: str) -> str:
    """Return a picture of a terminal that shows a text, the same for the same text."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), color_system="standard", force_terminal=True
    )
    console.print(Text.from_ansi(text), soft_wrap=False)
    svg = console.export_svg(title="ssot-lint check", unique_id="check")
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    # Fonts of the reader's system do, and load nothing from elsewhere.
    return re.sub(r"\s*@font-face \{[^}]*\}", "", svg)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(screen(EXAMPLE)), encoding="utf-8", newline="\n")
