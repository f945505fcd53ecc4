"""Opens executors that parse elsewhere, by their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ssot_lint.files import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

_DASK = "dask://"
_PATIENCE = 10  # seconds for a scheduler to answer, and to have a worker


@contextmanager
def opened(address: str | None) -> Iterator[Executor | None]:
    """The executor at an address such as `dask://HOST:PORT`, None for none.

    Raises UsageError where there is nothing that can work, and where the package for it is missing.
    """
    if address is None:
        yield None
        return
    place = address.removeprefix(_DASK)
    if place == address or not place:
        raise UsageError(f"expected an executor as `{_DASK}HOST:PORT`, found `{address}`")
    try:
        from asyncio import TimeoutError as AsyncTimeoutError  # another one before Python 3.11

        from distributed import Client
    except ImportError:
        raise UsageError("`--executor dask://` needs a package: pip install 'ssot-lint[dask]'") from None
    try:
        client = Client(f"tcp://{place}", timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UsageError(f"no scheduler of Dask answers at `{place}`: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (TimeoutError, AsyncTimeoutError):
            raise UsageError(f"the scheduler of Dask at `{place}` has no workers") from None
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]
