"""The folder of the baseline: reads it whole, and writes what has changed in it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.baseline import disk
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.error import BaselineError, TextError
from ssot_lint.baseline.shards import fences_for, read, render
from ssot_lint.finding import FIRST_IDS
from ssot_lint.tables import nearest

if TYPE_CHECKING:
    from ssot_lint.baseline.waivers import Waiver

FOLDER = f"{disk.TOP}/baseline"
_SUFFIX = ".tsv"
_ATTRIBUTES = b"*.tsv text eol=lf linguist-generated\n"


class Stored(NamedTuple):
    """What a project has on the disk to compare findings with."""

    entries: tuple[Entry, ...] = ()  # in their order
    fences: Mapping[str, int] = {}  # by path of the shard, from the root
    contents: Mapping[str, bytes] = {}  # likewise
    notes: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()  # of a file beside the folder


class Written(NamedTuple):
    """What was changed in the folder: paths from the root."""

    replaced: tuple[str, ...]
    removed: tuple[str, ...]


def shard_path(rule: str) -> str:
    """The path, from the root, of the entries of a rule."""
    return f"{FOLDER}/{FIRST_IDS.get(rule, rule)}{_SUFFIX}"


def is_shard(path: PurePath) -> bool:
    """Whether a path leads to the entries of a rule, in whatever project."""
    return path.suffix == _SUFFIX and path.parent.as_posix().endswith(FOLDER)


def load(root: str | os.PathLike[str], rules: Collection[str]) -> Stored:
    """Reads the baseline of a project; `rules` are the ids of all that there are, also of those not in use.

    Raises BaselineError where any of it cannot be used: a part of a baseline would be a wrong one.
    """
    rule_at = {shard_path(rule): rule for rule in rules}
    entries: list[Entry] = []
    fences: dict[str, int] = {}
    contents: dict[str, bytes] = {}
    notes = []
    for name in disk.names_in(root, FOLDER):
        path = f"{FOLDER}/{name}"
        if not name.endswith(_SUFFIX):
            continue
        if path not in rule_at:
            raise BaselineError(_unknown_rule(path, rule_at))
        content = disk.read_file(root, path)
        if content is None:
            raise BaselineError(f"{path}: was removed while it was read; run this again")
        try:
            shard = read(disk.decoded(content), rule_at[path])
        except TextError as error:
            raise disk.damaged(path, error) from None
        entries += shard.entries
        fences[path] = shard.fences
        contents[path] = content
        if shard.is_merged:
            notes.append(
                f"{path} has what both sides of a merge had; `ssot-lint baseline sync` takes out what is gone"
            )
    return Stored(tuple(sorted(entries)), fences, contents, tuple(notes))


def save(root: str | os.PathLike[str], stored: Stored, entries: Iterable[Entry]) -> Written:
    """Makes the folder hold these entries, instead of those that were loaded, and leaves alone what is equal.

    Each file is replaced whole or not at all. Raises BaselineError before anything is written where the
    folder is no longer what was loaded, and where a file cannot be written.
    """
    by_path: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_path[shard_path(entry.identity.rule)].append(entry)
    texts = {
        path: render(stored.fences.get(path) or fences_for(len(own)), own).encode("ascii")
        for path, own in sorted(by_path.items())
    }
    replaced = [path for path, text in texts.items() if stored.contents.get(path) != text]
    removed = sorted(stored.contents.keys() - texts.keys())
    for path in (*replaced, *removed):
        if disk.read_file(root, path) != stored.contents.get(path):
            raise BaselineError(f"{path}: was changed by someone else in the meantime; run this again")
    if replaced and not os.path.lexists(os.path.join(root, FOLDER)):
        disk.replace(root, f"{FOLDER}/.gitattributes", _ATTRIBUTES)
    for path in replaced:
        disk.replace(root, path, texts[path])
    for path in removed:
        disk.replace(root, path, None)
    return Written(tuple(replaced), tuple(removed))


def _unknown_rule(path: str, known: Iterable[str]) -> str:
    """What to say of a shard that is not at one of the known paths."""
    wrong, *names = (os.path.basename(each).removesuffix(_SUFFIX) for each in (path, *known))
    near = nearest(wrong, names)
    return f"{path}: there is no rule `{wrong}`{near}; configure the plugin that has it, or `git rm {path}`"
