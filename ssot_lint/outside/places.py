"""Which files of a project another program means by the names that it has for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

_DRIVE = ":/"


def placed(names: Iterable[str], files: Collection[str], folder: str = "") -> dict[str, str]:
    """The paths of files of a project, by the names that a report at a folder of it has for them.

    Names may start at the root, at that folder, at a folder above the root, or be those of another machine:
    of all places where the root may have been, that counts in which the most names lead to files.
    """
    known = frozenset(files)
    relative: dict[str, dict[str, str]] = {}
    absolute: dict[str, dict[str, str]] = {}
    for name in names:
        plain = name.replace("\\", "/").removeprefix("./")
        is_absolute = plain.startswith("/") or _DRIVE in plain[:3]
        starts = absolute if is_absolute else relative
        for start, path in _readings(plain, "" if is_absolute else folder):
            if path in known:
                starts.setdefault(start, {})[name] = path
    return {**_most(absolute), **_most(relative)}


def _readings(name: str, folder: str) -> Iterator[tuple[str, str]]:
    """Where the root may have been, with the path that a name then stands for."""
    parts = name.split("/")
    for length in range(len(parts)):
        yield "/".join(parts[:length]), "/".join(parts[length:])
    if folder:
        yield f"+{folder}", f"{folder}/{name}"


def _most(starts: Mapping[str, dict[str, str]]) -> dict[str, str]:
    best = min(starts, key=lambda start: (-len(starts[start]), len(start), start), default=None)
    return starts[best] if best is not None else {}


class Modules:
    """The files of a project by dotted names such as `tests.test_a`, which may start below the root."""

    def __init__(self, files: Iterable[str]) -> None:
        self._whole: dict[str, str] = {}
        self._ends: dict[str, str] = {}  # with "" for what more than one file ends in
        for path in files:
            stem, _, suffix = path.rpartition(".")
            if suffix == "py":
                parts = stem.split("/")
                self._whole[".".join(parts)] = path
                for start in range(1, len(parts)):
                    end = ".".join(parts[start:])
                    self._ends[end] = "" if end in self._ends else path

    def file(self, dotted: str) -> str:
        """The file of a module, or of a class in one, by its dotted name; "" where that is not clear."""
        parts = dotted.split(".")
        beginnings = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        for known in (self._whole, self._ends):
            for beginning in beginnings:
                if beginning in known:
                    return known[beginning]
        return ""
