"""`python -m benchmarks.interactive_figures SITE`: how fast the figures on a built site are.

Prints the time of the photo's bank of kernels beside torch's on one thread, the time from input
to paint while the photo is turned, and how many bytes each script has, compressed.
"""

import functools
import gzip
import http.server
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import chromium_executable

SIDE = 224
ROUNDS = 15
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
    """Time torch's layers for kernels of both sizes, in milliseconds."""
    photo = torch.rand(1, 1, SIDE, SIDE)
    layers = [
        torch.tensor([k for k in kernels if len(k) == size], dtype=torch.float32)[:, None]
        for size in sorted(set(map(len, kernels)))
    ]
    return [_milliseconds(lambda: [torch.conv2d(photo, w) for w in layers]) for _ in range(ROUNDS)]


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


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


def main(site: Path) -> None:
    """Measure, and print."""
    torch.set_num_threads(1)
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    handler = functools.partial(quiet, directory=str(site))
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=chromium_executable(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"http://127.0.0.1:{server.server_port}/cnns-from-scratch/")
        ours: list[float] = []
        theirs: list[float] = []
        # By turns, so that whatever else the machine does disturbs both.
        for _ in range(12):
            kernels, times = page.evaluate(BANK, [f"/{SCRIPTS}/photo.js", SIDE, ROUNDS])
            ours += times
            theirs += torch_times(kernels)
        for name, pick in (("fastest", min), ("median", statistics.median)):
            mine, other = pick(ours), pick(theirs)
            print(f"bank, {name}: {mine:.2f} ms, torch {other:.2f} ms: {mine / other:.1f} times")
        found = delays(page)
        late = statistics.quantiles(found, n=20)[-1]
        print(
            f"input to paint, {len(found)} inputs: median {statistics.median(found):.1f} ms,"
            f" 95th percentile {late:.1f} ms"
        )
        browser.close()
        server.shutdown()
    total = 0
    for script in sorted((site / SCRIPTS).glob("*.js")):
        size = len(gzip.compress(script.read_bytes()))
        total += size
        print(f"{script.name}: {size:,} bytes")
    print(f"in all: {total:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
