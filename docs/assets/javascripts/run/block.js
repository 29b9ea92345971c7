// A block of code that runs: its progress, what it printed, how that compares, what went wrong.

import { Ended, LIMITS, run } from "./python.js";

/** @typedef {import("./python.js").Result} Result */
/** @typedef {import("./python.js").Difference} Difference */

const SHOWN = 200; // lines of output before "Show all"
const TOLD = 4; // differences told in words
/** @type {WeakMap<Element, Block>} */
const blocks = new WeakMap();

style();

/**
 * Run a block, or stop it while it runs.
 *
 * @param {HTMLElement} element
 * @param {HTMLButtonElement} button
 */
export function press(element, button) {
  let block = blocks.get(element);
  if (!block) blocks.set(element, (block = new Block(element, button)));
  block.press();
}

class Block {
  /** @type {AbortController | undefined} while it runs */
  #running;

  /**
   * @param {HTMLElement} element
   * @param {HTMLButtonElement} button
   */
  constructor(element, button) {
    this.element = element;
    this.name = element.dataset.snippet ?? "";
    this.button = button;
    this.code = element.querySelector("code")?.textContent ?? "";
    this.recorded = /** @type {HTMLElement} */ (element.querySelector(".snippet-output"));
    this.documented = this.recorded.querySelector("samp")?.textContent ?? "";

    const label = make("p", "Printed here");
    label.className = "snippet-label";
    label.id = `${element.id}-printed`;
    this.samp = make("samp");
    this.more = make("button");
    this.more.type = "button";
    this.more.hidden = true;
    this.printed = make("div", label, make("pre", this.samp), this.more);
    this.printed.className = "snippet-output";
    this.printed.setAttribute("role", "group");
    this.printed.setAttribute("aria-labelledby", label.id);
    this.printed.hidden = true;

    this.bar = make("progress");
    this.bar.setAttribute("aria-label", "Loading Python and NumPy");
    this.bytes = make("span");
    this.loading = make("p", this.bar, this.bytes);
    this.loading.hidden = true;
    this.told = make("div");
    this.told.setAttribute("role", "status");
    this.about = make("div", this.loading, this.told);
    this.about.className = "run-about";
    this.recorded.after(this.printed, this.about);
  }

  /** Run, or stop what runs. */
  async press() {
    if (this.#running) {
      this.#running.abort();
      return;
    }
    this.#running = new AbortController();
    this.button.textContent = "Stop";
    this.tell("Waiting for Python.");
    try {
      const job = { name: this.name, code: this.code, documented: this.documented };
      this.#show(await run(job, this.#listeners(), this.#running.signal));
    } catch (error) {
      if (error instanceof Ended) this.tell(`${capital(error.message)}.`);
      else this.tell("Python could not be loaded. Are you offline? Press Run to try again.");
    } finally {
      this.#running = undefined;
      this.loading.hidden = true;
      this.button.textContent = "Run";
      this.element.ariaBusy = "false";
    }
  }

  /** @param {(string | Node)[]} nodes */
  tell(...nodes) {
    this.told.replaceChildren(make("p", ...nodes));
  }

  #listeners() {
    return {
      /** @type {(received: number, size: number) => void} */
      progress: (received, size) => {
        if (this.loading.hidden) this.tell("Loading Python and NumPy, once for this page.");
        if (received === size) this.tell("Starting Python.");
        this.loading.hidden = received === size;
        this.bar.max = size;
        this.bar.value = received;
        this.bytes.textContent = `${megabytes(received)} of ${megabytes(size)} MB`;
      },
      start: () => {
        this.loading.hidden = true;
        this.tell(`Running. After ${LIMITS.seconds} seconds it is ended.`);
        this.#begun = false;
      },
      /** @type {(text: string) => void} */
      output: (text) => {
        if (!this.#begun) this.#print();
        this.#begun = true;
        this.samp.append(text);
      },
    };
  }

  #begun = false;

  /** @param {Node[]} nodes */
  #print(...nodes) {
    this.recorded.hidden = true;
    this.printed.hidden = false;
    this.more.hidden = true;
    this.samp.replaceChildren(...nodes);
  }

  /** @param {Result} result */
  #show({ stdout, error, warnings, differences }) {
    const lines = stdout.split(/(?<=\n)/);
    const differing = new Map(differences.map((one) => [one.line, one]));
    const shown = lines.map((line, index) => marked(line, differing.get(index + 1)));
    this.#print(...shown.slice(0, SHOWN));
    if (shown.length > SHOWN) {
      this.more.hidden = false;
      this.more.textContent = `Show all ${lines.length.toLocaleString("en")} lines`;
      this.more.onclick = () => {
        this.samp.append(...shown.slice(SHOWN));
        this.more.hidden = true;
      };
    }
    const said = error
      ? make("p", make("strong", `Line ${error.line}`), `: ${error.text}.`)
      : make("p", ...verdict(differences));
    const warned = warnings.map(({ line, text }) =>
      make("p", line ? `Line ${line} warns: ${text}.` : `A warning: ${text}.`),
    );
    if (error?.code) said.append(make("code", error.code));
    this.told.replaceChildren(said, ...warned);
    if (differences.length) {
      const documented = make("details", make("summary", "What is documented"));
      documented.append(make("pre", make("samp", this.documented)));
      this.about.replaceChildren(this.loading, this.told, documented);
    } else {
      this.about.replaceChildren(this.loading, this.told);
    }
  }
}

/**
 * A printed line, with what differs from the documented one marked.
 *
 * @param {string} line
 * @param {Difference} [difference]
 */
function marked(line, difference) {
  const nodes = make("span");
  const spans = difference && !difference.spans.length ? [[0, line.length]] : difference?.spans;
  let end = 0;
  for (const [start, stop] of /** @type {[number, number][]} */ (spans ?? [])) {
    nodes.append(line.slice(end, start), make("mark", line.slice(start, stop)));
    end = stop;
  }
  nodes.append(line.slice(end));
  return nodes;
}

/** @param {Difference[]} differences */
function verdict(differences) {
  if (!differences.length) return [make("strong", "Same as documented.")];
  const told = differences.flatMap(({ documented, printed, spans }) => {
    if (printed === null) return [["nothing", `“${documented}”`]];
    if (documented === null) return [[`“${printed}”`, "nothing"]];
    if (!spans.length) return [[`“${printed}”`, `“${documented}”`]];
    return spans.map(([start, end, ours]) => [printed.slice(start, end), ours]);
  });
  const some = told.slice(0, TOLD).map(([here, there]) => `${here} instead of ${there}`);
  if (told.length > TOLD) some.push(`and ${told.length - TOLD} more`);
  return [make("strong", "Not as documented:"), ` ${some.join(", ")}.`];
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {(string | Node)[]} children
 */
function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

/** Load the styles that only runs need. */
function style() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("../../stylesheets/run.css", import.meta.url).href;
  document.head.append(link);
}
