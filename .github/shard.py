"""Prints the pages of one shard of the site; called with `2/4`, the second of four.

Nothing for the only shard: then everything is checked, and that nothing is left over.
"""

from __future__ import annotations

import sys
from pathlib import Path

shard, shards = map(int, sys.argv[1].split("/"))
if shards > 1:
    pages = sorted(page.as_posix() for page in Path("docs").rglob("*.md"))
    print(*pages[shard - 1 :: shards])
