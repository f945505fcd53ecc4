"""The command line: finds the verb, parses its arguments, runs it, and turns outcomes into exit codes."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn, TextIO

from ssot_lint import __version__
from ssot_lint.commands import add_traceback, say

VERBS = {
    "init": "propose a configuration from what the tree itself shows",
    "check": "report where the code strays from the configuration",
    "migrate": "fix many files in batches, each of which is proved to be right or taken back",
    "restore": "find the last good revision of files that do not compile, and put it back",
    "baseline": "carry old findings until they are gone, and see what is left of them",
    "gate": "measure how far the project is from its goals",
    "report": "show where the clean-up stands, as a page, a table or a comment",
    "history": "show how it came to this, or what the hook would have stopped",
    "collection": "measure what pytest collects, and compare it with the record",
    "watch": "show live counts while files change",
    "rules": "list the rules",
    "explain": "print the page of a rule: why, examples, options",
    "config": "show the configuration in force, or its schema",
    "facts": "parse ahead of a run, and join what several machines have parsed",
    "cache": "show or clear what is remembered between runs",
    "lsp": "answer an editor as a language server",
}
_EPILOG = """\
examples:
  ssot-lint check                     lint the whole project
  ssot-lint check src/billing tests   report on these folders; answers come from the whole project
  ssot-lint explain forbidden-import  read what a rule is about
  ssot-lint config show               see what is configured, and where

`ssot-lint COMMAND --help` tells all about a command.
exit codes: 0 clean, 1 findings, 2 a mistake in the command line or the configuration, or an internal error,
5 debt that is past its day, or a gate that is not met; the help of a command tells all of its own
"""
_PROGRAM = "ssot-lint"
_PASSING_ON = ("collection",)  # verbs that hand what follows `--` on to another program
_FAILED = 2
_INTERRUPTED = 130
_CLOSED_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    if argv is None:
        # Facts are many and hold no cycles: to look for some takes longer than all the rules.
        gc.disable()
        atexit.register(gc.freeze)  # Python looks once more when it ends
    arguments = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    try:
        code = _run(arguments)
        print(end="", flush=True)
    except KeyboardInterrupt:
        say("interrupted")
        return _INTERRUPTED
    except Exception as error:
        return _failed(error, arguments)
    return code


def _run(arguments: list[str]) -> int:
    word = next((argument for argument in arguments if not argument.startswith("-")), None)
    if word is not None and word not in VERBS:
        return _refuse(word)
    passed_on: list[str] = []
    if word in _PASSING_ON and "--" in arguments:
        end = arguments.index("--")
        arguments, passed_on = arguments[:end], arguments[end + 1 :]
    parser = _parser(word)
    try:
        args, unknown = parser.parse_known_args(arguments, argparse.Namespace(passed_on=passed_on))
        if unknown:
            args.parser.error(f"unknown arguments: {' '.join(unknown)}")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    if args.verb is None:
        parser.print_help(sys.stderr)
        return _FAILED
    code: int = args.run(args)
    return code


def _refuse(word: str) -> int:
    """Tell the user about a verb that does not exist; return the exit code."""
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, 1)
    if near:
        say(f"error: there is no command `{word}`, did you mean `{near[0]}`?")
    elif os.path.exists(word):
        say(f"error: there is no command `{word}`; to lint that path: `ssot-lint check {word}`")
    else:
        say(f"error: there is no command `{word}`")
    say("see `ssot-lint --help`")
    return _FAILED


class _Parser(argparse.ArgumentParser):
    """A parser whose errors name the command that helps."""

    def error(self, message: str) -> NoReturn:
        say(f"error: {message}")
        say(f"see `{self.prog} --help`")
        self.exit(_FAILED)


def _parser(named: str | None) -> _Parser:
    parser = _Parser(
        prog=_PROGRAM,
        usage=f"{_PROGRAM} [-h] [--version] [--traceback] COMMAND ...",
        description="Keeps one home for every thing: one definition, one base class, one import path.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    add_traceback(parser)
    # Left to itself, argparse would break the line of the longest verb.
    listed = "\n".join(f"{verb:<12}{summary}" for verb, summary in VERBS.items())
    verbs = parser.add_subparsers(
        prog=_PROGRAM, dest="verb", title="commands", description=listed, help=argparse.SUPPRESS
    )
    for verb in VERBS:
        command = verbs.add_parser(
            verb, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
        )
        # A verb that is not named needs no arguments, and its module need not be imported.
        if verb == named:
            module = import_module(f"ssot_lint.commands.{verb}")
            module.add_arguments(command)
            add_traceback(command)
            command.set_defaults(parser=command, run=module.run)
    return parser


def _prepare_streams() -> None:
    """Make the output streams take any text: one that is closed is replaced by nothing at all."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _failed(error: Exception, arguments: list[str]) -> int:
    """Tell the user about an error in a few lines; return the exit code."""
    if isinstance(error, OSError):
        _drop_what_cannot_be_written()
    if isinstance(error, BrokenPipeError):
        return _CLOSED_PIPE
    if _wants_traceback(arguments):
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__)
    elif _is(error, "ssot_lint.files", "UsageError"):
        for line in str(error).splitlines():
            say(f"error: {line}")
        say(_advice(error, arguments))
    else:
        from traceback import format_exception_only

        say(f"internal error: {format_exception_only(type(error), error)[-1].strip()}")
        say(f"see where it comes from: `{' '.join(['ssot-lint', *arguments])} --traceback`")
    return _FAILED


def _drop_what_cannot_be_written() -> None:
    """Let what standard output still holds go nowhere if it cannot be written, lest closing it fails too."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _wants_traceback(arguments: list[str]) -> bool:
    return "--traceback" in arguments or os.environ.get("SSOT_LINT_TRACEBACK", "0") not in ("", "0")


def _is(error: Exception, module: str, name: str) -> bool:
    """Whether an error is of a class, whose module was loaded by whoever raised it."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(error, kind)


def _advice(error: Exception, arguments: list[str]) -> str:
    if _is(error, "ssot_lint.config", "ConfigError"):
        return "see `ssot-lint config schema` for every key, `ssot-lint rules` for the rules"
    verb = next(word for word in arguments if word in VERBS)
    return f"see `ssot-lint {verb} --help`"
