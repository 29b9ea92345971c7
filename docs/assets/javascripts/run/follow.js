// The page follows the reader: once a changed block has run to its end, the numbers and claims
// that are bound to its values are the reader's. What becomes of each is asked of Python; see
// proof/following.py.

import { follow as mark } from "../proof-marks.js";
import { blockOf, button, make, usedBlocks } from "./block.js";
import { Ended, follow } from "./python.js";

/**
 * @typedef {[number, number, number, string, string]} Change piece, start, end, was, is
 * @typedef {{
 *   state: "yours" | "same" | "untrue" | "none" | "lesson",
 *   value: string, why: string, parts?: [string, string][], changes?: Change[],
 * }} Answer
 * @typedef {Answer & { lesson: string, label: string }} Followed
 * @typedef {{ snippet: string, names: string[], texts: Record<string, string>,
 *   code: string | null, absent: boolean, twin: string | null }} Reached
 * @typedef {{ element: HTMLElement, kind: string, code: string, nodes: Text[] }} Bound
 */

const article = /** @type {HTMLElement} */ (document.querySelector("article"));
const LABELS = {
  same: "",
  yours: "your value",
  untrue: "with your values",
  none: "with your values",
  lesson: "still the lesson’s value",
};

/** @type {Map<string, string>} the code that ran to its end with a change, the last run last */
const changed = new Map();
/** @type {Record<string, Record<string, string>>} what blocks took along, by block and name */
const carried = {};
/** @type {(() => void)[]} what brings the page back as it was built */
const undo = [];
const bound = boundElements();
/** @type {Promise<string> | undefined} */
let page;
let batch = false; // while several blocks run, the page waits for the last
let asked = 0;

const bar = make("section");
bar.className = "follow-bar";
bar.setAttribute("aria-label", "Your own values");
const told = make("p");
told.setAttribute("role", "status");
const take = button("");
const back = button("Bring the lesson’s back");
bar.append(told, take, back);
bar.hidden = true;
document.body.append(bar);
back.addEventListener("click", reset);

/**
 * Whether the page shows what a block left.
 *
 * @param {string} name
 */
export const follows = (name) => changed.has(name);

/**
 * Note that a block has run to its end, and let the page follow.
 *
 * @param {string} name
 * @param {string} code
 * @param {boolean} isChanged whether it is other code than the lesson's
 */
export async function ran(name, code, isChanged) {
  const before = changed.size;
  changed.delete(name);
  if (isChanged) changed.set(name, code);
  else delete carried[name];
  if (isChanged || before) await update();
}

/**
 * Take the lesson's values for a block again.
 *
 * @param {string} name
 */
export async function forget(name) {
  delete carried[name];
  if (changed.delete(name)) await update().catch(() => {});
}

async function update() {
  if (batch) return;
  asked += 1;
  const mine = asked;
  if (!changed.size) {
    restore();
    return;
  }
  page ??= load().catch((error) => {
    page = undefined; // the next run tries again
    throw error;
  });
  const drafts = Object.fromEntries(usedBlocks().map((block) => [block.name, block.draft]));
  const elements = bound.map(({ kind, code, nodes }) => ({
    kind,
    code,
    pieces: nodes.map((node) => [node.data, node.parentElement?.localName === "mn"]),
  }));
  const message = JSON.stringify({ changed: Object.fromEntries(changed), carried, drafts, elements });
  /** @type {{ elements: (Answer | null)[], reached: Reached[], ended?: string }} */
  const answer = await follow({ page: await page, message });
  if (mine !== asked) return; // something else has run since
  restore();
  if (answer.ended) throw new Ended(answer.ended);
  apply(answer.elements, answer.reached);
}

async function load() {
  const answer = await fetch("bindings.json");
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

function restore() {
  while (undo.length) undo.pop()?.();
  mark(new Map());
  bar.hidden = true;
  document.documentElement.classList.remove("follows");
}

/** Bring the lesson's values and code back, everywhere. */
function reset() {
  const last = [...changed.keys()].at(-1);
  batch = true;
  for (const block of usedBlocks()) block.reset();
  batch = false;
  changed.clear();
  asked += 1;
  restore();
  const block = usedBlocks().find(({ name }) => name === last);
  block?.editButton.focus({ preventScroll: true });
}

/**
 * @param {(Answer | null)[]} answers
 * @param {Reached[]} reached
 */
function apply(answers, reached) {
  /** @type {Map<HTMLElement, Followed>} */
  const followed = new Map();
  /** @type {Set<Element>} */
  const figures = new Set();
  bound.forEach(({ element, nodes }, index) => {
    const answer = answers[index];
    if (!answer) return;
    const figure = element.closest("figure");
    if (figure && answer.state !== "same") figures.add(figure);
    if (element.closest(".figure-description")) return; // it describes what is drawn
    const lesson = textOf(element);
    const label = answer.state === "yours" ? `${LABELS.yours}, the lesson’s is ${lesson}` : LABELS[answer.state];
    followed.set(element, { ...answer, lesson, label: isBlock(element) ? LABELS[answer.state] : label });
    show(element, nodes, answer);
  });
  for (const figure of figures) {
    note(figure.querySelector("figcaption")?.firstElementChild, "This figure shows the lesson’s values.");
  }
  for (const one of reached) tellReached(one);
  mark(followed);
  tell([...followed.values()], reached);
}

/**
 * @param {HTMLElement} element
 * @param {Text[]} nodes
 * @param {Answer} answer
 */
function show(element, nodes, { state, changes }) {
  if (state === "same") return;
  element.dataset.follows = state;
  undo.push(() => delete element.dataset.follows);
  if (state === "yours") {
    for (const [index, node] of nodes.entries()) {
      const here = (changes ?? []).filter(([piece]) => piece === index);
      if (here.length) (node.parentElement?.localName === "mn" ? replaceNumber : replaceIn)(node, here);
    }
  }
  if (state !== "untrue" && state !== "none") return;
  const words = state === "untrue" ? "no longer true here" : "no value here";
  if (isBlock(element)) {
    const box = element.closest(".md-typeset__scrollwrap") ?? element;
    note(box, "These are the lesson’s numbers: yours do not fit here.");
    return;
  }
  const struck = make("s", ...element.childNodes);
  const said = make("span", ` (${words})`);
  said.className = "follow-words";
  element.append(struck, said);
  undo.push(() => element.replaceChildren(...struck.childNodes));
}

/**
 * Write other numerals into a text.
 *
 * @param {Text} node
 * @param {Change[]} changes
 */
function replaceIn(node, changes) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const [, start, stop, , is] of changes) {
    const own = make("mark", is);
    own.className = "follow-own";
    parts.push(node.data.slice(end, start), own);
    end = stop;
  }
  const whole = make("span", ...parts, node.data.slice(end));
  whole.className = "follow-text";
  node.replaceWith(whole);
  undo.push(() => whole.replaceWith(node));
}

/**
 * Write another number into a formula, where its sign is an operator beside it.
 *
 * @param {Text} node
 * @param {Change[]} changes
 */
function replaceNumber(node, [[, , , was, is]]) {
  const number = /** @type {Element} */ (node.parentElement);
  const signed = /^[-−]/;
  const before = number.previousElementSibling;
  const sign = signed.test(was) ? before : null;
  const own = math("mrow", math("mn", is.replace(signed, "")));
  own.setAttribute("class", "follow-own");
  const row = math("mrow", own);
  if (signed.test(is)) {
    const minus = math("mo", "−");
    minus.setAttribute("lspace", "0");
    minus.setAttribute("rspace", "0");
    own.prepend(minus);
    if (!sign && /^[+−⋅]$/.test(before?.textContent ?? "")) {
      row.prepend(math("mo", "("));
      row.append(math("mo", ")"));
    }
  }
  number.replaceWith(row);
  sign?.remove();
  undo.push(() => row.replaceWith(...(sign ? [sign, number] : [number])));
}

/**
 * @param {string} name
 * @param {string | Node} content
 */
function math(name, content) {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", name);
  element.append(content);
  return element;
}

/**
 * Say at a block that the reader's values reach it.
 *
 * @param {Reached} reached
 */
function tellReached({ snippet, names, texts, code, absent, twin }) {
  const block = article.querySelector(`[data-snippet="${snippet}"]`);
  if (!(block instanceof HTMLElement)) return;
  const own = `Your ${names.join(" and ")}`;
  const isOne = names.length === 1;
  /** @type {(string | Node)[]} */
  const said = [];
  if (absent) {
    said.push(`${own} ${isOne ? "does" : "do"} not reach this block: PyTorch does not run in a page. `);
    if (twin) {
      const link = make("a", `${twin.split("/")[1]}.py`);
      link.href = `#snippet-${twin.split("/")[1]}`;
      said.push(link, " computes the same with NumPy.");
    }
  } else if (code === null) {
    said.push(`${own} ${isOne ? "reaches" : "reach"} this block, but a change of yours stands there.`);
  } else {
    const run = button("Run it with yours");
    run.setAttribute("aria-describedby", block.querySelector(".snippet-title")?.id ?? "");
    const one = { snippet, names, texts, code, absent, twin };
    run.addEventListener("click", () => takeAlong([one]).catch(fail));
    said.push(`${own} ${isOne ? "reaches" : "reach"} this block, too. `, run);
  }
  note(block.lastElementChild, ...said);
}

/** @param {Reached[]} reached */
async function takeAlong(reached) {
  if (batch) return;
  batch = true;
  const before = asked;
  try {
    for (const { snippet, names, texts, code } of reached) {
      const block = article.querySelector(`[data-snippet="${snippet}"]`);
      if (!(block instanceof HTMLElement) || code === null) continue;
      carried[snippet] = { ...carried[snippet], ...texts };
      await blockOf(block).take(code, names);
      if (asked !== before) return; // the reader brought the lesson back meanwhile
    }
  } finally {
    batch = false;
  }
  await update();
}

/** @param {unknown} error */
function fail(error) {
  const reason = error instanceof Ended ? error.message : "a part of it could not be loaded";
  bar.hidden = false;
  told.textContent = `The page does not follow: ${reason}.`;
}

/**
 * @param {Followed[]} followed
 * @param {Reached[]} reached
 */
function tell(followed, reached) {
  const numbers = followed.reduce((sum, { changes }) => sum + (changes?.length ?? 0), 0);
  const untrue = followed.filter(({ state }) => state === "untrue").length;
  const none = followed.filter(({ state }) => state === "none").length;
  const facts = [count(numbers, "number is", "numbers are"), count(untrue, "claim is", "claims are")];
  bar.hidden = false;
  told.replaceChildren(make("strong", "You read the lesson with your own values."), " ");
  told.append(`${facts[0]} yours`, untrue ? `, ${facts[1]} no longer true` : "");
  const still = followed.filter(({ state }) => state === "lesson").length;
  told.append(still ? `, ${still} dotted ${still === 1 ? "one is" : "ones are"} still the lesson’s` : "");
  told.append(none ? `, ${count(none, "place has", "places have")} no value` : "", ".");
  const others = reached.filter(({ code }) => code !== null);
  const names = [...new Set(others.flatMap((one) => one.names))].join(" and ");
  take.hidden = !others.length;
  take.textContent = `Run ${count(others.length, "other block", "other blocks")} with your ${names}`;
  take.onclick = () => takeAlong(others).catch(fail);
  document.documentElement.classList.add("follows");
}

/**
 * Add a note after an element, until the page is restored.
 *
 * @param {Element | null | undefined} element
 * @param {...(string | Node)} content
 */
function note(element, ...content) {
  const said = make("p", ...content);
  said.className = "follow-note";
  element?.after(said);
  undo.push(() => said.remove());
}

/** @returns {Bound[]} what the page binds, with its texts as they are built */
function boundElements() {
  /** @type {NodeListOf<HTMLElement>} */
  const elements = article.querySelectorAll("[data-expression], [data-claim]");
  return [...elements].map((element) => {
    const { claim, expression } = element.dataset;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      const around = node.parentElement;
      if (around?.localName === "mn" || !around?.closest("math, button")) nodes.push(node);
    }
    const kind = claim === undefined ? "value" : "claim";
    return { element, kind, code: claim ?? expression ?? "", nodes };
  });
}

/** @param {Element} element */
const isBlock = (element) => element.localName !== "span";

/** @param {Element} element */
const textOf = (element) => (element.textContent ?? "").trim().replace(/\s+/g, " ");

/**
 * @param {number} number
 * @param {string} one
 * @param {string} more
 */
const count = (number, one, more) => `${number} ${number === 1 ? one : more}`;
