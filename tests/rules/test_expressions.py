"""Which regular expressions may stand in a configuration."""

from __future__ import annotations

import sys

import pytest

from ssot_lint.rules._expressions import flaw_of

ENDLESS = [
    r"(a+)+$",
    r"^(a+)+$",
    r"(a|a)*",
    r"(\w+\s?)*",
    r"(.*)*",
    r"(.+)+",
    r"(a*)*",
    r"(?:a*?)*?",
    r"((ab)*)*",
    r"(x+x+)+y",
    r"(.*\.)*x",
    r"(.*/)*[^/]+",
    r"([^/]+|/.)*",
    r"(foo|bar|foobar)+",
    r"(a|b|ab)*",
    r"(aa|aaa)*",
    r"(a{2,5})*",
    r"(a{2}|a{3})+",
    r"([a-z]+)*\d",
    r"(\s*\w+\s*)*",
    r"(a?b?a?)*",
    r"(b(a*)?)*c",
    r"(?i:(ab|A[bc]))*",
    r"(?s:(.|\n[ab]))*",
    r"test_(?P<words>[a-z]+_?)+$",
    r"(\d+\w*)+",
    r"x(?=(a+)+$)y",
    r"(?<!a)(b|(?:bb))*",
    r"[é-ü]?(é+|é)*",
]

FINE = [
    r"",
    r"^test_[a-z0-9_]+$",
    r"(foo|bar)+",
    r"[A-Z]+(_[A-Z]+)*",
    r"\w+",
    r".*",
    r".*.*",
    r".*\.py$",
    r"(a|b)*",
    r"(a|A)*",
    r"(?i)(a|A)*",  # Python makes one class of these three
    r"(?:\w|_)+",
    r"(ab|ac)*",
    r"(ab|AB)*",
    r"(\w+\.)*\w+",
    r"^(\w+\s)*$",
    r"^[^\W\d]\w*(\.[^\W\d]\w*)*$",
    r"(?:[A-Z][a-z0-9]*)+",
    r"(get|set|is)_\w+",
    r"(a?)*",
    r"(|a)*",
    r"(a{2}b|a{3}b)*",
    r"(\\.|[^\\])*",
    r'"(?:\\.|[^"\\])*"',
    r"(\b\w+\b\s*)*",
    r"(\w+\b)*",
    r"(?:(?!x).)*",
    r"(?P<quote>['\"])(?:(?!(?P=quote)).)*(?P=quote)",
    r"(a)(?:\1b?)*",
    r"^(?:feat|fix)(\([a-z-]+\))?!?: .{1,72}$",
    r"[a-z]{1,50}(-[a-z]{1,50})*",
    r"(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]+",
    r"(a)?(?(1)b|c)*",
]

ENDLESS_TEXT = "a repeated part can match the same text in several ways, so that a search may never end"


@pytest.mark.parametrize("regex", ENDLESS)
def test_endless(regex: str) -> None:
    assert flaw_of(regex) == ENDLESS_TEXT


@pytest.mark.parametrize("regex", FINE)
def test_fine(regex: str) -> None:
    assert flaw_of(regex) == ""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no such syntax before Python 3.11")
@pytest.mark.parametrize(
    ("regex", "flaw"),
    [
        (r"(a++)+", ""),
        (r"(?>a+)+", ""),
        (r"(?>(a+)+b)", ENDLESS_TEXT),
        (r"(?:(a+)+b)?+", ENDLESS_TEXT),
    ],
)
def test_what_is_never_tried_again(regex: str, flaw: str) -> None:
    assert flaw_of(regex) == flaw


@pytest.mark.parametrize(
    ("regex", "start"),
    [
        ("(", "this is no regular expression: missing ), unterminated subpattern at position 0"),
        ("*", "this is no regular expression: nothing to repeat at position 0"),
        ("[b-a]", "this is no regular expression: bad character range b-a at position 1"),
        ("a{99999999999999999999}", "this is no regular expression: "),
    ],
)
def test_no_regular_expression(regex: str, start: str) -> None:
    assert flaw_of(regex).startswith(start)


def test_doubtful_syntax_is_no_warning() -> None:
    assert flaw_of("[[a]") == ""


@pytest.mark.parametrize("regex", ["a{1000}(b+)+", "(?:" * 90 + "a" + ")?" * 90])
def test_what_is_too_large_is_not_looked_at(regex: str) -> None:
    assert flaw_of(regex) == ""
