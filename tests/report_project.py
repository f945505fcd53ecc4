"""A small project with a past, with everything that a report can tell of: each figure of it is known."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint import compare
from ssot_lint.baseline import batches, changes, folder
from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.files import read_bytes
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report.loading import loaded
from ssot_lint.insight.report.taking import Looked, take

NOW = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone.utc)
LATE = datetime.date(2026, 2, 28)  # the last day of what was accepted

_CONNECTION = """\
class {name}:
    def __init__(self):
        self.sent = []

    def send(self, message):
        if message:
            self.sent.append(message)
        return len(self.sent)

    def close(self):
        self.sent.clear()
"""

CONFIG = """\
strict = ["app/strict/"]

[[canonical]]
symbol = "app.money.Money"
also = ["app.Money"]

[[forbidden-import]]
targets = ["requests", "urllib3"]

[[uncollected-test]]

[[gate]]
name = "phase-1"
reason = "before the release"
conditions = [
  { rules = ["forbidden-import"], max = 2 },
  { paths = ["tests/"], min-clean = 50 },
]
"""

FILES = {
    "ssot-lint.toml": CONFIG,
    ".gitignore": ".ssot-lint-cache/\n",
    "CODEOWNERS": "* @core\n/app/ @billing\n/lib/ @platform @infra\n/app/strict/\n",
    ".ssot-lint/waivers.toml": (
        '[[waiver]]\nrule = "forbidden-import"\npaths = ["app/waived.py"]\nreason = "a vendor asks for it"\n'
        '[[waiver]]\nrule = "syntax-error"\npaths = ["app/strict/"]\nreason = "a template"\n'
    ),
    "app/__init__.py": "from app.money import Money\n",
    "app/money.py": "class Money:\n    pass\n",
    "app/util.py": "from app.money import Money\n",
    "app/bill.py": "from app.util import Money\n",
    "app/pay.py": "from app import Money\n",
    "app/allowed.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    "app/waived.py": "import requests\n",
    "app/chat.py": _CONNECTION.format(name="Connection"),
    "lib/feed.py": _CONNECTION.format(name="Connection"),
    "lib/copy.py": "\n\n" + _CONNECTION.format(name="Connection"),
    "lib/here.py": "def fetch():\n    import requests\n",
    "lib/kept.py": "import requests\n",
    "lib/broken.py": "total = sum([1, 2\n",
    "app/strict/broken.py": "rest = sum([3\n",
    "tests/test_pay.py": "class TestPay:\n    def __init__(self): ...\n    def test(self):\n        assert self\n",
    "tests/test_good.py": "def test_sum():\n    assert sum([1, 2]) == 3\n",
    **{f"lib/gone_{number}.py": "import requests\n" for number in (1, 2, 3)},
}


@contextmanager
def project(folder: Path) -> Iterator[Repository]:
    """The project as it is on the disk, the working folder for as long as the context lasts.

    Three commits carry 9, 8 and 7 entries; since then one more file with a finding was deleted, one renamed
    and one added, and the baseline was not cleaned up.
    """
    with pytest.MonkeyPatch.context() as patch:
        repository = Repository(folder, FILES)
        repository.enter(patch)
        repository.git("remote", "add", "origin", "https://ada:secret@github.com/team/shop.git")
        _accept(folder, "lib/kept.py", datetime.date(2026, 1, 5), owner="ada", expires=LATE)
        _accept(folder, "", datetime.date(2026, 1, 5))
        _commit(repository, "2026-01-05")
        for number, day in ((1, "2026-01-19"), (2, "2026-02-02")):
            (folder / f"lib/gone_{number}.py").unlink()
            _clean_up(folder)
            _commit(repository, day)
        (folder / "lib/gone_3.py").unlink()
        (folder / "lib/here.py").rename(folder / "lib/there.py")
        repository.write("lib/fresh.py", "import urllib3\n")
        yield repository


def taken(root: Path, now: datetime.datetime = NOW) -> Figures:
    """The figures of the project in a folder."""
    config = load(None, root)
    result = lint(config, use_cache=False)

    def lines_of(path: str) -> list[str]:
        return read_bytes(root, path).decode().split("\n")

    with loaded(config, use_cache=False) as project:
        return take(Looked(config, result, batches.load(root).by_name, project, lines_of), now)


def _accept(root: Path, path: str, day: datetime.date, **terms: object) -> None:
    """Lets the baseline carry what is found in a file, or all that is left."""
    config = load(None, root)
    result = lint(config, use_cache=False)
    assert result.compared is not None
    batch = batches.new_batch("Ada", day, "until the bank moves" if path else "was there", **terms)  # type: ignore[arg-type]
    chosen = [each for each in result.compared.outcome.findings if path in ("", each.finding.path)]
    stored = result.compared.stored
    grown = changes.accept(stored.entries, chosen, batch.name, compare.strict_paths(config))
    batches.append(root, batch)
    folder.save(root, stored, grown.entries)


def _clean_up(root: Path) -> None:
    config = load(None, root)
    compared = lint(config, use_cache=False).compared
    assert compared is not None
    compare.clean_up(config, compared)


def _commit(repository: Repository, day: str) -> None:
    dates = {f"GIT_{who}_DATE": f"{day}T12:00:00+0000" for who in ("AUTHOR", "COMMITTER")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in dates.items():
            patch.setitem(repository.environment, name, value)
        repository.commit()
    assert os.getcwd() == os.fspath(repository.folder)
