// Max pooling forward, and the gradient's way back to the winners; average pooling beside it.

import { averagePool, averagePoolBackward, maxPool, maxPoolBackward, nested, outputSize, sharedMaxPoolBackward, tensor } from "./arithmetic.js";
import { choice, matrix, signed, stepper } from "./controls.js";
import { button, choiceFrom, integerFrom, InteractiveFigure, make, placeFrom, squareFrom, Unreadable } from "./element.js";
import { pythonRows, written } from "./numbers.js";
import { surrounded } from "./surrounded.js";

/**
 * @typedef {object} State
 * @property {number[][]} map
 * @property {number} window its side
 * @property {number} stride
 * @property {number} padding on each side
 * @property {number[][]} gradient of each pooled value
 * @property {"first" | "shared"} ties who gets the gradient of a window with several largest values
 * @property {[number, number]} at the window that is looked at
 */

const DECIMALS = 2;
const VALUES = { low: -9, high: 9, step: 0.05, decimals: DECIMALS };
const SIZES = /** @type {[number, number]} */ ([2, 5]);
const STRIDES = /** @type {[number, number]} */ ([1, 3]);

/** @param {number} value */
const short = (value) => written(value, DECIMALS, 0);

/** A window's rows or columns, as words. @param {string} name @param {number} first @param {number} window @param {number} size of the map */
function span(name, first, window, size) {
  const [low, high] = [Math.max(first, 0) + 1, Math.min(first + window, size)];
  return low < high ? `${name}s ${low} to ${high}` : `${name} ${low}`;
}

/** @param {State} state */
function places({ map, window, stride, padding }) {
  return outputSize(map.length, window, { stride, before: padding });
}

/** A state whose gradient and window fit its map. @param {State} state @returns {State} */
function fitting(state) {
  const size = places(state);
  const gradient = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => state.gradient[row]?.[column] ?? 1),
  );
  const [row, column] = state.at.map((place) => Math.min(place, size - 1));
  return { ...state, gradient, at: [row, column] };
}

/** What is on show. @param {State} state */
function computed({ map, window, stride, padding, gradient, ties }) {
  const image = tensor([map]);
  const how = { stride, padding };
  const sent = gradient.flat();
  const { output, winners } = maxPool(image, window, how);
  const toWinners = ties === "first" ? maxPoolBackward(sent, winners, image.shape) : sharedMaxPoolBackward(sent, image, window, how);
  /** @param {import("./arithmetic.js").Tensor} tensor @returns {number[][]} */
  const rows = (tensor) => nested(tensor)[0];
  const largest = rows(output);
  const windows = largest.flatMap((line, down) =>
    line.map((most, along) => {
      const [top, left] = [down * stride - padding, along * stride - padding];
      /** @type {[number, number][]} */
      const equals = [];
      map.forEach((row, y) =>
        row.forEach((value, x) => {
          if (y >= top && y < top + window && x >= left && x < left + window && value === most) equals.push([y, x]);
        }),
      );
      return { top, left, equals, winners: ties === "first" ? equals.slice(0, 1) : equals };
    }),
  );
  return {
    largest,
    windows,
    mean: rows(averagePool(image, window, how)),
    toWinners: rows(toWinners),
    toAll: rows(averagePoolBackward(sent, image, window, how)),
  };
}

/** @extends {InteractiveFigure<State>} */
class MaxPooling extends InteractiveFigure {
  /** @type {[number, number] | null} */
  #pointed = null;
  /** Their places, as "row,column". @type {Set<string>} */
  #winners = new Set();

  /** @param {any} start @returns {State} */
  begin(start) {
    this.lessons = start;
    return fitting({ map: start.feature_map, window: start.window, stride: start.window, padding: 0, gradient: [], ties: "first", at: [0, 0] });
  }

  /** @param {any} data @param {State} initial @returns {State} */
  read(data, initial) {
    const state = {
      ...initial,
      map: squareFrom(data.map ?? initial.map, SIZES, VALUES, "The map"),
      window: integerFrom(data.window ?? initial.window, 2, 3, "The window’s side"),
      stride: integerFrom(data.stride ?? initial.stride, ...STRIDES, "The stride"),
      padding: integerFrom(data.padding ?? initial.padding, 0, 1, "The padding"),
      ties: choiceFrom(data.ties ?? initial.ties, ["first", "shared"], "The rule for ties"),
    };
    const size = places(state);
    if (!size) throw new Unreadable("The window is larger than the map.");
    if (data.gradient !== undefined) state.gradient = squareFrom(data.gradient, [size, size], VALUES, "The gradient");
    if (data.at !== undefined) state.at = placeFrom(data.at, size, "The window’s place");
    return fitting(state);
  }

  /** @param {Partial<State>} changes */
  #change(changes) {
    const state = { ...this.state, ...changes };
    const impossible = !places(state);
    // The nearest settings that are possible.
    if (impossible && changes.padding === 0) state.window = state.map.length;
    else if (impossible) state.padding = 1;
    this.set(fitting(state));
    if (impossible) this.note(`A ${written(3)} × ${written(3)} window fits this map only with padding.`);
  }

  /** @param {number} size */
  #resize(size) {
    const { map } = this.state;
    const along = Array.from({ length: size }, (_, i) => i % map.length);
    this.#change({ map: along.map((row) => along.map((column) => map[row][column])) });
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    /** @param {"map" | "gradient"} name */
    const editable = (name) => ({
      ...VALUES,
      /** @type {(row: number, column: number, value: number) => void} */
      change: (row, column, value) => {
        const rows = this.state[name].map((line) => [...line]);
        rows[row][column] = value;
        this.set({ [name]: rows });
      },
    });
    /** @param {[number, number] | null} place */
    const point = (place) => {
      this.#pointed = place;
      this.show();
    };
    /** @type {(row: number, column: number) => void} */
    const press = (row, column) => this.set({ at: [row, column] });
    const of = { press, point, least: 0 };

    this.window = choice({ label: "Window’s side", choices: [["2", "2"], ["3", "3"]], change: (side) => this.#change({ window: Number(side) }) });
    this.stride = stepper({ label: "Stride", low: STRIDES[0], high: STRIDES[1], change: (stride) => this.#change({ stride }) });
    this.padding = choice({ label: "Padding", choices: [["0", "none"], ["1", "1"]], change: (padding) => this.#change({ padding: Number(padding) }) });
    this.size = stepper({ label: "Map’s side", low: SIZES[0], high: SIZES[1], change: (size) => this.#resize(size) });
    this.ties = choice({
      label: "Among equal largest values",
      choices: [["first", "the first gets all"], ["shared", "they share"]],
      change: (ties) => this.set({ ties }),
    });
    this.map = surrounded(
      matrix({
        label: "Feature map",
        name: (row, column) => `row ${row + 1}, column ${column + 1}${this.#winners.has(`${row},${column}`) ? ", a winner" : ""}`,
        edit: editable("map"),
      }),
    );
    this.sent = matrix({ label: "Gradient of the pooled value", edit: editable("gradient"), point, least: 0 });
    this.largest = matrix({ label: "Largest value of the window", ...of, least: DECIMALS });
    this.mean = matrix({ label: "Mean of the window", ...of, least: DECIMALS });
    this.toWinners = surrounded(matrix({ label: "Gradient after max pooling", least: 0 }));
    this.toAll = surrounded(matrix({ label: "Gradient after average pooling", least: 0 }));

    const { feature_map, tie, negative } = this.lessons;
    const presets = [
      button("lesson’s map", () => this.#change({ map: feature_map, padding: 0 }), { class: "figure-button" }),
      button("ties", () => this.#change({ map: tie, padding: 0, window: 2 }), { class: "figure-button" }),
      button("negative", () => this.#change({ map: negative, padding: 1, window: 2 }), { class: "figure-button" }),
    ];
    /** @param {string} heading @param {string} text @param {Node[]} rest */
    const part = (heading, text, ...rest) =>
      make("div", {}, make("p", { class: "figure-heading" }, heading), make("p", { class: "figure-label" }, text), ...rest);
    this.pairs = [
      make("div", { class: "figure-pair" }, part("Feature map", "change any value", this.map.element), part("Gradient", "of each pooled value", this.sent.element)),
      make(
        "div",
        { class: "figure-pair" },
        part("Max pooling", "forward: largest value", this.largest.element, make("p", { class: "figure-label" }, "back: to the winner"), this.toWinners.element),
        part("Average pooling", "forward: mean", this.mean.element, make("p", { class: "figure-label" }, "back: to all alike"), this.toAll.element),
      ),
    ];
    stage.append(
      make("div", { class: "figure-controls" }, this.window.element, this.stride.element, this.padding.element, this.size.element),
      make("div", { class: "figure-presets", role: "group", "aria-label": "Start from" }, make("span", { class: "figure-label" }, "Start from"), ...presets),
      ...this.pairs,
      this.ties.element,
    );
  }

  /** @param {State} state */
  draw(state) {
    const { map, window, stride, padding, gradient } = state;
    const size = gradient.length;
    const at = this.#pointed?.every((place) => place < size) ? this.#pointed : state.at;
    const found = computed(state);
    const most = Math.max(...map.flat().map(Math.abs));
    this.window?.show(window === 2 ? "2" : "3");
    this.stride?.show(stride);
    this.padding?.show(padding ? "1" : "0");
    this.size?.show(map.length);
    this.ties?.show(state.ties);

    this.#winners = new Set(found.windows.flatMap((one) => one.winners.map(String)));
    /** @param {string} name @returns {(row: number, column: number) => string} */
    const winner = (name) => (row, column) => (this.#winners.has(`${row},${column}`) ? name : "");
    /** @type {(row: number, column: number) => string} */
    const looked = (row, column) => (row === at[0] && column === at[1] ? "seen" : "");
    const { top, left } = found.windows[at[0] * size + at[1]];
    const frame = { row: top, column: left, side: window };
    /** @param {number} value */
    const back = (value) => (value ? "gradient-cell" : "cell");

    this.map?.show(map, { fill: signed(most), marks: winner("winner") }, padding, written(-Infinity), frame);
    this.sent?.show(gradient, { fill: back, marks: looked });
    this.largest?.show(found.largest, { fill: signed(most), marks: looked });
    this.mean?.show(found.mean, { fill: signed(most), marks: looked });
    this.toWinners?.show(found.toWinners, { fill: back, marks: winner("receiver") }, padding, "", frame);
    this.toAll?.show(found.toAll, { fill: back }, padding, "", frame);
    this.pairs?.forEach((pair) => pair.style.setProperty("--wide", String(Math.max(size, map.length + 2 * padding))));
  }

  /** @param {State} state */
  words(state) {
    const { map, window, stride, padding, gradient, ties, at } = state;
    const size = gradient.length;
    const { largest, mean, windows } = computed(state);
    const { top, left, equals } = windows[at[0] * size + at[1]];
    const most = short(largest[at[0]][at[1]]);
    const sent = gradient[at[0]][at[1]];
    const [row, column] = equals[0].map((place) => place + 1);
    const shared = ties === "shared" && equals.length > 1;
    const first = equals.length > 1 ? `the first of ${equals.length}, in row ${row}, column ${column}` : `in row ${row}, column ${column}`;
    const goes = shared
      ? `${equals.length} pixels hold it, and each gets ${short(sent / equals.length)} of the gradient ${short(sent)}`
      : `the gradient ${short(sent)} goes to that pixel alone`;
    return [
      `${size ** 2} ${size > 1 ? "windows" : "window"} of ${window} × ${window} on a map of ${map.length} × ${map.length}, stride ${stride}${padding ? ", padded" : ""}.`,
      `The one framed covers ${span("row", top, window, map.length)} and ${span("column", left, window, map.length)}.`,
      `Its largest value is ${most}${shared ? "" : `, ${first}`}: ${goes}.`,
      `Its mean is ${short(mean[at[0]][at[1]])}, and each of its places gets ${short(sent / window ** 2)}.`,
      padding ? "For the largest value padding is −∞ and never wins; for the mean it is zero and counts." : "",
    ].join(" ").trim();
  }

  /** @param {State} state */
  numpy({ map, window, stride, padding, gradient, ties }) {
    const share = ties === "first" ? "np.arange(size**2).reshape(size, size) == seen.argmax()" : "seen == seen.max()";
    return `import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

feature_map = np.array(${pythonRows(map)}, dtype=float)
gradient = np.array(${pythonRows(gradient)})
size, stride, padding = ${window}, ${stride}, ${padding}

def windows(fill):
    padded = np.pad(feature_map, padding, constant_values=fill)
    return sliding_window_view(padded, (size, size))[::stride, ::stride]

largest = windows(-np.inf).max((2, 3))
mean = windows(0.0).mean((2, 3))
to_winners, to_all = np.zeros((2, *np.add(feature_map.shape, 2 * padding)))
for row, column in np.ndindex(largest.shape):
    top, left = row * stride, column * stride
    place = np.s_[top : top + size, left : left + size]
    seen = windows(-np.inf)[row, column]
    winners = ${share}
    to_winners[place] += gradient[row, column] * winners / winners.sum()
    to_all[place] += gradient[row, column] / size**2
inside = slice(padding, padding + len(feature_map))
to_winners, to_all = to_winners[inside, inside], to_all[inside, inside]
print(largest, mean, to_winners, to_all, sep="\\n")`;
  }

  /** @param {State} state */
  torch({ map, window, stride, padding, gradient, ties }) {
    const options = `${window}, stride=${stride}, padding=${padding}`;
    const largest =
      ties === "first"
        ? `max_pool2d(feature_map[None], ${options})[0]`
        : `pad(feature_map, 4 * [${padding}], value=-torch.inf)
largest = largest.unfold(0, ${window}, ${stride}).unfold(1, ${window}, ${stride}).amax((2, 3))`;
    return `import torch
from torch.nn.functional import avg_pool2d, ${ties === "first" ? "max_pool2d" : "pad"}

feature_map = torch.tensor(${pythonRows(map)}, dtype=torch.float32, requires_grad=True)
gradient = torch.tensor(${pythonRows(gradient)}, dtype=torch.float32)

largest = ${largest}
mean = avg_pool2d(feature_map[None], ${options})[0]
(to_winners,) = torch.autograd.grad(largest, feature_map, gradient)
(to_all,) = torch.autograd.grad(mean, feature_map, gradient)
print(largest, mean, to_winners, to_all, sep="\\n")`;
  }
}
customElements.define("max-pooling", MaxPooling);
