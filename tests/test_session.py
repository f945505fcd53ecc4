"""A session answers after any edits as a fresh run over the same texts does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from ssot_lint.config import ConfigError, load
from ssot_lint.engine import lint_texts
from ssot_lint.facts.extract import extract
from ssot_lint.file import File, InMemory
from ssot_lint.finding import Finding
from ssot_lint.project import Project
from ssot_lint.rules import RULES, Example, Rule
from ssot_lint.self_test import without_marks
from ssot_lint.session import Session

EDITS_PER_EXAMPLE = 6


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def texts_of(example: Example) -> dict[str, bytes]:
    return {path: text.encode() for path, text in without_marks(example.files.items()).items()}


def fresh(session: Session, texts: Mapping[str, bytes]) -> list[Finding]:
    """What a run that knows of no edits finds in the sources."""
    result = lint_texts(session.config, texts)
    return [finding for finding in result.findings if finding.path != session.config.path]


def found(session: Session, texts: Mapping[str, bytes]) -> list[Finding]:
    return [finding for path in sorted(texts) for finding in session.findings(path)]


def edited(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Another text: moved down, cut short, another file's, of both, or broken."""
    lines = data.splitlines(keepends=True)
    other = chance.choice(others)
    return chance.choice(
        [
            b"# a comment\n\n" + data,
            b"".join(lines[: chance.randint(0, len(lines))]),
            b"".join(lines[chance.randint(0, len(lines)) :]),
            other,
            data + b"\n" + other,
            data + b"def f(:\n",
        ]
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_edits_of_examples(rule: Rule, tmp_path: Path) -> None:
    chance = random.Random(rule.id)
    for number, example in enumerate((*rule.bad, *rule.good)):
        root = tmp_path / str(number)
        texts = texts_of(example)
        write(root, texts)
        (root / "ssot-lint.toml").touch()
        session = Session(load(None, root), use_cache=False)
        sources = [path for path in texts if path in session]
        originals = [texts[path] for path in sources]
        assert found(session, texts) == fresh(session, texts)
        for _ in range(EDITS_PER_EXAMPLE if sources else 0):
            path = chance.choice(sources)
            texts[path] = (
                chance.choice(originals) if chance.random() < 0.3 else edited(texts[path], originals, chance)
            )
            session.replace(path, texts[path])
            assert found(session, texts) == fresh(session, texts), (number, path, texts[path])


CONFIG = """\
exclude = ["old/"]
[[forbidden-import]]
targets = ["shop.base.Case"]
[[duplicate-class]]
names = ["Case"]
"""
BASE = b"class Case: ...\n"
TAKES = b"from shop.api import Case\n"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    write(
        tmp_path,
        {
            "ssot-lint.toml": CONFIG.encode(),
            "shop/__init__.py": b"",
            "shop/base.py": BASE,
            "shop/api.py": b"from shop.base import Case as Case\n",
            "app.py": TAKES,
            "old/app.py": TAKES,
        },
    )
    return Session(load(None, tmp_path), use_cache=False)


def lines(session: Session, path: str) -> list[tuple[str, int]]:
    return [(finding.rule, finding.span.line) for finding in session.findings(path)]


def test_answers_about_other_files_follow_an_edit(session: Session) -> None:
    assert lines(session, "app.py") == [("forbidden-import", 1)]
    session.replace("shop/api.py", b"\n\nfrom shop.base import Case as Case\n")
    assert lines(session, "app.py") == [("forbidden-import", 1)]
    session.replace("shop/api.py", b"class Case: ...\n")
    assert lines(session, "app.py") == []
    assert lines(session, "shop/base.py") == [("duplicate-class", 1)]
    session.reread("shop/api.py")
    assert lines(session, "app.py") == [("forbidden-import", 1)]
    assert lines(session, "shop/base.py") == []


def test_files_come_and_go(session: Session, tmp_path: Path) -> None:
    assert "shop/more.py" not in session
    session.replace("shop/more.py", BASE)
    assert lines(session, "shop/more.py") == lines(session, "shop/base.py") == [("duplicate-class", 1)]
    session.reread("shop/more.py")
    assert "shop/more.py" not in session
    assert lines(session, "shop/base.py") == []
    (tmp_path / "shop/api.py").unlink()
    session.reread("shop/api.py")
    assert lines(session, "app.py") == []
    write(tmp_path, {"shop/api.py": b"from shop.base import Case\n"})
    session.reread("shop/api.py")
    assert lines(session, "app.py") == [("forbidden-import", 1)]


def test_what_is_not_of_the_project_has_no_findings(session: Session) -> None:
    for path in ("old/app.py", "old/new.py", "../app.py"):
        session.replace(path, TAKES) if path.startswith("old") else None
        assert path not in session
        assert session.findings(path) == ()


def test_configuration_is_found_fault_with(tmp_path: Path) -> None:
    config = b'[[canonical]]\nsymbol = "shop.base.Case"\n'
    write(tmp_path, {"ssot-lint.toml": config, "shop/__init__.py": b"", "shop/base.py": BASE})
    session = Session(load(None, tmp_path), use_cache=False)
    assert session.configuration() == ()
    session.replace("shop/base.py", b"class Other: ...\n")
    assert [finding.rule for finding in session.configuration()] == ["unknown-symbol"]


def test_snippets_are_verified(tmp_path: Path) -> None:
    write(
        tmp_path, {"ssot-lint.toml": CONFIG.encode() + b'[[forbidden-use]]\ntargets = ["a"]\nbad = ["b()"]\n'}
    )
    with pytest.raises(ConfigError, match="nothing is found in `bad` snippet 1"):
        Session(load(None, tmp_path), use_cache=False)


def test_unchanged_files_are_read_once() -> None:
    facts = {path: extract(text) for path, text in {"a.py": b"x = 1\n", "b.py": b"from a import x\n"}.items()}
    loader = InMemory(facts)
    project = Project({path: each.outline for path, each in facts.items()}, loader, follows_edits=True)
    seen: list[str] = []

    def read(file: File) -> str:
        seen.append(file.path)
        return file.path

    def reads(text: bytes) -> list[str]:
        """The files that are read again after an edit of a.py."""
        project.replace("a.py", extract(text).outline)
        seen.clear()
        assert list(project.every(("its own",), read)) == ["a.py", "b.py"]
        assert list(project.every(("with others",), read, resolves=True)) == ["a.py", "b.py"]
        return sorted(seen)

    assert reads(b"x = 2\n") == ["a.py", "a.py", "b.py", "b.py"]
    assert reads(b"\n\nx = 2\n") == ["a.py", "a.py"]
    assert reads(b"import x\n") == ["a.py", "a.py", "b.py"]
