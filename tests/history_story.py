"""A repository in which tests were broken and mended, for the documentation and its pictures.

It is the same to the byte wherever it is made: `docs/history.md` shows what `ssot-lint history` tells of it.
"""

from __future__ import annotations

from pathlib import Path

from scratch import Repository

CONFIG = """\
[[forbidden-import]]
targets = ["requests"]
use = "shop.http"
"""
MONTH = "2026-03"
FIRST = 36  # tests on the first day
DAILY = 5  # more on each day


class Story:
    """The repository, and how many tests it has so far."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder, {"ssot-lint.toml": CONFIG, "shop/http.py": "import requests\n"})
        self.tests = 0

    def commit(self, day: int, hour: int, subject: str) -> None:
        """Commit all there is."""
        self._set_clock(day, hour)
        self.repository.commit(subject)

    def merge(self, day: int, hour: int, branch: str) -> None:
        """Merge a branch into the main line."""
        self._set_clock(day, hour)
        self.repository.git("switch", "--quiet", "main")
        self.repository.git("merge", "--quiet", "--no-ff", "-m", f"Merge branch '{branch}'", branch)

    def branch(self, name: str) -> None:
        """Begin a branch."""
        self.repository.git("switch", "--quiet", "-c", name)

    def write_tests(self, number: int) -> None:
        """Write so many more tests; every fourth imports what it should not."""
        for index in range(self.tests, self.tests + number):
            self._write(index, is_broken=False)
        self.tests += number

    def break_tests(self, *indexes: int) -> None:
        """Break some tests."""
        for index in indexes:
            self._write(index, is_broken=True)

    def mend_tests(self, *indexes: int) -> None:
        """Mend some tests."""
        for index in indexes:
            self._write(index, is_broken=False)

    def _write(self, index: int, *, is_broken: bool) -> None:
        header = "import requests\n" if index % 4 == 0 else "import shop.http\n"
        body = f"def test_order_{index}():\n    assert shop.http.get({index}) == {index}\n"
        broken = body.replace("():", "(:") if is_broken else body
        self.repository.write(f"tests/test_order_{index:02}.py", f"{header}\n\n{broken}")

    def _set_clock(self, day: int, hour: int) -> None:
        self.repository.set_clock(f"{MONTH}-{day:02}T{hour:02}:00:00Z")


def tell(folder: Path) -> Repository:
    """Make the repository in a folder that is not there yet: eight days, the last of which is a bad one."""
    story = Story(folder)
    story.write_tests(FIRST)
    story.break_tests(3, 17)
    story.commit(2, 9, "Open the shop")
    for day in range(3, 9):
        story.write_tests(DAILY)
        story.commit(day, 9, f"Test more orders, {story.tests} in all")
    story.break_tests(40)
    story.commit(8, 15, "Rename an argument")
    story.branch("restore-tests")
    story.break_tests(*range(4, 17))
    story.commit(9, 9, "Restore the tests that were commented out")
    story.merge(9, 10, "restore-tests")
    story.branch("bulk-fix")
    story.break_tests(*range(18, 50))
    story.commit(9, 11, "Mend quotes in all tests by a script")
    story.mend_tests(*range(30, 50))
    story.commit(9, 12, "Mend some tests by hand")
    story.merge(9, 13, "bulk-fix")
    story.mend_tests(3, 17)
    story.commit(9, 16, "Mend the two oldest")
    return story.repository
