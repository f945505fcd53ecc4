"""The one reader of the environment."""

import os
from collections.abc import Callable


def read(name: str, default: str = "") -> str:
    """Return a variable of the environment."""
    return os.environ.get(name, default)


def isolate() -> Callable[[], None]:
    """Return what puts the environment back as it is now."""
    before = dict(os.environ)

    def restore() -> None:
        os.environ.clear()
        os.environ.update(before)

    return restore
