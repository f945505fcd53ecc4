"""The peers that `run.py` times ssot-lint with, at fixed versions, and what each is asked for."""

from __future__ import annotations

import json
import subprocess
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from copied import Cell, Work

PEERS = {
    "ruff": ["ruff==0.14.5"],
    "flake8": ["flake8==7.3.0", "flake8-tidy-imports==4.12.0"],
    "pylint": ["pylint==4.0.3"],
    "import-linter": ["import-linter==2.7"],
}
PART = 1000  # files that pylint looks at where there are more: it takes too long for all


def peer_cells(work: Work, peers: Sequence[str], bin_folder: Path) -> Iterator[Cell]:
    """What peers are timed for; each has a cache if it knows one."""
    if "ruff" in peers:
        yield from ruff_cells(work, bin_folder)
    if "flake8" in peers:
        yield from flake8_cells(work, bin_folder)
    if "pylint" in peers:
        yield from pylint_cells(work, bin_folder)
    if "import-linter" in peers:
        yield from import_linter_cells(work, bin_folder)


def ruff_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """Ruff: its rule for banned names, and what does not compile."""
    lines = [f"{json.dumps(name)}.msg = {json.dumps(use)}" for name, use in work.banned.items()]
    api = "\n".join(["[lint.flake8-tidy-imports.banned-api]", *lines, ""])
    settings = work.root.parent / "ruff.toml"
    settings.write_text(f'lint.select = ["E9", "TID251"]\nrespect-gitignore = false\n{api}')
    ruff = [str(bin_folder / "ruff"), "check", "--quiet", "--exit-zero", "--config", str(settings)]
    yield Cell("ruff", "cold", [*ruff, "."], work.forget, (0,))
    yield Cell("ruff", "warm", [*ruff, "."], lambda: None, (0,))
    yield Cell("ruff", "ten", [*ruff, *work.ten], lambda: work.change(work.ten), (0,), "the ten files alone")


def flake8_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """flake8 with flake8-tidy-imports, which has no cache."""
    modules = "\n".join(f"    {name} = {use}" for name, use in work.banned.items())
    settings = work.root.parent / "flake8.ini"
    settings.write_text(f"[flake8]\nselect = E9,I251\njobs = 2\nbanned-modules =\n{modules}\n")
    flake8 = [str(bin_folder / "flake8"), "--config", str(settings)]
    yield Cell("flake8", "cold", [*flake8, "."], work.restore)
    yield Cell(
        "flake8", "ten", [*flake8, *work.ten], lambda: work.change(work.ten), note="the ten files alone"
    )


def pylint_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """Pylint, on a part of a large tree."""
    modules = ",".join(f"{name}:{use}" for name, use in work.banned.items())
    pylint = [
        str(bin_folder / "pylint"),
        "--disable=all",
        "--enable=syntax-error,preferred-module",
        "--jobs=2",
        f"--preferred-modules={modules}",
        "--exit-zero",
        "--rcfile=/dev/null",
    ]
    step = max(len(work.files) // PART, 1)
    part = work.files[::step]
    note = "" if step == 1 else f"on {len(part)} files alone"
    yield Cell("pylint", "cold", [*pylint, *part], work.restore, (0,), note)
    yield Cell(
        "pylint", "ten", [*pylint, *work.ten], lambda: work.change(work.ten), (0,), "the ten files alone"
    )


def import_linter_cells(work: Work, bin_folder: Path) -> Iterator[Cell]:
    """import-linter, where the tree has a package at its top."""
    packages = Counter(
        path.partition("/")[0]
        for path in work.files
        if (work.root / path.partition("/")[0] / "__init__.py").exists()
    )
    if not packages:
        print("import-linter is left out: there is no package at the top of the tree")
        return
    package, number = packages.most_common(1)[0]
    settings = work.root.parent / "importlinter.ini"
    modules = "\n".join(f"    {name}" for name in sorted({name.partition(".")[0] for name in work.banned}))
    settings.write_text(
        f"[importlinter]\nroot_package = {package}\ninclude_external_packages = True\n"
        f"[importlinter:contract:1]\nname = banned\ntype = forbidden\nallow_indirect_imports = True\n"
        f"source_modules =\n    {package}\nforbidden_modules =\n{modules}\n"
    )
    command = [str(bin_folder / "lint-imports"), "--config", str(settings)]
    note = f"`{package}` alone, {number} files"
    yield Cell("import-linter", "cold", command, work.forget, note=note)
    yield Cell("import-linter", "warm", command, lambda: None, note=note)


def install(peers: Sequence[str], folder: Path) -> Path:
    """Install peers at their versions into an environment; return the folder of its commands."""
    home = folder / "peers"
    venv.create(home, with_pip=True)
    packages = [package for name in peers for package in PEERS[name]]
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", *packages], check=True)
    print(", ".join(packages))
    return home / "bin"
