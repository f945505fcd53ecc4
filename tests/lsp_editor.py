"""A real client of the language server: an editor without a screen."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, LanguageClient, register_lsp_features

Published = types.PublishDiagnosticsParams

PATIENCE = 30.0  # seconds until a test that waits for what does not come fails
COMMAND = (sys.executable, "-m", "ssot_lint", "lsp")


def capabilities(
    encodings: Sequence[str] = ("utf-32",), *, markdown: bool = True
) -> types.ClientCapabilities:
    """What an editor that can do everything says of itself."""
    formats = [types.MarkupKind.Markdown] if markdown else [types.MarkupKind.PlainText]
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(encoding) for encoding in encodings]
        ),
        text_document=types.TextDocumentClientCapabilities(
            hover=types.HoverClientCapabilities(content_format=formats),
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                related_information=True,
                version_support=True,
                code_description_support=True,
                tag_support=types.ClientDiagnosticsTagOptions(value_set=list(types.DiagnosticTag)),
            ),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    code_action_kind=types.ClientCodeActionKindOptions(value_set=list(types.CodeActionKind))
                )
            ),
        ),
        window=types.WindowClientCapabilities(work_done_progress=True),
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        ),
    )


class Editor:
    """Open documents, and what the server says about them."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.server: types.InitializeResult
        self.registrations: list[types.Registration] = []
        self.published: list[Published] = []
        self.messages: list[str] = []
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._has_more = asyncio.Event()

    def take_diagnostics(self, params: Published) -> None:
        """Remember what is published."""
        self.published.append(params)
        self._has_more.set()

    def take_registrations(self, params: types.RegistrationParams) -> None:
        """Remember what the server wants to be told."""
        self.registrations += params.registrations
        self._has_more.set()

    def take_message(self, params: types.ShowMessageParams) -> None:
        """Remember what a person is shown."""
        self.messages.append(params.message)
        self._has_more.set()

    def take_progress(self, params: types.ProgressParams) -> None:
        """Remember what is reported of a bar."""
        default: Callable[[LanguageClient, types.ProgressParams], None] = DEFAULT_CLIENT_FEATURES[
            types.PROGRESS
        ]
        default(self.client, params)
        self._has_more.set()

    async def until(self, happened: Callable[[], Any]) -> Any:
        """Wait until something is true of what the server has sent on its own, and return that."""
        return await asyncio.wait_for(self._until(happened), PATIENCE)

    async def _until(self, happened: Callable[[], Any]) -> Any:
        while not (found := happened()):
            self._has_more.clear()
            await self._has_more.wait()
        return found

    def open(self, path: Path | str, text: str | None = None, language: str = "python") -> str:
        """Open a file, with another text if one is given; return its URI. A string is taken for an URI."""
        uri = path if isinstance(path, str) else path.as_uri()
        if text is None:
            text = Path(path).read_bytes().decode("utf-8")
        self.texts[uri] = text
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replace the whole text of a document; return its new version."""
        return self.edit(uri, text, types.TextDocumentContentChangeWholeDocument(text))

    def edit(self, uri: str, text: str, *changes: types.TextDocumentContentChangeEvent) -> int:
        """Tell the server about changes, after which the text is the one given; return its new version."""
        self.texts[uri] = text
        self._versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))
        return self._versions[uri]

    def save(self, path: Path | str) -> None:
        """Say that a file was saved."""
        uri = path if isinstance(path, str) else path.as_uri()
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, uri: str) -> None:
        """Close a document."""
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def tell_of_files(self, kind: types.FileChangeType, *paths: Path) -> None:
        """Tell the server of changes on the disk."""
        events = [types.FileEvent(path.as_uri(), kind) for path in paths]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """What is published of the newest version of a document."""
        return await self.after(0, uri, self._versions[uri])

    async def after(self, seen: int, uri: str, version: int | None) -> list[types.Diagnostic]:
        """What is published of a version of a document, beyond the first `seen` of all messages."""

        def found() -> Published | None:
            for params in reversed(self.published[seen:]):
                if params.uri == uri and params.version == version:
                    return params
            return None

        params: Published = await self.until(found)
        return list(params.diagnostics)

    def newest(self, uri: str) -> list[types.Diagnostic] | None:
        """What was last published of a document, None where nothing was."""
        found = [list(each.diagnostics) for each in self.published if each.uri == uri]
        return found[-1] if found else None

    async def progress(self) -> list[Any]:
        """What was reported, in order, of the one bar that there was, once that has ended."""

        def ended() -> list[Any] | None:
            bars = list(self.client.progress_reports.values())
            has_ended = bars and bars[0] and isinstance(bars[0][-1], types.WorkDoneProgressEnd)
            return list(bars[0]) if has_ended else None

        reports: list[Any] = await self.until(ended)
        assert len(self.client.progress_reports) == 1
        return reports

    async def hover(self, uri: str, line: int, column: int) -> str:
        """The text that is shown at a place, 1-based; "" where there is none."""
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line - 1, column - 1))
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def actions(self, uri: str, where: types.Range) -> dict[str, types.CodeAction]:
        """The code actions at a range by their titles."""
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, types.CodeActionContext([]))
        found = await self.client.text_document_code_action_async(params)
        return {action.title: action for action in found or () if isinstance(action, types.CodeAction)}


@asynccontextmanager
async def editing(
    *folders: Path,
    arguments: Sequence[str] = (),
    can: types.ClientCapabilities | None = None,
    cwd: Path | None = None,
) -> AsyncIterator[Editor]:
    """A server that an editor has started for the folders of a workspace, and is shut down at the end."""
    client = LanguageClient(converter_factory=default_converter)
    editor = Editor(client)
    register_lsp_features(
        client,
        {
            **DEFAULT_CLIENT_FEATURES,
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: partial(editor.take_diagnostics),
            types.WINDOW_SHOW_MESSAGE: partial(editor.take_message),
            types.PROGRESS: partial(editor.take_progress),
            types.CLIENT_REGISTER_CAPABILITY: partial(editor.take_registrations),
        },
    )
    await client.start_io(*COMMAND, *arguments, cwd=os.fspath(cwd or folders[0]), limit=1 << 30)
    try:
        editor.server = await client.initialize_session(
            types.InitializeParams(
                can or capabilities(),
                root_uri=folders[0].as_uri() if folders else None,
                workspace_folders=[types.WorkspaceFolder(each.as_uri(), each.name) for each in folders],
            )
        )
        yield editor
    finally:
        await client.shutdown_session()
        stopped: Coroutine[Any, Any, None] = client.stop()  # type: ignore[no-untyped-call]
        await stopped
        assert client._server is not None
        # Python 3.10 leaves that to the collector.
        client._server._transport.close()  # type: ignore[attr-defined]


def lsp_findings(folder: Path, *, hints: bool = True) -> set[tuple[str, int, int, str]]:
    """All that the language server finds in the files below a folder and in their configurations.

    Without `hints`, only what is worse. Each is (path from the folder, line, column, code): lines and columns 1-based, columns in characters.
    """
    return asyncio.run(_lsp_findings(folder, hints))


async def _lsp_findings(folder: Path, hints: bool) -> set[tuple[str, int, int, str]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sources = [path for path in files if path.suffix in (".py", ".pyi")]
    configurations = [path for path in files if path.name in ("ssot-lint.toml", "pyproject.toml")]
    homes = {path.parent for path in configurations}
    sources = [path for path in sources if not homes.isdisjoint(path.parents)]
    found: dict[str, Sequence[types.Diagnostic]] = {}
    async with editing(folder) as editor:
        for path in sources:
            editor.open(path, path.read_bytes().decode("utf-8", "surrogateescape"))
        for path in sources:
            found[path.as_uri()] = await editor.diagnostics(path.as_uri())
        for path in configurations:
            if any(path.parent in source.parents for source in sources):
                found[path.as_uri()] = await editor.after(0, path.as_uri(), None)
    names = {path.as_uri(): path.relative_to(folder).as_posix() for path in files}
    return {
        (names[uri], each.range.start.line + 1, each.range.start.character + 1, str(each.code))
        for uri, diagnostics in found.items()
        for each in diagnostics
        if hints or each.severity != types.DiagnosticSeverity.Hint
    }
