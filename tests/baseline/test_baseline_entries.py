"""Entries of the baseline as lines, and what is no line of it."""

from __future__ import annotations

import random
import re

import pytest
from baseline_samples import entries, entry, identity

from ssot_lint import finding
from ssot_lint.baseline.entries import Entry, Identity, numbered, parsed, united, written

LINE = 'ec621ba7aa\ta.py\tCls.run\t["read", "KEY"]\t#2\t@b7'


def test_a_line_says_all_in_clear() -> None:
    assert written(entry("a.py Cls.run read+KEY #2 @b7")) == LINE
    assert parsed(LINE, "env-access") == entry("a.py Cls.run read+KEY #2 @b7")


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "tab\there",
        "line\nend\r\n",
        'quote"s',
        "back\\slash \\t",
        "ümläut 😀",
        "\udce4",
        "\x1b[31m",
        " \x85",
    ],
)
def test_any_text_fits_on_one_line_of_ascii(text: str) -> None:
    one = Entry(Identity("env-access", f"dir/{text}.py", text, (text, "", text)))
    line = written(one)
    assert line.isascii()
    assert line.isprintable() or line.replace("\t", "").isprintable()
    assert parsed(line, "env-access") == one


@pytest.mark.parametrize("cells", [("@b7",), ("cap=83", "@b7"), ("@b7", "later"), ("cap=83",), ("", "x")])
def test_cells_of_later_versions_stay_as_they_are(cells: tuple[str, ...]) -> None:
    one = entry("a.py f X")._replace(cells=cells)
    line = written(one)
    assert written(parsed(line, "env-access")) == line
    assert parsed(line, "env-access").batch == ("b7" if "@b7" in cells else "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("#2\t@b7", "@b7", "expected an ordinal such as `#1`, found `@b7`"),
        ("\tCls.run\t", "\t", "expected a path, a scope and a subject"),
        ("\t#2\t@b7", "", "at least five columns with tabs between, found `ec621ba7aa"),
        ("\t", "    ", "at least five columns with tabs between, found `ec621ba7aa"),
        ("#2", "#0", "expected an ordinal such as `#1`, found `#0`"),
        ("#2", f"#{'9' * 5000}", "expected an ordinal"),
        ("KEY", "KEYS", "expected the fingerprint 47fed5c47e, found `ec621ba7aa`"),
        ("a.py", "b.py", "expected the fingerprint"),
        ("ec621ba7aa", "EC621BA7AA", "expected the fingerprint ec621ba7aa"),
        ('"KEY"', "1", 'expected a path, a scope and a subject such as `["os.environ"]`'),
        ('["read", "KEY"]', "{}", "expected a path, a scope and a subject"),
        ('["read", "KEY"]', "[" * 100_000, "expected a path, a scope and a subject"),
        ("a.py", 'a","b', "expected a path, a scope and a subject"),
        ("a.py", "a\\", "expected a path, a scope and a subject"),
    ],
)
def test_damaged_line_is_refused(old: str, new: str, expected: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expected)):
        parsed(LINE.replace(old, new), "env-access")


@pytest.mark.parametrize("path", ["../x.py", "/etc/x.py", "a/../../x.py", "a//x.py", "./x.py", "", "a\0.py"])
def test_path_that_leads_out_is_refused(path: str) -> None:
    line = written(Entry(Identity("env-access", path, "f", ("X",))))
    with pytest.raises(ValueError, match="leads out of the project"):
        parsed(line, "env-access")


def test_a_renamed_rule_keeps_its_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(entry("a.py f X env-access"))
    monkeypatch.setitem(finding.FIRST_IDS, "environment", "env-access")
    assert written(entry("a.py f X environment")) == before
    assert parsed(before, "environment") == entry("a.py f X environment")


def test_numbers_go_from_one_up_in_each_identity() -> None:
    given = entries("a.py f X #4 @b2", "b.py f X", "a.py f X #2", "a.py f X #2 @b1")
    expected = entries("a.py f X #1", "a.py f X #2 @b1", "a.py f X #3 @b2", "b.py f X")
    assert list(numbered(given)) == expected
    assert numbered(numbered(given)) == numbered(given)


def test_united_keeps_each_entry_once_and_the_first_batch() -> None:
    given = entries("a.py f X", "a.py f X @b9", "a.py f X @b3", "a.py f X #2")
    random.Random(0).shuffle(given)
    assert list(united(given)) == entries("a.py f X @b3", "a.py f X #2")


def test_fingerprint_is_that_of_the_finding() -> None:
    assert identity("a.py Cls.run read+KEY").fingerprint == LINE[:10]
