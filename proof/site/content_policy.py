"""The content policy of each page: what a browser may load, run and send there.

It stands in a meta element, so that it holds on any host. What such an element cannot say is
left to the host's headers; see headers.py.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

# What is not named falls back to the first. No source may be 'unsafe-inline' or 'unsafe-eval'.
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",  # and the hash of each script that stands in the page
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",  # the theme's icons are data within its style sheet
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# What pages with a script need beyond that.
NEEDS = {
    "run/blocks.js": {
        "script-src": "'wasm-unsafe-eval'",  # Python is WebAssembly
        "worker-src": "blob:",  # a worker that is started from a blob inherits the policy
    },
    "interactive/loader.js": {"img-src": "blob:"},  # a reader's own photo
}

_CHARSET = re.compile(r'<meta charset="utf-8">')
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


def finish_policies(site: Path) -> None:
    """Write each page's policy into its head, before all that the policy is to hold for.

    Scripts must not change after this.
    """
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy_of(page)}">'
        page, found = _CHARSET.subn(lambda charset, meta=meta: f"{charset[0]}\n{meta}", page, 1)
        if not found:
            raise ValueError(
                f"{path} has no place for its policy: no meta element with its charset"
            )
        path.write_text(page, "utf-8")


def policy_of(page: str) -> str:
    """Give the policy that a page's HTML needs."""
    policy = dict(DIRECTIVES)
    for attributes, text in _SCRIPT.findall(page):
        if "src=" not in attributes and "type=" not in attributes:  # a type here means data
            digest = hashlib.sha256(text.encode()).digest()
            policy["script-src"] += f" 'sha256-{base64.b64encode(digest).decode()}'"
        for script, sources in NEEDS.items():
            if f'/{script}"' in attributes:
                for directive, source in sources.items():
                    policy[directive] += f" {source}"
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
