// One lit pixel: how many windows see it, and what that does to the responses, without and with padding.

import { convolve, nested, outputSize, tensor, windowCounts } from "./arithmetic.js";
import { counted, matrix, signed, stepper } from "./controls.js";
import { button, integerFrom, InteractiveFigure, make, placeFrom, squareFrom, Unreadable } from "./element.js";
import { pythonRows, written } from "./numbers.js";
import { surrounded } from "./surrounded.js";

/**
 * @typedef {object} State
 * @property {number} size of the image's sides
 * @property {number[][]} kernel
 * @property {number} stride
 * @property {number} padding on each side, of the second image
 * @property {[number, number]} lit the pixel that is one; all others are zero
 */

const DECIMALS = 1; // more would not fit the cells of a small phone
const WEIGHTS = { low: -9, high: 9, step: 0.5, decimals: DECIMALS };
const SIZES = /** @type {[number, number]} */ ([3, 9]);
const KERNELS = /** @type {[number, number]} */ ([1, 5]);
const STRIDES = /** @type {[number, number]} */ ([1, 4]);
const PADDINGS = /** @type {[number, number]} */ ([0, 4]);

/** @param {number} value */
const short = (value) => written(value, DECIMALS, 0);
/** @param {number} count @param {string} thing */
const several = (count, thing) => `${written(count)} ${thing}${count === 1 ? "" : "s"}`;

/** What is on show for one padding. @param {State} state @param {number} padding */
function evidence({ size, kernel, stride, lit }, padding) {
  const dark = Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => Number(row === lit[0] && column === lit[1])));
  /** @type {number[][]} */
  const responses = nested(convolve(tensor([dark]), tensor([[kernel]]), { stride, padding }))[0];
  /** @type {number[][]} */
  const counts = nested(windowCounts(size, size, kernel.length, { stride, padding }))[0];
  return {
    counts,
    responses,
    windows: outputSize(size, kernel.length, { stride, before: padding }) ** 2,
    seen: counts[lit[0]][lit[1]],
    sum: responses.flat().reduce((sum, response) => sum + response, 0),
    largest: Math.max(...responses.flat()),
  };
}

/** A kernel of another size: the same weights around its middle, and where there were none, what it had
 * everywhere, or zero. @param {number[][]} kernel @param {number} side
 */
function resized(kernel, side) {
  const same = kernel.flat().every((weight) => weight === kernel[0][0]) ? kernel[0][0] : 0;
  const shift = Math.floor((kernel.length - side) / 2);
  const along = Array.from({ length: side }, (_, i) => i + shift);
  return along.map((row) => along.map((column) => kernel[row]?.[column] ?? same));
}

/** @extends {InteractiveFigure<State>} */
class BorderEvidence extends InteractiveFigure {
  /** @type {{ side: number, row: number, column: number } | null} a response that is pointed at */
  #pointed = null;

  /** @param {any} start @returns {State} */
  begin({ size, kernel, edge, line }) {
    this.presets = { ones: kernel, line };
    return { size, kernel, stride: 1, padding: Math.floor(kernel.length / 2), lit: edge };
  }

  /** @param {any} data @param {State} initial @returns {State} */
  read(data, initial) {
    const kernel = squareFrom(data.kernel ?? initial.kernel, KERNELS, WEIGHTS, "The kernel");
    const size = integerFrom(data.size ?? initial.size, ...SIZES, "The image’s side");
    if (kernel.length > size) throw new Unreadable("The kernel is larger than the image.");
    return {
      size,
      kernel,
      stride: integerFrom(data.stride ?? initial.stride, ...STRIDES, "The stride"),
      padding: integerFrom(data.padding ?? initial.padding, ...PADDINGS, "The padding"),
      lit: placeFrom(data.lit ?? initial.lit, size, "The lit pixel"),
    };
  }

  /** @param {Partial<State>} changes */
  #change(changes) {
    const state = { ...this.state, ...changes };
    const small = state.kernel.length > state.size;
    // The nearest settings that are possible.
    if (small && changes.kernel) state.size = state.kernel.length;
    else if (small) state.kernel = resized(state.kernel, state.size);
    const last = state.size - 1;
    this.set({ ...state, lit: [Math.min(state.lit[0], last), Math.min(state.lit[1], last)] });
    if (small) this.note("A kernel larger than the image fits nowhere, so both have the same size now.");
  }

  /** Takes the lit pixel along with the pointer and the focus. @param {HTMLElement} image */
  #carry(image) {
    /** @param {EventTarget | null} target */
    const place = (target) => {
      const cell = target instanceof Element && image.contains(target) && target.closest(".matrix > *");
      if (!cell) return;
      const index = [...(cell.parentElement?.children ?? [])].indexOf(cell);
      const { size, lit } = this.state;
      const [row, column] = [Math.floor(index / size), index % size];
      if (row !== lit[0] || column !== lit[1]) this.set({ lit: [row, column] });
      return /** @type {HTMLElement} */ (cell);
    };
    image.addEventListener("focusin", ({ target }) => place(target));
    image.addEventListener("click", ({ target }) => place(target));
    image.addEventListener("pointerdown", (down) => {
      const { target, pointerId, pointerType, button } = down;
      // A finger scrolls the page, unless it comes down on the lit pixel itself.
      if (button || !(target instanceof Element) || (pointerType !== "mouse" && !target.matches(".lit")) || !place(target)) return;
      target.releasePointerCapture(pointerId); // a finger's pointer belongs to where it came down
      /** @param {PointerEvent} move */
      const drag = (move) => {
        if (move.pointerId === pointerId) place(document.elementFromPoint(move.clientX, move.clientY))?.focus({ preventScroll: true });
      };
      const end = new AbortController();
      for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) addEventListener(type, () => end.abort(), end);
      addEventListener("pointermove", drag, end);
    });
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    this.size = stepper({ label: "Image’s side", low: SIZES[0], high: SIZES[1], change: (size) => this.#change({ size }) });
    this.side = stepper({
      label: "Kernel’s side",
      low: KERNELS[0],
      high: KERNELS[1],
      change: (side) => this.#change({ kernel: resized(this.state.kernel, side) }),
    });
    this.stride = stepper({ label: "Stride", low: STRIDES[0], high: STRIDES[1], change: (stride) => this.#change({ stride }) });
    this.padding = stepper({ label: "Padding", low: PADDINGS[0], high: PADDINGS[1], change: (padding) => this.#change({ padding }) });
    this.kernel = matrix({
      label: "Kernel",
      decimals: DECIMALS,
      least: 0,
      edit: {
        ...WEIGHTS,
        change: (row, column, weight) => this.set({ kernel: this.state.kernel.map((line, y) => line.map((old, x) => (y === row && x === column ? weight : old))) }),
      },
    });
    const { ones, line } = /** @type {{ ones: number[][], line: number[][] }} */ (this.presets);
    const presets = make(
      "div",
      { class: "figure-presets", role: "group", "aria-label": "Kernel" },
      button("ones", () => this.#change({ kernel: resized(ones, this.state.kernel.length) }), { class: "figure-button" }),
      button("line detector", () => this.#change({ kernel: line }), { class: "figure-button" }),
    );
    this.sides = ["Valid", "Padded"].map((name, side) => {
      const image = surrounded(
        matrix({
          label: `${name}: windows that see the pixel`,
          name: (row, column) => `row ${row + 1}, column ${column + 1}${this.state.lit.join() === `${row},${column}` ? ", lit" : ""}`,
        }),
      );
      this.#carry(image.element);
      const responses = matrix({
        label: `${name}: responses`,
        decimals: DECIMALS,
        least: 0,
        point: (place) => {
          this.#pointed = place && { side, row: place[0], column: place[1] };
          this.show();
        },
      });
      const windows = make("p", { class: "figure-label" });
      const element = make("div", {}, make("p", { class: "figure-heading" }, name), windows, image.element, make("p", { class: "figure-label" }, "responses"), responses.element);
      return { element, image, responses, windows };
    });
    this.table = ["windows that see it", "sum of responses", "largest response"].map((name) => {
      const cells = [make("td"), make("td")];
      return { cells, row: make("tr", {}, make("th", { scope: "row" }, name), ...cells) };
    });
    const heads = make("tr", {}, make("td"), make("th", { scope: "col" }, "valid"), make("th", { scope: "col" }, "padded"));
    this.pair = make("div", { class: "evidence-pair" }, ...this.sides.map(({ element }) => element));
    stage.append(
      make("div", { class: "figure-controls" }, this.size.element, this.side.element, this.stride.element, this.padding.element),
      this.pair,
      make(
        "div",
        { class: "evidence-below" },
        make("table", { class: "evidence-table" }, make("thead", {}, heads), make("tbody", {}, ...this.table.map(({ row }) => row))),
        make("div", {}, make("p", { class: "figure-heading" }, "Kernel"), make("p", { class: "figure-label" }, "change any weight"), this.kernel.element, presets),
      ),
    );
  }

  /** @param {State} state */
  draw(state) {
    const { size, kernel, stride, padding, lit } = state;
    this.size?.show(size);
    this.side?.show(kernel.length);
    this.stride?.show(stride);
    this.padding?.show(padding);
    const most = Math.max(...kernel.flat().map(Math.abs));
    this.kernel?.show(kernel, { fill: signed(most) });
    this.sides?.forEach(({ image, responses, windows }, side) => {
      const around = side * padding;
      const found = evidence(state, around);
      windows.textContent = `${several(found.windows, "window")}${side ? `, padding ${padding}` : ""}`;
      const pointed = this.#pointed?.side === side && found.responses[this.#pointed.row]?.[this.#pointed.column] !== undefined ? this.#pointed : undefined;
      const { row = 0, column = 0 } = pointed ?? {}; // the next image may lack what the pointer is on
      const frame = { row: row * stride - around, column: column * stride - around, side: kernel.length };
      image.show(found.counts, { fill: counted(kernel.length ** 2), marks: (y, x) => (y === lit[0] && x === lit[1] ? "lit" : ""), text: (count) => written(count) }, around, "", frame);
      image.stand(...lit);
      const first = lit.map((place) => place + around);
      responses.show(found.responses, {
        fill: signed(most),
        marks: (y, x) => ([y, x].every((place, axis) => place * stride <= first[axis] && first[axis] < place * stride + kernel.length) ? "sees" : ""),
      });
      [written(found.seen), short(found.sum), short(found.largest)].forEach((text, i) => this.table && (this.table[i].cells[side].textContent = text));
    });
    this.pair?.classList.toggle("large", size + padding > 6);
    this.pair?.classList.toggle("largest", size + padding > 7);
  }

  /** @param {State} state */
  words(state) {
    const { size, kernel, stride, padding, lit } = state;
    const [valid, padded] = [evidence(state, 0), evidence(state, padding)];
    const most = Math.max(...padded.counts.flat());
    const same = padded.counts.flat().every((count) => count === most);
    /** @param {ReturnType<typeof evidence>} found */
    const told = ({ seen, windows, sum }) => `${seen} of ${several(windows, "window")} ${seen === 1 ? "sees" : "see"} it, and the responses add up to ${short(sum)}`;
    return [
      `A ${kernel.length} × ${kernel.length} kernel, stride ${stride}, on ${size} × ${size} pixels. The one in row ${lit[0] + 1}, column ${lit[1] + 1} is lit.`,
      `Without padding ${told(valid)}${padding ? `; with padding ${padding}, ${told(padded)}` : ""}.`,
      padding && same ? `So padded, every pixel is seen by ${most}.` : `No pixel is seen by more than ${most}.`,
    ].join(" ");
  }

  /** @param {State} state */
  numpy({ size, kernel, stride, padding, lit }) {
    return `import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

kernel = np.array(${pythonRows(kernel)})
image = np.zeros((${size}, ${size}))
image[${lit.join(", ")}] = 1.0
stride = ${stride}

def windows(image, padding):
    padded = np.pad(image, padding)
    return sliding_window_view(padded, kernel.shape)[::stride, ::stride]

def evidence(padding):
    """How many windows see each pixel, and all responses."""
    counts = np.zeros(image.shape, dtype=int)
    for pixel in np.ndindex(image.shape):
        lit = np.zeros(image.shape)
        lit[pixel] = 1.0
        counts[pixel] = windows(lit, padding).any((2, 3)).sum()
    return counts, (windows(image, padding) * kernel).sum((2, 3))

for padding in (0, ${padding}):
    counts, responses = evidence(padding)
    print(counts, responses, responses.sum(), responses.max(), sep="\\n")`;
  }

  /** @param {State} state */
  torch({ size, kernel, stride, padding, lit }) {
    return `import torch
from torch.nn.functional import conv2d

kernel = torch.tensor(${pythonRows(kernel)}, dtype=torch.float32)
image = torch.zeros(${size}, ${size})
image[${lit.join(", ")}] = 1.0

def respond(image, kernel, padding):
    return conv2d(image[None], kernel[None, None], stride=${stride}, padding=padding)[0]

def evidence(padding):
    """How many windows see each pixel, and all responses."""
    pixels = image.clone().requires_grad_()
    seen = respond(pixels, torch.ones_like(kernel), padding).sum()
    (counts,) = torch.autograd.grad(seen, pixels)
    return counts, respond(image, kernel, padding)

for padding in (0, ${padding}):
    counts, responses = evidence(padding)
    print(counts, responses, responses.sum(), responses.max(), sep="\\n")`;
  }
}
customElements.define("border-evidence", BorderEvidence);
