"""A page under the keyboard alone: what Tab reaches, and whether it shows where it is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

# Notes each element that gets the focus, and whether something is drawn for it.
LISTEN = """() => {
    window.reached = new Map();
    const drawn = (element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    addEventListener("focusin", ({ target }) => {
        // A control may show its focus on its label, or on what is around it.
        const showing = [target, ...(target.labels ?? []), target.parentElement];
        window.reached.set(target, showing.some(drawn));
    });
}"""
CONTROLS = """() => {
    const selector = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const groups = new Set();
    return [...document.querySelectorAll(selector)].filter((element) => {
        if (element.disabled || element.tabIndex < 0 || !element.checkVisibility()) return false;
        if (element.type !== "radio") return true;
        const group = `${element.form?.name} ${element.name}`; // Tab reaches one of a group
        return !groups.has(group) && groups.add(group);
    });
}"""


FOUND = f"""() => {{
    const told = (element) => element.outerHTML.slice(0, 120);
    const groups = new Set([...reached.keys()].map(({{ type, name }}) => type + name));
    const isReached = (element) => reached.has(element)
        || (element.type === "radio" && groups.has(element.type + element.name));
    const controls = ({CONTROLS})();
    return {{
        count: controls.length,
        missed: controls.filter((element) => !isReached(element)).map(told),
        unseen: [...reached].filter(([, seen]) => !seen).map(([element]) => told(element)),
    }};
}}"""
AT_ONCE = 50  # presses


def tab_through(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab through a page; give the controls missed, and those that show no focus."""
    for figure in page.locator(".interactive").all():  # each has its controls once it was near
        figure.scroll_into_view_if_needed()
        expect(figure).to_contain_class("alive")
    page.evaluate(LISTEN)
    found = page.evaluate(FOUND)
    pressed = 0
    while found["missed"] and pressed <= found["count"] + AT_ONCE:
        for _ in range(AT_ONCE):
            page.keyboard.press("Tab")
        pressed += AT_ONCE
        found = page.evaluate(FOUND)
    return found["missed"], found["unseen"]
