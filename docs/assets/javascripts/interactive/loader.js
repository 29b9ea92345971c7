// Brings each interactive figure of a page to life when a reader comes near it. One that cannot be
// loaded stays the drawing that it is, until it comes near again or the network is back.

/** @typedef {import("./element.js").InteractiveFigure<any>} InteractiveFigure */

const near = new IntersectionObserver(
  (entries) => entries.forEach(({ isIntersecting, target }) => isIntersecting && enliven(target)),
  { rootMargin: "100% 0px" },
);
const loading = new Set();

/** @type {Promise<unknown> | undefined} */
let styles;

function loadStyles() {
  styles ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../../stylesheets/interactive.css", import.meta.url).href;
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove();
      styles = undefined;
      reject();
    });
    document.head.append(link);
  });
  return styles;
}

/** @param {Element} element */
async function enliven(element) {
  if (loading.has(element)) return;
  loading.add(element);
  try {
    await loadStyles();
    await import(`./${element.localName}.js`);
    await /** @type {InteractiveFigure} */ (element).enliven();
    near.unobserve(element);
    element.classList.remove("still");
  } catch {
    element.classList.add("still"); // without the room for what does not come
  }
  loading.delete(element);
}

function look() {
  for (const element of document.querySelectorAll(".interactive:not(.alive)")) {
    near.unobserve(element);
    near.observe(element);
  }
}

look();
addEventListener("online", look);
