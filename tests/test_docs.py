"""The documentation is made from the code, and is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.cli import main
from ssot_lint.commands._pages import page, pages
from ssot_lint.rules import RULES, Rule
from ssot_lint.tables import fields_of, has_tables

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def test_pages_in_the_repository_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    assert written == pages(), "run `ssot-lint explain --all -o docs/rules`, and delete pages of no rule"


def test_every_page_is_written_where_asked(tmp_path: Path) -> None:
    assert main(["explain", "--all", "-o", str(tmp_path / "docs" / "rules")]) == 0
    written = {path.name: path.read_bytes().decode() for path in (tmp_path / "docs" / "rules").iterdir()}
    assert written == pages()


def test_index_links_every_page() -> None:
    names = pages().keys() - {"README.md"}
    assert names == {f"{rule.id}.md" for rule in RULES}
    assert all(f"({name})" in pages()["README.md"] for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_says_all_about_a_rule(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.id} ({rule.code})\n")
    assert rule.doc.strip() in text
    assert f"## Bad: {rule.bad[0].title}\n" in text
    assert f"## Good: {rule.good[0].title}\n" in text
    assert f"# [{rule.id}]" in text
    assert ("fix: yes (" in text) is bool(rule.fix)
    for key, (field, _) in fields_of(rule.options).items():
        assert (f"- `{key}` (" in text and field.metadata["help"] in text) is has_tables(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_shows_text_that_steers_no_terminal(rule: Rule) -> None:
    assert page(rule).replace("\n", "").isprintable()


def test_generator_is_small() -> None:
    source = Path(page.__code__.co_filename).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
