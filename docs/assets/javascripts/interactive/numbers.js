// Numbers as readers write and read them.

const MINUS = "−";

/** By the decimals they may and must show: to make one takes longer than to use it.
 * @type {Map<string, Intl.NumberFormat>}
 */
const formats = new Map();

/** A number as the page shows it: the minus sign U+2212, thousands grouped, never −0.
 * @param {number} value
 * @param {number} [decimals]
 * @param {number} [least] decimals that stand even where they are zero
 */
export function written(value, decimals = 0, least = decimals) {
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const digits = { minimumFractionDigits: least, maximumFractionDigits: decimals };
  const format = formats.get(`${least} ${decimals}`) ?? new Intl.NumberFormat("en", digits);
  formats.set(`${least} ${decimals}`, format);
  const text = format.format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** A number for a cell, which has room for four digits: those behind the point give way.
 * @param {number} value @param {number} decimals @param {number} [least]
 */
export function brief(value, decimals, least = decimals) {
  const fitting = Math.min(decimals, Math.max(0, 4 - String(Math.trunc(Math.abs(value))).length));
  return written(value, fitting, Math.min(least, fitting));
}

/** The number that a reader typed, with any minus sign and a decimal point or comma; NaN if it is none.
 * @param {string} text
 */
export function read(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/** A literal for Python: the same digits that the state holds.
 * @param {unknown} value a number, or arrays of numbers
 * @returns {string}
 */
export function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  return String(value);
}

/** Rows of numbers for Python, a line each. @param {number[][]} rows */
export function pythonRows(rows) {
  return `[\n${rows.map((row) => `    ${python(row)},\n`).join("")}]`;
}

/** The nearest number of a range, on the grid of so many decimals.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @param {number} decimals
 */
export function within(value, low, high, decimals) {
  return Number(Math.min(high, Math.max(low, value)).toFixed(decimals)) + 0;
}

/** "1 pixel", "2 pixels". @param {number} count @param {string} noun */
export function amount(count, noun) {
  return `${written(count)} ${noun}${count === 1 ? "" : "s"}`;
}
