"""Proposals as TOML: what is written is read back as it was, whatever names there are."""

from __future__ import annotations

import pytest

from ssot_lint.proposals.proposal import Proposal, Table
from ssot_lint.proposals.propose import merged
from ssot_lint.proposals.toml import document, read, value
from ssot_lint.reading import ConfigError
from ssot_lint.toml_document import TomlDocument


def proposal(*tables: Table, title: str = "title", evidence: tuple[str, ...] = ("why",)) -> Proposal:
    return Proposal(title, evidence, tables, 1)


CANONICAL = Table("canonical", {"symbol": "a.B", "reason": "one"})
EXCLUDE = Table("", {"exclude": ["/old/"]})


def test_comments_settings_and_tables() -> None:
    text = document([proposal(CANONICAL), proposal(EXCLUDE, title="copy")], "tool.ssot-lint")
    assert text == (
        "[tool.ssot-lint]\n# copy\n#   why\n"
        'exclude = ["/old/"]\n\n'
        "# title\n#   why\n"
        '[[tool.ssot-lint.canonical]]\nsymbol = "a.B"\nreason = "one"\n'
    )


def test_at_the_top_tables_stand_without_prefix() -> None:
    text = document([proposal(CANONICAL), proposal(EXCLUDE)], "")
    assert text.startswith("# title\n#   why\nexclude = ")
    assert "\n[[canonical]]\n" in text


@pytest.mark.parametrize(
    "given",
    [
        'quote " and \\ backslash',
        "tab\t, line\nfeed, \x00 and \x7f",
        "right \u202eto left, \u2028 and é",
        ["a", "b" * 200],
        {"paths": ["tests/"], "has tests": True},
        True,
        3,
        [],
    ],
)
def test_any_value_is_read_back(given: object) -> None:
    table = Table("canonical", {"symbol": "a.B", "odd key": given})
    text = document([proposal(table)], "")
    assert read(text) == (table,)
    assert not any(character in text for character in "\x00\x7f\u202e\u2028\t")


@pytest.mark.parametrize(
    "text", ["1.5", "1e+16", "inf", "1979-05-27", "1979-05-27T07:32:00+00:00", "07:32:00"]
)
def test_what_no_table_takes_can_still_be_told(text: str) -> None:
    assert value(TomlDocument(f"a = {text}").data["a"]) == text


def test_what_toml_has_not() -> None:
    with pytest.raises(TypeError, match="no TOML for NoneType"):
        value(None)


def test_comments_hold_no_line_breaks() -> None:
    text = document([proposal(CANONICAL, title="a\nb = 1", evidence=("\u202ec\rd",))], "")
    assert [*TomlDocument(text).data] == ["canonical"]


def test_equal_tables_are_written_once() -> None:
    plain = Table("duplicate-class", {})
    text = document([proposal(plain, CANONICAL), proposal(plain, EXCLUDE)], "")
    assert text.count("[[duplicate-class]]") == 1


def test_read_what_is_no_toml() -> None:
    with pytest.raises(ConfigError, match="line 2: "):
        read("[[canonical]]\nsymbol =\n")


def test_settings_are_read_back() -> None:
    assert read(document([proposal(EXCLUDE)], "")) == (EXCLUDE,)


def test_proposals_about_one_symbol_become_one() -> None:
    base = Table("canonical", {"symbol": "a.B", "also": ["x.B"], "replaces": ["c.D"], "reason": "base"})
    imports = Table("noncanonical-import", {"symbols": ["a.B"], "also": ["x.B", "y.B"], "reason": "imports"})
    other = Table("noncanonical-import", {"symbols": ["a.C"]})
    found = merged([proposal(imports, title="one"), proposal(other), proposal(base, EXCLUDE, title="two")])
    assert [each.title for each in found] == ["one; two", "title"]
    assert found[0].tables == (
        Table(
            "canonical",
            {"symbol": "a.B", "also": ["x.B", "y.B"], "replaces": ["c.D"], "reason": "base"},
        ),
        EXCLUDE,
    )
    assert found[0].strays == 2
