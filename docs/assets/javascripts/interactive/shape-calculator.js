// The shape calculator: what a convolution makes of an image, how many parameters and multiply-adds
// it needs, and which pixels its windows cover. An impossible setting says why, and the nearest possible.

import { multiplyAdds, outputSize, parameterCount, span } from "./arithmetic.js";
import { choice } from "./controls.js";
import { boxes, svg, text } from "./drawing.js";
import { InteractiveFigure, make, Unreadable } from "./element.js";
import { amount, written } from "./numbers.js";
import { examples, fitting, impossible, settingsFrom, steppers } from "./settings.js";

/**
 * @typedef {"size" | "kernel" | "padding" | "stride" | "dilation" | "channels" | "filters" | "groups" | "units"} Name
 * @typedef {Record<Name, number> & { bias: boolean }} Layer
 * @typedef {{ why: string, offers: Partial<Record<Name, number>>[] }} Problem
 */

/** @type {readonly [Name, string, number, number][]} */
const SETTINGS = [
  ["size", "Size N", 1, 999],
  ["kernel", "Kernel K", 1, 99],
  ["padding", "Padding P", 0, 99],
  ["stride", "Stride S", 1, 99],
  ["dilation", "Dilation", 1, 99],
  ["channels", "Channels", 1, 999],
  ["filters", "Filters", 1, 999],
  ["groups", "Groups", 1, 999],
  ["units", "Dense units", 1, 999],
];

const FORMULA = `<math display="block"><mtable displaystyle="true" scriptlevel="0">
<mtr><mtd class="math-right"><mtext>output size</mtext></mtd><mtd class="math-left"><mo>=</mo><mrow><mo>⌊</mo><mfrac><mrow><mi>N</mi><mo>+</mo><mn>2</mn><mi>P</mi><mo>−</mo><mi>K</mi></mrow><mi>S</mi></mfrac><mo>⌋</mo></mrow><mo>+</mo><mn>1</mn></mtd></mtr>
<mtr><mtd></mtd><mtd class="math-left"><mo>=</mo><mrow><mo>⌊</mo><mfrac><mrow><mn class="size"></mn><mo>+</mo><mn>2</mn><mo>⋅</mo><mn class="padding"></mn><mo>−</mo><mn class="wide"></mn></mrow><mn class="stride"></mn></mfrac><mo>⌋</mo></mrow><mo>+</mo><mn>1</mn></mtd></mtr>
<mtr><mtd></mtd><mtd class="math-left"><mo>=</mo><mrow><mo>⌊</mo><mfrac><mn class="room"></mn><mn class="stride"></mn></mfrac><mo>⌋</mo></mrow><mo>+</mo><mn>1</mn><mo>=</mo><mn class="steps"></mn><mo>+</mo><mn>1</mn><mo>=</mo><mn class="places"></mn></mtd></mtr>
</mtable></math>`;

/** What follows from a setting. @param {Layer} now */
function derived(now) {
  const { size, kernel, padding, stride, dilation } = now;
  const wide = span(kernel, dilation);
  const places = outputSize(size, kernel, { stride, before: padding, dilation });
  const room = size + 2 * padding - wide;
  const seen = new Set();
  for (let window = 0; window < places; window++) {
    for (let tap = 0; tap < kernel; tap++) seen.add(window * stride - padding + tap * dilation);
  }
  const unseen = Array.from({ length: size }, (_, pixel) => pixel).filter((pixel) => !seen.has(pixel)).length;
  const parameters = parameterCount(now);
  const inputs = now.channels * size ** 2;
  const dense = inputs * now.units + (now.bias ? now.units : 0);
  return {
    wide,
    places,
    room,
    seen,
    unseen,
    parameters,
    inputs,
    dense,
    left: room % stride,
    weights: parameterCount({ ...now, bias: false }),
    adds: multiplyAdds({ ...now, places: places ** 2 }),
    ratio: dense / parameters,
  };
}

/** Why a layer is impossible, and what would be possible. @param {Layer} now @returns {Problem[]} */
function problems(now) {
  const { size, kernel, padding, dilation, channels, filters, groups } = now;
  const found = [];
  const wide = span(kernel, dilation);
  const padded = size + 2 * padding;
  if (wide > padded) {
    const why = `A window is ${written(wide)} pixels wide, the padded side only ${written(padded)}.`;
    found.push({ why, offers: [...fitting(now), { size: wide - 2 * padding }] });
  }
  if (channels % groups || filters % groups) {
    /** @param {number} count */
    const multiple = (count) => Math.max(1, Math.round(count / groups)) * groups;
    let fewer = groups;
    while (channels % fewer || filters % fewer) fewer--;
    const why = `${written(groups)} groups do not divide ${amount(channels, "channel")} and ${amount(filters, "filter")}.`;
    found.push({ why, offers: [{ groups: fewer }, { channels: multiple(channels), filters: multiple(filters) }] });
  }
  return found;
}

/** @extends {InteractiveFigure<Layer>} */
class ShapeCalculator extends InteractiveFigure {
  /** @type {[string, Layer][]} */
  #presets = [];
  /** @type {(now: Layer) => void} */
  #show = () => {};

  /** @param {any} start @returns {Layer} */
  begin({ size, kernel, channels, filters, units, patch, padding, stride, groups }) {
    const photo = { size, kernel, padding: 0, stride: 1, dilation: 1, channels, filters, groups: 1, bias: true, units };
    const small = { ...photo, size: patch, channels: 1, filters: 1 };
    this.#presets = [
      ["The photo", photo],
      ["The patch", small],
      ["Same size", { ...small, padding }],
      ["Strided photo", { ...photo, padding, stride }],
      ["Depthwise", { ...photo, padding, channels: groups, groups }],
    ];
    return photo;
  }

  /** @param {any} data @param {Layer} initial @returns {Layer} */
  read(data, initial) {
    const { bias = initial.bias } = data;
    if (typeof bias !== "boolean") throw new Unreadable("Biases must be true or false.");
    return { ...settingsFrom(data, SETTINGS, initial), bias };
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    const presets = examples(this.#presets, (example) => this.set(example));
    const numbers = steppers(SETTINGS, (changes) => this.set(changes));
    const bias = choice({
      label: "Biases",
      choices: [["yes", "yes"], ["no", "no"]],
      change: (chosen) => this.set({ bias: chosen === "yes" }),
    });
    const controls = make("div", { class: "figure-grid" }, ...numbers.elements);
    controls.lastElementChild?.before(bias.element);
    const picture = svg("svg", { class: "drawing", role: "img", viewBox: "8 0 344 186" });
    const formula = make("div", { class: "shape-formula" });
    formula.innerHTML = FORMULA;
    const floor = make("p");
    formula.append(floor);
    const problem = make("div", { class: "shape-problem" });
    const results = make("dl", { class: "shape-results" });
    const areas = svg("svg", { class: "drawing", role: "img", viewBox: "8 0 344 106" });
    stage.append(presets.element, controls, picture, make("div", { class: "shape-working" }, formula, problem), results, areas);

    this.#show = (now) => {
      const facts = derived(now);
      const wrong = problems(now);
      presets.show(now);
      bias.show(now.bias ? "yes" : "no");
      numbers.show(now, wrong.flatMap(({ offers }) => offers));
      this.#picture(picture, now, facts);
      formula.hidden = wrong.length > 0;
      /** @type {Record<string, number>} */
      const parts = { ...now, ...facts, bias: 0, seen: 0, steps: facts.places - 1 };
      for (const place of formula.querySelectorAll("mn[class]")) place.textContent = written(parts[place.className]);
      floor.textContent = remainder(now, facts);
      problem.replaceChildren(...wrong.map(({ why, offers }) => impossible(why, offers, now, SETTINGS, (offer) => this.set(offer))));
      results.replaceChildren(...rows(now, facts, wrong.length === 0));
      this.#areas(areas, now, facts, wrong.length === 0);
    };
  }

  /** The pixels of one side, the windows below them, and the step for which there is no room.
   * @param {Element} picture @param {Layer} now @param {ReturnType<typeof derived>} facts
   */
  #picture(picture, { size, kernel, padding, stride, dilation }, { places, wide, seen }) {
    const LEFT = 86;
    const total = size + 2 * padding;
    const over = Math.min(3, Math.max(places * stride + wide - total, 1)); // of the step without room
    const all = total + over <= 17;
    const head = all ? total : 7;
    const gap = all ? 0 : total - 14;
    const pitch = all ? Math.min(28, 266 / (total + over)) : 266 / (16 + over);
    /** Where a place of the padded side is drawn; NaN where it is left out. @param {number} place */
    const at = (place) => {
      if (place < head) return LEFT + place * pitch;
      if (place < head + gap || place >= total + over) return NaN;
      return LEFT + (place - gap + (gap ? 2 : 0)) * pitch;
    };
    /** @param {number[]} shown @param {number} y @param {number} height @param {Record<string, string>} look */
    const cells = (shown, y, height, look) => {
      const inset = look.class.includes("line") ? 2 : 1;
      const corners = shown.map((place) => /** @type {[number, number]} */ ([at(place) + inset, y + inset]));
      return svg("path", { d: boxes(corners, pitch - 2 * inset, height - 2 * inset), ...look });
    };
    const parts = [];
    const windows = places <= 4 ? Array.from({ length: places }, (_, index) => index) : [0, 1, NaN, places - 1];
    const visible = Array.from({ length: total }, (_, place) => place).filter((place) => !Number.isNaN(at(place)));
    const real = visible.filter((place) => place >= padding && place < size + padding);
    const unseen = real.filter((place) => !seen.has(place - padding));
    parts.push(
      cells(real.filter((place) => seen.has(place - padding)), 22, 22, { class: "fill-window-cell" }),
      cells(unseen, 22, 22, { class: "fill-cell" }),
      cells(visible.filter((place) => place < padding || place >= size + padding), 22, 22, { class: "line-line", "stroke-dasharray": "3 2" }),
      svg("path", { class: "line-gradient", "stroke-width": 1.5, d: unseen.map((place) => cross(at(place) + pitch / 2, 33)).join("") }),
      text(8, 37, "pixels", "start fill-ink"),
    );
    for (const [place, pixel] of [[padding, 1], [padding + size - 1, size]]) {
      if (!Number.isNaN(at(place)) && (pixel === 1 || size > 1)) parts.push(text(at(place) + pitch / 2, 16, written(pixel), "note fill-muted"));
    }
    parts.push(svg("path", { class: "line-muted", d: `M${at(total - 1) + pitch} 18V${50 + 21 * (windows.length + 1)}` }));
    if (gap) parts.push(text(LEFT + 8 * pitch, 37, "…", "fill-muted"));
    [...windows, places].forEach((window, row) => {
      const y = 50 + row * 21;
      if (Number.isNaN(window)) {
        parts.push(text(8, y + 14, "…", "start fill-muted"));
        return;
      }
      const fits = window < places;
      const taps = Array.from({ length: kernel }, (_, tap) => window * stride + tap * dilation).filter((place) => !Number.isNaN(at(place)));
      /** @type {Record<string, string>} */
      const look = fits ? { class: "fill-window" } : { class: "line-gradient", "stroke-dasharray": "3 2", "stroke-width": "1.5" };
      parts.push(
        cells(taps, y, 19, look),
        text(8, y + 14, fits ? `window ${written(window + 1)}` : "no room", fits ? "start fill-ink" : "start strong fill-gradient"),
      );
    });
    const key = 178;
    parts.push(
      svg("path", { class: "fill-window-cell", d: boxes([[9, key - 9]], 10, 10) }),
      text(26, key, "seen", "start note fill-muted"),
      svg("path", { class: "line-line", "stroke-dasharray": "3 2", d: boxes([[87, key - 9]], 10, 10) }),
      text(104, key, "padding", "start note fill-muted"),
      svg("path", { class: "line-gradient", "stroke-width": 1.5, d: cross(190, key - 4) }),
      text(202, key, "never seen", "start note fill-muted"),
    );
    picture.replaceChildren(...parts);
    picture.setAttribute("aria-label", `The windows along one side: ${amount(places, "window")} over ${amount(size, "pixel")}.`);
  }

  /** The parameters as areas, to scale. @param {Element} areas @param {Layer} now @param {ReturnType<typeof derived>} facts @param {boolean} possible */
  #areas(areas, now, { dense, parameters, ratio }, possible) {
    const unit = dense / now.units;
    const scale = 78 / Math.sqrt(Math.max(unit, possible ? parameters : 0));
    const one = Math.sqrt(unit) * scale;
    const conv = Math.sqrt(possible ? parameters : 0) * scale;
    areas.replaceChildren(
      svg("path", { class: "fill-line", d: boxes([[8, 26]], one, one) }),
      svg("path", { class: "fill-positive", d: boxes([[16 + one, 26]], conv, conv) }),
    );
    areas.append(
      text(8, 14, "One dense unit and the convolution, to scale", "start note fill-muted"),
      text(352, 52, possible ? `${written(ratio, ratio < 100 ? 1 : 0)} ×` : "–", "end large strong fill-ink"),
      text(352, 72, "as many parameters", "end note fill-muted"),
      text(352, 88, "in the dense layer", "end note fill-muted"),
    );
    areas.setAttribute("aria-label", `One of ${written(now.units)} dense units has ${written(unit)} parameters.`);
  }

  /** @param {Layer} now */
  draw(now) {
    this.#show(now);
  }

  /** @param {Layer} now */
  words(now) {
    const wrong = problems(now);
    if (wrong.length) return `Impossible. ${wrong.map(({ why }) => why).join(" ")}`;
    const { places, parameters, adds, dense, ratio, unseen } = derived(now);
    const { size, kernel, padding, stride, dilation, channels, groups } = now;
    const layer = [
      `kernels of ${written(kernel)} × ${written(kernel)}`,
      ...(padding ? [`padding ${written(padding)}`] : []),
      ...(stride > 1 ? [`stride ${written(stride)}`] : []),
      ...(dilation > 1 ? [`dilation ${written(dilation)}`] : []),
      ...(groups > 1 ? [amount(groups, "group")] : []),
    ].join(", ");
    const sentences = [
      `With ${layer}, an image of ${written(channels)} × ${written(size)} × ${written(size)} becomes ${written(now.filters)} × ${written(places)} × ${written(places)};`,
      `that takes ${amount(parameters, "parameter")} and ${amount(adds, "multiply-add")}.`,
    ];
    if (unseen) sentences.push(`${amount(unseen, "row")} and as many columns are never seen.`);
    sentences.push(`A dense layer of ${amount(now.units, "unit")} has ${written(dense)} parameters, ${written(ratio, ratio < 100 ? 1 : 0)} times as many.`);
    return sentences.join(" ");
  }

  /** @param {Layer} now */
  numpy({ size, kernel, padding, stride, dilation, channels, filters, groups, bias }) {
    const divided = groups > 1 ? `\nassert ${channels} % ${groups} == ${filters} % ${groups} == 0` : "";
    return `import numpy as np
${divided}
image = np.zeros((${channels}, ${size}, ${size}))
weights = np.zeros((${filters}, ${channels} // ${groups}, ${kernel}, ${kernel}))
biases = np.zeros(${bias ? filters : 0})

padded = np.arange(${-padding}, ${size + padding})  # the pixels of one side
windows = np.lib.stride_tricks.sliding_window_view(padded, ${span(kernel, dilation)})
windows = windows[::${stride}, ::${dilation}]
places = len(windows)

print("output:", (len(weights), places, places))
print("parameters:", weights.size + biases.size)
print("multiply-adds:", weights.size * places**2)
print("rows never seen:", np.setdiff1d(np.arange(${size}), windows).size)`;
  }

  /** @param {Layer} now */
  torch({ size, kernel, padding, stride, dilation, channels, filters, groups, units, bias }) {
    const truth = bias ? "True" : "False";
    return `import torch
from torch import nn

with torch.device("meta"):  # shapes without numbers
    image = torch.zeros(${channels}, ${size}, ${size})
    convolution = nn.Conv2d(
        ${channels}, ${filters}, ${kernel}, stride=${stride}, padding=${padding}, dilation=${dilation}, groups=${groups}, bias=${truth}
    )
    dense = nn.Linear(image.numel(), ${units}, bias=${truth})

print("output:", tuple(convolution(image).shape))
print("parameters:", sum(p.numel() for p in convolution.parameters()))
print("dense parameters:", sum(p.numel() for p in dense.parameters()))`;
  }
}

/** @param {number} x @param {number} y */
function cross(x, y) {
  return `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`;
}

/** What the floor drops, in words. @param {Layer} now @param {ReturnType<typeof derived>} facts */
function remainder({ size, kernel, stride, dilation }, { wide, room, places, left, unseen }) {
  const spread = dilation > 1 ? `The dilation spreads the kernel: K is ${written(dilation)} · (${written(kernel)} − 1) + 1 = ${written(wide)}. ` : "";
  const division = `${written(room)} = ${written(places - 1)} · ${written(stride)} + ${written(left)}: `;
  const rest = left ? `${amount(left, "pixel")} left over, too few for another step. ` : "nothing is left over. ";
  const lost = unseen ? `${written(unseen)} of ${written(size)} pixels a side are never seen.` : "Every pixel is seen.";
  return spread + division + rest + lost;
}

/** @param {Layer} now @param {ReturnType<typeof derived>} facts @param {boolean} possible */
function rows(now, { places, weights, parameters, adds, inputs, dense }, possible) {
  const depth = now.groups > 1 ? `${written(now.channels)}/${written(now.groups)}` : written(now.channels);
  const biases = (/** @type {number} */ count) => (now.bias ? ` + ${written(count)}` : "");
  const table = [
    ["Output", `${written(now.filters)} × ${written(places)} × ${written(places)}`, "filters × height × width"],
    ["Parameters", written(parameters), `${written(now.filters)} · ${depth} · ${now.kernel} · ${now.kernel}${biases(now.filters)}`],
    ["Multiply-adds", written(adds), `${written(weights)} · ${written(places)} · ${written(places)}`],
    ["Dense layer", written(dense), `${written(inputs)} · ${written(now.units)}${biases(now.units)}`],
  ];
  return table.map(([name, value, working]) =>
    make("div", {}, make("dt", {}, name), make("dd", { class: "shape-value" }, possible || name === "Dense layer" ? value : "–"), make("dd", {}, possible || name === "Dense layer" ? working : "")),
  );
}

customElements.define("shape-calculator", ShapeCalculator);
