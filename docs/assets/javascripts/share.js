// The buttons at the end of a lesson: print, the system's own sheet for sharing, the link on the
// clipboard. Each stays hidden where the browser cannot do it.

/**
 * @param {string} kind
 * @param {(address: string) => Promise<void>} act
 */
function enable(kind, act) {
  const button = document.querySelector(`button[data-share="${kind}"]`);
  const canonical = document.querySelector('link[rel="canonical"]');
  if (!button?.parentElement || !(canonical instanceof HTMLLinkElement)) return;
  button.parentElement.hidden = false;
  button.addEventListener("click", () => act(canonical.href));
}

enable("print", async () => print());

/** @param {string} message */
function say(message) {
  const status = document.querySelector(".share__status");
  if (status) status.textContent = message;
}

if ("share" in navigator) {
  enable("sheet", async (url) => {
    try {
      await navigator.share({ title: document.title, url });
    } catch (error) {
      // Closing the sheet without sharing is no failure.
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        say("The system could not share this page. Copy the link instead.");
      }
    }
  });
}

if (navigator.clipboard) {
  enable("copy", async (url) => {
    try {
      await navigator.clipboard.writeText(url);
      say("Link copied.");
    } catch {
      say(`The browser refused. The link is ${url}`);
    }
  });
}
