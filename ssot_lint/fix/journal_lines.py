"""What a journal says of a migration: what its lines mean, one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

VERSION = 1

OPEN = "open"
COMMITTED = "committed"
ROLLED_BACK = "rolled back"


class Written(NamedTuple):
    """A file of a batch."""

    path: str  # from the root
    old: str  # the digest of its bytes before
    new: str  # and after
    mode: int  # its permission bits


class Batch(NamedTuple):
    """Files that were changed together."""

    number: int  # from 1, in its migration
    time: str  # of its start, as in `2026-11-21T09:49:24Z`
    files: tuple[Written, ...]
    state: str = OPEN  # or COMMITTED or ROLLED_BACK
    reason: str = ""  # why it was rolled back
    left: tuple[str, ...] = ()  # files that could not be, as somebody else had changed them
    commit: str = ""  # its commit in git, if it was made


class Failure(NamedTuple):
    """A file that was not migrated."""

    path: str
    stage: str  # "write", "check", "verify", "collect" or "commit"
    reason: str  # several lines, maybe


class Migration(NamedTuple):
    """What a journal says of a migration."""

    id: str
    time: str
    title: str
    undoes: str = ""  # the id of the migration that it took back
    plan: tuple[str, ...] = ()  # the files that it was to change, if that was known
    failed_before: tuple[str, ...] = ()
    batches: tuple[Batch, ...] = ()
    failures: tuple[Failure, ...] = ()
    is_ended: bool = False


def after(known: Migration | None, migration_id: str, line: dict[str, Any]) -> Migration:
    """What is known after one more line. Raises some error where it is not as `Journal` writes it."""
    event = line["event"]
    if known is None:
        if event != "start" or line["version"] != VERSION:
            raise ValueError(event)
        return Migration(migration_id, line["time"], line["title"], line["undoes"])
    batches = list(known.batches)
    match event:
        case "plan":
            return known._replace(plan=tuple(line["paths"]))
        case "baseline":
            return known._replace(failed_before=tuple(line["failed"]))
        case "write":
            files = tuple(Written(**file) for file in line["files"])
            batches.append(Batch(line["batch"], line["time"], files))
        case "commit":
            number = line["batch"] - 1
            batches[number] = batches[number]._replace(state=COMMITTED, commit=line["commit"])
        case "roll-back":
            number, left = line["batch"] - 1, tuple(line["left"])
            batches[number] = batches[number]._replace(state=ROLLED_BACK, reason=line["reason"], left=left)
        case "failed":
            failure = Failure(line["path"], line["stage"], line["reason"])
            return known._replace(failures=(*known.failures, failure))
        case "end":
            return known._replace(is_ended=True)
        case _:
            raise ValueError(event)
    return known._replace(batches=tuple(batches))
