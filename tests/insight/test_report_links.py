"""Addresses of lines of source on the host of a repository."""

from __future__ import annotations

import pytest

from ssot_lint.files import UsageError
from ssot_lint.insight.report.links import filled, refuse_unknown, template_for


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/team/shop.git", "https://github.com/team/shop/blob/c0ffee/src/a.py#L7"),
        ("https://github.com/team/shop", "https://github.com/team/shop/blob/c0ffee/src/a.py#L7"),
        ("git@github.com:team/shop.git", "https://github.com/team/shop/blob/c0ffee/src/a.py#L7"),
        ("ssh://git@github.com:22/team/shop.git", "https://github.com/team/shop/blob/c0ffee/src/a.py#L7"),
        (
            "https://ada:secret@github.com/team/shop.git",
            "https://github.com/team/shop/blob/c0ffee/src/a.py#L7",
        ),
        ("git@gitlab.com:a/b/shop.git", "https://gitlab.com/a/b/shop/-/blob/c0ffee/src/a.py#L7"),
        (
            "https://gitlab.example.org:8443/a/shop.git",
            "https://gitlab.example.org:8443/a/shop/-/blob/c0ffee/src/a.py#L7",
        ),
        ("git@bitbucket.org:team/shop.git", "https://bitbucket.org/team/shop/src/c0ffee/src/a.py#lines-7"),
        ("git@github.com:/team/shop.git", "https://github.com/team/shop/blob/c0ffee/src/a.py#L7"),
        (
            "ssh://git@ssh.github.com:443/team/shop.git",
            "https://github.com/team/shop/blob/c0ffee/src/a.py#L7",
        ),
        ("http://gitlab.lan:8080/a/shop.git", "http://gitlab.lan:8080/a/shop/-/blob/c0ffee/src/a.py#L7"),
        ("http://github.lan/a/shop.git", "http://github.lan/a/shop/blob/c0ffee/src/a.py#L7"),
        ("https://gitlab.com/my%20team/shop", "https://gitlab.com/my%20team/shop/-/blob/c0ffee/src/a.py#L7"),
        ("git@gitlab.com:my%20team/shop", "https://gitlab.com/my%2520team/shop/-/blob/c0ffee/src/a.py#L7"),
    ],
)
def test_known_hosts(origin: str, address: str) -> None:
    assert filled(template_for(origin), "src/a.py", 7, "c0ffee") == address


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "/srv/git/shop.git",
        "../shop",
        "https://git.example.org/team/shop.git",
        "https://notgithub.com/team/shop",
        "javascript:alert(1)//github.com/x",
        "https://[github.com/team/shop",
        "https://github.com:x/team/shop",
        "https://github.com/",
        "github:secret@github.com:team/shop.git",
        "https://github:1/secret@github.com/team/shop.git",
        "C:\\code\\github\\shop",
    ],
)
def test_other_origins_have_no_addresses(origin: str) -> None:
    assert template_for(origin) == ""


def test_paths_are_quoted() -> None:
    written = filled("https://e.org/{path}#L{line}", 'a b/"<>|#?%\u202e\udcff.py', 3, "")
    assert written == "https://e.org/a%20b/%22%3C%3E%7C%23%3F%25%E2%80%AE%FF.py#L3"


def test_braces_of_a_path_are_no_fields() -> None:
    assert (
        filled("x/{path}?at={commit}", "{line}/{commit}.py", 3, "c0") == "x/%7Bline%7D/%7Bcommit%7D.py?at=c0"
    )


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("https://e.org/{file}", "`--link`: there is no {file}, there are {path}, {line} and {commit}"),
        ("https://e.org/", "`--link`: expected {path} in it, such as `https://example.org/{path}#L{line}`"),
    ],
)
def test_template_that_cannot_be_meant(template: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        refuse_unknown(template)
    assert str(caught.value) == message
