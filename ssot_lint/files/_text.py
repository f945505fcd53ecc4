"""Decodes source texts the way Python does, names them by content, and converts their columns."""

from __future__ import annotations

import hashlib
import re

_BOM = b"\xef\xbb\xbf"
_COOKIE = re.compile(rb"[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
_COOKIE_ON_SECOND_LINE = re.compile(rb"[ \t\f]*(?:#[^\n]*)?\n" + _COOKIE.pattern)
_LINE_END = re.compile("\r\n|\r|\n")


class UndecodableError(Exception):
    """A source text that Python could not decode; `line` is 1-based, `message` is fit for a finding."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line

    def __str__(self) -> str:
        return f"{self.message} on line {self.line}"


def digest_of(data: bytes, algorithm: str = "sha1") -> str:
    """Return git's blob id of `data` in hexadecimal digits; `algorithm` is "sha1" or "sha256"."""
    blob = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    blob.update(data)
    return blob.hexdigest()


def algorithm_of(digest: str) -> str:
    """Return the algorithm that a blob id was made with."""
    return "sha256" if len(digest) == 64 else "sha1"


def read_text(data: bytes) -> str:
    r"""Decode a source as `compile` does: byte order mark, coding line or UTF-8, and `\n` as only line end.

    Raises UndecodableError where `compile` refuses the bytes.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise UndecodableError("NUL byte in a source file", _line_at(data, data.index(b"\0")))
    body = data.removeprefix(_BOM)
    declared, line = _coding(body)
    encoding = _normal_name(declared)
    if data.startswith(_BOM) and encoding != "utf-8":
        raise UndecodableError(f"a UTF-8 byte order mark, but the coding line says {declared}", line)
    return _decode(body, encoding, line)


def split_encoding(data: bytes) -> tuple[bytes, str, bytes]:
    """Return the byte order mark of a source or nothing, the encoding of what follows, and what follows.

    The encoding is the one that `read_text` decodes with; the line ends stay as they are.
    """
    body = data.removeprefix(_BOM)
    declared, _ = _coding(body.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return data[: len(data) - len(body)], _normal_name(declared), body


def encoded(text: str) -> bytes:
    """Return a text that was decoded elsewhere as the bytes of a file, which `read_text` decodes to it again.

    Where it cannot be encoded as its coding line says, `read_text` tells what is wrong with the result.
    """
    data = text.encode("utf-8", "surrogatepass")
    cookie = _COOKIE.match(data) or _COOKIE_ON_SECOND_LINE.match(data)
    if cookie is None:
        return data
    try:
        return text.encode(_normal_name(cookie[1].decode("ascii")))
    except (LookupError, UnicodeError):
        return data


def _coding(body: bytes) -> tuple[str, int]:
    """The encoding that a source declares, with the line where it does; UTF-8 where it declares none."""
    cookie = _COOKIE.match(body) or _COOKIE_ON_SECOND_LINE.match(body)
    if cookie is None:
        return "utf-8", 1
    return cookie[1].decode("ascii"), _line_at(body, cookie.start(1))


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _normal_name(encoding: str) -> str:
    """Return the encoding that the tokenizer takes a coding line to mean."""
    name = encoding.lower().replace("_", "-") + "-"
    if name.startswith("utf-8-"):
        return "utf-8"
    if name.startswith(("latin-1-", "iso-8859-1-", "iso-latin-1-")):
        return "iso-8859-1"
    return encoding


def _decode(body: bytes, encoding: str, cookie_line: int) -> str:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        where = _line_at(body, error.start)
        byte = f"byte 0x{body[error.start]:02x}" if error.start < len(body) else "the end"
        raise UndecodableError(f"{byte} is not valid {encoding}", where) from None
    except LookupError:
        raise UndecodableError(f"unknown encoding {encoding}", cookie_line) from None
    except ValueError:
        raise UndecodableError(f"the text is not valid {encoding}", cookie_line) from None
    if encoding != "utf-8":
        _refuse_what_no_source_holds(text)
    return text


def _refuse_what_no_source_holds(text: str) -> None:
    """Raise UndecodableError for characters that UTF-8 input cannot bring, but `utf-7` and its like can."""
    stray = re.search("[\0\ud800-\udfff]", text)
    if stray is not None:
        name = "NUL character" if stray[0] == "\0" else "lone surrogate"
        raise UndecodableError(f"{name} in a source file", text.count("\n", 0, stray.start()) + 1)


class Columns:
    r"""Converts the columns of one text: `ast` counts UTF-8 bytes, findings characters, editors UTF-16 units.

    Lines are 1-based and end where `ast` ends them, at `\n`, `\r\n` and `\r`, and nowhere else.
    """

    __slots__ = ("wide",)

    wide: dict[int, str]
    """The lines that are not ASCII, by number; on every other line all units agree."""

    def __init__(self, text: str) -> None:
        self.wide = {}
        if not text.isascii():
            lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
            self.wide = {number: line for number, line in enumerate(lines, 1) if not line.isascii()}

    def character(self, line: int, byte_offset: int) -> int:
        """Return the 1-based character column of a 0-based offset in UTF-8 bytes."""
        if line not in self.wide:
            return byte_offset + 1
        return len(_utf8(self.wide[line])[:byte_offset].decode("utf-8", "surrogatepass")) + 1

    def utf8(self, line: int, column: int) -> int:
        """Return the 0-based offset in UTF-8 bytes of a 1-based character column."""
        return len(_utf8(self.wide[line][: column - 1])) if line in self.wide else column - 1

    def utf16(self, line: int, column: int) -> int:
        """Return the 0-based offset in UTF-16 units of a 1-based character column."""
        if line not in self.wide:
            return column - 1
        return len(self.wide[line][: column - 1].encode("utf-16-le", "surrogatepass")) // 2


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
