"""`python -m figures [NAME …]`: draw figures, or all; a file is written only when it changes."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from figures import share
from figures.style import Values
from figures.svg import render, style_sheet
from proof.check import error_fault
from proof.faults import BadCall, FaultError
from proof.figures import Script, scripts, stamp, stamped
from proof.png import with_texts
from proof.project import DOCS, FIGURES, relative, snippet_name
from proof.runs import Runs


def main(names: Sequence[str]) -> int:
    """Draw; give the exit code: 0, 1 for a figure that cannot be drawn, 2 for a bad call."""
    try:
        chosen = _chosen(names)
        _write(DOCS / "assets" / "figures.css", style_sheet().encode())
        runs = Runs({path for script in chosen for path in script.snippets})
        for script in chosen:
            _write(script.drawing, _drawn(script, runs))
    except BadCall as error:
        print(f"python -m figures: {error}", file=sys.stderr)
        return 2
    except FaultError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _chosen(names: Sequence[str]) -> list[Script]:
    found = {
        script.path.relative_to(FIGURES).with_suffix("").as_posix(): script for script in scripts()
    }
    for name in names:
        if not any(name in (full, script.path.stem) for full, script in found.items()):
            raise BadCall(f"{name} is no figure; the figures are: {', '.join(found)}")
    return [
        script
        for full, script in found.items()
        if not names or full in names or script.path.stem in names
    ]


def _drawn(script: Script, runs: Runs) -> bytes:
    """Draw a figure; raises FaultError if one of its snippets stops with an error."""
    for path in script.snippets:
        run = runs[snippet_name(path)]
        if run.error:
            raise FaultError(error_fault(run))
    name = script.path.stem
    module = importlib.import_module(f"figures.{script.path.parent.name}.{name}")
    figure = module.draw(*(Values(**values) for values in script.values(runs)))
    if script.is_share_picture:
        png = share.render(figure, script.words)
        described = {"Description": (module.__doc__ or "").strip()}
        return with_texts(png, described | stamp(script, runs, png))
    svg = render(figure, title=name.replace("_", " ").capitalize())
    return stamped(svg, stamp(script, runs, svg.encode())).encode()


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(relative(path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
