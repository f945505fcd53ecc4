"""`ssot-lint check --hook`: what is reported of a commit."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from scratch import Repository

from ssot_lint import cli, hook
from ssot_lint.config import ConfigError
from ssot_lint.facts.extract import extract
from ssot_lint.hook.impact import lost

CONFIGURATION = """\
exclude = ["attic/"]
[[canonical]]
symbol = "shop.base.ShopTestCase"
base-of = { classes = "Test*", paths = ["tests/"] }
[[forbidden-import]]
targets = ["requests"]
"""
FILES = {
    "ssot-lint.toml": CONFIGURATION,
    "shop/__init__.py": "",
    "shop/base.py": "class ShopTestCase:\n    pass\n",
    "shop/middle.py": "from shop.base import ShopTestCase\n\n\nclass Middle(ShopTestCase):\n    pass\n",
    "shop/names.py": "from shop.middle import Middle as M\n",
    "shop/old.py": "import requests\n",
    "tests/test_orders.py": "from shop.names import M\n\n\nclass TestOrders(M):\n    def test(self):\n        assert M\n",
    "tests/test_debt.py": "class TestDebt:\n    def test(self):\n        assert TestDebt\n",
    "attic/old.py": "import requests\n",
    "README.md": "A shop.\n",
}
EXAMPLE = Path(__file__).parent.parent.parent / "examples/own_rule"
MIDDLE_ALONE = "class Middle:\n    pass\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A committed project with two old findings, as working folder."""
    repository = Repository(tmp_path / "shop", FILES)
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    for name, value in repository.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(repository.folder)
    repository.commit()
    yield repository


def found(*names: str, config: str | None = None, use_cache: bool = False) -> list[str]:
    """What a hook reports for files that it names, each as `path rule`."""
    loaded = hook.load_config(None if config is None else Path(config), names)
    result = hook.lint(loaded, names, use_cache=use_cache)
    return [f"{finding.path} {finding.rule}" for finding in result.findings]


def stage(repository: Repository, path: str, text: str) -> None:
    repository.write(path, text)
    repository.git("add", path)


# Named files


def test_every_finding_in_the_named_files_is_reported(shop: Repository) -> None:
    shop.write("shop/old.py", "import os\nimport requests\n")
    assert found("shop/old.py") == ["shop/old.py forbidden-import"]


def test_a_clean_commit_is_not_stopped_by_old_findings(shop: Repository) -> None:
    stage(shop, "shop/prices.py", "PRICE = 1\n")
    assert found("shop/prices.py") == []


@pytest.mark.parametrize(
    "name", ["README.md", "attic/old.py", "gone.py", "../outside.py", ".git/config", "shop"]
)
def test_other_names_are_passed_over(shop: Repository, name: str) -> None:
    (shop.folder.parent / "outside.py").write_text("import requests\n", encoding="utf-8")
    expected = ["shop/old.py forbidden-import"] if name == "shop" else []
    assert found(name) == expected


def test_a_named_script_needs_no_suffix(shop: Repository) -> None:
    shop.write("bin/tool", "#!/usr/bin/env python3\nimport requests\n")
    assert found("bin/tool") == ["bin/tool forbidden-import"]


def test_a_file_that_git_does_not_track_counts_if_it_is_named(shop: Repository) -> None:
    (shop.folder / "shop/base.py").rename(shop.folder / "shop/new.py")
    shop.git("rm", "--quiet", "--cached", "shop/base.py")
    assert found() == ["ssot-lint.toml unknown-symbol"]
    shop.write("shop/base.py", FILES["shop/base.py"])
    assert found() == ["ssot-lint.toml unknown-symbol"], "the commit deletes it, whatever lies around"
    assert "shop/new.py duplicate-class" in found("shop/new.py", "shop/base.py")


def test_names_of_any_bytes(shop: Repository) -> None:
    names = ["with space.py", "new\nline.py", "quo\"te'.py", "ü.py"]
    if sys.platform == "linux":
        names.append(os.fsdecode(b"latin-\xfc.py"))
    for name in names:
        (shop.folder / name).write_text("import requests\n", encoding="utf-8")
        shop.git("add", name)
    assert found(*names) == [f"{name} forbidden-import" for name in sorted(names)]
    shop.commit()
    shop.git("rm", "--quiet", *names)
    assert found() == []


# What a change causes in other files


def test_deleting_what_is_canonical(shop: Repository) -> None:
    shop.git("rm", "--quiet", "shop/base.py")
    assert found() == ["ssot-lint.toml unknown-symbol"]


def test_deleting_a_file_that_nobody_uses(shop: Repository) -> None:
    shop.git("rm", "--quiet", "shop/old.py")
    assert found() == []


def test_renaming_is_deleting_and_adding(shop: Repository) -> None:
    shop.git("mv", "shop/base.py", "shop/basis.py")
    assert found("shop/basis.py") == ["shop/basis.py duplicate-class", "ssot-lint.toml unknown-symbol"]


def test_another_base_breaks_what_inherits_through_other_names(shop: Repository) -> None:
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    assert found("shop/middle.py") == ["tests/test_orders.py missing-base"]


def test_what_a_change_breaks_is_found_through_aliases_and_further_classes(shop: Repository) -> None:
    shop.write("shop/names.py", "from shop.middle import Middle as M\nAlias = M\n")
    alias = "from shop.names import Alias\n\n\nclass TestAlias(Alias):\n    pass\n"
    shop.write("tests/test_alias.py", alias)
    shop.write(
        "tests/test_star.py", alias.replace("import Alias", "import *").replace("TestAlias", "TestStar")
    )
    shop.write("tests/test_module.py", "from shop import names\n\n\nclass TestModule(names.M):\n    pass\n")
    shop.write(
        "tests/test_plain.py", "import shop.middle\n\n\nclass TestPlain(shop.middle.Middle):\n    pass\n"
    )
    further = "from tests.test_alias import TestAlias\n\n\nclass TestFurther(TestAlias):\n    pass\n"
    shop.write("tests/test_further.py", further)
    shop.commit()
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    names = ("alias", "further", "module", "orders", "plain", "star")
    assert found("shop/middle.py") == [f"tests/test_{name}.py missing-base" for name in names]


def test_old_findings_in_what_a_change_breaks_are_not_new(shop: Repository) -> None:
    shop.write("tests/test_orders.py", "import requests\n" + FILES["tests/test_orders.py"])
    shop.commit()
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    assert found("shop/middle.py") == ["tests/test_orders.py missing-base"]


def test_what_is_not_staged_is_not_to_blame(shop: Repository) -> None:
    shop.write("shop/middle.py", MIDDLE_ALONE)
    stage(shop, "shop/prices.py", "PRICE = 1\n")
    assert found("shop/prices.py") == []


def test_a_test_that_was_run_only_by_what_is_deleted(shop: Repository) -> None:
    shop.write("ssot-lint.toml", '[[uncollected-test]]\nkinds = ["class-name"]\n')
    shop.write("tests/test_suite.py", "class OrdersSuite:\n    def test_a(self):\n        assert 1\n")
    shop.write(
        "tests/test_all.py",
        "from tests.test_suite import OrdersSuite\n\n\nclass TestAll(OrdersSuite):\n    pass\n",
    )
    shop.commit()
    print(found("tests/test_suite.py", "tests/test_all.py"))
    shop.git("rm", "--quiet", "tests/test_all.py")
    print(found("tests/test_suite.py"))
    assert found() == ["tests/test_suite.py uncollected-test"]


def test_another_configuration_of_pytest(shop: Repository) -> None:
    shop.write("ssot-lint.toml", '[[uncollected-test]]\nkinds = ["file-name", "class-name"]\n')
    shop.write("pytest.ini", "[pytest]\npython_classes = Test* Check*\n")
    shop.write("tests/test_checks.py", "class CheckIt:\n    def test_it(self):\n        assert CheckIt\n")
    shop.commit()
    stage(shop, "pytest.ini", "[pytest]\nmarkers = slow\npython_classes = Test* Check*\n")
    assert found() == []
    stage(shop, "pytest.ini", "[pytest]\nmarkers = slow\n")
    assert found() == ["tests/test_checks.py uncollected-test"]


# Which change


def test_before_the_first_commit(tmp_path: Path, shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    young = Repository(tmp_path / "young", FILES)
    young.git("add", "--all")
    monkeypatch.chdir(young.folder)
    assert found() == []
    assert found("shop/old.py", "ssot-lint.toml") == ["shop/old.py forbidden-import"]


def test_outside_of_git(tmp_path: Path, shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("x = (\n", encoding="utf-8")
    result = hook.lint(hook.load_config(None, ["a.py"]), ["a.py"], use_cache=False)
    assert [finding.rule for finding in result.findings] == ["syntax-error"]
    assert "what the commit changes is not known" in result.notes[-1]


def test_from_one_commit_to_another(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    start = shop.git("rev-parse", "HEAD").strip()
    shop.write("shop/middle.py", MIDDLE_ALONE)
    shop.commit()
    assert found() == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert found() == found("shop/middle.py") == ["tests/test_orders.py missing-base"]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "--all")
    assert found() == []


def merge(repository: Repository) -> None:
    """Begins a merge in which the other side has orphaned a base class, and both sides added a test."""
    repository.git("switch", "--quiet", "--create", "other")
    repository.write("shop/middle.py", MIDDLE_ALONE)
    repository.write(
        "tests/test_theirs.py", "from shop.middle import Middle\n\n\nclass TestTheirs(Middle):\n    pass\n"
    )
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write(
        "tests/test_ours.py", "from shop.middle import Middle\n\n\nclass TestOurs(Middle):\n    pass\n"
    )
    repository.commit()
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "other")


def test_a_merge_is_to_blame_for_what_is_in_no_parent(shop: Repository) -> None:
    merge(shop)
    assert found() == ["tests/test_ours.py missing-base"]


def test_a_merge_that_git_has_not_recorded_yet(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    merge(shop)
    merged = (shop.folder / ".git/MERGE_HEAD").read_text(encoding="ascii").strip()
    (shop.folder / ".git/MERGE_HEAD").unlink()
    monkeypatch.setenv(f"GITHEAD_{merged}", "other")
    assert found() == ["tests/test_ours.py missing-base"]


def test_the_index_that_git_names(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for `git commit FILE`, where git makes an index that has that file alone."""
    other = {"GIT_INDEX_FILE": ".git/other-index"}
    (shop.folder / ".git/other-index").write_bytes((shop.folder / ".git/index").read_bytes())
    shop.git("rm", "--quiet", "--cached", "shop/base.py")
    stage(shop, "shop/unfinished.py", "import requests\n")
    shop.write("shop/middle.py", MIDDLE_ALONE)
    assert shop.run("git", "add", "shop/middle.py", variables=other).returncode == 0
    assert found() == ["ssot-lint.toml unknown-symbol"]
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index")
    assert found() == ["tests/test_orders.py missing-base"]


# The configuration


def test_another_configuration_makes_the_run_full(shop: Repository) -> None:
    everything = ["shop/old.py forbidden-import", "tests/test_debt.py missing-base"]
    stage(shop, "ssot-lint.toml", "# the rules of the house\n\n" + CONFIGURATION)
    assert found("ssot-lint.toml") == [], "a comment changes no configuration"
    stage(shop, "ssot-lint.toml", CONFIGURATION.replace('"requests"', '"requests", "urllib3"'))
    assert found("ssot-lint.toml") == found() == everything


def test_a_dependency_is_no_configuration(shop: Repository) -> None:
    shop.git("rm", "--quiet", "ssot-lint.toml")
    project = '[project]\nname = "shop"\nrequires-python = ">=3.10"\n\n'
    table = '[tool.ssot-lint]\nexclude = ["attic/"]\n[[tool.ssot-lint.forbidden-import]]\ntargets = ["requests"]\n'
    shop.write("pyproject.toml", project + table)
    shop.commit()
    stage(shop, "pyproject.toml", project + 'dependencies = ["msgspec"]\n\n' + table)
    assert found("pyproject.toml") == []
    stage(shop, "pyproject.toml", project.replace("3.10", "3.12") + table)
    assert found("pyproject.toml") == ["shop/old.py forbidden-import"]


def test_a_new_and_a_deleted_configuration(shop: Repository) -> None:
    shop.git("rm", "--quiet", "ssot-lint.toml")
    assert found() == []  # a full run, with what is found without any configuration
    shop.commit()
    stage(shop, "ssot-lint.toml", CONFIGURATION)
    assert found() == ["shop/old.py forbidden-import", "tests/test_debt.py missing-base"]


def test_another_plugin_is_another_configuration(shop: Repository) -> None:
    shop.write("ssot-lint.toml", 'plugins = ["checks.own"]\n')
    plugin = (EXAMPLE / "our_checks/unheard_event.py").read_text(encoding="utf-8")
    shop.write("checks/own.py", plugin)
    shop.write("shop/broken.py", "x = (\n")
    shop.commit()
    stage(shop, "checks/others.py", "")
    assert found("checks/others.py") == []
    stage(shop, "checks/own.py", plugin + "# to be continued\n")
    assert found("checks/others.py", "checks/own.py") == ["shop/broken.py syntax-error"]


# One project of several


@pytest.fixture
def services(shop: Repository) -> Repository:
    """A repository of two projects, neither of them at its top."""
    shop.git("rm", "--quiet", "-r", ".")
    for path, text in FILES.items():
        shop.write(f"services/b/{path}", text)
    shop.write("services/a/pyproject.toml", "[tool.ssot-lint]\n")
    shop.write("services/a/old.py", "import requests\n")
    shop.commit()
    return shop


def test_a_project_below_the_top_is_named(services: Repository) -> None:
    config = "services/b/ssot-lint.toml"
    names = ["services/a/old.py", "services/b/shop/old.py"]
    assert found(*names, config=config) == ["shop/old.py forbidden-import"]
    stage(services, "services/a/old.py", "x = 1\n")
    stage(services, "services/b/shop/middle.py", MIDDLE_ALONE)
    expected = ["tests/test_orders.py missing-base"]
    assert found("services/a/old.py", "services/b/shop/middle.py", config=config) == expected
    assert found("services/a/old.py", config=config) == expected, "the first of two calls"
    assert found("services/b/shop/middle.py", config=config) == [], "the second"


def test_a_project_below_the_top_that_is_not_named(services: Repository) -> None:
    with pytest.raises(ConfigError, match=r"\[--config, services/a/pyproject\.toml\]"):
        found("services/b/shop/old.py", "services/a/old.py")


def test_a_work_tree_and_a_submodule(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.git("worktree", "add", "--quiet", "../tree")
    outer = Repository(shop.folder.parent / "outer")
    outer.git("submodule", "--quiet", "add", "../shop", "inner")
    for folder in (shop.folder.parent / "tree", outer.folder / "inner"):
        monkeypatch.chdir(folder)
        stage(Repository(folder), "shop/middle.py", MIDDLE_ALONE)
        assert found("shop/middle.py") == ["tests/test_orders.py missing-base"]


# Lists of files in several calls


def test_several_calls_report_everything_once(shop: Repository) -> None:
    shop.write("shop/middle.py", MIDDLE_ALONE)
    for number in range(10):
        shop.write(f"shop/new_{number}.py", "import requests\n")
    shop.git("add", "--all")
    names = shop.git("diff", "--cached", "--name-only").splitlines()
    everything = found(*names)
    assert len(everything) == 11
    for size in (1, 2, 5):
        calls = [found(*names[start : start + size]) for start in range(0, len(names), size)]
        assert sorted(chain.from_iterable(calls)) == everything


def test_several_calls_make_one_full_run(shop: Repository) -> None:
    for path in ("a.py", "b.py", "c.py"):
        shop.write(path, "import requests\n")
    shop.write("ssot-lint.toml", CONFIGURATION.replace('"requests"', '"requests", "urllib3"'))
    shop.git("add", "--all")
    assert [len(found(name)) for name in ("a.py", "b.py", "c.py", "ssot-lint.toml")] == [5, 0, 0, 0]


def test_what_comes_first_may_be_left_out_by_settings_of_the_hook(
    shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(shop, "a.py", "")
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    assert found("shop/middle.py") == []
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert found("shop/middle.py") == ["tests/test_orders.py missing-base"]
    monkeypatch.setattr(hook, "ONE_CALL", 4)
    assert found("shop/middle.py") == [], "there may be another call"


def test_chosen_files_are_no_commit(shop: Repository) -> None:
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    assert found("shop/middle.py", "shop/old.py") == ["shop/old.py forbidden-import"]


# The store and the command


def test_the_store_changes_nothing(shop: Repository) -> None:
    shop.git("rm", "--quiet", "shop/middle.py")
    stage(shop, "tests/test_orders.py", FILES["tests/test_orders.py"].replace("TestOrders(M)", "TestOrders"))
    first = found("tests/test_orders.py", use_cache=True)
    assert first == found("tests/test_orders.py", use_cache=True) == found("tests/test_orders.py")
    assert first == ["tests/test_orders.py missing-base"]


def test_the_command_names_the_cause_and_the_way_out(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(shop, "shop/middle.py", MIDDLE_ALONE)
    assert cli.main(["check", "--hook", "shop/middle.py"]) == 1
    output = capsys.readouterr()
    assert output.out.startswith("tests/test_orders.py:4:7: SST202 missing-base")
    way_out = "or say at its line why it may stay: `# ssot: allow missing-base -- reason`"
    assert output.err.splitlines() == [
        "ssot-lint: note: what is found in tests/test_orders.py comes from the change of shop/middle.py",
        f"ssot-lint: see `ssot-lint explain missing-base`, {way_out}",
    ]
    shop.git("rm", "--quiet", "shop/base.py")
    assert cli.main(["check", "--hook", "--select", "SST904"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "ssot-lint: see `ssot-lint explain unknown-symbol`"


# What a module no longer offers


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("def f(): pass", "\n\ndef f():\n    return 1\ndef g(): pass", []),
        ("def f(): pass\nx = 1", "x = 2", ["f"]),
        ("from a import f", "def f(): pass", ["f"]),
        ("class A(B): pass", "class A(C): pass", ["A"]),
        ("class A:\n    x = 1", "class A:\n    x = 1\n    y = 2", []),
        ("class A:\n    x = 1", "class A:\n    y = 2", ["A"]),
        ("class A:\n    class B(C): pass", "class A:\n    class B: pass", ["A"]),
        ("x = 1\ny = 2\n__all__ = ['x', 'y']", "x = 1\ny = 2\n__all__ = ['x']", ["y"]),
        ("x = 1", "x = (", []),
    ],
)
def test_lost_names(old: str, new: str, names: list[str]) -> None:
    assert sorted(lost(extract(old.encode()).outline, extract(new.encode()).outline)) == names


def test_a_deleted_file_loses_everything() -> None:
    assert lost(extract(b"def f(): pass\nimport a\n").outline, None) == {"", "f", "a"}
