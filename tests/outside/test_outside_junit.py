"""JUnit files in gates: those that the real pytest writes, in all of its shapes, and those of nobody good."""

from __future__ import annotations

from pathlib import Path

import pytest
from outside_project import python, taken, write

from ssot_lint.files import UsageError
from ssot_lint.outside.junit import ERROR, FAILED, PASSED, SKIPPED, parsed
from ssot_lint.outside.places import Modules

TESTS = """\
import pytest
class TestX:
    def test_well(self): pass
    def test_badly(self): assert False
@pytest.fixture
def broken(): raise RuntimeError
def test_error(broken): pass
@pytest.mark.skip
def test_left_out(): pass
@pytest.mark.xfail
def test_known(): assert False
"""


@pytest.fixture(scope="module", params=["xunit1", "xunit2", "legacy"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose tests have run, with a report in one of the shapes of pytest."""
    root = tmp_path_factory.mktemp("ran")
    write(
        root,
        {
            "ssot-lint.toml": '[outside]\njunit = ["reports/*.xml"]\n',
            "src/a.py": "",
            "tests/unit/test_a.py": TESTS,
            "tests/web/test_b.py": "def test_b(): pass\ndef test_c(): pass\n",
            "tests/web/test_broken.py": "def test(:\n",
        },
    )
    options = ("--junit-xml=reports/all.xml", "-o", f"junit_family={request.param}")
    python(root, "-m", "pytest", *options, "--continue-on-collection-errors")
    return root


def test_outcomes_by_path(ran: Path) -> None:
    found = taken(ran, max_failed=0)
    assert found.numbers == {"passed": 3, "failed": 1, "errors": 2, "skipped": 2, "tests": 8, "distance": 3}
    assert (found.is_met, found.now, found.distance) == (False, "3", "3 too many")
    assert found.notes[0] == "tests: 8, in files: 3; passed: 3, skipped: 2, failed: 1, error: 2"
    in_web = taken(ran, min_passed=66.6, paths=("tests/web/",))
    assert (in_web.is_met, in_web.now) == (True, "66.66 %")
    assert taken(ran, max_failed=1, paths=("tests/web/",)).is_met
    assert not taken(ran, max_failed=0, paths=("tests/web/",)).is_met, "what is not collected has not passed"


def test_part_without_tests_is_not_known(ran: Path) -> None:
    found = taken(ran, max_failed=0, paths=("src/",))
    assert (found.is_met, found.now) == (False, "not known")
    assert found.notes[0].startswith("none of the 8 tests in reports/all.xml is in these files")


@pytest.mark.parametrize(("outcome", "is_met"), [("", True), ("<failure/>", False)])
def test_tests_of_no_known_file(tmp_path: Path, outcome: str, is_met: bool) -> None:
    cases = f'<testcase classname="test_a" name="a"/><testcase classname="Elsewhere" name="e">{outcome}</testcase>'
    write(
        tmp_path,
        {
            "ssot-lint.toml": '[outside]\njunit = ["r.xml"]\n',
            "tests/test_a.py": "",
            "r.xml": f"<testsuite>{cases}</testsuite>",
        },
    )
    found = taken(tmp_path, max_failed=0, paths=("tests/",))
    assert found.is_met is is_met, "a test that failed may be one of these"
    assert "no file of the project can be told for" in found.notes[-1]
    assert taken(tmp_path, max_failed=1).is_met, "all tests count where all are asked for"


def test_no_files_are_configured_or_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "ssot-lint.toml": ""})
    assert "no JUnit files are configured" in taken(tmp_path, max_failed=0).notes[0]
    write(tmp_path, {"ssot-lint.toml": '[outside]\njunit = ["*.xml"]\n'})
    assert taken(tmp_path, max_failed=0).notes == (
        "there is no *.xml; `pytest --junit-xml FILE` writes such a file",
    )


def test_suites_in_suites_of_others() -> None:
    text = """<testsuites xmlns="urn:x"><testsuite file="a.py"><testsuite>
        <testcase name="one"><system-out><failure/></system-out></testcase>
        <testcase name="two" file="b.py"><skipped/><error/><failure/></testcase>
    </testsuite></testsuite><testsuite><testcase classname="c.T" name="x"><failure/></testcase></testsuite></testsuites>"""
    assert [tuple(case) for case in parsed(text.encode(), "x.xml")] == [
        ("a.py", "one", "one", PASSED),
        ("b.py", "two", "two", ERROR),
        ("", "c.T", "x", FAILED),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<testsuite>",
        "<html/>",
        "not XML",
        '<?xml version="1.0" encoding="no-such"?><testsuite/>',
        '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>',
        '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>',
        '<!DOCTYPE testsuite SYSTEM "http://localhost/x.dtd"><testsuite/>',
    ],
)
def test_what_is_no_junit_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^x\.xml is not a JUnit file: "):
        parsed(text.encode(), "x.xml")


def test_document_type_is_refused_before_anything_grows() -> None:
    bomb = '<!DOCTYPE t [<!ENTITY a0 "x">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 99}">' for n in range(1, 9)
    )
    with pytest.raises(UsageError, match="document type"):
        parsed(f"{bomb}]><testsuite>&a8;</testsuite>".encode(), "x.xml")


def test_depth_is_no_limit() -> None:
    text = "<testsuite>" * 20_000 + '<testcase name="x"><skipped/></testcase>' + "</testsuite>" * 20_000
    assert parsed(text.encode(), "x.xml")[0].outcome == SKIPPED


def test_modules_by_the_end_of_their_names() -> None:
    modules = Modules(
        ["src/shop/test_a.py", "a/test_same.py", "b/test_same.py", "tests/test_b.py", "tests/x.pyi"]
    )
    assert modules.file("tests.test_b.TestX") == "tests/test_b.py"
    assert modules.file("shop.test_a") == "src/shop/test_a.py"
    assert modules.file("test_same.TestX") == "", "there are two"
    assert modules.file("") == modules.file("tests.x") == ""
