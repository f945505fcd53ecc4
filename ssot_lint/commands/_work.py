"""Arguments of every command that lints: which configuration, and how the work is done."""

from __future__ import annotations

import argparse
from pathlib import Path

Arguments = argparse.ArgumentParser | argparse._ArgumentGroup


def add_config(parser: Arguments) -> None:
    """Let a parser or a group of it know the configuration."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration to use instead of the nearest one"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a parser know the configuration, the number of processes, and whether to use the cache."""
    add_config(parser)
    add_effort(parser)


def add_effort(parser: Arguments) -> None:
    """Let a parser or a group of it know the number of processes, and whether to use the cache."""
    parser.add_argument(
        "-j", "--jobs", type=_positive, metavar="N", help="worker processes (default: one for each core)"
    )
    parser.add_argument("--no-cache", action="store_true", help="read and parse every file anew")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 up, found `{text}`")
    return int(text)
