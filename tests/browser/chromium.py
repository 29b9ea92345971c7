"""The Chromium of the browser tests: the system's, Playwright's or Debian's package."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

# Without windows and their process a page costs less than half: it comes first.
SHELL = "chromium-headless-shell"
COMMANDS = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
LOCK = Path(__file__).parents[2] / ".cache" / "chromium.lock"
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"${ProgramFiles}\Google\Chrome\Application\chrome.exe",
    r"${ProgramFiles(x86)}\Google\Chrome\Application\chrome.exe",
    r"${LocalAppData}\Google\Chrome\Application\chrome.exe",
)
PRINT_PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class NoChromiumError(Exception):
    """The browser tests cannot run on this machine; says what failed and what to do."""

    def __init__(self, advice: str, failures: list[str]) -> None:
        super().__init__("\n  ".join([advice, *failures]))


def chromium_executable() -> Path:
    """Return a Chromium that starts; a machine that has none gets one.

    Call it before Playwright starts. Raises NoChromiumError where none can be had.
    """
    failures: list[str] = []
    # Two test runs at once must not download or install twice.
    with FileLock(LOCK):
        _make_playwright_start(failures)
        for candidate in _candidates(failures):
            if _starts(candidate):
                return candidate
    advice = "no Chromium starts on this machine; install Chromium or Google Chrome"
    raise NoChromiumError(advice, failures)


def _make_playwright_start(failures: list[str]) -> None:
    """Let Playwright use a Node.js that starts; its own needs more than a bare Debian has."""
    version = (sys.executable, "-m", "playwright", "--version")
    if _run(failures, *version):
        return
    if node := shutil.which("node"):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    else:
        _install_with_apt(failures, "libatomic1")
    if not _run(failures, *version):
        advice = "Playwright does not start on this machine; install Node.js or what its own needs"
        raise NoChromiumError(advice, failures)


def _candidates(failures: list[str]) -> Iterator[Path]:
    """Yield possible executables; what fetches one runs only when those before did not start."""
    yield from (Path(found) for name in COMMANDS if (found := shutil.which(name)))
    yield from (Path(os.path.expandvars(name)) for name in APPLICATIONS)

    playwrights_own = _run(failures, sys.executable, "-c", PRINT_PLAYWRIGHTS_OWN).strip()
    yield Path(playwrights_own)
    _run(failures, sys.executable, "-m", "playwright", "install", "--no-shell", "chromium")
    yield Path(playwrights_own)

    for package in (SHELL, "chromium"):  # Ubuntu has no package of the first
        _install_with_apt(failures, package)
        yield Path(shutil.which(package) or package)


def _install_with_apt(failures: list[str], package: str) -> None:
    """Install a package where there is apt-get, and leave to."""
    if shutil.which("apt-get"):
        root = () if os.geteuid() == 0 else ("sudo", "--non-interactive")
        apt = (*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet")
        _run(failures, *apt, "update")
        _run(failures, *apt, "install", "--yes", "--no-install-recommends", package)


def _starts(executable: Path) -> bool:
    """Say whether a program runs: a browser may lack its libraries, or be a mere stub."""
    if not executable.is_file():
        return False
    if os.name == "nt":  # There --version opens a window, and prints nothing.
        return True
    return _run([], str(executable), "--version") != ""


def _run(failures: list[str], *command: str) -> str:
    """Return what a program prints; where it fails, add the reason to failures and return ""."""
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = error.stderr if isinstance(error, subprocess.CalledProcessError) else ""
        reason = (told.strip() or str(error)).splitlines()[0]
        failures.append(f"{shlex.join(command)}: {reason}")
        return ""
    return result.stdout
