"""The content policy of each page: what a browser may load, run and send there.

It stands in a meta element, so that it holds on any host. What such an element cannot say is
left to the host's headers; see headers.py.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """A source that a directive allows, why, and which script needs it, where not all pages do."""

    directive: str
    source: str
    why: str
    script: str = ""


# No source may be 'unsafe-inline' or 'unsafe-eval'.
RULES = (
    Rule("default-src", "'none'", "What no other rule names is forbidden."),
    Rule("script-src", "'self'", "Scripts are files of this site, or have their hash in the rule."),
    Rule("style-src", "'self'", "Style sheets are files of this site."),
    Rule("font-src", "'self'", "So are fonts."),
    Rule("img-src", "'self' data:", "So are pictures; icons are data in the style sheets."),
    Rule("connect-src", "'self'", "A page asks no other server for data, and tells it none."),
    Rule("worker-src", "'self'", "The search and the service worker are files of this site."),
    Rule("base-uri", "'none'", "Nothing can bend the page's links."),
    Rule("form-action", "'none'", "No form is sent anywhere."),
)
NEEDS = (
    Rule("script-src", "'wasm-unsafe-eval'", "Python is WebAssembly.", "run/blocks.js"),
    Rule("worker-src", "blob:", "Python's worker, which so inherits the policy.", "run/blocks.js"),
    Rule("img-src", "blob:", "What a block draws.", "run/blocks.js"),
    Rule("img-src", "blob:", "A photo of yours, which stays here.", "interactive/loader.js"),
)

CHARSET = '<meta charset="utf-8">'  # the policy follows it
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


def finish_policies(site: Path) -> None:
    """Write each page's policy into its head, before all that the policy is to hold for.

    Scripts must not change after this.
    """
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        before, charset, after = page.partition(CHARSET)
        if not charset:
            raise ValueError(f"{path} has no place for its policy: no {CHARSET}")
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy_of(page)}">'
        path.write_text(f"{before}{charset}\n{meta}{after}", "utf-8")


def policy_of(page: str) -> str:
    """Give the policy that a page's HTML needs."""
    policy = {rule.directive: rule.source for rule in RULES}
    for attributes, text in _SCRIPT.findall(page):
        if "src=" not in attributes and "type=" not in attributes:  # a type here means data
            digest = hashlib.sha256(text.encode()).digest()
            policy["script-src"] += f" 'sha256-{base64.b64encode(digest).decode()}'"
        for rule in NEEDS:
            needed = f'/{rule.script}"' in attributes
            if needed and rule.source not in policy[rule.directive].split():
                policy[rule.directive] += f" {rule.source}"
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
