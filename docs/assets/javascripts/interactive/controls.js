// The figures' controls: matrices of numbers to edit or to point at, steppers and choices.

import { button, make } from "./element.js";
import { brief, read, within, written } from "./numbers.js";

const STEPS = 9; // of each ramp of colours

/** A photo's pixel, from 0 (black) to 1 (white). @param {number} value */
export function pixel(value) {
  return `pixel-${Math.round(Math.min(1, Math.max(0, value)) * (STEPS - 1))}`;
}

/** A signed value, between -most and most. @param {number} most @returns {(value: number) => string} */
export function signed(most) {
  return (value) => {
    const share = Math.min(1, Math.abs(value) / (most || 1));
    return `${value < 0 ? "negative" : "positive"}-${Math.round(share * (STEPS - 1))}`;
  };
}

/** A count, from 0 to most. @param {number} most @returns {(value: number) => string} */
export function counted(most) {
  return (value) => `window-${Math.round(Math.min(1, value / (most || 1)) * (STEPS - 1))}`;
}

/** Says, as the figure's note, what a control takes. @param {Element} control @param {string} what @param {{ low: number, high: number }} limits */
function remark(control, what, { low, high }) {
  const detail = `${what} from ${written(low)} to ${written(high)}.`;
  control.dispatchEvent(new CustomEvent("remark", { bubbles: true, detail }));
}

/**
 * @typedef {object} Matrix
 * @property {string} label what the matrix is, as in "Patch"
 * @property {(row: number, column: number) => string} [name] of one cell, after the label; counted from one unless given
 * @property {number} [decimals] shown in a cell
 * @property {number} [least] of these decimals stand even where they are zero; all, unless given
 * @property {{ low: number, high: number, step: number, decimals: number, change: (row: number, column: number, value: number) => void, fixed?: (row: number, column: number) => boolean }} [edit]
 *   the cells' values can be typed, dragged sideways and stepped by arrow keys; not those of fixed cells
 * @property {(row: number, column: number) => void} [press] a cell was clicked, or Enter pressed in it; in a matrix that cannot be edited
 * @property {(place: [number, number] | null) => void} [point] the pointer or the focus is on a cell, or on none any more
 */

/**
 * A matrix of numbers. One cell is reached by Tab; Left, Right, Home and End move on from it, and so do Up
 * and Down, with Ctrl where they would change the value.
 * @param {Matrix} options
 */
export function matrix({ label, name, decimals = 2, least = decimals, edit, press, point }) {
  const element = make("div", { class: "matrix", role: "group", "aria-label": label });
  const cellName = name ?? ((row, column) => `row ${row + 1}, column ${column + 1}`);
  /** @type {number[][]} */
  let shown = [];
  /** @type {HTMLElement[]} */
  let cells = [];
  let columns = 0;
  /** @type {[number, number]} */
  const place = [0, 0];

  /** @param {Element} cell @returns {[number, number]} */
  const placeOf = (cell) => {
    const index = cells.indexOf(/** @type {HTMLElement} */ (cell));
    return [Math.floor(index / columns), index % columns];
  };

  /** @param {EventTarget | null} target */
  const cellAt = (target) => (target instanceof Element ? cells.find((cell) => cell === target) : undefined);

  /** @param {number} index @param {boolean} [focus] */
  function arrive(index, focus = true) {
    const to = Math.min(cells.length - 1, Math.max(0, index));
    [place[0], place[1]] = [Math.floor(to / columns), to % columns];
    cells.forEach((cell, i) => (cell.tabIndex = i === to ? 0 : -1));
    if (focus) cells[to].focus();
  }

  /** @param {HTMLElement} cell @param {number} value */
  function put(cell, value) {
    if (!edit) return;
    const [row, column] = placeOf(cell);
    if (edit.fixed?.(row, column)) return;
    const next = within(value, edit.low, edit.high, edit.decimals);
    if (next === shown[row][column]) return;
    shown[row][column] = next; // the next key may come before the figure is shown anew
    edit.change(row, column, next);
  }

  /** The reader is in the middle of typing. @param {HTMLElement} cell */
  const typing = (cell) => cell instanceof HTMLInputElement && cell.dataset.typing === "";

  /** What stands in a cell until the next frame. @param {HTMLInputElement} cell */
  const drawn = (cell) => cell.getAttribute("aria-valuetext") ?? "";

  /** @param {HTMLElement} cell */
  function commit(cell) {
    if (!(cell instanceof HTMLInputElement) || !typing(cell)) return;
    delete cell.dataset.typing;
    const value = read(cell.value);
    if (!Number.isNaN(value)) put(cell, value);
    cell.value = drawn(cell);
    if (edit && !(value >= edit.low && value <= edit.high)) remark(cell, `${label}: a number`, edit);
  }

  element.addEventListener("keydown", (event) => {
    const cell = cellAt(event.target);
    if (!cell) return;
    const index = cells.indexOf(cell);
    const [row, column] = placeOf(cell);
    const { key } = event;
    if (typing(cell) && key !== "Enter" && key !== "Escape" && !key.startsWith("Arrow")) return;
    if (typing(cell) && (key === "ArrowLeft" || key === "ArrowRight")) return;
    const vertical = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
    const big = key === "PageUp" ? 10 : key === "PageDown" ? -10 : 0;
    if (key === "Enter") {
      commit(cell);
      if (!edit) return; // a button presses itself
    } else if (key === "Escape" && cell instanceof HTMLInputElement) {
      delete cell.dataset.typing;
      cell.value = drawn(cell);
    } else if (edit && (big || (vertical && !event.ctrlKey && !event.metaKey))) {
      commit(cell);
      const now = shown[row][column];
      put(cell, now + edit.step * (big || -vertical * (event.shiftKey ? 10 : 1)));
    } else if (vertical) arrive(index + vertical * columns < 0 || index + vertical * columns >= cells.length ? index : index + vertical * columns);
    else if (key === "ArrowLeft") arrive(index - 1);
    else if (key === "ArrowRight") arrive(index + 1);
    else if (key === "Home") arrive(event.ctrlKey ? 0 : index - column);
    else if (key === "End") arrive(event.ctrlKey ? cells.length - 1 : index - column + columns - 1);
    else return;
    event.preventDefault();
  });

  element.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) target.dataset.typing = "";
  });
  element.addEventListener("focusin", ({ target }) => {
    const cell = cellAt(target);
    if (!cell) return;
    arrive(cells.indexOf(cell), false);
    if (cell instanceof HTMLInputElement) cell.select();
    point?.(placeOf(cell));
  });
  element.addEventListener("focusout", ({ target }) => {
    const cell = cellAt(target);
    if (cell) commit(cell);
    point?.(null);
  });

  if (press) {
    element.addEventListener("click", ({ target }) => {
      const cell = cellAt(target);
      if (cell) press(...placeOf(cell));
    });
  }
  if (point) {
    element.addEventListener("pointerover", ({ target }) => {
      const cell = cellAt(target);
      if (cell) point(placeOf(cell));
    });
    element.addEventListener("pointerleave", () => point(null));
  }
  if (edit) {
    element.addEventListener("dragstart", (event) => event.preventDefault()); // of the selected text
    // A drag sideways turns a value; up and down stays the page's own scrolling.
    element.addEventListener("pointerdown", (down) => {
      const cell = cellAt(down.target);
      if (!cell || down.button !== 0) return;
      const [row, column] = placeOf(cell);
      const from = shown[row][column];
      let dragged = false;
      /** @param {PointerEvent} move */
      const drag = (move) => {
        if (move.pointerId !== down.pointerId) return;
        const steps = Math.trunc((move.clientX - down.clientX) / 6);
        if (!dragged && steps === 0) return;
        if (!dragged) cell.setPointerCapture(down.pointerId);
        dragged = true;
        element.classList.add("dragged");
        put(cell, from + steps * edit.step);
      };
      const end = () => {
        element.classList.remove("dragged");
        removeEventListener("pointermove", drag);
        removeEventListener("pointerup", end);
        removeEventListener("pointercancel", end);
      };
      // A quick pointer leaves the matrix with its first move.
      addEventListener("pointermove", drag);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    });
  }

  /** @param {number} rows @param {number} wide */
  function size(rows, wide) {
    if (cells.length === rows * wide && columns === wide) return;
    const focused = cells.some((cell) => cell === document.activeElement);
    columns = wide;
    cells = Array.from({ length: rows * wide }, () =>
      edit
        ? make("input", { class: "matrix-cell", type: "text", inputmode: edit.low < 0 ? "text" : "decimal", role: "spinbutton", autocomplete: "off" })
        : make("button", { class: "matrix-cell", type: "button" }),
    );
    element.style.setProperty("--columns", String(wide));
    element.replaceChildren(...cells);
    arrive(Math.min(place[0], rows - 1) * wide + Math.min(place[1], wide - 1), focused);
  }

  return {
    element,
    /**
     * @param {number[][]} values
     * @param {{ fill: (value: number, row: number, column: number) => string, marks?: (row: number, column: number) => string, text?: (value: number, row: number, column: number) => string }} look
     *   fill: a colour's name; marks: classes of a cell, such as "seen" or "chosen"
     */
    show(values, { fill, marks, text }) {
      shown = values.map((row) => [...row]);
      size(values.length, values[0]?.length ?? 0);
      cells.forEach((cell, index) => {
        const [row, column] = [Math.floor(index / columns), index % columns];
        const value = values[row][column];
        const words = text?.(value, row, column) ?? (edit ? written : brief)(value, decimals, least);
        const token = fill(value, row, column);
        const looks = `matrix-cell ${marks?.(row, column) ?? ""}`.trim();
        if (cell.className !== looks) cell.className = looks;
        if (cell.dataset.fill !== token) {
          cell.dataset.fill = token;
          cell.style.setProperty("--fill", `var(--figure-${token})`);
        }
        cell.toggleAttribute("data-negative", value < 0);
        if (cell instanceof HTMLInputElement) {
          if (!typing(cell)) cell.value = words;
          cell.readOnly = edit?.fixed?.(row, column) ?? false;
          cell.setAttribute("aria-label", `${label}, ${cellName(row, column)}`);
          cell.setAttribute("aria-valuenow", String(value));
          cell.setAttribute("aria-valuetext", words);
          cell.setAttribute("aria-valuemin", String(edit?.low));
          cell.setAttribute("aria-valuemax", String(edit?.high));
        } else {
          // A new text under the pointer would bring the pointer over the cell again, without end.
          if (cell.textContent !== words) cell.textContent = words;
          cell.setAttribute("aria-label", `${label}, ${cellName(row, column)}: ${words}`);
        }
      });
    },
    /** Makes a cell the one that Tab reaches. @param {number} row @param {number} column */
    stand(row, column) {
      arrive(row * columns + column, false);
    },
    /** Moves the focus to a cell. @param {number} row @param {number} column */
    focus(row, column) {
      arrive(row * columns + column);
    },
  };
}

/** A whole number with buttons for one less and one more; it can also be typed.
 * @param {{ label: string, low: number, high: number, change: (value: number) => void }} options
 */
export function stepper({ label, low, high, change }) {
  const input = make("input", { type: "text", inputmode: "numeric", role: "spinbutton", autocomplete: "off", "aria-label": label });
  let value = low;
  let typing = false; // a frame that is drawn meanwhile leaves what the reader has begun
  /** @param {number} next */
  const put = (next) => {
    typing = false;
    const nearest = Number.isNaN(next) ? value : within(next, low, high, 0);
    input.value = written(nearest);
    if (nearest === value) return;
    value = nearest; // the next key may come before the figure is shown anew
    change(nearest);
  };
  const less = button("−", () => put(value - 1), { "aria-label": `${label}: one less`, tabindex: "-1" });
  const more = button("+", () => put(value + 1), { "aria-label": `${label}: one more`, tabindex: "-1" });
  const typed = () => read(input.value.replace(/,(?=\d{3}\b)/g, ""));
  input.addEventListener("change", () => {
    const next = typed();
    put(next);
    if (!(Number.isInteger(next) && next >= low && next <= high)) remark(input, `${label}: a whole number`, { low, high });
  });
  input.addEventListener("input", () => (typing = true));
  input.addEventListener("blur", () => put(value));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") put(value);
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps) return;
    event.preventDefault();
    put((Number.isNaN(typed()) ? value : typed()) + steps);
  });
  const element = make("div", { class: "stepper" }, make("span", { "aria-hidden": "true" }, label), make("div", {}, less, input, more));
  return {
    element,
    /** @param {number} next @param {boolean} [possible] whether the setting makes sense with the others */
    show(next, possible = true) {
      value = next;
      if (!typing) input.value = written(next);
      input.setAttribute("aria-valuenow", String(next));
      input.setAttribute("aria-valuemin", String(low));
      input.setAttribute("aria-valuemax", String(high));
      input.setAttribute("aria-invalid", String(!possible));
      less.disabled = next <= low;
      more.disabled = next >= high;
    },
  };
}

let groups = 0;

/** One of a few: a group of radio buttons.
 * @template {string} Choice
 * @param {{ label: string, choices: readonly (readonly [Choice, string])[], change: (choice: Choice) => void }} options
 */
export function choice({ label, choices, change }) {
  const name = `interactive-choice-${++groups}`;
  const element = make("fieldset", { class: "choice" }, make("legend", {}, label));
  const inputs = choices.map(([value, text]) => {
    const input = make("input", { type: "radio", name, value });
    input.addEventListener("change", () => change(value));
    element.append(make("label", {}, input, text));
    return input;
  });
  return {
    element,
    /** @param {Choice} chosen */
    show(chosen) {
      for (const input of inputs) input.checked = input.value === chosen;
    },
  };
}
