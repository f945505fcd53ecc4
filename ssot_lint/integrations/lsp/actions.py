"""What an editor offers to do about findings: fix them, or allow them with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from lsprotocol import types

from ssot_lint.allow import Insertion, allow_in_file, allow_on_line
from ssot_lint.baseline.carry import REPORTED
from ssot_lint.files import Columns
from ssot_lint.finding import Fix
from ssot_lint.integrations.lsp.events import Draft
from ssot_lint.integrations.lsp.mending import Mended
from ssot_lint.integrations.lsp.shown import Shown
from ssot_lint.integrations.lsp.texts import difference, position_of

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.ssot-lint"
KINDS = (types.CodeActionKind.QuickFix.value, FIX_ALL)


class Form(NamedTuple):
    """How an editor takes edits and actions."""

    encoding: str  # the units of columns
    is_versioned: bool  # edits name the version they are for
    takes_disabled: bool  # actions that cannot be done are shown, with the reason


class Offer(NamedTuple):
    """Fixes that an editor may apply in one go."""

    title: str
    kind: str
    fixes: tuple[Fix, ...]
    diagnostics: tuple[types.Diagnostic, ...]

    @property
    def is_safe(self) -> bool:
        """Whether none of them can change what the code does."""
        return all(fix.is_safe for fix in self.fixes)


def kinds_within(wanted: Collection[str] | None) -> list[str]:
    """Return the kinds of actions there are, of those that are wanted; None wants all."""
    if wanted is None:
        return [*KINDS]
    return [kind for kind in KINDS if any(_is_within(kind, each) for each in wanted)]


def _is_within(kind: str, wanted: str) -> bool:
    """Whether a kind of code actions is one that is wanted, or below it."""
    return f"{kind}.".startswith(f"{wanted}." if wanted else "")


def fixes_at(found: Iterable[Shown]) -> list[Offer]:
    """Return how findings can be fixed, each for itself."""
    alike: dict[Fix, list[types.Diagnostic]] = {}
    for shown in found:
        if shown.finding.fix is not None:
            alike.setdefault(shown.finding.fix, []).append(shown.diagnostic)
    kind = types.CodeActionKind.QuickFix.value
    return [
        Offer(f"{fix.title}{'' if fix.is_safe else ' (unsafe)'}", kind, (fix,), tuple(diagnostics))
        for fix, diagnostics in alike.items()
    ]


def fix_of_all(found: Iterable[Shown]) -> list[Offer]:
    """Return how all findings of a document are fixed, but for what is unsafe, carried or waived."""
    chosen = [
        shown
        for shown in found
        if shown.finding.state in REPORTED and shown.finding.fix is not None and shown.finding.fix.is_safe
    ]
    fixes = tuple(dict.fromkeys(shown.finding.fix for shown in chosen if shown.finding.fix is not None))
    diagnostics = tuple(shown.diagnostic for shown in chosen)
    return [Offer("Fix all that ssot-lint can fix safely", FIX_ALL, fixes, diagnostics)] if fixes else []


def fix_actions(
    offers: Sequence[Offer], texts: Sequence[Mended], draft: Draft, form: Form
) -> Iterator[types.CodeAction]:
    """Yield actions that fix a document, given the text that comes of each offer; none where none comes."""
    for offer, (text, reason) in zip(offers, texts):
        action = types.CodeAction(offer.title, kind=offer.kind, diagnostics=offer.diagnostics)
        if text != draft.text:
            action.edit = _edit(draft, difference(draft.text, text, form.encoding), form)
            action.is_preferred = offer.is_safe
            yield action
        elif reason and form.takes_disabled:
            action.disabled = types.CodeActionDisabled(reason)
            yield action


def allow_actions(found: Iterable[Shown], draft: Draft, form: Form) -> Iterator[types.CodeAction]:
    """Yield actions that allow findings in a document by comments."""
    offers: dict[tuple[str, Insertion], list[types.Diagnostic]] = {}
    for shown in found:
        for offer in _comments(shown, draft.text) if shown.may_be_allowed else ():
            offers.setdefault(offer, []).append(shown.diagnostic)
    columns = Columns(draft.text)
    for (title, insertion), diagnostics in offers.items():
        at = position_of(columns, insertion.line, insertion.column, form.encoding)
        edit = _edit(draft, types.TextEdit(types.Range(at, at), insertion.text), form)
        kind = types.CodeActionKind.QuickFix
        yield types.CodeAction(title, kind=kind, diagnostics=diagnostics, edit=edit)


def _comments(shown: Shown, text: str) -> Iterator[tuple[str, Insertion]]:
    rule = shown.finding.rule
    on_line = allow_on_line(text, shown.finding.span, rule)
    if on_line is not None:
        yield f"Allow {rule} on this line", on_line
    yield f"Allow {rule} in this file", allow_in_file(text, rule)


def _edit(draft: Draft, edit: types.TextEdit, form: Form) -> types.WorkspaceEdit:
    if not form.is_versioned:
        return types.WorkspaceEdit(changes={draft.uri: [edit]})
    document = types.OptionalVersionedTextDocumentIdentifier(draft.uri, draft.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])
