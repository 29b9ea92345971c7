// Marks what is bound to a value, and makes each mark open its proof.

const BOUND = "[data-expression], [data-claim], [data-given], [data-literal]";
const INSIDE = `a, button, math, ${BOUND}`; // nothing that acts stands inside a button
const AROUND = "a, button, label, summary"; // nor a button inside what acts

/** @typedef {import("./run/follow.js").Followed} Followed */

/** @type {Map<Element, HTMLElement>} the buttons beside what cannot be one, with what they prove */
const proven = new Map();
let all = false; // whether the switch is on
/** @type {Map<HTMLElement, Followed>} what a reader's own values made of elements */
let followed = new Map();
/** @type {AbortController | undefined} */
let listening;

/** Mark all, and listen. */
export function mark() {
  all = true;
  renew();
}

/** Take it all back. */
export function unmark() {
  all = false;
  renew();
}

/**
 * Mark what a reader's own values changed, whether the switch is on or not.
 *
 * @param {Map<HTMLElement, Followed>} elements
 */
export function follow(elements) {
  followed = elements;
  renew();
}

function renew() {
  clear();
  const article = document.querySelector("article");
  if (!article || (!all && !followed.size)) return;
  style();
  article.classList.toggle("proofs-shown", all);
  /** @type {NodeListOf<HTMLElement>} */
  const bound = article.querySelectorAll(BOUND);
  for (const element of bound) {
    const own = followed.get(element);
    if (!all && (!own || own.state === "same")) continue;
    const block = element.localName !== "span";
    if (block || element.dataset.claim || element.querySelector(INSIDE) || element.closest(AROUND)) {
      addButton(element, block);
    } else {
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "0");
      element.setAttribute("aria-haspopup", "dialog");
      element.setAttribute("aria-label", labelOf(element, textOf(element)));
    }
  }
  listening = new AbortController();
  const { signal } = listening;
  article.addEventListener("click", click, { signal });
  article.addEventListener("keydown", press, { signal });
}

function clear() {
  listening?.abort();
  listening = undefined;
  for (const button of proven.keys()) button.remove();
  proven.clear();
  const article = document.querySelector("article");
  article?.classList.remove("proofs-shown");
  for (const element of article?.querySelectorAll(`:is(${BOUND})[role="button"]`) ?? []) {
    for (const name of ["role", "tabindex", "aria-haspopup", "aria-label"]) {
      element.removeAttribute(name);
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function labelOf(element, name) {
  const own = followed.get(element);
  const about = own && own.state !== "same" ? `${name}, ${own.label}` : name;
  return `${about}, show where it comes from`;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} block
 */
function addButton(element, block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = block ? "proof-of-block" : "proof-of-text";
  button.setAttribute("aria-haspopup", "dialog");
  const state = followed.get(element)?.state ?? "same";
  if (block) button.textContent = state === "same" ? "Proof" : "Yours and the lesson’s";
  else if (element.dataset.claim) button.classList.add("proof-of-claim", `proof-of-${state}`);
  const name = block ? `Proof of this ${kindOf(element)}` : textOf(element);
  button.setAttribute("aria-label", labelOf(element, name));
  proven.set(button, element);
  (element.closest(`${AROUND}, .md-typeset__scrollwrap`) ?? element).after(button);
}

/** @param {Element} element */
function textOf(element) {
  return (element.textContent ?? "").trim().replace(/\s+/g, " ");
}

/** @param {Element} element a block */
function kindOf(element) {
  if (element.localName === "table") return "table";
  if (element.matches("ol, ul, dl")) return "list";
  return element.matches(".formula") ? "formula" : "text";
}

/** @param {MouseEvent} event */
function click(event) {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("button");
  const element = button ? proven.get(button) : event.target.closest(BOUND);
  if (!(element instanceof HTMLElement)) return;
  if (!button && (event.target.closest("a, summary") || !getSelection()?.isCollapsed)) return;
  open(element);
}

/** @param {KeyboardEvent} event */
function press(event) {
  const element = event.target;
  if (!(element instanceof HTMLElement) || !element.matches(`:is(${BOUND})[role="button"]`)) return;
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault(); // a space would scroll
  open(element);
}

/** @param {HTMLElement} element */
async function open(element) {
  const button = [...proven].find(([, proof]) => proof === element)?.[0];
  const origin = button instanceof HTMLElement ? button : element;
  const block = element.localName !== "span";
  const title = block ? `This ${kindOf(element)}` : textOf(element);
  const { showCard } = await import("./proof-card.js");
  await showCard(element, origin, title, followed.get(element));
}

/** Load the styles that only marks and cards need. */
function style() {
  const href = new URL("../stylesheets/proofs.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
