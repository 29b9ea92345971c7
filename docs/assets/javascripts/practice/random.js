// Numbers that look random and follow from a text alone, in every browser alike.

/**
 * @typedef {{
 *   integer: (low: number, high: number) => number,
 *   pick: <Item>(items: readonly Item[]) => Item,
 *   shuffled: <Item>(items: readonly Item[]) => Item[],
 * }} Random
 */

/**
 * @param {string} text
 * @returns {Random}
 */
export function randomFrom(text) {
  // FNV-1a makes a number of the text, mulberry32 a sequence of the number.
  let state = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    state = Math.imul(state ^ text.charCodeAt(place), 0x01000193);
  }

  function fraction() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @type {Random["integer"]} */
  const integer = (low, high) => low + Math.floor(fraction() * (high - low + 1));
  return {
    integer,
    pick: (items) => items[integer(0, items.length - 1)],
    shuffled(items) {
      const mixed = [...items];
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
      }
      return mixed;
    },
  };
}
