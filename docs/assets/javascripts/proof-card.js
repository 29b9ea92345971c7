// The card that shows where a number comes from, and the way to the code and back.

/**
 * @typedef {{
 *   device: string,
 *   status: "passed" | "failed" | "old" | "not run",
 *   machine: string,
 *   versions: Record<string, string>,
 *   date: string,
 * }} Confirmation
 * @typedef {{ snippet: string, name: string, line: number }} SourceLine
 * @typedef {{
 *   value?: string,
 *   holds?: boolean,
 *   parts?: [string, string][],
 *   givens?: Record<string, number>,
 *   from: SourceLine[],
 * }} Proof
 * @typedef {{
 *   sections: Record<string, Record<string, Record<string, Proof>>>,
 *   snippets: Record<string, { page: string, confirmed: Confirmation[] }>,
 * }} Proofs
 */

/** @type {Promise<Proofs> | undefined} */
let loading;
const card = document.createElement("div");
card.className = "proof-card";
card.popover = "auto";
card.tabIndex = -1;
card.setAttribute("role", "dialog");
card.setAttribute("aria-labelledby", "proof-card-title");
document.body.append(card);
card.addEventListener("keydown", leave);
card.addEventListener("toggle", (event) => {
  if (event.newState === "closed" && document.activeElement === document.body) returnFocus();
});
/** @type {HTMLElement | undefined} what opened the card */
let opener;

/**
 * Open the card of a bound element beside what opens it.
 *
 * @param {HTMLElement} element
 * @param {HTMLElement} origin
 * @param {string} title
 * @param {import("./run/follow.js").Followed} [followed] what a reader's own values made of it
 */
export async function showCard(element, origin, title, followed) {
  const { kind, code } = bindingOf(element);
  const close = make("button", "Close");
  close.className = "proof-card-close";
  close.addEventListener("click", () => card.hidePopover());
  const heading = make("p", kind === "claim" ? `“${title}”` : title);
  heading.id = "proof-card-title";
  const head = make("div", heading, close);
  head.className = "proof-card-head";
  let body;
  try {
    loading ??= load();
    const proofs = await loading;
    const proof = proofs.sections[sectionOf(element)]?.[kind]?.[code];
    body = proof
      ? facts(describe(kind, code, proof, Boolean(followed)), proof, proofs, element)
      : make("p", "This build has no proof of it. The command that checks the page says why.");
  } catch {
    loading = undefined;
    body = make("p", "The proofs could not be loaded. Are you offline? Open it again to retry.");
  }
  const own = followed ? [list(theirs(followed))] : [];
  card.replaceChildren(head, ...own, body);
  opener = origin;
  card.showPopover();
  moveBeside(origin);
  card.focus({ preventScroll: true });
}

/** @returns {Promise<Proofs>} */
async function load() {
  const answer = await fetch("proofs.json");
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

/** @param {HTMLElement} element */
function bindingOf(element) {
  const { expression, claim, given, literal } = element.dataset;
  if (claim !== undefined) return { kind: "claim", code: claim };
  if (given !== undefined) return { kind: "given", code: given };
  if (literal !== undefined) return { kind: "literal", code: literal };
  return { kind: "value", code: expression ?? "" };
}

/**
 * Give the id of the heading above, as proofs.json names the sections.
 *
 * @param {Element} element
 */
function sectionOf(element) {
  const above = [...document.querySelectorAll("article h2")].filter(
    (heading) =>
      heading.contains(element) ||
      heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return above.at(-1)?.id ?? "";
}

/**
 * @param {string} kind
 * @param {string} code
 * @param {Proof} proof
 * @param {boolean} isFollowed whether the reader has a value of their own
 * @returns {[string, Node[]][]}
 */
function describe(kind, code, proof, isFollowed) {
  if (kind === "literal") return [["Not computed", [make("span", code)]]];
  if (kind === "given") return [["Given here, not computed", [make("code", proof.value ?? "")]]];
  if (kind === "value") {
    return [
      [isFollowed ? "The lesson’s at full precision" : "At full precision", [make("code", proof.value ?? "")]],
      ["Expression", [make("code", code)]],
    ];
  }
  const verdict = proof.holds ? "True" : "Not true";
  const parts = (proof.parts ?? []).map(([part, value]) =>
    make("div", make("code", part), " is ", make("code", value)),
  );
  return [
    ["In code", [make("code", code)]],
    ["Result", [make("div", `${verdict} for the lesson’s values`), ...parts]],
  ];
}

/**
 * Say what a reader's own values make of it, and what the lesson has.
 *
 * @param {import("./run/follow.js").Followed} followed
 * @returns {[string, Node[]][]}
 */
function theirs({ state, value, why, parts, lesson }) {
  const shown = (parts ?? []).map(([part, text]) => make("div", make("code", part), " is ", make("code", text)));
  if (state === "lesson") return [["Still the lesson’s value", [make("span", `${why}.`)]]];
  if (state === "none") return [["With your values", [make("span", `It has no value here: ${why}.`)]], ["In the lesson", [make("span", lesson)]]];
  const words = { True: "True", False: "Not true" }[value];
  const verdict = words ? make("div", words) : make("code", value);
  /** @type {[string, Node[]][]} */
  const found = [["With your values", [verdict, ...shown]]];
  if (state === "yours") found.push(["In the lesson", [make("span", lesson)]]);
  return found;
}

/**
 * @param {[string, Node[]][]} described
 * @param {Proof} proof
 * @param {Proofs} proofs
 * @param {HTMLElement} element
 */
function facts(described, proof, proofs, element) {
  const givens = Object.entries(proof.givens ?? {}).map(([name, value]) =>
    make("div", make("code", `${name} = ${value}`)),
  );
  if (givens.length) described.push(["Given in the text", givens]);
  const places = new Map(proof.from.map((line) => [`${line.snippet}:${line.line}`, line]));
  const lines = [...places.values()].map((line) => sourceLine(line, proofs, element));
  if (lines.length) described.push(["Computed by", lines]);
  const snippets = new Set(proof.from.map((line) => proofs.snippets[line.snippet]));
  const confirmed = [...snippets].flatMap((snippet) => snippet?.confirmed ?? []).map(confirmation);
  const devices = [...new Set(confirmed)].map((text) => make("div", text));
  if (devices.length) described.push(["Run on", devices]);
  return list(described);
}

/** @param {[string, Node[]][]} described */
function list(described) {
  const entries = described.map(([term, nodes]) => make("div", make("dt", term), make("dd", ...nodes)));
  return make("dl", ...entries);
}

/** @param {Confirmation} known */
function confirmation({ device, status, machine, versions, date }) {
  const name = device.toUpperCase();
  if (status === "not run") return `${name}: not run`;
  const day = new Date(date).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  const numbers = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
  const verdict = {
    passed: "confirmed",
    failed: "another result",
    old: "confirmed before the code changed",
  }[status];
  return `${name}: ${verdict} on ${day} (${[machine, ...numbers].join(", ")})`;
}

/**
 * A link to a line of code, with the code where it stands on this page.
 *
 * @param {SourceLine} source
 * @param {Proofs} proofs
 * @param {HTMLElement} element
 */
function sourceLine({ snippet, name, line }, proofs, element) {
  const file = snippet.slice(snippet.lastIndexOf("/") + 1);
  const place = `${file}.py, line ${line}`;
  const page = proofs.snippets[snippet]?.page;
  if (page === undefined) return make("div", place, ": ", make("code", name));
  const link = make("a", place);
  link.href = `${page}#${file}-${line}`;
  const target = page ? null : document.getElementById(`${file}-${line}`);
  if (!target) return make("div", link, ": ", make("code", name));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(target, element);
  });
  const code = make("code", (target.textContent ?? "").trim());
  code.className = "proof-card-line";
  return make("div", link, code);
}

/**
 * Go to a line of code, and offer the way back.
 *
 * @param {HTMLElement} target
 * @param {HTMLElement} element
 */
function follow(target, element) {
  const origin = opener ?? element;
  card.hidePopover();
  for (let box = target.closest("details"); box; box = box.parentElement?.closest("details") ?? null) {
    box.open = true;
  }
  location.hash = target.id;
  const block = /** @type {HTMLElement | null} */ (target.closest(".snippet"));
  if (target.offsetParent === null) block?.scrollIntoView(); // its code is being edited
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  document.querySelector(".proof-back")?.remove();
  const back = make("button", "Back to the text");
  back.type = "button";
  back.className = "proof-back";
  back.addEventListener("click", () => {
    back.remove();
    element.scrollIntoView({ block: "center" });
    origin.focus({ preventScroll: true });
  });
  block?.after(back);
}

/** @param {HTMLElement} origin */
function moveBeside(origin) {
  const gap = 8; // pixels to the text and to the window's edges
  const line = [...origin.getClientRects()].at(-1) ?? origin.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth, offsetHeight } = card;
  const left = Math.min(line.left, clientWidth - offsetWidth - gap);
  const below = line.bottom + gap;
  const above = line.top - gap - offsetHeight;
  const fits = below + offsetHeight <= clientHeight - gap || above < gap;
  const top = fits ? Math.min(below, clientHeight - offsetHeight - gap) : above;
  card.style.left = `${Math.max(left, gap) + scrollX}px`;
  card.style.top = `${Math.max(top, gap) + scrollY}px`;
}

/**
 * Beyond its first and last control the card's reader goes on where it was opened.
 *
 * @param {KeyboardEvent} event
 */
function leave(event) {
  if (event.key !== "Tab") return;
  const controls = [...card.querySelectorAll("a, button")];
  const at = document.activeElement;
  if (at !== controls.at(-1) && !(event.shiftKey && (at === card || at === controls[0]))) return;
  if (at === controls.at(-1) && event.shiftKey && controls.length > 1) return;
  card.hidePopover();
  returnFocus();
  if (event.shiftKey) event.preventDefault();
}

function returnFocus() {
  opener?.focus({ preventScroll: true });
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}
