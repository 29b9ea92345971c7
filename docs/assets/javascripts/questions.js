// Counts down the questions whose answer the reader has not opened yet.

const count = document.querySelector(".questions-left");
const closed = new Set(document.querySelectorAll("details.question:not([open])"));

if (count) {
  const total = closed.size;
  count.setAttribute("role", "status");
  for (const question of closed) {
    question.addEventListener("toggle", () => {
      if (!closed.delete(question)) return;
      count.textContent = closed.size
        ? `${closed.size} of ${total} questions to answer`
        : `All ${total} answers opened`;
    });
  }
}
