"""Problems, as a rule yields them, and findings, as everyone after the engine reads them."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

MODULE_SCOPE = "<module>"

FIRST_IDS: dict[str, str] = {}
"""The first ids of rules that have been renamed, by what they are called now.

Fingerprints are made of them and shards of the baseline are named after them, so that nothing need be
rewritten. None has been renamed yet.
"""


class Span(NamedTuple):
    """A stretch of source text: lines and columns 1-based, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Related(NamedTuple):
    """Another place that takes part in a problem."""

    path: str
    span: Span
    message: str


# Kinds of edits (`Edit.kind`).
REIMPORT = "reimport"
REPLACE = "replace"
IMPORT = "import"
TEXT = "text"
REMOVE = "remove"
UNCOMMENT = "uncomment"


class Edit(NamedTuple):
    r"""One step of a fix, as plain data; its span is one of the text that was checked.

    REIMPORT: the name that an import statement brings in at the span comes from `symbol`, a dotted name,
    under the name that it has in the file; with dots in front `symbol` is to be written as a relative import.
    REPLACE: the expression at the span becomes a reference to `symbol`, which is imported if need be, with
    `text` behind it, such as `.PAID` or `().get`; a pattern of `case` and a string in an annotation are none.
    IMPORT: the innermost definition around the span, decorators and all, becomes an import of `symbol` by
    its last name. TEXT: the characters at the span become `text`, in which lines end with `\n`. REMOVE: the
    innermost statement around the span goes. UNCOMMENT: the comment that begins at the span goes, up to the
    next `#` in it, with the blanks before it, and with its line if nothing else is on that. Imports that
    nothing needs any more because of an edit go with it.
    """

    kind: str
    span: Span
    symbol: str = ""
    text: str = ""


class Fix(NamedTuple):
    """How a problem is mended."""

    title: str  # what it does, for an editor, such as "Import `Money` from `shop.money`"
    edits: tuple[Edit, ...]
    is_safe: bool  # it cannot change what the code does


class Problem(NamedTuple):
    """What a rule yields: a place in its own file, what is wrong there, and what the problem is about.

    `subject` names the thing the problem is about, never its position or its text, so that the
    fingerprint made from it survives edits elsewhere in the file. Nor does it say what the scope of the
    finding does, in which it stands by its simple name: a method stays the same in a class of another name.
    `value` says how bad it is, the larger the worse, where that is a number, such as that of the methods of a
    class. It is no part of the identity: what the baseline carries is new again once it is worse.
    """

    span: Span
    message: str
    subject: tuple[str, ...]
    related: tuple[Related, ...] = ()
    value: int | None = None
    fix: Fix | None = None


class Finding(NamedTuple):
    """A problem with its rule, file and identity; the order of the fields is the order of reports."""

    path: str  # from the root of the project, with `/`
    span: Span
    code: str  # of the rule, such as "SST101"
    rule: str  # its id, such as "forbidden-import"
    message: str  # one line
    name: str  # of the instance of the rule, "" where the configuration gives none
    scope: str  # the qualified name of the class or function around it, or MODULE_SCOPE
    subject: tuple[str, ...]
    severity: str  # "error" or "warning"
    related: tuple[Related, ...]
    state: str = "new"
    justification: str = ""  # why it may stay, of one that is waived
    value: int | None = None  # how bad it is, where its rule says so
    fix: Fix | None = None

    @property
    def fingerprint(self) -> str:
        """Ten hexadecimal digits over (rule, path, scope, subject), the same across edits and machines."""
        return fingerprint_of(self.rule, self.path, self.scope, self.subject)


def fingerprint_of(rule: str, path: str, scope: str, subject: tuple[str, ...]) -> str:
    """Ten hexadecimal digits over what identifies a finding; a rule that was renamed has those of before."""
    identity = "\x1f".join(("v1", FIRST_IDS.get(rule, rule), path, scope, *subject))
    return blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
