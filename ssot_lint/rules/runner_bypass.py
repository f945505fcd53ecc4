"""Finds calls and commands that run tests past the one test runner.

*Why is this bad?* What the runner sets up (services, isolation, markers, reports) is missing in such a run:
a test passes there and fails in CI, or the other way round. Most of these calls stand under a
`if __name__ == "__main__"` guard at the end of a test file, copied from file to file.

*Use instead* the file under `runner`: `python tests/run.py tests/test_orders.py`.

*Limits* Commands are read where they are written as a string, a list or a tuple, in the call or bound to a
name that is passed to it, and no further than a thousand characters. Commands that only show something
(`pytest --version`, `--collect-only`) run no tests.

*Fix* removes a `__main__` guard that does nothing but call a runner of `runners`, with the imports and the
`sys.exit` that go with it, and is safe. For all other calls and for commands no fix is offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ssot_lint.facts.model import (
    ALONE,
    CALL,
    CONTAINS,
    GET_ITEM,
    INSTANCE_OF,
    ITERATE,
    LOCAL,
    READ,
    Arguments,
    Use,
    place,
)
from ssot_lint.file import File
from ssot_lint.finding import REMOVE, Edit, Fix, Problem, Span
from ssot_lint.project import Project
from ssot_lint.references import Used, resolved
from ssot_lint.rules._rule import Example, Options, Rule, option
from ssot_lint.rules._symbols import SymbolPatterns, symbols

_STARTERS = symbols(
    (
        *("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"),
        *("subprocess.Popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
        *("os.system", "os.popen", "os.exec*", "os.spawn*", "os.posix_spawn*"),
        *("asyncio.create_subprocess_*", "asyncio.subprocess.create_subprocess_*"),
    )
)
_COMMAND_KEYWORDS = frozenset(("args", "cmd", "command", "executable", "program"))
_BEFORE_COMMANDS = frozenset(
    ("-m", "-c", "run", "exec", "env", "sudo", "time", "nohup", "--", "&&", "||", ";", "|", "&")
)
"""What stands before a word that is run, as in `python -m pytest`, and not before `pip install pytest`."""
_READS = frozenset((READ, GET_ITEM, CONTAINS, INSTANCE_OF, ITERATE, ALONE))
_EXITS = frozenset(("sys.exit", "builtins.exit", "builtins.quit", "builtins.SystemExit"))
_RUN_NOTHING = frozenset(
    ("--version", "-V", "--help", "-h", "--collect-only", "--co", "--markers", "--fixtures")
)


@dataclass(frozen=True, kw_only=True)
class RunnerBypassOptions(Options):
    """What `[[runner-bypass]]` can be told."""

    runner: str = option(
        "the file of the runner that is to be used, which may do all this itself, in gitignore syntax",
        default="",
        example='"tests/run.py"',
    )
    runners: tuple[str, ...] = option(
        "functions and classes that run tests when called, by dotted name",
        default=(
            *("pytest.main", "pytest.console_main", "_pytest.config.main", "_pytest.config.console_main"),
            *("unittest.main", "unittest.TestProgram", "unittest.main.TestProgram", "unittest.main.main"),
            *("unittest.TextTestRunner", "unittest.runner.TextTestRunner"),
            *("nose.run", "nose.main", "nose.runmodule", "nose2.discover", "nose2.main"),
        ),
    )
    commands: tuple[str, ...] = option(
        "programs and modules that run tests, in the commands that the code starts",
        default=("pytest", "py.test", "unittest"),
    )
    guards: Literal["all", "allow"] = option(
        "what stands under a `__main__` guard: the same as other code, or allowed", default="all"
    )


class Bypass(NamedTuple):
    """A call that runs tests past the runner."""

    span: Span
    name: str  # what is called, by its dotted name
    command: str  # the word of the command that runs tests, "" where what is called runs them itself
    is_guarded: bool  # stands under a `__main__` guard


def check(file: File, project: Project, options: RunnerBypassOptions) -> Iterator[Problem]:
    """Yields every call that runs tests, and every call that starts a command which does."""
    runners = symbols(options.runners)
    if not _may_run_tests(file, runners):
        return
    found = list(bypasses(file, project, options))
    removal = None
    if any(each.is_guarded and not each.command for each in found) and file.details.main_guard is not None:
        removal = _removal(file, project, runners, file.details.main_guard)
    for each in found:
        yield _problem(each, options.runner, removal if each.is_guarded and not each.command else None)


def bypasses(file: File, project: Project, options: RunnerBypassOptions) -> Iterator[Bypass]:
    """The calls of a file that the options speak of."""
    runners = symbols(options.runners)
    allowed = (*options.allow_in, options.runner) if options.runner else options.allow_in
    if project.matches(allowed, file.path):
        return
    guard = file.details.main_guard
    calls = (use for use in file.details.uses if use.how == CALL)
    for used in resolved(calls, file, project):
        name = _called(used, project, runners, allowed)
        if name:
            for span, arguments in zip(used.use.spans(), used.use.arguments):
                command = "" if runners.match(name) else _command(arguments, options.commands)
                is_guarded = guard is not None and guard.line <= span.line <= guard.end_line
                if (command or runners.match(name)) and not (is_guarded and options.guards == "allow"):
                    yield Bypass(span, name, command, is_guarded)


def _may_run_tests(file: File, runners: SymbolPatterns) -> bool:
    names = file.references.names
    return file.references.has_star or runners.match_any(names) or _STARTERS.match_any(names)


def _called(used: Used, project: Project, runners: SymbolPatterns, allowed: tuple[str, ...]) -> str:
    """The runner, or what starts commands, that is called; "" where an allowed file hands it on."""
    for meaning in used.steps[-1]:
        for name in project.names(meaning):
            if runners.match(name) or _STARTERS.match(name):
                if any(project.matches(allowed, path) for path in meaning.via):
                    break
                return name
    return ""


def _command(arguments: Arguments, commands: tuple[str, ...]) -> str:
    """The word of a command that is run and runs tests, "" where there is none."""
    passed = [text for place, text in arguments.literals if place.isdecimal() or place in _COMMAND_KEYWORDS]
    words = [word.strip("\"'()") for word in " ".join(passed).replace(";", " ; ").split()]
    if not _RUN_NOTHING.isdisjoint(words):
        return ""
    before = ";"
    for word in words:
        program = word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
        if program in commands and (before in _BEFORE_COMMANDS or _sets_variable(before)):
            return program
        before = word
    return ""


def _sets_variable(word: str) -> bool:
    """Whether a word is an assignment before a command, as in `CI=1 pytest`."""
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _removal(file: File, project: Project, runners: SymbolPatterns, guard: Span) -> Fix | None:
    """Removes the guard, if all that it does is to run tests: what it only reads goes for nothing."""
    inside = range(place(guard.line, 0), place(guard.end_line + 1, 0)).__contains__

    def acts(use: Use) -> bool:
        return use.how not in _READS and any(map(inside, use.places))

    def runs_or_exits(used: Used) -> bool:
        names = [name for meaning in used.steps[-1] for name in project.names(meaning)]
        return bool(names) and all(runners.match(name) or name in _EXITS for name in names)

    modules = {"sys", *(name.partition(".")[0] for name in runners.exact)}
    imports = (entry for entry in file.details.imports if inside(place(*entry.statement[:2])))
    if (
        any(entry.level or entry.module.partition(".")[0] not in modules for entry in imports)
        or any(guard.line <= extent.line <= guard.end_line for extent in file.details.extents)
        or any(use.home == LOCAL and acts(use) for use in (*file.details.uses, *file.bodies.members))
        or not all(map(runs_or_exits, resolved(filter(acts, file.details.uses), file, project)))
    ):
        return None
    return Fix("Remove the `__main__` guard", (Edit(REMOVE, guard),), True)


def _problem(bypass: Bypass, runner: str, fix: Fix | None) -> Problem:
    span, name, command, is_guarded = bypass
    what = f"runs `{command}`" if command else "runs tests"
    past = f"the runner `{runner}`" if runner else "the runner"
    where = ", under a `__main__` guard" if is_guarded else ""
    return Problem(span, f"`{name}` {what} past {past}{where}", (name, command), fix=fix)


RULE = Rule(
    id="runner-bypass",
    code="SST503",
    options=RunnerBypassOptions,
    check=check,
    doc=__doc__,
    bad=(
        Example(
            "under a guard, by another name, and as commands",
            {
                "ssot-lint.toml": '[[runner-bypass]]\nrunner = "tests/run.py"\n',
                "tests/test_orders.py": (
                    "import pytest\n"
                    "def test_pay(): ...\n"
                    'if __name__ == "__main__":\n'
                    '    pytest.main([__file__, "-v"])  # [runner-bypass]\n'
                ),
                "tests/test_refunds.py": (
                    "from unittest import TestCase, main as run\n"
                    'if __name__ == "__main__":\n'
                    "    run()  # [runner-bypass]\n"
                ),
                "scripts/nightly.py": (
                    "import os, subprocess, sys\n"
                    "def nightly(path):\n"
                    '    subprocess.run([sys.executable, "-m", "pytest", path])  # [runner-bypass]\n'
                    '    os.system("cd app && pytest -x")  # [runner-bypass]\n'
                ),
            },
            fixed={
                "tests/test_orders.py": "def test_pay(): ...\n",
                "tests/test_refunds.py": "from unittest import TestCase\n",
            },
        ),
    ),
    good=(
        Example(
            "the runner, pytest for other things, and commands that run no tests",
            {
                "ssot-lint.toml": '[[runner-bypass]]\nrunner = "tests/run.py"\n',
                "tests/run.py": "import pytest\npytest.main()\n",
                "tests/test_orders.py": (
                    "import pytest, subprocess, unittest\n"
                    "import tests.run\n"
                    '@pytest.fixture(name="main")\n'
                    "def orders(): ...\n"
                    "def main(): ...\n"
                    'if __name__ == "__main__":\n'
                    "    main()\n"
                    '    subprocess.run(["pip", "install", "pytest"])\n'
                    '    subprocess.run(["python", "tests/run.py", "pytest"])\n'
                    '    subprocess.run(["pytest", "--version"])\n'
                ),
            },
        ),
        Example(
            "guards that are allowed",
            {
                "ssot-lint.toml": '[[runner-bypass]]\nguards = "allow"\n',
                "tests/test_orders.py": (
                    'import unittest\nif __name__ == "__main__":\n    unittest.main()\n'
                ),
            },
        ),
    ),
)
