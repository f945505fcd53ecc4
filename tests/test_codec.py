"""Facts as bytes: they come back as they were, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssot_lint import codec
from ssot_lint.facts.extract import extract, faulty
from ssot_lint.facts.model import Facts

SOURCE = """\
from __future__ import annotations
import os, legacy.client as client
from .base import *
__all__ = ["Orders"]
LIMIT = 3
class Orders(client.Base, metaclass=Meta):
    '''Words.'''
    @property
    def total(self, /, first: int = 1, *rest, key=None, **more) -> int:
        return os.environ["KEY"] + str(super().total("a", key="b"))
if __name__ == "__main__":
    Orders()  # ssot: allow forbidden-import -- because
"""

Decode = Callable[[bytes], object]
DECODERS: tuple[Decode, ...] = (codec.decode_outline, codec.decode_details, codec.decode_bodies)


def parts(facts: Facts) -> tuple[object, ...]:
    return facts.outline, facts.details, facts.bodies


def decoded(blobs: codec.Blobs) -> tuple[object, ...]:
    return tuple(decode(blob) for decode, blob in zip(DECODERS, blobs))


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(extract(SOURCE.encode()), id="a bit of everything"),
        pytest.param(extract(b""), id="an empty text"),
        pytest.param(extract(b"class ("), id="a text that does not parse"),
        pytest.param(extract(b"\xff"), id="bytes that are no text"),
        pytest.param(faulty("crash", "dead \x1b[31m \U0001f40d"), id="no text at all"),
        pytest.param(extract("größe = 'ß'\nimport 模块\n".encode()), id="names beyond ASCII"),
        pytest.param(extract(b"x = " + b"9" * 400), id="a number of 400 digits"),
    ],
)
def test_facts_come_back_as_they_were(facts: Facts) -> None:
    assert decoded(codec.encode(facts)) == parts(facts)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('x = "\\ud800"', id="in a constant"),
        pytest.param('__all__ = ["\\ud800"]', id="in an export"),
        pytest.param('import os\nos.environ["a\\udcff"]', id="in a key"),
        pytest.param('f("\\udfff", key="\\ud800")', id="in an argument"),
        pytest.param('__import__("a.\\ud800")', id="in a module name"),
        pytest.param('"\\ud800" in os.environ', id="in a test"),
    ],
)
def test_lone_surrogate_of_an_escape_is_spelled_out(text: str) -> None:
    blobs = codec.encode(extract(text.encode()))
    assert None not in decoded(blobs)
    assert "\\\\ud" not in text
    assert any("\\ud" in repr(part).replace("\\\\", "\\") for part in decoded(blobs))
    for part in decoded(blobs):
        repr(part).encode()


def test_same_facts_are_the_same_bytes() -> None:
    assert codec.encode(extract(SOURCE.encode())) == codec.encode(extract(SOURCE.encode()))


@pytest.mark.parametrize("number", range(3))
def test_flipped_bit_is_noticed_wherever_it_is(number: int) -> None:
    blob = codec.encode(extract(SOURCE.encode()))[number]
    for place in range(len(blob)):
        damaged = bytearray(blob)
        damaged[place] ^= 1 << place % 8
        assert not codec.is_whole(bytes(damaged))
        assert DECODERS[number](bytes(damaged)) is None


@pytest.mark.parametrize("number", range(3))
def test_blob_that_ends_early_is_noticed(number: int) -> None:
    blob = codec.encode(extract(SOURCE.encode()))[number]
    assert [length for length in range(len(blob)) if codec.is_whole(blob[:length]) and blob[4:length]] == []
    assert all(DECODERS[number](blob[:length]) is None for length in range(len(blob)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xc0", id="nil"),
        pytest.param(b"\x93\x01\x02\x03", id="a list"),
        pytest.param(b"\xc1", id="no value at all"),
        pytest.param(b"\x91" * 100_000, id="deep nesting"),
    ],
)
def test_whole_blob_of_another_shape_is_none(body: bytes) -> None:
    blob = codec._sealed(body)
    assert codec.is_whole(blob)
    assert [decode(blob) for decode in DECODERS] == [None, None, None]


@pytest.mark.parametrize("blob", [None, 7, 1.5, "text", b"", b"abc"], ids=repr)
def test_what_a_damaged_database_may_return_instead_of_a_blob_is_not_whole(blob: object) -> None:
    assert not codec.is_whole(blob)
