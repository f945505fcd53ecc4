"""Finds files that are no Python text at all: wrong encodings, null bytes, merge-conflict markers.

*Why is this bad?* Nothing can be said about such a file: it is not broken code, it is not code. Most
are an accident of a tool or of an unfinished merge.

*Use instead* UTF-8 without null bytes, and the side of the conflict that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the one reason why the file is no text of Python."""
    fault = file.outline.fault
    if fault is not None and fault.kind in ("undecodable", "unreadable", "conflict"):
        yield Problem(fault.span, fault.cause or fault.message, (fault.kind,))


RULE = Rule(
    id="undecodable-source",
    code="SST002",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    is_local=True,
    bad=(
        Example(
            "an unfinished merge",
            {
                "prices.py": (
                    "<<<<<<< HEAD  # [undecodable-source]\nRATE = 3\n=======\nRATE = 4\n>>>>>>> feature\n"
                ),
            },
        ),
        Example("a null byte", {"prices.py": "RATE = 3\nNAME = '\0'  # [undecodable-source]\n"}),
    ),
    good=(
        Example("marks in a string are text", {"prices.py": 'HELP = """\n<<<<<<< HEAD\n"""\n'}),
        Example("broken code is another rule's", {"prices.py": "RATE = (3\n"}),
    ),
)
