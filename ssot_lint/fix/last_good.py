"""Names the revisions in which files were whole that have only just been broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path

from ssot_lint.facts.store import opened
from ssot_lint.files import Commit, files_in, last_commit, read_commits
from ssot_lint.fix.judging import judge


def last_good(root: Path, paths: Iterable[str], *, use_cache: bool) -> Mapping[str, Commit]:
    """The last commit of each file, by path from the root, whose text in HEAD compiles.

    Left out are files that HEAD does not have, or has broken: `restore` looks further back. Raises GitError.
    """
    blobs = files_in(root, "HEAD", paths)
    with opened(root) if use_cache else nullcontext() as store:
        judged = judge(root, blobs.values(), store)
    ids = {path: last_commit(root, path) for path, blob in blobs.items() if not judged[blob].fault}
    commits = read_commits(root, ids.values())
    return {path: commits[commit] for path, commit in ids.items()}
