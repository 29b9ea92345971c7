"""The worker that keeps visited pages for reading without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

FILE = "service-worker.js"  # at the site's root, so that it may serve all of it
SOURCE = Path(__file__).with_name("service_worker.js")
PARTS = ("css", "js", "svg", "woff2")  # what every page may need, of assets/
INDEX = "search/search_index.json"  # the search needs it


def write_service_worker(site: Path) -> None:
    """Write the worker for a complete site: every file's hash, and a version made from them."""
    files = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name != FILE:
            digest = hashlib.sha256(path.read_bytes()).digest()
            files[name] = f"sha256-{base64.b64encode(digest).decode()}"
    content = {
        "version": hashlib.sha256(repr(files).encode()).hexdigest()[:16],
        "files": files,
        "parts": [
            name
            for name in files
            if name == INDEX or (name.startswith("assets/") and name.rsplit(".")[-1] in PARTS)
        ],
    }
    head = f"const SITE = {json.dumps(content, separators=(',', ':'))};\n"
    (site / FILE).write_text(head + SOURCE.read_text("utf-8"), "utf-8")
