"""`ssot-lint history --replay`: what the hook would have stopped."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from ssot_lint.commands import _outputs, _work, say
from ssot_lint.commands._progress import progress_bar
from ssot_lint.config import Config
from ssot_lint.files import UsageError
from ssot_lint.insight.lines import WIDTH
from ssot_lint.insight.replay.pipeline import replay
from ssot_lint.insight.replay.texts import FORMATS, render


def run(args: argparse.Namespace, config: Config) -> int:
    """Replay the past, write the reports, and return 0. Raises UsageError."""
    outputs = _outputs.resolved(args.output_file, args.format)
    for name in (args.format, *(output.format for output in outputs)):
        if name not in FORMATS:
            raise UsageError(f"`--replay` has no format `{name}`, there are {', '.join(FORMATS)}")
    if not config.instances:
        raise UsageError(f"`--replay {','.join(args.replay)}`: none of these rules is configured")
    if args.by:
        raise UsageError("`--by` is about samples, which `--replay` does not take: it looks at every commit")
    with progress_bar(sys.stderr, wanted=not args.quiet, task="replaying", unit="commits") as progress:
        found = replay(
            config,
            rev=args.rev,
            since=args.since,
            until=args.until,
            paths=[_work.below(config.root, path) for path in args.paths],
            jobs=args.jobs,
            use_cache=not args.no_cache,
            progress=progress,
        )
    project = os.path.basename(os.path.realpath(config.root))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    _outputs.report(
        args,
        outputs,
        lambda output: render(output.format, project, found),
        lambda: render(args.format, project, found, width),
    )
    if not args.quiet:
        for note in found.notes:
            say(f"note: {note}")
    return 0
