// A block of code that runs: its progress, what it printed, how that compares, what went wrong.

import { SIGN, keep, kept, link, read } from "./change.js";
import { Ended, LIMITS, run } from "./python.js";

/** @typedef {import("./python.js").Result} Result */
/** @typedef {import("./python.js").Difference} Difference */

const SHOWN = 200; // lines of output before "Show all"
const TOLD = 4; // differences told in words
/** @type {Map<Element, Block>} those that were used */
const blocks = new Map();
/** @type {typeof import("./follow.js") | undefined} once a changed block has run to its end */
let following;

style();

/**
 * Give what a block does.
 *
 * @param {HTMLElement} element
 */
export function blockOf(element) {
  let block = blocks.get(element);
  if (!block) blocks.set(element, (block = new Block(element)));
  return block;
}

/** Give all blocks that were used. */
export const usedBlocks = () => [...blocks.values()];

/** Show the change that the page's address carries, or why it is refused. */
export async function showLink() {
  try {
    const { name, code } = await read(location.hash);
    const element = document.querySelector(`[data-run][data-snippet="${name}"]`);
    if (!(element instanceof HTMLElement)) throw new Error("no block of this page is meant");
    for (let parent = element.closest("details"); parent; parent = parent.parentElement?.closest("details") ?? null) {
      parent.open = true;
    }
    await blockOf(element).edit(code);
    element.scrollIntoView();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    const refusal = make("p", `The change in this page’s address is not shown: ${reason}.`);
    refusal.className = "run-refusal";
    refusal.setAttribute("role", "alert");
    document.querySelector(".run-refusal")?.remove();
    document.querySelector("article h1")?.after(refusal);
    refusal.scrollIntoView({ block: "center" });
  }
}

class Block {
  /** @type {AbortController | undefined} while it runs */
  #running;
  #ran = ""; // the code of this run, or of the last
  #begun = false; // whether this run's output is shown
  /** @type {ReturnType<typeof import("./editor.js").open> | undefined} */
  #editor;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.name = element.dataset.snippet ?? "";
    this.runButton = /** @type {HTMLButtonElement} */ (element.querySelector(".snippet-run"));
    this.editButton = /** @type {HTMLButtonElement} */ (element.querySelector(".snippet-edit"));
    this.lesson = element.querySelector("code")?.textContent ?? "";
    this.code = this.lesson;
    this.highlighted = /** @type {HTMLElement} */ (element.querySelector(".highlight"));
    this.recorded = /** @type {HTMLElement} */ (element.querySelector(".snippet-output"));
    this.documented = this.recorded.querySelector("samp")?.textContent ?? "";

    this.label = make("p");
    this.label.className = "snippet-label";
    this.label.id = `${element.id}-printed`;
    this.samp = make("samp");
    this.more = button("");
    this.more.hidden = true;
    this.pictures = make("div");
    this.pictures.className = "run-pictures";
    this.printed = make("div", this.label, make("pre", this.samp), this.more, this.pictures);
    this.printed.className = "snippet-output";
    this.printed.setAttribute("role", "group");
    this.printed.setAttribute("aria-labelledby", this.label.id);
    this.printed.hidden = true;

    this.bar = make("progress");
    this.bytes = make("span");
    this.loading = make("p", this.bar, this.bytes);
    this.loading.hidden = true;
    this.told = make("div");
    this.told.setAttribute("role", "status");
    this.about = make("div", this.loading, this.told);
    this.about.className = "run-about";
  }

  /** Run, or stop what runs. */
  async run() {
    if (this.#running) {
      this.#running.abort();
      return;
    }
    this.recorded.after(this.printed, this.about);
    this.#editor?.mark(0);
    this.#running = new AbortController();
    this.element.ariaBusy = "true";
    this.runButton.textContent = "Stop";
    this.tell("Waiting for Python.");
    const { name, code, documented } = this;
    this.#ran = code;
    let isWhole = false;
    try {
      const result = await run({ name, code, documented }, this.#listeners(), this.#running.signal);
      this.#show(result);
      isWhole = !result.error;
    } catch (error) {
      if (error instanceof Ended) this.#showEnd(error);
      else this.tell("Python could not be loaded. Are you offline? Press Run to try again.");
    } finally {
      this.#running = undefined;
      this.loading.hidden = true;
      this.runButton.textContent = "Run";
      this.element.ariaBusy = "false";
    }
    if (isWhole) await this.#follow(code);
  }

  /**
   * Let the page follow what this block left, if the code is not the lesson's or was not before.
   *
   * @param {string} code
   */
  async #follow(code) {
    if (code === this.lesson && !following) return;
    const waiting = make("p", "Your values go into the page.");
    this.told.append(waiting);
    try {
      following ??= await import("./follow.js");
      if (this.#ran !== code) return; // it was reset meanwhile
      await following.ran(this.name, code, code !== this.lesson);
    } catch (error) {
      const reason = error instanceof Ended ? error.message : "its source could not be loaded";
      this.told.append(make("p", `The page does not follow: ${reason}.`));
    } finally {
      waiting.remove();
    }
  }

  /** The code that stands here, or that is kept for here. */
  get draft() {
    return this.#editor ? this.code : (kept(this.name) ?? this.code);
  }

  /**
   * Put code in that takes values of other blocks along, and run it.
   *
   * @param {string} code
   * @param {string[]} names
   */
  async take(code, names) {
    if (this.#running) return;
    if (this.#editor) this.#editor.put(code);
    else {
      await this.edit(code, false);
      keep(this.name, code);
    }
    if (this.note) this.note.textContent = `Your ${names.join(" and ")} ${names.length === 1 ? "was" : "were"} put into this code.`;
    await this.run();
  }

  /**
   * Open the editor, with the kept change or with one that is given.
   *
   * @param {string} [given]
   * @param {boolean} [linked] whether a link brought it
   */
  async edit(given, linked = given !== undefined) {
    const { open } = await import("./editor.js");
    this.#close();
    const host = make("div");
    this.note = make("p");
    this.note.setAttribute("role", "status");
    const [reset, copy] = [button("Reset"), button("Copy link to this code")];
    const acts = make("div", reset, copy, this.note);
    acts.className = "run-acts";
    this.editing = make("div", host, acts);
    this.editing.className = "run-editing";
    this.highlighted.after(this.editing);
    this.highlighted.hidden = this.editButton.hidden = true;
    reset.addEventListener("click", () => this.reset());
    copy.addEventListener("click", () => this.#copyLink());
    this.code = given ?? kept(this.name) ?? this.lesson;
    this.element.dataset.changed = this.code;
    this.#label();
    const keys = `${/Mac|iP/.test(navigator.platform) ? "Command" : "Control"} and Enter run it`;
    this.note.textContent = linked
      ? "A link brought this code. It runs only if you press Run: read it first."
      : `${keys}, Tab leaves the editor. What you change is kept in this browser.`;
    this.#editor = open(host, {
      label: `Code of ${this.name.split("/")[1]}.py. Tab leaves it, ${keys}.`,
      code: this.code,
      run: () => void (this.#running || this.run()),
      change: (code) => this.#change(code),
    });
    if (linked || given === undefined) this.#editor.focus();
  }

  /** @param {string} code */
  #change(code) {
    this.code = this.element.dataset.changed = code;
    this.#label();
    const isKept = keep(this.name, code === this.lesson ? undefined : code);
    if (this.note && !isKept) {
      this.note.textContent = "This browser refuses to store anything: the change lasts as long as the page.";
    }
  }

  /** Say whose output is recorded, once the code is another. */
  #label() {
    const label = this.recorded.querySelector(".snippet-label");
    if (label) label.textContent = this.code === this.lesson ? "Prints" : "The lesson’s code prints";
  }

  async #copyLink() {
    if (!this.note) return;
    try {
      const address = await link(this.name, this.code);
      await navigator.clipboard.writeText(address);
      this.note.textContent = "Link copied. It shows this code, and does not run it.";
    } catch (error) {
      const isOurs = error instanceof Error && error.name === "Error";
      this.note.textContent = `No link was copied: ${isOurs ? error.message : "the browser refused"}.`;
    }
  }

  #close() {
    this.#editor?.destroy();
    this.#editor = undefined;
    this.editing?.remove();
  }

  /** Bring the lesson's code and output back. */
  reset() {
    this.#running?.abort();
    this.#ran = "";
    this.#close();
    keep(this.name, undefined);
    delete this.element.dataset.changed;
    this.element.ariaBusy = null;
    this.code = this.lesson;
    this.#label();
    this.highlighted.hidden = this.recorded.hidden = this.editButton.hidden = false;
    this.printed.hidden = true;
    this.#draw([]);
    this.samp.replaceChildren();
    this.told.replaceChildren();
    this.about.replaceChildren(this.loading, this.told);
    this.printed.remove();
    this.about.remove();
    this.editButton.textContent = "Edit";
    this.editButton.focus({ preventScroll: true });
    following?.forget(this.name);
    if (location.hash.startsWith(SIGN)) history.replaceState(null, "", location.pathname);
  }

  /** @param {(string | Node)[]} nodes */
  tell(...nodes) {
    this.told.replaceChildren(make("p", ...nodes));
  }

  #listeners() {
    return {
      /** @type {(received: number, size: number, what: string) => void} */
      progress: (received, size, what) => {
        if (this.loading.hidden) this.tell(`Loading ${what}, once for this page.`);
        if (received === size) this.tell(`Starting ${what}.`);
        this.bar.setAttribute("aria-label", `Loading ${what}`);
        this.loading.hidden = received === size;
        this.bar.max = size;
        this.bar.value = received;
        this.bytes.textContent = `${megabytes(received)} of ${megabytes(size)} MB`;
      },
      start: () => {
        this.loading.hidden = true;
        const { seconds, characters, megabytes } = LIMITS;
        const most = `${characters.toLocaleString("en")} characters and ${megabytes} MB`;
        this.tell(`Running, for at most ${seconds} seconds, ${most}.`);
        this.#begun = false;
      },
      /** @type {(text: string) => void} */
      output: (text) => {
        if (!this.#begun) this.#print("Printed here");
        this.#begun = true;
        this.samp.append(text);
      },
    };
  }

  /** @param {string} label @param {Node[]} nodes */
  #print(label, ...nodes) {
    this.label.textContent = label;
    this.recorded.hidden = true;
    this.printed.hidden = false;
    this.more.hidden = true;
    this.samp.replaceChildren(...nodes);
    this.#draw([]);
  }

  /** @param {Result["pictures"]} pictures in the place of those that stand */
  #draw(pictures) {
    for (const { src } of this.pictures.querySelectorAll("img")) URL.revokeObjectURL(src);
    const images = pictures.map(({ png, width, height, text }) => {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
      return Object.assign(make("img"), { width, height, alt: text, src });
    });
    this.pictures.replaceChildren(...images);
  }

  /** @param {Result} result */
  #show({ lines, error, warnings, pictures, notes, differences }) {
    const differing = new Map(differences.map((one) => [one.line, one]));
    const shown = (/** @type {string[]} */ some, before = 0) =>
      some.map((line, index) => marked(line, differing.get(before + index + 1)));
    const label = lines.length || pictures.length ? "Printed here" : "Nothing was printed here";
    this.#print(label, ...shown(lines.slice(0, SHOWN)));
    if (lines.length > SHOWN) {
      this.more.hidden = false;
      this.more.textContent = `Show all ${lines.length.toLocaleString("en")} lines`;
      this.more.onclick = () => {
        this.samp.append(...shown(lines.slice(SHOWN), SHOWN));
        this.more.hidden = true;
      };
    }
    this.#draw(pictures);
    const said = error ? this.#wrong(error) : make("p", ...verdict(differences));
    const warned = warnings.map(({ line, text }) =>
      make("p", line ? `Line ${line} warns: ${sentence(text)}` : `A warning: ${sentence(text)}`),
    );
    const some = pictures.length === 1 ? "A picture was drawn" : `${pictures.length} pictures were drawn`;
    const more = (pictures.length ? [some, ...notes] : notes).map((note) => make("p", sentence(note)));
    this.told.replaceChildren(said, ...warned, ...more);
    if (differences.length) {
      const documented = make("details", make("summary", "What is documented"));
      documented.append(make("pre", make("samp", this.documented)));
      this.about.replaceChildren(this.loading, this.told, documented);
    } else {
      this.about.replaceChildren(this.loading, this.told);
    }
  }

  /**
   * Say what went wrong, at which line of the code.
   *
   * @param {{ line: number, text: string, code: string }} error
   */
  #wrong({ line, text, code }) {
    const said = make("p", make("strong", `Line ${line}`), `: ${sentence(text)}`);
    if (code) said.append(make("code", code));
    this.#editor?.mark(line);
    if (following?.follows(this.name)) {
      said.append(make("span", "The page keeps the numbers of your last run that came to its end."));
    }
    return said;
  }

  /** @param {Ended} ended */
  #showEnd({ message, line }) {
    if (!this.#begun && !this.printed.hidden) this.#print("Nothing was printed here");
    const code = line && this.#ran.split("\n")[line - 1]?.trim();
    if (code) this.told.replaceChildren(this.#wrong({ line, text: message, code }));
    else this.tell(sentence(capital(message)));
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
  if (difference && !difference.spans.length) {
    if (difference.documented !== null) nodes.className = "run-other";
    nodes.append(line);
    return nodes;
  }
  let end = 0;
  for (const [start, stop] of difference?.spans ?? []) {
    nodes.append(line.slice(end, start), make("mark", line.slice(start, stop)));
    end = stop;
  }
  nodes.append(line.slice(end));
  return nodes;
}

/** @param {Difference[]} differences */
function verdict(differences) {
  if (!differences.length) return [make("strong", "Same as documented.")];
  const told = differences.flatMap(({ printed, spans }) =>
    spans.map(([start, end, ours]) => `${printed?.slice(start, end)} instead of ${ours}`),
  );
  const lines = differences.filter(({ spans }) => !spans.length).length;
  const some = told.slice(0, TOLD);
  if (told.length > TOLD) some.push(`${told.length - TOLD} more`);
  if (lines) some.push(lines === 1 ? "a line differs" : `${lines.toLocaleString("en")} lines differ`);
  return [make("strong", "Not as documented:"), ` ${some.join(", ")}.`];
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {string} text */
const sentence = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {(string | Node)[]} children
 */
export function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

/** @param {string} text */
export function button(text) {
  const element = make("button", text);
  element.type = "button";
  return element;
}

/** Load the styles that only runs need. */
function style() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("../../stylesheets/run.css", import.meta.url).href;
  document.head.append(link);
}
