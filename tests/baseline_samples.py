"""Small findings, entries and runs for the tests of the baseline, written as short texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ssot_lint.baseline.coverage import Coverage
from ssot_lint.baseline.entries import Entry, Identity, cells_of
from ssot_lint.finding import Finding, Span

RULES = ("env-access", "forbidden-use", "syntax-error")


def identity(text: str) -> Identity:
    """The identity in `PATH SCOPE SUBJECT [RULE]`; parts of the subject have `+` between."""
    path, scope, subject, *rule = text.split()
    return Identity(rule[0] if rule else RULES[0], path, scope, tuple(subject.split("+")))


def entry(text: str) -> Entry:
    """The entry in `PATH SCOPE SUBJECT [RULE] [#ORDINAL] [cap=CAP] [@BATCH]`."""
    words = text.split()
    ordinal = next((int(word[1:]) for word in words if word[0] == "#"), 1)
    cap = next((int(word[4:]) for word in words if word.startswith("cap=")), None)
    batch = next((word[1:] for word in words if word[0] == "@"), "")
    own = identity(" ".join(word for word in words if not word.startswith(("#", "cap=", "@"))))
    return Entry(own, ordinal, cells_of(batch, cap))


def entries(*texts: str) -> list[Entry]:
    """An entry for each text."""
    return [entry(text) for text in texts]


def finding(text: str, line: int = 1, state: str = "new") -> Finding:
    """A finding of the identity in a text, with a value if `=VALUE` stands behind."""
    text, _, value = text.partition(" =")
    rule, path, scope, subject = identity(text)
    span = Span(line, 1, line, 2)
    plain = Finding(path, span, "SST402", rule, "message", "", scope, subject, "error", (), state)
    return plain._replace(value=int(value)) if value else plain


def findings(texts: Iterable[str]) -> list[Finding]:
    """A finding for each text, each on a line of its own."""
    return [finding(text, line) for line, text in enumerate(texts, 1)]


def coverage(
    parsed: str = "a.py b.py",
    *,
    broken: str = "",
    unseen: str = "",
    lacking: str = "",
    older_python: str = "",
    rules: Collection[str] = RULES,
    is_whole: bool = True,
    uncovered: Collection[tuple[str, str]] = (),
) -> Coverage:
    """A run over files, given with blanks between; `unseen` ones are there, but were not looked at."""
    there = {*parsed.split(), *broken.split(), *unseen.split()}
    return Coverage(
        is_whole,
        frozenset(rules),
        frozenset(parsed.split()),
        frozenset(broken.split()),
        there.__contains__,
        lambda rule, path: (rule, path) not in uncovered,
        lambda _rule, path: path in lacking.split(),
        older_python,
    )
