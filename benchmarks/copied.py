"""A copy of a tree on which tools are timed, and what they are asked for there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import speed

CHANGED = 10  # files that change together


class Cell(NamedTuple):
    """One thing that is timed."""

    tool: str
    work: str  # a column of the table
    command: Sequence[str]
    before: Callable[[], None]  # what makes the state that it starts from
    codes: Sequence[int] = (0, 1)  # that say the tool did its work
    note: str = ""


class Work:
    """A copy of a tree as a git repository, with what the tools are to look at."""

    def __init__(self, tree: Path, config: Path, folder: Path) -> None:
        self.root = folder / "tree"
        self.config = config
        shutil.copytree(tree, self.root, symlinks=True, ignore=shutil.ignore_patterns(".git", speed.CACHE))
        for command in (["init", "--quiet"], ["add", "--all", "--force"]):
            subprocess.run(["git", *command], cwd=self.root, check=True)
        listed = speed.list_files(self.root, config)
        self.files = [os.path.relpath(path, self.root) for path in listed]
        texts = {path: (self.root / path).read_bytes() for path in self.files}
        sound = [path for path, text in texts.items() if compiles(text)]
        self.ten = sorted(sound)[:: max(len(sound) // CHANGED, 1)][:CHANGED]
        self.hub, self.dependants = hub(texts, sound)
        self.banned = banned(config, self.root)
        self._texts = {path: texts[path] for path in (*self.ten, self.hub)}
        self._number = 0

    def forget(self) -> None:
        """Delete the caches of all tools, and restore the files."""
        self.restore()
        for name in (speed.CACHE, ".ruff_cache", ".import_linter_cache"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def change(self, paths: Sequence[str]) -> None:
        """Give files texts that no tool has seen; all others are as they were."""
        self.restore()
        self._number += 1
        for path in paths:
            changed = self._texts[path].rstrip() + f"\n\nCHANGED = {self._number}\n".encode()
            (self.root / path).write_bytes(changed)

    def restore(self) -> None:
        """Give the files that were changed their own texts."""
        for path, text in self._texts.items():
            if (self.root / path).read_bytes() != text:
                (self.root / path).write_bytes(text)


def compiles(text: bytes) -> bool:
    """Whether a text is sound."""
    try:
        compile(text, "text", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def hub(texts: Mapping[str, bytes], sound: Sequence[str]) -> tuple[str, int]:
    """The file whose module most files name in an import, as far as a pattern can tell, and their number."""
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sound}
    counts: Counter[str] = Counter()
    for text in texts.values():
        named = re.findall(rb"^\s*(?:from|import) ([\w.]+)", text, re.MULTILINE)
        counts.update({modules[name.decode()] for name in named if name.decode() in modules})
    ((path, number),) = counts.most_common(1) or [(sound[0], 0)]
    return path, number


def banned(config: Path, root: Path) -> dict[str, str]:
    """The dotted names that the configuration forbids to import, with what to say, patterns left out."""
    from ssot_lint.config import load
    from ssot_lint.rules.forbidden_import import ForbiddenImportOptions

    names: dict[str, str] = {}
    for instance in load(config, root).instances:
        if isinstance(instance.options, ForbiddenImportOptions):
            names.update(dict.fromkeys(instance.options.targets, instance.options.use or "-"))
    return {name: use for name, use in sorted(names.items()) if "*" not in name and "{" not in name}
