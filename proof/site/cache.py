"""What a build computed from snippets, kept until the snippets, or what they are asked, change."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import proof
from proof.project import DOCS, ROOT, snippet_name

CACHE = ROOT / ".cache"


def kept(
    kind: str,
    page: Path,
    snippets: Iterable[Path],
    asked: object,
    compute: Callable[[], tuple[Any, bool]],
) -> Any:
    """Give what was computed for a page, or compute it and keep it where it is whole.

    It depends on these snippets and on `asked`, beside versions and this project's own code.
    """
    file = CACHE / kind / f"{page.relative_to(DOCS).as_posix().replace('/', '--')}.json"
    key = _key(snippets, asked)
    if file.is_file():
        found = json.loads(file.read_text("utf-8"))
        if found["key"] == key:
            return found["content"]
    content, whole = compute()
    if whole:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps({"key": key, "content": content}), "utf-8")
        unfinished.replace(file)
    return content


def _key(snippets: Iterable[Path], asked: object) -> str:
    digest = hashlib.sha256(repr((asked, _machinery())).encode())
    for file in sorted(snippets):
        digest.update(snippet_name(file).encode() + file.read_bytes())
    return digest.hexdigest()


@cache
def _machinery() -> str:
    """Hash what computes; it stays the same while a process lasts."""
    versions = [sys.version, *map(version, ("numpy", "torch"))]
    digest = hashlib.sha256(repr(versions).encode())
    own = Path(proof.__file__).parent
    for file in (*sorted(own.glob("*.py")), *sorted(own.glob("site/*.py"))):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
