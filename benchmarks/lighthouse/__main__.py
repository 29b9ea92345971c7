"""Hold pages of a built site to Lighthouse's mobile simulation: `nox -s lighthouse`.

    python -m benchmarks.lighthouse SITE NODE…

NODE… is the command that starts Node.js. The times depend on what else the machine does: a page
that fails is measured twice more, and the median counts. Exits with 1 where a page fails.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.browser.chromium import chromium_executable

PROGRAM = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = ("", "cnns-from-scratch/", "labs/learn_the_kernel/")
ROUNDS = 3
FASTEST = 0.99  # of 1, the least score for speed; in every other category it is 1
MOST = {  # milliseconds, and a share of the window
    "largest-contentful-paint": 1500,
    "total-blocking-time": 50,
    "cumulative-layout-shift": 0.01,
}
FLAGS = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
# A page is painted before what it asks for as it is laid out is there, but from a host on the same
# machine. Lighthouse, which simulates the network, would take the paint to have waited for these.
LATER = (".js", ".woff2")
AWAY = 0.03  # seconds
COMPRESSED = (".css", ".html", ".js", ".json", ".md", ".svg", ".txt", ".xml")

Measured = dict[str, float]


class _Host(http.server.SimpleHTTPRequestHandler):
    """A static host that compresses."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        found = file.is_file()
        file = file if found else Path(self.directory) / "404.html"
        if file.suffix in LATER:
            time.sleep(AWAY)
        content = file.read_bytes()
        self.send_response(http.HTTPStatus.OK if found else http.HTTPStatus.NOT_FOUND)
        if file.suffix in COMPRESSED:
            content = gzip.compress(content, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def measure(address: str, node: list[str]) -> Measured:
    """Let Lighthouse open a page; give its scores and the measures that have a budget."""
    command = (*node, str(PROGRAM), address, "--output=json", "--quiet", FLAGS)
    environment = {**os.environ, "CHROME_PATH": str(chromium_executable())}
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"Lighthouse could not open {address}: {done.stderr.strip()}")
    report: dict[str, Any] = json.loads(done.stdout)
    scores = {name: category["score"] for name, category in report["categories"].items()}
    return scores | {name: report["audits"][name]["numericValue"] for name in MOST}


def failures(measured: Measured) -> list[str]:
    """Say which scores are too low and which measures too high."""
    scores = {name: value for name, value in measured.items() if name not in MOST}
    least = {name: FASTEST if name == "performance" else 1 for name in scores}
    return [
        *(
            f"{name} {value}, at least {least[name]}"
            for name, value in scores.items()
            if value < least[name]
        ),
        *(
            f"{name} {measured[name]:.4g}, at most {most}"
            for name, most in MOST.items()
            if measured[name] > most
        ),
    ]


def main(site: Path, node: list[str]) -> int:
    """Measure all pages, one after the other; print what was measured."""
    handler = functools.partial(_Host, directory=str(site))
    failed = 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in PAGES:
            rounds: list[Measured] = []
            while True:
                rounds.append(measure(f"http://127.0.0.1:{server.server_port}/{page}", node))
                middle = {
                    name: statistics.median(one[name] for one in rounds) for name in rounds[0]
                }
                troubles = failures(middle)
                if len(rounds) == ROUNDS or (len(rounds) == 1 and not troubles):
                    break
            shown = ", ".join(f"{name} {value:.4g}" for name, value in middle.items())
            print(
                f"/{page}: {shown}",
                *(f"  too much or too little: {one}" for one in troubles),
                sep="\n",
                flush=True,
            )
            failed += bool(troubles)
        server.shutdown()
    print(f"{len(PAGES) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
