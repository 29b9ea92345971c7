// Run for each block of code that runs in the page. What it needs is loaded at the first press.

/** @type {NodeListOf<HTMLElement>} */
const blocks = document.querySelectorAll(".snippet[data-run]");

for (const block of blocks) {
  const header = block.querySelector(".snippet-header");
  const title = block.querySelector(".snippet-title");
  if (!header || !title) continue;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const run = document.createElement("button");
  run.type = "button";
  run.className = "snippet-run";
  run.textContent = "Run";
  run.setAttribute("aria-describedby", title.id);
  header.append(status, run);

  run.addEventListener("click", async () => {
    block.ariaBusy = "true";
    try {
      const { press } = await import("./block.js");
      status.textContent = "";
      press(block, run);
    } catch {
      block.ariaBusy = "false";
      status.textContent = "Could not be loaded. Are you offline?";
    }
  });
}
