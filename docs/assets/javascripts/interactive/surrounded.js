// A matrix with its padding around it, and a window's frame over both.

import { make } from "./element.js";

/**
 * @typedef {import("./arithmetic.js").Sides} Sides
 * @typedef {{ row: number, column: number, side: number }} Frame the window's first pixel, and how many it spans
 */

/** The cells of the padding are seen, but not reached: the matrix's own are.
 * @param {ReturnType<typeof import("./controls.js").matrix>} matrix
 */
export function surrounded(matrix) {
  const frame = make("div", { class: "window-frame" });
  const element = make("div", { class: "surrounded" }, matrix.element, frame);
  let drawn = "";

  /** @param {HTMLElement} part @param {number} row @param {number} column @param {number} [rows] @param {number} [columns] */
  const put = (part, row, column, rows = 1, columns = 1) =>
    (part.style.gridArea = `${row + 1} / ${column + 1} / span ${rows} / span ${columns}`);

  return {
    ...matrix,
    element,
    /**
     * @param {number[][]} values
     * @param {Parameters<typeof matrix.show>[1]} look
     * @param {number} padding on each side
     * @param {string} text in each cell of the padding
     * @param {Frame} [window]
     */
    show(values, look, padding, text, window) {
      matrix.show(values, look);
      const [rows, columns] = [values.length, values[0]?.length ?? 0];
      const shape = [rows, columns, padding, text].join();
      if (shape !== drawn) {
        drawn = shape;
        element.querySelectorAll(".padded").forEach((cell) => cell.remove());
        for (let row = 0; row < rows + 2 * padding; row++) {
          for (let column = 0; column < columns + 2 * padding; column++) {
            const [down, along] = [row - padding, column - padding];
            if (down >= 0 && down < rows && along >= 0 && along < columns) continue;
            const cell = make("span", { class: "matrix-cell padded", "aria-hidden": "true" }, text);
            put(cell, row, column);
            frame.before(cell);
          }
        }
        put(matrix.element, padding, padding, rows, columns);
        const ring = padding ? `repeat(${padding}, minmax(0, var(--cell)))` : "";
        element.style.gridTemplateColumns = `${ring} repeat(${columns}, minmax(var(--cell-least, 0), var(--cell))) ${ring}`;
      }
      frame.hidden = !window;
      if (window) put(frame, window.row + padding, window.column + padding, window.side, window.side);
    },
  };
}
