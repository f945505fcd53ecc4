"""The figures of projects in which something is missing or odd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from report_project import project, taken
from scratch import Repository

from ssot_lint.insight.report import sections


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    with project(tmp_path_factory.mktemp("report") / "shop") as repository:
        yield repository


def bare(folder: Path, **files: str) -> Path:
    for name, text in {"ssot-lint.toml": "", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_empty_tree_without_git(tmp_path: Path) -> None:
    figures = taken(bare(tmp_path))
    assert figures.totals.files == figures.totals.clean == 0
    assert figures.commit is None
    assert figures.projection is None
    assert figures.owners == ()
    assert figures.folders == ()
    assert "there are no files to look at" in figures.notes
    assert ["git" in note for note in figures.notes].count(True) == 1, "it is said once"
    assert any(note.startswith("without git nothing is known of the past: ") for note in figures.notes)
    assert sections.headline(figures) == "0 findings in 0 files"


def test_files_in_no_folder_are_in_the_table_of_folders(tmp_path: Path) -> None:
    files = {"a.py": "x = (\n", "lib/b.py": "x = (\n", "lib/c/d.py": "", "tests/e.py": ""}
    figures = taken(bare(tmp_path, **files))
    (table,) = (each for each in sections.sections(figures, 25) if each.title == "Debt by folder")
    assert table.rows == (
        (sections.NO_FOLDER, 1, 1, "0.00 %", 1),
        ("lib/", 1, 2, "50.00 %", 1),
        ("tests/", 0, 1, "100.00 %", 0),
    )
    whole = figures.folders[0]
    for column in ("findings", "files", "clean", "broken"):
        assert sum(getattr(each, column) for each in sections.tops(figures.folders)) == getattr(whole, column)


def test_tree_in_which_nothing_parses(tmp_path: Path) -> None:
    figures = taken(bare(tmp_path, **{f"b{number}.py": "x = (\n" for number in range(3)}))
    assert (figures.totals.files, figures.totals.clean, figures.totals.broken) == (3, 0, 3)
    assert [len(cause.places) for cause in figures.causes] == [3]
    assert figures.folders[0][1:] == (3, 0, 3, 3)


def test_repository_without_commits(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "new", {"ssot-lint.toml": "", "a.py": "x = 1\n"})
    figures = taken(repository.folder)
    assert figures.commit is None
    assert "there is no commit yet" in figures.notes


def test_history_with_absent_blobs(shop: Repository, tmp_path: Path) -> None:
    """A clone without blobs still has the numbers of now, and says what it cannot know."""
    shop.git("config", "uploadpack.allowFilter", "true")
    target = tmp_path / "partial"
    shop.git("clone", "--quiet", "--filter=blob:none", f"file://{shop.folder}", str(target))
    shop.git("-C", str(target), "remote", "remove", "origin")
    figures = taken(target)
    assert figures.projection is None
    assert any(note.startswith("the past of the baseline is not known: ") for note in figures.notes)
    assert figures.totals.files == 17


def test_shallow_clone_shows_no_date(shop: Repository, tmp_path: Path) -> None:
    shop.git("clone", "--quiet", "--depth=1", f"file://{shop.folder}", str(tmp_path / "shallow"))
    figures = taken(tmp_path / "shallow")
    assert figures.projection is not None
    assert figures.projection.date is None
    assert figures.projection.note == "3 days with a count are needed to see where it goes, so far it has 2"
    assert any("shallow" in note for note in figures.notes)


def test_many_findings_in_one_file(tmp_path: Path) -> None:
    config = '[[forbidden-import]]\ntargets = ["requests"]\n'
    text = "".join(f"import requests as r{number}\n" for number in range(10_000))
    figures = taken(bare(tmp_path, **{"ssot-lint.toml": config, "many.py": text}))
    assert figures.totals.findings == len(figures.findings) == 10_000
    assert figures.folders[0].findings == 10_000
    assert {rule.id: rule.findings for rule in figures.rules if rule.findings} == {"forbidden-import": 10_000}
