"""Where suppression comments go, and that they are read there."""

from __future__ import annotations

import pytest

from ssot_lint.allow import allow_in_file, allow_on_line, inserted
from ssot_lint.facts.comments import find_suppressions
from ssot_lint.finding import Span

LINE = "# ssot: allow env-access -- TODO: say why"
FILE = "# ssot: allow-file env-access -- TODO: say why"


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("x = 1\n", (1, 1), f"x = 1  {LINE}\n"),
        ("x = 1", (1, 1), f"x = 1  {LINE}"),
        ("x = 1\r\ny = 2\r\n", (1, 1), f"x = 1  {LINE}\r\ny = 2\r\n"),
        ("x = 1  # noqa\n", (1, 1), f"x = 1  # noqa  {LINE}\n"),
        ("x = f(\n  1,\n)\n", (2, 2), f"x = f(\n  1,  {LINE}\n)\n"),
        # amid a string, or before a backslash: on the last line that the finding is on, or above it
        ('x = """\na\n"""\n', (1, 3), f'x = """\na\n"""  {LINE}\n'),
        ("if a:\n  x = 1 + \\\n    2\n", (2, 2), f"if a:\n  {LINE}\n  x = 1 + \\\n    2\n"),
        ("x = 1 + \\\r\n  2\r\n", (1, 1), f"{LINE}\r\nx = 1 + \\\r\n  2\r\n"),
        # comments that are there
        (
            "x = 1  # ssot: allow other -- because\n",
            (1, 1),
            "x = 1  # ssot: allow other, env-access -- because\n",
        ),
        (
            "x = 1  # ssot: allow other\n",
            (1, 1),
            "x = 1  # ssot: allow other, env-access -- TODO: say why\n",
        ),
        (
            "x = 1  # noqa  # SSOT: allow other # type: ignore\n",
            (1, 1),
            "x = 1  # noqa  # SSOT: allow other, env-access -- TODO: say why # type: ignore\n",
        ),
        ("x = 1  # ssot: allow\n", (1, 1), "x = 1  # ssot: allow env-access -- TODO: say why\n"),
        (
            "# ssot: allow other -- because\nx = 1\n",
            (2, 2),
            "# ssot: allow other, env-access -- because\nx = 1\n",
        ),
        ("x = '# ssot: allow other'\n", (1, 1), f"x = '# ssot: allow other'  {LINE}\n"),
        ("# ssot: allow-file other -- b\nx = 1\n", (2, 2), f"# ssot: allow-file other -- b\nx = 1  {LINE}\n"),
    ],
)
def test_on_a_line(text: str, lines: tuple[int, int], expected: str) -> None:
    insertion = allow_on_line(text, Span(lines[0], 1, lines[1], 2), "env-access")
    assert insertion is not None
    changed = inserted(text, insertion)
    assert changed == expected
    (comment,) = [each for each in find_suppressions(changed) if "env-access" in each.rules]
    assert comment.reason.startswith(("because", "TODO: say why"))
    shift = changed.count("\n") - text.count("\n")
    assert lines[0] + shift <= comment.line <= lines[1] + shift


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1 + \\\n  2 + \\\n  3\n", 2),
        ("x = '''\n1\n'''\n", 2),
        ("'''\nx = 1\n", 2),
    ],
)
def test_nowhere_on_a_line(text: str, line: int) -> None:
    assert allow_on_line(text, Span(line, 1, line, 2), "env-access") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"{FILE}\n"),
        ("x = 1\n", f"{FILE}\nx = 1\n"),
        ('"""Docs."""\r\n', f'{FILE}\r\n"""Docs."""\r\n'),
        (
            "#!/usr/bin/python\n# coding: utf-8\n\nx = 1\n",
            f"#!/usr/bin/python\n# coding: utf-8\n{FILE}\n\nx = 1\n",
        ),
        ("# one", f"# one\n{FILE}\n"),
        (
            "# ssot: allow-file other -- because\nx = 1\n",
            "# ssot: allow-file other, env-access -- because\nx = 1\n",
        ),
        ("def f(:\n", f"{FILE}\ndef f(:\n"),
    ],
)
def test_in_a_file(text: str, expected: str) -> None:
    changed = inserted(text, allow_in_file(text, "env-access"))
    assert changed == expected
    assert [each.whole_file for each in find_suppressions(changed) if "env-access" in each.rules] == [True]
