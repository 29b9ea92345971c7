"""The font of the formulas: cut from STIX Two Math to the characters that the site uses.

    python -m proof.site build
    python -m proof.site.math_font

The source is the npm package below, whose file still has the MATH table: without one a
browser does not stretch brackets. The subset keeps every size and part of each bracket.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from html import unescape
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from proof.faults import BadCall
from proof.project import DOCS, ROOT

PACKAGE = "@fontsource/stix-two-math@5.3.0"
SHA256 = "8b2a6834cfe1f4e0f3724ffa59fe92000013fc5a4c41e6a3f438006c26c60f0d"
FONT_IN_PACKAGE = "package/files/stix-two-math-latin-400-normal.woff2"
LICENCE_IN_PACKAGE = "package/LICENSE"

FONT = DOCS / "assets" / "fonts" / "math.woff2"
LICENCE = FONT.with_name("LICENSE.txt")

MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
TOKEN = re.compile(r"<(mi|mn|mo|mtext|ms)\b([^>]*)>([^<]*)<")
# A lone letter in <mi> is drawn with the italic letter of the mathematical alphabet.
ITALIC = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))
    if unicodedata.name(chr(code), "")
}


def math_characters(page_html: str) -> set[str]:
    """Give the characters that the formulas of a page are drawn with."""
    drawn: set[str] = set()
    for formula in MATH.findall(page_html):
        for tag, attributes, content in TOKEN.findall(formula):
            text = unescape(content)
            if tag == "mi" and len(text) == 1 and "mathvariant" not in attributes:
                text = ITALIC.get(text, text)
            drawn.update(text)
    return {character for character in drawn if unicodedata.category(character) != "Cf"}


def cut(source: bytes, characters: set[str]) -> bytes:
    """Cut a font to some characters, with the sizes and parts that its MATH table names."""
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=[],
        drop_tables=["GDEF", "GPOS", "GSUB", "gasp"],
        name_IDs=[0, 1, 2, 13, 14],
        notdef_outline=False,
    )
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    result = io.BytesIO()
    subset.save_font(font, result, options)
    return result.getvalue()


def main() -> None:
    """Write the font and its licence; BadCall without a built site, npm or the expected file."""
    pages = sorted((ROOT / "site").rglob("*.html"))
    if not pages:
        raise BadCall("site/ holds no page; run `python -m proof.site build` first")
    characters = set().union(*(math_characters(page.read_text("utf-8")) for page in pages))
    npm = shutil.which("npm")
    if not npm:
        raise BadCall(f"npm is needed to fetch {PACKAGE}; install Node.js")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", PACKAGE]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            source, licence = (
                package.extractfile(name).read()  # type: ignore[union-attr]
                for name in (FONT_IN_PACKAGE, LICENCE_IN_PACKAGE)
            )
    if (found := hashlib.sha256(source).hexdigest()) != SHA256:
        raise BadCall(f"{PACKAGE} holds another font: SHA-256 {found}, expected {SHA256}")
    FONT.parent.mkdir(parents=True, exist_ok=True)
    FONT.write_bytes(cut(source, characters))
    LICENCE.write_bytes(licence)
    print(f"{FONT.relative_to(ROOT)}: {len(characters)} characters, {FONT.stat().st_size:,} bytes")


if __name__ == "__main__":
    try:
        main()
    except BadCall as error:
        sys.exit(str(error))
