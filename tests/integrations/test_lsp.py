"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from baseline_folder import carry, shards
from lsp_editor import COMMAND, capabilities, editing, lsp_findings
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from ssot_lint import allow
from ssot_lint.baseline import waivers
from ssot_lint.baseline.folder import FOLDER
from ssot_lint.commands._pages import page
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.rules import forbidden_import, noncanonical_import

pytestmark = pytest.mark.asyncio

CONFIG = '[[forbidden-import]]\ntargets = ["requests"]\nallow-in = ["app/http.py"]\nuse = "app.http"\n'
BAD = "import os\nimport requests\n"
GOOD = "import os\n"


def make(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files, and return their folder without links."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder.resolve()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project in which one file strays."""
    return make(
        tmp_path / "a project",
        {"ssot-lint.toml": CONFIG, "app/http.py": "import requests\n", "app/orders.py": BAD},
    )


def codes(diagnostics: Sequence[types.Diagnostic]) -> list[object]:
    """The codes of diagnostics, in order."""
    return [each.code for each in diagnostics]


def checked(path: Path, text: str) -> set[tuple[int, int, int, int, str]]:
    """What the command line finds in a text that stands for a file."""
    command = [sys.executable, "-m", "ssot_lint", "check", "--stdin-filename", str(path), "-"]
    command += ["--format", "json", "--exit-zero"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=path.parent)
    return {
        (each["line"], each["column"], each["end_line"], each["end_column"], each["code"])
        for each in json.loads(done.stdout)["findings"]
    }


def places(diagnostics: Sequence[types.Diagnostic]) -> set[tuple[int, int, int, int, object]]:
    """Diagnostics as `checked` has them, where columns are in characters."""
    return {
        (
            each.range.start.line + 1,
            each.range.start.character + 1,
            each.range.end.line + 1,
            each.range.end.character + 1,
            each.code,
        )
        for each in diagnostics
    }


async def test_says_what_it_can_do(tree: Path) -> None:
    async with editing(tree, can=capabilities(("utf-8", "utf-16"))) as editor:
        server = editor.server.capabilities
        assert editor.server.server_info is not None
        assert editor.server.server_info.name == "ssot-lint"
        assert server.position_encoding == "utf-8"
        assert isinstance(server.text_document_sync, types.TextDocumentSyncOptions)
        assert server.text_document_sync.change == types.TextDocumentSyncKind.Incremental
        assert server.text_document_sync.open_close
        assert server.text_document_sync.save
        assert server.hover_provider
        assert server.definition_provider
        assert isinstance(server.code_action_provider, types.CodeActionOptions)
        kinds = list(server.code_action_provider.code_action_kinds or ())
        assert kinds == [types.CodeActionKind.QuickFix, "source.fixAll.ssot-lint"]
        assert server.diagnostic_provider is None  # what is found is sent without being asked for
        await editor.until(lambda: editor.registrations)
        (watching,) = editor.registrations
        assert watching.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES


async def test_open_change_save_and_close(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        (found,) = await editor.diagnostics(uri)
        assert found == types.Diagnostic(
            types.Range(types.Position(1, 7), types.Position(1, 15)),
            "`requests` is forbidden here; use `app.http`",
            severity=types.DiagnosticSeverity.Error,
            code="SST101",
            source="ssot-lint",
        )
        editor.change(uri, GOOD)
        assert await editor.diagnostics(uri) == []
        version = editor.change(uri, BAD + "import requests.api\n")
        assert codes(await editor.diagnostics(uri)) == ["SST101", "SST101"]
        seen = len(editor.published)
        editor.save(uri)
        assert codes(await editor.after(seen, uri, version)) == ["SST101", "SST101"]
        seen = len(editor.published)
        editor.close(uri)
        assert await editor.after(seen, uri, None) == []


async def test_edit_of_one_file_changes_what_is_found_in_another(tree: Path) -> None:
    make(tree, {"ssot-lint.toml": CONFIG, "app/via.py": "", "app/user.py": "from app.via import requests\n"})
    async with editing(tree) as editor:
        via, user = editor.open(tree / "app/via.py"), editor.open(tree / "app/user.py")
        assert await editor.diagnostics(user) == []
        editor.change(via, "import requests\n")
        assert codes(await editor.until(lambda: editor.newest(user))) == ["SST101"]
        editor.change(via, "requests = None\n")
        await editor.until(lambda: editor.newest(user) == [])


async def test_closed_file_is_as_on_the_disk_again(tree: Path) -> None:
    make(tree, {"app/via.py": "", "app/user.py": "from app.via import requests\n"})
    async with editing(tree) as editor:
        via, user = editor.open(tree / "app/via.py", "import requests\n"), editor.open(tree / "app/user.py")
        assert codes(await editor.diagnostics(user)) == ["SST101"]
        editor.close(via)
        await editor.until(lambda: editor.newest(user) == [])
        new = editor.open(tree / "app/new.py", "import requests\n")
        editor.change(user, "from app.new import requests\n")
        assert codes(await editor.until(lambda: editor.newest(user))) == ["SST101"]
        editor.close(new)  # it was never saved
        await editor.until(lambda: editor.newest(user) == [])


async def test_two_hundred_quick_edits_end_as_the_command_line_has_it(tree: Path) -> None:
    path = tree / "app/orders.py"
    dice = random.Random(5)
    async with editing(tree, can=capabilities(("utf-16", "utf-32"))) as editor:
        uri = editor.open(path)
        lines = [*BAD.splitlines(keepends=True), "# \n"]
        for _ in range(200):
            number = dice.randrange(len(lines) - 1)
            if lines[number].startswith("#"):  # typed into a comment
                column, piece = (
                    dice.randrange(1, len(lines[number])),
                    dice.choice(("é", "😋", "\x0c", "\u2028")),
                )
                at = types.Position(number, len(lines[number][:column].encode("utf-16-le")) // 2)
                lines[number] = lines[number][:column] + piece + lines[number][column:]
                where = types.Range(at, at)
            elif dice.random() < 0.3:
                where = types.Range(types.Position(number, 0), types.Position(number + 1, 0))
                piece = ""
                del lines[number]
            else:
                where = types.Range(types.Position(number, 0), types.Position(number, 0))
                piece = dice.choice(("import requests\n", "# \r\n", "from requests import get as é\n"))
                lines.insert(number, piece)
            editor.edit(uri, "".join(lines), types.TextDocumentContentChangePartial(where, piece))
        found = await editor.diagnostics(uri)
        assert editor.server.capabilities.position_encoding == "utf-16"
        assert places(found) == checked(path, editor.texts[uri]) != set()
        versions = [each.version or 0 for each in editor.published if each.uri == uri]
        assert versions == sorted(set(versions))


async def test_broken_buffer(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        for text in (
            "import requests\ndef f(:\n",
            "(" * 5000,
            "'''",
            "\0",
            "\ud800",
            "# coding: latin-1\n'é'\n",
        ):
            editor.change(uri, text)
            await editor.diagnostics(uri)
        editor.change(uri, "import requests\ndef f(:\n")
        assert codes(await editor.diagnostics(uri)) == ["SST001"]
        editor.change(uri, BAD)
        assert codes(await editor.diagnostics(uri)) == ["SST101"]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 24), ("utf-16", 19), ("utf-32", 17)])
async def test_columns_are_in_the_units_of_the_editor(tree: Path, encoding: str, column: int) -> None:
    async with editing(tree, can=capabilities((encoding,))) as editor:
        uri = editor.open(tree / "app/orders.py", "é = '😋😋'; import requests\n")
        (found,) = await editor.diagnostics(uri)
        assert (found.range.start.character, found.range.end.character) == (column, column + len("requests"))
        (home, *_) = (await editor.actions(uri, found.range)).values()
        assert home.edit is not None


async def test_baseline_is_followed(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        (found,) = await editor.diagnostics(uri)
        assert found.severity == types.DiagnosticSeverity.Error

        carry(tree)
        (shard,) = shards(tree)
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Created, tree / FOLDER / shard)
        (found,) = await editor.after(seen, uri, 1)
        assert found.severity == types.DiagnosticSeverity.Hint

        (tree / FOLDER / shard).write_text("no baseline\n")
        editor.tell_of_files(types.FileChangeType.Changed, tree / FOLDER / shard)
        await editor.until(lambda: editor.messages)
        assert "the project cannot be loaded, the last good one holds" in editor.messages[0]
        editor.change(uri, BAD + "\n")
        (found,) = await editor.diagnostics(uri)
        assert found.severity == types.DiagnosticSeverity.Hint


async def test_waivers_are_followed(tree: Path) -> None:
    file = tree / waivers.PATH
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        (found,) = await editor.diagnostics(uri)
        assert found.severity == types.DiagnosticSeverity.Error

        file.parent.mkdir()
        file.write_text('[[waiver]]\nrule = "SST1"\npaths = ["app/"]\nreason = "the bank\\nneeds it"\n')
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Created, file)
        (found,) = await editor.after(seen, uri, 1)
        assert found.severity == types.DiagnosticSeverity.Hint
        assert found.message.endswith(" (waived: the bank\\u000aneeds it)")

        file.write_text('[[waiver]]\nrule = "SST1"\n')
        editor.tell_of_files(types.FileChangeType.Changed, file)
        await editor.until(lambda: editor.messages)
        assert ".ssot-lint/waivers.toml:1: waiver: expected a value for `paths`" in editor.messages[0]

        seen = len(editor.published)
        file.unlink()
        editor.tell_of_files(types.FileChangeType.Deleted, file)
        (found,) = await editor.after(seen, uri, 1)
        assert found.severity == types.DiagnosticSeverity.Error


async def test_configuration_is_followed(tree: Path) -> None:
    config = tree / "ssot-lint.toml"
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        assert codes(await editor.diagnostics(uri)) == ["SST101"]

        config.write_text(CONFIG.replace('"requests"', '"os"'))
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Changed, config)
        (found,) = await editor.after(seen, uri, 1)
        assert found.message == "`os` is forbidden here; use `app.http`"

        config.write_text(CONFIG + "color = 'red'\n")
        seen = len(editor.published)
        editor.save(config)
        (mistake,) = await editor.after(seen, config.as_uri(), None)
        assert mistake.range == types.Range(types.Position(4, 0), types.Position(4, 13))
        assert "unknown key" in mistake.message
        await editor.until(lambda: editor.messages)
        assert "the configuration is broken, the last good one holds" in editor.messages[0]
        editor.change(uri, "import os\nimport os.path\n")
        assert len(await editor.diagnostics(uri)) == 2

        config.write_text(CONFIG + "[[forbidden-import]]\ntargets = ['json']\npaths = ['gone/']\n")
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Changed, config)
        (idle,) = await editor.after(seen, config.as_uri(), None)
        assert (idle.code, idle.range.start.line) == ("SST903", 4)
        assert await editor.after(seen, uri, 2) == []

        editor.change(uri, BAD)
        assert codes(await editor.diagnostics(uri)) == ["SST101"]
        text = config.read_text()
        config.unlink()
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Deleted, config)
        assert await editor.after(seen, uri, 3) == []
        assert await editor.after(seen, config.as_uri(), None) == []
        config.write_text(text)
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Created, config)
        assert codes(await editor.after(seen, uri, 3)) == ["SST101"]
        config.unlink()
        editor.tell_of_files(types.FileChangeType.Deleted, config)
        editor.change(uri, "def f(:\n")
        assert await editor.hover(uri, 1, 1) == ""  # no project, so not even a broken file is found


async def test_broken_from_the_start(tree: Path) -> None:
    config = tree / "ssot-lint.toml"
    config.write_text("[[forbidden-import]\n")
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        assert await editor.diagnostics(uri) == []
        (mistake,) = await editor.after(0, config.as_uri(), None)
        assert (mistake.range.start.line, "not TOML" in mistake.message) == (0, True)
        config.write_text(CONFIG)
        seen = len(editor.published)
        editor.tell_of_files(types.FileChangeType.Changed, config)
        assert codes(await editor.after(seen, uri, 1)) == ["SST101"]
        assert await editor.after(seen, config.as_uri(), None) == []


async def test_snippets_that_do_not_behave_are_told_in_the_configuration(tree: Path) -> None:
    config = tree / "ssot-lint.toml"
    config.write_text(CONFIG + 'bad = ["import json"]\n')
    async with editing(tree, cwd=tree / "app") as editor:
        editor.open(tree / "app/orders.py")
        (mistake,) = await editor.after(0, config.as_uri(), None)
        assert mistake.message == "forbidden-import instance: nothing is found in `bad` snippet 1"


async def test_files_that_change_outside_of_the_editor(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", "from app.via import requests\n")
        assert await editor.diagnostics(uri) == []
        via = tree / "app/via.py"
        via.write_text("import requests\n")
        editor.tell_of_files(types.FileChangeType.Created, via)
        assert codes(await editor.until(lambda: editor.newest(uri))) == ["SST101"]
        via.write_text("requests = None\n")
        editor.tell_of_files(types.FileChangeType.Changed, via)
        await editor.until(lambda: editor.newest(uri) == [])
        via.unlink()
        many = [make(tree, {f"app/new/{number}.py": ""}) / f"app/new/{number}.py" for number in range(150)]
        via.write_text("import requests\n")
        editor.tell_of_files(types.FileChangeType.Created, via, *many)
        assert codes(await editor.until(lambda: editor.newest(uri))) == ["SST101"]


async def test_code_actions_allow_what_is_found(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", "# Copyright\r\nimport requests\r\n")
        (found,) = await editor.diagnostics(uri)
        offers = await editor.actions(uri, found.range)
        assert list(offers) == ["Allow forbidden-import on this line", "Allow forbidden-import in this file"]
        for action, expected in zip(
            offers.values(),
            (
                "# Copyright\r\nimport requests  # ssot: allow forbidden-import -- TODO: say why\r\n",
                "# Copyright\r\n# ssot: allow-file forbidden-import -- TODO: say why\r\nimport requests\r\n",
            ),
        ):
            assert action.kind == types.CodeActionKind.QuickFix
            assert action.diagnostics is not None
            assert [each.code for each in action.diagnostics] == ["SST101"]
            editor.change(uri, applied(editor.texts[uri], action))
            assert editor.texts[uri] == expected
            assert await editor.diagnostics(uri) == []
            editor.change(uri, "# Copyright\r\nimport requests\r\n")
            await editor.diagnostics(uri)
        context = types.CodeActionContext([], only=[types.CodeActionKind.Refactor])
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), found.range, context)
        assert not await editor.client.text_document_code_action_async(params)
        nowhere = types.Range(types.Position(0, 0), types.Position(0, 2))
        assert await editor.actions(uri, nowhere) == {}


def applied(text: str, action: types.CodeAction) -> str:
    """A text after a code action for its first version, that inserts something."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 1
    (edit,) = change.edits
    assert isinstance(edit, types.TextEdit)
    assert edit.range.start == edit.range.end
    at = edit.range.start
    return allow.inserted(text, allow.Insertion(at.line + 1, at.character + 1, edit.new_text))


async def test_nothing_is_offered_that_would_not_work(tree: Path) -> None:
    (tree / "ssot-lint.toml").write_text(CONFIG + 'inline = "deny"\n')
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", "import requests  # ssot: allow forbidden-import -- no\n")
        found = await editor.diagnostics(uri)
        assert codes(found) == ["SST101"]
        assert await editor.actions(uri, found[0].range) == {}
        editor.change(uri, "import os  # ssot: allow forbidden-import -- no\n")
        (unused,) = await editor.diagnostics(uri)
        assert (unused.code, list(unused.tags or ())) == ("SST901", [types.DiagnosticTag.Unnecessary])
        assert list(await editor.actions(uri, unused.range)) == [
            "Delete the comment",
            "Fix all that ssot-lint can fix safely",
        ]


async def test_editor_that_knows_no_versions_of_edits(tree: Path) -> None:
    can = types.ClientCapabilities()
    async with editing(tree, can=can) as editor:
        assert editor.server.capabilities.position_encoding == "utf-16"
        uri = editor.open(tree / "app/orders.py")
        (found,) = await editor.diagnostics(uri)
        action = (await editor.actions(uri, found.range))["Allow forbidden-import on this line"]
        assert action.edit is not None
        assert list(action.edit.changes or ()) == [uri]
        assert (editor.registrations, editor.client.progress_reports) == ([], {})


@pytest.mark.parametrize("name", ["emacs@v29.1", "neovim@v0.11.0", "visual-studio-code@v1.65.2"])
async def test_real_editors_by_what_they_say_they_can(tree: Path, name: str) -> None:
    """Whatever the server sends beyond that is an error on the side of the client."""
    async with editing(tree, can=client_capabilities(name)) as editor:
        uri = editor.open(tree / "app/orders.py")
        (found,) = await editor.diagnostics(uri)
        assert len(await editor.actions(uri, found.range)) == 2
        assert await editor.hover(uri, 2, 10) == page(forbidden_import.RULE)
        assert await editor.progress()


async def test_hover_shows_the_page_of_the_rule(tree: Path) -> None:
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        explained = subprocess.run(
            [sys.executable, "-m", "ssot_lint", "explain", "SST101"], capture_output=True, check=True
        )
        assert await editor.hover(uri, 2, 10) == explained.stdout.decode() == page(forbidden_import.RULE)
        assert await editor.hover(uri, 1, 10) == ""


async def test_definition_leads_to_what_is_canonical(tree: Path) -> None:
    make(
        tree,
        {
            "ssot-lint.toml": (
                CONFIG
                + '[[canonical]]\nsymbol = "app.money.Money"\nreplaces = ["app.old.Cash"]\n'
                + '[[noncanonical-import]]\nsymbols = ["app.money.rounded"]\n'
                + '[[missing-base]]\nbase = "app.money.Money"\nclasses = ["*Price"]\n[[shadowed-definition]]\n'
            ),
            "app/money.py": "é = 1\nclass Money:\n    pass\ndef rounded():\n    pass\n",
            "app/old.py": "class Cash:\n    pass\nfrom app.money import rounded\n",
            "app/copy.py": "class Money:\n    pass\n",
        },
    )
    text = (
        "import requests\nfrom app.old import Cash\nfrom app.old import rounded\n"
        "class NetPrice:\n    pass\nclass Money:\n    pass\ndef f():\n    pass\ndef f():\n    pass\n"
    )
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py", text)
        found = await editor.diagnostics(uri)
        leads = {}
        for each in found:
            params = types.DefinitionParams(types.TextDocumentIdentifier(uri), each.range.start)
            homes = await editor.client.text_document_definition_async(params)
            assert isinstance(homes, Sequence)
            leads[each.code, each.range.start.line] = [
                (Path(home.uri).name, home.range.start.line)
                for home in homes
                if isinstance(home, types.Location)
            ]
        assert leads == {
            ("SST101", 0): [("http.py", 0)],
            ("SST101", 1): [("money.py", 1)],
            ("SST102", 2): [("money.py", 3)],
            ("SST202", 3): [("money.py", 1)],
            ("SST301", 5): [("money.py", 1)],
            ("SST305", 7): [("orders.py", 9)],
        }
        (twin,) = [each for each in found if each.code == "SST301"]
        assert twin.related_information is not None
        assert [Path(each.location.uri).name for each in twin.related_information] == ["money.py"]


async def test_request_that_is_cancelled(tree: Path) -> None:
    """The hover waits for the project to be loaded; the messages come in one after the other."""
    make(tree, {f"many/{number}.py": f"class C{number}:\n    x = {number}\n" for number in range(1500)})
    async with editing(tree) as editor:
        uri = editor.open(tree / "app/orders.py")
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(1, 9))
        answer = editor.client.protocol.send_request(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover-1")
        editor.client.cancel_request(types.CancelParams("hover-1"))
        with pytest.raises(JsonRpcException, match="canceled"):
            await asyncio.wrap_future(answer)
        assert await editor.hover(uri, 2, 10)
        begun, *_, ended = await editor.progress()
        assert (type(begun), type(ended)) == (types.WorkDoneProgressBegin, types.WorkDoneProgressEnd)


async def test_editor_that_leaves_amid_the_work(tree: Path) -> None:
    make(tree, {f"many/{number}.py": "x = 1\n" * 500 + f"y = {number}\n" for number in range(500)})
    async with editing(tree) as editor:
        editor.open(tree / "app/orders.py")
        server = editor.client._server
    assert server is not None
    assert server.returncode == 0


async def test_editor_that_leaves_without_a_word(tree: Path) -> None:
    done = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, cwd=tree)
    assert (done.returncode, done.stdout) == (1, b"")


async def test_without_the_parts_that_it_needs() -> None:
    code = "import sys; sys.modules['pygls'] = None; from ssot_lint.cli import main; sys.exit(main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 2
    assert b"pip install 'ssot-lint[lsp]'" in done.stderr


async def test_what_is_printed_goes_past_the_editor(tree: Path) -> None:
    make(tree, {"ssot-lint.toml": 'plugins = ["noisy"]\n', "noisy.py": "print('no message')\n"})
    async with editing(tree) as editor:
        assert await editor.diagnostics(editor.open(tree / "app/orders.py")) == []
        (mistake,) = await editor.after(0, (tree / "ssot-lint.toml").as_uri(), None)
        assert '"noisy" has neither' in mistake.message


async def test_several_folders_and_several_projects_in_one(tmp_path: Path) -> None:
    orders = {"app/orders.py": "import requests\nimport json\n", "app/deep/more.py": "import requests\n"}
    inner = {"app/deep/ssot-lint.toml": "[[forbidden-import]]\ntargets = ['json']\n"}
    first = make(tmp_path / "first", {"ssot-lint.toml": CONFIG, **orders, **inner})
    second = make(
        tmp_path / "second",
        {"pyproject.toml": "[[tool.ssot-lint.forbidden-import]]\ntargets = ['json']\n", **orders},
    )
    third = make(tmp_path / "third", orders)
    async with editing(first, second) as editor:
        uris = [editor.open(folder / "app/orders.py") for folder in (first, second, third)]
        deep = editor.open(first / "app/deep/more.py")
        assert [each.range.start.line for each in await editor.diagnostics(uris[0])] == [0]
        assert [each.range.start.line for each in await editor.diagnostics(uris[1])] == [1]
        assert await editor.diagnostics(deep) == []
        assert await editor.hover(uris[2], 1, 9) == ""
        assert editor.newest(uris[2]) is None
        (first / "app/deep/ssot-lint.toml").unlink()
        editor.tell_of_files(types.FileChangeType.Deleted, first / "app/deep/ssot-lint.toml")
        assert codes(await editor.until(lambda: editor.newest(deep))) == ["SST101"]


async def test_configuration_that_is_named(tree: Path, tmp_path: Path) -> None:
    named = tmp_path / "elsewhere.toml"
    named.write_text("[[forbidden-import]]\ntargets = ['os']\n")
    async with editing(tree, arguments=["--stdio", "--config", str(named)]) as editor:
        uri = editor.open(tree / "app/orders.py")
        assert [each.range.start.line for each in await editor.diagnostics(uri)] == [0]


async def test_what_is_no_part_of_the_project(tree: Path) -> None:
    (tree / "ssot-lint.toml").write_text('exclude = ["skipped/"]\n' + CONFIG)
    make(tree, {"skipped/a.py": BAD, "ignored/a.py": BAD, ".gitignore": "ignored/\n", "notes.txt": BAD})
    make(tree, {"env/pyvenv.cfg": "", "env/lib/a.py": BAD, "app/new.py": BAD})
    for has_git in (False, True):
        if has_git:
            subprocess.run(["git", "init", "-q", "."], cwd=tree, check=True)
        async with editing(tree) as editor:
            for path in ("skipped/a.py", "ignored/a.py", "env/lib/a.py"):
                assert await editor.diagnostics(editor.open(tree / path)) == []
            script = editor.open(tree / "notes.txt", language="plaintext")
            untitled = editor.open("untitled:Untitled-1", BAD)
            for uri in (script, untitled):
                editor.change(uri, BAD)
                editor.save(uri)
                assert await editor.hover(uri, 2, 10) == ""
                assert editor.newest(uri) is None
                editor.close(uri)
            unsaved = editor.open(tree / "app/unsaved.py", BAD)
            assert codes(await editor.diagnostics(unsaved)) == ["SST101"]


async def test_names_that_uris_spell_in_other_ways(tree: Path) -> None:
    names = ("with space.py", "100%.py", "a%41.py", "aA.py", "é😋.py", "#?;&.py")
    make(tree, {f"app/{name}": "import requests  # é\n" for name in names})
    async with editing(tree) as editor:
        for name in names:
            assert codes(await editor.diagnostics(editor.open(tree / "app" / name))) == ["SST101"], name
        plain = (tree / "app/http.py").as_uri().replace("/http.py", "/%6Frders.py")
        assert codes(await editor.diagnostics(editor.open(plain, BAD))) == ["SST101"]


async def test_ten_thousand_files(tmp_path: Path) -> None:
    files = {f"p{number % 100}/m{number}.py": f"class C{number}:\n    pass\n" for number in range(10_000)}
    tree = make(tmp_path, {"ssot-lint.toml": CONFIG, **files})
    async with editing(tree) as editor:
        uri = editor.open(tree / "p1/m1.py", "from p2.m2 import C2\nimport requests\n")
        assert codes(await editor.diagnostics(uri)) == ["SST101"]
        begun, *_ = await editor.progress()
        assert begun.title == f"ssot-lint: reading {tree.name}"
        editor.change(uri, "class C2:\n    def f(self):\n        return [self, self, self, 1, 2, 3]\n")
        assert await editor.diagnostics(uri) == []


async def test_parity_with_the_command_line(tmp_path: Path) -> None:
    for rule in (forbidden_import.RULE, noncanonical_import.RULE):
        for number, example in enumerate(rule.bad):
            make(tmp_path / f"{rule.id} {number}", {"ssot-lint.toml": "", **example.files})
    expected = {
        (f"{folder.name}/{finding.path}", finding.span.line, finding.span.column, finding.code)
        for folder in tmp_path.iterdir()
        for finding in lint(load(None, folder), use_cache=False).findings
    }
    assert await asyncio.to_thread(lsp_findings, tmp_path.resolve()) == expected
    assert len(expected) > 10
