// Runs pytest in one Pyodide runtime; run.py starts it:
// node run.mjs <package> <repository> <site> [pytest arguments]

const [name, repository, site, ...options] = process.argv.slice(2);

const program = `
import os, sys

assert name == "pyodide-%d%d" % sys.version_info[:2], f"{name} is Python {sys.version}"
sys.dont_write_bytecode = True
sys.path[:0] = ["/repository", "/site"]
os.chdir("/repository")

import pytest

class Passed:
    count = 0

    def pytest_runtest_logreport(self, report):
        self.count += report.when == "call" and report.passed

passed = Passed()
# The project's own configuration, but not what names plugins; and capture that needs no file descriptors.
fixed = ["-o", "addopts=", "-o", "required_plugins=", "-p", "no:cacheprovider", "--capture=sys", "-rs"]
code = pytest.main([*fixed, *options], [passed])
if code == 0 and passed.count == 0:
    print("no test passed")
    code = pytest.ExitCode.NO_TESTS_COLLECTED
int(code)
`;

const { loadPyodide } = await import(name);
const runtime = await loadPyodide();
runtime.mountNodeFS("/repository", repository);
runtime.mountNodeFS("/site", site);
try {
  process.exitCode = runtime.runPython(program, { globals: runtime.toPy({ name, options }) });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
