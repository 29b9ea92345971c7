// The curriculum: a search of its topics, what comes next, and the progress as a file.

import { add, exported, follow, update } from "./progress.js";

/** @type {NodeListOf<HTMLElement>} */
const tracks = document.querySelectorAll(".track");
const topics = [...tracks].flatMap((track) => {
  const list = track.querySelector("ol");
  return [...(list?.children ?? [])].map((item, place) => {
    // A hidden item would not be counted.
    if (item instanceof HTMLLIElement && list) item.value = list.start + place;
    const title = item.querySelector(".topic")?.firstChild?.textContent?.trim() ?? "";
    const lesson = item.querySelector("[data-done]")?.getAttribute("data-done");
    return { item, title, lesson, words: `${title} ${track.querySelector("h2")?.textContent}` };
  });
});

/** @param {string} text */
const plain = (text) => text.toLowerCase().replaceAll("&", " and ");

/** @type {HTMLInputElement | null} */
const field = document.querySelector("#topic-search");
const found = document.querySelector(".curriculum-found");

field?.addEventListener("input", () => {
  const wanted = plain(field.value).split(/\s+/);
  let count = 0;
  for (const { item, words } of topics) {
    const fits = wanted.every((word) => plain(words).includes(word));
    item.toggleAttribute("hidden", !fits);
    count += Number(fits);
  }
  for (const track of tracks) track.hidden = !track.querySelector("li:not([hidden])");
  if (found) found.textContent = field.value.trim() && `${count} of ${topics.length} topics found`;
});

const next = document.querySelector(".curriculum-next");

follow(({ completed }) => {
  const written = topics.filter(({ lesson }) => lesson);
  const open = written.find(({ lesson }) => lesson && !completed.includes(lesson));
  const link = open?.item.querySelector("a")?.cloneNode(true);
  const after = topics[topics.indexOf(written[written.length - 1]) + 1];
  const last = after ? `${after.title} comes next, and is not written yet.` : "";
  if (link) next?.replaceChildren("Next for you: ", link);
  else next?.replaceChildren(`You have done every lesson that is written. ${last}`);
});

/**
 * @param {string} name
 * @param {() => void} act
 */
function enable(name, act) {
  document.querySelector(`button[data-progress="${name}"]`)?.addEventListener("click", act);
}

/** @param {string} message */
function say(message) {
  const status = document.querySelector(".progress-status");
  if (status) status.textContent = message;
}

enable("export", () => {
  const link = document.createElement("a");
  link.href = `data:application/json,${encodeURIComponent(exported())}`;
  link.download = "from-scratch-progress.json";
  link.click();
  say("Saved.");
});

enable("import", () => {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".json";
  chooser.addEventListener("change", async () => {
    const file = chooser.files?.[0];
    if (!file) return;
    try {
      await add(file);
      say(`${file.name} was added.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      say(`${file.name} was not added: ${reason}. Nothing has changed.`);
    }
  });
  chooser.click();
});

enable("reset", () => {
  if (!confirm("Forget all lessons completed and all answers given?")) return;
  update((progress) => Object.assign(progress, { completed: [], answers: {}, practice: {} }));
  say("All is forgotten.");
});
