"""Tests that are run past the runner, in every spelling, and what runs none."""

from __future__ import annotations

import pytest
from lint_examples import expected, findings, found, lint

from ssot_lint.rules import Example

RULE = "runner-bypass"
MARK = f"  # [{RULE}]\n"
PAGE = "tests/test_page.py"
CONFIG = f'[[{RULE}]]\nrunner = "tests/run.py"\nallow-in = ["tests/tools.py"]\n'
GUARD = 'if __name__ == "__main__":\n'

TREE = {
    "ssot-lint.toml": CONFIG,
    "tests/run.py": "import pytest, os\npytest.main()\nos.system('pytest')\n",
    "tests/tools.py": "from pytest import main\n",
    "tests/compat.py": "from pytest import main as run\nimport subprocess as processes\n",
    "tests/stars.py": "import pytest\nimport unittest\n",
}

FIRES = {
    "under a guard": f"import pytest\n{GUARD}    pytest.main([__file__]){MARK}",
    "without arguments": f"import pytest\npytest.main(){MARK}",
    "in a function": f"import pytest\ndef run():\n    return pytest.main(){MARK}",
    "imported in a function": f"def run():\n    import pytest\n    pytest.main(){MARK}",
    "by another name": f"import pytest as p\np.main(){MARK}",
    "from the module": f"from pytest import main\nmain(){MARK}",
    "from the module, by another name": f"from pytest import main as m\nm(){MARK}",
    "assigned": f"import pytest\nrun = pytest.main\nrun(){MARK}",
    "its result passed on": f"import pytest, sys\nsys.exit(pytest.main()){MARK}",
    "its result raised": f"import pytest\nraise SystemExit(pytest.main()){MARK}",
    "handed on": f"from tests.compat import run\nrun(){MARK}",
    "by a star": f"from tests.stars import *\npytest.main(){MARK}",
    "the console": f"import pytest\npytest.console_main(){MARK}",
    "unittest": f"import unittest\n{GUARD}    unittest.main(){MARK}",
    "unittest, from the module": f"from unittest import main\nmain(verbosity=2){MARK}",
    "unittest, its class": f"import unittest\nunittest.TestProgram(){MARK}",
    "unittest, a runner": f"import unittest\nunittest.TextTestRunner(verbosity=2).run(suite){MARK}",
    "nose": f"import nose\nnose.run(){MARK}",
    "command as a list": f"import subprocess\nsubprocess.run(['pytest', '-x']){MARK}",
    "command as a tuple": f"import subprocess\nsubprocess.call(('pytest', '-x')){MARK}",
    "command with an unknown interpreter": f"import subprocess, sys\n"
    f"subprocess.run([sys.executable, '-m', 'pytest', __file__], check=True){MARK}",
    "command with a known interpreter": f"import subprocess\nsubprocess.Popen(['python3', '-m', 'unittest']){MARK}",
    "command by a name": f"import subprocess\ndef f():\n    c = ['pytest']\n    subprocess.run(c, check=1){MARK}",
    "command by a name, one of two": "import subprocess\ncmd = ['ls']\ncmd = ['python', '-m', 'pytest']\n"
    f"subprocess.run(cmd){MARK}",
    "command in an f-string": f"import os\nos.system(f'cd {{x}} && pytest {{y}}'){MARK}",
    "command by keyword": f"import subprocess\nsubprocess.run(args=['pytest'], cwd='x'){MARK}",
    "command as a string": f"import subprocess\nsubprocess.run('pytest -x tests', shell=True){MARK}",
    "command behind another": f"import os\nos.system('cd x && pytest'){MARK}",
    "command behind another, no space": f"import os\nos.system('cd x; pytest; ls'){MARK}",
    "command with variables": f"import os\nos.system('CI=1 pytest -x'){MARK}",
    "command by its path": f"import os\nos.popen('.venv/bin/pytest -x'){MARK}",
    "command on Windows": f"import os\nos.system('Scripts\\\\pytest.exe -x'){MARK}",
    "command through another": f"import subprocess\nsubprocess.run(['uv', 'run', 'pytest']){MARK}",
    "command with coverage": f"import subprocess\nsubprocess.run(['coverage', 'run', '-m', 'pytest']){MARK}",
    "command in a shell": f"import subprocess\nsubprocess.run(['bash', '-c', 'pytest tests']){MARK}",
    "command that replaces the process": f"import os\nos.execvp('pytest', ['pytest']){MARK}",
    "command, word by word": f"import os\nos.execlp('python', 'python', '-m', 'pytest'){MARK}",
    "command, waited for": f"import asyncio, sys\nasync def f():\n"
    f"    await asyncio.create_subprocess_exec(sys.executable, '-m', 'pytest'){MARK}",
    "command by a module handed on": f"from tests.compat import processes\nprocesses.run(['pytest']){MARK}",
    "command from the module": f"from subprocess import check_call\ncheck_call(['pytest']){MARK}",
    "command with the old name": f"import os\nos.system('py.test'){MARK}",
}

SILENT = {
    "import": "import pytest, unittest\nfrom pytest import main, raises\nfrom unittest import TestCase\n",
    "other things of pytest": "import pytest\npytest.skip('x')\npytest.mark.main()\npytest.fixture()\n",
    "other things of unittest": "import unittest\nunittest.TestLoader()\nclass A(unittest.TestCase): ...\n",
    "main of the file": f"import pytest\ndef main(): ...\n{GUARD}    main()\n",
    "main of another module": "from shop import main\nmain()\nimport shop\nshop.main()\n",
    "main of an object": "def f(pytest):\n    pytest.main()\n    self.unittest.main()\n",
    "longer name": "import pytest\npytest.mainly()\nimport pytest_bdd\npytest_bdd.main()\n",
    "not called": "import pytest\nmain = pytest.main\nx = [pytest.main]\n",
    "string": "x = 'pytest.main()'\n",
    "comment": "# pytest.main()\n",
    "no import": "pytest.main()\n",
    "sanctioned by allow-in": "from tests.tools import main\nmain()\n",
    "sanctioned by the runner": "from tests.run import pytest\npytest.main()\n",
    "the runner is run": "import subprocess\nsubprocess.run(['python', 'tests/run.py', '--fast'])\n",
    "another command": "import subprocess\nsubprocess.run(['git', 'status'])\n",
    "installed": "import subprocess\nsubprocess.run(['pip', 'install', 'pytest'])\n",
    "searched for": "import os\nos.system('grep -r pytest .')\nos.system('which pytest')\n",
    "removed": "import os\nos.system('rm -rf .cache/pytest')\n",
    "asked for its version": "import subprocess\nsubprocess.run(['pytest', '--version'])\n",
    "asked what there is": "import os\nos.system('python -m pytest --collect-only -q')\n",
    "longer command": "import os\nos.system('pytest-watch')\nos.system('python -m pytester')\n",
    "said": "import os\nos.system('echo pytest')\n",
    "folder to work in": "import subprocess\nsubprocess.run(command, cwd='pytest')\n",
    "text that is written": "import subprocess\nsubprocess.run(command, input='pytest')\n",
    "run that starts nothing": "from shop import run\nrun(['pytest'])\n",
    "run of an object": "def f(self):\n    self.run(['pytest'])\n",
    "unknown command": "import subprocess\nsubprocess.run(command)\nsubprocess.run([python, *words])\nsubprocess.run()\n",
}


@pytest.mark.parametrize("text", FIRES.values(), ids=FIRES.keys())
def test_runs(text: str) -> None:
    example = Example("", {**TREE, PAGE: text})
    assert expected(example)
    assert found(lint(example)) == expected(example)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_look_alikes(text: str) -> None:
    assert findings(CONFIG, {**TREE, PAGE: text}, RULE) == []


def test_nothing_is_found_without_a_table() -> None:
    assert findings("", {PAGE: "import pytest\npytest.main()\n"}, RULE) == []


@pytest.mark.parametrize(
    ("config", "lines"),
    [
        ("", [2, 4, 5]),
        ('guards = "allow"', [2]),
        ('runners = ["shop.run"]', [5, 7]),
        ('commands = ["tox"]', [2, 4]),
        ('runners = ["unittest.*"]\ncommands = []', []),
    ],
)
def test_options(config: str, lines: list[int]) -> None:
    text = (
        "import pytest, os, shop\npytest.main()\n"
        f"{GUARD}    pytest.main()\n    os.system('pytest')\nelse:\n    shop.run()\n"
    )
    found_here = findings(f"[[{RULE}]]\n{config}\n", {PAGE: text}, RULE)
    assert [finding.span.line for finding in found_here] == lines


@pytest.mark.parametrize(
    ("runner", "text", "message"),
    [
        ("", "import pytest\npytest.main()\n", "`pytest.main` runs tests past the runner"),
        ("run.py", "import pytest\npytest.main()\n", "`pytest.main` runs tests past the runner `run.py`"),
        (
            "run.py",
            f"from unittest import main as m\n{GUARD}    m()\n",
            "`unittest.main` runs tests past the runner `run.py`, under a `__main__` guard",
        ),
        ("", "import os\nos.system('x; pytest')\n", "`os.system` runs `pytest` past the runner"),
    ],
)
def test_message(runner: str, text: str, message: str) -> None:
    (finding,) = findings(f'[[{RULE}]]\nrunner = "{runner}"\n', {PAGE: text}, RULE)
    assert finding.message == message
