// The search of the theme, which page.js loads when a reader first turns to it.

import { of } from "rxjs";
import { configuration } from "~/_";
import { getToggle, setToggle } from "~/browser";
import { getComponentElement } from "~/components/_";
import { mountSearch } from "~/components/search/_";
import { patchScrolllock } from "~/patches/scrolllock";

/** Starts the search; throws where its index cannot be had. */
export async function start(element, { keyboard$, viewport$, tablet$ }) {
  const answer = await fetch(new URL("search/search_index.json", configuration().base));
  if (!answer.ok) throw new Error(answer.statusText);
  const index = await answer.json();
  patchScrolllock({ viewport$, tablet$ });
  const open = getToggle("search");
  const query = getComponentElement("search-query", element);
  mountSearch(element, { index$: of(index), keyboard$ }).subscribe();
  if (open) {
    // What was typed meanwhile is completed, too.
    query.dispatchEvent(new FocusEvent("focus"));
  } else {
    // The theme learns of focus a moment late, and may just have opened what the reader had closed.
    setToggle("search", false);
    query.blur();
  }
}
