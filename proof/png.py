"""The texts that a PNG carries beside its pixels: the stamps of a drawing, and what it shows."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def texts(png: bytes) -> dict[str, str]:
    """Give the texts, by their keywords."""
    pairs = (content.split(b"\0", 1) for kind, content in _chunks(png) if kind == b"tEXt")
    return {key.decode("latin-1"): text.decode("latin-1") for key, text in pairs}


def with_texts(png: bytes, added: Mapping[str, str]) -> bytes:
    """Add texts, of Latin-1 alone, right after the header."""
    (first, header), *others = _chunks(png)
    written = [(b"tEXt", f"{key}\0{text}".encode("latin-1")) for key, text in added.items()]
    return _file([(first, header), *written, *others])


def without_texts(png: bytes) -> bytes:
    """Leave all texts out."""
    return _file([chunk for chunk in _chunks(png) if chunk[0] != b"tEXt"])


def size(png: bytes) -> tuple[int, int]:
    """Give the width and height, in pixels."""
    _, header = next(_chunks(png))
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _file(chunks: list[tuple[bytes, bytes]]) -> bytes:
    parts = [SIGNATURE]
    for kind, content in chunks:
        checksum = zlib.crc32(kind + content).to_bytes(4, "big")
        parts += [len(content).to_bytes(4, "big"), kind, content, checksum]
    return b"".join(parts)
