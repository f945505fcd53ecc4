"""The figures of a small project with a past, derived once more from its texts, by other means."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from report_project import LATE, NOW, project, taken
from scratch import Repository

from ssot_lint.config import load
from ssot_lint.engine import lint
from ssot_lint.insight.figures import Figures
from ssot_lint.insight.report.changing import change
from ssot_lint.since import since


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    with project(tmp_path_factory.mktemp("report") / "shop") as repository:
        yield repository


@pytest.fixture(scope="module")
def figures(shop: Repository) -> Figures:
    return taken(shop.folder)


@pytest.fixture(scope="module")
def texts(shop: Repository) -> dict[str, str]:
    """The source files by path, as the file system has them."""
    root = shop.folder
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*.py")}


def is_whole(text: str) -> bool:
    try:
        compile(text, "x", "exec")
    except SyntaxError:
        return False
    return True


def test_totals(figures: Figures, texts: dict[str, str]) -> None:
    totals = figures.totals
    broken = {path for path, text in texts.items() if not is_whole(text)}
    copies = {path for path, text in texts.items() if "class Connection" in text}
    open_imports = {"lib/there.py", "lib/kept.py", "lib/fresh.py"}
    unclean = broken | copies | open_imports | {"app/bill.py", "tests/test_pay.py"}
    assert (totals.files, totals.broken) == (len(texts), len(broken)) == (17, 2)
    assert totals.clean == len(texts) - len(unclean) == 7
    assert totals.findings == len(unclean) - len({"app/strict/broken.py"})
    assert totals.by_state == {"new": 1, "worse": 0, "carried": 7, "moved": 1, "waived": 2, "inherited": 0}
    assert (totals.allowed, totals.waived) == (1, 2)
    assert totals.fixed == 1, "lib/gone_3.py is gone, and its entry is still there"
    assert totals.accepted == 1
    assert (totals.fixable, totals.unsafely_fixable) == (1, 0)


def test_what_a_comment_allows_now_is_not_fixed(tmp_path: Path) -> None:
    with project(tmp_path / "other") as other:
        other.write("lib/kept.py", "import requests  # ssot: allow forbidden-import -- soon\n")
        other.write("lib/there.py", "x = 1\n")
        totals = taken(other.folder).totals
    assert totals.allowed == 2
    assert totals.fixed == 2, "lib/gone_3.py and what was in lib/here.py"


def test_every_rule_that_ran_is_there(figures: Figures) -> None:
    rules = {rule.id: rule for rule in figures.rules}
    assert [rule.code for rule in figures.rules] == sorted(rule.code for rule in figures.rules)
    assert sum(rule.findings for rule in figures.rules) == figures.totals.findings
    imports = rules["forbidden-import"]
    assert (imports.findings, imports.new, imports.files, imports.allowed) == (3, 1, 3, 2)
    assert rules["syntax-error"][3:7] == (1, 0, 1, 1)
    assert rules["unused-suppression"].findings == 0
    assert all(rule.title for rule in figures.rules)


def test_folders_hold_all_that_is_below(figures: Figures, texts: dict[str, str]) -> None:
    folders = {folder.path: folder for folder in figures.folders}
    assert [*folders] == ["", "app", "app/strict", "lib", "tests"]
    assert folders[""][1:] == (17, 7, 2, 9)
    for path, folder in folders.items():
        below = [each for each in texts if not path or each.startswith(f"{path}/")]
        assert folder.files == len(below)
        assert folder.broken == sum(not is_whole(texts[each]) for each in below)
        assert folder.findings == sum(
            each.state != "waived" and f"{each.path}/".startswith(f"{path}/" if path else "")
            for each in figures.findings
        )
    assert folders["app/strict"][1:] == (1, 0, 1, 0), "it is broken, so not clean, whatever is waived"


def test_owners_are_those_of_the_last_line_that_matches(figures: Figures) -> None:
    owners = {owner.name: owner[1:] for owner in figures.owners}
    assert owners == {
        "@infra": (6, 0, 6),
        "@platform": (6, 0, 6),
        "@billing": (8, 6, 2),
        "@core": (2, 1, 1),
        "": (1, 0, 0),
    }
    assert [owner.name for owner in figures.owners] == ["@infra", "@platform", "@billing", "@core", ""]
    assert figures.owned["lib/kept.py"] == ("@platform", "@infra")
    assert "app/strict/broken.py" not in figures.owned


def test_ages_are_those_of_batches(figures: Figures) -> None:
    january = datetime.date(2026, 1, 5)
    assert [tuple(age) for age in figures.ages] == [
        (january, "until the bank moves", "Ada", "ada", LATE, 1),
        (january, "was there", "Ada", "", None, 7),
    ]
    reasons = dict(zip(((each.path, each.rule) for each in figures.findings), figures.accepted))
    assert figures.batches[reasons["lib/kept.py", "forbidden-import"]].owner == "ada"
    assert reasons["lib/fresh.py", "forbidden-import"] == ""


def test_gates(figures: Figures) -> None:
    (gate,) = figures.gates
    assert (gate.name, gate.reason, gate.is_met) == ("phase-1", "before the release", False)
    assert [each.taken.numbers["distance"] for each in gate.conditions] == [1, 0]


def test_one_cluster_once(figures: Figures, texts: dict[str, str]) -> None:
    (cluster,) = figures.clusters
    assert (cluster.rule, cluster.size, cluster.lines) == ("duplicate-class", 3, 22)
    assert [(place.path, place.line, place.end_line, place.name) for place in cluster.places] == [
        ("app/chat.py", 1, 11, "Connection"),
        ("lib/copy.py", 3, 13, "Connection"),
        ("lib/feed.py", 1, 11, "Connection"),
    ]
    for place in cluster.places:
        assert place.text == texts[place.path].strip("\n")


def test_import_paths_of_canonical_symbols(figures: Figures, texts: dict[str, str]) -> None:
    (symbol,) = figures.symbols
    written = Counter(
        f"{module}.Money" for text in texts.values() for module in re.findall("from (.*) import Money", text)
    )
    assert {path.name: path.imports for path in symbol.paths} == written
    assert {path.name for path in symbol.paths if path.is_canonical} == {"app.money.Money", "app.Money"}
    assert symbol.paths[0].name == "app.money.Money"


def test_strict_files_stand_first_among_the_broken(figures: Figures) -> None:
    (cause,) = figures.causes
    assert cause.text == 'bracket "[" opened at line … is never closed'
    assert cause.places == (("app/strict/broken.py", 1, True), ("lib/broken.py", 1, False))


def test_uncollected_tests(figures: Figures) -> None:
    assert [each.path for each in figures.uncollected] == ["tests/test_pay.py"]


def test_projection_is_by_the_baseline_in_git(figures: Figures, shop: Repository) -> None:
    counts = []
    for line in shop.git("log", "--reverse", "--format=%H %cs").splitlines():
        commit, day = line.split()
        shards = shop.git("ls-tree", "-r", "--name-only", commit, ".ssot-lint/baseline").split()
        lines = [shop.git("show", f"{commit}:{path}") for path in shards if path.endswith(".tsv")]
        counts.append((datetime.date.fromisoformat(day), "".join(lines).count("\t#1")))
    counts.append((NOW.date(), sum(age.entries for age in figures.ages)))
    projection = figures.projection
    assert projection is not None
    assert [tuple(moment) for moment in projection.moments] == counts
    assert [number for _, number in counts] == [11, 10, 9, 8]
    slopes = [
        (b - a) / (later - earlier).days
        for i, (earlier, a) in enumerate(counts)
        for later, b in counts[i + 1 :]
    ]
    assert projection.per_week == pytest.approx(7 * median(slopes))
    assert projection.date is not None
    assert (projection.date - NOW.date()).days == pytest.approx(8 / -median(slopes), abs=1)


def test_commit_and_notes(figures: Figures, shop: Repository) -> None:
    assert figures.commit is not None
    assert figures.commit.id == shop.git("rev-parse", "HEAD").strip()
    assert figures.project == "shop"
    assert figures.notes == (
        "2 of 17 files do not compile: they are not clean, and nothing else is found in them",
    )


Changed = Callable[[str], tuple[list[str], list[str]]]


@pytest.fixture
def changed(shop: Repository) -> Changed:
    """Tells which files have findings that were brought and mended since a commit."""

    def changed(name: str) -> tuple[list[str], list[str]]:
        config = load(None, shop.folder)
        result = lint(config, use_cache=False)
        blamed, caused = since(config, result, name, use_cache=False)
        found = change(name, result, blamed, caused)
        assert found.commit == shop.git("rev-parse", name).strip()
        return [each.path for each in found.brought], [each.path for each in found.mended]

    return changed


def test_change_brings_and_mends(changed: Changed) -> None:
    assert changed("HEAD") == (["lib/fresh.py"], ["lib/gone_3.py"])
    assert changed("HEAD~2") == (["lib/fresh.py"], ["lib/gone_1.py", "lib/gone_2.py", "lib/gone_3.py"])


def test_what_is_allowed_or_waived_now_is_not_mended(shop: Repository, changed: Changed) -> None:
    kept, there, waivers = (shop.read(path) for path in PATHS)
    try:
        shop.write("lib/kept.py", "import requests  # ssot: allow forbidden-import -- soon\n")
        shop.write(
            PATHS[2],
            f'{waivers}[[waiver]]\nrule = "forbidden-import"\npaths = ["lib/there.py"]\nreason = "x"\n',
        )
        assert changed("HEAD") == (["lib/fresh.py"], ["lib/gone_3.py"])
    finally:
        for path, text in zip(PATHS, (kept, there, waivers)):
            shop.write(path, text)


PATHS = ("lib/kept.py", "lib/there.py", ".ssot-lint/waivers.toml")
