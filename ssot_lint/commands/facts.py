"""`ssot-lint facts`: make facts ahead of a run, on one machine or on several."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ssot_lint.commands import _work, say
from ssot_lint.files import UsageError
from ssot_lint.reports import counted, neutral

if TYPE_CHECKING:
    from ssot_lint.config import Config
    from ssot_lint.facts.store import Store
    from ssot_lint.files import Source

_EPILOG = """\
examples:
  ssot-lint facts                              parse what the cache does not know yet
  ssot-lint facts --shard 3/8 -o part-3.db     the third of eight parts of the files, into a file
  ssot-lint facts merge part-*.db              add such files to the cache

Which part a file is of depends on its path alone. A part fits where ssot-lint makes the same version of facts
and Python is the same.
"""


class Shard(NamedTuple):
    """One of so many parts of the files; the first has the number 1."""

    number: int
    of: int

    def has(self, path: str) -> bool:
        """Whether a file, given by its path from the root, is of this part."""
        return crc32(path.encode("utf-8", "surrogateescape")) % self.of == self.number - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `facts` can be told."""
    parser.description = (
        "Make facts ahead of a run, on one machine or on several, and keep them in the cache."
    )
    parser.epilog = _EPILOG
    parser.add_argument(
        "action", nargs="?", choices=("merge",), metavar="merge", help="add files of parts to the cache"
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="the files to merge")
    parser.add_argument(
        "--shard", type=_shard, metavar="I/N", help="one part of N of the files, I from 1 to N"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the facts of these files to a file, too"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no more than errors")
    _work.add_config(parser)
    _work.add_jobs(parser)
    _work.add_executor(parser)


def run(args: argparse.Namespace) -> int:
    """Make or merge facts. Raises UsageError."""
    from ssot_lint.config import load
    from ssot_lint.facts.store import opened

    if args.action and (args.shard or args.output):
        raise UsageError("`merge` adds to the cache: `--shard` and `--output` do not go with it")
    if args.action and not args.parts:
        raise UsageError("`merge` needs the files to merge")
    if args.shard and not args.output:
        raise UsageError("`--shard` needs `--output FILE`, which other machines can merge")
    config = load(args.config, Path.cwd())
    with opened(config.root) as store:
        told = _merged(args.parts, store) if args.action else _made(args, config, store)
        if store.note:
            raise UsageError(store.note)
    if not args.quiet:
        print("\n".join(map(neutral, told)))
    return 0


def _merged(parts: Sequence[str], store: Store) -> list[str]:
    """Add files to the store; return what to tell about each. Raises UsageError."""
    from ssot_lint.facts.parts import PartError, merge_part

    told = []
    for part in parts:
        try:
            told.append(f"{part}: facts of {counted(merge_part(part, store), 'text')}")
        except PartError as error:
            raise UsageError(f"`{part}` {error}") from None
    return told


def _made(args: argparse.Namespace, config: Config, store: Store) -> list[str]:
    """Make the facts that the store lacks; return what to tell. Raises UsageError."""
    from ssot_lint import tree
    from ssot_lint.choice import choose
    from ssot_lint.commands._progress import progress_bar
    from ssot_lint.executors import opened

    choice = choose(config, (), None, store.stamps())
    sources = [each for each in choice.sources if args.shard is None or args.shard.has(each.path)]
    with opened(args.executor) as executor, progress_bar(sys.stderr, wanted=not args.quiet) as progress:
        loaded = tree.load(
            config.root,
            choice._replace(sources=sources),
            store,
            jobs=args.jobs,
            progress=progress,
            executor=executor,
        )
    store.remember(choice.stamps)
    if not args.quiet:
        for note in (*choice.notes, *loaded.notes):
            say(f"note: {note}")
    told = [f"{counted(len(sources), 'file')}, of which {loaded.parsed} were parsed"]
    if args.output is not None:
        told.append(f"{args.output}: facts of {counted(_written(args.output, store, sources), 'text')}")
    return told


def _written(output: Path, store: Store, sources: Sequence[Source]) -> int:
    """Write a part; return the number of texts in it. Raises UsageError."""
    from ssot_lint.facts.parts import write_part

    try:
        return write_part(output, store, (each.digest for each in sources if each.digest))
    except (OSError, sqlite3.Error) as error:
        raise UsageError(f"`{output}` cannot be written: {error}") from None


def _shard(text: str) -> Shard:
    """Read `I/N`. Raises argparse.ArgumentTypeError."""
    number, _, of = text.partition("/")
    if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return Shard(int(number), int(of))
    raise argparse.ArgumentTypeError(f"expected a part such as 3/8, found `{text}`")
