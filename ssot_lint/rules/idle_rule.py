"""Finds rule instances of the configuration that look at no file.

*Why is this bad?* A check that stops covering its target passes for ever: a folder was renamed, a
pattern misspelt, and nobody is told.

*Use instead* a pattern that matches, or delete the instance.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the instances that match no file; the file is the configuration itself."""
    for instance in project.configuration:
        if instance.is_idle:
            wanted = ", ".join(f"`{pattern}`" for pattern in instance.paths) or "its paths"
            message = f"this {instance.rule} instance matches no file: nothing is left of {wanted}"
            yield Problem(instance.span, message, (instance.rule, instance.name, *instance.paths))


RULE = Rule(
    id="idle-rule",
    code="SST903",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    about="configuration",
    bad=(
        Example(
            "a folder that is not there",
            {
                "ssot-lint.toml": (
                    '[[forbidden-import]]  # [idle-rule]\ntargets = ["requests"]\npaths = ["srv/"]\n'
                ),
                "server/app.py": "",
            },
        ),
    ),
    good=(
        Example(
            "a folder that is there",
            {
                "ssot-lint.toml": '[[forbidden-import]]\ntargets = ["requests"]\npaths = ["server/"]\n',
                "server/app.py": "",
            },
        ),
    ),
)
