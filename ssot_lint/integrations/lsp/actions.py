"""What an editor offers to do about findings: allow them, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from ssot_lint.allow import Insertion, allow_in_file, allow_on_line
from ssot_lint.files import Columns
from ssot_lint.integrations.lsp.events import Draft
from ssot_lint.integrations.lsp.shown import Shown
from ssot_lint.integrations.lsp.texts import position_of


def actions(
    found: Iterable[Shown], draft: Draft, encoding: str, *, is_versioned: bool
) -> list[types.CodeAction]:
    """Return what can be done about findings in a document.

    `encoding` names the units of columns; `is_versioned` says that edits name the version they are for.
    """
    offers: dict[tuple[str, Insertion], list[types.Diagnostic]] = {}
    for shown in found:
        for offer in _offers(shown, draft.text) if shown.may_be_allowed else ():
            offers.setdefault(offer, []).append(shown.diagnostic)
    columns = Columns(draft.text)
    result = []
    for (title, insertion), diagnostics in offers.items():
        at = position_of(columns, insertion.line, insertion.column, encoding)
        edit = _edit(draft, types.TextEdit(types.Range(at, at), insertion.text), is_versioned)
        kind = types.CodeActionKind.QuickFix
        result.append(types.CodeAction(title, kind=kind, diagnostics=diagnostics, edit=edit))
    return result


def _offers(shown: Shown, text: str) -> Iterator[tuple[str, Insertion]]:
    rule = shown.finding.rule
    on_line = allow_on_line(text, shown.finding.span, rule)
    if on_line is not None:
        yield f"Allow {rule} on this line", on_line
    yield f"Allow {rule} in this file", allow_in_file(text, rule)


def _edit(draft: Draft, edit: types.TextEdit, is_versioned: bool) -> types.WorkspaceEdit:
    if not is_versioned:
        return types.WorkspaceEdit(changes={draft.uri: [edit]})
    document = types.OptionalVersionedTextDocumentIdentifier(draft.uri, draft.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])
