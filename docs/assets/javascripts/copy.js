// A button in the head of each snippet that copies its code. (The theme's own sits in a
// landmark of its own, without a name, once for each snippet.)

/** @type {NodeListOf<HTMLElement>} */
const snippets = document.querySelectorAll(".snippet");
for (const snippet of snippets) {
  const code = snippet.querySelector("code");
  const title = snippet.querySelector(".snippet-title");
  const header = snippet.querySelector(".snippet-header");
  if (!code || !title || !header || !navigator.clipboard) continue;

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-describedby", title.id);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  header.append(status, button);

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(snippet.dataset.changed ?? code.textContent ?? "");
      status.textContent = "Copied";
    } catch {
      status.textContent = "The browser refused";
    }
  });
  button.addEventListener("blur", () => {
    status.textContent = "";
  });
}
