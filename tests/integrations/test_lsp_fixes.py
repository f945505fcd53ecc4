"""Fixes as editors offer and apply them, asked of the language server by a real client."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsp_editor import Editor, capabilities, editing
from lsprotocol import types

from ssot_lint.config import load
from ssot_lint.files import encoded
from ssot_lint.fix.rewrite import rewrite
from ssot_lint.integrations.lsp.texts import edited
from ssot_lint.session import Session

pytestmark = pytest.mark.asyncio

FIX_ALL = "source.fixAll.ssot-lint"
ALL = "Fix all that ssot-lint can fix safely"
ROUNDED = "Import `rounded` from `app.money`"
FILES = {
    "ssot-lint.toml": '[[noncanonical-import]]\nsymbols = ["app.money.rounded", "app.money.total"]\n',
    "app/__init__.py": "",
    "app/money.py": "def rounded():\n    pass\n\n\ndef total():\n    pass\n",
    "app/old.py": "from app.money import rounded, total\n",
}
BAD = "from app.old import rounded\n"
GOOD = "from app.money import rounded\n"
UNSAFE = "def f():\n    from app.old import total\n    return total\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with two functions that have a home, and a module that they can be had from as well."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "app/orders.py").write_text("")
    return tmp_path.resolve()


def applied(editor: Editor, uri: str, action: types.CodeAction) -> str:
    """The text of a document after a code action."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    (edit,) = change.edits
    assert isinstance(edit, types.TextEdit)
    encoding = str(editor.server.capabilities.position_encoding)
    return edited(
        editor.texts[uri], types.TextDocumentContentChangePartial(edit.range, edit.new_text), encoding
    )


def rewritten(tree: Path, text: str) -> str:
    """A text of `app/orders.py` with the safe fixes of all that is found in it."""
    session = Session(load(None, tree), use_cache=False)
    session.replace("app/orders.py", encoded(text))
    fixes = [each.fix for each in session.findings("app/orders.py") if each.fix and each.fix.is_safe]
    return rewrite(encoded(text), fixes).data.decode()


async def actions(editor: Editor, uri: str, where: types.Range, *kinds: str) -> dict[str, types.CodeAction]:
    """The code actions of some kinds at a range, by their titles."""
    context = types.CodeActionContext([], only=list(kinds))
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
    found = await editor.client.text_document_code_action_async(params)
    assert isinstance(found, Sequence)
    return {action.title: action for action in found if isinstance(action, types.CodeAction)}


TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


async def test_finding_is_fixed(tree: Path) -> None:
    text = f"# before\n\n{BAD}\nprint(rounded())  # after\n"
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", text)  # the file itself is empty
        (found,) = await editor.diagnostics(uri)
        offers = await editor.actions(uri, found.range)
        assert list(offers) == [
            ROUNDED,
            ALL,
            "Allow noncanonical-import on this line",
            "Allow noncanonical-import in this file",
        ]
        action = offers[ROUNDED]
        assert (action.kind, action.is_preferred) == (types.CodeActionKind.QuickFix, True)
        assert action.diagnostics == (found,)
        assert applied(editor, uri, action) == rewritten(tree, text) == text.replace("old", "money")
        assert list(await actions(editor, uri, found.range, "quickfix")) == [ROUNDED, *list(offers)[2:]]
        editor.change(uri, applied(editor, uri, action))
        assert await editor.diagnostics(uri) == []
        assert await editor.actions(uri, found.range) == {}
        assert (tree / "app/orders.py").read_text() == ""


async def test_edit_is_as_small_as_can_be(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", BAD)
        (found,) = await editor.diagnostics(uri)
        action = (await editor.actions(uri, found.range))[ROUNDED]
        assert action.edit is not None
        (change,) = action.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        where = types.Range(types.Position(0, 9), types.Position(0, 12))
        assert change.edits == (types.TextEdit(where, "money"),)


async def test_all_that_is_safe_is_fixed(tree: Path) -> None:
    text = f"{BAD}from app.old import total\n{UNSAFE}"
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", text)
        found = await editor.diagnostics(uri)
        assert len(found) == 3
        for kind in (FIX_ALL, "source.fixAll", "source"):
            (action,) = (await actions(editor, uri, TOP, kind)).values()
            assert (action.title, action.kind, len(action.diagnostics or ())) == (ALL, FIX_ALL, 2)
        assert applied(editor, uri, action) == rewritten(tree, text)
        editor.change(uri, applied(editor, uri, action))
        (left,) = await editor.diagnostics(uri)
        assert await actions(editor, uri, TOP, "source.fixAll") == {}
        (unsafe, *_) = (await editor.actions(uri, left.range)).values()
        assert unsafe.title == "Import `total` from `app.money` (unsafe)"
        assert not unsafe.is_preferred
        editor.change(uri, applied(editor, uri, unsafe))
        assert await editor.diagnostics(uri) == []
        assert await actions(editor, uri, TOP, "source.organizeImports") == {}
        assert await actions(editor, uri, TOP, "source.fixAll.other") == {}


async def test_what_a_waiver_holds_is_left_to_the_user(tree: Path) -> None:
    (tree / ".ssot-lint").mkdir()
    (tree / ".ssot-lint/waivers.toml").write_text(
        '[[waiver]]\nrule = "noncanonical-import"\npaths = ["app/"]\nreason = "the old path is public"\n'
    )
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", BAD)
        (found,) = await editor.diagnostics(uri)
        assert await actions(editor, uri, found.range, FIX_ALL) == {}
        assert ROUNDED in await actions(editor, uri, found.range, "quickfix")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_columns_behind_wide_characters(tree: Path, encoding: str) -> None:
    text = f"é = '😋😋'; {BAD}"
    async with editing(tree, can=capabilities((encoding,))) as editor:
        uri = editor.open(tree / "app/orders.py", text)
        (found,) = await editor.diagnostics(uri)
        action = (await editor.actions(uri, found.range))[ROUNDED]
        assert applied(editor, uri, action) == text.replace("old", "money")


async def test_texts_keep_their_line_ends_and_encoding(tree: Path) -> None:
    texts = {
        "CRLF": f"# é\r\n{BAD.strip()}\r\nprint(rounded)\r\n",
        "CR": f"# é\r{BAD.strip()}\rprint(rounded)",
        "byte order mark": f"\ufeff{BAD}",
        "latin-1": f"# coding: latin-1\n# é\n{BAD}",
    }
    async with editing(tree, can=capabilities(("utf-16",))) as editor:
        for name, text in texts.items():
            uri = editor.open(tree / f"app/{name}.py", text)
            (found,) = await editor.diagnostics(uri)
            action = (await editor.actions(uri, found.range))[ROUNDED]
            assert applied(editor, uri, action) == text.replace("old", "money"), name


async def test_import_that_another_file_takes_stays(tree: Path) -> None:
    (tree / "ssot-lint.toml").write_text(
        '[[canonical]]\nsymbol = "app.base.Base"\nreplaces = ["app.plain.Plain"]\n'
    )
    (tree / "app/base.py").write_text("class Base:\n    pass\n")
    (tree / "app/plain.py").write_text("class Plain:\n    pass\n")
    text = "from app.plain import Plain\n\n\nclass C(Plain):\n    pass\n"
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", text)
        user = editor.open(tree / "app/user.py", "")
        found = (await editor.diagnostics(uri))[-1]  # of the class
        (offer, *_) = (await editor.actions(uri, found.range)).values()
        fixed = applied(editor, uri, offer)
        assert fixed == "from app.base import Base\n\n\nclass C(Base):\n    pass\n"
        editor.change(user, "from app.orders import Plain\n")
        await editor.diagnostics(user)
        (offer, *_) = (await editor.actions(uri, found.range)).values()
        assert set(applied(editor, uri, offer).splitlines()) == {*fixed.splitlines(), *text.splitlines()[:1]}


async def test_fix_that_is_refused(tree: Path) -> None:
    text = f"# coding: latin-1\n# 😋\n{BAD}"
    can = capabilities()
    for takes_disabled in (False, True):
        assert can.text_document is not None
        assert can.text_document.code_action is not None
        can.text_document.code_action.disabled_support = takes_disabled
        async with editing(tree, can=can) as editor:
            uri = editor.open(tree / "app/orders.py", text)
            (found,) = await editor.diagnostics(uri)
            offers = await editor.actions(uri, found.range)
            if not takes_disabled:
                assert [title for title in offers if not title.startswith("Allow")] == []
                continue
            reason = "the text cannot be written in the encoding that it declares"
            for title in (ROUNDED, ALL):
                assert offers[title].disabled == types.CodeActionDisabled(reason)
                assert offers[title].edit is None
