"""The files that reports are written to."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from ssot_lint.commands._work import Arguments


class Output(NamedTuple):
    """A file that a report is written to."""

    format: str  # "" for that of the report that would be printed
    file: str


def add_arguments(parser: Arguments, formats: Mapping[str, str]) -> None:
    """Let a parser or a group of it know the formats that there are, the files, and whether to colour."""
    parser.add_argument(
        "--format",
        choices=tuple(formats),
        default="text",
        metavar="FORMAT",
        help="form of the report, one of those below (default: text)",
    )
    parser.add_argument(
        "-o",
        "--output-file",
        type=lambda text: parse(text, formats),
        action="append",
        default=[],
        metavar="[FORMAT=]FILE",
        help="write a report to a file too; without a format it is the report that would be printed, "
        "and nothing is",
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text; auto asks the terminal, NO_COLOR and FORCE_COLOR",
    )


def listed(formats: Mapping[str, str]) -> str:
    """Return the end of a help text that lists the formats."""
    return "formats:\n" + "".join(f"  {name:<8}  {what}\n" for name, what in formats.items())


def parse(text: str, formats: Collection[str]) -> Output:
    """Read `FORMAT=FILE` or `FILE`. Raises argparse.ArgumentTypeError."""
    name, equals, file = text.partition("=")
    if not equals:
        name, file = "", text
    elif name not in formats:
        raise argparse.ArgumentTypeError(f"there is no format `{name}`, there are {', '.join(formats)}")
    if file in ("", "-"):
        raise argparse.ArgumentTypeError("expected the name of a file; `--format` is what is printed")
    return Output(name, file)


def resolved(outputs: Sequence[Output], printed: str) -> list[Output]:
    """Return the files, each with its format: that of the report that would be printed where none is given.

    Raises UsageError where one file should hold two reports.
    """
    files = Counter(os.path.realpath(output.file) for output in outputs)
    for output in outputs:
        if files[os.path.realpath(output.file)] > 1:
            from ssot_lint.files import UsageError

            raise UsageError(f"more than one report would go to `{output.file}`")
    return [output._replace(format=output.format or printed) for output in outputs]


def report(
    args: argparse.Namespace,
    outputs: Sequence[Output],
    render: Callable[[Output], str],
    printed: Callable[[], str],
) -> None:
    """Write a report to every file, and print one unless a file got that.

    `args` are those that `add_arguments` declares, and `outputs` what `resolved` made of them. Raises
    UsageError in the end if a file cannot be written.
    """
    unwritten = _unwritten(outputs, render)
    if all(output.format for output in args.output_file):
        print(printed(), end="", flush=True)
    if unwritten:
        from ssot_lint.files import UsageError

        raise UsageError("\n".join(unwritten))


def _unwritten(outputs: Sequence[Output], render: Callable[[Output], str]) -> list[str]:
    """Write a report to every file; return what to tell about those that cannot be written."""
    failures = []
    for output in outputs:
        report = render(output).encode()
        try:
            _write(os.path.realpath(output.file), report)
        except OSError as error:
            failures.append(f"`{output.file}` cannot be written: {error.strerror or error}")
    return failures


def folder_in_repository(root: str | os.PathLike[str]) -> str:
    """Return the folder of a root in its repository, ending in `/`; "" for the top and outside of any."""
    from ssot_lint.files import repository_top

    real = os.path.realpath(root)
    top = repository_top(real)
    if top is None or top == real:
        return ""
    return f"{os.path.relpath(real, top)}/".replace(os.sep, "/")


def _write(target: str, data: bytes) -> None:
    """Write a file whole or not at all, making its folders; a device or a pipe takes the bytes as it is."""
    from ssot_lint.files import replace_file

    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as stream:
            stream.write(data)
        return
    with suppress(FileExistsError):  # a file is in the way: what comes next says so better
        os.makedirs(os.path.dirname(target), exist_ok=True)
    replace_file(target, data)


def display(color: str, is_terminal: bool, environment: Mapping[str, str]) -> tuple[bool, bool]:
    """Tell whether to lay the report out for a terminal, and whether to colour it."""
    if color == "always":
        return True, True
    is_terminal = is_terminal and environment.get("TERM") != "dumb"
    if color == "never" or environment.get("NO_COLOR"):
        return is_terminal, False
    shown = is_terminal or bool(environment.get("FORCE_COLOR"))
    return shown, shown
