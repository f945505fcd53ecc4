"""Reading and parsing files in worker processes, with workers that die and files that go away."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from ssot_lint import codec, gather, pools
from ssot_lint.facts.extract import extract
from ssot_lint.facts.model import Facts
from ssot_lint.files import Source, digest_of
from ssot_lint.processes import ending_on_signals

FORKS = sys.platform == "linux"
needs_fork = pytest.mark.skipif(not FORKS, reason="what a test changes reaches workers by fork only")


def write(root: Path, files: dict[str, bytes]) -> list[Source]:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return [Source(path, digest_of(data)) for path, data in sorted(files.items())]


def faults(found: list[gather.Gathered]) -> dict[str, str]:
    """The kind of fault of each file, "" for none."""
    kinds = {}
    for each in found:
        outline = codec.decode_outline(each.blobs[0])
        assert outline is not None
        kinds[each.path] = outline.fault.kind if outline.fault else ""
    return kinds


def all_of(
    root: Path, sources: list[Source], jobs: int | None = None, **options: object
) -> list[gather.Gathered]:
    return list(gather.gather(str(root), sources, "sha1", jobs=jobs, **options))  # type: ignore[arg-type]


@pytest.fixture
def many(tmp_path: Path) -> list[Source]:
    """Files that are worth several batches."""
    return write(
        tmp_path, {f"m{number:02}.py": b"x%d = 0\n" % number + b"# padding\n" * 6000 for number in range(24)}
    )


@pytest.mark.parametrize("jobs", [1, 2, 3, None])
def test_every_file_is_read_once_for_any_number_of_jobs(
    tmp_path: Path, many: list[Source], jobs: int | None
) -> None:
    found = all_of(tmp_path, many, jobs)
    assert sorted(each.path for each in found) == [source.path for source in many]
    assert {Source(each.path, each.digest) for each in found} == set(many)
    assert {each.blobs for each in found} == {each.blobs for each in all_of(tmp_path, many, 1)}


def test_progress_counts_up_to_the_number_of_files(tmp_path: Path, many: list[Source]) -> None:
    for jobs in (1, 2):
        seen: list[tuple[int, int]] = []
        all_of(tmp_path, many, jobs, progress=lambda done, total, seen=seen: seen.append((done, total)))
        assert seen == sorted(seen)
        assert seen[-1] == (len(many), len(many))


def test_no_files_are_no_work(tmp_path: Path) -> None:
    assert all_of(tmp_path, [], 2) == []


# files that go away or change between listing and reading


def test_file_that_vanished_has_a_fault(tmp_path: Path) -> None:
    sources = write(tmp_path, {"a.py": b"", "gone.py": b"", "b/c.py": b""})
    (tmp_path / "gone.py").unlink()
    found = all_of(tmp_path, sources)
    assert faults(found) == {"a.py": "", "b/c.py": "", "gone.py": "unreadable"}
    assert [each.digest for each in found if each.path == "gone.py"] == [""]


def test_file_that_became_a_folder_pipe_or_link_out_has_a_fault(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("x = 1\n")
    root = tmp_path / "root"
    sources = write(root, {"folder.py": b"", "pipe.py": b"", "link.py": b"", "loop.py": b""})
    for source in sources:
        (root / source.path).unlink()
    (root / "folder.py").mkdir()
    os.mkfifo(root / "pipe.py")
    (root / "link.py").symlink_to("../outside.py")
    (root / "loop.py").symlink_to("loop.py")
    assert set(faults(all_of(root, sources)).values()) == {"unreadable"}


def test_digest_is_that_of_the_text_that_was_read(tmp_path: Path) -> None:
    sources = write(tmp_path, {"a.py": b"x = 1\n"})
    (tmp_path / "a.py").write_bytes(b"class (\n")
    (found,) = all_of(tmp_path, sources)
    assert found.digest == digest_of(b"class (\n")
    assert faults([found]) == {"a.py": "syntax"}


# workers that die

KILLER = b"# this kills whoever parses it\n"


def kill_for_some_texts(data: bytes) -> Facts:
    if data.startswith(KILLER):
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(data)


@needs_fork
@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("killers", [["m03.py"], ["m03.py", "m19.py"], ["m00.py", "m01.py", "m02.py"]])
def test_file_that_kills_its_worker_is_the_only_one_with_a_fault(
    tmp_path: Path, many: list[Source], jobs: int, killers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "extract", kill_for_some_texts)
    monkeypatch.setattr(gather, "_parser_is_safe", lambda: False)
    for path in killers:
        (tmp_path / path).write_bytes(KILLER + (tmp_path / path).read_bytes())
    found = all_of(tmp_path, many, jobs)
    assert sorted(each.path for each in found) == [source.path for source in many]
    assert {path for path, kind in faults(found).items() if kind == "crash"} == set(killers)
    assert {kind for path, kind in faults(found).items() if path not in killers} == {""}
    assert all((each.digest == "") is (each.path in killers) for each in found)


@needs_fork
def test_pool_that_breaks_while_it_is_given_work_loses_nothing(
    tmp_path: Path, many: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("fork"))
    with pytest.raises(Exception, match="terminated abruptly"):
        pool.submit(os._exit, 1).result()
    broken = [pool]
    start = pools.start
    monkeypatch.setattr(pools, "start", lambda *given: broken.pop() if broken else start(*given))
    assert len(all_of(tmp_path, many, 2)) == len(many)
    assert broken == []


@needs_fork
def test_text_that_kills_whoever_parses_it_is_no_danger_to_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gather, "extract", kill_for_some_texts)
    monkeypatch.setattr(gather, "_parser_is_safe", lambda: False)
    outline = codec.decode_outline(gather.extract_safely(KILLER)[0])
    assert outline is not None
    assert outline.fault is not None
    assert outline.fault.kind == "crash"
    assert gather.extract_safely(b"x = 1\n") == codec.encode(extract(b"x = 1\n"))


@needs_fork
def test_worker_that_is_killed_from_outside_costs_no_file(tmp_path: Path, many: list[Source]) -> None:
    found: list[gather.Gathered] = []
    killed = False
    for each in gather.gather(str(tmp_path), many, "sha1", jobs=2):
        found.append(each)
        if not killed:
            killed = True
            for process in multiprocessing.active_children():
                os.kill(process.pid or 0, signal.SIGKILL)
    assert sorted(each.path for each in found) == [source.path for source in many]
    assert set(faults(found).values()) == {""}


def die_amid_the_result(data: bytes) -> Facts:
    def half(connection: Any, message: bytes) -> None:
        os.write(connection.fileno(), bytes(message)[: len(message) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    if data.startswith(KILLER):
        Connection._send = half  # type: ignore[attr-defined]
    return extract(data)


@needs_fork
def test_worker_that_dies_amid_handing_over_its_result_is_not_waited_for(
    tmp_path: Path, many: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "extract", die_amid_the_result)
    monkeypatch.setattr(pools, "_PATIENCE", 0.05)
    (tmp_path / "m05.py").write_bytes(KILLER + (tmp_path / "m05.py").read_bytes())
    kinds = faults(all_of(tmp_path, many, 2))
    assert kinds.pop("m05.py") == "crash"
    assert (len(kinds), set(kinds.values())) == (len(many) - 1, {""})


def test_error_of_the_reader_stops_the_workers(tmp_path: Path, many: list[Source]) -> None:
    gathering = gather.gather(str(tmp_path), many, "sha1", jobs=2)
    next(gathering)
    gathering.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def extract_where_it_can_be_stopped(data: bytes) -> Facts:
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    return extract(data)


@needs_fork
def test_workers_can_be_stopped_whatever_this_process_makes_of_signals(
    tmp_path: Path, many: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "extract", extract_where_it_can_be_stopped)
    with ending_on_signals():
        assert len(all_of(tmp_path, many, 2)) == len(many)


DEEP = b"a" + b"+a" * 300_000


def test_nesting_that_overflows_the_parser_is_a_fault_of_that_file_alone(tmp_path: Path) -> None:
    sources = write(tmp_path, {"a.py": b"x = 1\n", "deep.py": DEEP, "z.py": b"y = 1\n"})
    kinds = faults(all_of(tmp_path, sources, 1))
    assert kinds.pop("deep.py") in ("syntax", "crash")
    assert kinds == {"a.py": "", "z.py": ""}


def test_overlay_that_overflows_the_parser_is_a_fault_too() -> None:
    outline = codec.decode_outline(gather.extract_safely(DEEP)[0])
    assert outline is not None
    assert outline.fault is not None
