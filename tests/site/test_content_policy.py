"""A page's content policy, from the page's own HTML."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from proof.site.content_policy import finish_policies, policy_of


def sources(page: str) -> dict[str, list[str]]:
    return {name: rest for name, *rest in map(str.split, policy_of(page).split(";"))}


def test_a_script_in_the_page_is_named_by_its_hash_and_data_is_not() -> None:
    script = "\n  document.title = '−';\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    data = '<script type="application/json">{"a": 1}</script><script src="a.js"></script>'
    page = f"<script>{script}</script>{data}"
    assert sources(page)["script-src"] == ["'self'", f"'sha256-{digest}'"]


def test_only_a_page_that_runs_python_may_compile_it() -> None:
    module = '<script type="module" src="../assets/javascripts/{}"></script>'
    plain = sources(module.format("copy.js"))
    python = sources(module.format("run/blocks.js"))
    assert python.pop("script-src") == ["'self'", "'wasm-unsafe-eval'"]
    assert python.pop("worker-src") == ["'self'", "blob:"]
    assert python.pop("img-src") == [*plain.pop("img-src"), "blob:"]
    assert plain.pop("script-src") == plain.pop("worker-src") == ["'self'"]
    assert python == plain
    assert plain["default-src"] == ["'none'"]


def test_a_source_that_two_scripts_need_is_named_once() -> None:
    scripts = "".join(
        f'<script type="module" src="assets/javascripts/{name}"></script>'
        for name in ("run/blocks.js", "interactive/loader.js")
    )
    assert sources(scripts)["img-src"] == ["'self'", "data:", "blob:"]


def test_a_page_without_a_place_for_its_policy_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>A page</title>", "utf-8")
    with pytest.raises(ValueError, match=r"index\.html has no place for its policy"):
        finish_policies(tmp_path)
