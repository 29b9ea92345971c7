"""How build, check, edit and search grow with the lessons: `python -m benchmarks scale`.

A site of many lessons is the first lesson again and again, each with pages, snippets, figures,
questions and a place in the curriculum of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.editing import PARAGRAPH, edits
from proof.benchmarks import Size
from tests.site.projects import ROOT, copy_project, environment, serving

SIZES = (1, 16, 48, 158)
LESSON = "cnns-from-scratch"
# A small process in between: what a child is said to have used counts what its parent had.
MEMORY = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def make_project(folder: Path, lessons: int) -> Path:
    """Make a project of so many lessons, in a folder that is not there yet."""
    copy_project(folder)
    shutil.copytree(ROOT / "tests" / "snippets", folder / "tests" / "snippets")
    names = [f"lesson-{number}" for number in range(2, lessons + 1)]
    for name in names:
        _copy_lesson(folder, name)
    page = f"{LESSON}/index.md\n"
    entries = "".join(f"      - Lesson {name[7:]}: {name}/index.md\n" for name in names)
    _insert(folder / "mkdocs.yml", page, entries)
    topic = next(
        line
        for line in (folder / "docs/curriculum.yml").read_text("utf-8").splitlines(keepends=True)
        if f"{LESSON}:" in line
    )
    topics = "".join(topic.replace(f"{LESSON}:", f"{name}:") for name in names)
    _insert(folder / "docs/curriculum.yml", topic, topics)
    return folder


def _copy_lesson(folder: Path, name: str) -> None:
    package, own = LESSON.replace("-", "_"), name.replace("-", "_")
    for source, target in (
        (f"docs/{LESSON}", f"docs/{name}"),
        (f"snippets/{package}", f"snippets/{own}"),
        (f"figures/{package}", f"figures/{own}"),
        (f"tests/snippets/{package}.toml", f"tests/snippets/{own}.toml"),
    ):
        copy = shutil.copytree if (folder / source).is_dir() else shutil.copyfile
        copy(folder / source, folder / target)
    for file in (*folder.glob(f"docs/{name}/*.*"), folder / f"tests/snippets/{own}.toml"):
        text = file.read_text("utf-8")
        file.write_text(text.replace(package, own).replace(LESSON, name), "utf-8")


def _insert(file: Path, after: str, lines: str) -> None:
    text = file.read_text("utf-8")
    if after not in text:
        raise ValueError(f"{file} has no line that ends in {after!r}")
    file.write_text(text.replace(after, after + lines, 1), "utf-8")


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Size]:
    """Build, check and edit a site of each size."""
    for lessons in sizes:
        with tempfile.TemporaryDirectory() as folder:
            project = make_project(Path(folder) / "project", lessons)
            first, memory = _run(project, "proof.site", "build")
            check, check_memory = _run(project, "proof", "check")
            with serving(project) as author:
                edited = median(edits(author, *PARAGRAPH))
            site = project / "site"
            yield Size(
                lessons,
                build_seconds=round(first, 2),
                check_seconds=round(check, 2),
                edit_seconds=round(edited, 2),
                build_megabytes=round(memory),
                check_megabytes=round(check_memory),
                site_bytes=sum(file.stat().st_size for file in site.rglob("*") if file.is_file()),
                search_bytes=(site / "search/search_index.json").stat().st_size,
            )


def _run(project: Path, *module: str) -> tuple[float, float]:
    """Run a command; give its seconds and the most memory of a process of it, in megabytes."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, sys.executable, "-m", *module],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(module)} has failed:\n{done.stdout[-4000:]}{done.stderr}")
    return time.perf_counter() - start, int(done.stderr.splitlines()[-1]) / 1024
