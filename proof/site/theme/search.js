// The search of the theme, which page.js loads when a reader first turns to it.

import { of } from "rxjs";
import { configuration } from "~/_";
import { getComponentElement } from "~/components/_";
import { mountSearch } from "~/components/search/_";
import { patchScrolllock } from "~/patches/scrolllock";

/** Starts the search; throws where its index cannot be had. */
export async function start(element, { keyboard$, viewport$, tablet$ }) {
  const answer = await fetch(new URL("search/search_index.json", configuration().base));
  if (!answer.ok) throw new Error(answer.statusText);
  const index = await answer.json();
  patchScrolllock({ viewport$, tablet$ });
  mountSearch(element, { index$: of(index), keyboard$ }).subscribe();
  // What was typed meanwhile is completed, too; a search that was closed meanwhile stays closed.
  const query = getComponentElement("search-query", element);
  if (query === document.activeElement) query.dispatchEvent(new FocusEvent("focus"));
}
