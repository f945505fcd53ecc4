"""Finds suppression comments without a reason.

*Why is this bad?* Nobody can tell later whether the exception still holds.

*Use instead* `# ssot: allow rule -- reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the suppressions of the file that say no reason."""
    for suppression in file.details.suppressions:
        if not suppression.reason:
            message = "say why after two dashes: `# ssot: allow rule -- reason`"
            yield Problem(suppression.span, message, ("reasonless", *suppression.rules))


RULE = Rule(
    id="reasonless-suppression",
    code="SST902",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    is_local=True,
    about="suppressions",
    bad=(
        Example(
            "no reason",
            {
                "ssot-lint.toml": '[[forbidden-import]]\ntargets = ["requests"]\n',
                "app.py": "import requests  # ssot: allow forbidden-import  # [reasonless-suppression]\n",
            },
        ),
    ),
    good=(
        Example(
            "a reason",
            {
                "ssot-lint.toml": '[[forbidden-import]]\ntargets = ["requests"]\n',
                "app.py": "import requests  # ssot: allow forbidden-import -- until the client is moved\n",
            },
        ),
    ),
)
