"""`ssot-lint lsp`: be the language server of an editor."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_EPILOG = """\
An editor starts this command and talks to it; there is nothing to see in a terminal.
exit codes: 0 the editor has said goodbye, 1 it has gone without, 2 a mistake in the command line
"""
_PARTS = ("lsprotocol", "pygls")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `lsp` can be told."""
    parser.description = "Answer an editor as a language server, over standard input and output."
    parser.epilog = _EPILOG
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration to use instead of the nearest ones"
    )
    parser.add_argument(
        "--stdio", action="store_true", help="what is done anyway; some editors add it on their own"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until the editor leaves; return 1 where it leaves without a word."""
    from ssot_lint.commands._pages import page
    from ssot_lint.files import UsageError

    try:
        from ssot_lint.integrations.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PARTS:
            raise
        raise UsageError("the language server needs more: `pip install 'ssot-lint[lsp]'`") from None
    named = args.config and Path(os.path.abspath(args.config))
    with _wires() as (stdin, stdout):
        return 0 if serve(named, page, stdin, stdout) else 1


@contextmanager
def _wires() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Yield standard input and output for the editor alone: what others print goes to standard error."""
    wires = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    yield wires
