"""Build `ssot_lint/insight/page/assets/d3.js`, the parts of D3 that the page of a report draws with.

python docs/make_charts.py

It takes Node, npm and its registry. To renew D3 raise the versions below, run this and the tests of the page.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "ssot_lint" / "insight" / "page" / "assets"

# All that ends up in the file is named here, so that the same bytes come out later.
PACKAGES = {
    "d3-array": "3.2.5",
    "d3-color": "3.1.1",
    "d3-format": "3.1.3",
    "d3-hierarchy": "3.1.3",
    "d3-interpolate": "3.0.2",
    "d3-path": "3.1.1",
    "d3-scale": "4.0.3",
    "d3-shape": "3.2.1",
    "d3-time": "3.1.1",
    "d3-time-format": "4.1.1",
    "internmap": "2.0.3",
}
BUILDER = {"esbuild": "0.28.2"}

USED = """
export { hierarchy, treemap } from "d3-hierarchy";
export { scaleLinear, scaleUtc } from "d3-scale";
export { line } from "d3-shape";
"""


def build(folder: Path) -> str:
    """Return the script, which gives a page one name, `d3`; `folder` is an empty one to work in."""
    manifest = {"private": True, "dependencies": {**PACKAGES, **BUILDER}}
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "used.js").write_text(USED, encoding="utf-8")
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    bundle = ["npx", "esbuild", "used.js", "--bundle", "--minify", "--format=iife", "--global-name=d3"]
    bundle += ["--target=es2020", "--legal-comments=none", "--charset=utf8"]
    script = subprocess.run(bundle, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout
    return f"/*\n{licences(folder / 'node_modules')}*/\n{script}"


def licences(modules: Path) -> str:
    """Return which packages are in the script, and each of their licences once."""
    texts: dict[str, list[str]] = {}
    for name, version in PACKAGES.items():
        text = (modules / name / "LICENSE").read_text(encoding="utf-8")
        texts.setdefault(text, []).append(f"{name} {version}")
    return "\n".join(f"{', '.join(names)}\n\n{text}" for text, names in texts.items())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        text = build(Path(work))
    (ASSETS / "d3.js").write_text(text, encoding="utf-8", newline="\n")
