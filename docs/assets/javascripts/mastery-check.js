// The mastery check: counts what is left, checks the answers, says what went wrong where.
// Each choice's feedback stands in the folded answers, which open once a question is right.

import { follow, update } from "./progress.js";

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form.mastery-check");
const left = form?.querySelector(".questions-left");
const result = form?.querySelector(".mastery-result");
if (form && left && result) begin(form, left, result);

/**
 * @param {HTMLFormElement} form
 * @param {Element} left
 * @param {Element} result
 */
function begin(form, left, result) {
  const lesson = form.dataset.lesson ?? "";
  const needed = Number(form.dataset.needed);
  const questions = [...form.querySelectorAll("fieldset")].map(question);
  const total = questions.length;

  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    questions.find(({ name }) => name === target.name)?.unjudge();
    update(({ answers }) => {
      answers[lesson] = { ...answers[lesson], [target.name]: target.value };
    });
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const unanswered = questions.filter(({ chosen }) => !chosen());
    if (unanswered.length) {
      result.textContent = `Answer every question first: ${unanswered.length} of ${total} are left.`;
      unanswered[0].inputs[0].focus();
      return;
    }
    const wrong = questions.filter(({ judge }) => !judge());
    const right = total - wrong.length;
    const complete = right >= needed;
    result.replaceChildren(
      line("p", `${right} of ${total} right. `, complete ? "The lesson is complete." : `${needed} complete the lesson.`),
    );
    if (wrong.length) {
      const list = line("ul", ...wrong.map(({ retry }) => retry()));
      result.append(line("p", "To try again:"), list);
    }
    result.scrollIntoView({ block: "nearest" });
    count();
    if (complete) {
      update(({ completed }) => {
        if (!completed.includes(lesson)) completed.push(lesson);
      });
    }
  });

  function count() {
    const unanswered = questions.filter(({ chosen }) => !chosen()).length;
    const wrong = questions.filter(({ isWrong }) => isWrong()).length;
    const text = unanswered
      ? `${unanswered} question${unanswered === 1 ? "" : "s"} left`
      : wrong
        ? `${wrong} to try again`
        : `All ${total} answered`;
    if (left.textContent !== text) left.textContent = text;
  }

  follow(({ answers }) => {
    for (const { name, choose } of questions) choose(answers[lesson]?.[name]);
    count();
  });
}

/** @param {HTMLFieldSetElement} group */
function question(group) {
  const inputs = [...group.querySelectorAll("input")];
  const feedback = group.querySelector(".feedback");
  const answers = group.querySelector("details");
  const title = group.querySelector("legend")?.lastElementChild?.textContent ?? "";
  const chosen = () => inputs.find((input) => input.checked)?.value;

  function unjudge() {
    delete group.dataset.verdict;
    feedback?.replaceChildren();
    if (answers) answers.hidden = true;
  }
  unjudge();

  return {
    name: inputs[0].name,
    inputs,
    chosen,
    unjudge,
    isWrong: () => group.dataset.verdict === "wrong",
    judge() {
      const right = chosen() === "right";
      const told = group.querySelector(`[data-choice="${chosen()}"] .answer-feedback`);
      group.dataset.verdict = right ? "right" : "wrong";
      feedback?.replaceChildren(...(told?.cloneNode(true).childNodes ?? []));
      if (answers) answers.hidden = !right;
      return right;
    },
    retry() {
      const link = document.createElement("a");
      link.href = `#${group.id}`;
      link.textContent = title;
      return line("li", link, `: ${feedback?.querySelector("strong")?.textContent}`);
    },
    /** @param {string | undefined} wanted */
    choose(wanted) {
      if (chosen() === wanted) return;
      for (const input of inputs) input.checked = input.value === wanted;
      unjudge();
    },
  };
}

/**
 * @param {string} tag
 * @param {(string | Node)[]} content
 */
function line(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}
