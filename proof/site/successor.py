"""The site from MkDocs' successor, Zensical: `python -m proof.site.successor`, after a build.

Zensical builds the same mkdocs.yml, and the step over site/ completes what it made. Prints, as
Markdown, what site/ has and Zensical's site has not. 0 where its articles are the same, and nothing
is missing but what is declared here; 1 where not; 2 where there is no site/ or no Zensical.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mkdocs.config import load_config

from proof.faults import FaultError
from proof.project import ROOT
from proof.site.finish import finish
from proof.site.notebooks import ARTICLE

# What Zensical writes otherwise in an article, what MkDocs writes there, and why.
REWRITES = (
    (
        re.compile(r'\s*<a id="__skip" tabindex="-1"></a>'),
        "",
        "its link past the header leads to a target of its own, not to the first heading",
    ),
    (
        re.compile(r'(href="(?:\.\./labs/)?)(learn_the_kernel|does_the_border_matter)\.ipynb"'),
        r'\1\2/"',
        "links to the labs lead to the notebook files",
    ),
    (
        re.compile(r'(href="/(?:\S*/)?)(?=">home page)'),
        r"\1.",
        "the address of the home page ends without MkDocs' dot",
    ),
)
# Published files that Zensical's site has not, and why.
MISSING = (
    ("labs/*/*", "the labs' pages: mkdocs-jupyter is a plugin that Zensical ignores"),
    ("search/*", "the search of the header: Zensical has an index and a markup of its own"),
    ("assets/javascripts/theme*", "the small theme script: Zensical ships no sources of its own"),
    ("assets/javascripts/workers/*", "the search worker of Material for MkDocs"),
    ("assets/javascripts/run/*", "Run and Edit: only `nox -s build` says where their Python is"),
    ("*/bindings.json", "Run and Edit: only `nox -s build` says where their Python is"),
    ("python/*", "Run and Edit: only `nox -s build` says where their Python is"),
    ("sitemap.xml.gz", "the sitemap, compressed; the sitemap itself is there"),
)


@dataclass(frozen=True)
class Comparison:
    """What Zensical's site lacks: declared (why and how many files), and not declared."""

    articles: int
    declared: dict[str, int]
    faults: list[str]

    def markdown(self) -> str:
        """Write it as a section of Markdown."""
        lines = [
            f"## Zensical {version('zensical')} builds the same mkdocs.yml",
            "",
            f"{self.articles} articles are compared with those that MkDocs builds. Missing there:",
            "",
            *(f"- {why} ({count})" for why, count in self.declared.items()),
        ]
        if self.faults:
            lines += ["", "**Not declared in proof/site/successor.py:**", ""]
            lines += [f"- {fault}" for fault in self.faults]
        return "\n".join(lines)


def compare(ours: Path, theirs: Path) -> Comparison:
    """Compare a finished site of MkDocs with one of Zensical, whose pages `rewrite` has seen."""
    pages = {
        page.relative_to(theirs).as_posix(): page.read_text("utf-8")
        for page in theirs.rglob("*.html")
    }
    differing = (
        difference(name, article((ours / name).read_text("utf-8")), article(page))
        for name, page in sorted(pages.items())
        if (ours / name).is_file()
    )
    faults = [fault for fault in differing if fault]
    declared = dict.fromkeys((why for _, why in MISSING), 0)
    for file in sorted(_files(ours) - _files(theirs)):
        why = next((why for pattern, why in MISSING if fnmatchcase(file, pattern)), None)
        if why:
            declared[why] += 1
        else:
            faults.append(f"{file} is missing")
    faults += [
        f"nothing is missing any more of this, take it away: {why}"
        for why, count in declared.items()
        if not count
    ]
    return Comparison(sum("<article" in page for page in pages.values()), declared, faults)


def article(page: str) -> str:
    """Give the HTML of a page's article, without the space between tags, which no one sees."""
    return re.sub(r">\s+<", "> <", "".join(ARTICLE.findall(page)))


def difference(name: str, ours: str, theirs: str) -> str:
    """Say where an article first differs; nothing where it does not."""
    if ours == theirs:
        return ""
    pairs = enumerate(zip(ours, theirs, strict=False))
    end = min(len(ours), len(theirs))
    start = max(0, next((at for at, (one, other) in pairs if one != other), end) - 40)
    expected, found = (" ".join(text[start : start + 100].split()) for text in (ours, theirs))
    return f"{name} has `{found}` where MkDocs builds `{expected}`"


def rewrite(site: Path) -> list[str]:
    """Write Zensical's pages as MkDocs does where the difference is declared; give the reasons."""
    seen = dict.fromkeys((why for _, _, why in REWRITES), 0)
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        for pattern, ours, why in REWRITES:
            text, count = pattern.subn(ours, text)
            seen[why] += count
        page.write_text(text, "utf-8")
    return [f"{why} ({count})" for why, count in seen.items()]


def build_with_zensical(project: Path) -> Path:
    """Build a folder that stands for the project; give its site/. RuntimeError says what failed.

    In the project itself `--clean` would empty .cache/, where more is kept than Zensical's.
    """
    shutil.copyfile(ROOT / "mkdocs.yml", project / "mkdocs.yml")
    for name in ("docs", "overrides"):  # through a link, Zensical would go to the project itself
        shutil.copytree(ROOT / name, project / name)
    for path in ROOT.iterdir():
        if path.name not in (".cache", "site", "docs", "overrides", "mkdocs.yml"):
            (project / path.name).symlink_to(path)
    command = (sys.executable, "-m", "zensical", "build", "--clean", "--strict")
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RuntimeError(f"zensical build --clean --strict: {said[-1] if said else 'failed'}")
    return project / "site"


def main() -> int:
    """Build with Zensical, and print what is missing."""
    ours = ROOT / "site"
    try:
        version("zensical")
    except PackageNotFoundError:
        print("Zensical is not installed; `nox -s successor` installs it.", file=sys.stderr)
        return 2
    if not (ours / "index.html").is_file():
        print("There is no site/ to compare with; `nox -s build` writes it.", file=sys.stderr)
        return 2
    config = load_config(str(ROOT / "mkdocs.yml"))
    about = config.site_name, config.site_url or "", config.site_description or ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            theirs = build_with_zensical(Path(folder).resolve())
            for notebook in theirs.glob("labs/*.ipynb"):  # no page of it has been made
                notebook.unlink()
            otherwise = rewrite(theirs)
            finish(theirs, *about)
        except (FaultError, RuntimeError) as fault:
            print(fault)
            return 1
        found = compare(ours, theirs)
    print(found.markdown(), "", "Otherwise there:", "", sep="\n")
    print(*(f"- {why}" for why in otherwise), sep="\n")
    return bool(found.faults)


def _files(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
