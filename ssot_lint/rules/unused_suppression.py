"""Finds suppression comments that suppress nothing.

*Why is this bad?* A comment that outlived its reason hides the next finding on its line.

*Use instead* nothing: delete the comment.

*Fix* deletes it, which is safe, and leaves what stands behind a further `#` on the line. A comment that names
no rule, or one that does not exist, was meant for something: there no fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ssot_lint.file import File
from ssot_lint.finding import UNCOMMENT, Edit, Fix, Problem
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the suppressions of the file that the run did not need."""
    for suppression in project.unused_suppressions.get(file.path, ()):
        rules = suppression.rules
        is_known = bool(rules) and all(rule in project.rule_words for rule in rules)
        fix = Fix("Delete the comment", (Edit(UNCOMMENT, suppression.span),), True) if is_known else None
        yield Problem(suppression.span, _message(rules, project), ("unused", *rules), fix=fix)


def _message(rules: Sequence[str], project: Project) -> str:
    if not rules:
        return "this comment names no rule: write `# ssot: allow rule -- reason`"
    for rule in rules:
        if rule not in project.rule_words:
            from difflib import get_close_matches

            near = get_close_matches(rule, project.rule_words, 1)
            return f"there is no rule `{rule}`" + (f", did you mean `{near[0]}`?" if near else "")
    return "nothing is found here of " + ", ".join(f"`{rule}`" for rule in rules)


RULE = Rule(
    id="unused-suppression",
    code="SST901",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    about="suppressions",
    bad=(
        Example(
            "nothing to suppress, and a rule that does not exist",
            {
                "app.py": (
                    "import os  # ssot: allow forbidden-import -- old  # [unused-suppression]\n"
                    "import re  # ssot: allow no-such-rule -- typo  # [unused-suppression]\n"
                ),
            },
            fixed={
                "app.py": (
                    "import os\nimport re  # ssot: allow no-such-rule -- typo  # [unused-suppression]\n"
                ),
            },
        ),
    ),
    good=(
        Example(
            "a suppression at work, and a string that looks like one",
            {
                "ssot-lint.toml": '[[forbidden-import]]\ntargets = ["requests"]\n',
                "app.py": (
                    "import requests  # ssot: allow forbidden-import -- until the client is moved\n"
                    'HELP = "# ssot: allow forbidden-import"\n'
                ),
            },
        ),
    ),
)
