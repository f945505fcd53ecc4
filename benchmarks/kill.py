"""Kills migrations at random moments, recovers, and looks whether anything is left in between.

    python benchmarks/kill.py [--runs 200] [--seed 0] [--folder DIR]

Each run migrates some packages of the standard library, five files at a time, each batch checked, and
verified by a command; a process does it that is killed (SIGKILL) at a random moment between its start and the
end that it would have. Then another process recovers; in every second run that one is killed, too, and a last
one recovers.

The tree must then be, byte for byte and with all modes, what it is after as many batches as the journal says
are complete: no file of another batch, no draft. At last what is complete is rolled back, and the tree must
be what it was at first. Printed is how often that was so, and how many batches were complete.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import hashlib
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ssot_lint.fix import history
from ssot_lint.fix.journal_lines import COMMITTED
from ssot_lint.fix.migration import Steps, run
from ssot_lint.fix.transaction import Change, recover, started
from ssot_lint.fix.verify import Verify

SIZE = 5
PACKAGES = [Path(package.__path__[0]) for package in (asyncio, email)]
PARSE = "import ast, sys; [ast.parse(open(path, 'rb').read()) for path in sys.argv[1:]]"
VERIFY = f"{shlex.quote(sys.executable)} -S -c {shlex.quote(PARSE)} {{files}}"


def renewed(text: bytes) -> bytes:
    """What a migration makes of a file."""
    return text.replace(b"import", b"import ", 3) + b"# renewed\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the trees are made")
    parser.add_argument("--migrate", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--recover", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.migrate or args.recover:
        print("ready", flush=True)
        migrate(args.migrate) if args.migrate else recover(args.recover)
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        sys.exit(compare(Path(folder), args.runs, random.Random(args.seed)))


def compare(top: Path, runs: int, chance: random.Random) -> int:
    """Makes all runs and prints what they show; returns how many were wrong."""
    model, work = top / "model", top / "work"
    for package in PACKAGES:
        shutil.copytree(package, model / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    states = states_of_batches(model, top / "reference")
    shutil.copytree(model, work)
    longest = seconds_until_end("--migrate", work)
    assert state_of(work) == states[-1]
    complete: Counter[int] = Counter()
    recovered = wrong = 0
    for number in range(runs):
        shutil.rmtree(work)
        shutil.copytree(model, work)
        kill_after("--migrate", work, chance.uniform(0, longest))
        if number % 2:
            kill_after("--recover", work, chance.uniform(0, 0.05))
        recovered += bool(recover(work))
        batches = [batch for migration in history.log(work) for batch in migration.batches]
        done = sum(batch.state == COMMITTED for batch in batches)
        complete[done] += 1
        is_right = state_of(work) == states[done]
        if batches:
            history.roll_back_migration(work, "1")
        wrong += not (is_right and state_of(work) == states[0])
    spread = ", ".join(f"{done}: {times}" for done, times in sorted(complete.items()))
    print(f"{runs} runs of {len(states) - 1} batches, {wrong} of them wrong; {recovered} had to be recovered")
    print(f"batches complete, and how often: {spread}")
    return wrong


def states_of_batches(model: Path, work: Path) -> list[str]:
    """The states of a tree before the first batch and after each."""
    shutil.copytree(model, work)
    states = [state_of(work)]
    paths = paths_of(work)
    for start in range(0, len(paths), SIZE):
        for path in paths[start : start + SIZE]:
            (work / path).write_bytes(renewed((work / path).read_bytes()))
        states.append(state_of(work))
    return states


def migrate(root: Path) -> None:
    """Migrates a tree."""

    def make(paths: Sequence[str]) -> list[Change]:
        texts = {path: (root / path).read_bytes() for path in paths}
        return [Change(path, text, renewed(text)) for path, text in texts.items()]

    def check(changes: Sequence[Change]) -> list[str]:
        for change in changes:
            compile((root / change.path).read_bytes(), change.path, "exec", dont_inherit=True)
        return []

    with started(root, "kill") as journal:
        run(journal, paths_of(root), SIZE, Steps(make, check, Verify(VERIFY)))


def kill_after(option: str, root: Path, seconds: float) -> None:
    """Starts a process and kills it some time after it is ready, unless it has ended by then."""
    with start(option, root) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def seconds_until_end(option: str, root: Path) -> float:
    """How long a process takes from when it is ready until it ends."""
    with start(option, root) as process:
        begun = time.perf_counter()
        assert process.wait() == 0
        return time.perf_counter() - begun


def start(option: str, root: Path) -> subprocess.Popen[bytes]:
    """Starts this program for a part of its work, and waits until it is ready."""
    process = subprocess.Popen([sys.executable, __file__, option, root], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return process


def paths_of(root: Path) -> list[str]:
    """The files of a tree, in their order."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


def state_of(root: Path) -> str:
    """A digest of all files, their names and their modes, but not of journals."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and ".ssot-lint" not in path.parts:
            described = f"{path.relative_to(root)} {path.stat().st_mode} {path.stat().st_size}\n"
            digest.update(described.encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
