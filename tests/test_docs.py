"""The documentation is made from the code, and is up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ssot_lint.catalogue import OWN_RULES
from ssot_lint.cli import VERBS, main
from ssot_lint.commands._pages import page, pages
from ssot_lint.commands._reference import reference
from ssot_lint.rules import RULES, Options, Rule
from ssot_lint.tables import fields_of

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def test_pages_in_the_repository_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    assert written == pages(), "run `ssot-lint explain --all -o docs/rules`, and delete pages of no rule"


def test_reference_in_the_repository_is_fresh() -> None:
    written = FOLDER.with_name("configuration.md").read_text(encoding="utf-8")
    assert written == reference(), "run `ssot-lint config reference > docs/configuration.md`"


@pytest.mark.parametrize("name", OWN_RULES.tables)
def test_reference_has_every_key(name: str) -> None:
    section = f"\n{reference()}".partition(f"\n## `[[{name}]]`\n")[2].partition("\n## ")[0]
    common = fields_of(Options).keys() if name in OWN_RULES.by_id else set()
    own = fields_of(OWN_RULES.tables[name]).keys() - common
    assert section
    assert {key for key in own if f"| `{key}` | " in section} == own


def test_reference_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "reference"]) == 0
    assert capsys.readouterr().out == reference()


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
    for key, (field, _) in fields_of(rule.options).items():
        assert (f"- `{key}` (" in text and field.metadata["help"] in text) is rule.has_tables


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_shows_text_that_steers_no_terminal(rule: Rule) -> None:
    assert page(rule).replace("\n", "").isprintable()


def test_page_of_fixes_has_every_rule_with_fixes() -> None:
    text = FOLDER.with_name("fixes.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[`([\w-]+)`\]\(rules/\1\.md\) \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(rule.id for rule in RULES if "\n*Fix* " in rule.doc)
    assert {rule.id for rule in RULES for each in (*rule.bad, *rule.good) if each.fixed} <= set(listed)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.parent.glob("*.md")))
def test_commands_and_options_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = FOLDER.with_name(name).read_text(encoding="utf-8")
    shown = re.findall(r"`ssot-lint ([a-z]+)([^`]*)`", text)
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        shown += re.findall(r"^ssot-lint ([a-z]+)([^#|\n]*)", block, re.MULTILINE)
    for verb, rest in shown:
        assert verb in VERBS
        known = help_of([verb], capsys)
        word = rest.split()[0] if rest.split() else ""
        if f"  {word} " in known and word.isalpha():  # a verb that has verbs of its own
            known += help_of([verb, word], capsys)
        own = rest.partition(" -- ")[0]  # what follows is for another program
        assert [option for option in re.findall(r"(?<!\w)--[a-z][\w-]*", own) if option not in known] == [], (
            rest
        )


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    main([*words, "--help"])
    return capsys.readouterr().out


def test_generator_is_small() -> None:
    source = Path(page.__code__.co_filename).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
