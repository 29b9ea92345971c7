// What all interactive figures share: a state that the address can carry, its words and its code.

import { within } from "./numbers.js";

/**
 * A state is plain data. `read` returns one from what a link holds, or throws an Unreadable.
 * @template {Record<string, any>} State
 */
export class InteractiveFigure extends HTMLElement {
  /** @type {State} */
  #initial = /** @type {any} */ (undefined);
  /** @type {State} */
  state = /** @type {any} */ (undefined);
  #frame = 0;
  #later = 0;
  /** What the address last said of this figure. @type {string | null} */
  #known = null;
  #words = make("p", { class: "figure-words", role: "status" });
  #note = make("p", { class: "figure-note", role: "status" });
  /** @type {[string, HTMLElement, () => string][]} */
  #programs = [
    ["NumPy", make("code"), () => this.numpy(this.state)],
    ["PyTorch", make("code"), () => this.torch(this.state)],
  ];
  #code = make("details", { class: "figure-code" });

  // What a figure gives:

  /** The state that the page's own values make. @param {any} _start @returns {State} */
  begin(_start) {
    throw new Error("begin");
  }

  /** A state from a link's data, which may be anything. @param {any} _data @param {State} _initial @returns {State} */
  read(_data, _initial) {
    throw new Unreadable("It holds nothing for this figure.");
  }

  /** Makes the figure's elements, once. @param {HTMLElement} _stage */
  build(_stage) {}

  /** Shows a state. @param {State} _state */
  draw(_state) {}

  /** The state in a few sentences. @param {State} _state */
  words(_state) {
    return "";
  }

  /** A program that computes what is on show. @param {State} _state */
  numpy(_state) {
    return "";
  }

  /** The same in PyTorch. @param {State} _state */
  torch(_state) {
    return "";
  }

  // What it gets:

  connectedCallback() {
    addEventListener("popstate", this.#restore);
    addEventListener("pagehide", this.#write);
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.#restore);
    removeEventListener("pagehide", this.#write);
  }

  /** Changes the state, and shows it with the next frame. @param {Partial<State>} changes */
  set(changes) {
    this.state = { ...this.state, ...changes };
    this.#note.textContent = "";
    this.show();
  }

  /** Shows the state with the next frame. */
  show() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw(this.state);
      clearTimeout(this.#later);
      // Spoken, and written into the address, once the reader pauses.
      this.#later = setTimeout(() => this.#tell(), 250);
    });
  }

  /** Says something about what the reader just did. @param {string} text */
  note(text) {
    this.#note.textContent = text;
  }

  /** Takes the drawing's place. Rejects where the values to start with cannot be had. */
  async enliven() {
    const start = (await startingValues())[this.dataset.figure ?? ""];
    if (this.state) return;
    this.#initial = this.begin(start);
    this.state = this.#initial;
    const stage = make("div", { class: "figure-stage" });
    this.build(stage);
    stage.addEventListener("remark", (event) => this.note(/** @type {CustomEvent} */ (event).detail));
    this.#restore();
    this.draw(this.state);
    this.#words.textContent = this.words(this.state);
    this.#code.append(make("summary", {}, "As code"));
    for (const [name, code] of this.#programs) {
      const copy = button("Copy", () => this.#copy(code.textContent ?? "", `${name} program copied.`));
      copy.setAttribute("aria-label", `Copy the ${name} program`);
      this.#code.append(make("div", { class: "figure-program" }, make("p", {}, name), copy), make("pre", { tabindex: "0" }, code));
    }
    this.#code.addEventListener("toggle", () => this.#program());
    const tools = make(
      "div",
      { class: "figure-tools" },
      button("Reset", () => {
        this.set(this.#initial);
        this.note("As in the lesson again.");
      }),
      button("Copy link to this state", () => this.#copy(`${this.#address().split("#")[0]}#${this.closest("figure")?.id}`, "Link copied.")),
    );
    this.append(make("div", { class: "figure-alive" }, stage, this.#words, tools, this.#note, this.#code));
    this.classList.add("alive");
  }

  #restore = () => {
    if (!this.state) return; // not alive yet
    const text = new URLSearchParams(location.search).get(this.localName);
    // Links within the page come here too, and may come before the last change is written.
    if (text === this.#known) return;
    this.#known = text;
    if (text === null) return this.set(this.#initial);
    try {
      if (text.length > 6000) throw new Unreadable("It is too long.");
      const data = parse(text);
      if (data === null || typeof data !== "object" || Array.isArray(data)) throw new Unreadable("It is no set of values.");
      this.set(this.read(data, this.#initial));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.set(this.#initial);
      this.note(`The link's values could not be used: ${error.message} These are the lesson's own.`);
    }
  };

  #tell() {
    const words = this.words(this.state);
    if (this.#words.textContent !== words) this.#words.textContent = words; // said once
    this.#program();
    this.#write();
  }

  #write = () => {
    if (!this.state) return;
    const address = this.#address();
    this.#known = new URL(address).searchParams.get(this.localName);
    if (address !== location.href) history.replaceState(history.state, "", address);
  };

  #program() {
    if (!this.#code.open) return;
    for (const [, code, program] of this.#programs) code.textContent = program();
  }

  #address() {
    const changed = Object.entries(this.state).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(this.#initial[name]),
    );
    const address = new URL(location.href);
    if (changed.length) address.searchParams.set(this.localName, JSON.stringify(Object.fromEntries(changed)));
    else address.searchParams.delete(this.localName);
    return address.href;
  }

  /** @param {string} text @param {string} done */
  async #copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.note(done);
    } catch {
      this.note("Your browser does not allow copying here.");
    }
  }
}

/** Why a link's data cannot be used, in a sentence for readers. */
export class Unreadable extends Error {}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable("It is cut off or misspelt.");
  }
}

/** @type {Promise<Record<string, any>> | undefined} */
let values;

/** What the snippets left, for each figure of this page. */
function startingValues() {
  values ??= fetch("interactive-figures.json").then((response) => response.json());
  values.catch(() => (values = undefined)); // to be asked for again
  return values;
}

// Checks for `read`: each returns the value if it may be used.

/** @param {unknown} value @param {number} low @param {number} high @param {string} name */
export function numberFrom(value, low, high, name) {
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new Unreadable(`${name} must be a number from ${low} to ${high}.`);
  }
  return value;
}

/** @param {unknown} value @param {number} low @param {number} high @param {string} name */
export function integerFrom(value, low, high, name) {
  if (!Number.isInteger(value)) throw new Unreadable(`${name} must be a whole number.`);
  return numberFrom(value, low, high, name);
}

/**
 * @template {string} Choice
 * @param {unknown} value @param {readonly Choice[]} choices @param {string} name
 */
export function choiceFrom(value, choices, name) {
  const found = choices.find((choice) => choice === value);
  if (!found) throw new Unreadable(`${name} must be one of: ${choices.join(", ")}.`);
  return found;
}

/** Rows of numbers, all of one length.
 * @param {unknown} value
 * @param {{ rows: [number, number], columns: [number, number], low: number, high: number }} limits
 * @param {string} name
 * @returns {number[][]}
 */
export function rowsFrom(value, { rows, columns, low, high }, name) {
  const table = Array.isArray(value) ? value : [];
  const wide = Array.isArray(table[0]) ? table[0].length : 0;
  const fits = table.length >= rows[0] && table.length <= rows[1] && wide >= columns[0] && wide <= columns[1];
  if (!fits || table.some((row) => !Array.isArray(row) || row.length !== wide)) {
    throw new Unreadable(`${name} must be ${rows.join(" to ")} rows of ${columns.join(" to ")} numbers.`);
  }
  return table.map((row) => row.map((/** @type {unknown} */ cell) => numberFrom(cell, low, high, name)));
}

/** As many rows as columns, of numbers that a reader may enter.
 * @param {unknown} value @param {[number, number]} side @param {{ low: number, high: number, decimals: number }} limits @param {string} name
 */
export function squareFrom(value, side, { low, high, decimals }, name) {
  const table = rowsFrom(value, { rows: side, columns: side, low, high }, name);
  if (table.length !== table[0].length) throw new Unreadable(`${name} must have as many rows as columns.`);
  return table.map((row) => row.map((cell) => within(cell, low, high, decimals)));
}

/** A row and a column, of so many. @param {unknown} value @param {number} size @param {string} name @returns {[number, number]} */
export function placeFrom(value, size, name) {
  if (!Array.isArray(value) || value.length !== 2) throw new Unreadable(`${name} must be a row and a column.`);
  return [integerFrom(value[0], 0, size - 1, name), integerFrom(value[1], 0, size - 1, name)];
}

// Elements:

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** @param {string} text @param {() => void} act @param {Record<string, string>} [attributes] */
export function button(text, act, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", act);
  return element;
}

/** Says whether a button has something to do. It keeps the focus of whoever has just pressed it, so it is
 * not disabled: what it does must be nothing then. @param {HTMLElement} button @param {boolean} able
 */
export function enable(button, able) {
  button.setAttribute("aria-disabled", String(!able));
}
