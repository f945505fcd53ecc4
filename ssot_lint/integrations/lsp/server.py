"""The server: keeps the open documents, hands them to the desks of their projects, and answers the editor."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from ssot_lint import __version__
from ssot_lint.baseline import waivers
from ssot_lint.baseline.folder import FOLDER, is_shard
from ssot_lint.collection_files import COLLECTION_FILES
from ssot_lint.config_file import OWN_FILE, SHARED_FILE
from ssot_lint.integrations.lsp.actions import (
    FIX_ALL,
    KINDS,
    Form,
    allow_actions,
    fix_actions,
    fix_of_all,
    fixes_at,
    kinds_within,
)
from ssot_lint.integrations.lsp.desk import Desk
from ssot_lint.integrations.lsp.desks import Desks
from ssot_lint.integrations.lsp.document import Document
from ssot_lint.integrations.lsp.events import Configured, Draft, Event, Found, Loaded, Parsed, Said
from ssot_lint.integrations.lsp.mending import Mended
from ssot_lint.integrations.lsp.places import path_of
from ssot_lint.integrations.lsp.progress import Progress
from ssot_lint.integrations.lsp.shown import Shown
from ssot_lint.integrations.lsp.texts import edited, holds
from ssot_lint.rules import Rule

_SUFFIXES = (".py", ".pyi")
_STEERING = frozenset((OWN_FILE, SHARED_FILE, ".gitignore", *COLLECTION_FILES))
"""Names of files that can change what is found anywhere."""


class Server(LanguageServer):
    """A language server; `named` is a configuration for all files, `page` makes the page of a rule."""

    def __init__(self, named: Path | None, page: Callable[[Rule], str]) -> None:
        super().__init__("ssot-lint", __version__)
        self.has_shut_down = False
        self._named = named
        self._page = page
        self._documents: dict[str, Document] = {}  # by URI
        self._uris: dict[Path, str] = {}  # of everything that is open, as the editor spells them
        self._progress: dict[Desk, Progress] = {}
        for method, function in (
            (types.INITIALIZED, self._start),
            (types.SHUTDOWN, self._shut_down),
            (types.TEXT_DOCUMENT_DID_OPEN, self._open),
            (types.TEXT_DOCUMENT_DID_CHANGE, self._change),
            (types.TEXT_DOCUMENT_DID_SAVE, self._save),
            (types.TEXT_DOCUMENT_DID_CLOSE, self._close),
            (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._look_at_disk),
            (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self._look_at_folders),
            (types.TEXT_DOCUMENT_HOVER, self._hover),
            (types.TEXT_DOCUMENT_DEFINITION, self._definition),
        ):
            self.feature(method)(partial(function))  # methods cannot be marked as features
        kinds = types.CodeActionOptions(KINDS)
        self.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(partial(self._actions))

    def stop_desks(self) -> None:
        """Ends all work, and waits for its end."""
        if "_desks" in vars(self):
            self._desks.stop()

    @cached_property
    def _desks(self) -> Desks:
        return Desks(self._named, self._folders(), self._encoding, self._hear)

    # the life of the server

    async def _start(self, _: types.InitializedParams) -> None:
        if not self._can("workspace.did_change_watched_files.dynamic_registration"):
            return
        names = sorted({*_STEERING, *([self._named.name] if self._named else [])})
        patterns = ("**/*.{py,pyi}", f"**/{{{','.join(names)}}}", f"**/{FOLDER}/*.tsv", f"**/{waivers.PATH}")
        watchers = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(pattern) for pattern in patterns]
        )
        files = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watchers)
        await self.client_register_capability_async(types.RegistrationParams([files]))

    async def _shut_down(self, _: None) -> None:
        self.has_shut_down = True
        await asyncio.get_running_loop().run_in_executor(None, self.stop_desks)

    def _can(self, capability: str) -> bool:
        """Whether the editor is capable of something, given as a dotted path."""
        return bool(get_capability(self.client_capabilities, capability, False))

    def _folders(self) -> list[Path]:
        """The folders of the workspace."""
        uris = [folder.uri for folder in self.workspace.folders.values()] or [self.workspace.root_uri or ""]
        return [path for path in map(path_of, uris) if path is not None]

    def _look_at_folders(self, _: types.DidChangeWorkspaceFoldersParams) -> None:
        self._desks.folders = self._folders()

    @property
    def _encoding(self) -> str:
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    # documents

    def _open(self, params: types.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        path = path_of(opened.uri)
        if path is None:
            return
        self._uris[path] = opened.uri
        if path.suffix in _SUFFIXES or opened.language_id == "python":
            draft = Draft(opened.uri, path, opened.version, opened.text)
            document = self._documents[opened.uri] = Document(draft, self._desks.of(path))
            document.lint()

    def _change(self, params: types.DidChangeTextDocumentParams) -> None:
        document = self._documents.get(params.text_document.uri)
        if document is None:
            return
        text = document.draft.text
        for change in params.content_changes:
            text = edited(text, change, self._encoding)
        document.draft = document.draft._replace(version=params.text_document.version, text=text)
        document.lint()

    def _save(self, params: types.DidSaveTextDocumentParams) -> None:
        document = self._documents.get(params.text_document.uri)
        path = path_of(params.text_document.uri)
        if document is not None:
            document.published = None
            document.lint()
        elif path is not None and self._steers(path):
            self._reload([path])

    def _close(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        path = path_of(uri)
        if path is not None:
            self._uris.pop(path, None)
        document = self._documents.pop(uri, None)
        if document is None:
            return
        document.settled.set()
        if document.desk is not None:
            document.desk.reread(document.draft.path)
            self._publish(uri, None, ())

    def _look_at_disk(self, params: types.DidChangeWatchedFilesParams) -> None:
        paths = [path for path in (path_of(change.uri) for change in params.changes) if path is not None]
        steering = [path for path in paths if self._steers(path)]
        if steering:
            self._reload(steering)
        sources = [path for path in paths if path.suffix in _SUFFIXES and path not in self._uris]
        for desk in self._desks if sources else ():
            desk.reread(*sources)

    # projects

    def _steers(self, path: Path) -> bool:
        if path.name in _STEERING or path == self._named:
            return True
        return is_shard(path) or waivers.is_at(path)

    def _reload(self, steering: Iterable[Path]) -> None:
        """Follows a change of files that steer what is found: other configurations may be nearest now."""
        for desk in self._desks.reload(steering):
            self._end_progress(desk)
            for name in (OWN_FILE, SHARED_FILE):
                self._publish(self._uri_of(desk.start / name), None, ())
        for document in self._documents.values():
            before, document.desk = document.desk, self._desks.of(document.draft.path)
            if before is not document.desk:
                document.published = None
                if before is not None:
                    before.reread(document.draft.path)
                    self._publish(document.draft.uri, document.draft.version, ())
                document.lint()

    def _uri_of(self, path: Path) -> str:
        return self._uris.get(path, path.as_uri())

    def _hear(self, desk: Desk, event: Event) -> None:
        """Takes what a desk tells."""
        match event:
            case Found():
                self._show(desk, event)
            case Configured(path, diagnostics):
                self._publish(self._uri_of(path), None, diagnostics)
            case Parsed(done, total):
                if desk not in self._progress and self._can("window.work_done_progress"):
                    self._progress[desk] = Progress(self, desk.start.name)
                if desk in self._progress:
                    self._progress[desk].report(done, total)
            case Loaded():
                self._end_progress(desk)
            case Said(kind, text):
                self.window_log_message(types.LogMessageParams(kind, text))
                if kind == types.MessageType.Error:
                    self.window_show_message(types.ShowMessageParams(kind, f"ssot-lint: {text}"))

    def _show(self, desk: Desk, found: Found) -> None:
        draft = found.draft
        document = self._documents.get(draft.uri)
        if document is None or document.draft is not draft or document.desk is not desk:
            return  # out of date
        document.shown = found.shown
        document.settled.set()
        if document.published != found:
            document.published = found
            self._publish(draft.uri, draft.version, [shown.diagnostic for shown in found.shown])

    def _end_progress(self, desk: Desk) -> None:
        if desk in self._progress:
            self._progress.pop(desk).end()

    def _publish(self, uri: str, version: int | None, diagnostics: Iterable[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, list(diagnostics), version)
        )

    # questions

    async def _shown_at(self, uri: str, where: types.Range) -> tuple[Shown, ...]:
        """What is found in the newest version of a document at a range."""
        while (document := self._documents.get(uri)) is not None and not document.settled.is_set():
            await document.settled.wait()
        found = document.shown if document is not None else ()
        return tuple(shown for shown in found if holds(shown.diagnostic.range, where))

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        where = types.Range(params.position, params.position)
        rules = {shown.rule.id: shown.rule for shown in await self._shown_at(params.text_document.uri, where)}
        if not rules:
            return None
        formats = get_capability(self.client_capabilities, "text_document.hover.content_format") or ()
        kind = types.MarkupKind.Markdown
        if formats and kind not in formats:
            kind = types.MarkupKind.PlainText
        return types.Hover(types.MarkupContent(kind, "\n---\n\n".join(map(self._page, rules.values()))))

    async def _definition(self, params: types.DefinitionParams) -> list[types.Location]:
        where = types.Range(params.position, params.position)
        found = await self._shown_at(params.text_document.uri, where)
        homes = [home for shown in found for home in shown.homes]
        return [home for number, home in enumerate(homes) if home not in homes[:number]]

    async def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, kinds = params.text_document.uri, kinds_within(params.context.only)
        if not kinds:
            return []
        found = await self._shown_at(uri, params.range)
        document = self._documents.get(uri)
        if document is None:
            return []
        draft = document.draft
        offers = fixes_at(found) if types.CodeActionKind.QuickFix in kinds else []
        if FIX_ALL in kinds and (offers or params.context.only):  # else it would be on offer everywhere
            offers += fix_of_all(document.shown)
        texts: tuple[Mended, ...] = ()
        if offers and document.desk is not None:
            texts = await asyncio.wrap_future(document.desk.mend(draft, [each.fixes for each in offers]))
        if document.draft is not draft or self._documents.get(uri) is not document:
            return []  # out of date
        actions = [*fix_actions(offers, texts, draft, self._form)]
        if types.CodeActionKind.QuickFix in kinds:
            actions += allow_actions(found, draft, self._form)
        return actions

    @property
    def _form(self) -> Form:
        return Form(
            self._encoding,
            self._can("workspace.workspace_edit.document_changes"),
            self._can("text_document.code_action.disabled_support"),
        )


def serve(named: Path | None, page: Callable[[Rule], str], stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Serves one editor until it is done; tells whether it said so before it left."""
    gc.enable()  # the command line goes without, which is not for long runs
    server = Server(named, page)
    try:
        server.start_io(stdin, stdout)
    finally:
        server.stop_desks()
    return server.has_shut_down
