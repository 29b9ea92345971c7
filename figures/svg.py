"""Turns a matplotlib figure into a small SVG whose colours follow light and dark pages."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import matplotlib
from matplotlib.figure import Figure

from figures.palette import PALETTE
from figures.style import LARGE, NOTE, TEXT

NAMESPACE = "{http://www.w3.org/2000/svg}"
PROPERTIES = {"fill": "fill", "line": "stroke"}  # a class is one of these words and a token
TYPE_SIZES = {f"{TEXT}px": "", f"{NOTE}px": "note", f"{LARGE}px": "large"}
ROOT_STYLE = f"fill:none;font-size:{TEXT}px;font-variant-numeric:tabular-nums"
TEXT_STYLES = {
    "text": "text-anchor:middle",
    ".start": "text-anchor:start",
    ".end": "text-anchor:end",
    ".note": f"font-size:{NOTE}px",
    ".large": f"font-size:{LARGE}px",
    ".strong": "font-weight:600",
}


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _relative(path: str) -> str:
    """Give the path with relative coordinates, of at most two decimals."""
    words: Iterator[str] = iter(re.findall(r"[MLz]|-?[\d.]+", path))
    at = start = (0.0, 0.0)
    pieces = []

    def point() -> tuple[float, float]:
        return round(float(next(words)), 2), round(float(next(words)), 2)

    def step(to: tuple[float, float]) -> str:
        return f"{_short(to[0] - at[0])} {_short(to[1] - at[1])}"

    for command in words:
        if command == "M":
            at = start = point()
            pieces.append(f"M{_short(at[0])} {_short(at[1])}")
        elif command == "L":
            end = point()
            if end[1] == at[1]:
                pieces.append(f"h{_short(end[0] - at[0])}")
            elif end[0] == at[0]:
                pieces.append(f"v{_short(end[1] - at[1])}")
            else:
                pieces.append(f"l{step(end)}")
            at = end
        else:
            pieces.append("z")
            at = start
    return "".join(pieces)


def _styles(element: Element) -> dict[str, str]:
    pairs = (item.split(":", 1) for item in element.get("style", "").split(";") if item)
    return {name.strip(): value.strip() for name, value in pairs}


def _path(path: Element, classes: str) -> Element:
    styles = _styles(path)
    attributes = {"class": classes}
    for name in ("stroke-width", "stroke-dasharray"):
        if "line-" in classes and name in styles:
            attributes[name] = styles[name]
    return Element("path", attributes, d=_relative(path.get("d", "")))


def _text(text: Element, classes: str) -> Element:
    styles = _styles(text)
    anchor = styles.get("text-anchor", "start")
    names = (
        classes,
        TYPE_SIZES[styles["font-size"]],
        "" if anchor == "middle" else anchor,
        "strong" if "font-weight" in styles else "",
    )
    element = Element("text", {"class": " ".join(filter(None, names))})
    element.attrib |= {axis: _short(float(text.get(axis, "0"))) for axis in ("x", "y")}
    element.text = text.text
    return element


def _elements(root: Element) -> list[Element]:
    """Give what was drawn, in order; neighbours that look alike share one path."""
    elements: list[Element] = []
    for group in root.iter(f"{NAMESPACE}g"):
        for child in group:
            if child.tag == f"{NAMESPACE}text":
                elements.append(_text(child, group.get("id", "")))
            elif child.tag == f"{NAMESPACE}path":
                path = _path(child, group.get("id", ""))
                before = elements[-1].attrib if elements else {}
                if before | {"d": ""} == path.attrib | {"d": ""}:
                    before["d"] += path.get("d", "")
                else:
                    elements.append(path)
    return elements


def _own_style(classes: Iterable[str]) -> str:
    """Write the style rules of a drawing that stands alone."""
    surface = PALETTE["surface"]
    light = [f"svg{{background:{surface.light};font-family:system-ui,sans-serif;{ROOT_STYLE}}}"]
    light += [f"{selector}{{{rule}}}" for selector, rule in TEXT_STYLES.items()]
    dark = [f"svg{{background:{surface.dark}}}"]
    for name in sorted(classes):
        kind, token = name.split("-", 1)
        on_light, on_dark = (f".{name}{{{PROPERTIES[kind]}:{hue}}}" for hue in PALETTE[token])
        light.append(on_light)
        if on_dark != on_light:
            dark.append(on_dark)
    return "".join([*light, "@media(prefers-color-scheme:dark){", *dark, "}"])


def render(figure: Figure, title: str) -> str:
    """Give a figure as SVG text, the same for the same figure in every process."""
    buffer = BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "figures"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    drawn = ElementTree.fromstring(buffer.getvalue())
    elements = _elements(drawn)

    used = {
        name
        for element in elements
        for name in element.get("class", "").split()
        if name.split("-")[0] in PROPERTIES
    }
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": drawn.get("viewBox", ""),
            "class": "drawing",
        },
    )
    SubElement(root, "title").text = title
    SubElement(root, "style").text = _own_style(used)
    root.extend(elements)
    for element in root:
        element.tail = "\n"
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def style_sheet() -> str:
    """Give the pages' style sheet: the palette as variables, and rules for the classes."""

    def variables(colour: str) -> str:
        return "\n".join(
            f"  --figure-{token}: {getattr(colours, colour)};" for token, colours in PALETTE.items()
        )

    rules = [f".drawing {selector} {{ {rule}; }}" for selector, rule in TEXT_STYLES.items()]
    rules += [
        f".drawing .{kind}-{token} {{ {css_property}: var(--figure-{token}); }}"
        for kind, css_property in PROPERTIES.items()
        for token in PALETTE
        if kind == "fill" or not token[-1].isdigit()  # no line has a colour of a ramp
    ]
    return "\n".join(
        [
            "/* Written by `nox -s figures` from figures/palette.py. */",
            ':root, [data-md-color-scheme="default"] {',
            variables("light"),
            "}",
            "@media screen {",
            '[data-md-color-scheme="slate"] {',
            variables("dark"),
            "}",
            "}",
            f".drawing {{ {ROOT_STYLE.replace(';', '; ')}; }}",
            "@media (forced-colors: active) {",
            ".drawing { background: var(--figure-surface); forced-color-adjust: none; }",
            "}",
            *rules,
            "",
        ]
    )
