"""Writes a made-up tree of any size, the same for the same seed, so that anyone can repeat a run over it.

    python benchmarks/make_tree.py --files N --seed S OUT

It is like a large service: packages with modules of classes and functions that import each other and re-
export through `__init__.py`, tests on several base classes, and the strays that the configuration beside
them, `ssot-lint.toml`, is about: forbidden imports, other import paths, copied classes, tests off the
canonical base, access to the environment, and a file in a thousand that does not compile. Sizes of files
are spread as in real trees: many small ones and a few of thousands of lines.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

MODULES_IN_PACKAGE = 25
CONFIGURATION = """\
[[canonical]]
symbol = "shop.core.base.Entity"
replaces = ["**.LegacyEntity"]
reason = "one base for all that is stored"

[[canonical]]
symbol = "testing.base.ServiceTestCase"
replaces = ["unittest.TestCase"]
base-of = { classes = "Test*", paths = ["tests/"] }
reason = "every test gets its own environment"

[[forbidden-import]]
targets = ["requests", "os.environ", "os.getenv"]
allow-in = ["shop/core/"]
use = "shop.core.http"

[[runner-bypass]]
paths = ["tests/"]

[[env-access]]
allow-in = ["shop/core/"]

[[duplicate-class]]

[[cloned-class]]
"""
CORE = {
    "shop/core/base.py": (
        "class Entity:\n    '''What is stored.'''\n\n    def __init__(self, key):\n        self.key = key\n"
    ),
    "shop/core/http.py": "import requests\n\n\ndef get(url):\n    return requests.get(url, timeout=10)\n",
    "shop/core/__init__.py": "from shop.core.base import Entity\n\n__all__ = ['Entity']\n",
    "testing/base.py": "class ServiceTestCase:\n    def setup_method(self):\n        self.environment = {}\n",
    "testing/__init__.py": "",
    "shop/__init__.py": "",
}
COPIED = """\
class RetryPolicy:
    def __init__(self, attempts, delay, factor):
        self.attempts = attempts
        self.delay = delay
        self.factor = factor

    def delays(self):
        delay = self.delay
        for attempt in range(self.attempts):
            yield attempt, delay
            delay = delay * self.factor

    def allows(self, attempt):
        return attempt < self.attempts
"""
STATEMENTS = (
    "        total = sum(item.price * FIRST for item in items if item.stock > SECOND)",
    "        logger.info('step %s of %s', FIRST, len(items))",
    "        found = {name: value for name, value in options.items() if value != SECOND}",
    "        self.state_FIRST = json.dumps({'number': SECOND, 'items': [str(item) for item in items]})",
    "        if len(items) > FIRST:\n            raise ValueError(f'too many: {len(items)} of SECOND')",
    "        for item in items:\n            self.seen.add((item.name, item.kind, FIRST))",
    """\
        try:
            self.store.save(self.key, items)
        except OSError as error:
            logger.warning('not saved: %s', error)""",
)


def main() -> int:
    """Write a tree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, required=True, help="how many Python files")
    parser.add_argument("--seed", type=int, default=1, help="what decides about all that is left to chance")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write, which must not be there")
    args = parser.parse_args()
    args.out.mkdir(parents=True)
    write(args.out, args.files, args.seed)
    return 0


def write(out: Path, files: int, seed: int) -> None:
    """Write a tree of so many Python files, with its configuration, into a folder."""
    (out / "ssot-lint.toml").write_text(CONFIGURATION)
    made: set[Path] = set()
    for path, text in made_up(files, random.Random(seed)):
        target = out / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_text(text)


def made_up(files: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The paths and texts of so many files."""
    yield from list(CORE.items())[:files]
    left = files - len(CORE)
    package = 0
    while left > 0:
        name = f"p{package:04}"
        modules = min(MODULES_IN_PACKAGE, left)
        tests = min(modules // 3, left - 1)  # of ten files some three are tests
        yield f"shop/{name}/__init__.py", _exports(name, modules - tests - 1)
        for number in range(modules - tests - 1):
            yield f"shop/{name}/m{number:02}.py", _module(package, number, chance)
        for number in range(tests):
            yield f"tests/{name}/test_m{number:02}.py", _test(name, number, chance)
        left -= modules
        package += 1


def _exports(package: str, modules: int) -> str:
    return "".join(
        f"from shop.{package}.m{number:02} import Thing{number}\n" for number in range(0, modules, 4)
    )


def _module(package: int, number: int, chance: random.Random) -> str:
    lines = ["import json", "import logging"]
    base = "Entity"
    if chance.random() < 0.05:
        lines.append("import requests")
    if chance.random() < 0.1:
        lines += ["import os", "", "DEBUG = os.environ.get('DEBUG')"]
    if chance.random() < 0.5 or package == 0:
        lines.append("from shop.core.base import Entity")
    elif chance.random() < 0.5:
        lines.append("from shop.core import Entity")
    else:
        other = f"p{chance.randrange(package):04}"
        lines.append(f"from shop.{other} import Thing0 as Earlier")
        base = "Earlier"
    lines += ["", "logger = logging.getLogger(__name__)", "", ""]
    if chance.random() < 0.02:
        lines += [COPIED, ""]
    lines += _classes(f"Thing{number}", base, chance)
    if chance.random() < 0.001:
        lines.append("def unfinished(:")
    return "\n".join(lines) + "\n"


def _test(package: str, number: int, chance: random.Random) -> str:
    base, origin = chance.choices(
        [("ServiceTestCase", "testing.base"), ("TestCase", "unittest")], weights=[3, 1]
    )[0]
    lines = ["import pytest", f"from {origin} import {base}", f"from shop.{package}.m{number:02} import *"]
    lines += ["", "", *_classes(f"TestThing{number}", base, chance)]
    if chance.random() < 0.3:
        lines += ["", "if __name__ == '__main__':", "    pytest.main([__file__])"]
    return "\n".join(lines) + "\n"


def _classes(name: str, base: str, chance: random.Random) -> list[str]:
    """The lines of a class, and of others like it; their number is spread as sizes of real files are."""
    lines = []
    for number in range(min(int(chance.lognormvariate(0.7, 1.0)) + 1, 60)):
        lines += [f"class {name}{f'_{number}' if number else ''}({base}):", f'    """Number {number}."""', ""]
        for method in range(min(int(chance.lognormvariate(1.6, 0.7)) + 1, 40)):
            lines += _method(method, chance)
    return lines


def _method(number: int, chance: random.Random) -> list[str]:
    first, second = chance.randrange(1000), chance.randrange(1000)
    body = [
        statement.replace("FIRST", str(first)).replace("SECOND", str(second))
        for statement in chance.choices(STATEMENTS, k=chance.randrange(2, 8))
    ]
    return [f"    def step_{number}(self, items=(), **options):", *body, "        return items", ""]


if __name__ == "__main__":
    sys.exit(main())
