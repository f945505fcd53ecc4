"""What `benchmarks/replay.py` takes for moved, edited and new, in commits of two files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint.config import parse

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
try:
    import git_history
    import replay
finally:
    del sys.path[0]

CONFIG = parse('[[forbidden-use]]\ntargets = ["print", "open"]\n')
F = "def f(x):\n    print(x)\n    return x\n"
G = "def g(y):\n    for z in y:\n        print(z, y)\n"
LONG = "".join(f"def f_{number}():\n    return {number}\n\n\n" for number in range(9))

# files before and after, the category of each finding afterwards, how many of them are reported
COMMITS = {
    "lines above": ({"a.py": F}, {"a.py": f"import os\n\n{F}"}, "U", 0),
    "a line deleted above": ({"a.py": f"import os\n{F}"}, {"a.py": F}, "U", 0),
    "another name of the function": ({"a.py": F}, {"a.py": F.replace("f(x)", "h(x)")}, "U", 0),
    "a file beside": ({"a.py": F, "b.py": "x = 1\n"}, {"a.py": F, "b.py": "y = 2\n"}, "F", 0),
    "a renamed file": ({"a.py": LONG + F}, {"b.py": f"import os\n{LONG}{F}"}, "R", 0),
    "moved to another file": (
        {"a.py": LONG + F, "b.py": LONG},
        {"a.py": LONG, "b.py": LONG + F},
        "M",
        0,
    ),
    "moved into a class": (
        {"a.py": F + LONG},
        {"a.py": LONG + "class A:\n    " + F.replace("\n    ", "\n        ")},
        "M",
        0,
    ),
    "an edited line": ({"a.py": F}, {"a.py": F.replace("print(x)", "print(x, 1)")}, "E", 0),
    "another thing in place of one": ({"a.py": F}, {"a.py": F.replace("print", "open")}, "E", 0),
    "moved and edited": (
        {"a.py": F + LONG, "b.py": LONG},
        {"a.py": LONG, "b.py": LONG + F.replace("print(x)", "print(x, 1)")},
        "D",
        0,
    ),
    "one more": ({"a.py": F}, {"a.py": F + G}, "UN", 1),
    "one more in the same place": (
        {"a.py": F},
        {"a.py": F.replace("    print(x)\n", "    print(1)\n    print(x)\n")},
        "NU",
        1,
    ),
    "a new file": ({"a.py": F}, {"a.py": F, "b.py": G}, "FN", 1),
    "a copy": ({"a.py": F}, {"a.py": F, "b.py": F}, "FN", 1),
    "a file that is gone": ({"a.py": F, "b.py": LONG}, {"b.py": LONG + "x = 1\n"}, "", 0),
}


def written(repository: Repository, files: Mapping[str, str]) -> str:
    for path in repository.folder.glob("*.py"):
        path.unlink()
    for name, text in files.items():
        repository.write(name, text)
    return repository.commit()


@pytest.mark.parametrize(("before", "after", "categories", "new"), COMMITS.values(), ids=COMMITS.keys())
def test_categories(
    before: Mapping[str, str], after: Mapping[str, str], categories: str, new: int, tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    written(repository, before)
    written(repository, after)
    history = git_history.History(repository.folder)
    (commit,) = history.commits(500)
    judged = replay.replayed(history, replay.States(history, CONFIG), commit)
    history.close()
    assert "".join(each.category for each in judged) == categories
    assert sum(not each.tier for each in judged) == new


def test_total_counts_the_new_ones_of_an_identity_as_reported(tmp_path: Path) -> None:
    """The first of two is carried and the second reported, although the first is the new one."""
    repository = Repository(tmp_path)
    before, after, _, _ = COMMITS["one more in the same place"]
    written(repository, before)
    written(repository, after)
    history = git_history.History(repository.folder)
    (commit,) = history.commits(500)
    total = replay.Total()
    total.add(commit, replay.replayed(history, replay.States(history, CONFIG), commit))
    history.close()
    assert total.findings == {"N": 1, "U": 1}
    assert total.reported == {"N": 1, "U": 0}
    assert (total.shown_elsewhere, total.misses) == (1, [])


def test_command_prints_the_table(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    for files in ({"a.py": F}, {"a.py": F + G}, {"a.py": F + G + "x = 1\n"}):
        written(repository, files)
    config = tmp_path / "replay.toml"
    config.write_text('[[forbidden-use]]\ntargets = ["print"]\n')
    done = repository.run(
        sys.executable,
        str(Path(replay.__file__)),
        *("--repository", str(repository.folder), "--config", str(config), "--commits", "1"),
        variables={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stdout
    table = [line.split() for line in done.stdout.splitlines()]
    assert ["U", "untouched", "line", "0", "2", "0.00"] in table
    assert ["N", "genuinely", "new", "0", "0", "-"] in table
