"""What is wrong with a configuration, taken apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.config import ConfigError, load
from ssot_lint.mistakes import Mistake


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.toml:3: b: c: 4: d", Mistake("a.toml", 3, 1, "b: c: 4: d")),
        ("/x y/a.toml:3:14: this is not TOML: x", Mistake("/x y/a.toml", 3, 14, "this is not TOML: x")),
        ("a.toml: expected a table", Mistake("a.toml", 1, 1, "expected a table")),
    ],
)
def test_one_line(text: str, expected: Mistake) -> None:
    assert ConfigError(text).mistakes == (expected,)


def test_every_line() -> None:
    assert [each.line for each in ConfigError("a.toml:1: x\na.toml:2: y").mistakes] == [1, 2]


def test_text_that_names_no_file() -> None:
    assert ConfigError("no such thing").mistakes == ()


def test_mistakes_of_a_real_configuration(tmp_path: Path) -> None:
    file = tmp_path / "ssot-lint.toml"
    file.write_text("color = 1\n\n[[forbidden-import]]\ntarget = []\n")
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path)
    assert [(each.path, each.line) for each in caught.value.mistakes] == [(str(file), 1), (str(file), 4)]
