"""CODEOWNERS files as those read them who assign reviews."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.owners import Owners, find_owners

TEXT = """\
# the last line that matches counts
* @all
*.pyi @stubs  # of types
/tests/ @qa @all
docs/* docs@example.org
apps/ @apps
/build/logs/ @ops
**/deep @divers
/tests/free/
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", ("@all",)),
        ("a.pyi", ("@stubs",)),
        ("tests/unit/a.py", ("@qa", "@all")),
        ("sub/tests/a.py", ("@all",)),
        ("docs/a.py", ("docs@example.org",)),
        ("docs/sub/a.py", ("@all",)),
        ("sub/apps/a.py", ("@apps",)),
        ("build/logs/a.py", ("@ops",)),
        ("sub/build/logs/a.py", ("@all",)),
        ("sub/deep/a.py", ("@divers",)),
        ("tests/free/a.py", ()),
    ],
)
def test_last_line_that_matches_counts(path: str, owners: tuple[str, ...]) -> None:
    assert Owners(TEXT).of(path) == owners


def test_lines_that_mean_nothing_are_named() -> None:
    owners = Owners("!a.py @x\n[Docs][2] @y\na[b @z\n* @all\n", "docs/CODEOWNERS")
    assert owners.of("a.py") == ("@all",)
    assert [note.partition(" ")[0] for note in owners.notes] == [
        f"docs/CODEOWNERS:{line}:" for line in (1, 2, 3)
    ]


def test_first_file_that_is_there_counts(tmp_path: Path) -> None:
    assert find_owners(tmp_path) is None
    for folder in ("docs", ".github"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "CODEOWNERS").write_text(f"* @{folder}\n", encoding="utf-8")
    owners = find_owners(tmp_path)
    assert owners is not None
    assert owners.of("a.py") == ("@.github",)
