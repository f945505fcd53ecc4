"""What a rule is: an id, its options, a pure function over facts, and the examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ssot_lint.finding import Problem

if TYPE_CHECKING:
    from ssot_lint.file import File
    from ssot_lint.project import Project


def option(text: str, *, default: Any = (), example: str = "") -> Any:
    """A field of an options class: what it does, for the documentation, and its default."""
    return field(default=default, metadata={"help": text, "example": example})


@dataclass(frozen=True, kw_only=True)
class Options:
    """What every instance of every rule can be told."""

    name: str = option("a name of your choice for this instance, shown with its findings", default="")
    paths: tuple[str, ...] = option("files to look at, in gitignore syntax; all when empty")
    exclude: tuple[str, ...] = option("files not to look at, in gitignore syntax")
    allow_in: tuple[str, ...] = option("files where the thing is allowed; what they hand on is sanctioned")
    reason: str = option("why, shown with each finding", default="")
    use: str = option("what to use instead, shown with each finding", default="")
    severity: Literal["error", "warning"] = option("`warning` findings do not fail a run", default="error")
    type_checking: Literal["same", "allow", "only"] = option(
        "code under `TYPE_CHECKING`: the same as other code, allowed, or the only code looked at",
        default="same",
    )
    inline: Literal["allow", "reason", "deny"] = option(
        "suppression comments: allowed, allowed with a reason, or without effect", default="allow"
    )
    good: tuple[str, ...] = option(
        "snippets in which this instance must find nothing, checked on every run; a line `# file: PATH` "
        "starts a file at a path of its own"
    )
    bad: tuple[str, ...] = option(
        "snippets in which this instance must find something, checked on every run; a line `# file: PATH` "
        "starts a file at a path of its own"
    )


class Example(NamedTuple):
    """A tiny project: files by path, `ssot-lint.toml` among them, expected findings marked `# [rule-id]`.

    `fixed` has the files that all fixes of the rule change, safe or not, as they are then, marks and all.
    """

    title: str
    files: Mapping[str, str]
    fixed: Mapping[str, str] = {}


class Contradiction(NamedTuple):
    """What cannot be meant: the key it stands under (with indexes in arrays, keys in tables), and why."""

    keys: tuple[str | int, ...]
    text: str


@dataclass(frozen=True)
class Rule:
    """One rule. `check` yields the problems of one file; what it needs of others it asks the project.

    A rule with `default` set runs without being configured; any other runs once for each table of
    its name in the configuration. One that `is_local` finds in a file what it finds there without any other
    file. `about` tells what it looks at: source files, their suppression
    comments once all else has run, or the configuration. `required` are keys of its tables, of which
    at least one must be given. `symbols` gives the names in its options that must exist in the tree,
    `forbids` the patterns over names whose import or use it forbids, `contradictions` what in them
    cannot be meant.
    """

    id: str
    code: str
    options: type[Options]
    check: Callable[[File, Project, Any], Iterable[Problem]]
    doc: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    default: bool = False
    is_local: bool = False
    about: Literal["source", "suppressions", "configuration"] = "source"
    required: tuple[str, ...] = ()
    symbols: Callable[[Any], Iterable[str]] = field(default=lambda options: ())
    forbids: Callable[[Any], tuple[str, ...]] = field(default=lambda options: ())
    contradictions: Callable[[Any], Iterable[Contradiction]] = field(default=lambda options: ())

    @property
    def has_tables(self) -> bool:
        """Whether tables configure it: those about the configuration and suppressions have none."""
        return self.about == "source"

    @property
    def summary(self) -> str:
        """The first line of the rule's documentation."""
        return self.doc.strip().partition("\n")[0]
