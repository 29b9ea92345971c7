"""What a host should send with the site's files, written for the common static hosts.

`_headers` is what Netlify and Cloudflare Pages read, `.htaccess` what Apache reads, and
`nginx-headers.conf` is for nginx's `include`. GitHub Pages sends no headers of a site's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Header:
    """A header of every answer, and why."""

    name: str
    value: str
    why: str


HEADERS = (
    Header(
        "Content-Security-Policy",
        "frame-ancestors 'none'",
        "No other site shows this one in a frame. The page's own policy cannot say so.",
    ),
    Header("X-Content-Type-Options", "nosniff", "A file is only what its type says."),
    Header("Referrer-Policy", "no-referrer", "Other sites do not learn which page led to them."),
    Header(
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "No page asks for these.",
    ),
    Header("Cross-Origin-Opener-Policy", "same-origin", "No other site's window reaches this one."),
)
LASTING = "public, max-age=31536000, immutable"
CHANGING = "no-cache"  # kept, but asked for again: an answer without content where nothing changed

# What is published under its version or hash. The theme's names have one too, but not of what the
# build leaves in those files.
_LASTING = re.compile(r"python/(pyodide|proof)-")


def write_headers(site: Path) -> None:
    """Write the headers of a complete site, for each kind of host."""
    paths = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*")))
    lasting = [path for path in paths if _LASTING.match(path) and (site / path).is_file()]
    (site / "_headers").write_text(_netlify(lasting), "utf-8")
    (site / ".htaccess").write_text(_apache(lasting), "utf-8")
    (site / "nginx-headers.conf").write_text(_nginx(lasting), "utf-8")


def _netlify(lasting: list[str]) -> str:
    lines = ["/*", *(f"  {header.name}: {header.value}" for header in HEADERS)]
    # Both hosts let a browser ask for all other files each time.
    for path in lasting:
        lines += [f"/{path}", f"  Cache-Control: {LASTING}"]
    return "\n".join(lines) + "\n"


def _apache(lasting: list[str]) -> str:
    names = "|".join(re.escape(path.rpartition("/")[2]) for path in lasting)
    lines = [
        "<IfModule mod_headers.c>",
        *(f'  Header always set {header.name} "{header.value}"' for header in HEADERS),
        f'  Header set Cache-Control "{CHANGING}"',
        f'  <FilesMatch "^({names})$">',
        f'    Header set Cache-Control "{LASTING}"',
        "  </FilesMatch>",
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"


def _nginx(lasting: list[str]) -> str:
    # A `location` of its own would lose the headers above it; an `if` that sets does not.
    names = "|".join(re.escape(path) for path in lasting)
    lines = [
        *(f'add_header {header.name} "{header.value}" always;' for header in HEADERS),
        f'set $cache "{CHANGING}";',
        f'if ($uri ~ "/({names})$") {{ set $cache "{LASTING}"; }}',
        'add_header Cache-Control "$cache";',
    ]
    return "\n".join(lines) + "\n"
