"""Asks git which files a work tree holds, and which of them it knows by content."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from subprocess import Popen

_PYTHON_FILES = ("*.py", "*.pyi")

# Attributes by which the text in the work tree can differ from the blob that git takes it for.
_UNCONVERTED = ":(exclude,attr:!text !eol !filter !ident !working-tree-encoding)*"
_FALSE = ("false", "no", "off", "0", "")

# These would change the meaning of every pathspec below.
_PATHSPEC_SETTINGS = (
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
# These name the repository that a hook runs for; the list is that of `git rev-parse --local-env-vars`,
# without its configuration, which holds for every repository.
_REPOSITORY_SETTINGS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
)


class GitError(Exception):
    """Git is missing or refuses to answer; the text says why."""


class WorkTree(NamedTuple):
    """The Python files that git knows of, by path from the folder that was asked about."""

    blobs: dict[str, str]  # files that hold exactly the text of a blob, with its id
    tracked: set[str]  # other files in the index: changed, converted, deleted, or links
    untracked: set[str]  # files that git neither tracks nor ignores
    algorithm: str  # of blob ids: "sha1" or "sha256"


def repository_top(folder: str) -> str | None:
    """Return the nearest folder, from `folder` upwards, that holds a `.git`, or None."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def work_tree(root: str) -> WorkTree:
    """List the Python files in the part of a work tree below `root`, an absolute path without links.

    Raises GitError where git is missing or fails: no repository, a bare one, one of another owner.
    """
    environment = _environment(root)

    def start(*arguments: str) -> Popen[bytes]:
        return _start(root, environment, *arguments)

    # The one that takes longest is started first.
    untracked = start("ls-files", "--others", "--exclude-standard", "-z", "--", *_PYTHON_FILES)
    changed = start(
        "diff-files", "--name-only", "--relative", "--ignore-submodules=all", "-z", "--", *_PYTHON_FILES
    )
    converted = start("ls-files", "-z", "--", *_PYTHON_FILES, _UNCONVERTED)
    settings = start("config", "-z", "--get-regexp", r"^(core\.autocrlf|extensions\.objectformat)$")
    changed_paths = _output(changed)
    # Read the index last: a file that is staged meanwhile is then at most listed once too often, and
    # never taken for the blob that it was before.
    index = start("ls-files", "--stage", "-v", "-z", "--", *_PYTHON_FILES)
    index_lines, untracked_paths, converted_paths = _output(index), _output(untracked), _output(converted)
    configured = dict(map(_setting, _output(settings)))
    if any(process.returncode for process in (changed, index, untracked, converted)):
        raise GitError(_reason(root, environment))

    blobs, tracked = _read_index(index_lines, {*changed_paths, *converted_paths})
    if configured.get("core.autocrlf", "false").lower() not in _FALSE:
        blobs, tracked = {}, tracked.union(blobs)
    algorithm = configured.get("extensions.objectformat", "sha1")
    return WorkTree(blobs, tracked, set(untracked_paths).difference(blobs, tracked), algorithm)


def ask(root: str, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Return what a command of git prints for `root`, an absolute path without links. Raises GitError."""
    environment = _environment(root)
    process = _start(root, environment, *arguments, has_input=stdin is not None)
    output, _ = process.communicate(stdin)
    if process.returncode:
        raise GitError(_reason(root, environment))
    return output


def is_shallow(root: str | os.PathLike[str]) -> bool:
    """Tell whether a repository lacks the older part of its history. Raises GitError."""
    return ask(os.path.realpath(root), "rev-parse", "--is-shallow-repository").strip() == b"true"


def user_name(root: str | os.PathLike[str]) -> str:
    """Return who commits here, as git is configured; "" where that is not known."""
    try:
        return ask(os.path.realpath(root), "config", "user.name").decode(errors="replace").strip()
    except GitError:
        return ""


def is_left_unchecked(root: str | os.PathLike[str], path: str) -> bool:
    """Tell whether git has a file, by its path from `root`, that a sparse checkout leaves out."""
    top = os.path.realpath(root)
    if repository_top(top) is None:
        return False
    try:
        output = ask(top, "ls-files", "-v", "-z", "--", f":(literal){path}")
    except GitError:
        return False  # no repository after all, so nothing of it is left out
    return output.startswith(b"S ")


def is_ignored(root: str, path: str = ".") -> bool:
    """Tell whether git ignores a path from the folder `root`, or that folder as a whole."""
    process = _start(root, _environment(root), "check-ignore", "--quiet", "--", path)
    process.communicate()
    return process.returncode == 0


def _read_index(lines: list[str], doubtful: set[str]) -> tuple[dict[str, str], set[str]]:
    """Split the index in files that surely hold their blob, and the rest.

    A line is `tag mode id stage<TAB>path`. The tag is `H` unless git was told not to look at the file
    (`assume-unchanged`, `skip-worktree`); the mode tells files from links and submodules; the stage is
    0 outside of merge conflicts.
    """
    blobs = {}
    rest = set()
    for line in lines:
        head, path = line.split("\t", 1)
        if head[:5] == "H 100" and head[-1] == "0" and path not in doubtful:
            blobs[path] = head[9:-2]
        else:
            rest.add(path)
    return blobs, rest


def _setting(line: str) -> tuple[str, str]:
    name, separator, value = line.partition("\n")
    return name, value if separator else "true"


def _start(root: str, environment: dict[str, str], *arguments: str, has_input: bool = False) -> Popen[bytes]:
    import subprocess

    # As `core.fsmonitor`, a repository could name a program to be run here.
    command = ("git", "-C", root, "-c", "core.fsmonitor=false", *arguments)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from None


def _output(process: Popen[bytes]) -> list[str]:
    """Wait for a process and return what it printed, split at NUL bytes."""
    output, _ = process.communicate()
    return os.fsdecode(output).split("\0")[:-1]


def _reason(root: str, environment: dict[str, str]) -> str:
    import subprocess

    command = ("git", "-C", root, "ls-files", "--deleted", "--", ":(exclude)*")
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
    )
    lines = os.fsdecode(result.stderr).strip().splitlines()
    return lines[0] if lines else "git failed"


def _environment(root: str) -> dict[str, str]:
    """Return the environment for asking about `root`, made to name the repository that `root` lies in.

    In a hook the environment names the repository that the hook runs for, relative to the working
    folder. That is kept where `root` belongs to this repository, and dropped where it has its own.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _PATHSPEC_SETTINGS}
    environment.update(GIT_OPTIONAL_LOCKS="0", GIT_NO_LAZY_FETCH="1")
    if environment.keys().isdisjoint(_REPOSITORY_SETTINGS):
        return environment

    here = os.path.realpath(os.curdir)
    named = "GIT_DIR" in environment
    top = environment.get("GIT_WORK_TREE", here if named else repository_top(here))
    top = top and os.path.realpath(top)
    own_top = repository_top(root)
    belongs = top == own_top if own_top else named and top and _is_inside(root, top)
    if not belongs or top is None:
        return {name: value for name, value in environment.items() if name not in _REPOSITORY_SETTINGS}
    if named:
        environment["GIT_DIR"] = os.path.abspath(environment["GIT_DIR"])
        environment["GIT_WORK_TREE"] = top
    return environment


def _is_inside(path: str, folder: str) -> bool:
    return os.path.join(path, "").startswith(os.path.join(folder, ""))
