// What pages of this site use of their theme, built from the theme's own modules (see ../theme.py).

import "focus-visible";
import { Observable, filter, first, fromEvent, merge, shareReplay, skip } from "rxjs";
import {
  at,
  getElements,
  getLocation,
  getOptionalElement,
  setLocation,
  setToggle,
  watchKeyboard,
  watchLocation,
  watchLocationTarget,
  watchMedia,
  watchPrint,
  watchToggle,
  watchViewport,
} from "~/browser";
import { getComponentElement, getComponentElements } from "~/components/_";
import { mountHeader, watchHeader } from "~/components/header/_";
import { watchMain } from "~/components/main";
import { mountPalette } from "~/components/palette";
import { mountSidebar } from "~/components/sidebar";
import { mountTableOfContents } from "~/components/toc";
import { mountInlineTooltip2, mountTooltip2 } from "~/components/tooltip2";
import { renderTooltip2 } from "~/templates/tooltip";

const keyboard$ = watchKeyboard();
const viewport$ = watchViewport();
const target$ = watchLocationTarget(watchLocation());
const header$ = watchHeader(getComponentElement("header"), { viewport$ });
const main$ = watchMain(getComponentElement("main"), { viewport$, header$ }).pipe(shareReplay(1));
const everything = { viewport$, target$, header$, main$, print$: watchPrint() };
const tablet$ = watchMedia("(min-width: 60em)");

for (const element of getComponentElements("palette")) palette(element);
for (const element of getComponentElements("search")) search(element);

// By turns with all else: all of it at once would hold up what a reader does on a slow phone.
for (const content of getComponentElements("content")) {
  details(content);
  tooltips(content);
  await turn();
  for (const reference of getElements(".footnote-ref", content)) footnote(reference).subscribe();
}
await turn();
for (const element of getComponentElements("header")) mountHeader(element, everything).subscribe();
await turn();
for (const element of getComponentElements("sidebar")) at(tablet$, () => mountSidebar(element, everything)).subscribe();
await turn();
for (const element of getComponentElements("toc")) mountTableOfContents(element, everything).subscribe();

keyboard$.pipe(filter(({ mode }) => mode === "global")).subscribe(({ type }) => {
  const way = { p: "prev", ",": "prev", n: "next", ".": "next" }[type];
  const link = way && getOptionalElement(`link[rel=${way}]`);
  if (link) setLocation(link);
});

/** Waits until all else that waits has been done. */
function turn() {
  return new Promise((done) => setTimeout(done));
}

/** Lets a reader change the colours once they turn to that, or the system changes: the theme's way has a browser style the whole page anew. */
function palette(element) {
  const asked$ = merge(
    fromEvent(element, "click", { capture: true }),
    fromEvent(element, "keydown", { capture: true }),
    watchMedia("(prefers-color-scheme: light)").pipe(skip(1)),
  );
  asked$.pipe(first()).subscribe(() => {
    for (const frame of getElements("meta[name=theme-color]")) frame.remove(); // the theme has its own
    const all = ["*", "*::before", "*::after"].map((one) => `[data-md-color-switching] ${one}`);
    const still = new CSSStyleSheet();
    still.replaceSync(`${all} { transition-duration: 0s !important }`);
    document.adoptedStyleSheets.push(still);
    mountPalette(element).subscribe();
  });
}

/** Opens what a link or a print needs open, for all at once where the theme has a watch for each. */
function details(content) {
  target$.subscribe((target) => {
    const closed = target.closest("details:not([open])");
    if (!closed) return;
    closed.open = true;
    closed.scrollIntoView();
  });
  let opened = [];
  everything.print$.subscribe((printing) => {
    if (printing) opened = getElements("details:not([open])", content);
    for (const one of opened) one.open = printing;
  });
}

/** Mounts a tooltip on what has a title when a reader first turns to it: to mount all of them takes longer than the rest. */
function tooltips(content) {
  const mounted = new WeakSet();
  merge(...["pointerover", "focus"].map((type) => fromEvent(content, type, { capture: true }))).subscribe(({ target }) => {
    const titled = target.closest("[title]");
    if (!titled || mounted.has(titled)) return;
    mounted.add(titled);
    mountInlineTooltip2(titled, everything).subscribe();
  });
}

/** Shows a footnote beside its reference. */
function footnote(reference) {
  const content$ = new Observable((observer) => {
    const note = document.getElementById(reference.hash.slice(1)).cloneNode(true);
    const tooltip = renderTooltip2(...note.children);
    observer.next(tooltip);
    document.body.append(tooltip);
    return () => tooltip.remove();
  });
  return mountTooltip2(reference, { content$, viewport$ });
}

/** Loads the search, its worker and its index when a reader first turns to it. */
function search(element) {
  const query = getComponentElement("search-query", element);
  const said = element.querySelector(".md-search-result__meta");
  let begun = false;

  async function begin() {
    setToggle("search", true);
    if (begun) return;
    begun = true;
    said.textContent = "Loading the search";
    try {
      const { start } = await import("./search.js");
      await start(element, { keyboard$, viewport$, tablet$ });
    } catch {
      begun = false;
      said.textContent = "The search could not be loaded. Are you offline?";
    }
  }

  query.addEventListener("focus", begin);
  // Here and not after loading: a phone shows its keyboard only within the tap.
  watchToggle("search").pipe(filter(Boolean)).subscribe(() => query.focus());
  keyboard$.subscribe((key) => {
    if (key.mode === "global" && ["/", "f", "s"].includes(key.type)) {
      query.focus();
      query.select();
      key.claim();
    } else if (key.mode === "search" && key.type === "Escape") {
      setToggle("search", false);
      query.blur();
    }
  });
  if (getLocation().searchParams.has("q")) begin();
}
