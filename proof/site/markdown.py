"""The HTML of a page as Markdown, for Jupyter and for programs that read: formulas in LaTeX."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from proof.extensions.glossary import read_glossary
from proof.extensions.math import LATEX
from proof.project import DOCS
from proof.site.notebooks import ARTICLE

# What acts in a browser, leads through the site or says again what a cell shows.
LEFT_OUT = (
    "[hidden], button, input, progress, script, noscript, style, [role=status], .headerlink, "
    ".footnote-backref, .contents, .share, .lesson-header nav, .lesson-previous, .feedback, "
    ".snippet-recorded, .printed-from, .practice, p:has(+ .practice), h3:has(+ p + .practice)"
)
# What Markdown has a meaning for, anywhere and at the start of a text.
SPECIAL = re.compile(r"[\\`*_<$\[\]|]|^(?:[-+#>](?=\s)|(?<=^\d)[.)](?=\s))")

_CODE = re.compile(r"(?<=<pre><span></span><code>).*?(?=</code></pre>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SAID = r"(?:\s*(<title\b.*?</title>))?(?:\s*(<desc\b.*?</desc>))?"
_DRAWING = re.compile(rf"(<svg\b[^>]*>){_SAID}.*?(?=</svg>)", re.DOTALL)

FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def read_article(page: str) -> Tag | None:
    """Read the article of a page: of code the text, and what drawings say; the rest takes long."""
    article = _CODE.sub(lambda code: _TAG.sub("", code[0]), "".join(ARTICLE.findall(page)))
    return BeautifulSoup(_DRAWING.sub(r"\1\2\3", article), "html.parser").article


def prepare(article: Tag, address: str) -> None:
    """Change a page's article, published at an address, to what Markdown has words for."""
    for element in article.select(LEFT_OUT):
        element.decompose()
    for details in article.select("details:has(.snippet)"):
        _as_quotes(details)
    for listing in article.select("dl"):
        _as_list(listing)
    for terms in article.select(".key-terms"):
        _define(terms)
    for label in article.select(".figure-number, .lesson-label"):
        label.name = "strong"
    for note in article.select(".topic-note"):
        note.string = f"({note.get_text()})"
    for notes in article.select(".footnote"):
        heading = BeautifulSoup('<h2 id="references">References</h2>', "html.parser")
        notes.insert_before(heading)
        for rule in notes("hr"):
            rule.decompose()
    places = {str(element["id"]): element for element in article.find_all(id=True)}
    for link in article.select("a[href]"):
        _lead_on(link, places, address)


def to_markdown(element: Tag) -> str:
    """Convert a prepared element."""
    converted: str = _Converter(
        heading_style=ATX,
        bullets="-",
        sup_symbol="<sup>",
        sub_symbol="<sub>",
        wrap=True,
        wrap_width=None,
        code_language_callback=_language,
    ).convert_soup(element)
    parts = FENCED.split(converted)  # every second one is a block of code
    parts[::2] = (re.sub(r"\n\s*\n", "\n\n", part) for part in parts[::2])
    return "".join(parts).strip()


class _Converter(MarkdownConverter):
    """What markdownify does not know, or not as Jupyter needs it."""

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return SPECIAL.sub(r"\\\g<0>", text)

    def convert_math(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        if el.get("display") == "block":
            return f"\n\n$$\n{el[LATEX]}\n$$\n\n"
        return f"${el[LATEX]}$"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "href" not in el.attrs and "id" in el.attrs:
            return f'<a id="{el["id"]}"></a>'
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.get("width"):  # for which Markdown has no notation
            return el.decode()
        return str(super().convert_img(el, text, parent_tags))  # type: ignore[misc]

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"\n\n<details>\n{text.strip()}\n\n</details>\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"<summary>{escape(' '.join(el.get_text().split()))}</summary>\n\n"

    def convert_legend(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"\n\n**{' '.join(text.split())}**\n\n"

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "choice" in el.get_attribute_list("class"):
            return f"\n- {text.strip()}\n"
        return str(super().convert_div(el, text, parent_tags))  # type: ignore[misc]


def _language(element: Tag) -> str:
    """Give the language of a code block, from `highlight language-python` around it."""
    classes = element.parent.get_attribute_list("class") if element.parent else []
    return next((str(one)[9:] for one in classes if str(one).startswith("language-")), "")


def _as_quotes(details: Tag) -> None:
    """Open what unfolds around snippets: no cell holds another one, so its text is quoted."""
    soup = BeautifulSoup("", "html.parser")
    quote = soup.new_tag("blockquote")
    details.insert_before(quote)
    for child in list(details.children):
        if isinstance(child, Tag) and "snippet" in child.get_attribute_list("class"):
            quote = soup.new_tag("blockquote")
            details.insert_before(child, quote)
        elif isinstance(child, Tag) and child.name == "summary":
            child.name = "strong"
            quote.append(child.wrap(soup.new_tag("p")))
        else:
            quote.append(child)
    details.decompose()


def _as_list(listing: Tag) -> None:
    """Turn terms and what is said of them into a list: Markdown has no other."""
    soup = BeautifulSoup("", "html.parser")
    items = soup.new_tag("ul")
    for term in listing.select("dt"):
        item = soup.new_tag("li")
        name = soup.new_tag("strong")
        name.string = f"{term.get_text()}:"
        item.append(name)
        if description := term.find_next_sibling("dd"):
            item.append(" ")
            item.extend(list(description.children))
        items.append(item)
    listing.replace_with(items)


def _define(terms: Tag) -> None:
    """Say what each key term means, and fold the list away."""
    glossary = read_glossary(DOCS)
    terms.name = "details"
    for item in terms("li"):
        item.append(f": {glossary[item.get_text()]}")
    for title in terms("p"):
        title.name = "summary"


def _lead_on(link: Tag, places: dict[str, Tag], address: str) -> None:
    """Let a link lead to its place in the notebook, or else to the published page."""
    target = str(link["href"])
    found = places.get(target[1:]) if target.startswith("#") else None
    if not found or found.find_parent(class_="snippet") or found.select(".snippet"):
        link["href"] = urljoin(address, target)
        return
    if found.name == "a":
        return  # the anchor of a link before this one
    anchor = BeautifulSoup("", "html.parser").new_tag("a", attrs={"id": target[1:]})
    places[target[1:]] = anchor
    del found["id"]
    if found.name in ("li", "p"):
        (found.p or found).insert(0, anchor)
    else:
        found.insert_before(anchor)
