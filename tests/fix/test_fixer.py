"""What fixes of findings come to, file by file, and how they are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssot_lint.config import load
from ssot_lint.finding import Finding
from ssot_lint.fix.fixer import Fixer
from ssot_lint.fix.transaction import Change
from ssot_lint.session import Session

OLD = "from shop import Money\n"
NEW = "from shop.money import Money\n"
FILES = {
    "ssot-lint.toml": '[[noncanonical-import]]\nsymbols = ["shop.money.Money", "shop.coin.Coin"]\n',
    "shop/__init__.py": "from shop.money import Money as Money\nfrom shop.coin import Coin as Coin\n",
    "shop/money.py": "class Money:\n    pass\n",
    "shop/coin.py": "class Coin:\n    pass\n",
    "a.py": f"{OLD}\nprint(Money)\n",
    "b.py": f"{OLD}\nprint(Money)\n",
    "c.py": "print(1)\n",
}

Open = Callable[..., tuple[Session, Fixer]]


def all_of_them(finding: Finding) -> bool:
    return True


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Writes a project, and loads it with what fixes some of its findings."""

    def opened(
        files: Mapping[str, str] | None = None, wants: Callable[[Finding], bool] = all_of_them
    ) -> tuple[Session, Fixer]:
        for path, text in {**FILES, **(files or {})}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        session = Session(load(None, tmp_path), use_cache=False)
        return session, Fixer(session, wants)

    return opened


def written(session: Session, changes: list[Change]) -> None:
    for change in changes:
        (session.config.root / change.path).write_bytes(change.after)


def test_files_with_findings_have_changes(opened: Open) -> None:
    _, fixer = opened()
    changes = fixer.make(["a.py", "c.py", "b.py"])
    before, after = FILES["a.py"].encode(), f"{NEW}\nprint(Money)\n".encode()
    assert changes == [Change("a.py", before, after), Change("b.py", before, after)]
    assert {path: len(fixed) for path, fixed in fixer.fixed.items()} == {"a.py": 1, "b.py": 1, "c.py": 0}
    assert fixer.check(changes) == []


def test_only_what_is_wanted_is_fixed(opened: Open) -> None:
    _, fixer = opened(wants=lambda finding: finding.path == "b.py")
    assert [change.path for change in fixer.make(["a.py", "b.py"])] == ["b.py"]


def test_changes_are_those_of_the_files_as_they_are_now(opened: Open) -> None:
    session, fixer = opened()
    (session.config.root / "a.py").write_text(f"# mine\n{OLD}\nprint(Money)\n", encoding="utf-8")
    (session.config.root / "b.py").unlink()
    (change,) = fixer.make(["a.py", "b.py"])
    assert change.after.decode() == f"# mine\n{NEW}\nprint(Money)\n"


def test_what_was_not_written_is_made_again(opened: Open) -> None:
    session, fixer = opened()
    first = fixer.make(["a.py", "b.py"])
    assert fixer.make(["a.py", "b.py"]) == first
    assert fixer.make(["a.py"]) == first[:1]
    assert session.findings("b.py") != ()  # it is as on the disk again
    written(session, first)
    assert fixer.make(["a.py", "b.py"]) == []
    assert session.findings("b.py") == ()


def test_fix_makes_room_for_another(opened: Open) -> None:
    form = '[[import-form]]\nrelative = "inside"\npackages = ["shop"]\n'
    _, fixer = opened(
        {
            "ssot-lint.toml": FILES["ssot-lint.toml"] + form,
            "shop/bill.py": "from . import Money as Coin\n\nprint(Coin)\n",
        }
    )
    changes = fixer.make(["shop/bill.py"])
    assert [change.after for change in changes] == [b"from .money import Money as Coin\n\nprint(Coin)\n"]
    assert [each.rule for each in fixer.fixed["shop/bill.py"]] == ["noncanonical-import", "import-form"]
    assert fixer.check(changes) == []


def test_what_is_refused_has_a_reason(opened: Open) -> None:
    _, fixer = opened({"d.py": "import shop\n\nMoney = 1\nprint(shop.Money)\n"})
    assert fixer.make(["d.py"]) == []
    assert [each.reason for each in fixer.unfixed["d.py"]] == ["`Money` means something else in this file"]
    assert fixer.fixed["d.py"] == ()


def test_what_is_refused_at_first_is_tried_again(opened: Open) -> None:
    _, fixer = opened({"d.py": "from shop import (\n    Money,  # much\n    Coin,  # little\n)\n"})
    (change,) = fixer.make(["d.py"])
    assert change.after.decode() == (
        "from shop.money import Money  # much\nfrom shop.coin import (\n    Coin,  # little\n)\n"
    )
    assert (len(fixer.fixed["d.py"]), fixer.unfixed["d.py"]) == (2, ())


def test_name_that_another_file_takes_stays(opened: Open) -> None:
    guard = 'if __name__ == "__main__":\n    pytest.main([__file__])\n'
    text = f"import pytest\n\n\ndef test_it():\n    pass\n\n\n{guard}"
    _, fixer = opened(
        {
            "ssot-lint.toml": "[[runner-bypass]]\n",
            "tests/test_e.py": text,
            "tests/test_f.py": text,
            "g.py": "from tests.test_e import pytest\n\nprint(pytest)\n",
        }
    )
    kept, dropped = fixer.make(["tests/test_e.py", "tests/test_f.py"])
    assert kept.after.startswith(b"import pytest\n")
    assert dropped.after.startswith(b"def test_it")


def test_finding_that_is_new_is_told(opened: Open) -> None:
    session, fixer = opened()
    changes = fixer.make(["a.py"])
    session.replace("a.py", b"from shop import Coin\n\nprint(Coin)\n")
    (complaint,) = fixer.check(changes)
    assert complaint.startswith("a.py:1: noncanonical-import ")


def test_fix_without_effect_is_told(opened: Open) -> None:
    session, fixer = opened()
    changes = fixer.make(["a.py"])
    session.replace("a.py", FILES["a.py"].encode())
    assert fixer.check(changes) == ["a.py: noncanonical-import is found as before, the fix had no effect"]
