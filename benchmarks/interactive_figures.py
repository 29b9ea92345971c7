"""The interactive figures: the photo's kernels against torch, from input to paint, and bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from playwright.sync_api import Browser, Page

from benchmarks.page_weights import weigh
from benchmarks.timing import seconds
from proof.benchmarks import Comparison, Download, Timing

SIDE = 224
ROUNDS = 15
TURNS = 5
SCRIPTS = "assets/javascripts/interactive"

BANK = """async ([module, side, rounds]) => {
    const { bank, respond } = await import(module);
    const photo = Float64Array.from({ length: side * side }, Math.random);
    const kernels = bank([[-0.6, -0.6, -0.6], [1.1, 1.1, 1.1], [-0.6, -0.6, -0.6]]);
    const sums = kernels.map((kernel) => new Float64Array((side - kernel.length + 1) ** 2));
    const times = [];
    for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        kernels.forEach((kernel, i) => respond(photo, side, kernel, sums[i]));
        times.push(performance.now() - start);
    }
    return [kernels, times];
}"""

# A message is received after the frame that follows the input has been painted. The wait for that
# frame is part of what is measured: on a screen of 60 Hz, up to 17 ms.
LISTEN = """slider => {
    window.delays = [];
    slider.addEventListener("input", (event) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => delays.push(performance.now() - event.timeStamp);
        port2.postMessage("");
    }), { capture: true });
}"""


def torch_times(kernels: list[list[list[float]]]) -> list[float]:
    """Time torch's layers for kernels of both sizes."""
    photo = torch.rand(1, 1, SIDE, SIDE)
    layers = [
        torch.tensor([k for k in kernels if len(k) == size], dtype=torch.float32)[:, None]
        for size in sorted(set(map(len, kernels)))
    ]
    return [seconds(lambda: [torch.conv2d(photo, w) for w in layers]) for _ in range(ROUNDS)]


def delays(page: Page) -> list[float]:
    """Drag the slider that turns the photo; give milliseconds from each input to its paint."""
    page.locator("pixel-to-logit").scroll_into_view_if_needed()
    page.get_by_text("Try kernels on your own photo").click()
    slider = page.get_by_role("slider", name="Turn the photo by")
    slider.evaluate("slider => slider.scrollIntoView({ block: 'center' })")
    slider.evaluate(LISTEN)
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    for _ in range(2):
        for end in (box["width"] - 8, 8):
            page.mouse.move(box["x"] + end, box["y"] + box["height"] / 2, steps=60)
    page.mouse.up()
    found: list[float] = page.evaluate("delays")
    return found


def downloads(browser: Browser, address: str, site: Path) -> Iterator[Download]:
    """Weigh the scripts of all figures, and those that each of them asks for when it is alone."""
    page = browser.new_page()
    page.goto(f"{address}cnns-from-scratch/")
    figures = page.eval_on_selector_all(".interactive", "all => all.map(one => one.localName)")
    page.close()
    everything = sum(map(weigh, (site / SCRIPTS).glob("*.js")))
    yield Download("the scripts of all interactive figures", everything)
    loader = f"{SCRIPTS}/loader.js"
    for name in (*figures, "photo"):
        page = browser.new_page()
        page.goto(f"{address}404.html")
        asked = {loader}
        page.on("request", lambda request, asked=asked: asked.add(request.url[len(address) :]))
        page.evaluate("module => import(module)", f"/{SCRIPTS}/{name}.js")
        page.close()
        ours = sum(weigh(site / file) for file in asked if file.startswith(SCRIPTS))
        yield Download(f"the scripts of {name}, with what it shares", ours)


def measure(browser: Browser, address: str, site: Path) -> Iterator[Comparison | Timing | Download]:
    """Measure on the lesson's page."""
    torch.set_num_threads(1)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}cnns-from-scratch/")
    ours: list[float] = []
    theirs: list[float] = []
    # By turns, so that whatever else the machine does disturbs both.
    for _ in range(TURNS):
        kernels, times = page.evaluate(BANK, [f"/{SCRIPTS}/photo.js", SIDE, ROUNDS])
        ours.append(min(times) / 1000)
        theirs.append(min(torch_times(kernels)))
    yield Comparison(
        "the kernels of the photo figure, in JavaScript", ours, "torch on one thread", theirs
    )
    yield Timing(
        "from input to paint while the photo turns", [delay / 1000 for delay in delays(page)]
    )
    page.close()
    yield from downloads(browser, address, site)
