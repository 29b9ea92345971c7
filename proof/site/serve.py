"""The site while it is written: the very pages that `build` makes, rebuilt on every change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from watchdog.events import (
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from proof.faults import BadCall
from proof.project import ROOT
from proof.site import service_worker
from proof.site.incremental import WATCHED, Answer, is_watched

HOST = "127.0.0.1"
RELOAD_SCRIPT = Path(__file__).with_name("reload.js")
# In the place of the built one, and of one that a preview at this address has left.
NO_SERVICE_WORKER = b"self.registration.unregister();"
CHANGES = {EVENT_TYPE_CREATED, EVENT_TYPE_DELETED, EVENT_TYPE_MODIFIED, EVENT_TYPE_MOVED}
SETTLED = 0.03  # seconds without a change, after which the change is taken to be whole
IDLE = 1.0  # seconds after a page was built until all are checked


class _Builder:
    """Our end of `proof.site.incremental`."""

    def __init__(self, folder: Path) -> None:
        """Start the process, which builds into `site` of a folder."""
        self._folder = folder
        self._asking = threading.Lock()
        self._stopped = False
        self._start()

    def _start(self) -> None:
        # Byte code beside the sources would count as a change to them.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "proof.site.incremental", str(self._folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # with what it starts; Ctrl-C is ours alone
        )

    def ask(self, what: str) -> Answer:
        """Wait for an answer; the process ends when its own code changed, and starts anew."""
        with self._asking:
            for _ in range(2):
                assert self._process.stdin
                assert self._process.stdout
                try:
                    print(what, file=self._process.stdin, flush=True)
                    line = self._process.stdout.readline()
                except OSError:  # it has ended
                    line = ""
                if line:
                    return Answer(**json.loads(line))
                if self._stopped:
                    break
                self._end()
                self._start()
            message = "the process that builds has ended; what it printed says why"
            return Answer("", message + "\n", [])

    def stop(self) -> None:
        """End the process and those that it started, whatever they do."""
        self._stopped = True
        if sys.platform == "win32":
            self._process.terminate()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._end()

    def _end(self) -> None:
        with self._process:
            pass


class _Server(LiveReloadServer):
    """MkDocs' server, over what a process of its own builds.

    Whatever goes wrong in that, the server goes on: it serves the last good site, with the error,
    or what the check found, on top of every page.
    """

    def __init__(self, port: int, mount_path: str, folder: Path) -> None:
        self.site = folder / "site"
        super().__init__(self._build, HOST, port, str(self.site), mount_path)
        # Told by the system, where MkDocs looks twice a second.
        self.observer = Observer()  # type: ignore[assignment]
        self.build_delay = SETTLED
        self.builder_process: _Builder | None = None
        self.folder = folder
        self.answer = Answer("", "", [])
        self.stale = False  # what lies beside the pages is older than they are
        self.idle = threading.Timer(0, self._check)
        self.error_handler = self._missing
        # Build at once, and let requests wait for it.
        self._want_rebuild = True
        self._wanted_epoch += 1

    def watch_project(self) -> None:
        """Build again when a file changes that the site is made from."""
        handler = FileSystemEventHandler()
        handler.on_any_event = self._changed  # type: ignore[method-assign]
        self.observer.schedule(handler, str(ROOT))  # a file that an editor replaces is another
        for path in (ROOT / name for name in WATCHED):
            self._watched_paths[str(path)] = 1
            if path.is_dir():
                self.observer.schedule(handler, str(path), recursive=True)

    def _changed(self, event: FileSystemEvent) -> None:
        paths = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        paths = [path for path in paths if path.parent != ROOT or path.name in WATCHED]
        if event.is_directory or event.event_type not in CHANGES or not any(map(is_watched, paths)):
            return
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

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
        self.idle.cancel()
        if not self.builder_process:
            self.builder_process = _Builder(self.folder)
        before = self.answer.faults
        self.answer = self.builder_process.ask("pages")
        if self.answer.built == "nothing" and self.answer.faults == before:
            with self._epoch_cond:
                self._wanted_epoch = self._visible_epoch  # no page reloads
        print(self.answer.printed, end="", flush=True)
        self.stale = self.answer.built == "pages" or (self.stale and self.answer.built == "nothing")
        if self.answer.built == "pages":
            self.idle = threading.Timer(IDLE, self._check)
            self.idle.daemon = True
            self.idle.start()

    def _check(self) -> None:
        """Check all pages; where that finds something else, let the pages show it."""
        assert self.builder_process
        if self.builder_process.ask("check").faults != self.answer.faults:
            with self._rebuild_cond:
                self._want_rebuild = True
                self._rebuild_cond.notify_all()

    def server_close(self) -> None:
        """End the process that builds, too."""
        self.idle.cancel()
        if self.builder_process:
            self.builder_process.stop()
        super().server_close()

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
        if self.stale and self._lies_beside_pages(environ["PATH_INFO"]):
            assert self.builder_process
            self.stale = not self.builder_process.ask("all").built
        return super()._serve_request(environ, start_response)

    def _lies_beside_pages(self, path: str) -> bool:
        """Say whether only a build of the whole site makes a file: no page, nor its data."""
        folder, _, name = path.removeprefix(self.mount_path).rpartition("/")
        if folder.partition("/")[0] in ("assets", "python"):
            return False
        return "." in name and (folder == "search" or not name.endswith((".html", ".json")))

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        script = f'<script src="/livereload/reload.js" data-epoch="{epoch}" async></script>'
        if not self.answer.built:
            script += _panel(
                "The site cannot be built. Below is the last one that could, if any.",
                self.answer.printed,
            )
        elif faults := self.answer.faults:
            script += _panel(
                f"The check fails, in {len(faults)} place{'s' * (len(faults) != 1)}.",
                "\n".join(faults),
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


def _panel(title: str, lines: str) -> str:
    return (
        '<section class="fault build-error" role="alert">'
        f"<p>{title}</p><pre>{escape(lines)}</pre></section>"
    )


def serve(port: int) -> None:
    """Build and serve until interrupted; BadCall where the port is taken."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    with tempfile.TemporaryDirectory(prefix="from-scratch-") as folder:
        server = _Server(port, urlsplit(config.site_url or "/").path, Path(folder))
        server.watch_project()
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            print("Stopped.")
        finally:
            server.shutdown()
