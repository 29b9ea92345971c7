// Draw a digit: the network that the first lab trained reads it, in the page.

import { convolve, linear, maxPool, relu, tensor } from "./arithmetic.js";
import { pixel, signed } from "./controls.js";
import { InteractiveFigure, Unreadable, button, integerFrom, make } from "./element.js";
import { python, written } from "./numbers.js";

/**
 * @typedef {import("./arithmetic.js").Tensor} Tensor
 * @typedef {{ type: string, weight: any, bias: number[], padding: number, size: number }} Layer
 * @typedef {{ layers: Layer[], example: { image: number[][], shows: number }, test_images: { right: number, of: number } }} Network
 * @typedef {{ ink: string, kernel: number }} State ink: the points of the drawing, row by row, four to a hexadecimal digit; kernel: 0 is the chosen one
 */

// As the network's digits were made: each pixel counts the inked points of a square of four by four.
const BLOCK = 4;
const PIXELS = 8;
const POINTS = BLOCK * PIXELS;
const DIGITS = (POINTS * POINTS) / 4;
const EMPTY = "0".repeat(DIGITS);

/** @param {string} ink @returns {Uint8Array} */
function pointsOf(ink) {
  return Uint8Array.from({ length: POINTS * POINTS }, (_, i) => (parseInt(ink[i >> 2], 16) >> (3 - (i & 3))) & 1);
}

/** @param {Uint8Array} points */
function inkOf(points) {
  let ink = "";
  for (let i = 0; i < points.length; i += 4) {
    ink += (points[i] * 8 + points[i + 1] * 4 + points[i + 2] * 2 + points[i + 3]).toString(16);
  }
  return ink;
}

/** What the network sees: for each pixel the share of its points that are inked.
 * @param {string} ink
 * @returns {number[][]}
 */
export function reduced(ink) {
  const points = pointsOf(ink);
  const image = Array.from({ length: PIXELS }, () => Array(PIXELS).fill(0));
  points.forEach((point, i) => {
    image[Math.floor(i / POINTS / BLOCK)][Math.floor((i % POINTS) / BLOCK)] += point / BLOCK ** 2;
  });
  return image;
}

/** A drawing that is reduced to just these pixels. Where in its square the ink lies is lost; it is put
 * where the neighbours have most.
 * @param {number[][]} image
 */
export function drawingOf(image) {
  const points = new Uint8Array(POINTS * POINTS);
  /** @param {number} row @param {number} column */
  const at = (row, column) => image[row]?.[column] ?? 0;
  image.forEach((line, row) => line.forEach((share, column) => {
    const places = Array.from({ length: BLOCK ** 2 }, (_, i) => {
      const down = (Math.floor(i / BLOCK) + 0.5) / BLOCK - 0.5;
      const along = ((i % BLOCK) + 0.5) / BLOCK - 0.5;
      const [y, x] = [row + Math.sign(down), column + Math.sign(along)];
      const pull = Math.abs(down) * at(y, column) + Math.abs(along) * at(row, x) + Math.abs(down * along) * at(y, x);
      return { point: (row * BLOCK + Math.floor(i / BLOCK)) * POINTS + column * BLOCK + (i % BLOCK), pull };
    });
    places.sort((one, other) => other.pull - one.pull);
    for (const { point } of places.slice(0, Math.round(share * BLOCK ** 2))) points[point] = 1;
  }));
  return inkOf(points);
}

/** A score for each digit. @param {Layer[]} layers @param {number[][]} image @returns {number[]} */
export function scoresOf(layers, image) {
  const { values } = layers.reduce((/** @type {Tensor} */ maps, layer) => {
    if (layer.type === "conv2d") return convolve(maps, tensor(layer.weight), layer);
    if (layer.type === "relu") return relu(maps);
    if (layer.type === "max_pool2d") return maxPool(maps, layer.size).output;
    if (layer.type === "flatten") return { shape: [maps.values.length], values: maps.values };
    return { shape: [layer.bias.length], values: Float64Array.from(linear(maps.values, layer.weight, layer.bias)) };
  }, tensor([image]));
  return [...values];
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number>} attributes @param {Element[]} children */
function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  element.append(...children);
  return element;
}

/** A small matrix without numbers, in the colours of the drawings; negative cells are hatched.
 * @param {number} side cells of a side
 */
function picture(side) {
  const cells = Array.from({ length: side * side }, (_, i) =>
    shape("rect", { x: (i % side) * 6 + 0.3, y: Math.floor(i / side) * 6 + 0.3, width: 5.4, height: 5.4 }));
  const hatches = ["line-hatch", "weak-hatch"].map((look) => shape("path", { class: look, "stroke-width": 1 }));
  return {
    element: shape("svg", { class: "drawing", viewBox: `0 0 ${side * 6} ${side * 6}`, "aria-hidden": "true" }, ...cells, ...hatches),
    /** @param {ArrayLike<number>} values @param {(value: number) => string} fill */
    show(values, fill) {
      const stripes = ["", ""];
      cells.forEach((cell, i) => {
        const token = fill(values[i]);
        cell.setAttribute("class", `fill-${token}`);
        if (values[i] < 0) stripes[Number(/[0-4]$/.test(token))] += `M${(i % side) * 6 + 5.7} ${Math.floor(i / side) * 6 + 0.3}l-5.4 5.4`;
      });
      hatches.forEach((hatch, i) => hatch.setAttribute("d", stripes[i]));
    },
  };
}

/** @param {ArrayLike<number>} values */
const largest = (values) => Math.max(...Array.from(values, Math.abs));

/** @extends {InteractiveFigure<State>} */
class ChosenAndLearned extends InteractiveFigure {
  /** @type {Network} */
  #network = /** @type {any} */ (undefined);
  /** @type {number[][][]} the chosen kernel, then the learned ones */
  #kernels = [];
  #bias = [0];
  #example = EMPTY;
  #pen = { row: POINTS / 2, column: POINTS / 2, down: false, erases: false };
  #paper = shape("path", { class: "fill-pixel-0" });
  #eraser = button("Erase", () => this.#erase(), { class: "figure-button" });
  #tip = shape("rect", { class: "pen", width: 3, height: 3 });
  #pad = make("div", {
    class: "pad", tabindex: "0", role: "application", "aria-label": "Paper to draw a digit on", "aria-describedby": "pen-keys",
  });
  #seen = picture(PIXELS);
  #scores = Array.from({ length: 10 }, () => ({ bar: make("span", { class: "bar" }), value: make("span"), row: make("li") }));
  /** @type {{ input: HTMLInputElement, map: ReturnType<typeof picture> }[]} */
  #cards = [];
  #weights = make("p", { class: "weights" });
  #answer = make("p", { class: "answer" });

  async enliven() {
    const response = await fetch(new URL("../../../labs/digits_network.json", import.meta.url));
    if (!response.ok) throw new Error(`digits_network.json: ${response.status}`);
    this.#network = await response.json();
    return super.enliven();
  }

  /** @param {{ kernel: number[][] }} start @returns {State} */
  begin({ kernel }) {
    const [{ weight, bias }] = this.#network.layers;
    this.#kernels = [kernel, ...weight.map((/** @type {number[][][]} */ filter) => filter[0])];
    this.#bias = [0, ...bias];
    this.#example = drawingOf(this.#network.example.image);
    return { ink: this.#example, kernel: 0 };
  }

  /** @param {any} data @param {State} initial @returns {State} */
  read(data, initial) {
    const { ink = initial.ink, kernel = initial.kernel } = data;
    if (typeof ink !== "string" || ink.length !== DIGITS || /[^0-9a-f]/.test(ink)) {
      throw new Unreadable(`The drawing must be ${DIGITS} hexadecimal digits.`);
    }
    return { ink, kernel: integerFrom(kernel, 0, this.#kernels.length - 1, "The kernel's number") };
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    this.#pad.append(shape("svg", { class: "drawing", viewBox: `0 0 ${POINTS} ${POINTS}`, "aria-hidden": "true" },
      shape("rect", { class: "fill-pixel-8", width: POINTS, height: POINTS }), this.#paper, this.#tip));
    this.#hearPen();
    const names = this.#kernels.map((_, i) => (i ? `Learned ${i}` : "Chosen"));
    const cards = this.#kernels.map((kernel, i) => {
      const input = make("input", { type: "radio", name: "learned-kernel" });
      input.addEventListener("change", () => this.set({ kernel: i }));
      const weights = picture(3);
      weights.show(kernel.flat(), signed(largest(kernel.flat())));
      const map = picture(PIXELS);
      this.#cards.push({ input, map });
      return make("label", { class: "card" }, input, make("span", {}, names[i]), weights.element, map.element);
    });
    this.#scores.forEach(({ row, bar, value }, digit) => row.append(make("span", { class: "digit" }, String(digit)), bar, value));
    /** @param {string} label @param {() => string} ink @param {string} [name] */
    const tool = (label, ink, name = label) => button(label, () => this.set({ ink: ink() }), { class: "figure-button", "aria-label": name });
    /** @param {number} down @param {number} along */
    const moved = (down, along) => () => {
      const points = pointsOf(this.state.ink);
      return inkOf(points.map((_, i) => {
        const [row, column] = [Math.floor(i / POINTS) - down * BLOCK, (i % POINTS) - along * BLOCK];
        return row < 0 || row >= POINTS || column < 0 || column >= POINTS ? 0 : points[row * POINTS + column];
      }));
    };
    const heading = (/** @type {string} */ text) => make("p", { class: "figure-heading" }, text);
    stage.append(
      make("div", { class: "reading" },
        make("div", {}, heading("Draw a digit"), this.#pad),
        make("div", {}, heading("What it sees"), this.#seen.element),
        make("div", {}, heading("Scores"), make("ol", { class: "scores" }, ...this.#scores.map(({ row }) => row))),
      ),
      make("div", { class: "figure-tool-row" },
        tool("Clear", () => EMPTY), this.#eraser, tool("Example", () => this.#example),
        tool("←", moved(0, -1), "Move left"), tool("→", moved(0, 1), "Move right"), tool("↑", moved(-1, 0), "Move up"), tool("↓", moved(1, 0), "Move down"),
      ),
      make("p", { class: "hint", id: "pen-keys" }, "Keys: arrows move the pen, Space puts it down or lifts it, E makes it an eraser, Delete clears."),
      this.#answer,
      make("fieldset", { class: "cards" }, make("legend", {}, "Kernels of the first layer, and their feature maps"), ...cards),
      this.#weights,
    );
  }

  /** A line of the pen. @param {number} fromRow @param {number} fromColumn @param {number} row @param {number} column */
  #stroke(fromRow, fromColumn, row, column) {
    const points = pointsOf(this.state.ink);
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(row - fromRow, column - fromColumn)));
    for (let step = 0; step <= steps; step++) {
      const y = fromRow + ((row - fromRow) * step) / steps;
      const x = fromColumn + ((column - fromColumn) * step) / steps;
      for (let i = 0; i < points.length; i++) {
        if (Math.hypot(Math.floor(i / POINTS) + 0.5 - y, (i % POINTS) + 0.5 - x) < 1.7) points[i] = this.#pen.erases ? 0 : 1;
      }
    }
    this.set({ ink: inkOf(points) });
  }

  /** Makes the pen an eraser, or a pen again. */
  #erase() {
    this.#pen.erases = !this.#pen.erases;
    this.note(this.#pen.erases ? "The pen erases." : "The pen draws.");
    this.show();
  }

  #hearPen() {
    const pad = this.#pad;
    /** @param {PointerEvent} event @returns {[number, number]} */
    const place = ({ clientX, clientY }) => {
      const { left, top, width, height } = pad.getBoundingClientRect();
      return [((clientY - top) / height) * POINTS, ((clientX - left) / width) * POINTS];
    };
    /** @type {[number, number] | undefined} */
    let last;
    pad.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return; // a second finger draws no line from the first
      pad.setPointerCapture(event.pointerId);
      last = place(event);
      this.#stroke(...last, ...last);
    });
    pad.addEventListener("pointermove", (event) => {
      if (!last || !event.isPrimary) return;
      for (const step of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
        const next = place(step);
        this.#stroke(...last, ...next);
        last = next;
      }
    });
    for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, (event) => /** @type {PointerEvent} */ (event).isPrimary && (last = undefined));
    pad.addEventListener("keydown", (event) => {
      const pen = this.#pen;
      const [down, along] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
      if (down || along) {
        const [row, column] = [pen.row, pen.column];
        pen.row = Math.min(POINTS - 1, Math.max(1, row + down));
        pen.column = Math.min(POINTS - 1, Math.max(1, column + along));
        if (pen.down) this.#stroke(row, column, pen.row, pen.column);
      } else if (event.key === " ") {
        pen.down = !pen.down;
        if (pen.down) this.#stroke(pen.row, pen.column, pen.row, pen.column);
        this.note(pen.down ? "Pen down." : "Pen up.");
      } else if (event.key === "e" || event.key === "E") {
        this.#erase();
      } else if (event.key === "Delete" || event.key === "Backspace") {
        this.set({ ink: EMPTY });
        this.note("Cleared.");
      } else return;
      event.preventDefault();
      this.show();
    });
  }

  /** @param {State} state */
  draw({ ink, kernel }) {
    const points = pointsOf(ink);
    let path = "";
    points.forEach((point, i) => {
      if (point) path += `M${i % POINTS} ${Math.floor(i / POINTS)}h1v1h-1z`;
    });
    this.#paper.setAttribute("d", path);
    const { row, column, down, erases } = this.#pen;
    this.#tip.setAttribute("x", String(column - 1.5));
    this.#tip.setAttribute("y", String(row - 1.5));
    this.#tip.classList.toggle("down", down);
    this.#eraser.setAttribute("aria-pressed", String(erases));
    const image = reduced(ink);
    this.#seen.show(image.flat(), (share) => pixel(1 - share));

    const scores = scoresOf(this.#network.layers, image);
    const best = Math.max(...scores);
    const most = largest(scores);
    this.#scores.forEach(({ row, bar, value }, digit) => {
      const score = scores[digit];
      row.classList.toggle("best", score === best);
      bar.toggleAttribute("data-negative", score < 0);
      bar.style.setProperty("--share", String(Math.abs(score) / most));
      value.textContent = written(score, 2);
    });
    this.#answer.textContent = `${ink === EMPTY ? "Nothing is drawn, and yet it" : "It"} reads a ${scores.indexOf(best)}.`;

    const maps = this.#kernels.map((weights, i) => convolve(tensor([image]), tensor([[weights]]), { padding: 1, bias: [this.#bias[i]] }).values);
    this.#cards.forEach(({ input, map }, i) => {
      input.checked = i === kernel;
      map.show(maps[i], signed(largest(maps[i])));
    });
    const rows = this.#kernels[kernel].map((weights) => weights.map((weight) => written(weight, 4, 1)).join(", "));
    this.#weights.textContent = `${kernel ? `Learned ${kernel}` : "Chosen"}: ${rows.join("; ")}.${kernel ? ` Bias ${written(this.#bias[kernel], 4, 1)}.` : ""} Responses from ${written(Math.min(...maps[kernel]), 2)} to ${written(Math.max(...maps[kernel]), 2)}.`;
  }

  /** The answer, and the runners-up. @param {State} state */
  words({ ink }) {
    const { layers, test_images: test } = this.#network;
    const best = scoresOf(layers, reduced(ink)).map((score, digit) => ({ score, digit })).sort((one, other) => other.score - one.score);
    const ranked = best.slice(0, 3).map(({ score, digit }) => `${digit} (${written(score, 2)})`);
    return `The highest scores: ${ranked.join(", ")}. The network was trained on handwritten digits of ${PIXELS} × ${PIXELS} pixels, so a drawing is reduced to that. Of ${test.of} such digits that it had not seen, it read ${test.of - test.right} wrong. Yours may be harder, and it names a digit whatever you draw.`;
  }

  /** @param {State} state */
  numpy({ ink }) {
    return `import json
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

layers = json.loads(Path("digits_network.json").read_text())["layers"]
counts = np.array([
${this.#counts(ink)}
])

values = counts[np.newaxis] / 16
for layer in layers:
    match layer["type"]:
        case "conv2d":
            edge = layer["padding"]
            padded = np.pad(values, ((0, 0), (edge, edge), (edge, edge)))
            windows = sliding_window_view(padded, (3, 3), axis=(1, 2))
            values = np.einsum("cyxij,fcij->fyx", windows, layer["weight"])
            values += np.array(layer["bias"])[:, None, None]
        case "relu":
            values = np.maximum(values, 0.0)
        case "max_pool2d":
            size = layer["size"]
            windows = sliding_window_view(values, (size, size), axis=(1, 2))
            values = windows[:, ::size, ::size].max(axis=(3, 4))
        case "flatten":
            values = values.flatten()
        case "linear":
            values = np.array(layer["weight"]) @ values + layer["bias"]
print(values.round(4), values.argmax())
`;
  }

  /** @param {State} state */
  torch({ ink }) {
    return `import json
from pathlib import Path

import torch
from torch.nn import functional

layers = json.loads(Path("digits_network.json").read_text())["layers"]
counts = torch.tensor([
${this.#counts(ink)}
])

values = counts[None, None] / 16
for layer in layers:
    weight, bias = (torch.tensor(layer.get(name, [])) for name in ("weight", "bias"))
    match layer["type"]:
        case "conv2d":
            values = functional.conv2d(values, weight, bias, padding=layer["padding"])
        case "relu":
            values = functional.relu(values)
        case "max_pool2d":
            values = functional.max_pool2d(values, layer["size"])
        case "flatten":
            values = values.flatten(1)
        case "linear":
            values = functional.linear(values, weight, bias)
print(values, int(values.argmax()))
`;
  }

  /** @param {string} ink */
  #counts(ink) {
    return reduced(ink).map((row) => `    ${python(row.map((share) => share * BLOCK ** 2))},`).join("\n");
  }
}

customElements.define("chosen-and-learned", ChosenAndLearned);
