// Run and Edit for each block of code that runs in the page. What they need is loaded at the first
// press, and for a link that carries a change.

/** @type {NodeListOf<HTMLElement>} */
const blocks = document.querySelectorAll(".snippet[data-run]");

for (const block of blocks) {
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  block.querySelector(".snippet-header")?.append(status);
  /**
   * @param {"run" | "edit"} act
   * @param {string} text
   */
  const add = (act, text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `snippet-${act}`;
    button.textContent = text;
    button.setAttribute("aria-describedby", block.querySelector(".snippet-title")?.id ?? "");
    status.after(button);
    button.addEventListener("click", async ({ detail }) => {
      if (detail > 1) return; // a double click is one press, and no Stop
      if (act === "run") block.ariaBusy = "true";
      try {
        const { blockOf } = await import("./block.js");
        status.textContent = "";
        await blockOf(block)[act]();
      } catch {
        block.ariaBusy = "false";
        status.textContent = "Could not be loaded. Are you offline?";
      }
    });
  };
  add("run", "Run");
  add("edit", isChanged(block) ? "Your change" : "Edit");
}

/** @param {HTMLElement} block */
function isChanged(block) {
  try {
    return localStorage.getItem(`from-scratch-change/${block.dataset.snippet}`) !== null;
  } catch {
    return false; // the browser denies storage
  }
}

async function showLink() {
  if (location.hash.startsWith("#change=")) (await import("./block.js")).showLink();
}

addEventListener("hashchange", showLink);
showLink();
