"""What the hook would have stopped, as text: for people, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ssot_lint.insight.documents import document
from ssot_lint.insight.lines import WIDTH, aligned, ended
from ssot_lint.insight.replay.figures import Replay, Stopped, worst
from ssot_lint.reports import counted, neutral
from ssot_lint.reports.json import encode

FORMATS = ("text", "csv", "json")

_WORST = 10
_MOST_RULES = 2  # that are named with a commit


def render(name: str, project: str, replay: Replay, width: int = WIDTH) -> str:
    r"""Return a replay in one of `FORMATS`: text that UTF-8 can encode, with `\n` as only line end.

    `project` is the name of its folder, for people; their lines have at most `width` characters, where the
    names in them leave room for that.
    """
    if name == "csv":
        return _as_csv(replay)
    return _as_json(replay) if name == "json" else _as_text(project, replay, width)


# for people


def _as_text(project: str, replay: Replay, width: int) -> str:
    """The whole in numbers, the rules, the worst commits, and what was stopped day by day."""
    parts = [_head(project, replay)]
    if replay.commits:
        parts.append(_rules(replay))
    if replay.stopped:
        parts += [_commits(replay, width), _days(replay, width)]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def _head(project: str, replay: Replay) -> Iterator[str]:
    merges = f", {counted(replay.merges, 'merge')} among them" if replay.merges else ""
    looked_at = f"{counted(replay.commits, 'commit')} after {replay.start} and up to {replay.end.date}"
    yield neutral(f"{project}: {looked_at}{merges}")
    if replay.commits:
        yield f"the hook would have stopped {_part(len(replay.stopped), replay.commits)}"


def _part(number: int, whole: int) -> str:
    return f"{number} of them ({number * 100 / whole:.1f} %)"


def _rules(replay: Replay) -> Iterator[str]:
    rows = [
        [share.rule, str(share.commits), str(share.findings), str(share.remaining)] for share in replay.rules
    ]
    yield from aligned([["rule", "commits", "findings", "still there"], *rows], left=1)


def _commits(replay: Replay, width: int) -> Iterator[str]:
    commits = worst(replay, _WORST)
    yield "the worst commits" if len(commits) > 1 else "the commit"
    rows = [["  " + each.commit.short, each.commit.date, str(len(each.reasons))] for each in commits]
    for line, each in zip(aligned(rows, left=2), commits):
        subject = neutral(("(merge) " if each.is_merge else "") + each.commit.subject)
        yield ended(f"{line}  {_by_rule(each)}", subject, width)


def _by_rule(stopped: Stopped) -> str:
    """The rules that found most, with how much unless it is all."""
    ranked = sorted(stopped.by_rule.items(), key=lambda each: (-each[1], each[0]))
    if len(ranked) == 1:
        return ranked[0][0]
    told = [f"{number} {rule}" for rule, number in ranked[:_MOST_RULES]]
    more = sum(number for _, number in ranked[_MOST_RULES:])
    return ", ".join([*told, f"{more} more"] if more else told)


def _days(replay: Replay, width: int) -> Iterator[str]:
    """What was stopped each day, with columns for as many rules as there is room for, the worst first."""
    header = ["date", "commits", "stopped"]
    rows = [[day.date, str(day.commits), str(day.stopped)] for day in replay.days]
    room = width - sum(max(map(len, column)) + 2 for column in zip(header, *rows))
    for share in sorted(replay.rules, key=lambda share: (-share.findings, share.rule)):
        counts = [str(day.by_rule.get(share.rule, 0)) for day in replay.days]
        room -= max(map(len, (share.rule, *counts))) + 2
        if room < 0 or not share.findings:
            break
        header.append(share.rule)
        for row, count in zip(rows, counts):
            row.append(count)
    yield from aligned([header, *rows], left=1)


# for spreadsheets


def _as_csv(replay: Replay) -> str:
    """One commit on a line, with a column for each rule; what a subject says could be taken for a formula."""
    rules = [share.rule for share in replay.rules]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("date", "commit", "merge", "findings", *rules))
    for each in replay.stopped:
        counts = (each.by_rule.get(rule, 0) for rule in rules)
        numbers = (int(each.is_merge), len(each.reasons), *counts)
        writer.writerow((each.commit.date, each.commit.id, *numbers))
    return text.getvalue()


# for programs


def _as_json(replay: Replay) -> str:
    """The document that `replay.schema.json` describes, one commit on a line."""
    told = document(replay)
    commits = ",\n".join(map(encode, told.pop("stopped")))
    return f'{encode(told)[:-1]},"stopped":[\n{commits}\n]}}\n'
