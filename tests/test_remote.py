"""Parsing by executors of others: of threads, of processes, and of a real cluster whose workers die."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ssot_lint import executors, remote
from ssot_lint.files import Source, UsageError, digest_of
from ssot_lint.gather import Gathered, gather
from ssot_lint.remote import gather_remotely

FILES = {f"m{number:02}.py": b"x%d = 0\n" % number + b"# padding\n" * 6000 for number in range(24)}
FILES["broken.py"] = b"def f(:\n"


@pytest.fixture
def many(tmp_path: Path) -> list[Source]:
    """Files that are worth several batches."""
    for path, data in FILES.items():
        (tmp_path / path).write_bytes(data)
    return [Source(path, digest_of(data)) for path, data in sorted(FILES.items())]


def remotely(executor: Executor, root: Path, sources: list[Source], **options: Any) -> list[Gathered]:
    return sorted(gather_remotely(executor, str(root), sources, "sha1", **{"note": print, **options}))


def here(root: Path, sources: list[Source]) -> list[Gathered]:
    return sorted(gather(str(root), sources, "sha1", jobs=1))


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_facts_are_those_made_here_and_the_executor_stays_open(
    tmp_path: Path, many: list[Source], jobs: int | None
) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert remotely(executor, tmp_path, many, jobs=jobs) == here(tmp_path, many)
        assert executor.submit(int, "7").result() == 7


def test_progress_counts_up_to_the_number_of_files(tmp_path: Path, many: list[Source]) -> None:
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        remotely(executor, tmp_path, many, progress=lambda *numbers: seen.append(numbers))
    assert seen == sorted(seen)
    assert seen[-1] == (len(many), len(many))


def test_file_that_is_gone_is_a_fault_of_that_file(tmp_path: Path, many: list[Source]) -> None:
    (tmp_path / "m03.py").unlink()
    with ThreadPoolExecutor(2) as executor:
        found = remotely(executor, tmp_path, many)
    assert found == here(tmp_path, many)
    assert [each.path for each in found if not each.digest] == ["m03.py"]


class Breaking(Executor):
    """Runs calls one by one, and breaks some, given by their numbers from 1 up."""

    def __init__(self, broken: tuple[int, ...], error: Exception | None = None) -> None:
        self.calls = 0
        self.broken = broken
        self.error = error or BrokenProcessPool("a worker died")

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a call, or break it."""
        future: Future[Any] = Future()
        self.calls += 1
        if self.calls in self.broken:
            future.set_exception(self.error)
        else:
            future.set_result(function(*args, **kwargs))
        return future


def test_what_workers_fail_to_hand_back_is_parsed_here_and_noted(tmp_path: Path, many: list[Source]) -> None:
    notes: list[str] = []
    assert remotely(Breaking(broken=(2,)), tmp_path, many, note=notes.append) == here(tmp_path, many)
    assert len(notes) == 1
    assert notes[0].endswith("files were parsed here, since no worker did (BrokenProcessPool: a worker died)")


def test_workers_without_the_tool_are_a_mistake(tmp_path: Path, many: list[Source]) -> None:
    executor = Breaking(broken=(1,), error=ModuleNotFoundError("No module named 'ssot_lint'"))
    with pytest.raises(UsageError, match="the workers cannot load ssot-lint: No module named 'ssot_lint'"):
        remotely(executor, tmp_path, many)


def test_workers_of_another_version_are_a_mistake(
    tmp_path: Path, many: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProcessPoolExecutor(1) as executor:
        executor.submit(int, "1").result()  # the worker is there before this process changes
        monkeypatch.setattr(remote, "FACTS_VERSION", 0)
        with pytest.raises(UsageError, match=r"the workers make facts [1-9].*, here it is facts 0 of"):
            remotely(executor, tmp_path, many)


# A client of Dask leaves threads behind, and where there are threads our workers are not forked any more, which
# other tests rely on: so all that has to do with Dask runs in processes of its own.

CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(
        n_workers=int(sys.argv[1]), threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as cluster:
        print(cluster.scheduler_address.replace("tcp", "dask"), *(w.pid for w in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


@contextmanager
def started(folder: Path, workers: int) -> Iterator[list[str]]:
    """A scheduler with workers, each a process of its own: its address, and their ids."""
    script = folder / "cluster.py"
    script.write_text(CLUSTER)
    command = [sys.executable, str(script), str(workers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().split()
        process.stdin.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A cluster of two workers."""
    with started(tmp_path_factory.mktemp("cluster"), 2) as cluster:
        yield cluster


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


CHECK = ("-m", "ssot_lint", "check", "--no-cache", "--exit-zero", "--format", "json")


def test_cluster_finds_the_same_bytes(tmp_path: Path, many: list[Source], cluster: list[str]) -> None:
    alone = run(tmp_path, *CHECK)
    assert run(tmp_path, *CHECK, "--executor", cluster[0]).stdout == alone.stdout
    assert "syntax-error" in alone.stdout


KILLING = """
import os, signal, sys
from pathlib import Path
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.executors import opened

address, worker = sys.argv[1:]
killed = []
def kill(done, total):
    if not killed and done < total:
        killed.append(done)
        os.kill(int(worker), signal.SIGKILL)

def found(executor, progress=None):
    return lint(load(None, Path()), use_cache=False, executor=executor, jobs=2, progress=progress)

with opened(address) as executor:
    result = found(executor, kill)
alone = found(None)
assert killed and result.files == alone.files, (killed, result.files)
print(result.findings == alone.findings, len(result.findings))
"""


def test_worker_of_a_cluster_is_killed_midway(tmp_path: Path, many: list[Source], cluster: list[str]) -> None:
    ran = run(tmp_path, "-c", KILLING, cluster[0], cluster[1])
    assert ran.stdout == "True 1\n", ran.stderr  # on which Dask tells of the worker


IMPATIENT = "import sys; from ssot_lint import executors as e; e._PATIENCE = 0.5; sys.argv[0] = 'ssot-lint'; "
CLI = "from ssot_lint.cli import main; sys.exit(main(sys.argv[1:]))"


def test_nothing_that_answers_is_a_mistake(tmp_path: Path) -> None:
    ran = run(tmp_path, "-c", IMPATIENT + CLI, "check", "--executor", "dask://127.0.0.1:1")
    assert "error: no scheduler of Dask answers at `127.0.0.1:1`" in ran.stderr
    assert ran.returncode == 2


def test_cluster_without_workers_is_a_mistake(tmp_path: Path) -> None:
    with started(tmp_path, 0) as (address,):
        ran = run(tmp_path, "-c", IMPATIENT + CLI, "check", "--executor", address)
    assert "has no workers" in ran.stderr
    assert ran.returncode == 2


def test_missing_package_is_named(tmp_path: Path) -> None:
    without = "import sys; sys.modules['distributed'] = None; " + CLI
    ran = run(tmp_path, "-c", without, "check", "--executor", "dask://127.0.0.1:1")
    assert "pip install 'ssot-lint[dask]'" in ran.stderr
    assert ran.returncode == 2


@pytest.mark.parametrize("text", ["", "dask://", "127.0.0.1:8786", "tcp://127.0.0.1:8786"])
def test_other_addresses_are_mistakes(text: str) -> None:
    expected = pytest.raises(UsageError, match="expected an executor as `dask://HOST:PORT`")
    with expected, executors.opened(text):
        pass


def test_no_address_is_no_executor() -> None:
    with executors.opened(None) as executor:
        assert executor is None


def test_pool_that_breaks_takes_no_more_and_the_rest_is_parsed_here(
    tmp_path: Path, many: list[Source]
) -> None:
    notes: list[str] = []
    with ProcessPoolExecutor(1) as executor:
        killed = executor.submit(os._exit, 1)
        assert isinstance(killed.exception(), BrokenProcessPool)
        assert remotely(executor, tmp_path, many, note=notes.append) == here(tmp_path, many)
    assert notes[0].startswith(
        f"{len(many)} files were parsed here, since no worker did (BrokenProcessPool: "
    )
