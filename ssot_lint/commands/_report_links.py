"""Where links of a report lead: to lines of HEAD on the web, else to the files beside the report."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from ssot_lint.commands import _outputs
from ssot_lint.files import origin, uncommitted
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report import links
from ssot_lint.insight.report.formats import Link


class Links:
    """The addresses of lines of a project: by a template, by `origin` where that is "", or of the files.

    A line of HEAD may hold something else in a file that has changed since, so those are left to the last.
    """

    def __init__(self, root: Path, figures: Figures, template: str) -> None:
        self._root = os.path.realpath(root)
        self._folder = _outputs.folder_in_repository(root)
        self._commit = figures.commit.id if figures.commit is not None else ""
        self._template = template or (links.template_for(origin(root)) if self._commit else "")
        self._is_of_commit = "{commit}" in self._template
        self._changed: set[str] = set()
        if self._commit and self._is_of_commit:
            self._changed = uncommitted(root, _paths(figures))

    def seen_from(self, folder: str) -> Link:
        """The links of a report that lies in a folder, given from the working folder."""
        way = os.path.relpath(self._root, os.path.realpath(folder or os.curdir)).replace(os.sep, "/")

        def link(path: str, line: int) -> str:
            if self._template and (not self._is_of_commit or self._is_in_commit(path)):
                return links.filled(self._template, f"{self._folder}{path}", line, self._commit)
            below = quote(os.fsencode(path if way == "." else f"{way}/{path}"))
            return f"{below}#L{line}"

        return link

    def _is_in_commit(self, path: str) -> bool:
        """Whether a file is what it is in HEAD."""
        return bool(self._commit) and path not in self._changed


def _paths(figures: Figures) -> set[str]:
    """The paths that a report may link."""
    return {
        *(finding.path for finding in figures.findings),
        *(place.path for cluster in figures.clusters for place in cluster.places),
        *(path for cause in figures.causes for path, *_ in cause.places),
    }
