"""Patterns over dotted names."""

from __future__ import annotations

import pytest

from ssot_lint.rules._symbols import symbols

MATCHES = """
a a
a.b a.b
a.* a.b
*.b a.b
a.*.c a.b.c
a.b* a.bc
a.*b a.cb
a.*b* a.cbd
a.b* a.b
** a
** a.b.c
**.c c
**.c a.c
**.c a.b.c
a.** a.b
a.** a.b.c
a.**.d a.d
a.**.d a.b.d
a.**.d a.b.c.d
**.b.** a.b.c
**.b.** b.c.d
*.** a.b
*Base* MyBaseClass
Exception builtins.Exception
a***b axb
*a*b*c xaabbc
*a*b*c abcabc
a*b*c*d.*e*f*g*.h abcd.efg.h
a*aa*a*a aaaaa
ä.* ä.ö
""".strip().split("\n")

MISMATCHES = """
a b
a ab
a a.b
a.b a
a.* a
a.* a.b.c
*.b b
*.b a.c.b
a.b* a.cb
a.b* a.b.c
**.c a.cc
**.c a.c.d
a.** a
a.** ab.c
a.**.d a.b.c
a.b aXb
a+ aa
a.b.* a.bXc
**.b.** a.c
Exception Exceptions
Exception shop.Exception
requests builtins.requests
*a*b*c bac
*a*b*c ab.c
a*aa*a*a aaaa
""".strip().split("\n")


@pytest.mark.parametrize("row", MATCHES)
def test_match(row: str) -> None:
    pattern, name = row.split()
    assert symbols((pattern,)).match(name)
    assert symbols(("other", pattern)).match(name)
    assert symbols((pattern,)).match_any({"", name})


@pytest.mark.parametrize("row", MISMATCHES)
def test_mismatch(row: str) -> None:
    pattern, name = row.split()
    assert not symbols((pattern,)).match(name)
    assert not symbols((pattern,)).match_any({"", name})


@pytest.mark.parametrize(
    ("patterns", "name", "beginning"),
    [
        (("os.environ",), "os.environ", "os.environ"),
        (("os.environ",), "os.environ.get", "os.environ"),
        (("os.environ",), "os.environment", ""),
        (("os.environ",), "os", ""),
        (("os", "os.environ"), "os.environ", "os"),
        (("os.*",), "os.path.join", "os.path"),
        (("**.Base",), "a.Base.x", "a.Base"),
        (("os.environ",), "", ""),
        (("**",), ".a", ""),
    ],
)
def test_shortest_beginning_that_matches(patterns: tuple[str, ...], name: str, beginning: str) -> None:
    assert symbols(patterns).within(name) == beginning


def test_patterns_that_repeat_do_not_take_for_ever() -> None:
    pattern = ".".join(["**", "a"] * 6)
    assert not symbols((pattern,)).match(".".join("a" * 40) + ".b")


@pytest.mark.parametrize("pattern", ["*a" * 12 + "*b", "a." + "*" * 200 + "b"], ids=["literals", "stars"])
def test_stars_in_one_name_do_not_take_for_ever(pattern: str) -> None:
    assert not symbols((pattern,)).match("a." * pattern.count(".") + "a" * 80)
