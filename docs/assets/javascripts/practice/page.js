// The practice on the page: shows a problem, reads and judges the answer, says which mistake led to
// it, and makes the next one harder or easier. The address names the problem.

import { button, make } from "../interactive/element.js";
import { follow, update } from "../progress.js";
import { boxes } from "../scrollable.js";
import { judge, read, written } from "./answers.js";
import { KINDS, LEVELS, SEEDS, problem } from "./problems.js";

/**
 * @typedef {import("./problems.js").Problem} Problem
 * @typedef {{ kind: string, level: number, seed: number }} Name
 */

const PARAMETER = "practice";
const LEVEL_NAMES = ["foundational", "intermediate", "advanced"]; // as the lesson calls them
const IN_A_ROW = 2; // answers, right or wrong, that change the level

const offer = /** @type {HTMLElement} */ (document.querySelector(".practice"));
const trouble = /** @type {HTMLElement} */ (offer.querySelector(".practice-trouble"));
const lesson = offer.dataset.lesson ?? "";

/** @type {Record<string, string>} */
let levels = {};
follow(({ practice }) => {
  levels = practice[lesson] ?? {};
});

/** @param {string} kind */
const levelOf = (kind) => Math.max(LEVEL_NAMES.indexOf(levels[kind]), 0) + 1;

/** How often in a row each kind was right (above zero) or wrong (below).
 * @type {Map<string, number>}
 */
const runs = new Map();

/** @type {HTMLElement | undefined} */
let panel;

/**
 * Opens a fresh problem of a kind, or the problem that the address names.
 * @param {string} [kind]
 */
export function open(kind) {
  if (kind) show(fresh(kind));
  else openNamed();
}

addEventListener("popstate", () => {
  if (named() !== null) openNamed();
});

/** @param {string} kind @returns {Name} */
const fresh = (kind) => ({ kind, level: levelOf(kind), seed: Math.floor(Math.random() * SEEDS) });

const named = () => new URLSearchParams(location.search).get(PARAMETER);

function openNamed() {
  const name = named() ?? "";
  const [, kind, level, seed] = name.match(/^([a-z-]{1,40})\.(\d)\.(\d{1,5})$/) ?? [];
  if (item(kind) && KINDS.includes(kind) && Number(level) >= 1 && Number(level) <= LEVELS) {
    show({ kind, level: Number(level), seed: Number(seed) });
    return;
  }
  const told = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  trouble.textContent = `The address asks for the problem “${told}”, which there is not. Choose a kind below.`;
  trouble.scrollIntoView({ block: "center" });
}

/** @param {string} kind */
const item = (kind) => [...offer.querySelectorAll("[data-kind]")].find((one) => one.getAttribute("data-kind") === kind);

/** @param {Name} name */
const nameOf = ({ kind, level, seed }) => `${kind}.${level}.${seed}`;

/** The page's own address, with what else it says. @param {Name} name */
function address(name) {
  const url = new URL(location.href);
  url.searchParams.set(PARAMETER, nameOf(name));
  url.hash = "";
  return url.href;
}

/** @param {Name} name */
function show(name) {
  trouble.textContent = "";
  panel?.remove();
  panel = problemPanel(name, problem(name.kind, name.level, name.seed));
  item(name.kind)?.append(panel);
  history.replaceState(history.state, "", address(name));
  panel.querySelector("h4")?.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "start" });
}

/**
 * @param {Name} name
 * @param {Problem} drawn
 */
function problemPanel(name, drawn) {
  const { kind, level, seed } = name;
  const { text, form: wanted, steps } = drawn;
  let open = true; // until the first answer, or a look at the solution, has decided

  const title = make("h4", {}, `Problem ${seed}, ${LEVEL_NAMES[level - 1]}`);
  title.tabIndex = -1;
  const standing = make("p", { class: "practice-level" });
  const feedback = make("div", { class: "practice-feedback", role: "status" });
  const input = make("input", {
    id: "practice-answer",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "practice-form practice-told",
  });
  const solution = make(
    "details",
    { class: "practice-solution" },
    make("summary", {}, "Solution, step by step"),
    make("ol", {}, ...steps.map(({ text, math }) => make("li", {}, text, ...(math ? [" ", ...equations(math)] : [])))),
  );
  const form = make(
    "form",
    { class: "practice-problem", "aria-label": "A problem to practise" },
    title,
    standing,
    ...passages(text),
    make("p", { class: "practice-answer" }, make("label", { for: input.id }, "Your answer"), input, make("button", { type: "submit" }, "Check")),
    make("p", { id: "practice-form", class: "practice-form" }, `${capital(wanted.wanted)}, such as ${wanted.example}.`),
    feedback,
    make(
      "p",
      { class: "practice-buttons" },
      button("Another one like this", () => show(fresh(kind))),
      ...("clipboard" in navigator ? [button("Copy link to this problem", copy)] : []),
    ),
    solution,
  );
  feedback.id = "practice-told";

  async function copy() {
    const link = `${location.href.split(/[?#]/)[0]}?${PARAMETER}=${nameOf(name)}`;
    try {
      await navigator.clipboard.writeText(link);
      say("told", "Link copied.");
    } catch {
      say("told", `The browser refused. The link is ${link}`);
    }
  }

  /**
   * @param {string} verdict
   * @param {(string | Node)[]} content
   */
  function say(verdict, ...content) {
    feedback.dataset.verdict = verdict;
    feedback.replaceChildren(...content);
    feedback.scrollIntoView({ block: "nearest" });
  }

  /** The first answer decides: later ones, or those after a look at the solution, change no level.
   * @param {boolean} right
   */
  function decide(right) {
    const message = open && level === levelOf(kind) ? count(kind, right) : "";
    open = false;
    tellLevel();
    return message;
  }

  function tellLevel() {
    const own = levelOf(kind);
    const reached = `Your level here: ${LEVEL_NAMES[own - 1]}, ${own} of ${LEVELS}.`;
    const rule = open && level !== own ? " This problem is of another level and does not change yours." : "";
    standing.textContent = reached + rule;
  }
  tellLevel();

  solution.addEventListener("toggle", () => {
    if (open && level === levelOf(kind)) standing.append(" You looked at the solution, so this problem does not count.");
    open = false;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reading = read(input.value, wanted);
    if ("refused" in reading) {
      say("unread", make("p", {}, make("strong", {}, "Not read."), ` ${reading.refused} This does not count as wrong.`));
      input.focus();
      return;
    }
    const answer = written(reading.numbers, wanted, reading.decimals);
    const judged = judge(reading, drawn);
    if (judged.verdict === "rounded") {
      say("unread", make("p", {}, make("strong", {}, "Not exact enough."), ` ${answer} is rounded. Give ${judged.decimals} decimals. This does not count as wrong.`));
      input.focus();
      return;
    }
    if (judged.verdict === "right") {
      const change = decide(true);
      say("right", make("p", {}, make("strong", {}, "Right."), ` ${written(drawn.answer, wanted)}. ${change}`));
      return;
    }
    const change = decide(false);
    const partly = judged.right.length ? ` The ${judged.right.join(" and the ")} ${judged.right.length > 1 || judged.right[0].endsWith("s") ? "are" : "is"} right.` : "";
    const told = judged.mistakes.map(advice);
    if (!told.length) {
      told.push(make("p", {}, make("strong", {}, "Not right."), " No mistake that is known here leads to that. Try again, or follow the solution."));
    }
    say("wrong", make("p", {}, `Read as ${answer}.${partly}`), ...told, ...(change ? [make("p", {}, change)] : []));
    input.focus();
  });
  return form;
}

/**
 * Counts an answer; says what it changes.
 * @param {string} kind
 * @param {boolean} right
 */
function count(kind, right) {
  const before = runs.get(kind) ?? 0;
  const run = right ? Math.max(before, 0) + 1 : Math.min(before, 0) - 1;
  const level = levelOf(kind);
  const next = level + (run >= IN_A_ROW ? 1 : 0) - (run <= -IN_A_ROW ? 1 : 0);
  if (next === level) {
    runs.set(kind, run);
    return right && level < LEVELS ? `One more in a row leads to the level ${LEVEL_NAMES[level]}.` : "";
  }
  runs.set(kind, 0);
  if (next < 1 || next > LEVELS) return "";
  update(({ practice }) => {
    practice[lesson] = { ...practice[lesson], [kind]: LEVEL_NAMES[next - 1] };
  });
  return right
    ? `That was ${IN_A_ROW} in a row: the next one is ${LEVEL_NAMES[next - 1]}.`
    : `The next one is easier: ${LEVEL_NAMES[next - 1]}.`;
}

/**
 * What the page says about a mistake.
 * @param {string} mistake
 */
function advice(mistake) {
  const told = [...offer.querySelectorAll("[data-mistake]")].find((one) => one.getAttribute("data-mistake") === mistake);
  return make("p", {}, ...(told?.cloneNode(true).childNodes ?? [mistake]));
}

/**
 * What a problem says; its tables stand beside each other where there is room.
 * @param {import("./problems.js").Passage[]} text
 */
function passages(text) {
  const tables = make("div", { class: "practice-tables" });
  return text.map((part) => {
    if (typeof part === "string") return make("p", {}, part);
    if (Array.isArray(part)) return make("ol", {}, ...part.map((text) => make("li", {}, text)));
    tables.append(table(part));
    boxes.observe(tables);
    return tables;
  });
}

/** @param {import("./problems.js").Table} table */
function table({ caption, rows }) {
  const heads = rows[0].map((_, column) => make("th", { scope: "col" }, String(column + 1)));
  const body = rows.map((row, index) =>
    make("tr", {}, make("th", { scope: "row" }, String(index + 1)), ...row.map((number) => make("td", {}, number))),
  );
  return make(
    "table",
    { class: "plain" },
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, make("td"), ...heads)),
    make("tbody", {}, ...body),
  );
}

/** Each equation on a line of its own; a product is not broken. @param {string} math */
const equations = (math) =>
  math.split("; ").map((line) => make("span", { class: "practice-equation" }, line.replaceAll(" · ", "\u00a0·\u00a0")));

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);
