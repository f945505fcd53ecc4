"""Run the tests of facts, project and rules on Pyodide: CPython 3.12, 3.13 and 3.14 under Node.

    python tests/pyodide/run.py [PYTEST ARGUMENTS]

npm brings the runtimes that package.json pins; pip brings pytest and pathspec in the versions that the
running Python has. Both happen on the first run, into folders beside this file that git ignores; later runs
download nothing.

A runtime has no msgspec, no processes, no threads and, before 3.14, no sqlite3: no test that runs there, and
no `conftest.py` above it, imports them. Source text nested more than 1,000 deep can kill a runtime, and so
does the fixture `capfd` on 3.12; `sys.platform == "emscripten"` tells a test where it is.

Exits with 1 when pytest fails in any runtime, or passes no test there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TESTS = ["tests/facts", "tests/test_project.py", "tests/test_roots.py", "tests/test_rules.py", "tests/rules"]
PACKAGES = ["pytest", "pathspec"]

NODE = ["node", "--stack-size=6000"]
"""With Node's own stack (984 kB) recursion kills a runtime before it reaches Python's limit of 1,000."""


def install_runtimes() -> list[str]:
    """Install the Pyodide packages of package.json and name them."""
    options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "install", *options], cwd=HERE, stdout=subprocess.DEVNULL, check=True)
    return list(json.loads((HERE / "package.json").read_text())["dependencies"])


def install_site() -> Path:
    """Make the folder of pure-Python packages that the runtimes import."""
    requirements = [f"{package}=={version(package)}" for package in PACKAGES]
    site = HERE / ".site" / "-".join(requirements)
    if not site.is_dir():
        site.parent.mkdir(exist_ok=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--only-binary=:all:"]
        pure = ["--python-version=3.12", "--implementation=py", "--abi=none", "--platform=any"]
        with tempfile.TemporaryDirectory(dir=site.parent) as folder:
            made = Path(folder, "site")
            subprocess.run([*pip, *pure, f"--target={made}", *requirements], check=True)
            made.rename(site)
    return site


def run_pytest(site: Path, arguments: list[str], runtime: str) -> tuple[int, str]:
    """Run pytest in one runtime; return its exit code and what it printed."""
    start = time.monotonic()
    command = [*NODE, str(HERE / "run.mjs"), runtime, str(REPOSITORY), str(site), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    seconds = time.monotonic() - start
    return done.returncode, f"{done.stdout}{runtime}: exit code {done.returncode} after {seconds:.1f} s\n"


def main(arguments: list[str]) -> int:
    runtimes = install_runtimes()
    run = partial(run_pytest, install_site(), arguments or TESTS)
    codes = []
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        for code, output in executor.map(run, runtimes):
            codes.append(code)
            print(output, flush=True)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
