// Keeps visited pages for reading without a network. It begins with the reader's first act, so that
// it takes nothing from the page's own loading; where there is no service worker, nothing happens.

const ACTS = ["keydown", "pointerdown", "scroll"];

async function begin() {
  for (const act of ACTS) removeEventListener(act, begin);
  try {
    const address = new URL("../../service-worker.js", import.meta.url);
    await navigator.serviceWorker.register(address, { updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ visited: location.href });
  } catch {
    // then this page is not kept
  }
}

if ("serviceWorker" in navigator) {
  for (const act of ACTS) addEventListener(act, begin, { passive: true });
}
