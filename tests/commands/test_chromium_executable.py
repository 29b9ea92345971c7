"""Where the browser tests look for Chromium, in order, on machines made of fake programs."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import playwright
import pytest

from tests.browser import chromium
from tests.browser.chromium import NoChromiumError, chromium_executable

BROWSER = "#!/bin/sh\necho Chromium 1.0\n"
NODE = f'#!/bin/sh\nexec {Path(playwright.__file__).parent}/driver/node "$@"\n'


class Machine:
    """A machine whose PATH holds nothing but the fake programs put there."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.downloads = folder / "playwright"
        self.installs = folder / "installs"
        self.programs.mkdir()

    def add(self, name: str, script: str) -> Path:
        return write(self.programs / name, script)

    def add_apt(self, gives: Path | None = None, content: str = BROWSER) -> None:
        """An apt-get that notes its calls, and installs one program: a browser if not said."""
        program = gives or self.programs / chromium.SHELL
        self.add("env", '#!/bin/sh\nshift\nexec "$@"\n')
        self.add(
            "apt-get",
            f"""#!/bin/sh
            PATH=/usr/bin:/bin
            shift
            echo "$@" >> {self.installs}
            [ "$1" = update ] || {{ printf '{content}' > {program}; chmod +x {program}; }}
            """,
        )

    def installed(self) -> list[str]:
        """What apt-get was told to do."""
        return self.installs.read_text().splitlines()


def write(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(machine.programs))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(machine.downloads))
    # Nothing listens there: a download fails at once.
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    return machine


def test_the_systems_chromium_comes_first(machine: Machine) -> None:
    machine.add_apt()
    machine.add("google-chrome", BROWSER)
    own = machine.add("chromium", BROWSER)
    assert chromium_executable() == own
    shell = machine.add(chromium.SHELL, BROWSER)
    assert chromium_executable() == shell
    assert not machine.installs.exists()


def test_a_stub_that_does_not_start_is_passed_over(machine: Machine) -> None:
    machine.add("chromium", "#!/bin/sh\necho 'install the snap first' >&2\nexit 1\n")
    chrome = machine.add("google-chrome", BROWSER)
    assert chromium_executable() == chrome


@pytest.mark.usefixtures("machine")
def test_an_application_counts_as_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    application = write(tmp_path / "Google Chrome.app" / "Google Chrome", BROWSER)
    monkeypatch.setenv("Applications", str(tmp_path))
    name = "${Applications}/Google Chrome.app/Google Chrome"
    monkeypatch.setattr(chromium, "APPLICATIONS", (name,))
    assert chromium_executable() == application


def test_playwrights_own_comes_before_debians(machine: Machine) -> None:
    machine.add_apt()
    command = (sys.executable, "-c", chromium.PRINT_PLAYWRIGHTS_OWN)
    path = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    downloaded = write(Path(path), BROWSER)
    assert downloaded.is_relative_to(machine.downloads)
    assert chromium_executable() == downloaded
    assert not machine.installs.exists()


def test_where_nothing_downloads_debians_package_is_installed_once(machine: Machine) -> None:
    machine.add_apt()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: chromium_executable(), range(2)))
    assert found == [machine.programs / chromium.SHELL] * 2
    install = f"install --yes --no-install-recommends {chromium.SHELL}"
    assert machine.installed() == ["update", install]


def test_where_debian_has_no_shell_its_whole_chromium_serves(machine: Machine) -> None:
    machine.add_apt(gives=machine.programs / "chromium")
    assert chromium_executable() == machine.programs / "chromium"
    assert machine.installed()[3].endswith(" chromium")


def test_who_is_not_root_installs_with_sudo(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add_apt()
    machine.add("sudo", '#!/bin/sh\n[ "$1" = --non-interactive ] && shift && exec "$@"\n')
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert chromium_executable() == machine.programs / chromium.SHELL


def test_where_none_can_be_had_the_error_says_what_failed_and_what_to_do(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add_apt()
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    with pytest.raises(NoChromiumError) as error:
        chromium_executable()
    first, *tried = str(error.value).splitlines()
    assert first.endswith("install Chromium or Google Chrome")
    assert "-m playwright install --no-shell chromium" in tried[0]
    assert "sudo" in tried[1]


def broken_node(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand a program that does not start in for the Node.js of Playwright."""
    node = write(machine.downloads / "node", "#!/bin/sh\necho 'no libatomic.so.1' >&2\nexit 127\n")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    return node


def test_the_systems_node_serves_where_playwrights_does_not_start(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_node(machine, monkeypatch)
    own = machine.add("node", NODE)
    machine.add("chromium", BROWSER)
    chromium_executable()
    assert os.environ["PLAYWRIGHT_NODEJS_PATH"] == str(own)


def test_debian_has_the_library_that_playwrights_node_lacks(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add("chromium", BROWSER)
    node = broken_node(machine, monkeypatch)
    with pytest.raises(NoChromiumError, match=r"Playwright does not start.*\n.*no libatomic"):
        chromium_executable()
    machine.add_apt(gives=node, content=NODE)
    chromium_executable()
    assert machine.installed()[1].endswith(" libatomic1")
