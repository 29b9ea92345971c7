"""Formulas: LaTeX between dollars becomes MathML while the page is built.

pymdownx.arithmatex finds the formulas and leaves their LaTeX in the tree; here it
is converted, so no reader needs a script. No LaTeX annotation is kept: a search
index and a feed would take it for text. It stands in an attribute until the site is
finished, for the notebooks that are made from the pages.
"""

from __future__ import annotations

import html
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML

from proof.extensions.location import page_of

LATEX = "data-latex"

# What math-core says in a `style` attribute, which a strict content policy drops.
CLASS_OF_STYLE = {
    "text-align: right;justify-items: end;padding-right: 0;": "math-right",
    "text-align: left;justify-items: start;padding-left: 0;": "math-left",
    "text-align: left;justify-items: start;padding-right: 0;": "math-case",
    "text-align: left;justify-items: start;padding-right: 0;padding-left:1em;": "math-condition",
}

_converter = LatexToMathML(fancy_error=False)


def to_mathml(latex: str, *, display: bool) -> ElementTree.Element:
    """Convert LaTeX to a `<math>` element without inline styles.

    Raises ValueError, saying what is unknown, for LaTeX that math-core does not convert.
    """
    try:
        source = _converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        _, _, trouble = str(error).partition(": ")  # after the place in the formula
        raise ValueError(trouble.rstrip(".")) from None
    math = ElementTree.fromstring(source)
    for element in math.iter():
        if style := element.attrib.pop("style", None):
            if style not in CLASS_OF_STYLE:
                raise ValueError(f"the inline style {style!r} has no class in CLASS_OF_STYLE")
            element.set("class", CLASS_OF_STYLE[style])
    return math


class MathTreeprocessor(Treeprocessor):
    """Puts MathML where arithmatex left LaTeX."""

    def run(self, root: ElementTree.Element) -> None:
        """Convert every formula of the page; FaultError at the first that cannot be."""
        for element in list(root.iter()):
            if element.get("class") != "arithmatex":
                continue
            display = element.tag == "div"
            delimited = element.text or ""
            # arithmatex puts \(…\) or \[…\] around a formula, and escapes a display formula.
            latex = (html.unescape(delimited) if display else delimited)[2:-2].strip()
            try:
                math = to_mathml(latex, display=display)
            except ValueError as error:
                raise page_of(self.md).fault(
                    f"the formula ${' '.join(latex.split())}$ cannot be shown: {error}; "
                    "write it with commands that math-core knows",
                    near=latex.splitlines()[0] if latex else "$",
                ) from None
            math.set(LATEX, latex)
            element.text = None
            if display:
                element.set("class", "formula")
                element.append(math)
            else:
                element.tag = math.tag
                element.attrib = math.attrib
                element[:] = math[:]


class MathExtension(Extension):
    """Registers the conversion."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after the inline patterns, before headings are collected for the contents."""
        md.treeprocessors.register(MathTreeprocessor(md), "mathml", 8)


def makeExtension(**options: object) -> MathExtension:  # noqa: N802
    """Make the extension that `proof.extensions.math` names in mkdocs.yml."""
    return MathExtension(**options)
