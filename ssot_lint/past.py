"""Finds what was there in an earlier commit, by the rules of now, from the facts of its texts."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.choice import Choice
from ssot_lint.config import Config, ConfigError, parse
from ssot_lint.engine import Progress
from ssot_lint.files import algorithm_of, digest_of, read_bytes, read_file
from ssot_lint.finding import Finding
from ssot_lint.record import Found, Recorder, is_reproducible
from ssot_lint.snapshot import Snapshot
from ssot_lint.suppress import Allowed

if TYPE_CHECKING:
    from ssot_lint.facts.store import Store


class Past(NamedTuple):
    """A project in a commit."""

    findings: tuple[Finding, ...]  # sorted
    allowed: tuple[Allowed, ...]  # findings that comments allowed
    paths: frozenset[str]  # of its source files
    broken: frozenset[str]  # those of them that do not compile


def look_back(
    config: Config,
    commit: str,
    *,
    jobs: int | None = None,
    use_cache: bool = True,
    progress: Progress | None = None,
    named: frozenset[str] = frozenset(),
) -> Past:
    """What was found in a project in a commit, given by its id.

    The configuration is that of now: a change that brings a rule in has not caused what the rule finds in
    code that was there. What is found in the configuration itself is by the one of that commit. `named` are
    paths of files that count whatever their names end in. Raises GitError where git lacks something; see
    `engine.lint` for the other arguments.
    """
    from ssot_lint.facts.store import opened  # some builds of Python lack what it needs

    with opened(config.root) if use_cache else nullcontext() as store:
        snapshot = Snapshot(config, commit, store, jobs=jobs, progress=progress, named=named)
        found = _found(config, snapshot, store)
        findings = found.findings
        if not _has_configuration_of_now(config, snapshot):
            known = (finding for finding in findings if finding.path != config.path)
            findings = tuple(sorted((*known, *_found_in_configuration(config, commit, snapshot))))
    paths = frozenset(source.path for source in snapshot.sources)
    return Past(findings, found.allowed, paths, frozenset(found.broken))


def _found(config: Config, snapshot: Snapshot, store: Store | None) -> Found:
    """What the rules of now find, from the record of a run over the same files if there is one."""
    paths = [source.path for source in snapshot.sources]
    recorder = None
    if store is not None:
        choice = Choice(snapshot.sources, paths, True, "", {}, ())
        if is_reproducible(config, choice):
            recorder = Recorder(store, config, choice, snapshot.collection_digest)
    found = recorder.recall() if recorder is not None else None
    if found is None:
        found = snapshot.check(config, paths, about_configuration=True)
        if recorder is not None:
            recorder.keep(found, snapshot.collection_digest() if snapshot.asked_collections else "")
    return found


def _has_configuration_of_now(config: Config, snapshot: Snapshot) -> bool:
    """Whether the file of the configuration held what it holds now."""
    path = config.path
    if not path or path.startswith("../"):
        return True
    blob = snapshot.blobs.get(path, "")
    return digest_of(read_bytes(config.root, path), algorithm_of(blob)) == blob


def _found_in_configuration(config: Config, commit: str, snapshot: Snapshot) -> tuple[Finding, ...]:
    """What was found in the configuration of then, nothing where there was none that could be read."""
    text = read_file(config.root, commit, config.path)
    if text is None:
        return ()
    try:
        then = parse(text.decode(), config.path, config.root)
        return snapshot.check(then, [], about_configuration=True).findings
    except (ConfigError, UnicodeDecodeError):
        return ()
