"""The function for programs, and the test that the documentation tells users to write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ssot_lint
from ssot_lint.config import ConfigError
from ssot_lint.engine import Result
from ssot_lint.files import UsageError

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "docs" / "python.md").read_text(encoding="utf-8")
CONFIG = """\
[tool.ssot-lint]
exclude = ["tests/"]
[[tool.ssot-lint.forbidden-import]]
targets = ["requests"]
[[tool.ssot-lint.forbidden-import]]
targets = ["urllib3"]
severity = "warning"
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an error, a warning and a suppressed error, as the working folder."""
    for path, content in {
        "pyproject.toml": CONFIG,
        "app/orders.py": "import requests\n",
        "app/users.py": "import urllib3\n",
        "lib/quiet.py": "import requests  # ssot: allow forbidden-import -- soon\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(result: Result) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in result.findings]


# lint


def test_whole_project_by_default(project: Path) -> None:
    result = ssot_lint.lint()
    assert found(result) == [("app/orders.py", "SST101"), ("app/users.py", "SST101")]
    assert (result.files, result.suppressed, result.notes) == (3, 1, ())
    assert [finding.path for finding in result.failing] == ["app/orders.py"]


def test_one_file(project: Path) -> None:
    for path in ("app/orders.py", Path("app/orders.py"), project / "app" / "orders.py"):
        assert found(ssot_lint.lint(path)) == [("app/orders.py", "SST101")]


def test_project_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    assert found(ssot_lint.lint(project / "app")) == [("app/orders.py", "SST101"), ("app/users.py", "SST101")]


def test_options_are_those_of_the_command(project: Path) -> None:
    Path("other.toml").write_text('[[forbidden-import]]\ntargets = ["urllib3"]\n')
    assert found(ssot_lint.lint(config="other.toml")) == [
        ("app/users.py", "SST101"),
        ("lib/quiet.py", "SST901"),
    ]
    assert found(ssot_lint.lint(select=["SST9"])) == []
    assert found(ssot_lint.lint(ignore=["forbidden-import"])) == []
    assert found(ssot_lint.lint(jobs=1, use_cache=False)) == found(ssot_lint.lint())


def test_cache_is_used_if_wanted(project: Path) -> None:
    ssot_lint.lint(use_cache=False)
    assert not Path(".ssot-lint-cache").exists()
    ssot_lint.lint()
    assert Path(".ssot-lint-cache").exists()


def test_mistakes_are_told(project: Path) -> None:
    with pytest.raises(UsageError, match=r"^`nowhere` does not exist$"):
        ssot_lint.lint("nowhere")
    with pytest.raises(UsageError, match=r'^--select: .* found "SST7"'):
        ssot_lint.lint(select=["SST7"])
    Path("pyproject.toml").write_text("[tool.ssot-lint]\nexclud = []\n")
    with pytest.raises(ConfigError, match="did you mean `exclude`"):
        ssot_lint.lint()


def test_import_loads_nothing_else() -> None:
    program = "import sys, ssot_lint; print([name for name in sys.modules if name.startswith('ssot_lint')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout == "['ssot_lint']\n"


# the documentation


def recipe(number: int) -> str:
    found: list[str] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return found[number]


def pytest_on(project: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run a test of the project with pytest, as its users do."""
    (project / "tests").mkdir()
    (project / "tests" / "test_one_home.py").write_text(test)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


def test_recipe_fails_on_findings(project: Path) -> None:
    done = pytest_on(project, recipe(0))
    assert done.returncode == 1
    assert "\napp/orders.py:1:8: SST101 forbidden-import `requests` is forbidden here\n" in done.stdout
    assert "users.py" not in done.stdout
    assert "Traceback" not in done.stdout


def test_recipe_passes_without_findings(project: Path) -> None:
    (project / "app" / "orders.py").write_text("import json\n")
    done = pytest_on(project, recipe(0))
    assert done.returncode == 0
    assert "1 passed" in done.stdout


def test_recipe_fails_on_a_mistake_in_the_configuration(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.ssot-lint]\nexclud = []\n")
    done = pytest_on(project, recipe(0))
    assert done.returncode == 1
    assert "ConfigError: pyproject.toml:2: exclud: unknown key, did you mean `exclude`?" in done.stdout


def test_finding_is_documented(project: Path) -> None:
    fields = {*ssot_lint.lint().findings[0]._fields, "fingerprint"}
    assert {name for name in fields if f"\n| `{name}` | " in PAGE} == fields


def test_result_is_documented() -> None:
    fields = {*ssot_lint.lint()._fields, "failing", "new"}
    assert {name for name in fields if f"\n| `{name}` | " in PAGE} == fields
