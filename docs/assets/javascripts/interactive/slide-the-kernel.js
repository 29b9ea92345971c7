// The kernel over the patch, in a reader's hands: every pixel, weight and setting can be changed.

import { convolve, flipped, nested, outputSize, pad, span, tensor } from "./arithmetic.js";
import { choice, matrix, pixel, signed } from "./controls.js";
import { InteractiveFigure, Unreadable, button, choiceFrom, enable, integerFrom, make, rowsFrom } from "./element.js";
import { brief, python, written } from "./numbers.js";
import { impossible, settingsFrom, steppers } from "./settings.js";

/**
 * @typedef {import("./arithmetic.js").PaddingMode} PaddingMode
 * @typedef {"correlation" | "convolution"} Operation
 * @typedef {{ patch: number[][], kernel: number[][], stride: number, dilation: number, padding: number[],
 *   mode: PaddingMode, operation: Operation, place: number, pinned: boolean }} State
 *   padding: above, right, below, left; place: of the window, counted in reading order
 * @typedef {{ of: "pixel" | "weight" | "product" | "response", row: number, column: number }} Pointed
 */

/** @typedef {"size" | "kernel" | "stride" | "dilation" | "above" | "right" | "below" | "left"} Name */
/** @type {readonly import("./settings.js").Setting<Name>[]} */
const SETTINGS = [
  ["size", "Patch size", 3, 6],
  ["kernel", "Kernel size", 1, 5],
  ["stride", "Stride", 1, 4],
  ["dilation", "Dilation", 1, 4],
  ["above", "above", 0, 2],
  ["right", "right", 0, 2],
  ["below", "below", 0, 2],
  ["left", "left", 0, 2],
];
const SIDES = /** @type {const} */ (["above", "right", "below", "left"]);
const WEIGHT = 10; // the largest
const PACE = 900; // milliseconds a place while it plays
/** @type {readonly (readonly [PaddingMode, string])[]} */
const MODES = [["zeros", "zeros"], ["reflect", "reflection"], ["replicate", "copies"]];
/** @type {readonly (readonly [Operation, string])[]} */
const OPERATIONS = [["correlation", "correlation"], ["convolution", "true convolution"]];

/** Rows of one number a place. @param {number} size @param {(row: number, column: number) => number} value */
const square = (size, value) => Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => value(row, column)));

/** Makes a square larger with zeros, or smaller, at its right and its lower side.
 * @param {number[][]} rows @param {number} size
 */
const resized = (rows, size) => square(size, (row, column) => rows[row]?.[column] ?? 0);

/** @type {[string, (size: number) => number[][]][]} */
const PATCHES = [
  ["one bright pixel", (size) => square(size, (row, column) => Number(row === size >> 1 && column === size >> 1))],
  ["a bright line", (size) => square(size, (row) => Number(row === size >> 1))],
  ["a diagonal", (size) => square(size, (row, column) => Number(row === column))],
  ["an edge", (size) => square(size, (_, column) => Number(column >= size / 2))],
  ["white", (size) => square(size, () => 1)],
];
/** @type {[string, (size: number) => number[][]][]} */
const KERNELS = [
  ["unchanged", (size) => square(size, (row, column) => Number(row === size >> 1 && column === size >> 1))],
  ["mean", (size) => square(size, () => 1 / size ** 2)],
  ["edge upright", () => [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]],
  ["edge level", () => [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]],
  ["sharper", () => [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]],
  ["lopsided", (size) => square(size, (row, column) => row * size + column + 1)],
];

/** All that follows from a state. @param {State} state */
function computed({ patch, kernel, stride, dilation, padding, mode, operation }) {
  const [top, right, bottom, left] = padding;
  const image = tensor([patch]);
  const weights = tensor([[kernel]]);
  const convolution = { stride, dilation, padding: { top, right, bottom, left }, mode };
  const reach = span(kernel.length, dilation);
  const height = outputSize(patch.length, kernel.length, { stride, dilation, before: top, after: bottom });
  const width = outputSize(patch.length, kernel.length, { stride, dilation, before: left, after: right });
  const fits = height > 0 && width > 0;
  return {
    padded: /** @type {number[][]} */ (nested(pad(image, convolution.padding, mode))[0]),
    applied: /** @type {number[][]} */ (operation === "convolution" ? nested(flipped(weights))[0][0] : kernel),
    responses: /** @type {number[][]} */ (
      fits ? nested(convolve(image, weights, { ...convolution, flip: operation === "convolution" }))[0] : []
    ),
    reach,
    count: fits ? height * width : 0,
    width,
  };
}

/** The settings as numbers. @param {State} state @returns {Record<Name, number>} */
function settingsOf({ patch, kernel, stride, dilation, padding: [above, right, below, left] }) {
  return { size: patch.length, kernel: kernel.length, stride, dilation, above, right, below, left };
}

/** Changes that make the kernel fit. @param {State} state @returns {Partial<Record<Name, number>>[]} */
function fitting(state) {
  const now = settingsOf(state);
  const last = now.size + Math.min(now.above + now.below, now.left + now.right) - 1;
  const reach = span(now.kernel, now.dilation);
  const each = Math.ceil((reach - now.size) / 2);
  return [
    { kernel: Math.floor(last / now.dilation) + 1 },
    { size: now.size + reach - last - 1 },
    { dilation: Math.floor(last / (now.kernel - 1)) },
    Object.fromEntries(SIDES.filter((side) => now[side] < each).map((side) => [side, each])),
  ];
}

/** @param {number} row @param {number} column */
const at = (row, column) => `row ${row + 1}, column ${column + 1}`;

/** @param {number} index in reading order @param {number} width */
const cellAt = (index, width) => /** @type {[number, number]} */ ([Math.floor(index / width), index % width]);

/** @extends {InteractiveFigure<State>} */
class SlideTheKernel extends InteractiveFigure {
  /** @type {Pointed | null} */
  #pointed = null;
  #playing = 0;
  /** @type {(state: State) => void} */
  #show = () => {};

  /** @param {{ patch: number[][], kernel: number[][] }} start @returns {State} */
  begin({ patch, kernel }) {
    this.#lesson = { patch, kernel };
    return { patch, kernel, stride: 1, dilation: 1, padding: [0, 0, 0, 0], mode: "zeros", operation: "correlation", place: 0, pinned: false };
  }

  #lesson = /** @type {{ patch: number[][], kernel: number[][] }} */ ({});

  /** @param {any} data @param {State} initial @returns {State} */
  read(data, initial) {
    const given = { ...initial, ...data };
    /** @param {Name} of @param {unknown} value @param {number} low @param {number} high */
    const squareFrom = (of, value, low, high) => {
      const [, label, least, most] = SETTINGS.find(([name]) => name === of) ?? SETTINGS[0];
      const name = label.replace("size", "").trim();
      const rows = rowsFrom(value, { rows: [least, most], columns: [least, most], low, high }, name);
      if (rows.length !== rows[0].length) throw new Unreadable(`${name} must be square.`);
      return rows;
    };
    const sides = Array.isArray(given.padding) ? given.padding : [];
    const [patch, kernel] = [squareFrom("size", given.patch, 0, 1), squareFrom("kernel", given.kernel, -WEIGHT, WEIGHT)];
    const numbers = settingsFrom(
      { ...given, size: patch.length, kernel: kernel.length, ...Object.fromEntries(SIDES.map((side, index) => [side, sides[index]])) },
      SETTINGS.map(([name, label, low, high]) => [name, label === name ? `Padding ${label}` : label, low, high]),
    );
    const state = {
      patch,
      kernel,
      stride: numbers.stride,
      dilation: numbers.dilation,
      padding: SIDES.map((side) => numbers[side]),
      mode: choiceFrom(given.mode, MODES.map(([mode]) => mode), "The kind of padding"),
      operation: choiceFrom(given.operation, OPERATIONS.map(([operation]) => operation), "The operation"),
      place: 0,
      pinned: choiceFrom(String(given.pinned), ["true", "false"], "Pinned") === "true",
    };
    const last = Math.max(0, computed(state).count - 1);
    return { ...state, place: integerFrom(given.place, 0, last, "The place") };
  }

  /** Changes the state, and keeps the window where there is one. @param {Partial<State>} changes */
  set(changes) {
    const { count } = computed({ ...this.state, ...changes });
    const place = Math.min(changes.place ?? this.state.place, Math.max(0, count - 1));
    super.set({ ...changes, place });
  }

  /** @param {Pointed["of"]} of @returns {(place: [number, number] | null) => void} */
  #point = (of) => (place) => {
    this.#pointed = place && { of, row: place[0], column: place[1] };
    this.show();
  };

  /** What is pointed at, where the state still has it: the next one may be smaller.
   * @param {State} state @param {ReturnType<typeof computed>} found
   */
  #here({ kernel }, { padded, responses }) {
    const rows = { pixel: padded, weight: kernel, product: kernel, response: responses };
    const pointed = this.#pointed;
    return pointed && rows[pointed.of][pointed.row]?.[pointed.column] !== undefined ? pointed : null;
  }

  /** The place of the window on show: one that is pointed at, or the state's.
   * @param {State} state @param {ReturnType<typeof computed>} found
   */
  #place(state, found) {
    const pointed = this.#here(state, found);
    if (pointed?.of !== "response" || state.pinned) return state.place;
    return pointed.row * found.width + pointed.column;
  }

  /** @param {HTMLElement} stage */
  build(stage) {
    /** @param {"patch" | "kernel"} of @returns {(row: number, column: number, value: number) => void} */
    const change = (of) => (row, column, value) => {
      const [top, , , left] = of === "patch" ? this.state.padding : [0, 0, 0, 0];
      const rows = this.state[of].map((numbers) => [...numbers]);
      rows[row - top][column - left] = value;
      this.set({ [of]: rows });
    };
    /** @param {number} row @param {number} column @returns {[number, number]} */
    const inPatch = (row, column) => [row - this.state.padding[0], column - this.state.padding[3]];
    /** @param {number} row @param {number} column */
    const isPadding = (row, column) => this.state.patch[inPatch(row, column)[0]]?.[inPatch(row, column)[1]] === undefined;

    const patch = matrix({
      label: "Patch",
      name: (row, column) => (isPadding(row, column) ? `padding, ${at(row, column)}` : at(...inPatch(row, column))),
      edit: { low: 0, high: 1, step: 0.05, decimals: 2, fixed: isPadding, change: change("patch") },
      point: this.#point("pixel"),
    });
    const kernel = matrix({
      label: "Kernel",
      edit: { low: -WEIGHT, high: WEIGHT, step: 0.1, decimals: 2, change: change("kernel") },
      point: this.#point("weight"),
    });
    const products = matrix({
      label: "Products",
      decimals: 3,
      press: (row, column) => {
        const { stride, dilation } = this.state;
        const found = computed(this.state);
        const [down, along] = cellAt(this.#place(this.state, found), found.width);
        patch.focus(down * stride + row * dilation, along * stride + column * dilation);
      },
      point: this.#point("product"),
    });
    const map = matrix({
      label: "Feature map",
      press: (row, column) => this.set({ place: row * computed(this.state).width + column, pinned: true }),
      point: this.#point("response"),
    });

    const presets = {
      patch: preset("Example patch", [["lesson’s", () => this.#lesson.patch], ...PATCHES], (make) => this.set({ patch: make(this.state.patch.length) })),
      kernel: preset("Example kernel", [["lesson’s", () => this.#lesson.kernel], ...KERNELS], (make) => this.set({ kernel: make(this.state.kernel.length < 2 ? 3 : this.state.kernel.length) })),
    };
    const window = frame();
    const here = frame();
    const sum = make("div", { class: "kernel-sum", "aria-hidden": "true" });
    const productsPart = part("Window", note("pixel × weight"), products.element);
    const sumPart = wide(part("Its response", note("the sum, row by row"), sum));
    const trouble = make("div");

    const back = button("Back", () => this.#step(-1), { class: "figure-button" });
    const play = button("Play", () => this.#play(), { class: "figure-button" });
    const next = button("Step", () => this.#step(1), { class: "figure-button" });
    const pin = button("Pin", () => this.set({ pinned: !this.state.pinned }), { class: "figure-button" });
    const slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "Place of the window" });
    slider.addEventListener("input", () => this.set({ place: Number(slider.value), pinned: false }));
    const where = make("p", { class: "kernel-where" });

    /** @param {Partial<Record<Name, number>>} changes */
    const take = (changes) => {
      const { size, kernel, stride, dilation, ...sides } = { ...settingsOf(this.state), ...changes };
      this.set({ patch: resized(this.state.patch, size), kernel: resized(this.state.kernel, kernel), stride, dilation, padding: SIDES.map((side) => sides[side]) });
    };
    const settings = steppers(SETTINGS, take);
    const mode = choice({ label: "Filled with", choices: MODES, change: (mode) => this.set({ mode }) });
    const operation = choice({ label: "Operation", choices: OPERATIONS, change: (operation) => this.set({ operation }) });

    stage.classList.add("kernel-stage");
    stage.append(
      make("div", { class: "figure-row" },
        part("Patch", presets.patch.element, framed(patch.element, window)),
        part("Kernel", presets.kernel.element, kernel.element)),
      trouble,
      make("div", { class: "figure-row" }, productsPart, sumPart),
      make("div", { class: "figure-row" },
        wide(part("Every window", "", make("div", { class: "kernel-transport" }, back, next, play, pin), slider, where)),
        part("Feature map", "", framed(map.element, here))),
      make("div", { class: "kernel-settings" }, ...settings.elements.slice(0, -SIDES.length)),
      make("fieldset", { class: "kernel-settings" }, make("legend", { class: "figure-label" }, "Padding"), ...settings.elements.slice(-SIDES.length)),
      make("div", { class: "figure-controls" }, mode.element, operation.element),
    );

    this.#show = (state) => {
      const found = computed(state);
      const { padded, applied, responses, reach, count, width } = found;
      const place = this.#place(state, found);
      const [down, along] = cellAt(place, width || 1);
      const [top, left] = [down * state.stride, along * state.stride];
      const seen = related(state, this.#here(state, found), place, count, width);
      /** @param {Pointed["of"]} of @returns {(row: number, column: number) => string} */
      const marks = (of) => (row, column) => (seen[of].has(`${row} ${column}`) ? "seen" : "");
      /** @param {number[][]} rows */
      const colours = (rows) => signed(Math.max(...rows.flat().map(Math.abs)));

      patch.show(padded, {
        fill: (value, row, column) => (isPadding(row, column) ? "surface" : pixel(value)),
        marks: (row, column) => `${isPadding(row, column) ? "padded" : ""} ${marks("pixel")(row, column)}`,
      });
      kernel.show(state.kernel, {
        fill: colours(state.kernel),
        marks: marks("weight"),
        text: (value) => written(value, 2, tenths(state.kernel)),
      });
      moveFrame(window, count ? [top, left, reach, reach] : null, [padded.length, padded[0].length]);
      presets.patch.show(state.patch);
      presets.kernel.show(state.kernel);

      const terms = count ? applied.map((weights, row) => weights.map((weight, column) => weight * padded[top + row * state.dilation][left + column * state.dilation])) : [];
      for (const element of [productsPart, sumPart]) element.hidden = !count;
      trouble.hidden = Boolean(count);
      const offers = count ? [] : fitting(state);
      if (count) {
        products.show(terms, { fill: colours(state.kernel), marks: marks("product") });
        showSum(sum, terms.map((row) => row.reduce((total, term) => total + term, 0)));
        trouble.replaceChildren();
      } else if (trouble.dataset.state !== JSON.stringify(state) || !trouble.firstChild) {
        trouble.dataset.state = JSON.stringify(state); // the same buttons while nothing but the pointer moves
        trouble.replaceChildren(impossible(this.#impossible(state), offers, settingsOf(state), SETTINGS, take));
      }

      const strongest = Math.max(...responses.flat());
      map.show(responses, {
        fill: colours(responses),
        marks: (row, column) => `${marks("response")(row, column)} ${responses[row][column] === strongest ? "strongest" : ""}`,
        text: (value) => brief(value, width > 7 ? 2 : 3),
      });
      moveFrame(here, count ? [down, along, 1, 1] : null, [count / width, width]);

      slider.max = String(Math.max(0, count - 1));
      slider.value = String(place);
      slider.setAttribute("aria-valuetext", count ? at(down, along) : "nowhere");
      where.textContent = count ? `${place + 1} of ${count}: ${at(down, along)}` : "no place";
      enable(back, place > 0 && count > 0);
      enable(next, place < count - 1);
      for (const element of [play, pin, slider]) element.disabled = !count;
      play.textContent = this.#playing ? "Pause" : "Play";
      pin.setAttribute("aria-pressed", String(state.pinned));

      settings.show(settingsOf(state), offers);
      mode.show(state.mode);
      operation.show(state.operation);
    };
  }

  /** @param {State} state */
  draw(state) {
    this.#show(state);
  }

  /** @param {number} by */
  #step(by) {
    this.#stop();
    this.set({ place: Math.max(0, this.state.place + by), pinned: false });
  }

  #stop() {
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.show();
  }

  #play() {
    if (this.#playing) return this.#stop();
    const last = computed(this.state).count - 1;
    if (this.state.place >= last) this.set({ place: 0 });
    const go = () => {
      const shown = this.state.place;
      this.#playing = setTimeout(() => {
        // Whoever moves the window meanwhile takes over.
        if (this.state.place !== shown || shown >= computed(this.state).count - 1 || !this.isConnected) return this.#stop();
        this.set({ place: shown + 1 });
        go();
      }, PACE);
    };
    this.set({ pinned: false });
    go();
  }

  /** @param {State} state */
  #impossible({ patch, kernel, dilation, padding }) {
    const reach = span(kernel.length, dilation);
    const height = patch.length + padding[0] + padding[2];
    const width = patch.length + padding[1] + padding[3];
    const spans = dilation > 1 ? `spans ${reach} pixels with a dilation of ${dilation}` : `spans ${reach} pixels`;
    return `The kernel ${spans}, and the patch${padding.some(Boolean) ? " with its padding" : ""} has ${height} × ${width}: it fits nowhere.`;
  }

  /** @param {State} state */
  words(state) {
    const found = computed(state);
    const { padded, applied, responses, count, width } = found;
    if (!count) return this.#impossible(state);
    const { kernel, patch, stride, dilation, padding } = state;
    const place = this.#place(state, found);
    const [row, column] = cellAt(place, width);
    const terms = kernel.length ** 2;
    const response = written(responses[row][column], 3);
    const strongest = Math.max(...responses.flat());
    const index = responses.flat().indexOf(strongest);
    const settings = [
      `${patch.length} × ${patch.length} pixels`,
      `a kernel of ${kernel.length} × ${kernel.length}`,
      ...(stride > 1 ? [`stride ${stride}`] : []),
      ...(dilation > 1 ? [`dilation ${dilation}`] : []),
      ...SIDES.flatMap((side, index) => (padding[index] ? [`${padding[index]} padded ${side}`] : [])),
      ...(padding.some(Boolean) ? [`filled with ${MODES.find(([mode]) => mode === state.mode)?.[1]}`] : []),
      ...(state.operation === "convolution" ? ["the kernel flipped"] : []),
    ].join(", ");
    const pointed = this.#here(state, found);
    const seen = related(state, pointed, place, count, width);
    const about = {
      pixel: () => `This pixel reaches ${counted(seen.response.size, "response")}.`,
      weight: () => `This weight touches ${counted(seen.pixel.size, "pixel")}.`,
      product: () => {
        const at = pointed && [row * stride + pointed.row * dilation, column * stride + pointed.column * dilation];
        return at && pointed ? `This product is ${written(padded[at[0]][at[1]], 2)} × ${written(applied[pointed.row][pointed.column], 3, 0)}.` : "";
      },
      response: () => "",
    };
    return [
      `Window ${place + 1} of ${count}: ${counted(terms, "product")}, together ${response}.`,
      pointed ? about[pointed.of]() : "",
      `${settings}: ${responses.length} × ${width} responses, the strongest ${written(strongest, 3)} in ${at(...cellAt(index, width))}.`,
    ].filter(Boolean).join(" ");
  }

  /** @param {State} state */
  numpy(state) {
    if (!computed(state).count) return `# ${this.#impossible(state)}`;
    const { patch, kernel, stride, dilation, padding: [top, right, bottom, left], mode, operation } = state;
    const reach = span(kernel.length, dilation);
    const modes = { zeros: "constant", reflect: "reflect", replicate: "edge" };
    const steps = [stride, stride, ...(dilation > 1 ? [dilation, dilation] : [])];
    return [
      "import numpy as np",
      "from numpy.lib.stride_tricks import sliding_window_view",
      "",
      array("np.array", "patch", patch),
      array("np.array", "kernel", kernel),
      ...(operation === "convolution" ? ["kernel = kernel[::-1, ::-1]"] : []),
      ...(top + right + bottom + left ? [`patch = np.pad(patch, ((${top}, ${bottom}), (${left}, ${right})), mode="${modes[mode]}")`] : []),
      `windows = sliding_window_view(patch, (${reach}, ${reach}))${steps.some((step) => step > 1) ? `[${steps.map((step) => `::${step}`).join(", ")}]` : ""}`,
      "feature_map = (windows * kernel).sum(axis=(2, 3))",
      "print(feature_map.round(3))",
    ].join("\n");
  }

  /** @param {State} state */
  torch(state) {
    if (!computed(state).count) return `# ${this.#impossible(state)}`;
    const { patch, kernel, stride, dilation, padding: [top, right, bottom, left], mode, operation } = state;
    const modes = { zeros: "constant", reflect: "reflect", replicate: "replicate" };
    const options = [...(stride > 1 ? [`, stride=${stride}`] : []), ...(dilation > 1 ? [`, dilation=${dilation}`] : [])].join("");
    return [
      "import torch",
      "from torch.nn.functional import conv2d, pad",
      "",
      array("torch.tensor", "patch", patch),
      array("torch.tensor", "kernel", kernel),
      ...(operation === "convolution" ? ["kernel = kernel.flip(0, 1)"] : []),
      "image = patch[None, None]  # one image of one channel",
      ...(top + right + bottom + left ? [`image = pad(image, (${left}, ${right}, ${top}, ${bottom}), mode="${modes[mode]}")`] : []),
      `feature_map = conv2d(image, kernel[None, None]${options})[0, 0]`,
      "print(feature_map)",
    ].join("\n");
  }
}

/** The cells that have to do with the pointed one, as "row column"; those of pixels in the padded patch.
 * @param {State} state @param {Pointed | null} pointed @param {number} here the place of the window on show
 */
function related({ kernel: { length: size }, dilation, stride, operation }, pointed, here, count = 0, width = 0) {
  /** @type {Record<Pointed["of"], Set<string>>} */
  const found = { pixel: new Set(), weight: new Set(), product: new Set(), response: new Set() };
  const of = pointed?.of ?? "response";
  // What is told over all windows; the rest only in the one on show.
  const everywhere = { pixel: "response", weight: "pixel", product: "", response: "" }[of];
  for (let index = 0; index < count * size * size; index++) {
    const place = Math.floor(index / size ** 2);
    const [row, column] = cellAt(index % size ** 2, size);
    const [down, along] = cellAt(place, width);
    const turn = operation === "convolution" ? size - 1 : 0;
    const cells = {
      pixel: [down * stride + row * dilation, along * stride + column * dilation],
      weight: [Math.abs(turn - row), Math.abs(turn - column)],
      product: place === here ? [row, column] : [],
      response: [down, along],
    };
    if (of === "response") {
      // The frame around a window may hold pixels that no weight touches.
      if (place === here && dilation > 1) found.pixel.add(cells.pixel.join(" "));
    } else if (cells[of][0] === pointed?.row && cells[of][1] === pointed.column) {
      for (const kind of /** @type {const} */ (["pixel", "weight", "product", "response"])) {
        if (kind === everywhere || (place === here && kind !== "response" && kind !== of)) found[kind].add(cells[kind].join(" "));
      }
    }
  }
  return found;
}

/** @param {string} make @param {string} name @param {number[][]} rows */
function array(make, name, rows) {
  const dtype = make.startsWith("torch") ? ", dtype=torch.float64" : ", dtype=float";
  return `${name} = ${make}([\n${rows.map((row) => `    ${python(row)},\n`).join("")}]${dtype})`;
}

/** @param {number} count @param {string} noun */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Decimals that every weight shows. @param {number[][]} kernel */
const tenths = (kernel) => Math.max(...kernel.flat().map((weight) => (Number.isInteger(weight * 10) ? Number(!Number.isInteger(weight)) : 2)));

/** @param {string} heading @param {HTMLElement | ""} beside @param {HTMLElement[]} children */
function part(heading, beside, ...children) {
  const title = make("div", { class: "kernel-title" }, make("p", { class: "figure-heading" }, heading), beside);
  return make("div", { class: "figure-part" }, title, ...children);
}

/** @param {HTMLElement} part */
function wide(part) {
  part.classList.add("wide");
  return part;
}

/** @param {string} text */
const note = (text) => make("span", { class: "figure-label" }, text);

/** @param {string} label @param {[string, (size: number) => number[][]][]} examples @param {(make: (size: number) => number[][]) => void} choose */
function preset(label, examples, choose) {
  const own = make("option", { value: "" }, "your own");
  const element = make("select", { "aria-label": label }, ...examples.map(([name]) => make("option", {}, name)), own);
  element.addEventListener("change", () => {
    const found = examples[element.selectedIndex];
    if (found) choose(found[1]);
  });
  return {
    element,
    /** @param {number[][]} rows */
    show(rows) {
      const index = examples.findIndex(([, make]) => String(make(rows.length)) === String(rows));
      element.selectedIndex = index < 0 ? examples.length : index;
      own.hidden = index >= 0;
    },
  };
}

function frame() {
  return make("div", { class: "kernel-frame" });
}

/** @param {HTMLElement} element @param {HTMLElement} frame */
function framed(element, frame) {
  return make("div", { class: "kernel-framed" }, element, frame);
}

/** @param {HTMLElement} frame @param {number[] | null} box row, column, height, width @param {number[]} of rows and columns */
function moveFrame(frame, box, of) {
  frame.hidden = !box;
  ["row", "column", "height", "width"].forEach((name, index) => frame.style.setProperty(`--${name}`, String(box?.[index] ?? 0)));
  ["rows", "columns"].forEach((name, index) => frame.style.setProperty(`--${name}`, String(of[index])));
}

/** A bar for each row, from where the last one ended, and one for their sum.
 * @param {HTMLElement} element @param {number[]} rows
 */
function showSum(element, rows) {
  const ends = [0];
  for (const row of rows) ends.push(ends[ends.length - 1] + row);
  const low = Math.min(...ends);
  const room = Math.max(...ends) - low || 1;
  /** @param {number} value */
  const share = (value) => ((value - low) / room) * 100;
  const bars = [...rows.map((value, row) => [ends[row], ends[row + 1], value]), [0, ends[rows.length], ends[rows.length]]];
  element.replaceChildren(
    ...bars.map(([from, to, value], index) => {
      const last = index === rows.length;
      const [start, end] = [share(Math.min(from, to)), share(Math.max(from, to))];
      const bar = make("span", { class: `kernel-bar ${to < from ? "negative" : "positive"}` }, make("span"));
      bar.style.left = `${start}%`;
      bar.style.width = `${end - start}%`;
      const label = make("span", last ? { class: "kernel-total" } : {}, `${last ? "= " : ""}${written(value, 3)}`);
      const place = end - start > 44 && !(last && end < 56) ? "inside" : 100 - end >= start ? "after" : "before";
      label.style.left = `${{ inside: (start + end) / 2, after: end, before: start }[place]}%`;
      label.classList.add(place);
      const line = make("div", { class: "kernel-bar-row" }, bar, label);
      if (!last) line.style.setProperty("--end", `${share(to)}%`);
      return line;
    }),
  );
  element.style.setProperty("--zero", `${share(0)}%`);
}

customElements.define("slide-the-kernel", SlideTheKernel);
