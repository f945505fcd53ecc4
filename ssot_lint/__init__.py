"""Keeps one home for every thing in a Python code base."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from ssot_lint.engine import Result

__version__ = "0.1.0"


def lint(
    path: str | os.PathLike[str] = ".",
    *,
    config: str | os.PathLike[str] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    jobs: int | None = None,
    use_cache: bool = True,
) -> Result:
    """Lint a file or a folder, as `ssot-lint check PATH` does, and return what was found.

    Answers always come from the whole project, which is that of the nearest configuration from `path`
    upwards, or of the file `config`. `select` and `ignore` hold ids of rules, codes and beginnings of
    codes: the first replaces what the configuration selects and ignores, the second is added to what
    it ignores. `jobs` is the number of processes, one for each core when None. Without `use_cache`
    every file is read and parsed anew.

    Raises `ssot_lint.files.UsageError` for a path that cannot be linted and for a mistake in the
    configuration, in words for the user.
    """
    from pathlib import Path

    from ssot_lint import engine
    from ssot_lint.config import load

    start = Path(path)
    loaded = load(None if config is None else Path(config), start, select=select, ignore=ignore)
    return engine.lint(loaded, [str(start)], jobs=jobs, use_cache=use_cache)
