"""Decoding agrees with `compile`, columns agree with `ast`, digests agree with git."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize

import pytest

from ssot_lint.files import Columns, UndecodableError, digest_of, encoded, read_text

BOM = b"\xef\xbb\xbf"


def dump(source: str | bytes) -> str:
    return ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x = 1", id="no final newline"),
        pytest.param("x = 'é€😀'\n".encode(), id="utf-8"),
        pytest.param(BOM + b"x = 1\n", id="byte order mark"),
        pytest.param(BOM + "# coding: utf-8\nx = 'é'\n".encode(), id="byte order mark and utf-8"),
        pytest.param(BOM + b"# coding: UTF_8-unix\nx = 1\n", id="byte order mark and a name of utf-8"),
        pytest.param(BOM + b"# coding: UTF-8\nx = 1\n", id="byte order mark and utf-8 in capitals"),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n", id="latin-1"),
        pytest.param(b"# coding: Latin_1-dos\nx = '\xe9'\n", id="latin-1 as editors write it"),
        pytest.param(b"# coding: iso-8859-15\nx = '\xa4'\n", id="not taken for latin-1"),
        pytest.param("# -*- coding: cp1251 -*-\nx = 'я'\n".encode("cp1251"), id="emacs"),
        pytest.param("#!/x\n# vim: set fileencoding=koi8-r :\nx = 'я'\n".encode("koi8-r"), id="vim"),
        pytest.param("# coding=shift_jis\nx = 'ソ表'\n".encode("shift_jis"), id="multi-byte"),
        pytest.param("# coding: utf-7\nx = 'é'\r\n".encode("utf-7"), id="utf-7"),
        pytest.param(b" \t\f# coding: latin-1\nx = '\xe9'\n", id="blanks before the comment"),
        pytest.param(b"\n# coding: latin-1\nx = '\xe9'\n", id="after a blank line"),
        pytest.param(b"\f \r# coding: latin-1\rx = '\xe9'\r", id="after a lone carriage return"),
        pytest.param(b"# coding:\n# coding: latin-1\nx = '\xe9'\n", id="after a cookie without name"),
        pytest.param(b"# coding:; coding=latin-1\nx = '\xe9'\n", id="the second cookie of a line"),
        pytest.param(b"# \xe9 coding: latin-1\nx = '\xe9'\n", id="after bytes that are not utf-8"),
        pytest.param("x = 1\n# coding: latin-1\ny = 'é'\n".encode(), id="cookie after code does not count"),
        pytest.param("\n\n# coding: latin-1\ny = 'é'\n".encode(), id="cookie on line three does not count"),
        pytest.param(
            "'''\n# coding: latin-1\n'''\ny = 'é'\n".encode(), id="cookie in a string does not count"
        ),
        pytest.param("# encoding : latin-1\ny = 'é'\n".encode(), id="blank before the colon does not count"),
        pytest.param(b"x = 1\r\ny = '''a\rb\r\nc'''\rz = 3", id="all line ends"),
        pytest.param(b"x = '''\r\r\n\n\r'''\n", id="line ends next to each other"),
        pytest.param("x = '\x0b\x0c\x1c\x85\u2028'\ny = 2\n".encode(), id="no line ends"),
        pytest.param(b"if x:\n\x0c    y = 1\n", id="form feed"),
    ],
)
def test_text_is_what_compile_sees(data: bytes) -> None:
    text = read_text(data)
    assert dump(text) == dump(data)
    assert "\r" not in text
    assert not text.startswith("\ufeff")


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"x = 1\ny = '\xe9'\n", "byte 0xe9 is not valid utf-8", 2),
        (b"x = 1\r\ry = 2\r\nz = '\xff'\n", "byte 0xff is not valid utf-8", 4),
        (b"\n# coding: ascii\nx = '\xe9'\n", "byte 0xe9 is not valid ascii", 3),
        (b"x = '\xed\xa0\x80'\n", "byte 0xed is not valid utf-8", 1),
        (b"x = '\xe2\x82", "byte 0xe2 is not valid utf-8", 1),
        (b"x = 1\ny = '\0'\n", "NUL byte in a source file", 2),
        ("x = 1\n".encode("utf-16-le"), "NUL byte in a source file", 1),
        (b"\xff\xfex\0", "NUL byte in a source file", 1),
        (b"\n# coding: nonsense\n", "unknown encoding nonsense", 2),
        (b"# coding: rot13\n", "unknown encoding rot13", 1),
        (b"# coding: undefined\n", "the text is not valid undefined", 1),
        (BOM + b"\n# coding: latin-1\n", "a UTF-8 byte order mark, but the coding line says latin-1", 2),
        (BOM + b"# coding: utf8\n", "a UTF-8 byte order mark, but the coding line says utf8", 1),
        (BOM + BOM + b"# coding: latin-1\n\xff", "byte 0xff is not valid utf-8", 2),
        (b"# coding: utf-7\n\nx = '+AAA-'\n", "NUL character in a source file", 3),
        (b"# coding: unicode_escape\nx = '\\ud800'\n", "lone surrogate in a source file", 2),
    ],
)
def test_undecodable(data: bytes, message: str, line: int) -> None:
    with pytest.raises(UndecodableError) as caught:
        read_text(data)
    assert (caught.value.message, caught.value.line) == (message, line)
    assert str(caught.value) == f"{caught.value.message} on line {line}"
    with pytest.raises((SyntaxError, ValueError)):
        ast.parse(data)


def test_stray_bytes_in_comments_are_refused_as_by_the_interpreter() -> None:
    """`compile` lets them pass, but `python FILE` and `tokenize` do not."""
    data = b"x = 1  # caf\xe9\n"
    ast.parse(data)
    with pytest.raises(UndecodableError):
        read_text(data)
    with pytest.raises(SyntaxError):
        tokenize.detect_encoding(io.BytesIO(data).readline)


def test_digest_is_the_blob_id() -> None:
    data = b"x = 1\r\n\xff\0"
    run = subprocess.run(["git", "hash-object", "--stdin"], input=data, capture_output=True, check=True)
    assert digest_of(data) == run.stdout.decode().strip()
    assert digest_of(b"", "sha256") == "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"


WIDE = "a = 'é'; b = '€'; c = '😀'; d\n\nplain = 1\r\nβ = 'e\u0301'\rδ = '\x0c\x1c\x85\u2028'; ω\n"


def test_columns_of_every_name() -> None:
    lines = WIDE.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    columns = Columns(WIDE)
    names = [node for node in ast.walk(ast.parse(WIDE)) if isinstance(node, ast.Name)]
    assert len(names) == 8
    for node in names:
        line = lines[node.lineno - 1]
        column = columns.character(node.lineno, node.col_offset)
        assert line[column - 1 :].startswith(node.id)
        assert columns.utf8(node.lineno, column) == node.col_offset
        assert columns.utf16(node.lineno, column) == len(line[: column - 1].encode("utf-16-le")) // 2


def test_columns_keep_only_wide_lines() -> None:
    assert Columns("x = 1\ny = 2\n").wide == {}
    assert list(Columns(WIDE).wide) == [1, 4, 5]
    columns = Columns("x = 1\n")
    assert (columns.character(1, 4), columns.utf8(1, 5), columns.utf16(1, 5)) == (5, 4, 4)


def test_columns_of_lone_surrogates() -> None:
    columns = Columns("'\ud800' + x")
    assert (columns.character(1, 8), columns.utf8(1, 7), columns.utf16(1, 7)) == (7, 8, 6)


@pytest.mark.parametrize("cookie", ["", "# coding: latin-1\n", "#!\n# coding: cp1252\n", "# coding: utf-8\n"])
def test_text_decoded_elsewhere_is_encoded_as_it_says(cookie: str) -> None:
    text = f"{cookie}name = 'ü'\n"
    assert read_text(encoded(text)) == text
    assert (b"\xfc" in encoded(text)) is ("latin" in cookie or "cp" in cookie)


@pytest.mark.parametrize("encoding", ["ascii", "klingon", "hex"])
def test_text_that_cannot_be_what_it_says_is_refused(encoding: str) -> None:
    with pytest.raises(UndecodableError, match=encoding):
        read_text(encoded(f"# coding: {encoding}\nname = 'ü'\n"))
