"""Waivers: exceptions that people write, each with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from baseline_folder import carry, shards
from baseline_samples import RULES, coverage, entries, findings, identity

from ssot_lint import compare
from ssot_lint.baseline import carry as carrying
from ssot_lint.baseline import changes
from ssot_lint.baseline.batches import Batch
from ssot_lint.baseline.carry import Outcome
from ssot_lint.baseline.coverage import BROKEN_ELSEWHERE, BY_WAIVER, FIXED
from ssot_lint.baseline.deadlines import deadlines
from ssot_lint.baseline.error import BaselineError
from ssot_lint.baseline.explain import explain
from ssot_lint.baseline.waivers import PATH, Waiver, finder, idle, is_at, load, parsed
from ssot_lint.catalogue import OWN_RULES
from ssot_lint.cli import main
from ssot_lint.commands._waiver_notes import idle_notes
from ssot_lint.config import load as load_config
from ssot_lint.engine import Result, lint
from ssot_lint.finding import Finding
from ssot_lint.session import Session

DAY = date(2026, 11, 20)
SELECTORS = {rule: frozenset({rule}) for rule in RULES}
HAND_WRITTEN = """\
# What we agreed on in spring.
[[waiver]]
rule = "forbidden-import"
paths = ["legacy/bank/"]
subject = "requests.*"
scope = "Client.*"
reason = "the bank's own client needs it"
owner = "payments"
ticket = "PAY-1"
expires = 2027-03-31
"""


def put(root: Path, text: str | bytes) -> None:
    (root / PATH).parent.mkdir(exist_ok=True)
    (root / PATH).write_bytes(text if isinstance(text, bytes) else text.encode())


def waiver(rule: str = RULES[0], **keys: str) -> str:
    """A table with whatever it needs, and more keys as they are written."""
    given = {"rule": f'"{rule}"', "paths": '["*.py"]', "reason": '"because"', **keys}
    return "[[waiver]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


def test_a_waiver_as_people_write_it(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    (found,) = load(tmp_path, OWN_RULES.selectors)
    assert found == Waiver(
        rule="forbidden-import",
        paths=("legacy/bank/",),
        subject="requests.*",
        scope="Client.*",
        reason="the bank's own client needs it",
        owner="payments",
        ticket="PAY-1",
        expires=date(2027, 3, 31),
        line=2,
    )
    assert found.place == ".ssot-lint/waivers.toml:2"


@pytest.mark.parametrize("text", ["", "# nothing\n", "waiver = []\n"])
def test_file_without_waivers_has_none(text: str, tmp_path: Path) -> None:
    assert load(tmp_path, OWN_RULES.selectors) == ()
    put(tmp_path, text)
    assert load(tmp_path, OWN_RULES.selectors) == ()


def test_line_ends_and_marks_of_windows_do_no_harm(tmp_path: Path) -> None:
    put(tmp_path, b"\xef\xbb\xbf" + HAND_WRITTEN.replace("\n", "\r\n").encode())
    assert [each.line for each in load(tmp_path, OWN_RULES.selectors)] == [2]


OURS = '[[waiver]]\nrule = "SST1"\n'


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (HAND_WRITTEN.replace("owner", "woner"), 8, "waiver.woner: unknown key, did you mean `owner`?"),
        (HAND_WRITTEN.replace("owner", "zzz"), 8, "waiver.zzz: unknown key; valid are `rule`, `paths`, `owner`"),
        (HAND_WRITTEN.replace("[[waiver]]", "[[wavier]]"), 2, "wavier: unknown key, did you mean `waiver`?"),
        (HAND_WRITTEN.replace("reason", "# "), 2, "waiver: expected a value for `reason`, found no such key"),
        (HAND_WRITTEN.replace("the bank's own client needs it", " \\t"), 7, "waiver.reason: expected a value, found an empty one"),
        (HAND_WRITTEN.replace("paths", "# paths"), 2, "waiver: expected a value for `paths`, found no such key"),
        (HAND_WRITTEN.replace('"legacy/bank/"', ""), 4, "waiver.paths: expected a value, found an empty one"),
        (HAND_WRITTEN.replace("rule", "# rule"), 2, "waiver: expected a value for `rule`, found no such key"),
        (HAND_WRITTEN.replace("forbidden-import", "forbiden-import"), 3, "waiver.rule: expected the id, the code or the beginning of a code of a rule, found \"forbiden-import\", did you mean `forbidden-import`?"),
        (HAND_WRITTEN.replace("forbidden-import", "*"), 3, "found \"*\"; `ssot-lint rules` lists them all"),
        (HAND_WRITTEN.replace('"forbidden-import"', "7"), 3, "waiver.rule: expected a string, found the number 7"),
        (HAND_WRITTEN.replace('["legacy/bank/"]', '"legacy/bank/"'), 4, "waiver.paths: expected an array of strings, found the string"),
        (HAND_WRITTEN.replace('"legacy/bank/"', '"x/", 7'), 4, "waiver.paths[1]: expected a string, found the number 7"),
        (HAND_WRITTEN.replace("legacy/", "../"), 4, "waiver.paths[0]: the pattern `../bank/` never matches"),
        (HAND_WRITTEN.replace("legacy/bank/", "[z-a]"), 4, "waiver.paths[0]: the pattern `[z-a]` "),
        (HAND_WRITTEN.replace("2027-03-31", "2027-02-30"), 10, "this is not TOML"),
        (HAND_WRITTEN.replace("2027-03-31", '"2027-02-30"'), 10, "waiver.expires: expected a day such as 2026-12-31, found the string"),
        (HAND_WRITTEN.replace("2027-03-31", "2027-03-31T10:00:00Z"), 10, "waiver.expires: expected a day such as 2026-12-31, found the date or time"),
        (HAND_WRITTEN.replace("2027-03-31", "20270331"), 10, "waiver.expires: expected a day such as 2026-12-31, found the number"),
        (HAND_WRITTEN.replace("]]", "]"), 2, "this is not TOML"),
        ("waiver = 7\n", 1, "waiver: expected a table, found the number 7"),
        ("waiver = [7]\n", 1, "waiver: expected a table, found the number 7"),
        (f"{HAND_WRITTEN}{HAND_WRITTEN.replace('rule', 'role')}", 13, "waiver.role: unknown key, did you mean `rule`?"),
        (f"x = 1\n{HAND_WRITTEN}", 1, "x: unknown key; valid are `waiver`"),
        (f"{HAND_WRITTEN}<<<<<<< HEAD\n{OURS}=======\n>>>>>>> b\n", 11, "a merge has left this conflict marker; resolve the conflict by hand"),
        (f"{HAND_WRITTEN}=======\r\n", 11, "a merge has left this conflict marker"),
        (b"# \xc3\xbc\n\n# \xff", 3, "expected text in UTF-8, found other bytes"),
        ("\0", 1, "this is not TOML"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_line(text: str | bytes, line: int, expected: str, tmp_path: Path) -> None:
    put(tmp_path, text)
    with pytest.raises(BaselineError) as caught:
        load(tmp_path, OWN_RULES.selectors)
    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert expected in str(caught.value)


def test_file_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / PATH).mkdir(parents=True)
    with pytest.raises(BaselineError, match="cannot be read"):
        load(tmp_path, {})
    (tmp_path / PATH).rmdir()
    (tmp_path / "x").write_text(HAND_WRITTEN)
    (tmp_path / PATH).symlink_to(tmp_path / "x")
    with pytest.raises(BaselineError, match="is a link"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("keys", "about", "expected"),
    [
        ({}, "a.py f X", True),
        ({}, "a.py f X forbidden-use", False),
        ({"paths": '["/a/"]'}, "a/b/c.py f X", True),
        ({"paths": '["/a/"]'}, "b/a/c.py f X", False),
        ({"paths": '["a/", "!a/b.py"]'}, "a/b.py f X", False),
        ({"subject": '"os.*"'}, "a.py f os.environ", True),
        ({"subject": '"os.*"'}, "a.py f os", False),
        ({"subject": '"environ"'}, "a.py f os.environ", False),
        ({"subject": '"os ?"'}, "a.py f os+x", True),
        ({"subject": '"o?"'}, "a.py f os+x", True),
        ({"subject": '"x"'}, "a.py f os+x", True),
        ({"subject": '"os*y"'}, "a.py f os+x", False),
        ({"subject": '"OS"'}, "a.py f os", False),
        ({"scope": '"Client.*"'}, "a.py Client.load X", True),
        ({"scope": '"Client.*"'}, "a.py Client X", False),
        ({"scope": '"<module>"'}, "a.py <module> X", True),
    ],
)  # fmt: skip
def test_what_a_waiver_speaks_of(keys: dict[str, str], about: str, expected: bool) -> None:
    find = finder(parsed(waiver(**keys)), SELECTORS)
    assert (find(identity(about)) is not None) is expected


def test_rule_may_be_a_code_or_its_beginning() -> None:
    about = identity("a.py f X forbidden-import")
    for rule, expected in (("SST101", True), ("SST1", True), ("SST2", False), ("SST102", False)):
        assert bool(finder(parsed(waiver(rule)), OWN_RULES.selectors)(about)) is expected


def test_of_several_the_one_that_lasts_counts() -> None:
    texts = [waiver(expires="2027-01-01"), waiver(reason='"second"'), waiver(reason='"third"')]
    found = finder(parsed("".join(texts)), SELECTORS)(identity("a.py f X"))
    assert found is not None
    assert found.reason == "second"


def test_idle_waivers_speak_of_nothing() -> None:
    known = parsed(waiver() + waiver("forbidden-use") + waiver(subject='"X"') + waiver(subject='"Y"'))
    waived = [identity("a.py f X"), identity("b.py f X")]
    assert [each.line for each in idle(known, waived, SELECTORS)] == [5, 14]


def test_path_of_the_file_is_known_in_any_project() -> None:
    assert is_at(Path("/x/.ssot-lint/waivers.toml"))
    assert not is_at(Path("/x/waivers.toml"))
    assert not is_at(Path("/x/x.ssot-lint/waivers.toml"))


# with a baseline


def outcome(found: list[str], known: list[str], text: str, strict: str = "", broken: str = "") -> Outcome:
    return carrying.carry(
        findings(found),
        entries(*known),
        coverage(broken=broken),
        lambda path: path == strict,
        finder(parsed(text), SELECTORS),
    )


def states(outcome: Outcome) -> list[str]:
    return [each.finding.state for each in outcome.findings]


def left(outcome: Outcome) -> list[str]:
    return [each.why for each in outcome.left]


def test_what_is_waived_needs_no_entry() -> None:
    seen = outcome(["a.py f X", "a.py f Y"], [], waiver(subject='"X"'))
    assert states(seen) == [carrying.WAIVED, carrying.NEW]
    assert seen.findings[0].finding.justification == "because"
    assert seen.findings[1].finding.justification == ""


def test_entry_gives_way_to_a_waiver_and_carries_nothing_else() -> None:
    seen = outcome(["a.py f X", "a.py f Y"], ["a.py f X"], waiver(subject='"X"'))
    assert states(seen) == [carrying.WAIVED, carrying.NEW]
    assert left(seen) == [BY_WAIVER]
    assert changes.sync(seen).entries == ()


def test_entry_of_what_is_fixed_is_fixed_whatever_waivers_say() -> None:
    assert left(outcome([], ["a.py f X"], waiver())) == [FIXED]


def test_what_is_waived_explains_nothing_else() -> None:
    seen = outcome(["a.py f X", "a.py f Y", "a.py f Z"], ["a.py f X"], waiver(subject='"[XZ]"'))
    for about, expected in (("X", 1), ("Y", 0)):
        explanation = explain(seen, identity(f"a.py f {about}").fingerprint)
        assert (len(explanation.findings), len(explanation.left)) == (1, expected)
        assert explanation.misses == ()
    seen = outcome(["b.py f X"], ["a.py f X"], waiver(paths='["b.py"]'))
    assert explain(seen, identity("b.py f X").fingerprint).misses == ()


def test_strict_files_may_have_waivers() -> None:
    seen = outcome(["a.py f X", "a.py f Y"], ["a.py f X", "a.py f Y"], waiver(subject='"X"'), strict="a.py")
    assert states(seen) == [carrying.WAIVED, carrying.NEW]
    assert left(seen) == [BY_WAIVER, "strict"]


@pytest.mark.parametrize(("text", "expected"), [(waiver("syntax-error"), FIXED), ("", BROKEN_ELSEWHERE)])
def test_broken_file_that_is_waived_holds_up_no_entries(text: str, expected: str) -> None:
    seen = outcome(["c.py <module> X syntax-error"], ["a.py f X"], text, broken="c.py")
    assert left(seen) == [expected]


def test_order_of_reports_is_that_of_findings() -> None:
    seen = outcome(["b.py f X", "a.py f Y", "a.py f X"], [], waiver(subject='"X"'))
    assert [each.finding.path for each in seen.findings] == ["a.py", "a.py", "b.py"]


@pytest.mark.parametrize("verb", ["init", "accept"])
def test_baseline_takes_nothing_that_is_waived(verb: str) -> None:
    seen = outcome(["a.py f X"], [], waiver())
    grown = (
        changes.init((), [each.finding for each in seen.findings], {}, carrying.nothing_is_strict)
        if verb == "init"
        else changes.accept((), seen.findings, "b1", carrying.nothing_is_strict)
    )
    assert grown.added == ()
    assert [each.why for each in grown.refused] == [changes.BY_WAIVER]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(15, None), (14, "expires on"), (0, "expires on"), (-1, "expired on"), (-999, "expired on")],
)
def test_deadlines_of_waivers(days: int, expected: str | None) -> None:
    day = DAY + timedelta(days)
    seen = outcome(["b.py f X", "a.py f X", "a.py f Y"], [], waiver(expires=f"{day}", owner='"core"'))
    assert set(states(seen)) == {carrying.WAIVED}
    found = deadlines(seen.findings, {}, DAY)
    assert [each.text for each in found] == (
        [f"waiver in .ssot-lint/waivers.toml:1 (core) {expected} {day}"] if expected else []
    )
    assert [(each.paths, each.is_over) for each in found] == (
        [(("a.py", "b.py"), days < 0)] if expected else []
    )


def test_deadlines_of_batches() -> None:
    batch = Batch("b1", "ann", DAY, "reason", "core", "", DAY - timedelta(1))
    seen = outcome(["a.py f X", "b.py f X", "b.py f Y"], ["a.py f X @b1", "b.py f X"], "")
    (found,) = deadlines(seen.findings, {"b1": batch}, DAY)
    assert (found.paths, found.is_over) == (("a.py",), True)
    assert found.text == "batch `b1` (core) expired on 2026-11-19"


# in runs

CONFIG = """\
strict = ["strict/"]
[[forbidden-import]]
targets = ["requests"]
"""
WAIVED = '[[waiver]]\nrule = "SST101"\npaths = ["legacy/"]\nreason = "until\\tthe bank moves"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    for path in ("a.py", "legacy/b.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("import requests\n")
    (tmp_path / "ssot-lint.toml").write_text(CONFIG)
    put(tmp_path, WAIVED)
    return tmp_path


def run(root: Path, *paths: str) -> Result:
    return lint(load_config(None, root), [str(root / path) for path in paths or ("",)])


def told(result: Result, root: Path) -> list[str]:
    assert result.compared is not None
    return list(idle_notes(load_config(None, root), result.compared))


def by_path(found: tuple[Finding, ...]) -> dict[str, str]:
    return {each.path: each.state for each in found}


def test_waived_findings_fail_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert by_path(run(root).findings) == {"a.py": "new", "legacy/b.py": "waived"}
    (root / "a.py").unlink()
    assert main(["check", "--no-cache"]) == 0
    assert capsys.readouterr().out == "no findings in 1 file (1 waived)\n"


def test_sessions_say_what_runs_say(root: Path) -> None:
    session = Session(load_config(None, root))
    found = tuple(each for path in ("a.py", "legacy/b.py") for each in session.findings(path))
    assert found == run(root).findings


def test_reports_say_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["state"], each["justification"]) for each in found] == [
        ("new", ""),
        ("waived", "until\tthe bank moves"),
    ]
    main(["check", "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [(each["baselineState"], each.get("suppressions")) for each in results] == [
        ("new", None),
        ("unchanged", [{"kind": "external", "justification": "until\tthe bank moves"}]),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "junit", "rdjson", "pylint", "text"])
def test_reports_of_what_is_new_leave_it_out(
    form: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--format", form])
    out = capsys.readouterr().out
    assert "a.py" in out
    assert "legacy/b.py" not in out


def test_clean_up_takes_the_entry_of_what_is_waived(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / PATH).unlink()
    carry(root)
    put(root, WAIVED)
    before = shards(root)
    assert main(["check", "legacy"]) == 0
    assert shards(root) == before, "a run on a part writes nothing"
    assert main(["baseline", "sync"]) == 0
    out, _ = capsys.readouterr()
    assert (
        "removed: legacy/b.py forbidden-import <module> requests requests: a waiver speaks of what it carried\n"
        in out
    )
    assert by_path(run(root).findings) == {"a.py": "carried", "legacy/b.py": "waived"}


def test_accept_refuses_what_is_waived(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = (each for each in run(root).findings if each.state == "waived")
    assert main(["baseline", "accept", found.fingerprint, "--reason", "x", "--owner", "y"]) == 0
    assert capsys.readouterr().out.startswith("1 not added: a waiver speaks of it\n")
    assert shards(root) == {}
    assert main(["baseline", "explain", found.fingerprint]) == 0
    assert "  waived, in .ssot-lint/waivers.toml:1: until\\u0009the bank moves\n" in capsys.readouterr().out


def test_waiver_of_nothing_is_noted_after_a_whole_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, WAIVED + WAIVED.replace("legacy", "gone"))
    note = ".ssot-lint/waivers.toml:5: this waiver speaks of nothing that is found; take it out"
    assert told(run(root), root) == [note]
    assert told(run(root, "legacy"), root) == []
    main(["baseline", "sync"])
    assert f"note: {note}\n" in capsys.readouterr().err


def test_waiver_is_not_called_idle_where_that_is_not_known(root: Path) -> None:
    (root / "legacy/b.py").write_text("import requests\n(\n")
    assert told(run(root), root) == []
    (root / "legacy/b.py").write_text("import requests\n")
    (root / "ssot-lint.toml").write_text(f'ignore = ["forbidden-import"]\n{CONFIG}')
    assert told(run(root), root) == []


def test_expired_waiver_still_waives_and_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, f'{WAIVED}expires = 2026-01-31\nowner = "\\u001b[31m"\n')
    assert by_path(run(root).findings)["legacy/b.py"] == "waived"
    assert main(["baseline", "sync"]) == 0
    note = "note: waiver in .ssot-lint/waivers.toml:1 (\\u001b[31m) expired on 2026-01-31\n"
    assert note in capsys.readouterr().err


def test_broken_file_passes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, WAIVED.replace("reason", "raison"))
    before = (root / PATH).read_bytes()
    for command in (["check"], ["baseline", "sync"], ["baseline", "init"], ["check", "--hook", "a.py"]):
        assert main(command) == 2
        out, err = capsys.readouterr()
        assert (out, f"{PATH}:4: waiver.raison: unknown key, did you mean `reason`?" in err) == ("", True)
    with pytest.raises(BaselineError):
        Session(load_config(None, root))
    assert (root / PATH).read_bytes() == before


def test_toml_is_read_only_where_there_is_a_file(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ssot_lint import compare; from ssot_lint.config import load\n"
        "compare.load(load(None, Path.cwd()))\n"
        "print({'tomllib', 'tomli', 'msgspec', 'ssot_lint.baseline.batches'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_stored_baseline_has_the_waivers(root: Path) -> None:
    assert [each.line for each in compare.load(load_config(None, root)).waivers] == [1]
