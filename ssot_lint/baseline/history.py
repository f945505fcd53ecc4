"""The baseline of an earlier commit, and what two of them do not have in common."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import NamedTuple

from ssot_lint.baseline import folder
from ssot_lint.baseline.entries import Entry, Identity
from ssot_lint.baseline.error import TextError
from ssot_lint.baseline.matching import SAME, limit, match
from ssot_lint.baseline.shards import read as read_shard
from ssot_lint.files import GitError, UsageError, files_in, read_blobs, read_folder

_ENTRY = re.compile(rb"^[0-9a-f]{10}\t.*$", re.MULTILINE)  # a line that starts with a fingerprint


class Difference(NamedTuple):
    """What two baselines do not have in common."""

    came: tuple[Entry, ...]
    went: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Entry], ...]  # before and after
    lowered: tuple[tuple[Entry, Entry], ...]  # likewise, those that got a lower cap where they are
    raised: tuple[tuple[Entry, Entry], ...]  # likewise, those that got a higher cap, or lost theirs


def read(root: str | os.PathLike[str], commit: str, rules: Collection[str]) -> tuple[Entry, ...]:
    """The entries that a project had in a commit; `rules` are the ids of all there are. Raises UsageError."""
    rule_at = {folder.shard_path(rule): rule for rule in rules}
    entries: list[Entry] = []
    try:
        contents = read_folder(root, commit, folder.FOLDER)
    except GitError as error:
        raise UsageError(str(error)) from None
    for path, content in sorted(contents.items()):
        below, _, name = path.rpartition("/")
        if below != folder.FOLDER or not name.endswith(".tsv"):
            continue
        try:
            # A rule that there is no more is known by the name of its file.
            entries += read_shard(content.decode(), rule_at.get(path, name.removesuffix(".tsv"))).entries
        except TextError as error:
            raise UsageError(
                f"{commit}:{path}:{error.line}: {error}; see `git show {commit}:./{path}`"
            ) from None
        except UnicodeDecodeError:
            raise UsageError(f"{commit}:{path}: expected text in UTF-8, found other bytes") from None
    return tuple(sorted(entries))


def sizes(root: str | os.PathLike[str], commits: Iterable[str]) -> Iterator[int]:
    """How many entries a project had in each of some commits, given by their ids. Raises GitError.

    It counts lines and looks at nothing in them, so that a long history is told in little time.
    """
    lines_of: dict[str, int] = {}  # by the ids of shards, most of which many commits share
    for commit in commits:
        files = files_in(root, commit, [f"{folder.FOLDER}/"])
        shards = [blob for path, blob in files.items() if folder.is_shard(PurePath(path))]
        texts: dict[str, bytes] = {}
        if unread := set(shards) - lines_of.keys():
            with suppress(GitError):  # git before 2.44 fails, where a later one says what it lacks
                texts = read_blobs(root, unread)
        lines_of.update((blob, len(set(_ENTRY.findall(text)))) for blob, text in texts.items())
        if unread - texts.keys():
            raise GitError(
                f"git lacks a part of the baseline of {commit}; `git fetch --refetch` brings all texts"
            )
        yield sum(lines_of[blob] for blob in shards)


def compared(old: Iterable[Entry], new: Iterable[Entry]) -> Difference:
    """What came, went and moved, and of what the caps have changed.

    What moves keeps its batch: so what is fixed in one place and accepted in another has not moved.
    """
    groups: defaultdict[tuple[str, ...], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for entry in old:
        groups[entry.with_cap(None).cells][0].append(entry)
    for entry in new:
        groups[entry.with_cap(None).cells][1].append(entry)
    came: list[Entry] = []
    went: list[Entry] = []
    moved: list[tuple[Entry, Entry]] = []
    stayed: list[tuple[Entry, Entry]] = []
    for before, after in groups.values():
        caps = {index: limit(entry) for index, entry in enumerate(after)}
        matched = match([entry.identity for entry in after], before, _always, _always, caps)
        came += (after[index] for index in matched.new)
        went += matched.left
        for index, entry, tier in matched.matches:
            (moved if tier > SAME else stayed).append((entry, after[index]))
    stayed += _accepted_again(came, went)
    return Difference(
        tuple(sorted(set(came).difference(after for _, after in stayed))),
        tuple(sorted(set(went).difference(before for before, _ in stayed))),
        tuple(sorted(pair for pair in moved if not _is_raised(*pair))),
        tuple(sorted(pair for pair in stayed if limit(pair[1]) < limit(pair[0]))),
        tuple(sorted(pair for pair in (*moved, *stayed) if _is_raised(*pair))),
    )


def _always(_what: object) -> bool:
    """Says that all may have moved: what has no entries any more counts as gone."""
    return True


def _accepted_again(came: Iterable[Entry], went: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yields entries whose findings were accepted again when they were worse, before and after."""
    by_identity: defaultdict[Identity, list[Entry]] = defaultdict(list)
    for entry in went:
        by_identity[entry.identity].append(entry)
    for entry in came:
        twins = by_identity[entry.identity]
        lower = next((each for each in twins if _is_raised(each, entry)), None)
        if lower is not None:
            twins.remove(lower)
            yield lower, entry


def _is_raised(before: Entry, after: Entry) -> bool:
    return limit(after) > limit(before)
