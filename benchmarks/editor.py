"""Measures how long the language server takes from a keystroke to its diagnostics.

    python benchmarks/editor.py --tree DIR [--config FILE] [--files 20]

Starts the real server, opens files that are spread over the tree, and types into each of them, one character
at a time, the way people do: a line in the body of a function, an import, a class. Each keystroke is sent
once the diagnostics of the one before have come. Prints a line for each kind of edit; keystrokes that leave
a text which parses cost more than others, and are counted on their own, too.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_BAR = 150  # milliseconds


class Edit(NamedTuple):
    """What is typed, and where; line and column count from 0."""

    kind: str
    line: int
    column: int
    typed: str


class Editor:
    """The least of an editor that can ask for diagnostics."""

    def __init__(self, tree: Path, arguments: Sequence[str]) -> None:
        command = (sys.executable, "-m", "ssot_lint", "lsp", *arguments)
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tree)
        self._last = 0
        folder = {"uri": tree.as_uri(), "name": tree.name}
        self.ask("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": [folder]})
        self.tell("initialized", {})

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        """Send a request, and return the result."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        return next(each for each in self._messages() if each.get("id") == self._last)["result"]

    def diagnostics(self, uri: str, version: int) -> Any:
        """Wait for what is published of a version of a document."""
        for each in self._messages():
            params = each.get("params") or {}
            if params.get("uri") == uri and params.get("version") == version:
                return params["diagnostics"]
        raise SystemExit("the server is gone")

    def leave(self) -> None:
        """Shut the server down."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._server.wait()

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()

    def _messages(self) -> Iterator[dict[str, Any]]:
        stdout = self._server.stdout
        assert stdout is not None
        while header := stdout.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else None
            while header.strip():
                header = stdout.readline()
                if header.lower().startswith(b"content-length"):
                    length = int(header.split(b":")[1])
            yield json.loads(stdout.read(length or 0))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, required=True, metavar="DIR")
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--files", type=int, default=20, metavar="N", help="how many to type into")
    args = parser.parse_args()
    tree = Path(os.path.realpath(args.tree))
    chosen = list(choose(tree, args.files))
    arguments = ["--config", os.path.abspath(args.config)] if args.config else []
    editor = Editor(tree, arguments)
    times: dict[str, list[float]] = {}
    start = time.perf_counter()
    for number, (path, text, edits) in enumerate(chosen):
        uri = path.as_uri()
        item = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        editor.diagnostics(uri, 0)
        if number == 0:
            print(f"first file opened, project loaded: {time.perf_counter() - start:.1f} s", flush=True)
        version = 0
        for edit in edits:
            for keystroke in keystrokes(edit):
                version += 1
                text = typed(text, keystroke)
                begin = time.perf_counter()
                editor.tell(
                    "textDocument/didChange",
                    {"textDocument": {"uri": uri, "version": version}, "contentChanges": [keystroke]},
                )
                editor.diagnostics(uri, version)
                taken = (time.perf_counter() - begin) * 1000
                times.setdefault(edit.kind, []).append(taken)
                if parses(text):
                    times.setdefault(f"{edit.kind}, text parses", []).append(taken)
        editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    editor.leave()
    for kind, values in times.items():
        slow = statistics.quantiles(values, n=20)[-1]
        print(
            f"{kind}: median {statistics.median(values):.0f} ms, 95th percentile {slow:.0f} ms,"
            f" of {len(values)} keystrokes (bar: {_BAR} ms)"
        )


def choose(tree: Path, number: int) -> Iterator[tuple[Path, str, list[Edit]]]:
    """Yield files that are spread evenly over a tree, with what to type into them."""
    paths = sorted(path for path in tree.rglob("*.py") if path.is_file())
    yielded = 0
    for index in range(len(paths)):
        path = paths[index * 7919 % len(paths)]  # a prime: far apart, and each once
        try:
            text = path.read_bytes().decode()
            if "\r" in text or not text.endswith("\n"):
                continue
            module = ast.parse(text)
        except (ValueError, SyntaxError):
            continue
        edits = list(_edits(module, text))
        if len(edits) == 3:
            yield path, text, edits
            yielded += 1
        if yielded == number:
            return


def _edits(module: ast.Module, text: str) -> Iterator[Edit]:
    functions = [
        node for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    if functions:
        last = functions[len(functions) // 2].body[-1]
        indent = " " * last.col_offset
        yield Edit("inside a function", last.lineno - 1, 0, f"{indent}total = sum(values) or 1\n")
    yield Edit("adding a class", text.count("\n"), 0, "\n\nclass ProbeOfTheEditor:\n    size = 1\n")
    imports = [node for node in module.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    if imports:
        yield Edit("adding an import", imports[0].lineno - 1, 0, "from collections import OrderedDict\n")


def typed(text: str, keystroke: dict[str, Any]) -> str:
    """Return a text after a keystroke."""
    at = keystroke["range"]["start"]
    lines = text.split("\n")
    line = lines[at["line"]]
    lines[at["line"]] = line[: at["character"]] + keystroke["text"] + line[at["character"] :]
    return "\n".join(lines)


def parses(text: str) -> bool:
    """Tell whether a text is Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def keystrokes(edit: Edit) -> Iterator[dict[str, Any]]:
    """Yield what is sent for each character that is typed; an indentation comes at once, as editors do it."""
    line, column = edit.line, edit.column
    rest = edit.typed
    while rest:
        blanks = len(rest) - len(rest.lstrip(" "))
        piece, rest = rest[: max(blanks, 1)], rest[max(blanks, 1) :]
        at = {"line": line, "character": column}
        yield {"range": {"start": at, "end": at}, "text": piece}
        line, column = (line + 1, 0) if piece == "\n" else (line, column + len(piece))


if __name__ == "__main__":
    main()
