"""What a build computed from snippets, kept until the snippets, or what they are asked, change."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import proof
from proof.project import DOCS, ROOT, snippet_paths

CACHE = ROOT / ".cache"


def kept(kind: str, page: Path, asked: object, compute: Callable[[], tuple[Any, bool]]) -> Any:
    """Give what was computed for a page, or compute it and keep it where it is whole.

    `asked` is what it depends on, beside snippets, versions and this project's own code.
    """
    file = CACHE / kind / f"{page.relative_to(DOCS).as_posix().replace('/', '--')}.json"
    key = _key(asked)
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


def _key(asked: object) -> str:
    versions = [sys.version, *map(version, ("numpy", "torch"))]
    digest = hashlib.sha256(repr((asked, versions)).encode())
    own = Path(proof.__file__).parent
    for file in (*snippet_paths(), *sorted(own.glob("*.py")), *sorted(own.glob("site/*.py"))):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
