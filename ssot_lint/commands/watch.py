"""`ssot-lint watch`: live counts while files change."""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ssot_lint.baseline import batches
from ssot_lint.commands import _outputs, _work, say
from ssot_lint.commands import _watch_view as view
from ssot_lint.commands._progress import progress_bar
from ssot_lint.commands._watch_events import Events, changes, understood
from ssot_lint.commands._watch_state import Counts, State, count, follow
from ssot_lint.config import Config, load
from ssot_lint.files import GitError, UsageError
from ssot_lint.processes import ending_on_signals
from ssot_lint.session import Session

_EPILOG = """\
examples:
  ssot-lint watch                     count in the whole project, until Ctrl-C
  ssot-lint watch src/billing         count in this folder; answers still come from the whole project
  ssot-lint watch --select SST2       watch these rules only
  ssot-lint watch | tee clean-up.log  without a terminal: a line for each change of the counts

The counts are those of `ssot-lint check` and its baseline. Nothing is written.
exit codes: 0 ended by Ctrl-C or SIGTERM, 2 a mistake in the command line, the configuration or the baseline
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `watch` can be told."""
    parser.description = "Show live counts while files change, such as in the course of a migration."
    parser.epilog = _EPILOG
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file or folder to count in (default: the project)"
    )
    _work.add_choice_of_rules(parser)
    _work.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Watch until Ctrl-C or SIGTERM, and return the exit code. Raises UsageError."""
    config = _config(args)
    root = os.path.realpath(config.root)
    below = [_work.below(config.root, path) for path in args.paths]
    events = changes(root)
    next(events)  # from here on nothing is missed
    watched = _Watched(args, config, below)
    start = watched.counts()
    state = State(os.path.basename(root), start, start)
    with ending_on_signals(), _display(state) as show:
        try:
            for changed in events:
                before = state
                if changed:
                    state = _after(watched, state, understood(watched.session, root, changed))
                show(before, state)
        except (KeyboardInterrupt, SystemExit):
            pass  # Ctrl-C, or a signal that ends it
    print(view.summary(state))
    return 0


def _config(args: argparse.Namespace) -> Config:
    return load(args.config, _work.start(args.paths), select=args.select, ignore=args.ignore)


class _Watched:
    """The project that is watched, opened anew where it has to be."""

    def __init__(self, args: argparse.Namespace, config: Config, below: Sequence[str]) -> None:
        self._args = args
        self._below = below
        self.session = self._opened(config)
        self._batches = batches.load(config.root).by_name
        for note in self.session.notes:
            say(f"note: {note}")

    def _opened(self, config: Config) -> Session:
        gc.unfreeze()  # of the project that was loaded before, and is let go
        gc.disable()  # facts are many and hold no cycles
        try:
            with progress_bar(sys.stderr) as progress:
                return Session(
                    config,
                    use_cache=not self._args.no_cache,
                    jobs=self._args.jobs,
                    progress=progress,
                    wants_fixes=False,
                )
        finally:
            gc.freeze()
            gc.enable()

    def take(self, events: Events) -> None:
        """Takes in what changed. Raises UsageError, after which everything has to be read anew."""
        if events.is_whole:
            self.session = self._opened(_config(self._args))
        else:
            self.session.reread_all(sorted(events.paths))
        if events.is_whole or events.about_baseline:
            self.session.reread_baseline()
            self._batches = batches.load(self.session.config.root).by_name

    def counts(self) -> Counts:
        """The counts of now."""
        whole = self.session.whole(self._holds) if self._below else self.session.whole()
        return count(self.session.config, whole, self._batches, batches.today())

    def _holds(self, path: str) -> bool:
        return any(not top or path == top or path.startswith(f"{top}/") for top in self._below)


def _after(watched: _Watched, state: State, events: Events) -> State:
    """The state after what changed; where counts cannot be taken, as half way in an edit, the last stay."""
    if events == Events():
        return state
    if state.trouble:
        events = Events(is_whole=True)
    try:
        watched.take(events)
        now = watched.counts()
    except (UsageError, GitError) as error:
        return state._replace(trouble=" ".join(str(error).split()))
    return follow(state, now, datetime.datetime.now())


@contextmanager
def _display(state: State) -> Iterator[Callable[[State, State], None]]:
    """Yields what shows a state after another: on a terminal the whole screen, else a line."""
    if sys.stdout.isatty():
        with _on_terminal(state) as show:
            yield show
    else:
        print(view.first_line(state), flush=True)
        yield _log


def _log(before: State, after: State) -> None:
    if after.trouble and after.trouble != before.trouble:
        say(f"not up to date: {after.trouble}")
    told = view.line(before, after)
    if told:
        print(told, flush=True)


@contextmanager
def _on_terminal(state: State) -> Iterator[Callable[[State, State], None]]:
    from rich.console import Console
    from rich.live import Live

    _, colour = _outputs.display("auto", True, os.environ)
    console = Console(no_color=not colour, highlight=False)
    # Drawing from here and not from a thread keeps worker processes safe to fork at any time.
    with Live(view.Screen(state), console=console, screen=True, auto_refresh=False) as live:
        size = console.size

        def show(before: State, after: State) -> None:
            nonlocal size
            if after is not before or console.size != size:
                size = console.size
                live.update(view.Screen(after), refresh=True)

        yield show
