"""A project on the desk: one session, and the thread that lints what is open in editors."""

from __future__ import annotations

import gc
import os
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from ssot_lint.config import Config, ConfigError, load
from ssot_lint.files import Columns, UndecodableError, UsageError, encoded, path_below, read_bytes, read_text
from ssot_lint.finding import Finding, Fix, Span
from ssot_lint.integrations.lsp.events import Configured, Draft, Event, Found, Loaded, Parsed, Said
from ssot_lint.integrations.lsp.homes import homes, instances_of
from ssot_lint.integrations.lsp.mending import Mended, mended
from ssot_lint.integrations.lsp.shown import Shown, diagnostic_of, mistake_at
from ssot_lint.integrations.lsp.texts import range_of
from ssot_lint.session import Session

_MANY = 100
"""From so many files that change at once, loading the project again is less work."""


class _StoppedError(Exception):
    """Nobody waits for the rest of the work."""


class _Wish(NamedTuple):
    """A document with fixes, for which somebody waits: with those of each tuple in a text of its own."""

    draft: Draft
    fixes: Sequence[tuple[Fix, ...]]
    texts: Future[tuple[Mended, ...]]


class Desk:
    """The project whose configuration is found from the folder `start`, or is the file `named`.

    `encoding` names the units of columns; `tell` is called with each event, by the thread of the desk.
    Everything public may be called at any time and returns at once, but for `join`.
    """

    def __init__(self, start: Path, named: Path | None, encoding: str, tell: Callable[[Event], None]) -> None:
        self.start = start
        self._named = named
        self._encoding = encoding
        self._tell = tell
        # What the thread is told; of a path only the last thing counts.
        self._bell = threading.Condition()
        self._news: dict[Path, Draft | None] = {}
        self._wishes: list[_Wish] = []
        self._is_to_load = True
        self._is_stopped = False
        # What the thread works with.
        self._session: Session | None = None
        self._root = ""  # without links
        self._drafts: dict[Path, Draft] = {}
        self._columns: dict[str, Columns] = {}  # of other texts, by path from the root
        self._configured: Configured | None = None
        self._is_broken = False  # the configuration, as it is now
        self._thread = threading.Thread(target=self._work, name=f"ssot-lint {start}")
        self._thread.start()

    def replace(self, draft: Draft) -> None:
        """Lets a text stand for a file, and answers with what is found in it."""
        self._put({draft.path: draft})

    def reread(self, *paths: Path) -> None:
        """Takes files as they are on the disk."""
        self._put(dict.fromkeys(paths))

    def reload(self) -> None:
        """Reads everything again, the configuration first."""
        with self._bell:
            self._is_to_load = True
            self._bell.notify()

    def mend(self, draft: Draft, fixes: Sequence[tuple[Fix, ...]]) -> Future[tuple[Mended, ...]]:
        """Promises the text of a document with the fixes of each tuple; none where it is out of date."""
        wish = _Wish(draft, fixes, Future())
        with self._bell:
            if self._is_stopped:
                wish.texts.cancel()
            else:
                self._wishes.append(wish)
                self._bell.notify()
        return wish.texts

    def stop(self) -> None:
        """Ends the work as soon as may be."""
        with self._bell:
            self._is_stopped = True
            for wish in self._wishes:
                wish.texts.cancel()
            self._bell.notify()

    def join(self) -> None:
        """Waits for the end of the work."""
        self._thread.join()

    def _put(self, news: dict[Path, Draft | None]) -> None:
        with self._bell:
            self._news.update(news)
            self._bell.notify()

    @property
    def _has_news(self) -> bool:
        return bool(self._news) or self._is_to_load or self._is_stopped

    def _work(self) -> None:
        while True:
            with self._bell:
                self._bell.wait_for(lambda: self._has_news or self._wishes)
                if self._is_stopped:
                    return
                wishes, self._wishes = self._wishes, []
                news, self._news = self._news, {}
                is_to_load, self._is_to_load = self._is_to_load or len(news) >= _MANY, False
            for wish in wishes:
                self._grant(wish)
            try:
                if news or is_to_load:
                    self._follow(news, is_to_load)
            except _StoppedError:
                return
            except Exception:
                self._tell(Said(types.MessageType.Error, f"internal error: {traceback.format_exc()}"))
                for draft in self._drafts.values():
                    self._tell(Found(draft, ()))

    def _grant(self, wish: _Wish) -> None:
        """Keeps what was promised; texts with fixes are of the findings that were told last."""
        session, below = self._session, self._below(wish.draft.path)
        if not wish.texts.set_running_or_notify_cancel():
            return
        if session is None or below is None or self._drafts.get(wish.draft.path) is not wish.draft:
            wish.texts.set_result(())
        else:
            try:
                texts = {
                    fixes: mended(wish.draft.text, fixes, below, session.project) for fixes in set(wish.fixes)
                }
            except Exception as error:
                wish.texts.set_exception(error)
            else:
                wish.texts.set_result(tuple(texts[fixes] for fixes in wish.fixes))

    def _follow(self, news: dict[Path, Draft | None], is_to_load: bool) -> None:
        """Takes over what is new, and answers for every open document, those that are new first."""
        for path, draft in news.items():
            self._drafts.pop(path, None)
            if draft is not None:
                self._drafts[path] = draft
        is_loaded = is_to_load and self._load()
        for path, draft in (self._drafts if is_loaded else news).items():
            self._replace(path, draft)
        for path in sorted(self._drafts, key=lambda path: path not in news):
            if self._has_news:
                return  # what is found now would be out of date
            self._tell(Found(self._drafts[path], self._shown(self._drafts[path])))
        self._tell_configuration()

    def _load(self) -> bool:
        """Loads the project; where that fails, the last one that was good stays."""
        file = None
        try:
            config = load(self._named, self.start)
            file = _file_of(config)
            self._session = self._open(config)
        except UsageError as error:
            self._refuse(error, file)
            return False
        finally:
            self._tell(Loaded())
        self._is_broken = False
        self._root = os.path.realpath(config.root)
        self._columns.clear()
        for note in self._session.notes:
            self._tell(Said(types.MessageType.Log, f"note: {note}"))
        return True

    def _open(self, config: Config) -> Session:
        last = -1

        def progress(done: int, total: int) -> None:
            nonlocal last
            if self._is_stopped:
                raise _StoppedError
            if done * 100 // total != last:
                last = done * 100 // total
                self._tell(Parsed(done, total))

        gc.unfreeze()  # of the project that was loaded before, and is let go
        gc.disable()  # facts are many and hold no cycles
        try:
            return Session(config, progress=progress)
        finally:
            gc.freeze()
            gc.enable()

    def _refuse(self, error: UsageError, file: Path | None) -> None:
        """Tells what is wrong with the configuration, in it and to the user."""
        mistakes = error.mistakes if isinstance(error, ConfigError) else ()
        if mistakes:
            file = file or Path(os.path.abspath(mistakes[0].path))
            lines = _lines(file)
            self._configure(
                file,
                [mistake_at(self._line(lines, each.line, each.column), each.text) for each in mistakes],
            )
        self._is_broken = True
        then = "nothing is linted until it is mended" if self._session is None else "the last good one holds"
        what = "the configuration is broken" if mistakes else "the project cannot be loaded"
        self._tell(Said(types.MessageType.Error, f"{what}, {then}: {error}"))

    def _line(self, lines: Sequence[str], line: int, column: int) -> types.Range:
        """The range from a column to the end of the line."""
        end = len(lines[line - 1]) + 1 if line <= len(lines) else column
        return range_of(Columns("\n".join(lines)), Span(line, column, line, max(column, end)), self._encoding)

    def _below(self, path: Path) -> str | None:
        """The path from the root of the project, None for what lies elsewhere."""
        return path_below(self._root, os.fspath(path))

    def _replace(self, path: Path, draft: Draft | None) -> None:
        session, below = self._session, self._below(path)
        if session is None or below is None or not session.would_have(below):
            return
        self._columns.pop(below, None)
        if draft is None:
            session.reread(below)
        else:
            session.replace(below, encoded(draft.text))

    def _shown(self, draft: Draft) -> tuple[Shown, ...]:
        session, below = self._session, self._below(draft.path)
        if session is None or below is None:
            return ()
        return tuple(self._show(session, finding) for finding in session.findings(below))

    def _show(self, session: Session, finding: Finding) -> Shown:
        config = session.config
        rule = config.catalogue.by_id[finding.rule]
        comments = {instance.options.inline for instance in instances_of(finding, config)}
        return Shown(
            finding,
            rule,
            diagnostic_of(finding, self._locate),
            tuple(self._locate(*home) for home in homes(finding, config, session.project)),
            rule.about == "source" and "deny" not in comments,
        )

    def _tell_configuration(self) -> None:
        session = self._session
        if session is None or self._is_broken:
            return
        file = _file_of(session.config)
        self._columns.pop(session.config.path, None)
        self._configure(file, [diagnostic_of(each, self._locate) for each in session.configuration()])

    def _configure(self, file: Path, diagnostics: Sequence[types.Diagnostic]) -> None:
        before, self._configured = self._configured, Configured(file, diagnostics)
        if before is not None and before.path != file:
            self._tell(Configured(before.path, ()))
        if before != self._configured:
            self._tell(self._configured)

    def _locate(self, path: str, span: Span) -> types.Location:
        draft = next((draft for draft in self._drafts.values() if self._below(draft.path) == path), None)
        uri = draft.uri if draft is not None else Path(self._root, path).as_uri()
        if path not in self._columns:
            text = draft.text if draft is not None else _text_at(self._root, path)
            self._columns[path] = Columns(text)
        return types.Location(uri, range_of(self._columns[path], span, self._encoding))


def _file_of(config: Config) -> Path:
    return Path(os.path.abspath(config.root / config.path))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _text_at(root: str, path: str) -> str:
    """The text of a file, "" where it has none that could be read."""
    try:
        return read_text(read_bytes(root, path))
    except (OSError, UndecodableError):
        return ""
