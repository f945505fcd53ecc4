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
memory that a process took. Every round runs all cells once, one after the other; one more cold run each tells
how much memory all of our processes take together. With `--scale` made-up trees of these sizes are timed
instead. Tables are Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import make_tree
import speed
from copied import CHANGED, Cell, Work
from peers import PEERS, install, peer_cells

RUN = """
import json, resource, subprocess, sys, time
from subprocess import DEVNULL, PIPE
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
seconds = time.perf_counter() - start
kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([seconds, kilobytes, done.returncode, done.stderr.decode(errors="replace")[-2000:]]))
"""


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
    for cell in cells:
        if cell.tool.startswith("ssot-lint") and cell.work == "cold":
            cell.before()
            together = memory_of_all(cell, work.root)
            print(f"\n{cell.tool}, cold, all processes together: at most {together:.0f} MB")


def print_table(cells: Sequence[Cell], took: Mapping[tuple[str, str], Sequence[Took]], parse: float) -> None:
    """Print a line for each cell: the median, its ratio to the parser and to what we take for the same."""
    print("\n| tool | work | seconds | x parse | x ours | MB | |\n|---|---|--:|--:|--:|--:|---|")
    print(f"| ast.parse | parse | {parse:.2f} | 1.00 | | | |")
    for cell in cells:
        runs = took[cell.tool, cell.work]
        seconds = median(run.seconds for run in runs)
        ours = median(run.seconds for run in took["ssot-lint", cell.work])
        megabytes = max(run.megabytes for run in runs)
        print(
            f"| {cell.tool} | {cell.work} | {seconds:.2f} | {seconds / parse:.2f} | {seconds / ours:.2f} "
            f"| {megabytes:.0f} | {cell.note} |"
        )


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


def timed(cell: Cell, folder: Path) -> Took:
    """Run a cell once. Exits where the tool did not do its work."""
    command = [sys.executable, "-c", RUN, *cell.command]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    seconds, kilobytes, code, errors = json.loads(done.stdout)
    if code not in cell.codes:
        sys.exit(f"{cell.tool}, {cell.work}: exit code {code}\n{errors}")
    return Took(seconds, kilobytes / 1024)


def memory_of_all(cell: Cell, folder: Path) -> float:
    """The most memory in MB that a command takes with all that it starts; shared pages count once."""
    most = 0
    done = subprocess.Popen(cell.command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while done.poll() is None:
        most = max(most, sum(map(proportional_kilobytes, with_descendants(done.pid))))
        time.sleep(0.1)
    return most / 1024


def with_descendants(process: int) -> Iterator[int]:
    """The ids of a process and of all that it has started, for as long as it lives."""
    yield process
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listing.read_text().split():
                yield from with_descendants(int(child))


def proportional_kilobytes(process: int) -> int:
    """The memory of a process, where a page that several share counts as a part; 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


# Trees of several sizes.


def print_scale(sizes: Sequence[int], rounds: int, folder: Path) -> None:
    """Time made-up trees of several sizes, and print time and memory for each file."""
    columns = ("files", "MB", "parse", "cold", "x parse", "warm", "ten", "ms/file", "most MB", "kB/file")
    print(f"\n| {' | '.join(columns)} |\n|{'--:|' * len(columns)}")
    for size in sizes:
        root = folder / str(size)
        root.mkdir()
        make_tree.write(root, size, seed=1)
        for command in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *command], cwd=root, check=True)
        check = [sys.executable, "-m", "ssot_lint", "check", "--quiet", "--format", "json"]
        files = speed.list_files(root, root / "ssot-lint.toml")
        batches = list(speed.in_batches(files))
        parse, cold, warm, ten = [], [], [], []
        names = [os.path.relpath(path, root) for path in files[:: size // CHANGED][:CHANGED]]
        for number in range(rounds):
            shutil.rmtree(root / speed.CACHE, ignore_errors=True)
            parse.append(speed.timed_reference(batches))
            cold.append(timed(Cell("ssot-lint", "cold", check, lambda: None), root))
            warm.append(timed(Cell("ssot-lint", "warm", check, lambda: None), root))
            for name in names:
                with open(root / name, "a") as file:
                    file.write(f"\n\nCHANGED = {number}\n")
            ten.append(timed(Cell("ssot-lint", "ten", [*check, "--hook", *names], lambda: None), root))
        seconds = median(took.seconds for took in cold)
        megabytes = max(took.megabytes for took in cold)
        print(
            f"| {size} | {sum(map(os.path.getsize, files)) / 1e6:.1f} | {median(parse):.2f} | {seconds:.2f} "
            f"| {seconds / median(parse):.2f} | {median(took.seconds for took in warm):.2f} "
            f"| {median(took.seconds for took in ten):.2f} | {seconds * 1000 / size:.2f} "
            f"| {megabytes:.0f} | {megabytes * 1024 / size:.1f} |",
            flush=True,
        )
        shutil.rmtree(root)


if __name__ == "__main__":
    sys.exit(main())
