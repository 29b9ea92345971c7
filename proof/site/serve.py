"""The site while it is written: the very pages that `build` makes, rebuilt on every change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer

from proof.faults import BadCall, FaultError
from proof.notebooks.execution import kept, notebook_paths
from proof.notebooks.modules import key
from proof.project import ROOT, relative
from proof.site import service_worker

HOST = "127.0.0.1"
WATCHED = ("docs", "snippets", "records", "figures", "labs", "overrides", "proof", "mkdocs.yml")
RELOAD_SCRIPT = Path(__file__).with_name("reload.js")
# In the place of the built one, and of one that a preview at this address has left.
NO_SERVICE_WORKER = b"self.registration.unregister();"


class _Server(LiveReloadServer):
    """MkDocs' server, over sites that a process of their own builds.

    A process for each build sees changed extensions, and whatever goes wrong in it, the
    server goes on: it serves the last good site, with the error on top of every page.
    """

    def __init__(self, port: int, mount_path: str, folder: Path) -> None:
        self.folder, self.site = folder, folder / "site"
        super().__init__(self._build, HOST, port, str(self.site), mount_path)
        self.error = ""
        self.error_handler = self._missing
        # Build at once, and let requests wait for it.
        self._want_rebuild = True
        self._wanted_epoch += 1

    def server_bind(self) -> None:
        try:
            super().server_bind()
        except OSError as error:
            raise BadCall(
                f"port {self.server_address[1]} of {HOST} cannot be used ({error.strerror}); "
                "stop what listens there, or choose another with --port"
            ) from None

    def server_activate(self) -> None:
        super().server_activate()
        print(f"Serving on http://{HOST}:{self.server_port}{self.mount_path}", flush=True)

    def _build(self) -> None:
        with suppress(FaultError):  # the build tells it
            for notebook in notebook_paths():
                if not kept(notebook, key(notebook)):
                    print(f"Running {relative(notebook)}; this may take minutes", flush=True)
        site = self.folder / "next"
        command = [sys.executable, "-m", "proof.site", "build", "--into", str(site)]
        # Byte code beside the sources would count as a change to them.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(done.stdout, end="", flush=True)
        if done.returncode:
            self.error = done.stdout
        else:
            self.error = ""
            shutil.rmtree(self.site, ignore_errors=True)
            site.rename(self.site)

    def _serve_request(
        self, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes] | None:
        script = b""
        if environ["PATH_INFO"] == "/livereload/reload.js":
            script = RELOAD_SCRIPT.read_bytes()
        elif environ["PATH_INFO"].endswith(f"/{service_worker.FILE}"):
            script = NO_SERVICE_WORKER
        if script:
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [script]
        return super()._serve_request(environ, start_response)

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        script = f'<script src="/livereload/reload.js" data-epoch="{epoch}" async></script>'
        if self.error:
            script += (
                '<section class="fault build-error" role="alert">'
                "<p>The site cannot be built. Below is the last one that could, if any.</p>"
                f"<pre>{escape(self.error)}</pre></section>"
            )
        before, body, after = content.partition(b"<body")
        opening, close, rest = after.partition(b">")
        return before + body + opening + close + script.encode() + rest

    def _missing(self, _: int) -> bytes:
        page = self.site / "404.html"
        content = (
            page.read_bytes() if page.is_file() else b"<!doctype html><title>404</title><body>"
        )
        return self._inject_js_into_html(content, self._visible_epoch)


def serve(port: int) -> None:
    """Build and serve until interrupted; BadCall where the port is taken."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    with tempfile.TemporaryDirectory(prefix="from-scratch-") as folder:
        server = _Server(port, urlsplit(config.site_url or "/").path, Path(folder))
        for path in (ROOT / name for name in WATCHED):
            if path.exists():
                server.watch(str(path))
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            print("Stopped.")
        finally:
            server.shutdown()
