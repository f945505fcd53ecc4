"""What came into a baseline and went from it between two commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ssot_lint.baseline import folder
from ssot_lint.baseline.entries import Entry
from ssot_lint.baseline.error import TextError
from ssot_lint.baseline.matching import SAME, match
from ssot_lint.baseline.shards import read as read_shard
from ssot_lint.commands._baseline_texts import counted_entries, named
from ssot_lint.config import Config
from ssot_lint.files import GitError, UsageError, read_folder


class Difference(NamedTuple):
    """What two baselines do not have in common."""

    came: tuple[Entry, ...]
    went: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Entry], ...]  # before and after


def commits(text: str) -> tuple[str, str]:
    """The two commits that `A..B` names, HEAD for one that is left out. Raises UsageError."""
    old, dots, new = text.partition("..")
    if not dots or new.startswith(".") or not text.isprintable():
        raise UsageError(f"expected two commits as in `main..HEAD`, found `{text}`")
    return old or "HEAD", new or "HEAD"


def read(config: Config, commit: str) -> tuple[Entry, ...]:
    """The entries that a project had in a commit. Raises UsageError."""
    rule_at = {folder.shard_path(rule.id): rule.id for rule in config.catalogue.rules}
    entries: list[Entry] = []
    try:
        contents = read_folder(config.root, commit, folder.FOLDER)
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


def compared(old: Iterable[Entry], new: Iterable[Entry]) -> Difference:
    """What came, went and moved.

    What moves keeps its batch: so what is fixed in one place and accepted in another has not moved.
    """
    groups: defaultdict[tuple[str, ...], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for entry in old:
        groups[entry.cells][0].append(entry)
    for entry in new:
        groups[entry.cells][1].append(entry)
    came: list[Entry] = []
    went: list[Entry] = []
    moved: list[tuple[Entry, Entry]] = []
    for before, after in groups.values():
        matched = match([entry.identity for entry in after], before, lambda _identity: True)
        came += (after[index] for index in matched.new)
        went += matched.left
        moved += ((each.entry, after[each.finding]) for each in matched.matches if each.tier > SAME)
    return Difference(tuple(sorted(came)), tuple(sorted(went)), tuple(sorted(moved)))


def lines(difference: Difference, *, with_totals: bool) -> Iterator[str]:
    """A line for each entry that is not in both, and the numbers."""
    for sign, entries in (("new", difference.came), ("gone", difference.went)):
        for entry in entries:
            yield f"{sign}: {named(entry.identity)}{f' @{entry.batch}' if entry.batch else ''}"
    for before, after in difference.moved:
        yield f"moved: {named(before.identity)} -> {named(after.identity)}"
    if with_totals:
        came, went = len(difference.came), len(difference.went)
        net = f"{counted_entries(abs(came - went))} {'more' if came > went else 'fewer'}"
        net = net if came != went else "as many as before"
        yield f"{came} new, {went} gone, {len(difference.moved)} moved: {net}"
