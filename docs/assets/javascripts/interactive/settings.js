// A figure's settings: whole numbers within limits, examples, and what is possible where they are not.

import { span } from "./arithmetic.js";
import { choice, stepper } from "./controls.js";
import { button, integerFrom, make } from "./element.js";
import { written } from "./numbers.js";

/**
 * @template {string} Name
 * @typedef {readonly [name: Name, label: string, low: number, high: number]} Setting
 */

/** The settings that a link's data hold. @template {string} Name
 * @param {any} data @param {readonly Setting<Name>[]} settings @param {Partial<Record<Name, number>>} [initial] for those that are not there
 */
export function settingsFrom(data, settings, initial = {}) {
  const read = settings.map(([name, label, low, high]) => [name, integerFrom(data[name] ?? initial[name], low, high, label)]);
  return /** @type {Record<Name, number>} */ (Object.fromEntries(read));
}

/** A stepper for each setting. @template {string} Name
 * @param {readonly Setting<Name>[]} settings @param {(changes: Partial<Record<Name, number>>) => void} change
 */
export function steppers(settings, change) {
  const made = settings.map(([name, label, low, high]) => ({
    name,
    ...stepper({ label, low, high, change: (value) => change(/** @type {any} */ ({ [name]: value })) }),
  }));
  return {
    elements: made.map(({ element }) => element),
    /** @param {Record<Name, number>} values @param {object[]} offers what would make them possible */
    show(values, offers) {
      for (const { name, show } of made) show(values[name], !offers.some((offer) => name in offer));
    },
  };
}

/** Named examples to choose. @template {object} Example @param {[string, Example][]} list @param {(example: Example) => void} set */
export function examples(list, set) {
  const { element, show } = choice({
    label: "Examples",
    choices: list.map(([name]) => /** @type {[string, string]} */ ([name, name])),
    change: (chosen) => list.forEach(([name, example]) => name === chosen && set(example)),
  });
  return {
    element,
    /** @param {Record<string, unknown>} now */
    show(now) {
      const same = list.find(([, example]) => Object.entries(example).every(([name, value]) => JSON.stringify(value) === JSON.stringify(now[name])));
      show(same?.[0] ?? "");
    },
  };
}

/** Changes after which a window fits into a side. @param {{ size: number, kernel: number, padding: number, dilation: number }} window */
export function fitting({ size, kernel, padding, dilation }) {
  const last = size + 2 * padding - 1;
  return [
    { kernel: Math.floor(last / dilation) + 1 },
    { padding: Math.ceil((span(kernel, dilation) - size) / 2) },
    { dilation: Math.floor(last / (kernel - 1)) },
  ];
}

/** Says why settings are impossible, and offers what is possible: the smallest change first.
 * @template {string} Name
 * @param {string} why @param {Partial<Record<Name, number>>[]} offers
 * @param {Record<Name, number>} now @param {readonly Setting<Name>[]} settings @param {(offer: Partial<Record<Name, number>>) => void} take
 */
export function impossible(why, offers, now, settings, take) {
  const all = offers.map((offer) => ({ offer, parts: settings.filter(([name]) => name in offer).map((setting) => ({ setting, value: Number(offer[setting[0]]) })) }));
  const buttons = all
    .filter(({ parts }) => parts.every(({ setting: [, , low, high], value }) => value >= low && value <= high))
    .map((one) => ({ ...one, far: one.parts.reduce((sum, { setting: [name], value }) => sum + Math.abs(value - now[name]), 0) }))
    .sort((one, other) => one.far - other.far)
    .map(({ offer, parts }) => {
      const act = () => {
        const { activeElement } = document;
        const figure = activeElement?.matches(":focus-visible") && activeElement.closest(".interactive");
        take(offer);
        // The button goes, and whoever came to it by keyboard goes on from what it changed.
        if (figure) /** @type {HTMLElement | null} */ (figure.querySelector(`[role="spinbutton"][aria-label="${parts[0].setting[1]}"]`))?.focus();
      };
      return button(parts.map(({ setting: [, label], value }) => `${label} = ${written(value)}`).join(", "), act, { class: "figure-button" });
    });
  return make("div", { class: "impossible" }, make("p", {}, make("strong", {}, "Impossible. "), why, " Nearest:"), make("div", { class: "figure-controls" }, ...buttons));
}
