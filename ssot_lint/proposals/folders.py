"""Folders that are copies of other parts of the tree, such as backups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from ssot_lint.project import Project
from ssot_lint.proposals.proposal import Proposal, Table, pattern

_FEWEST_FILES = 10  # of a folder: a few files of the same names are fixtures or templates
_MOST = 0.8  # of them that lie as in the rest of the tree: the others have gone from there since
_EVERYWHERE = frozenset(("__init__.py", "conftest.py", "setup.py"))  # say nothing of what lies beside them


def propose(project: Project, digests: Mapping[str, str]) -> Iterator[Proposal]:
    """Proposes to leave out folders of copies, the widest ones. `digests` are the content ids by path.

    A folder is a copy if the paths of its files end in those that other files have from the root, and nothing
    outside of it imports from it.
    """
    found: list[str] = []
    wanted = _wanted_from_outside(project)
    for folder, files in _folders(digests):
        if len(files) < _FEWEST_FILES or folder in wanted or folder.startswith(tuple(found)):
            continue
        originals = {path: _original(path, folder, digests) for path in files}
        copies = [path for path in files if originals[path]]
        if len(copies) >= _MOST * len(files):
            found.append(folder)
            equal = sum(digests[path] == digests[originals[path]] for path in copies)
            yield Proposal(
                f"{folder} is a copy of other parts of the tree",
                (
                    f"{len(copies)} of its {len(files)} files lie in it as others lie in the tree",
                    *([f"{equal} of them are the same byte for byte"] if equal else []),
                    f"such as {copies[0]}, a copy of {originals[copies[0]]}",
                    "nothing outside of it imports from it",
                ),
                (Table("", {"exclude": [pattern(folder)]}),),
                sum(path.startswith(folder) for path in digests),
            )


def _folders(paths: Collection[str]) -> list[tuple[str, list[str]]]:
    """Every folder with the telling files in it, however deep, the widest folders first."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        *parts, name = path.split("/")
        if name not in _EVERYWHERE:
            for length in range(1, len(parts) + 1):
                found["/".join(parts[:length]) + "/"].append(path)
    return sorted(found.items(), key=lambda item: (item[0].count("/"), item[0]))


def _original(path: str, folder: str, paths: Collection[str]) -> str:
    """The file outside of a folder whose path from the root is the end of this one; "" for none."""
    end = path.partition("/")[2]
    while "/" in end:
        if end in paths and not end.startswith(folder):
            return end
        end = end.partition("/")[2]
    return ""


def _wanted_from_outside(project: Project) -> frozenset[str]:
    """The folders of which something is imported by a file that is not in them."""
    wanted = set()
    for file in project.files():
        for entry in file.details.imports:
            for meaning in project.import_meanings(file.path, entry):
                parts = meaning.path.rstrip("/").split("/")
                for length in range(1, len(parts)):
                    folder = "/".join(parts[:length]) + "/"
                    if not file.path.startswith(folder):
                        wanted.add(folder)
    return frozenset(wanted)
