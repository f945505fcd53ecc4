"""The hooks, installed from this repository by a real pre-commit, in repositories with real commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import Repository

SOURCES = Path(__file__).parent.parent.parent
FILES = {
    "ssot-lint.toml": """\
[[canonical]]
symbol = "shop.base.ShopTestCase"
base-of = { classes = "Test*", paths = ["tests/"] }
[[forbidden-import]]
targets = ["requests"]
use = "shop.http"
""",
    "shop/__init__.py": "",
    "shop/base.py": "class ShopTestCase:\n    pass\n",
    "shop/middle.py": "from shop.base import ShopTestCase\n\n\nclass Middle(ShopTestCase):\n    pass\n",
    "shop/old.py": "import requests\n",
    "tests/test_orders.py": "from shop.middle import Middle\n\n\nclass TestOrders(Middle):\n    pass\n",
}
OLD = "shop/old.py:1:8: SST101 forbidden-import"
ORPHAN = "class Middle:\n    pass\n"
ORPHANED = "tests/test_orders.py:4:7: SST202 missing-base"
MOST_BYTES = 1 << 17  # that pre-commit passes in one call


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has installed."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with a commit of the files of this one, as they are now."""
    listed = subprocess.run(
        ("git", "ls-files", "-coz", "--exclude-standard"), cwd=SOURCES, check=True, capture_output=True
    )
    copy = Repository(tmp_path_factory.mktemp("source"))
    for path in os.fsdecode(listed.stdout).split("\0"):
        if path.startswith((".pre-commit", "ssot_lint/", "pyproject.toml", "README.md", "LICENSE")):
            (copy.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SOURCES / path, copy.folder / path)
    copy.commit()
    return copy


class Shop(Repository):
    """A project that uses the hooks, with one old finding."""

    def __init__(self, folder: Path, source: Repository, home: Path, hooks: str = "{id: ssot-lint}") -> None:
        super().__init__(folder, FILES)
        self.environment |= {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
        revision = source.git("rev-parse", "HEAD").strip()
        self.write(
            ".pre-commit-config.yaml",
            f"repos:\n- repo: {source.folder.as_uri()}\n  rev: {revision}\n  hooks: [{hooks}]\n",
        )
        self.commit()
        self.pre_commit("install")

    def pre_commit(self, *arguments: str, **variables: str) -> str:
        """What pre-commit prints, with its exit code at the end."""
        done = self.run(sys.executable, "-m", "pre_commit", *arguments, variables=variables)
        return f"{done.stdout}exit code {done.returncode}"

    def try_commit(self, *arguments: str, **variables: str) -> str:
        """What a commit with its hooks prints, "" for one that passes."""
        before = self.git("rev-parse", "HEAD")
        done = self.run("git", "commit", "-m", "a commit", *(arguments or ["--quiet"]), variables=variables)
        assert (done.returncode == 0) == (self.git("rev-parse", "HEAD") != before)
        return "" if done.returncode == 0 else done.stdout

    def stage(self, path: str, text: str) -> None:
        """Writes a file and stages it."""
        self.write(path, text)
        self.git("add", path)


@pytest.fixture
def shop(tmp_path: Path, source: Repository, home: Path) -> Shop:
    """A project that uses the hook `ssot-lint`."""
    return Shop(tmp_path / "shop", source, home)


def test_all_files(shop: Shop) -> None:
    output = shop.pre_commit("run", "--all-files")
    assert output.endswith("exit code 1")
    assert output.count(": SST") == output.count(OLD) == 1


def test_a_commit_is_stopped(shop: Shop) -> None:
    shop.stage("shop/orders.py", "import requests\n")
    way_out = "or say at its line why it may stay: `# ssot: allow forbidden-import -- reason`"
    assert shop.try_commit().strip().splitlines() == [
        "ssot-lint................................................................Failed",
        "- hook id: ssot-lint",
        "- exit code: 1",
        "",
        "shop/orders.py:1:8: SST101 forbidden-import `requests` is forbidden here; use `shop.http`",
        "1 finding in 1 of 1 file (1 error)",
        f"ssot-lint: see `ssot-lint explain forbidden-import`, {way_out}",
    ]
    assert not shop.try_commit(SKIP="ssot-lint")


def test_a_commit_passes(shop: Shop) -> None:
    shop.stage("shop/orders.py", "ORDERS = []\n")
    assert not shop.try_commit()
    shop.stage("README.md", "A shop.\n")
    assert not shop.try_commit()


def test_only_what_is_staged_counts(shop: Shop) -> None:
    shop.stage("shop/orders.py", "import requests\n")
    shop.write("shop/orders.py", "ORDERS = []\n")
    shop.write("shop/middle.py", ORPHAN)
    assert "shop/orders.py:1:8: SST101" in shop.try_commit()
    shop.stage("shop/orders.py", "ORDERS = []\n")
    shop.write("shop/orders.py", "import requests\n")
    shop.write("shop/copy_of_base.py", FILES["shop/base.py"])
    assert not shop.try_commit()
    assert shop.read("shop/orders.py") == "import requests\n"


def test_a_part_of_what_is_staged_is_committed(shop: Shop) -> None:
    shop.stage("shop/orders.py", "import requests\n")
    shop.git("mv", "shop/base.py", "shop/basis.py")
    shop.write("shop/old.py", "OLD = True\n")
    assert not shop.try_commit("shop/old.py")
    shop.write("shop/middle.py", ORPHAN)
    assert ORPHANED in shop.try_commit("shop/middle.py")
    output = shop.try_commit("--all")
    assert "shop/orders.py:1:8: SST101" in output
    assert "SST904" in output


def test_deleting_what_is_canonical(shop: Shop) -> None:
    shop.git("rm", "--quiet", "shop/base.py")
    output = shop.try_commit()
    assert "ssot-lint.toml:1:1: SST904 unknown-symbol" in output
    assert "comes from the change of shop/base.py" in output
    shop.git("reset", "--quiet", "--hard")
    shop.git("rm", "--quiet", "shop/old.py")
    assert not shop.try_commit()


def test_what_a_change_breaks_in_other_files(shop: Shop) -> None:
    shop.git("mv", "shop/middle.py", "shop/moved.py")
    shop.stage("shop/middle.py", "class Middle:\n    pass\n")
    assert ORPHANED in shop.try_commit()


def test_another_configuration(shop: Shop) -> None:
    configuration = FILES["ssot-lint.toml"]
    shop.stage("ssot-lint.toml", f"# our rules\n{configuration}")
    assert not shop.try_commit()
    shop.stage("ssot-lint.toml", configuration.replace('"requests"', '"requests", "urllib3"'))
    assert shop.try_commit().count(OLD) == 1


def test_merges(shop: Shop) -> None:
    shop.pre_commit("install", "--hook-type", "pre-merge-commit")
    shop.git("switch", "--quiet", "--create", "other")
    shop.write("shop/middle.py", ORPHAN)
    shop.git("rm", "--quiet", "tests/test_orders.py")
    shop.stage("shop/conflict.py", "theirs = 1\n")
    shop.commit()
    shop.git("switch", "--quiet", "main")
    before = shop.git("rev-parse", "HEAD").strip()
    shop.write("tests/test_ours.py", FILES["tests/test_orders.py"].replace("TestOrders", "TestOurs"))
    shop.commit()
    expected = "tests/test_ours.py:4:7: SST202 missing-base"
    done = shop.run("git", "merge", "--no-edit", "other")
    assert done.returncode == 1
    assert expected in done.stdout
    shop.git("merge", "--abort")
    shop.stage("shop/conflict.py", "ours = 1\n")
    shop.commit()
    assert "CONFLICT" in shop.run("git", "merge", "other").stdout
    shop.stage("shop/conflict.py", "both = 1\n")
    output = shop.try_commit()
    assert expected in output
    assert output.count(": SST") == 1
    shop.stage("tests/test_ours.py", "")
    assert not shop.try_commit()
    output = shop.pre_commit("run", "--from-ref", before, "--to-ref", "HEAD")
    assert output.endswith("exit code 0")


def test_from_one_commit_to_another(shop: Shop) -> None:
    start = shop.git("rev-parse", "HEAD").strip()
    shop.write("shop/middle.py", ORPHAN)
    end = shop.commit()
    output = shop.pre_commit("run", "--from-ref", start, "--to-ref", end)
    assert output.count(": SST") == output.count(ORPHANED) == 1
    shop.write("shop/more.py", "MORE = 1\n")
    shop.commit()
    assert shop.pre_commit("run", "--from-ref", end, "--to-ref", "HEAD").endswith("exit code 0")


def test_a_push_is_stopped_by_the_whole_project(tmp_path: Path, source: Repository, home: Path) -> None:
    shop = Shop(tmp_path / "shop", source, home, "{id: ssot-lint-full}")
    assert OLD in shop.pre_commit("run", "--hook-stage", "manual")
    shop.pre_commit("install", "--hook-type", "pre-push")
    shop.git("init", "--quiet", "--bare", "../remote")
    done = shop.run("git", "push", "../remote", "main")
    assert done.returncode == 1
    assert OLD in done.stdout
    shop.stage("shop/orders.py", "import requests\n")
    assert not shop.try_commit(), "it is no hook of commits"


def test_hooks_of_families(tmp_path: Path, source: Repository, home: Path) -> None:
    names = ("syntax", "imports", "bases", "duplicates", "tests")
    shop = Shop(tmp_path / "shop", source, home, ", ".join(f"{{id: ssot-{name}}}" for name in names))
    body = "".join(
        f"    def method_{number}(self):\n        return self.x + {number}\n" for number in range(9)
    )
    shop.write("ssot-lint.toml", FILES["ssot-lint.toml"] + "[[placeholder-test]]\n")
    shop.commit()
    shop.stage("shop/broken.py", "x = (\n")
    shop.stage("shop/orders.py", "import requests\n")
    shop.stage("tests/test_none.py", "class TestNone:\n    def test(self):\n        pass\n")
    shop.stage("shop/one.py", f"class Thing:\n{body}")
    shop.stage("shop/two.py", f"class Thing:\n{body}")
    output = shop.try_commit()
    for family, code in zip(names, ("SST0", "SST1", "SST2", "SST3", "SST5")):
        report = output.split(f"- hook id: ssot-{family}\n")[1].split("- hook id: ")[0]
        assert report.count(": SST") == report.count(f": {code}") > 0


@pytest.fixture
def fixing(tmp_path: Path, source: Repository, home: Path) -> Shop:
    """A project that uses the hook `ssot-lint-fix`, in which a function may come from its home only."""
    shop = Shop(tmp_path / "shop", source, home, "{id: ssot-lint-fix}")
    rule = '[[noncanonical-import]]\nsymbols = ["shop.money.rounded"]\n'
    shop.write("ssot-lint.toml", FILES["ssot-lint.toml"] + rule)
    shop.write("shop/money.py", "def rounded():\n    pass\n")
    shop.write("shop/hub.py", "from shop.money import rounded\n")
    shop.commit()
    return shop


STRAY = "from shop.hub import rounded\n\nORDERS = [rounded()]\n"
FIXED = STRAY.replace("hub", "money")


def test_a_commit_is_stopped_and_its_files_are_fixed(fixing: Shop) -> None:
    fixing.stage("shop/orders.py", STRAY)
    output = fixing.try_commit()
    assert "- files were modified by this hook" in output
    assert fixing.read("shop/orders.py") == FIXED
    assert fixing.git("show", ":shop/orders.py") == STRAY
    assert fixing.git("status", "--short", "--untracked-files") == "AM shop/orders.py\n"
    fixing.git("add", "shop/orders.py")
    assert not fixing.try_commit()
    assert fixing.git("show", "HEAD:shop/orders.py") == FIXED


def test_what_cannot_be_fixed_stops_a_commit_all_the_same(fixing: Shop) -> None:
    fixing.stage("shop/orders.py", f"import requests\n{STRAY}")
    output = fixing.try_commit()
    assert "shop/orders.py:1:8: SST101" in output
    assert fixing.read("shop/orders.py") == f"import requests\n{FIXED}"
    fixing.git("add", "shop/orders.py")
    output = fixing.try_commit()
    assert "shop/orders.py:1:8: SST101" in output
    assert "- files were modified by this hook" not in output


def test_a_file_is_fixed_that_is_staged_in_part(fixing: Shop) -> None:
    fixing.stage("shop/orders.py", f"{STRAY}\n\n\n\n\n\n# end\n")
    fixing.write("shop/orders.py", f"{STRAY}\n\n\n\n\n\n# other end\n")
    output = fixing.try_commit()
    assert "- files were modified by this hook" in output
    assert fixing.read("shop/orders.py") == f"{FIXED}\n\n\n\n\n\n# other end\n"
    fixing.git("reset", "--quiet", "--hard")
    fixing.stage("shop/orders.py", STRAY)
    more = STRAY.replace("rounded\n", "rounded  # more\n")
    fixing.write("shop/orders.py", more)
    output = fixing.try_commit()
    assert "Stashed changes conflicted with hook auto-fixes... Rolling back fixes..." in output
    assert fixing.read("shop/orders.py") == more, "pre-commit takes fixes back that are in the way"


def test_more_names_than_fit_into_one_call(shop: Shop) -> None:
    names = [f"pkg/{'m' * 180}_{number:04}.py" for number in range(760)]
    assert sum(map(len, names)) > MOST_BYTES
    for name in names:
        shop.write(name, "import requests\n" if name.endswith("0.py") else "")
    shop.write("shop/middle.py", ORPHAN)
    shop.git("rm", "--quiet", "shop/base.py")
    shop.git("add", "--all")
    output = shop.try_commit()
    assert output.count("see `ssot-lint explain") == 2, "two calls"
    assert output.count(": SST101 forbidden-import") == 76
    assert all(output.count(name) == 1 for name in names[::10])
    assert output.count("SST904") == output.count("comes from the change of") == 1
    everywhere = shop.pre_commit("run", "--all-files")
    assert everywhere.count(": SST101 forbidden-import") == 77


def test_a_project_below_the_top(tmp_path: Path, source: Repository, home: Path) -> None:
    arguments = "[--config, services/b/ssot-lint.toml]"
    shop = Shop(tmp_path / "shop", source, home, f"{{id: ssot-lint, args: {arguments}, files: ^services/b/}}")
    shop.git("rm", "-r", "--quiet", *FILES)
    for path, text in FILES.items():
        shop.write(f"services/b/{path}", text)
    shop.commit()
    shop.stage("services/a/orders.py", "import requests\n")
    assert not shop.try_commit()
    shop.stage("services/b/shop/middle.py", ORPHAN)
    assert ORPHANED in shop.try_commit()


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be made read-only there")
def test_a_home_and_a_checkout_that_cannot_be_written(shop: Shop, tmp_path: Path) -> None:
    """The owner of everything can write all the same, so a file stands where a home should be."""
    shop.pre_commit("run")
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    shop.stage("shop/orders.py", "import requests\n")
    shutil.rmtree(shop.folder / ".ssot-lint-cache")
    shop.write(".ssot-lint-cache", "no folder either\n")
    output = shop.try_commit(HOME=str(tmp_path / "home"), XDG_CACHE_HOME=str(tmp_path / "home/cache"))
    assert "shop/orders.py:1:8: SST101" in output
    assert "note: there is no cache" in output
