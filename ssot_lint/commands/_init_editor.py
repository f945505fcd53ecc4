"""Lets a person change a text in an editor of theirs."""

from __future__ import annotations

import os
import shlex
import subprocess
from tempfile import TemporaryDirectory

from ssot_lint.files import UsageError


def edited(text: str) -> str:
    """What a person makes of a TOML text in `$VISUAL` or `$EDITOR`. Raises UsageError where that fails."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise UsageError("set VISUAL or EDITOR to the editor of your choice")
    with TemporaryDirectory(prefix="ssot-lint-") as folder:
        file = os.path.join(folder, "proposal.toml")
        with open(file, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        try:
            done = subprocess.run([*shlex.split(command), file])
        except (OSError, ValueError) as error:
            raise UsageError(f"`{command}` cannot be started: {error}") from None
        if done.returncode:
            raise UsageError(f"`{command}` ended with {done.returncode}")
        try:
            with open(file, encoding="utf-8", errors="replace") as stream:
                return stream.read()
        except OSError as error:
            raise UsageError(f"what the editor left cannot be read: {error.strerror or error}") from None
