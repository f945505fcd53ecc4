"""Finds files that this Python cannot compile.

*Why is this bad?* A file that does not compile runs nothing and tests nothing, and every other check
passes it over: the rest of this tool included. Whatever `compile()` rejects counts, also what a parser
alone lets pass, such as `return` outside a function.

*Use instead* the last good revision of the file, which `ssot-lint restore` finds and puts back. The likely
cause is named where it is certain.

*Limits* Which errors there are depends on the Python that judges: the message says which one did, and
when the project's `requires-python` asks for another.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.facts.model import SyntaxFault
from ssot_lint.file import File
from ssot_lint.finding import Problem
from ssot_lint.project import Project
from ssot_lint.rules._rule import Example, Options, Rule
from ssot_lint.rules._versions import admits


def check(file: File, project: Project, options: Options) -> Iterator[Problem]:
    """Yields the one reason why the file does not compile."""
    fault = file.outline.fault
    if fault is not None and fault.kind in ("syntax", "crash"):
        yield Problem(fault.span, _message(fault, project.requires_python), (fault.kind,))


def _message(fault: SyntaxFault, requires_python: str) -> str:
    judge = f"Python {fault.python}"
    if requires_python and not admits(requires_python, fault.python):
        judge += f", but requires-python is `{requires_python}`"
    return f"{fault.cause} ({fault.message}; {judge})" if fault.cause else f"{fault.message} ({judge})"


RULE = Rule(
    id="syntax-error",
    code="SST001",
    options=Options,
    check=check,
    doc=__doc__,
    default=True,
    is_local=True,
    bad=(
        Example(
            "a bracket that is never closed",
            {"tests/test_payment.py": "total = sum([1, 2, 3)  # [syntax-error]\n"},
        ),
        Example("what only the compiler rejects", {"job.py": "if True:\n    return 1  # [syntax-error]\n"}),
    ),
    good=(
        Example("code that compiles", {"job.py": "def run():\n    return 1\n"}),
        Example("a file whose bytes are no text is another rule's", {"job.py": "# a null: \0\n"}),
    ),
)
