"""Kills a process at every place where it changes the disk, one after the other, and recovers each time.

    python kill_points.py FOLDER [STEP]

Each run changes the same small project in two batches, in a process of its own that kills itself before the
n-th call that changes something, or in the middle of it where it writes. Then another process recovers. With
a step, only each place of so many is taken, and the process that recovers is killed, too, at each of its own. A line is printed for each run: the number
of batches that are complete, and whether the tree is exactly what it was after that many.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from ssot_lint.fix import history
from ssot_lint.fix.transaction import Change, apply, commit, recover, started

CALLS = ("chmod", "fsync", "ftruncate", "mkdir", "open", "remove", "replace", "utime", "write")
FILES = {"a.py": b"a = 1\n", "folder/b.py": b"b = 1\r\n", "folder/c.py": b"# \xe9\n", "d.py": b""}
BATCHES = (("a.py", "folder/b.py"), ("folder/c.py", "d.py"))


def make(root: Path) -> None:
    """Writes the project."""
    for path, data in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (root / "a.py").chmod(0o755)


def migrate(root: Path) -> None:
    """Changes the project."""
    with started(root, "test") as journal:
        for paths in BATCHES:
            changes = [Change(path, FILES[path], b"new = 1\n" + FILES[path]) for path in paths]
            commit(journal, apply(journal, changes))


def state_of(root: Path) -> str:
    """A digest of all files, their names and their modes, but not of journals."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and ".ssot-lint" not in path.parts:
            described = f"{path.relative_to(root)} {path.stat().st_mode} {path.stat().st_size}\n"
            digest.update(described.encode() + path.read_bytes())
    return digest.hexdigest()


def killed_at(number: int, do: Callable[[], object]) -> bool:
    """Does something in a process that is killed at a call that changes the disk; whether it came to that."""
    child = os.fork()
    if not child:
        _kill_at(number)
        try:
            do()
        except BaseException as error:
            print(f"failed: {error!r}", flush=True)
            os._exit(1)
        os._exit(0)
    _, result = os.waitpid(child, 0)
    if os.WIFSIGNALED(result):
        return True
    assert os.WEXITSTATUS(result) == 0
    return False


def _kill_at(number: int) -> None:
    numbers = count(1)

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if next(numbers) == number:
                if name == "write":
                    descriptor, data = arguments
                    real(descriptor, bytes(data)[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, counted(name))


def committed(root: Path) -> int:
    """The number of batches that the journal takes for complete."""
    batches = [batch for migration in history.log(root) for batch in migration.batches]
    return sum(batch.state == "committed" for batch in batches)


def main() -> None:
    vars(os).update(
        fsync=lambda *_: None
    )  # what a killed process has written stays without it, and it takes long
    top = Path(sys.argv[1])
    step = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    model = top / "model"
    make(model)
    states = [state_of(model)]
    work = top / "work"
    for paths in BATCHES:
        for path in paths:
            (model / path).write_bytes(b"new = 1\n" + FILES[path])
        states.append(state_of(model))

    number = 0
    is_killed = True
    while is_killed:
        number += step or 1
        for again in count(1) if step else [0]:
            shutil.rmtree(work, ignore_errors=True)
            make(work)
            is_killed = killed_at(number, lambda: migrate(work))
            if again and not killed_at(again, lambda: recover(work)):
                break
            recover(work)
            assert recover(work) == []
            done = committed(work)
            print(done, "same" if state_of(work) == states[done] else "different")


if __name__ == "__main__":
    main()
