// How far the reader has come: lessons completed, answers given, levels of practice reached. It is
// kept in this browser alone, its tabs agree, and where nothing can be stored it lasts as long as
// the page.

/** @typedef {Record<string, Record<string, string>>} Entries by lesson, then by question or kind */
/** @typedef {{ completed: string[], answers: Entries, practice: Entries }} Progress */

const NAME = "from-scratch-progress";
const VERSION = 1;
const KEY = `${NAME}-${VERSION}`;
const LARGEST = 256; // KB of a file

/** @type {Set<(progress: Progress) => void>} */
const followers = new Set();
/** @type {Progress | undefined} */
let unstored;
let trouble = "";

/** @returns {Progress} */
function read() {
  if (unstored) return unstored;
  const nothing = { completed: [], answers: {}, practice: {} };
  try {
    const stored = localStorage.getItem(KEY);
    return stored ? parse(stored) : nothing;
  } catch (error) {
    if (error instanceof DOMException) forgetful(nothing, error);
    else trouble = `What this browser had stored begins anew: ${error}.`;
    return nothing;
  }
}

/** @param {(progress: Progress) => void} change */
export function update(change) {
  const progress = structuredClone(read());
  change(progress);
  trouble = "";
  unstored = undefined;
  try {
    localStorage.setItem(KEY, written(progress));
  } catch (error) {
    forgetful(progress, error);
  }
  tell();
}

/**
 * @param {Progress} progress
 * @param {unknown} error
 */
function forgetful(progress, error) {
  unstored = progress;
  const full = error instanceof DOMException && error.name === "QuotaExceededError";
  const reason = full ? "has no room left" : "refuses to store anything";
  trouble = `Nothing will be remembered: this browser ${reason}.`;
}

/** @param {Progress} progress */
const written = (progress) => JSON.stringify({ [NAME]: VERSION, ...progress });

/** @returns {string} what a file holds that another browser can add */
export const exported = () => written(read());

/**
 * Adds what a file holds; throws an Error with the reason where it cannot.
 * @param {File} file
 */
export async function add(file) {
  if (file.size > LARGEST * 1024) throw new Error(`it is larger than ${LARGEST} KB`);
  const added = parse(await file.text());
  update((progress) => {
    progress.completed = [...new Set([...progress.completed, ...added.completed])];
    for (const name of /** @type {const} */ (["answers", "practice"])) {
      for (const [lesson, given] of Object.entries(added[name])) {
        progress[name][lesson] = { ...progress[name][lesson], ...given };
      }
    }
  });
}

/**
 * @param {string} text
 * @returns {Progress}
 */
function parse(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("it is no JSON");
  }
  const version = data?.[NAME];
  if (typeof version !== "number") throw new Error("it holds no progress of this site");
  if (version > VERSION) throw new Error("a later version of this site wrote it");
  const { completed, answers, practice = {} } = data; // the first files knew no practice
  if (!Array.isArray(completed) || !completed.every(isName)) {
    throw new Error("its list of completed lessons is damaged");
  }
  if (!isEntries(answers)) throw new Error("its answers are damaged");
  if (!isEntries(practice)) throw new Error("its levels of practice are damaged");
  return { completed, answers, practice };
}

/** @param {unknown} value */
const isName = (value) => typeof value === "string" && /^[a-z0-9-]{1,100}$/.test(value);

/**
 * @param {unknown} value
 * @param {(entry: unknown) => boolean} check
 */
const isRecord = (value, check) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([name, entry]) => isName(name) && check(entry));

/** @param {unknown} value */
const isEntries = (value) => isRecord(value, (given) => isRecord(given, isName));

/**
 * Calls a function now and whenever the progress changes, here or in another tab.
 * @param {(progress: Progress) => void} follower
 */
export function follow(follower) {
  followers.add(follower);
  follower(read());
}

function tell() {
  const progress = read();
  for (const follower of followers) follower(progress);
}

addEventListener("storage", ({ key }) => {
  if (key === KEY || key === null) tell();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) tell(); // a page that was put aside heard nothing
});

/** @type {NodeListOf<HTMLElement>} */
const scripted = document.querySelectorAll(".scripted");
for (const element of scripted) element.hidden = false;

/** @type {NodeListOf<HTMLProgressElement>} */
const bars = document.querySelectorAll("progress[data-lessons]");
/** @type {NodeListOf<HTMLElement>} */
const marks = document.querySelectorAll("[data-done]");
const troubles = document.querySelectorAll(".progress-trouble");

follow(({ completed }) => {
  for (const bar of bars) {
    const lessons = new Set(bar.dataset.lessons?.split(" "));
    bar.value = completed.filter((lesson) => lessons.has(lesson)).length;
    const count = bar.nextElementSibling;
    if (count) count.textContent = `${bar.value} of ${bar.max} done`;
  }
  for (const mark of marks) mark.hidden = !completed.includes(mark.dataset.done ?? "");
  for (const place of troubles) place.textContent = trouble;
});
