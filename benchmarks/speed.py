"""Times a cold and a warm run over a tree against `ast.parse` of the same files, in one run of this script.

    python benchmarks/speed.py --tree DIR --config FILE [--rounds 5]

The reference parses the files in two processes with the garbage collector off, the largest files
first. Every round times the reference, a cold run (no cache) and a warm run (nothing changed), one
after the other, so that what else the machine does meets all three. Printed are the medians in
seconds, the ratios of the medians, and the highest memory in MB of the command and of its workers.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

BATCH_BYTES = 1 << 19
CACHE = ".ssot-lint-cache"
RUN = """
import contextlib, io, json, resource, sys
from ssot_lint.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([own, workers]))
"""


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, required=True, help="the tree to lint")
    parser.add_argument("--config", type=Path, required=True, help="the configuration to lint it with")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is timed (default: 5)")
    args = parser.parse_args()
    config = args.config.resolve()
    files = list_files(args.tree, config)
    batches = list(in_batches(files))
    times: dict[str, list[float]] = {"ast.parse": [], "cold": [], "warm": []}
    memory: dict[str, list[int]] = {"cold": [0, 0], "warm": [0, 0]}
    for _ in range(args.rounds):
        times["ast.parse"].append(timed_reference(batches))
        shutil.rmtree(args.tree / CACHE, ignore_errors=True)
        for name in ("cold", "warm"):
            start = time.perf_counter()
            peak = lint(args.tree, config)
            times[name].append(time.perf_counter() - start)
            memory[name] = [max(pair) for pair in zip(memory[name], peak)]
    parse = median(times["ast.parse"])
    megabytes = sum(map(os.path.getsize, files)) / 1e6
    print(f"{len(files)} files, {megabytes:.1f} MB, Python {sys.version.split()[0]}")
    for name, seconds in times.items():
        peaks = (
            "" if name not in memory else "  {:.0f} + {:.0f} MB".format(*(kb / 1024 for kb in memory[name]))
        )
        print(f"{name:<10}{median(seconds):8.2f} s  {median(seconds) / parse:6.2f} x{peaks}")
    return 0


def list_files(tree: Path, config: Path) -> list[str]:
    """The files that the tool lints, as it lists them itself."""
    from ssot_lint.config import load
    from ssot_lint.files import PathPatterns, list_sources

    settings = load(config, tree)
    listing = list_sources(settings.root, PathPatterns(settings.exclude))
    return [os.path.join(settings.root, source.path) for source in listing.sources]


def in_batches(files: list[str]) -> Iterator[list[str]]:
    """The files in batches of about half a megabyte, the largest first."""
    batch: list[str] = []
    room = BATCH_BYTES
    for path in sorted(files, key=os.path.getsize, reverse=True):
        size = os.path.getsize(path)
        if batch and size > room:
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(path)
        room -= size
    if batch:
        yield batch


def timed_reference(batches: list[list[str]]) -> float:
    """Seconds that two processes take to read and parse the files."""
    start = time.perf_counter()
    with ProcessPoolExecutor(2, initializer=gc.disable) as pool:
        parsed = sum(pool.map(parse_batch, batches))
    assert parsed > 0, "nothing was parsed"
    return time.perf_counter() - start


def parse_batch(batch: list[str]) -> int:
    """Parse some files; returns how many there were."""
    warnings.simplefilter("ignore")
    for path in batch:
        try:
            ast.parse(Path(path).read_bytes())
        except (SyntaxError, ValueError):
            continue
    return len(batch)


def lint(tree: Path, config: Path) -> list[int]:
    """Lint the tree in a process of its own; returns its highest memory and its workers', in kilobytes."""
    command = [
        sys.executable,
        "-c",
        RUN,
        "check",
        "--config",
        str(config),
        "--format",
        "json",
        "--exit-zero",
        "--quiet",
    ]
    done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, check=True)
    peaks: list[int] = json.loads(done.stdout)
    return peaks


if __name__ == "__main__":
    sys.exit(main())
