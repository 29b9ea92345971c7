// The receptive-field tracer: layers to add, change and move, and the pixels that each value depends on.
// All is counted along one side; values and pixels from zero, so that pixels below zero are padding.

import { dependence, receptiveField, span } from "./arithmetic.js";
import { choice, stepper } from "./controls.js";
import { boxes, svg, text } from "./drawing.js";
import { button, choiceFrom, enable, InteractiveFigure, integerFrom, make, Unreadable } from "./element.js";
import { amount, written } from "./numbers.js";
import { examples, fitting, impossible, settingsFrom, steppers } from "./settings.js";

/**
 * @typedef {"conv" | "pool"} Kind
 * @typedef {"kernel" | "stride" | "padding" | "dilation"} Name
 * @typedef {{ kind: Kind } & Record<Name, number>} Layer
 * @typedef {{ size: number, layers: Layer[], layer: number, value: number }} Stack
 * @typedef {import("./arithmetic.js").Reach} Reach
 */

const LARGEST = 512; // input
const MOST = 24; // layers
const LEFT = 88; // of the pixels, beside the layers' names

/** @type {readonly (readonly [Kind, string])[]} */
const KINDS = [["conv", "conv"], ["pool", "pool"]];

/** @type {readonly [Name, string, number, number][]} */
const SETTINGS = [
  ["kernel", "Kernel", 1, 31],
  ["stride", "Stride", 1, 16],
  ["padding", "Padding", 0, 31],
  ["dilation", "Dilation", 1, 16],
];

/** @type {import("./settings.js").Setting<"size">} */
const INPUT = ["size", "Input", 1, LARGEST];

/** @param {Kind} kind @param {number} kernel @param {number} [stride] @param {number} [padding] @returns {Layer} */
const of = (kind, kernel, stride = 1, padding = 0) => ({ kind, kernel, stride, padding, dilation: 1 });
const pool = of("pool", 2, 2);
const overlapping = of("pool", 3, 2);
const same = of("conv", 3, 1, 1);

/** As published. @type {[string, { size: number, layers: Layer[] }][]} */
const NETWORKS = [
  ["LeNet-5", { size: 32, layers: [of("conv", 5), pool, of("conv", 5), pool, of("conv", 5)] }],
  ["AlexNet", { size: 227, layers: [of("conv", 11, 4), overlapping, of("conv", 5, 1, 2), overlapping, same, same, same, overlapping] }],
  ["VGG-16", { size: 224, layers: [2, 2, 3, 3, 3].flatMap((convs) => [...Array(convs).fill(same), pool]) }],
];

/** @param {Layer} layer */
const named = ({ kind, kernel }) => `${kind} ${kernel} × ${kernel}`;

/** PyTorch pools with no more padding than this. @param {Layer} layer */
const mostPadding = ({ kind, kernel }) => (kind === "pool" ? Math.floor(kernel / 2) : Infinity);

/** The input's reach, and the layers' up to the first impossible one. @param {number} size @param {Layer[]} layers @returns {Reach[]} */
function reaches(size, layers) {
  const all = receptiveField(size, layers);
  const end = layers.findIndex((one, at) => all[at].size < 1 || one.padding > mostPadding(one));
  return [{ size, field: 1, jump: 1, start: 0 }, ...(end < 0 ? all : all.slice(0, end))];
}

/** What the chosen value depends on, or nothing where its layer is impossible. @param {Stack} stack */
function trace({ size, layers, layer, value }) {
  const reach = reaches(size, layers)[layer];
  if (!reach) return undefined;
  const at = Math.min(value, reach.size - 1);
  const first = reach.start + at * reach.jump;
  const last = first + reach.field - 1;
  const rows = dependence(size, layers.slice(0, layer), at);
  return {
    ...reach,
    at,
    first,
    last,
    rows,
    inside: Math.max(0, Math.min(last, size - 1) - Math.max(first, 0) + 1),
    pixels: rows[0].filter((pixel) => pixel >= 0 && pixel < size).length,
  };
}

/** Why the first impossible layer is impossible, and what would be possible.
 * @param {Stack} stack @returns {{ at: number, why: string, offers: Partial<Record<Name | "size", number>>[] } | undefined}
 */
function problem({ size, layers }) {
  const all = reaches(size, layers);
  const at = all.length;
  if (at > layers.length) return undefined;
  const one = layers[at - 1];
  const { kernel, padding, dilation } = one;
  const name = `Layer ${at}, ${named(one)},`;
  const most = mostPadding(one);
  if (padding > most) {
    const why = `${name} has a padding of ${padding}: pooling takes at most half its window.`;
    return { at, why, offers: [{ padding: most }, { kernel: 2 * padding }] };
  }
  const before = all[at - 1].size;
  let enough = size;
  while (enough <= LARGEST && reaches(enough, layers).length <= at) enough++;
  return {
    at,
    why: `${name} is ${span(kernel, dilation)} wide, what it gets only ${before + 2 * padding}.`,
    offers: [...fitting({ ...one, size: before }).filter((offer) => (offer.padding ?? 0) <= most), { size: enough }],
  };
}

/** @extends {InteractiveFigure<Stack>} */
class ReceptiveFieldTracer extends InteractiveFigure {
  /** @type {[string, Pick<Stack, "size" | "layers">][]} */
  #examples = [];
  /** @type {Partial<Stack>} */
  #hovered = {};
  /** @type {(stack: Stack) => void} */
  draw = () => {};

  /** @param {any} start @returns {Stack} */
  begin(start) {
    const own = start.layers.map((/** @type {[Kind, number, number]} */ one) => of(...one));
    const lesson = { size: start.size, layers: own };
    this.#examples = [["The lesson’s", lesson], ...NETWORKS];
    return { ...lesson, layer: own.length, value: 0 };
  }

  /** @param {any} data @param {Stack} initial @returns {Stack} */
  read(data, initial) {
    const { size, layers, layer, value } = { ...initial, ...data };
    if (!Array.isArray(layers) || !layers.length || layers.length > MOST) throw new Unreadable(`It must have 1 to ${MOST} layers.`);
    return {
      size: integerFrom(size, 1, LARGEST, "The input"),
      layers: layers.map((one) => {
        const kind = choiceFrom(one?.kind, ["conv", "pool"], "Each layer");
        const read = { kind, ...settingsFrom(one, SETTINGS) };
        if (kind === "pool" && read.dilation > 1) throw new Unreadable("Pooling has no dilation here.");
        return read;
      }),
      layer: integerFrom(layer, 1, layers.length, "The layer"),
      value: integerFrom(value, 0, 9999, "The value"),
    };
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    const presets = examples(this.#examples, (example) => this.set({ ...example, layer: example.layers.length, value: 0 }));
    const input = stepper({ label: "Input", low: 1, high: LARGEST, change: (size) => this.set({ size }) });

    const stack = svg("svg", { class: "drawing", role: "img", "aria-label": "The layers" });
    const names = svg("svg", { class: "drawing stack-names", "aria-hidden": "true" });
    const scroller = make("div", { class: "stack", tabindex: "0", role: "group", "aria-label": "The layers, drawn" }, stack, names);
    /** @type {(event: PointerEvent) => Partial<Stack>} */
    let under = () => ({});
    stack.addEventListener("pointermove", (event) => this.#hover(under(event)));
    stack.addEventListener("pointerleave", () => this.#hover({}));
    stack.addEventListener("click", (event) => this.set(under(/** @type {PointerEvent} */ (event))));

    const range = make("input", { type: "range", min: "0" });
    const label = make("span");
    range.addEventListener("input", () => this.set({ value: Number(range.value) }));

    /** Changes a copy of the layers, and chooses one. @param {(layers: Layer[], at: number) => number} change */
    const edit = (change) => {
      const layers = [...this.state.layers];
      this.set({ layer: change(layers, this.state.layer - 1) + 1, layers });
    };
    /** @param {Partial<Layer>} changes @param {number} [which] */
    const alter = (changes, which) =>
      edit((layers, at) => {
        const to = which ?? at;
        layers[to] = { ...layers[to], ...changes };
        return to;
      });
    /** @param {number} steps */
    const move = (steps) => () =>
      edit((layers, at) => {
        const to = Math.min(layers.length - 1, Math.max(0, at + steps));
        layers.splice(to, 0, ...layers.splice(at, 1));
        return to;
      });
    const look = { class: "figure-button" };
    const heading = make("p", { class: "figure-heading" });
    const kinds = choice({ label: "Kind", choices: KINDS, change: (kind) => alter(kind === "pool" ? { kind, dilation: 1 } : { kind }) });
    const numbers = steppers(SETTINGS, (changes) => alter(changes));
    const add = button("Add", () => edit((layers, at) => (layers.length < MOST ? layers.splice(at, 0, layers[at]).length + at + 1 : at)), look);
    const remove = button("Remove", () => edit((layers, at) => (layers.length > 1 ? Math.min(at, layers.length - layers.splice(at, 1).length - 1) : at)), look);
    const earlier = button("Earlier", move(-1), look);
    const later = button("Later", move(1), look);

    const trouble = make("div");
    const working = make("p", { class: "figure-row stack-sums" });
    const body = make("tbody");
    const heads = ["Layer", "Size", "Field", "Jump", "Start"].map((name) => make("th", { scope: "col" }, name));
    const table = make("table", { class: "stack-table" }, make("thead", {}, make("tr", {}, ...heads)), body);
    let listed = "";

    stage.append(
      make("div", { class: "figure-controls" }, presets.element, input.element),
      scroller,
      make("label", { class: "stack-value" }, label, range),
      heading,
      make("div", { class: "figure-grid" }, kinds.element, ...numbers.elements),
      make("div", { class: "figure-tool-row" }, add, remove, earlier, later),
      trouble,
      working,
      table,
    );

    this.draw = (state) => {
      const { size, layers, layer } = state;
      const all = reaches(size, layers);
      // The next stack may lack what the pointer is on.
      const hovered = Number(this.#hovered.value) < all[this.#hovered.layer ?? 0]?.size;
      const now = { ...state, ...(hovered ? this.#hovered : {}) };
      under = show(stack, names, scroller, now, all, hovered);
      const wrong = problem(state);
      presets.show(state);
      input.show(size);
      const chosen = layers[layer - 1];
      kinds.show(chosen.kind);
      numbers.show(chosen, wrong?.at === layer ? wrong.offers : []);
      heading.textContent = `Layer ${layer} of ${layers.length}: ${named(chosen)}`;
      enable(add, layers.length < MOST);
      enable(remove, layers.length > 1);
      enable(earlier, layer > 1);
      enable(later, layer < layers.length);
      const found = trace(now);
      range.disabled = !found || found.size < 2;
      range.max = String(found ? found.size - 1 : 0);
      range.value = String(found?.at ?? 0);
      label.textContent = found ? `Value ${written(found.at)}: ${pixels(found)}` : "No value";
      trouble.replaceChildren();
      if (wrong) {
        const now = { ...layers[wrong.at - 1], size };
        trouble.append(
          impossible(wrong.why, wrong.offers, now, [...SETTINGS, INPUT], ({ size, ...changes }) => (size ? this.set({ size }) : alter(changes, wrong.at - 1))),
        );
      }
      working.replaceChildren(...sums(chosen, all[layer - 1], all[layer]).map((sum) => make("span", {}, sum)));
      const list = JSON.stringify([size, layers]);
      if (list !== listed) {
        listed = list;
        body.replaceChildren(
          ...["input", ...layers.map(named)].map((name, at) => {
            const head = at ? button(name, () => this.set({ layer: at, value: 0 })) : name;
            const values = all[at] ? [all[at].size, all[at].field, all[at].jump, all[at].start].map((value) => written(value)) : Array(4).fill("–");
            return make("tr", {}, make("th", { scope: "row" }, head), ...values.map((value) => make("td", {}, value)));
          }),
        );
      }
      body.querySelectorAll("button").forEach((one, at) => one.setAttribute("aria-pressed", String(at === layer - 1)));
    };
  }

  /** @param {Partial<Stack>} place */
  #hover(place) {
    if (place.layer === this.#hovered.layer && place.value === this.#hovered.value) return;
    this.#hovered = place;
    this.show();
  }

  /** @param {Stack} stack */
  words(stack) {
    const wrong = problem(stack);
    const found = trace(stack);
    if (!found) return `Impossible. ${wrong?.why}`;
    const one = stack.layers[stack.layer - 1];
    const sentences = [
      `Layer ${stack.layer} of ${stack.layers.length}, ${named(one)}, has ${amount(found.size, "value")}.`,
      `Each has a field of ${amount(found.field, "pixel")}, and neighbours lie ${amount(found.jump, "pixel")} apart.`,
      `Value ${written(found.at)}: ${pixels(found)}.`,
    ];
    if (found.field > stack.size) sentences.push("The field is wider than the image.");
    if (wrong) sentences.push(`Impossible further on. ${wrong.why}`);
    return sentences.join(" ");
  }

  /** @param {Stack} stack */
  numpy({ size, layers, layer, value }) {
    const found = trace({ size, layers, layer, value });
    if (!found) return `# ${problem({ size, layers, layer, value })?.why}`;
    const rows = layers.slice(0, layer).map((one) => `    (${SETTINGS.map(([name]) => one[name]).join(", ")}),`);
    return `import numpy as np

layers = [  # kernel, stride, padding, dilation
${rows.join("\n")}
]
sizes, field, jump, start = [${size}], 1, 1, 0
for kernel, stride, padding, dilation in layers:
    sizes.append((sizes[-1] + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)
    field += dilation * (kernel - 1) * jump
    start -= padding * jump
    jump *= stride
print("size:", sizes[-1], "field:", field, "jump:", jump, "start:", start)

places = np.array([${found.at}])
for (kernel, stride, padding, dilation), size in zip(layers[::-1], sizes[-2::-1]):
    places = np.unique(np.add.outer(places * stride - padding, dilation * np.arange(kernel)))
    places = places[(places >= 0) & (places < size)]
print("depends on pixels of the image:", places.size)`;
  }

  /** @param {Stack} stack */
  torch({ size, layers, layer, value }) {
    const rows = layers.slice(0, layer).map(({ kind, kernel, stride, padding, dilation }) =>
      kind === "conv"
        ? `    nn.Conv1d(1, 1, ${kernel}, stride=${stride}, padding=${padding}, dilation=${dilation}),`
        : `    nn.AvgPool1d(${kernel}, stride=${stride}, padding=${padding}),`,
    );
    return `import torch
from torch import nn

stack = nn.Sequential(  # an average shows what max pooling chooses from
${rows.join("\n")}
)
for name, weights in stack.named_parameters():
    nn.init.ones_(weights)

pixels = torch.ones(1, ${size}, requires_grad=True)
values = stack(pixels)[0]
values[${trace({ size, layers, layer, value })?.at ?? 0}].backward()

print("size:", len(values))
print("depends on pixels of the image:", pixels.grad.count_nonzero().item())`;
  }
}

/** How a layer's field, jump and start come about. @param {Layer} layer @param {Reach | undefined} before @param {Reach | undefined} after */
function sums({ kernel, stride, padding, dilation }, before, after) {
  if (!before || !after) return [];
  const jump = written(before.jump);
  const spread = dilation > 1 ? `${written(dilation)} · ` : "";
  return [
    `Field ${written(before.field)} + ${spread}(${written(kernel)} − 1) · ${jump} = ${written(after.field)}`,
    `Jump ${jump} · ${written(stride)} = ${written(after.jump)}`,
    `Start ${written(before.start)} − ${written(padding)} · ${jump} = ${written(after.start)}`,
  ];
}

/** The pixels of a field, those of the image and the padded ones apart. @param {NonNullable<ReturnType<typeof trace>>} found */
function pixels({ first, last, field, inside, pixels }) {
  const parts = [`pixels ${written(first)} to ${written(last)}`, `${written(inside)} in the image`];
  if (pixels < inside) parts.push(`of which ${written(pixels)} have an influence`);
  if (field > inside) parts.push(`${written(field - inside)} in the padding`);
  return parts.join(", ");
}

/** Draws a stack, the last layer on top, and what the chosen value depends on. Gives a function that says which value is under the pointer.
 * @param {Element} stack @param {Element} names @param {HTMLElement} scroller @param {Stack} state @param {Reach[]} all @param {boolean} hovered
 * @returns {(event: PointerEvent) => Partial<Stack>}
 */
function show(stack, names, scroller, state, all, hovered) {
  const { size, layers } = state;
  const low = Math.min(...all.map(({ start }) => start));
  const high = Math.max(...all.map(({ size, start, jump, field }) => start + (size - 1) * jump + field));
  const pitch = Math.min(25, Math.max(1.25, 260 / (high - low)));
  const width = Math.max(360, LEFT + (high - low) * pitch + 8);
  const step = Math.min(40, Math.max(20, 200 / layers.length));
  const tall = Math.min(14, step - 8);
  const height = layers.length * step + 58;
  const top = 14;
  /** @param {number} at */
  const y = (at) => top + (layers.length - at) * step;
  /** @param {number} pixel its left edge */
  const edge = (pixel) => LEFT + (pixel - low) * pitch;
  /** @param {number} at @param {number} place its middle */
  const x = (at, place) => edge(all[at].start + place * all[at].jump + all[at].field / 2);
  /** @param {number} at @param {number[]} places @param {Record<string, string | number>} look */
  const cells = (at, places, look) => {
    const wide = Math.min(14, Math.max(1, all[at].jump * pitch - 1.5));
    return svg("path", { ...look, d: boxes(places.map((place) => [x(at, place) - wide / 2, y(at) - tall / 2]), wide, tall) });
  };
  const dashed = { "stroke-dasharray": "2 2" };
  const parts = all.map((reach, at) => cells(at, [...Array(reach.size).keys()], { class: "fill-cell line-line", "stroke-width": 0.5 }));
  all.forEach((reach, at) => {
    const padding = layers[at]?.padding ?? 0;
    const places = [...Array(padding).keys()].flatMap((index) => [-1 - index, reach.size + index]);
    parts.push(cells(at, places, { class: "line-line", ...dashed }));
  });
  const found = trace(state);
  if (found) {
    const line = { "stroke-width": pitch > 8 ? 1.5 : 0.75 };
    found.rows.forEach((row, at) => {
      const real = row.filter((place) => place >= 0 && place < all[at].size);
      if (at) {
        const { kernel, stride, padding, dilation } = layers[at - 1];
        const lines = real.flatMap((place) =>
          Array.from({ length: kernel }, (_, tap) => `M${x(at, place)} ${y(at)}L${x(at - 1, place * stride - padding + tap * dilation)} ${y(at - 1)}`),
        );
        parts.push(svg("path", { class: "line-window", "stroke-width": pitch > 8 ? 1 : 0.4, d: lines.join("") }));
      }
    });
    found.rows.forEach((row, at) => {
      const real = row.filter((place) => place >= 0 && place < all[at].size);
      const outside = row.filter((place) => place < 0 || place >= all[at].size);
      parts.push(cells(at, real, { class: `${at === state.layer ? "fill-window" : "fill-window-cell"} line-window`, ...line }));
      parts.push(cells(at, outside, { class: "fill-surface line-window", ...line, ...dashed }));
    });
    const { first, last } = found;
    const under = y(0) + tall / 2 + 8;
    const [from, to] = [Math.max(first, 0), Math.min(last, size - 1)];
    const middle = Math.min(width - 50, Math.max(LEFT + 50, edge((first + last + 1) / 2)));
    parts.push(
      svg("path", { class: "line-window", "stroke-width": 2, ...dashed, d: `M${edge(first)} ${under}H${edge(last + 1)}` }),
      svg("path", { class: "line-window", "stroke-width": 4, d: from > to ? "" : `M${edge(from)} ${under}H${edge(to + 1)}` }),
      text(middle, under + 20, `field ${written(found.field)}`, "note fill-ink"),
    );
  }
  stack.setAttribute("viewBox", `0 0 ${width} ${height}`);
  stack.replaceChildren(...parts);
  scroller.style.setProperty("--wide", String(width / 360));
  if (found && !hovered) scroller.scrollLeft = ((edge((found.first + found.last + 1) / 2) - (LEFT + 360) / 2) / 360) * scroller.clientWidth;
  names.setAttribute("viewBox", `0 0 360 ${height}`);
  names.replaceChildren(
    svg("path", { class: "fill-surface", d: boxes([[0, 0]], LEFT - 8, height) }),
    ...["input", ...layers.map(named)].map((name, at) =>
      text(0, y(at) + 5, name, `start ${at === state.layer ? "strong " : ""}${all[at] ? "fill-ink" : "fill-gradient"}`),
    ),
  );
  return ({ clientX, clientY }) => {
    const box = stack.getBoundingClientRect();
    const at = layers.length - Math.round((((clientY - box.top) / box.height) * height - top) / step);
    const reach = all[at];
    if (at < 1 || !reach) return {};
    const pixel = (((clientX - box.left) / box.width) * width - LEFT) / pitch + low;
    const value = Math.round((pixel - reach.start - reach.field / 2) / reach.jump);
    return value >= 0 && value < reach.size ? { layer: at, value } : {};
  };
}

customElements.define("receptive-field-tracer", ReceptiveFieldTracer);
