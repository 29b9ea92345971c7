"""What a page's head says to those that link to it: a picture, and facts about a lesson."""

from __future__ import annotations

import json
import re
import shutil
from html import escape, unescape
from pathlib import Path

from proof.figures import SHARE_PICTURE
from proof.png import size, texts
from proof.project import FIGURES
from proof.site.lessons import Lesson, meta_of

PICTURE = "share.png"  # beside a lesson's page, or in assets/ for all other pages

_SURFACE = re.compile(r"--figure-surface: (#\w+)")  # of light pages, then of dark ones
_FACT = re.compile(r"<dt>([^<]*)</dt>\s*<dd>([^<]*)</dd>")
_LICENCE = re.compile(r'<a rel="license" href="([^"]*)"')


def finish_heads(site: Path, lessons: list[Lesson], address: str) -> None:
    """Write into each page's head how it is shown where it is shared; publish the pictures."""
    default = site / "assets" / PICTURE
    shutil.copyfile(FIGURES / "site" / f"{SHARE_PICTURE}.png", default)
    colours = _SURFACE.findall((site / "assets" / "figures.css").read_text("utf-8"))
    by_page = {lesson.page: lesson for lesson in lessons}
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        added = [_theme_colours(*colours)]
        if "og:url" in meta_of(page):
            lesson = by_page.get(path)
            picture = _publish(lesson) if lesson else None
            picture = picture or default
            picture_address = f"{address}{picture.relative_to(site).as_posix()}"
            added.append(_picture(picture_address, picture.read_bytes()))
            if lesson:
                about = json.dumps(_about(lesson, page, picture_address))
                about = about.replace("<", r"\u003c")  # no text can end the element
                added.append(f'<script type="application/ld+json">{about}</script>')
        added.append("</head>")
        path.write_text(page.replace("</head>", "\n".join(added), 1), "utf-8")


def _publish(lesson: Lesson) -> Path | None:
    """Put a lesson's own picture beside its page; give its place, nothing where it has none."""
    drawn = FIGURES / lesson.slug.replace("-", "_") / f"{SHARE_PICTURE}.png"
    if not drawn.is_file():
        return None
    return Path(shutil.copyfile(drawn, lesson.page.with_name(PICTURE)))


def _theme_colours(light: str, dark: str) -> str:
    """Colour the browser's frame; scripts change that where a reader chooses."""
    metas = (
        f'<meta name="theme-color" media="(prefers-color-scheme: {scheme})" content="{colour}">'
        for scheme, colour in (("light", light), ("dark", dark))
    )
    return "\n".join(metas)


def _picture(address: str, png: bytes) -> str:
    width, height = size(png)
    shown = escape(texts(png)["Description"])
    return (
        f'<meta property="og:image" content="{escape(address)}">\n'
        f'<meta property="og:image:type" content="image/png">\n'
        f'<meta property="og:image:width" content="{width}">\n'
        f'<meta property="og:image:height" content="{height}">\n'
        f'<meta property="og:image:alt" content="{shown}">\n'
        f'<meta name="twitter:card" content="summary_large_image">'
    )


def _about(lesson: Lesson, page: str, picture: str) -> dict[str, object]:
    """Describe a lesson in the words of schema.org, from what its page says."""
    facts = dict(_FACT.findall(page))
    licence = _LICENCE.search(page)
    author = {"@type": "Organization", "name": lesson.meta["author"]}
    about = {
        "@context": "https://schema.org",
        "@type": ["LearningResource", "TechArticle"],
        "name": lesson.title,
        "headline": lesson.title,
        "description": lesson.description,
        "url": lesson.address,
        "mainEntityOfPage": lesson.address,
        "image": picture,
        "datePublished": lesson.published,
        "inLanguage": "en",
        "author": author,
        "publisher": author,
        "isAccessibleForFree": True,
        "learningResourceType": "lesson",
        "license": licence[1] if licence else None,
        "educationalLevel": unescape(facts["Level"]) if "Level" in facts else None,
        "timeRequired": f"PT{facts['Reading time'].split()[0]}M"
        if "Reading time" in facts
        else None,
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "application/x-ipynb+json",
            "contentUrl": f"{lesson.address}{lesson.slug}.ipynb",
        },
    }
    return {name: value for name, value in about.items() if value}
