// What pages of this site use of their theme, built from the theme's own modules (see ../theme.py).

import "focus-visible";
import { Observable, filter, shareReplay } from "rxjs";
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
import { mountDetails } from "~/components/content/details";
import { mountDataTable } from "~/components/content/table";
import { mountHeader, watchHeader } from "~/components/header/_";
import { watchMain } from "~/components/main";
import { mountPalette } from "~/components/palette";
import { mountSidebar } from "~/components/sidebar";
import { mountTableOfContents } from "~/components/toc";
import { mountInlineTooltip2, mountTooltip2 } from "~/components/tooltip2";
import { renderTooltip2 } from "~/templates/tooltip";

document.documentElement.classList.replace("no-js", "js");

const keyboard$ = watchKeyboard();
const viewport$ = watchViewport();
const target$ = watchLocationTarget(watchLocation());
const header$ = watchHeader(getComponentElement("header"), { viewport$ });
const main$ = watchMain(getComponentElement("main"), { viewport$, header$ }).pipe(shareReplay(1));
const everything = { viewport$, target$, header$, main$, print$: watchPrint() };
const tablet$ = watchMedia("(min-width: 60em)");

for (const element of getComponentElements("palette")) mountPalette(element).subscribe();
for (const element of getComponentElements("search")) search(element);

for (const content of getComponentElements("content")) {
  for (const table of getElements("table:not([class])", content)) mountDataTable(table).subscribe();
  for (const details of getElements("details", content)) mountDetails(details, everything).subscribe();
  for (const titled of getElements("[title]", content)) mountInlineTooltip2(titled, everything).subscribe();
  for (const reference of getElements(".footnote-ref", content)) footnote(reference).subscribe();
}
for (const element of getComponentElements("header")) mountHeader(element, everything).subscribe();
for (const element of getComponentElements("sidebar")) at(tablet$, () => mountSidebar(element, everything)).subscribe();
for (const element of getComponentElements("toc")) mountTableOfContents(element, everything).subscribe();

keyboard$.pipe(filter(({ mode }) => mode === "global")).subscribe(({ type }) => {
  const way = { p: "prev", ",": "prev", n: "next", ".": "next" }[type];
  const link = way && getOptionalElement(`link[rel=${way}]`);
  if (link) setLocation(link);
});

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
