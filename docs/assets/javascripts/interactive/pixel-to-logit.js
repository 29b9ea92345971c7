// The whole forward pass, from a patch's pixels to two logits; and kernels over the reader's own photo.

import { convolve, linear, maxPool, nested, relu, tensor } from "./arithmetic.js";
import { matrix, pixel, signed } from "./controls.js";
import { InteractiveFigure, button, integerFrom, make, rowsFrom } from "./element.js";
import { python, written } from "./numbers.js";

/**
 * @typedef {{ patch: number[][], kernel: number[][], weights: number[][], bias: number[] }} Given
 * @typedef {Given & { filter: number, turn: number, threshold: number }} State filter, turn and threshold are the photo's
 * @typedef {keyof Given} Name
 * @typedef {import("./photo.js").PhotoPart} PhotoPart
 */

const CLASSES = ["crack", "no crack"];

// What is given: its limits, the step of an arrow key, and the decimals that it has.
const LIMITS = {
  patch: { low: 0, high: 1, step: 0.05, decimals: 2 },
  kernel: { low: -9, high: 9, step: 0.1, decimals: 1 },
  weights: { low: -9, high: 9, step: 0.1, decimals: 1 },
  bias: { low: -9, high: 9, step: 0.1, decimals: 1 },
};

/** Every value of the pass. @param {Given} given */
export function forward({ patch, kernel, weights, bias }) {
  const map = convolve(tensor([patch]), tensor([[kernel]]));
  const active = relu(map);
  const { output, winners } = maxPool(active, 2);
  const wide = map.shape[2];
  return {
    map: /** @type {number[][]} */ (nested(map)[0]),
    active: /** @type {number[][]} */ (nested(active)[0]),
    pooled: output.values[0],
    winner: [Math.floor(winners[0] / wide), winners[0] % wide],
    logits: linear(output.values, weights, bias),
  };
}

/** @param {number[][]} rows */
const largest = (rows) => Math.max(...rows.flat().map(Math.abs));

/** A quarter turn. @param {number[][]} rows */
const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]).reverse());

/** @param {number[][]} rows @param {(value: number) => number} change */
const each = (rows, change) => rows.map((row) => row.map((value) => Number(change(value).toFixed(2)) + 0));

/** @param {number} value */
const three = (value) => written(value, 3);

/** An array of Python, a row on a line. @param {string} name @param {number[][]} rows @param {string} make @param {string} [options] */
export const rowsOf = (name, rows, make, options = "") =>
  `${name} = ${make}([\n${rows.map((row) => `    ${python(row)},`).join("\n")}\n]${options})`;

/** Which class has the larger logit, if one has. @param {number[]} logits */
const winnerOf = ([crack, none]) => (crack === none ? undefined : CLASSES[crack > none ? 0 : 1]);

/** @param {number[]} logits */
function verdict(logits) {
  const winner = winnerOf(logits);
  return winner ? `The larger logit wins: ${winner}, by ${three(Math.abs(logits[0] - logits[1]))}.` : "The logits are equal: no class wins.";
}

/** @extends {InteractiveFigure<State>} */
class PixelToLogit extends InteractiveFigure {
  /** @type {Record<string, ReturnType<typeof matrix>>} */
  #grids = {};
  /** The state before the reader began with one cell: changes count from there. @type {State | undefined} */
  #before;
  #changing = "";
  /** @type {[number, number] | null} a place of the feature map that the reader points at */
  #place = null;
  #verdict = make("p", { class: "verdict" });
  #was = make("p", { class: "was" });
  #photo = make("details", { class: "photo" }, make("summary", {}, "Try kernels on your own photo"));
  /** @type {PhotoPart | undefined} */
  #part;
  #side = 0;

  /** @param {Given & { side: number }} start @returns {State} */
  begin({ side, ...given }) {
    this.#side = side;
    return { ...given, filter: 0, turn: 0, threshold: 0 };
  }

  /** @param {any} data @param {State} initial @returns {State} */
  read(data, initial) {
    /** @param {Name} name @param {unknown} value @param {number[][]} like */
    const rows = (name, value, like) => {
      const { length } = like;
      const wide = like[0].length;
      return rowsFrom(value, { rows: [length, length], columns: [wide, wide], ...LIMITS[name] }, `The link's ${name}`);
    };
    const state = { ...initial };
    for (const name of /** @type {const} */ (["patch", "kernel", "weights"])) {
      if (name in data) state[name] = rows(name, data[name], initial[name]);
    }
    if ("bias" in data) [state.bias] = rows("bias", [data.bias], [initial.bias]);
    if ("filter" in data) state.filter = integerFrom(data.filter, 0, 15, "The link's kernel for the photo");
    if ("turn" in data) state.turn = integerFrom(data.turn, 0, 180, "The link's turn of the photo");
    if ("threshold" in data) state.threshold = integerFrom(data.threshold, 0, 100, "The link's threshold");
    this.#photo.open ||= ["filter", "turn", "threshold"].some((name) => name in data);
    return state;
  }

  /** @param {Partial<State>} changes @param {string} [cell] which cell the reader changes */
  set(changes, cell = "") {
    if (!cell || cell !== this.#changing) this.#before = this.state;
    this.#changing = cell;
    super.set(changes);
  }

  /** A matrix that the reader may change.
   * @param {Name} name @param {string} label @param {(row: number, column: number) => string} [cells]
   */
  #given(name, label, cells) {
    const edit = {
      ...LIMITS[name],
      /** @param {number} row @param {number} column @param {number} value */
      change: (row, column, value) => {
        const rows = name === "bias" ? this.state.bias.map((one) => [one]) : this.state[name].map((one) => [...one]);
        rows[row][column] = value;
        this.set({ [name]: name === "bias" ? rows.flat() : rows }, `${name} ${row} ${column}`);
      },
    };
    return matrix({ label, name: cells, decimals: edit.decimals, edit });
  }

  /** A matrix that is computed. @param {string} label @param {boolean} [points] its cells are places of the feature map */
  #computed(label, points = true) {
    return matrix({
      label,
      decimals: 3,
      point: (place) => {
        this.#place = place && (points ? place : /** @type {[number, number]} */ (forward(this.state).winner));
        this.draw(this.state);
      },
    });
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    /** @param {number} row */
    const named = (row) => `of ${CLASSES[row]}`;
    const grids = {
      patch: this.#given("patch", "Patch"),
      kernel: this.#given("kernel", "Kernel"),
      map: this.#computed("Feature map"),
      active: this.#computed("After ReLU"),
      pooled: this.#computed("Max pool", false),
      features: matrix({ label: "Pooled", name: named, decimals: 3, point() {} }),
      weights: this.#given("weights", "Weight", named),
      bias: this.#given("bias", "Bias", named),
      logits: matrix({ label: "Logit", name: named, decimals: 3, point() {} }),
    };
    this.#grids = grids;
    /** @param {string} heading @param {ReturnType<typeof matrix>} grid @param {Node[]} more */
    const part = (heading, grid, ...more) =>
      make("div", {}, make("p", { class: "figure-heading", "aria-hidden": "true" }, heading), grid.element, ...more);
    /** @param {string[]} text */
    const signs = (...text) => make("div", { class: "signs", "aria-hidden": "true" }, ...text.map((sign) => make("span", {}, sign)));
    /** @param {string} label @param {"patch" | "kernel"} name @param {(rows: number[][]) => number[][]} change */
    const tool = (label, name, change) =>
      button(label, () => this.set({ [name]: change(this.state[name]) }), { class: "figure-button", "aria-label": `${label} the ${name}` });
    /** @param {Node[]} tools */
    const row = (...tools) => make("div", { class: "figure-controls" }, ...tools);
    stage.append(
      make("div", { class: "pass given" },
        part("Patch", grids.patch, row(
          tool("Turn", "patch", turned),
          tool("Invert", "patch", (rows) => each(rows, (value) => 1 - value)),
          tool("Darken", "patch", (rows) => each(rows, (value) => value / 2)),
        )),
        signs("∗"),
        part("Kernel", grids.kernel, row(
          tool("Turn", "kernel", turned),
          tool("Negate", "kernel", (rows) => each(rows, (value) => -value)),
        )),
      ),
      make("div", { class: "pass maps" },
        part("Feature map", grids.map), signs("→"), part("ReLU", grids.active), signs("→"), part("Max pool", grids.pooled)),
      make("div", { class: "pass linear" },
        part("Pooled", grids.features), signs("×", "×"), part("Weight", grids.weights), signs("+", "+"),
        part("Bias", grids.bias), signs("=", "="), part("Logit", grids.logits),
        make("div", { class: "classes" }, ...CLASSES.map((name) => make("p", {}, name))),
      ),
      make("div", {}, this.#verdict, this.#was),
      this.#photo,
    );
    this.#photo.addEventListener("toggle", () => this.#openPhoto());
  }

  async #openPhoto() {
    if (this.#photo.open && !this.#part) {
      try {
        const { photoPart } = await import("./photo.js");
        this.#part ??= photoPart(this.#photo, this.#side, {
          kernel: this.#given("kernel", "The kernel above"),
          change: (changes) => this.set(changes, this.#changing),
          redraw: () => this.show(),
        });
      } catch {
        this.note("This part could not be loaded. Are you offline? Close it and open it again.");
      }
    }
    this.show();
  }

  /** @param {State} state */
  draw(state) {
    const pass = forward(state);
    const before = this.#before ?? state;
    const old = forward(before);
    const [row, column] = this.#place ?? [-9, -9];
    const size = state.kernel.length;
    /** Marks of cells: changed where the value is another; and more.
     * @param {number[][]} now @param {number[][]} then @param {(row: number, column: number) => string | false} [more]
     * @returns {(row: number, column: number) => string}
     */
    const marks = (now, then, more) => (r, c) =>
      `${Math.abs(now[r][c] - then[r][c]) > 1e-9 ? "changed" : ""} ${more?.(r, c) || ""}`;
    /** @param {string} name @param {number[][]} now @param {number[][]} then @param {(value: number) => string} fill @param {(row: number, column: number) => string | false} [more] */
    const put = (name, now, then, fill, more) => this.#grids[name].show(now, { fill, marks: marks(now, then, more) });
    /** @param {number[]} values */
    const upright = (values) => values.map((value) => [value]);
    const response = signed(largest(pass.map));
    const last = signed(Math.max(largest(state.weights), largest([pass.logits])));
    /** @param {number} r @param {number} c */
    const here = (r, c) => r === row && c === column && "seen";
    /** @param {number} r @param {number} c */
    const won = (r, c) => `${here(r, c) || ""} ${r === pass.winner[0] && c === pass.winner[1] ? "chosen" : ""}`;
    put("patch", state.patch, before.patch, pixel, (r, c) => r >= row && r < row + size && c >= column && c < column + size && "seen");
    put("kernel", state.kernel, before.kernel, signed(largest(state.kernel)));
    put("map", pass.map, old.map, response, here);
    put("active", pass.active, old.active, response, won);
    put("pooled", [[pass.pooled]], [[old.pooled]], response, () => "chosen");
    put("features", upright([pass.pooled, pass.pooled]), upright([old.pooled, old.pooled]), response);
    put("weights", state.weights, before.weights, last);
    put("bias", upright(state.bias), upright(before.bias), last);
    put("logits", upright(pass.logits), upright(old.logits), last, (r) => pass.logits[r] > pass.logits[1 - r] && "chosen");
    const same = pass.logits.every((logit, i) => three(logit) === three(old.logits[i]));
    this.#was.textContent = same ? "" : `Changes are underlined. Before: ${old.logits.map(three).join(" and ")}.`;
    this.#verdict.textContent = verdict(pass.logits);
    if (this.#photo.open) this.#part?.draw(state);
  }

  /** @param {State} state */
  words(state) {
    const { map, pooled, winner, logits } = forward(state);
    const cut = map.flat().filter((value) => value < 0).length;
    const old = forward(this.#before ?? state);
    const changed = map.flat().filter((value, i) => Math.abs(value - old.map.flat()[i]) > 1e-9).length;
    return [
      `The feature map holds ${map.map((row) => row.map(three).join(" and ")).join(" above, ")} below.`,
      cut ? `ReLU makes ${cut === 1 ? "the negative response" : `the ${cut} negative responses`} zero.` : "ReLU has nothing to cut.",
      `Max pooling keeps ${three(pooled)}, from row ${winner[0] + 1}, column ${winner[1] + 1}.`,
      `The logits are ${three(logits[0])} for ${CLASSES[0]} and ${three(logits[1])} for ${CLASSES[1]}: ${winnerOf(logits) ?? "neither"} wins.`,
      this.#changing && `Your edit changed ${changed} of ${map.flat().length} responses${pooled === old.pooled ? ", and not the largest one" : ""}.`,
      this.#photo.open && this.#part?.words(state),
    ].filter(Boolean).join(" ");
  }

  /** @param {State} state */
  numpy(state) {
    const program = `import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

${rowsOf("patch", state.patch, "np.array")}
${rowsOf("kernel", state.kernel, "np.array")}
weights = np.array(${python(state.weights)})
bias = np.array(${python(state.bias)})

windows = sliding_window_view(patch, kernel.shape)
feature_map = (windows * kernel).sum(axis=(2, 3))
activation = np.maximum(feature_map, 0.0)  # ReLU
pooled = sliding_window_view(activation, (2, 2))[::2, ::2].max(axis=(2, 3))
logits = weights @ pooled.flatten() + bias

print(feature_map.round(3))
print(pooled.round(3))
print(logits.round(3))
`;
    return program + (this.#photo.open && this.#part ? this.#part.numpy(state) : "");
  }

  /** @param {State} state */
  torch(state) {
    const program = `import torch
from torch.nn import functional

${rowsOf("patch", state.patch, "torch.tensor", ", dtype=torch.float32")}
${rowsOf("kernel", state.kernel, "torch.tensor", ", dtype=torch.float32")}
weights = torch.tensor(${python(state.weights)}, dtype=torch.float32)
bias = torch.tensor(${python(state.bias)}, dtype=torch.float32)

feature_map = functional.conv2d(patch[None, None], kernel[None, None])
pooled = functional.max_pool2d(functional.relu(feature_map), 2)
logits = functional.linear(pooled.flatten(1), weights, bias)

print(feature_map)
print(pooled)
print(logits)
`;
    return program + (this.#photo.open && this.#part ? this.#part.torch(state) : "");
  }
}

customElements.define("pixel-to-logit", PixelToLogit);
