"""Times a real `git commit` of ten files with our hook, with ruff's, and without any, in one run.

    python benchmarks/commit.py --tree DIR --config FILE [--rounds 5]

The tree is copied into a git repository of its own and linted once, so that the cache is warm. Each round
changes the same ten files, in which neither tool finds anything, and commits them with each set of hooks in
turn. Ruff bans the targets of the `forbidden-import` tables of the configuration, as far as it can (TID251),
and finds what does not compile. "Installed" hooks are installed by pre-commit into environments of their own,
ours from this repository as a git URL, ruff's as its own repository of hooks does it; "system" hooks run what
the environment of this script has. Printed are the medians in seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median

SOURCES = Path(__file__).resolve().parent.parent
SUFFIXES = (".py", ".pyi", ".toml", ".ini", ".cfg")
CHANGED = 10
HOOKS = {
    "pre-commit alone": """\
- repo: local
  hooks: [{id: none, name: none, language: system, entry: none, files: '^$'}]
""",
    "ssot-lint, installed": """\
- repo: HOOKS
  rev: REVISION
  hooks: [{id: ssot-lint}]
""",
    "ssot-lint, system": """\
- repo: local
  hooks:
  - id: ssot-lint
    name: ssot-lint
    language: system
    entry: ssot-lint check --hook
    types_or: [python, pyi, toml]
    always_run: true
    require_serial: true
""",
    "ruff, installed": """\
- repo: local
  hooks:
  - id: ruff
    name: ruff
    language: python
    additional_dependencies: [ruff==RUFF]
    entry: ruff check --force-exclude --quiet --config ../ruff.toml
    types_or: [python, pyi]
    require_serial: true
""",
    "ruff, system": """\
- repo: local
  hooks:
  - id: ruff
    name: ruff
    language: system
    entry: ruff check --force-exclude --quiet --config ../ruff.toml
    types_or: [python, pyi]
    require_serial: true
""",
}


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, required=True, help="the tree to commit in")
    parser.add_argument("--config", type=Path, required=True, help="the configuration to lint it with")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is timed (default: 5)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Scratch(Path(folder))
        scratch.fill(args.tree, args.config)
        changed = scratch.clean_files()
        hooks = scratch.write_hooks()
        times: dict[str, list[float]] = {name: [] for name in hooks}
        for number in range(args.rounds + 1):
            for name, hook in hooks.items():
                seconds = scratch.timed_commit(changed, f"# {name} {number}\n", hook)
                times[name] += [seconds] if number else []  # the first round installs and warms up
    print(f"{CHANGED} of {scratch.files} files, Python {sys.version.split()[0]}, ruff {version('ruff')}")
    for name, each in times.items():
        print(f"{name:<22}{median(each):8.2f} s   {min(each):.2f} to {max(each):.2f}")
    return 0


class Scratch:
    """A folder with a repository to commit in, one of our hooks, and what pre-commit installs."""

    def __init__(self, folder: Path) -> None:
        self.files = 0
        self._folder = folder
        self._tree = folder / "tree"
        self._hooks = folder / "hooks"
        self._hook = self._tree / ".git/hooks/pre-commit"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        identity = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "nobody")
        addresses = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "nobody@example.org")
        tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment: Mapping[str, str] = {
            **kept,
            **identity,
            **addresses,
            "PATH": tools,
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def _run(self, *command: str, cwd: Path | None = None, may_fail: bool = False) -> str:
        done = subprocess.run(
            command,
            cwd=cwd or self._tree,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode and not may_fail:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}")
        return done.stdout

    def fill(self, tree: Path, config: Path) -> None:
        """Copies a tree and its configuration, commits it, and lints it once."""

        def others(folder: str, names: list[str]) -> list[str]:
            files = [name for name in names if not os.path.isdir(os.path.join(folder, name))]
            return [".git", *(name for name in files if not name.endswith(SUFFIXES))]

        shutil.copytree(tree, self._tree, ignore=others, symlinks=True)
        shutil.copyfile(config, self._tree / "ssot-lint.toml")
        targets = [
            target for table in parsed(config).get("forbidden-import", ()) for target in table["targets"]
        ]
        banned = "".join(f'"{target}".msg = "forbidden"\n' for target in targets)
        (self._folder / "ruff.toml").write_text(
            f'lint.select = ["TID251", "E9"]\n[lint.flake8-tidy-imports.banned-api]\n{banned}',
            encoding="utf-8",
        )
        self._run("git", "init", "--quiet")
        self._commit_all(self._tree)
        self._run("ssot-lint", "check", "--quiet", "--exit-zero")
        listed = subprocess.run(
            ("git", "ls-files", "-coz", "--exclude-standard"), cwd=SOURCES, check=True, capture_output=True
        )
        for path in os.fsdecode(listed.stdout).split("\0"):
            if path.startswith((".pre-commit", "ssot_lint/", "pyproject.toml", "README.md", "LICENSE")):
                (self._hooks / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(SOURCES / path, self._hooks / path)
        self._run("git", "init", "--quiet", cwd=self._hooks)
        self._commit_all(self._hooks)

    def _commit_all(self, folder: Path) -> None:
        self._run("git", "add", "--all", cwd=folder)
        self._run("git", "commit", "--quiet", "-m", "all", cwd=folder)

    def clean_files(self) -> list[Path]:
        """Ten files, spread over the tree, in which neither tool finds anything."""
        ours = json.loads(self._run("ssot-lint", "check", "--quiet", "--format", "json", "--exit-zero"))
        command = ("ruff", "check", "--quiet", "--config", "../ruff.toml", "--output-format", "json", ".")
        theirs = json.loads(self._run(*command, may_fail=True))
        found = {self._tree / finding["path"] for finding in ours["findings"]}
        found |= {Path(finding["filename"]) for finding in theirs}
        listed = self._run("git", "ls-files", "--", "*.py").splitlines()
        self.files = len(listed)
        clean = [
            file for file in map(self._tree.joinpath, listed) if file not in found and file.stat().st_size
        ]
        return clean[:: len(clean) // CHANGED][:CHANGED]

    def write_hooks(self) -> dict[str, Path | None]:
        """The file that makes git use each set of hooks, none for no hook at all."""
        values = {
            "HOOKS": self._hooks.as_uri(),
            "REVISION": self._run("git", "rev-parse", "HEAD", cwd=self._hooks).strip(),
            "RUFF": version("ruff"),
        }
        found: dict[str, Path | None] = {"no hook": None}
        for name, text in HOOKS.items():
            for word, value in values.items():
                text = text.replace(word, value)
            config = self._folder / f"{name}.yaml"
            config.write_text(f"repos:\n{text}", encoding="utf-8")
            self._run("pre-commit", "install", "--overwrite", "--config", str(config))
            found[name] = self._hook.rename(self._folder / f"{name}.hook")
        return found

    def timed_commit(self, changed: list[Path], line: str, hook: Path | None) -> float:
        """Seconds that a commit takes which adds a line to each of some files."""
        for file in changed:
            with file.open("a", encoding="utf-8") as stream:
                stream.write(line)
        self._run("git", "add", "--update")
        self._hook.unlink(missing_ok=True)
        if hook is not None:
            shutil.copy(hook, self._hook)
        start = time.perf_counter()
        self._run("git", "commit", "--quiet", "-m", "ten files")
        return time.perf_counter() - start


def parsed(config: Path) -> dict[str, list[dict[str, list[str]]]]:
    """What a configuration says, in tables."""
    from ssot_lint.toml_document import TomlDocument

    return TomlDocument(config.read_text(encoding="utf-8")).data


if __name__ == "__main__":
    sys.exit(main())
