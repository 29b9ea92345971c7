// The switch "Show where the numbers come from", remembered. What it needs is loaded once it is on.

const KEY = "proofs";
const button = document.createElement("button");
button.type = "button";
button.textContent = "Show where the numbers come from";
const status = document.createElement("p");
status.setAttribute("role", "status");
document.querySelector(".proofs-bar")?.append(button, status);

function remembered() {
  try {
    return localStorage.getItem(KEY) === "shown";
  } catch {
    return false; // the browser denies storage
  }
}

/** @param {boolean} shown */
function remember(shown) {
  try {
    localStorage.setItem(KEY, shown ? "shown" : "hidden");
  } catch {
    // then it holds for this page alone
  }
}

/** @param {boolean} shown */
async function show(shown) {
  button.setAttribute("aria-pressed", String(shown));
  if (!shown && !document.querySelector(".proofs-shown")) return;
  try {
    const { mark, unmark } = await import("./proof-marks.js");
    (shown ? mark : unmark)();
  } catch {
    button.setAttribute("aria-pressed", "false");
    status.textContent = "The marks could not be loaded. Are you offline?";
  }
}

button.addEventListener("click", async () => {
  const shown = button.getAttribute("aria-pressed") !== "true";
  remember(shown);
  status.textContent = shown ? "Open what is underlined to see its proof." : "";
  await show(shown);
});

show(remembered());
