// Loads the practice when someone asks for it: with a button, or with a link to a problem.

/** @param {string} [kind] what to open, else what the address names */
async function open(kind) {
  try {
    (await import("./practice/page.js")).open(kind);
  } catch (error) {
    const trouble = document.querySelector(".practice-trouble");
    if (trouble) trouble.textContent = `The practice could not be loaded: ${error}`;
  }
}

/** @type {NodeListOf<HTMLElement>} */
const buttons = document.querySelectorAll("[data-practise]");
for (const button of buttons) button.addEventListener("click", () => open(button.dataset.practise));

if (new URLSearchParams(location.search).has("practice")) open();
