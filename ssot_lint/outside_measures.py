"""Measures by figures of other programs: coverage, outcomes of tests, and what pytest collects.

What such a program left may be missing, damaged or out of date: then UsageError says which command helps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import ceil

from ssot_lint.files import UsageError
from ssot_lint.outside.evidence import Ran, first_of
from ssot_lint.outside.junit import ERROR, FAILED, PASSED, SKIPPED
from ssot_lint.standing import Measure, Standing, Taken, at_least, at_most, everywhere, share

_BAD = (FAILED, ERROR)


def _covered(least: float, part: Standing) -> Taken:
    """Add up what is covered against how many per cent of all that must be."""
    evidence = part.evidence
    files = [path for path in part.files if path.endswith(".py")]
    found = evidence.covered(files)
    if not found.total:
        raise UsageError("these files have no statements")
    now, distance = share(found.covered, found.total, least)
    notes = [f"{found.covered} of {found.total} statements and branches in {found.files} files"]
    if found.unknown:
        are, their = ("is", "its") if len(found.unknown) == 1 else ("are", "their")
        notes.append(
            f"{len(found.unknown)} of these files {are} not in {evidence.coverage_file}, so all {their} "
            f"lines count as not covered: {first_of(found.unknown)}"
        )
    if found.worst is not None and distance:
        path, lines = found.worst
        notes.append(f"the most is missing in {path}: {lines.total - lines.covered} of {lines.total}")
    notes += _age(part, files, (evidence.coverage_file,))
    numbers = {
        "covered": found.covered,
        "distance": distance,
        "statements": found.total,
        "files": found.files,
        "unknown": len(found.unknown),
    }
    return Taken(not distance, now, f"{distance} too few", numbers, tuple(notes))


def _failed(most: int, part: Standing) -> Taken:
    """Count the tests that failed or broke against how many there may be."""
    tests, notes = _tests(part)
    bad = [test for test in tests if test.outcome in _BAD]
    distance = max(len(bad) - most, 0)
    if distance:
        notes += (f"first of them: {first_of([f'{test.path}: {test.name}' for test in bad])}",)
    return Taken(
        not distance, str(len(bad)), f"{distance} too many", {**_outcomes(tests), "distance": distance}, notes
    )


def _passed(least: float, part: Standing) -> Taken:
    """Count the tests that passed against how many per cent of all they must be; skipped ones did not."""
    tests, notes = _tests(part)
    numbers = _outcomes(tests)
    now, distance = share(numbers["passed"], len(tests), least)
    return Taken(not distance, now, f"{distance} too few", {**numbers, "distance": distance}, notes)


def _tests(part: Standing) -> tuple[Sequence[Ran], tuple[str, ...]]:
    """The tests of a part of the project, and what one should know of them.

    Raises UsageError where there are none, and where some that failed may or may not be among them.
    """
    evidence = part.evidence
    ran = evidence.tests
    is_whole = part.holds is everywhere
    tests = [test for test in ran if is_whole or (test.path and part.holds(test.path))]
    lost = [] if is_whole else [test for test in ran if not test.path]
    if bad := [test.name for test in lost if test.outcome in _BAD]:
        raise UsageError(f"no file of the project can be told for tests that failed: {first_of(bad)}")
    if not tests:
        raise UsageError(
            f"none of the {len(ran)} tests in {first_of(evidence.junit_files)} is in these files; "
            "`pytest --junit-xml FILE` writes such a file"
        )
    outcomes = Counter(test.outcome for test in tests)
    words = (f"{word}: {outcomes[word]}" for word in (PASSED, SKIPPED, FAILED, ERROR) if outcomes[word])
    notes = [f"tests: {len(tests)}, in files: {len({test.path for test in tests})}; {', '.join(words)}"]
    if lost:
        notes.append(f"left out, because no file of the project can be told for them: {len(lost)}")
    return tests, (*notes, *_age(part, part.files, evidence.junit_files))


def _outcomes(tests: Sequence[Ran]) -> dict[str, int]:
    outcomes = Counter(test.outcome for test in tests)
    return {
        "passed": outcomes[PASSED],
        "failed": outcomes[FAILED],
        "errors": outcomes[ERROR],
        "skipped": outcomes[SKIPPED],
        "tests": len(tests),
    }


def _collected(least: int, part: Standing) -> Taken:
    """Count the tests that pytest collects against how many there must be."""
    by_file = part.evidence.collection.measurement.tests
    found = {path: number for path, number in by_file.items() if part.holds(path)}
    number = sum(found.values())
    distance = max(least - number, 0)
    numbers = {"tests": number, "files": len(found), "distance": distance}
    return Taken(
        not distance, str(number), f"{distance} too few", numbers, (f"files with tests: {len(found)}",)
    )


def _errors(most: int, part: Standing) -> Taken:
    """Count the errors of the collection against how many there may be."""
    errors = [error for error in part.evidence.collection.measurement.errors if part.holds(error.path)]
    distance = max(len(errors) - most, 0)
    notes = (f"they are in {first_of([error.path for error in errors])}",) if distance else ()
    numbers = {"errors": len(errors), "distance": distance}
    return Taken(not distance, str(len(errors)), f"{distance} too many", numbers, notes)


def _regress(most: int, part: Standing) -> Taken:
    """Count what is worse than in the record: tests that are gone, errors and warnings that are new."""
    found = part.evidence.comparison
    distance = max(found.regress - most, 0)
    numbers = {
        "lost": found.lost,
        "errors": len(found.errors),
        "warnings": len(found.warnings),
        "distance": distance,
    }
    told = f"tests lost: {found.lost}, new errors: {len(found.errors)}, new warnings: {len(found.warnings)}"
    notes = ((told,) if found.regress else ()) + found.notes
    return Taken(not distance, str(found.regress), f"{distance} too many", numbers, notes)


def _slowdown(most: float, part: Standing) -> Taken:
    """Compare the time of the collection with that of the record, both in units of a fixed piece of work."""
    found = part.evidence.comparison
    slowdown = max(found.slowdown, 0.0)
    distance = max(slowdown - most, 0.0)
    numbers = {"percent": ceil(slowdown), "distance": ceil(distance)}
    return Taken(not distance, f"{slowdown:.1f} %", f"{distance:.1f} % too slow", numbers, found.notes)


def _age(part: Standing, files: Collection[str], reports: Sequence[str]) -> tuple[str, ...]:
    """That some files may be newer than what is said of them."""
    number = part.evidence.younger(files, reports)
    return (f"{number} of {len(files)} files were changed after {first_of(reports)}",) if number else ()


MEASURES: Mapping[str, Measure] = {
    "min-covered": Measure("covered", at_least, _covered, ""),
    "max-failed": Measure("tests failed", at_most, _failed, ""),
    "min-passed": Measure("tests passed", at_least, _passed, ""),
    "min-collected": Measure("tests collected", lambda value: f">= {value}", _collected, "collection"),
    "max-collection-errors": Measure("collection errors", at_most, _errors, "collection"),
    "max-collection-regress": Measure("collection regress", at_most, _regress, "collection"),
    "max-collection-slowdown": Measure(
        "collection slowdown", lambda value: f"<= {value:g} %", _slowdown, "collection"
    ),
}
"""Every one by its key in a condition."""
