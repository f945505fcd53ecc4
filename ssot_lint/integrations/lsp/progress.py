"""The bar that an editor shows while a project is loaded."""

from __future__ import annotations

import asyncio
from itertools import count

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

_TOKENS = count(1)


class Progress:
    """One bar: it begins once the editor has said that it will show it, though all may be done by then."""

    def __init__(self, server: LanguageServer, name: str) -> None:
        self._progress = server.work_done_progress
        self._token = f"ssot-lint-{next(_TOKENS)}"
        self._name = name
        self._has_begun = False
        self._is_over = False
        self._task = asyncio.create_task(self._begin())

    async def _begin(self) -> None:
        try:
            await self._progress.create_async(self._token)
        except JsonRpcException:
            return  # an editor may refuse
        self._has_begun = True
        title = f"ssot-lint: reading {self._name}"
        self._progress.begin(self._token, types.WorkDoneProgressBegin(title, percentage=0))
        if self._is_over:
            self.end()

    def report(self, done: int, total: int) -> None:
        """Shows how many files are done, of how many."""
        if self._has_begun:
            message = f"{done} of {total} files"
            report = types.WorkDoneProgressReport(message=message, percentage=done * 100 // total)
            self._progress.report(self._token, report)

    def end(self) -> None:
        """Takes the bar away."""
        self._is_over = True
        if self._has_begun:
            self._progress.end(self._token, types.WorkDoneProgressEnd())
