"""Rules that are not part of the package: how they are found, loaded and refused, and where they show."""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

from ssot_lint import schema
from ssot_lint.cli import main
from ssot_lint.config import Config, ConfigError, load

PLUGIN = Path(__file__).parent.parent / "examples" / "own_rule" / "our_checks" / "unheard_event.py"

RULE_FILE = """\
from ssot_lint.rules import Example, Options, Problem, Rule

def check(file, project, options):
    for entry in file.outline.classes:
        yield Problem(entry.span, "this is a class", (entry.qualname,))

RULE = Rule(
    id="any-class",
    code="OUR201",
    options=Options,
    check=check,
    doc="Finds classes.\\n\\nMay hold \\x1b anything.",
    bad=(Example("a class", {"ssot-lint.toml": "[any-class]", "a.py": "class A: ...  # [any-class]\\n"}),),
    good=(Example("no class", {"ssot-lint.toml": "[any-class]", "a.py": "A = 1\\n"}),),
)
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a plugin that is named and used."""
    monkeypatch.chdir(tmp_path)
    write("ssot-lint.toml", 'plugins = ["checks.classes"]\n[any-class]\n')
    write("checks/classes.py", RULE_FILE)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def loaded() -> Config:
    return load(None, Path.cwd())


def own_rules(config: Config) -> list[str]:
    return [rule.id for plugin in config.catalogue.plugins for rule in plugin.rules]


def error() -> str:
    with pytest.raises(ConfigError) as caught:
        loaded()
    return str(caught.value)


# How plugins are found


def test_module_below_the_root() -> None:
    assert own_rules(loaded()) == ["any-class"]
    assert [instance.rule.id for instance in loaded().instances][-1] == "any-class"


@pytest.mark.parametrize("path", ["lib/tools/own.py", "lib/tools/own/__init__.py"])
def test_module_below_a_source_root(path: str) -> None:
    write("ssot-lint.toml", 'plugins = ["tools.own"]\nsource-roots = ["lib"]\n')
    write(path, RULE_FILE)
    assert own_rules(loaded()) == ["any-class"]


def test_root_wins_over_source_roots() -> None:
    write("ssot-lint.toml", 'plugins = ["checks.classes"]\nsource-roots = ["lib"]\n')
    write("lib/checks/classes.py", RULE_FILE.replace("any-class", "other-class"))
    assert own_rules(loaded()) == ["any-class"]


def test_root_is_that_of_the_configuration_wherever_the_tool_is_called(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(root / "deep" / "down")
    assert own_rules(loaded()) == ["any-class"]


def test_plugin_of_several_modules_and_rules() -> None:
    write("checks/words.py", "WORD = 'any-class'\n")
    write("checks/__init__.py", "")
    second = (
        RULE_FILE.replace('"any-class"', "WORD + '-2'").replace("OUR201", "OUR202").replace("RULE =", "B =")
    )
    first = RULE_FILE.replace("RULE =", "A =")
    write("checks/classes.py", f"from checks.words import WORD\n{first}{second}RULES = (A, B)\n")
    assert own_rules(loaded()) == ["any-class", "any-class-2"]


def test_another_project_with_a_plugin_of_the_same_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded()
    write("other/ssot-lint.toml", 'plugins = ["checks.classes"]\n')
    write("other/checks/classes.py", RULE_FILE.replace("any-class", "other-class"))
    monkeypatch.chdir(root / "other")
    assert own_rules(loaded()) == ["other-class"]


def test_loading_leaves_no_trace(root: Path) -> None:
    before = sys.path[:], sys.dont_write_bytecode
    loaded()
    assert (sys.path[:], sys.dont_write_bytecode) == before
    assert [path.name for path in (root / "checks").iterdir()] == ["classes.py"]


def test_what_is_not_named_is_not_run() -> None:
    write("checks/__init__.py", "raise SystemExit('run')")
    write("ssot-lint.toml", "")
    assert own_rules(loaded()) == []


@pytest.fixture
def installed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with an entry point."""
    site = root / "site"
    write("site/acme_lint/rules.py", RULE_FILE)
    write("site/acme_lint-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme-lint\nVersion: 1\n")
    write("site/acme_lint-1.dist-info/entry_points.txt", "[ssot_lint.rules]\nacme-rules = acme_lint.rules\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "acme_lint.rules", raising=False)
    monkeypatch.delitem(sys.modules, "acme_lint", raising=False)


@pytest.mark.usefixtures("installed")
def test_installed_package_is_loaded_by_the_name_of_its_entry_point() -> None:
    write("ssot-lint.toml", 'plugins = ["acme-rules"]\n[any-class]')
    assert own_rules(loaded()) == ["any-class"]


@pytest.mark.usefixtures("installed")
def test_installed_package_that_is_not_named_is_not_loaded(root: Path) -> None:
    write("site/acme_lint/rules.py", "raise SystemExit('run')")
    assert metadata.entry_points(group="ssot_lint.rules", name="acme-rules")
    assert own_rules(loaded()) == ["any-class"]


@pytest.mark.usefixtures("installed")
def test_entry_point_must_be_a_module() -> None:
    entry_points = "[ssot_lint.rules]\nacme-rules = acme_lint.rules:RULE\n"
    write("site/acme_lint-1.dist-info/entry_points.txt", entry_points)
    write("ssot-lint.toml", 'plugins = ["acme-rules"]')
    assert error() == (
        'ssot-lint.toml:1: plugins[0]: "acme-rules" leads to `acme_lint.rules:RULE`, expected a module'
    )


# What is refused

REFUSED = {
    "syntax error": ("def", "cannot be loaded: SyntaxError: invalid syntax (ROOT/checks/classes.py:1)"),
    "exception": ("1 / 0", "cannot be loaded: ZeroDivisionError: division by zero (ROOT/checks/classes.py:1)"),
    "missing import": ("import no_such", "cannot be loaded: ModuleNotFoundError: No module named 'no_such' (ROOT/checks/classes.py:1)"),
    "exit": ("raise SystemExit('bye')", "cannot be loaded: SystemExit: bye (ROOT/checks/classes.py:1)"),
    "no rule": ("", "has neither `RULE = Rule(...)` nor `RULES`"),
    "something else": ("RULE = 1", 'has "1" where a Rule is expected'),
    "class of a rule": ("RULES = [Rule]", "has \"<class 'ssot_lint.rules._rule.Rule'>\" where a Rule is expected"),
    "bad id": ("any-class -> Any_Class", 'has the rule "Any_Class": its id is not of the form `some-words`'),
    "bad code": ("OUR201 -> X1", 'has the rule "any-class": its code "X1" is not of the form `ABC123`'),
    "id of ours": (
        "any-class -> forbidden-import",
        "has the rule `forbidden-import` (OUR201): ssot-lint has a `forbidden-import` already",
    ),
    "code of ours": ("OUR201 -> SST101", "has the rule `any-class` (SST101): ssot-lint has a `SST101` already"),
    "name of a setting": ("any-class -> exclude", "has the rule `exclude` (OUR201): ssot-lint has a `exclude` already"),
    "name of a table": (
        "any-class -> canonical",
        "has the rule `canonical` (OUR201): ssot-lint has a `canonical` already",
    ),
    "no example": (
        re.compile(r"    good=.*\n"),
        'has the rule "any-class": it needs a `doc`, a `bad` example and a `good` one',
    ),
    "required key that is no option": (
        "options=Options -> options=Options, required=('words',)",
        'has the rule "any-class": it requires `words`, which is none of its options',
    ),
    "about something else": (
        "options=Options -> options=Options, about='files'",
        'has the rule "any-class": it is about "files", expected "source", "suppressions" or "configuration"',
    ),
    "other options": (
        "options=Options -> options=Example",
        'has the rule "any-class": its options, `Example`, are no `Options`',
    ),
}  # fmt: skip


def damaged(damage: str | re.Pattern[str]) -> str:
    if isinstance(damage, re.Pattern):
        return re.sub(damage, "    good=(),\n", RULE_FILE)
    old, arrow, new = damage.partition(" -> ")
    if arrow:
        assert old in RULE_FILE
        return RULE_FILE.replace(old, new)
    return f"{RULE_FILE.partition(chr(10))[0]}\n{damage}\n" if damage.startswith("RULE") else damage


@pytest.mark.parametrize(("damage", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(root: Path, damage: str | re.Pattern[str], message: str) -> None:
    write("checks/classes.py", damaged(damage))
    assert error() == f'ssot-lint.toml:1: plugins[0]: "checks.classes" {message}'.replace("ROOT", str(root))


OPTIONS = """\
from dataclasses import dataclass
@dataclass(frozen=True, kw_only=True)
class Own(Options):
    words: {} = {}
"""


@pytest.mark.parametrize(
    ("hint", "value", "message"),
    [
        ("tuple[str, ...]", "()", "the option `words` is not made with `option(...)`"),
        ("complex", "option('x')", "the option `words` is of a type that TOML does not have"),
    ],
)
def test_refused_options(hint: str, value: str, message: str) -> None:
    first, rest = RULE_FILE.split("\n", 1)
    text = f"{first}, option\n{OPTIONS.format(hint, value)}{rest.replace('options=Options', 'options=Own')}"
    write("checks/classes.py", text)
    assert error() == f'ssot-lint.toml:1: plugins[0]: "checks.classes" has the rule "any-class": {message}'


def test_missing_plugin(root: Path) -> None:
    write("ssot-lint.toml", '\nplugins = [\n"checks.gone"\n]\nsource-roots = ["lib"]\n[any-class]\n')
    assert error() == (
        f'ssot-lint.toml:3: plugins[0]: "checks.gone" is no module below {root}, {root}/lib, '
        "and no entry point of the group `ssot_lint.rules`"
    )


@pytest.mark.parametrize("name", ["json.own", "ssot_lint.own", "../checks", "", "a..b", "checks/classes"])
def test_name_that_no_plugin_can_have(name: str) -> None:
    write("json/own.py", RULE_FILE)
    write("ssot_lint/own.py", RULE_FILE)
    write("ssot-lint.toml", f'plugins = ["{name}"]')
    assert f'plugins[0]: "{name}" is no module below' in error()


def test_two_plugins_with_one_rule() -> None:
    write("more.py", RULE_FILE.replace("any-class", "more-classes"))
    write("ssot-lint.toml", 'plugins = ["checks.classes", "more"]')
    assert error() == (
        'ssot-lint.toml:1: plugins[1]: "more" has the rule `more-classes` (OUR201): '
        'the plugin "checks.classes" has a `OUR201` already'
    )


def test_failing_plugin_hides_no_other_mistake_and_makes_none_up() -> None:
    write("checks/classes.py", "1 / 0")
    write("ssot-lint.toml", 'plugins = ["checks.classes"]\nselect = ["OUR"]\n[any-class]\n[missing-base]\n')
    assert [line.partition(": ")[2].partition(":")[0] for line in error().splitlines()] == [
        "plugins[0]",
        "missing-base",
    ]


def test_wrong_type_of_plugins_makes_no_unknown_tables_up() -> None:
    write("ssot-lint.toml", 'plugins = "checks.classes"\n[any-class]\n')
    assert error() == (
        'ssot-lint.toml:1: plugins: expected an array of strings, found the string "checks.classes"'
    )


def test_options_of_a_plugin_are_checked_as_ours() -> None:
    write("ssot-lint.toml", 'plugins = ["checks.classes"]\n[any-class]\npath = ["a"]\n[any-clas]\n')
    assert error() == (
        "ssot-lint.toml:3: any-class.path: unknown key, did you mean `paths`?\n"
        "ssot-lint.toml:4: any-clas: unknown key, did you mean `any-class`?"
    )


# What a run makes of them


def test_digest_changes_with_the_code(root: Path) -> None:
    write("checks/words.py", "WORD = 1\n")
    write("checks/classes.py", f"import checks.words\n{RULE_FILE}")
    before = loaded().digest
    assert loaded().digest == before
    write("checks/words.py", "WORD = 2\n")
    assert loaded().digest != before


def test_findings_suppressions_and_selection(capsys: pytest.CaptureFixture[str]) -> None:
    write("app.py", "class A: ...\nclass B: ...  # ssot: allow any-class -- known\n")
    assert main(["check", "--jobs", "1"]) == 1
    output = capsys.readouterr()
    assert output.out == (
        "app.py:1:7: OUR201 any-class this is a class\n1 finding in 1 of 2 files (1 error, 1 suppressed)\n"
    )
    assert output.err == "ssot-lint: see `ssot-lint explain any-class`\n"
    assert main(["check", "--ignore", "OUR2"]) == 0
    assert main(["check", "--select", "OUR201"]) == 1


def test_what_a_plugin_prints_is_no_part_of_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    write("checks/classes.py", f"print('loading')\n{RULE_FILE}")
    assert main(["check", "--format", "json", "--jobs", "1"]) == 0
    output = capsys.readouterr()
    assert output.err == "loading\n"
    assert json.loads(output.out)["findings"] == []


def test_failing_plugin_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    write("checks/classes.py", "1 / 0")
    assert main(["check"]) == 2
    assert "ZeroDivisionError: division by zero (" in capsys.readouterr().err


FAILING = {
    "exception": ("check", "1 / 0", "ZeroDivisionError: division by zero"),
    "exit": ("check", "exit(0)", "SystemExit: 0"),
    "nothing to go through": ("check", "None", "TypeError: 'NoneType' object is not iterable"),
    "no problem": ("check", "[3]", "TypeError: found 3 where a Problem is expected"),
    "symbols": ("symbols", "1 / 0", "ZeroDivisionError: division by zero"),
    "forbids": ("forbids", "exit(0)", "SystemExit: 0"),
    "contradictions": ("contradictions", "1 / 0", "ZeroDivisionError: division by zero"),
}


@pytest.mark.parametrize(("name", "body", "message"), FAILING.values(), ids=FAILING)
def test_rule_that_fails_exits_with_2_and_is_named(
    name: str, body: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = RULE_FILE if name == "check" else RULE_FILE.replace("RULE = Rule(", f"RULE = Rule({name}=fail,")
    text = text.replace("check=check", "check=fail" if name == "check" else "check=check")
    write("checks/classes.py", f"from sys import exit\ndef fail(*_): return {body}\n{text}")
    write("app.py", "")
    assert main(["check", "--jobs", "1"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert 'error: the rule `any-class` of the plugin "checks.classes" fails' in output.err
    assert message in output.err


def test_rule_that_fails_in_a_file_names_the_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("checks/classes.py", RULE_FILE.replace("yield Problem", "entry.missing; yield Problem"))
    write("app.py", "class A: ...\n")
    assert main(["check", "--jobs", "1"]) == 2
    assert capsys.readouterr().err.startswith(
        'ssot-lint: error: the rule `any-class` of the plugin "checks.classes" fails at app.py: '
        f"AttributeError: 'Class' object has no attribute 'missing' ({root}/checks/classes.py:5)\n"
    )


def test_what_a_rule_prints_is_no_part_of_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    write("checks/classes.py", RULE_FILE.replace("    for entry", "    print('checking')\n    for entry"))
    write("app.py", "")
    assert main(["check", "--format", "json", "--jobs", "1", "--quiet"]) == 0
    output = capsys.readouterr()
    assert set(output.err.splitlines()) == {"checking"}
    assert json.loads(output.out)["findings"] == []


def test_commands_know_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "OUR201",
        "any-class",
        "Finds",
        "classes.",
    ]
    assert main(["rules", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1]["plugin"] == "checks.classes"
    assert main(["explain", "any-class"]) == 0
    assert capsys.readouterr().out.startswith("# any-class (OUR201)\n")
    assert main(["config", "show"]) == 0
    assert 'plugins = ["checks.classes"]' in capsys.readouterr().out
    assert main(["config", "schema"]) == 0
    assert "any-class" in json.loads(capsys.readouterr().out)["$defs"]
    assert main(["config", "reference"]) == 0
    assert "\n## `[[any-class]]`\n" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["rules", "explain"])
def test_named_configuration_tells_the_plugins(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (root / "deep").mkdir()
    write("deep/ssot-lint.toml", "")
    monkeypatch.chdir(root / "deep")
    arguments = [verb, *(["--all"] if verb == "explain" else [])]
    assert main(arguments) == 0
    assert "any-class" not in capsys.readouterr().out
    assert main([*arguments, "--config", "../ssot-lint.toml"]) == 0
    assert "any-class" in capsys.readouterr().out


def test_mistakes_elsewhere_keep_no_rule_from_being_listed(capsys: pytest.CaptureFixture[str]) -> None:
    write("ssot-lint.toml", 'plugins = ["checks.classes"]\nexclud = 1\n[missing-base]\n')
    assert main(["rules"]) == 0
    output = capsys.readouterr()
    assert "any-class" in output.out
    assert output.err == ""


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "forbidden-import"], ["config", "schema"]])
def test_plugin_that_fails_is_left_out_of_lists_with_a_note(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    write("checks/classes.py", "1 / 0")
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert "forbidden-import" in output.out
    assert output.err.startswith(
        "ssot-lint: note: rules of plugins are left out: ssot-lint.toml:1: plugins[0]: "
    )
    assert main([*arguments, "--config", "ssot-lint.toml"]) == 2


def test_schema_without_plugins_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    write("ssot-lint.toml", "")
    assert main(["config", "schema"]) == 0
    assert capsys.readouterr().out == schema.text()


# The documentation


def test_documentation_shows_the_example() -> None:
    page = (PLUGIN.parents[3] / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert f"```python\n{PLUGIN.read_text(encoding='utf-8')}```" in page
    counting = PLUGIN.with_name("crowded_class.py").read_text(encoding="utf-8")
    check = counting[counting.index("def check") : counting.index("\n\nCONFIG")]
    assert f"```python\n{check}```" in page
