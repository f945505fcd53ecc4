"""Turns facts into bytes and back; bytes that are damaged or of another shape come back as None."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar
from zlib import crc32

from ssot_lint.facts.model import Bodies, Details, Facts, Outline

T = TypeVar("T")

Blobs = tuple[bytes, bytes, bytes]
"""The outline, the details and the bodies of one text, each with a checksum in front."""


def encode(facts: Facts) -> Blobs:
    r"""The three parts of a text's facts as bytes.

    A lone surrogate, which an escape in a string can bring and UTF-8 cannot hold, comes back as `\ud800`.
    """
    try:
        return _pack(facts)
    except UnicodeEncodeError:
        return _pack(_spelled_out(facts))


def decode_outline(blob: bytes) -> Outline | None:
    """The outline in a blob of `encode`, None where it is damaged."""
    outline: Outline | None = _decode(_decoder(Outline), blob)
    return outline


def decode_details(blob: bytes) -> Details | None:
    """The details in a blob of `encode`, None where they are damaged."""
    details: Details | None = _decode(_decoder(Details), blob)
    return details


def decode_bodies(blob: bytes) -> Bodies | None:
    """The bodies in a blob of `encode`, None where they are damaged."""
    bodies: Bodies | None = _decode(_decoder(Bodies), blob)
    return bodies


def encode_one(value: object) -> bytes | None:
    """A named tuple or dataclass as bytes, None where it holds a lone surrogate."""
    try:
        return _sealed(_encoder().encode(value))
    except UnicodeEncodeError:
        return None


def decode_one(shape: type[T], blob: bytes) -> T | None:
    """What `encode_one` made bytes of, None where they are damaged or of another shape."""
    value: T | None = _decode(_decoder(shape), blob)  # type: ignore[arg-type]
    return value


def is_whole(blob: object) -> bool:
    """Whether a blob is as `encode` made it."""
    return isinstance(blob, bytes) and crc32(memoryview(blob)[4:]).to_bytes(4, "big") == blob[:4]


def _pack(facts: Facts) -> Blobs:
    pack = _encoder().encode
    return _sealed(pack(facts.outline)), _sealed(pack(facts.details)), _sealed(pack(facts.bodies))


def _sealed(body: bytes) -> bytes:
    return crc32(body).to_bytes(4, "big") + body


def _spelled_out(value: Any) -> Any:
    """A copy of facts in which no string holds a lone surrogate."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_spelled_out(name): _spelled_out(item) for name, item in value.items()}
    if isinstance(value, tuple):
        items = map(_spelled_out, value)
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if is_dataclass(value):
        shape: Any = type(value)
        return shape(*(_spelled_out(getattr(value, each.name)) for each in fields(value)))
    return value


def _decode(decoder: Any, blob: bytes) -> Any:
    import msgspec

    if not is_whole(blob):
        return None
    try:
        return decoder.decode(memoryview(blob)[4:])
    except msgspec.MsgspecError:
        return None


@cache
def _encoder() -> Any:
    import msgspec

    return msgspec.msgpack.Encoder()


@cache
def _decoder(shape: type) -> Any:
    import msgspec

    return msgspec.msgpack.Decoder(shape)
