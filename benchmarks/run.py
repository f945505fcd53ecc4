"""Times ssot-lint and its peers over one tree, in one run, and prints one table of medians and ratios.

    python benchmarks/run.py --tree DIR --config FILE [--rounds 5] [--peers ruff,flake8,pylint,import-linter]
    python benchmarks/run.py --scale 1000,10000,100000 [--rounds 3]

The peers are installed at fixed versions into an environment of their own. Every tool is asked for what it
can of the same: no broken syntax, and nothing imported that the tables `forbidden-import` and `canonical`
ban: ruff TID251 and E9, flake8 E9 with flake8-tidy-imports, pylint syntax-error and preferred-module,
import-linter one contract about the largest package. "ssot-lint" runs the whole configuration, "ssot-lint,
same" only what the peers can.

The tree is copied into a git repository. Rows: `parse`, which is `ast.parse` in two processes with the
collector off; `cold`, without a cache; `warm`, nothing changed; `ten`, ten files changed (peers look at
these alone, we answer over the whole tree); `hub`, one file changed that most others import; and the most
memory that a process took. Every round runs all cells once, one after the other. With `--scale` made-up
trees of these sizes are timed instead.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import make_tree
import speed

PEERS = {
    "ruff": ["ruff==0.14.5"],
    "flake8": ["flake8==7.3.0", "flake8-tidy-imports==4.12.0"],
    "pylint": ["pylint==4.0.3"],
    "import-linter": ["import-linter==2.7"],
}
CHANGED = 10
PART = 1000  # files that pylint looks at where there are more: it takes too long for all
RUN = """
import json, resource, subprocess, sys, time
from subprocess import DEVNULL, PIPE
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
seconds = time.perf_counter() - start
kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([seconds, kilobytes, done.returncode, done.stderr.decode(errors="replace")[-2000:]]))
"""


class Cell(NamedTuple):
    """One thing that is timed."""

    tool: str
    work: str  # a column of the table
    command: Sequence[str]
    before: Callable[[], None]  # what makes the state that it starts from
    codes: Sequence[int] = (0, 1)  # that say the tool did its work
    note: str = ""


class Took(NamedTuple):
    """What running a cell once took."""

    seconds: float
    megabytes: float  # of the largest process


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, help="the tree to lint")
    parser.add_argument("--config", type=Path, help="the configuration to lint it with")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is timed (default: 5)")
    parser.add_argument("--peers", default=",".join(PEERS), help="which to compare with (default: all)")
    parser.add_argument("--scale", default="", help="sizes of made-up trees to time instead")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        print_heading(args)
        if args.scale:
            print_scale([int(size) for size in args.scale.split(",")], args.rounds, Path(folder))
        elif args.tree is None or args.config is None:
            parser.error("expected --tree and --config, or --scale")
        else:
            peers = [name for name in args.peers.split(",") if name]
            compare(args.tree, args.config.resolve(), args.rounds, peers, Path(folder))
    return 0


def print_heading(args: argparse.Namespace) -> None:
    """Print what the numbers depend on."""
    print(
        f"{datetime.date.today()}, {platform.python_implementation()} {platform.python_version()}, ", end=""
    )
    cores = len(os.sched_getaffinity(0))
    print(f"{cores} cores, {platform.system()} {platform.machine()}, {args.rounds} rounds")


# Comparison with peers.


def compare(tree: Path, config: Path, rounds: int, peers: Sequence[str], folder: Path) -> None:
    """Time all tools on a copy of a tree and print the table."""
    work = Work(tree, config, folder)
    bin_folder = install(peers, folder) if peers else folder
    cells = [*our_cells(work), *peer_cells(work, peers, bin_folder)]
    batches = list(speed.in_batches([str(work.root / path) for path in work.files]))
    parse: list[float] = []
    took: dict[tuple[str, str], list[Took]] = {}
    for _ in range(rounds):
        parse.append(speed.timed_reference(batches))
        for cell in cells:
            cell.before()
            took.setdefault((cell.tool, cell.work), []).append(timed(cell, work.root))
    megabytes = sum(os.path.getsize(work.root / path) for path in work.files) / 1e6
    print(f"{len(work.files)} files, {megabytes:.1f} MB")
    print_table(cells, took, median(parse))


def print_table(cells: Sequence[Cell], took: Mapping[tuple[str, str], Sequence[Took]], parse: float) -> None:
    """Print a line for each cell: the median, its ratio to the parser and to what we take for the same."""
    print(f"\n{'tool':<18}{'work':<8}{'seconds':>9}{'x parse':>9}{'x ours':>9}{'MB':>7}  note")
    print(f"{'ast.parse':<18}{'parse':<8}{parse:>9.2f}{1:>9.2f}")
    for cell in cells:
        runs = took[cell.tool, cell.work]
        seconds = median(run.seconds for run in runs)
        ours = median(run.seconds for run in took["ssot-lint", cell.work])
        megabytes = max(run.megabytes for run in runs)
        print(
            f"{cell.tool:<18}{cell.work:<8}{seconds:>9.2f}{seconds / parse:>9.2f}{seconds / ours:>9.2f}"
            f"{megabytes:>7.0f}  {cell.note}"
        )


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


# The cells.


def our_cells(work: Work) -> Iterator[Cell]:
    """What we are timed for."""
    check = [
        sys.executable,
        "-m",
        "ssot_lint",
        "check",
        "--config",
        str(work.config),
        "--quiet",
        "--format",
        "json",
    ]
    ten = [*check, "--hook", *work.ten]
    one = [*check, "--hook", work.hub]
    for tool, more in (("ssot-lint", []), ("ssot-lint, same", ["--select", "syntax-error,forbidden-import"])):
        yield Cell(tool, "cold", [*check, *more], work.forget)
        yield Cell(tool, "warm", [*check, *more], lambda: None)
        yield Cell(tool, "ten", [*ten, *more], lambda: work.change(work.ten))
        note = f"{work.hub}, imported by {work.dependants}"
        yield Cell(tool, "hub", [*one, *more], lambda: work.change([work.hub]), note=note)


def peer_cells(work: Work, peers: Sequence[str], bin_folder: Path) -> Iterator[Cell]:
    """What peers are timed for; each has a cache if it knows one."""
    if "ruff" in peers:
        yield from ruff_cells(work, bin_folder)
    if "flake8" in peers:
        yield from flake8_cells(work, bin_folder)
    if "pylint" in peers:
        yield from pylint_cells(work, bin_folder)
    if "import-linter" in peers:
        yield from import_linter_cells(work, bin_folder)


def ruff_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """Ruff: its rule for banned names, and what does not compile."""
    lines = [f"{json.dumps(name)}.msg = {json.dumps(use)}" for name, use in work.banned.items()]
    api = "\n".join(["[lint.flake8-tidy-imports.banned-api]", *lines, ""])
    settings = work.root.parent / "ruff.toml"
    settings.write_text(f'lint.select = ["E9", "TID251"]\nrespect-gitignore = false\n{api}')
    ruff = [str(bin_folder / "ruff"), "check", "--quiet", "--exit-zero", "--config", str(settings)]
    yield Cell("ruff", "cold", [*ruff, "."], work.forget, (0,))
    yield Cell("ruff", "warm", [*ruff, "."], lambda: None, (0,))
    yield Cell("ruff", "ten", [*ruff, *work.ten], lambda: work.change(work.ten), (0,), "the ten files alone")


def flake8_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """flake8 with flake8-tidy-imports, which has no cache."""
    modules = "\n".join(f"    {name} = {use}" for name, use in work.banned.items())
    settings = work.root.parent / "flake8.ini"
    settings.write_text(f"[flake8]\nselect = E9,I251\njobs = 2\nbanned-modules =\n{modules}\n")
    flake8 = [str(bin_folder / "flake8"), "--config", str(settings)]
    yield Cell("flake8", "cold", [*flake8, "."], work.restore)
    yield Cell(
        "flake8", "ten", [*flake8, *work.ten], lambda: work.change(work.ten), note="the ten files alone"
    )


def pylint_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """Pylint, on a part of a large tree."""
    modules = ",".join(f"{name}:{use}" for name, use in work.banned.items())
    pylint = [
        str(bin_folder / "pylint"),
        "--disable=all",
        "--enable=syntax-error,preferred-module",
        "--jobs=2",
        f"--preferred-modules={modules}",
        "--exit-zero",
        "--rcfile=/dev/null",
    ]
    step = max(len(work.files) // PART, 1)
    part = work.files[::step]
    note = "" if step == 1 else f"on {len(part)} files alone"
    yield Cell("pylint", "cold", [*pylint, *part], work.restore, (0,), note)
    yield Cell(
        "pylint", "ten", [*pylint, *work.ten], lambda: work.change(work.ten), (0,), "the ten files alone"
    )


def import_linter_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """import-linter, where the tree has a package at its top."""
    packages = Counter(
        path.partition("/")[0]
        for path in work.files
        if (work.root / path.partition("/")[0] / "__init__.py").exists()
    )
    if not packages:
        print("import-linter is left out: there is no package at the top of the tree")
        return
    package, number = packages.most_common(1)[0]
    settings = work.root.parent / "importlinter.ini"
    modules = "\n".join(f"    {name}" for name in sorted({name.partition(".")[0] for name in work.banned}))
    settings.write_text(
        f"[importlinter]\nroot_package = {package}\ninclude_external_packages = True\n"
        f"[importlinter:contract:1]\nname = banned\ntype = forbidden\nallow_indirect_imports = True\n"
        f"source_modules =\n    {package}\nforbidden_modules =\n{modules}\n"
    )
    command = [str(bin_folder / "lint-imports"), "--config", str(settings)]
    note = f"`{package}` alone, {number} files"
    yield Cell("import-linter", "cold", command, work.forget, note=note)
    yield Cell("import-linter", "warm", command, lambda: None, note=note)


def install(peers: Sequence[str], folder: Path) -> Path:
    """Install peers at their versions into an environment; return the folder of its commands."""
    home = folder / "peers"
    venv.create(home, with_pip=True)
    packages = [package for name in peers for package in PEERS[name]]
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", *packages], check=True)
    print(", ".join(packages))
    return home / "bin"


def timed(cell: Cell, folder: Path) -> Took:
    """Run a cell once. Exits where the tool did not do its work."""
    command = [sys.executable, "-c", RUN, *cell.command]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    seconds, kilobytes, code, errors = json.loads(done.stdout)
    if code not in cell.codes:
        sys.exit(f"{cell.tool}, {cell.work}: exit code {code}\n{errors}")
    return Took(seconds, kilobytes / 1024)


# Trees of several sizes.


def no_preparation() -> None:
    """Leave all as it is."""


def print_scale(sizes: Sequence[int], rounds: int, folder: Path) -> None:
    """Time made-up trees of several sizes, and print time and memory for each file."""
    columns = ("files", "MB", "parse", "cold", "x parse", "warm", "ms/file", "most MB", "kB/file")
    print("\n" + "".join(f"{column:>9}" for column in columns))
    for size in sizes:
        root = folder / str(size)
        root.mkdir()
        make_tree.write(root, size, seed=1)
        for command in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *command], cwd=root, check=True)
        check = [sys.executable, "-m", "ssot_lint", "check", "--quiet", "--format", "json"]
        files = speed.list_files(root, root / "ssot-lint.toml")
        batches = list(speed.in_batches(files))
        parse, cold, warm = [], [], []
        for _ in range(rounds):
            shutil.rmtree(root / speed.CACHE, ignore_errors=True)
            parse.append(speed.timed_reference(batches))
            cold.append(timed(Cell("ssot-lint", "cold", check, no_preparation), root))
            warm.append(timed(Cell("ssot-lint", "warm", check, no_preparation), root))
        seconds = median(took.seconds for took in cold)
        megabytes = max(took.megabytes for took in cold)
        print(
            f"{size:>9}{sum(map(os.path.getsize, files)) / 1e6:>9.1f}{median(parse):>9.2f}{seconds:>9.2f}"
            f"{seconds / median(parse):>9.2f}{median(took.seconds for took in warm):>9.2f}"
            f"{seconds * 1000 / size:>9.2f}{megabytes:>9.0f}{megabytes * 1024 / size:>9.1f}",
            flush=True,
        )
        shutil.rmtree(root)


if __name__ == "__main__":
    sys.exit(main())
