"""Arguments of every command that lints: which configuration, and how the work is done."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from ssot_lint.files import UsageError, path_below

Arguments = argparse.ArgumentParser | argparse._ArgumentGroup


def add_config(parser: Arguments) -> None:
    """Let a parser or a group of it know the configuration."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration to use instead of the nearest one"
    )


def add_choice_of_rules(parser: Arguments) -> None:
    """Let a parser or a group of it know which rules to run."""
    parser.add_argument(
        "--select",
        type=rule_list,
        action="extend",
        default=[],
        metavar="RULES",
        help="run these rules only: ids, codes or beginnings of codes, with commas between",
    )
    parser.add_argument(
        "--ignore",
        type=rule_list,
        action="extend",
        default=[],
        metavar="RULES",
        help="do not run these rules",
    )


def rule_list(text: str) -> list[str]:
    """Return the words of a text that has commas between them."""
    return [word for word in (part.strip() for part in text.split(",")) if word]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a parser know the configuration, the number of processes, and whether to use the cache."""
    add_config(parser)
    add_effort(parser)


def add_effort(parser: Arguments) -> None:
    """Let a parser or a group of it know the number of processes, and whether to use the cache."""
    add_jobs(parser)
    parser.add_argument("--no-cache", action="store_true", help="read and parse every file anew")


def start(paths: Sequence[str | None]) -> Path:
    """Return the file or folder to look for the configuration from: what all paths have in common."""
    named = [os.path.abspath(path) for path in paths if path]
    return Path(os.path.commonpath(named)) if named else Path.cwd()


def below(root: Path, name: str) -> str:
    """Return the path from the root of what is named from the working folder, "" for the root itself.

    Raises UsageError for what lies elsewhere.
    """
    top = os.path.realpath(root)
    path = "" if os.path.realpath(name) == top else path_below(top, os.path.abspath(name))
    if path is None:
        raise UsageError(f"`{name}` lies outside of the project root {top}")
    return path


def positive(text: str) -> int:
    """Return the number from 1 up that a text names. Raises argparse.ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 up, found `{text}`")
    return int(text)


def add_jobs(parser: Arguments) -> None:
    """Let a parser or a group of it know the number of processes."""
    parser.add_argument(
        "-j", "--jobs", type=positive, metavar="N", help="worker processes (default: one for each core)"
    )


def add_executor(parser: Arguments) -> None:
    """Let a parser or a group of it know who parses."""
    parser.add_argument(
        "--executor",
        metavar="ADDRESS",
        help="let a cluster parse: dask://HOST:PORT, whose workers have this version of ssot-lint and Python",
    )
