"""Permanent exceptions, each with a reason: `.ssot-lint/waivers.toml`, which only people write."""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath

from ssot_lint.baseline import by_hand, disk
from ssot_lint.baseline.by_hand import Terms
from ssot_lint.baseline.entries import Identity

PATH = f"{disk.TOP}/waivers.toml"

_REQUIRED = ("rule", "paths", "reason")


@dataclass(frozen=True, kw_only=True)
class _Options(Terms):
    """What a table `[[waiver]]` can say."""

    subject: str = ""  # of the findings, with `*` and `?`; any if empty
    scope: str = ""  # likewise
    ticket: str = ""
    expires: datetime.date | None = None  # the last day on which it is good, in UTC


@dataclass(frozen=True, kw_only=True)
class Waiver(_Options):
    """An exception, and the line where its table begins."""

    line: int

    @property
    def place(self) -> str:
        """Where it stands, from the root."""
        return f"{PATH}:{self.line}"

    def speaks_of(self, identity: Identity) -> bool:
        """Whether it is about a finding, given that it is about its rule.

        Patterns match the whole scope; and one part of the subject, or all parts with blanks between.
        """
        if not self.files.match(identity.path):
            return False
        if self.scope and not fnmatchcase(identity.scope, self.scope):
            return False
        subjects = (*identity.subject, " ".join(identity.subject))
        return not self.subject or any(fnmatchcase(each, self.subject) for each in subjects)


def is_at(path: PurePath) -> bool:
    """Whether a path leads to the waivers of a project, whichever it is."""
    return path.as_posix().endswith(f"/{PATH}")


def load(root: str | os.PathLike[str], selectors: Collection[str]) -> tuple[Waiver, ...]:
    """The waivers of a project; `selectors` are all that can name rules. Raises BaselineError."""
    return by_hand.load(root, PATH, lambda text: parsed(text, selectors))


def parsed(text: str, selectors: Collection[str] | None = None) -> tuple[Waiver, ...]:
    """The waivers in a text; without `selectors` they may name any rule. Raises TextError."""
    found = by_hand.tables(text, "waiver", _Options, required=_REQUIRED, selectors=selectors)
    return tuple(Waiver(**asdict(options), line=line) for options, line in found)


def finder(
    waivers: Iterable[Waiver], selectors: Mapping[str, Collection[str]]
) -> Callable[[Identity], Waiver | None]:
    """Tells which waiver speaks of a finding: of several that which is good for longest, then the first.

    `selectors` has the ids of rules by all that can name them.
    """
    by_rule: defaultdict[str, list[Waiver]] = defaultdict(list)
    for waiver in sorted(waivers, key=lambda each: each.expires or datetime.date.max, reverse=True):
        for rule in selectors[waiver.rule]:
            by_rule[rule].append(waiver)

    def find(identity: Identity) -> Waiver | None:
        return next((each for each in by_rule.get(identity.rule, ()) if each.speaks_of(identity)), None)

    return find


def idle(
    waivers: Iterable[Waiver], waived: Iterable[Identity], selectors: Mapping[str, Collection[str]]
) -> tuple[Waiver, ...]:
    """The waivers that speak of none of the findings that are waived."""
    by_rule: defaultdict[str, list[Identity]] = defaultdict(list)
    for identity in waived:
        by_rule[identity.rule].append(identity)

    def is_used(waiver: Waiver) -> bool:
        return any(
            waiver.speaks_of(each) for rule in selectors[waiver.rule] for each in by_rule.get(rule, ())
        )

    return tuple(waiver for waiver in waivers if not is_used(waiver))
