"""What goes with a configuration: the hook of pre-commit, and the line that keeps the cache out of git."""

from __future__ import annotations

import re

from ssot_lint.facts.store import FOLDER
from ssot_lint.files import UsageError

HOOK_FILE = ".pre-commit-config.yaml"
IGNORE_FILE = ".gitignore"

HOOK = """\
- repo: local
  hooks:
    - id: ssot-lint
      name: ssot-lint
      entry: ssot-lint check --hook
      language: system
      types_or: [python, pyi, toml]
      always_run: true
      require_serial: true
"""
"""What stands in the list of `repos`: the tool as it is installed, in any version."""

_REPOS = re.compile(r"repos:[ \t]*(?:#.*)?")
_ITEM = re.compile(r"( *)- +[\w'\"]")
_KEY = re.compile(r"[\w'\"].*:")
_OURS = re.compile(r"^[^#\n]*\bid['\"]? *: *['\"]?ssot-lint['\"]?(?=[\s,}]|\Z)", re.MULTILINE)


def with_hook(before: bytes | None) -> bytes | None:
    """The configuration of pre-commit with our hook behind the others; None if it has one already.

    All that is there stays byte for byte. Raises UsageError for what is not laid out as a list of `repos` in
    lines of their own.
    """
    if before is None:
        return f"repos:\n{_indented('  ')}".encode()
    try:
        text = before.decode()
    except UnicodeDecodeError:
        raise _not_extended("it is no UTF-8") from None
    if _OURS.search(text):
        return None
    lines = text.split("\n")  # with what is before the line feed, so that all of it stays
    shown = [line.rstrip("\r") for line in lines]
    starts = [number for number, line in enumerate(shown) if line.startswith("repos:")]
    if len(starts) != 1 or not _REPOS.fullmatch(shown[starts[0]]):
        raise _not_extended("it has no `repos:` on a line of its own, with a list below")
    if any("\t" in line or line.rstrip() in ("---", "...") for line in shown[starts[0] :]):
        raise _not_extended("it has tabs, or more than one document")
    last, indent = _end_of_list(shown, starts[0])
    end = "\r" if "\r\n" in text else ""
    new = [f"{line}{end}" for line in _indented(indent).splitlines()]
    if last == len(lines) - 1:  # a line without an end, which the last of the new ones has not either
        lines[last] += end
        new[-1] = new[-1].rstrip("\r")
    return "\n".join([*lines[: last + 1], *new, *lines[last + 1 :]]).encode()


def with_ignored(before: bytes | None) -> bytes | None:
    """The `.gitignore` with a line for the cache; None if it has one already."""
    text, folder = before or b"", FOLDER.encode()
    if any(line.strip().strip(b"/") == folder for line in text.splitlines()):
        return None
    end = b"\r\n" if b"\r\n" in text else b"\n"
    gap = end if text and not text.endswith((b"\n", b"\r")) else b""
    return text + gap + folder + b"/" + end


def _end_of_list(lines: list[str], start: int) -> tuple[int, str]:
    """The index of the last line of the list below a line, and the indent of its items."""
    below = [number for number in range(start + 1, len(lines)) if lines[number].strip()]
    told = [number for number in below if not _is_comment(lines[number])]
    first = _ITEM.match(lines[told[0]]) if told else None
    if first is None:
        raise _not_extended("its `repos` are no list, one item below the other")
    indent, last = first[1], told[0]
    for number in below:
        line = lines[number]
        if line.startswith((f"{indent} ", f"{indent}- ")):
            last = number  # also of what looks like a comment, which may be a part of a longer text
        elif not _is_comment(line):
            if not _KEY.match(line):
                raise _not_extended("its `repos` are not laid out alike")
            break
    return last, indent


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _indented(indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in HOOK.splitlines())


def _not_extended(reason: str) -> UsageError:
    return UsageError(f"{HOOK_FILE} cannot be extended: {reason}; the lines above go into its `repos`")
