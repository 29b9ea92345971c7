// The problems of the practice. A kind, a level and a seed make one problem, always the same: its
// text, its answer, what each named mistake would give instead, and its solution in steps. Where
// two mistakes would give the same, or one the right answer, other numbers are drawn.

import {
  averagePool, convolve, flipped, linear, maxPool, nested, outputSize, parameterCount,
  receptiveField, relu, span, tensor, windowCounts,
} from "../interactive/arithmetic.js";
import { written as shown } from "../interactive/numbers.js";
import { meaning, read } from "./answers.js";
import { randomFrom } from "./random.js";

/**
 * @typedef {import("./answers.js").Form} Form
 * @typedef {import("./answers.js").Part} Part
 * @typedef {import("./random.js").Random} Random
 * @typedef {import("../interactive/arithmetic.js").Tensor} Tensor
 * @typedef {{ caption: string, rows: string[][] }} Table
 * @typedef {string | string[] | Table} Passage a paragraph, a list or a table
 * @typedef {{ text: string, math?: string }} Step what is done, and the equations that do it
 * @typedef {{
 *   text: Passage[],
 *   form: Form,
 *   answer: number[],
 *   mistakes: Record<string, number[]>,
 *   steps: Step[],
 * }} Problem
 */

export const LEVELS = 3;
export const SEEDS = 100_000;
const DRAWS = 1000; // until the mistakes of one differ

/** @type {Record<string, (random: Random, level: number) => Problem | undefined>} */
const kinds = {
  "output-size": outputSizeProblem,
  parameters: parametersProblem,
  "colour-crop": colourCropProblem,
  "receptive-field": receptiveFieldProblem,
  "changed-weight": changedWeightProblem,
  winners: winnersProblem,
  "window-count": windowCountProblem,
  "to-the-end": toTheEndProblem,
};

export const KINDS = Object.keys(kinds);

/**
 * @param {string} kind one of KINDS
 * @param {number} level 1 to LEVELS
 * @param {number} seed 0 to below SEEDS
 * @returns {Problem}
 */
export function problem(kind, level, seed) {
  const random = randomFrom(`${kind}.${level}.${seed}`);
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = kinds[kind](random, level);
    if (drawn && isClear(drawn)) return drawn;
  }
  throw new Error(`no problem of ${kind}, level ${level}, in ${DRAWS} draws`);
}

/** @param {Problem} problem whether its answer, each mistake and the example all differ */
function isClear({ form, answer, mistakes }) {
  const all = [answer, ...Object.values(mistakes)].map((one) => meaning(one, form));
  if (new Set(all).size < all.length) return false;
  const example = read(form.example, form);
  if ("refused" in example) throw new Error(example.refused);
  return !all.includes(meaning(example.numbers, form));
}

/**
 * A computed number without the error of binary fractions; throws where that is not all it loses.
 * @param {number} number
 * @param {number} decimals
 */
function exact(number, decimals) {
  const rounded = Number(number.toFixed(decimals));
  if (Math.abs(rounded - number) > 1e-9) throw new Error(`${number} has more than ${decimals} decimals`);
  return rounded + 0; // no −0
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** @param {number} count @param {(index: number) => number} item */
const times = (count, item) => Array.from({ length: count }, (_, index) => item(index));

/** @param {number} count @param {string} name @param {string} [names] */
const counted = (count, name, names = `${name}s`) => `${shown(count)} ${count === 1 ? name : names}`;

/** @param {number} height @param {number} [width] */
const by = (height, width = height) => `${height} × ${width}`;

/** In brackets where it is negative. @param {string} number */
const factor = (number) => (number.startsWith("−") ? `(${number})` : number);

/** @param {string} caption @param {number[][]} rows @param {number} decimals @returns {Table} */
const table = (caption, rows, decimals) => ({
  caption,
  rows: rows.map((row) => row.map((number) => shown(number, decimals))),
});

/** @param {number} row @param {number} column */
const place = (row, column) => `(${row}, ${column})`;

const FROM_ZERO = "Rows and columns count from zero.";

/**
 * @param {string} name
 * @param {Part["style"]} style
 * @param {number} numbers
 * @param {number} [decimals]
 * @returns {Part}
 */
const part = (name, style, numbers, decimals = 0) => ({ name, style, numbers, decimals });

/* The size of an output */

/**
 * @typedef {{ kernel: number, stride: number, padding: number, dilation: number }} Slide
 */

/** @param {Random} random @param {Partial<Slide>} [fixed] @returns {Slide} */
function slide(random, fixed = {}) {
  const kernel = random.pick([3, 5, 7]);
  return { kernel, stride: random.pick([2, 3]), padding: random.integer(1, (kernel - 1) / 2), dilation: 1, ...fixed };
}

/** @param {number} size @param {Slide} slide */
const outputOf = (size, { kernel, stride, padding, dilation }) =>
  outputSize(size, kernel, { stride, before: padding, dilation });

/** Whether rounding matters where it can. @param {number} size @param {Slide} slide */
const leavesRest = (size, { kernel, stride, padding, dilation }) =>
  stride === 1 || (size + 2 * padding - span(kernel, dilation)) % stride > 0;

/**
 * What the mistakes make of a size.
 * @param {number} size
 * @param {Slide} slide
 */
function misjudged(size, slide) {
  const { kernel, stride, padding, dilation } = slide;
  const steps = (size + 2 * padding - span(kernel, dilation)) / stride;
  return {
    "padding-forgotten": outputOf(size, { ...slide, padding: 0 }),
    "padding-counted-once": outputSize(size, kernel, { stride, before: padding, after: 0, dilation }),
    "rounded-up": Math.ceil(steps) + 1,
    "first-place-forgotten": Math.floor(steps),
  };
}

/** @param {number} size @param {Slide} slide @returns {string} */
function sizeEquation(size, slide) {
  const { kernel, stride, padding, dilation } = slide;
  const room = size + 2 * padding - span(kernel, dilation);
  return (
    `⌊(${size} + 2 · ${padding} − ${span(kernel, dilation)}) / ${stride}⌋ + 1 = ` +
    `⌊${room} / ${stride}⌋ + 1 = ${Math.floor(room / stride)} + 1 = ${outputOf(size, slide)}`
  );
}

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function outputSizeProblem(random, level) {
  const dilated = { kernel: random.pick([3, 5]), dilation: random.pick([2, 3]), padding: random.integer(2, 6) };
  const drawn = slide(random, [{ stride: random.integer(1, 2) }, {}, dilated][level - 1]);
  const { kernel, stride, padding, dilation } = drawn;
  const sizes = level === 1 ? [random.integer(8, 120)] : [random.integer(16, 64), random.integer(16, 64)];
  if (sizes[0] === sizes[1] || !sizes.every((size) => leavesRest(size, drawn))) return;
  const answer = sizes.map((size) => outputOf(size, drawn));

  /** @type {Record<string, number[]>} */
  const mistakes = {};
  for (const size of sizes) {
    for (const [name, wrong] of Object.entries(misjudged(size, drawn))) (mistakes[name] ??= []).push(wrong);
  }
  if (stride === 1) delete mistakes["rounded-up"];
  // A stride hides what a small padding counted once would change.
  else if (level < 3) delete mistakes["padding-counted-once"];
  if (level > 1) mistakes["height-and-width-swapped"] = [...answer].reverse();
  if (dilation > 1) mistakes["dilation-ignored"] = sizes.map((size) => outputOf(size, { ...drawn, dilation: 1 }));

  const spread = dilation > 1 ? ` The kernel has a dilation of ${dilation}.` : "";
  const text =
    level === 1
      ? `An image is ${sizes[0]} pixels wide. A kernel ${kernel} pixels wide slides over it with stride ${stride}, after a padding of ${padding} on each side. How wide is the output?`
      : `An image of ${by(sizes[0], sizes[1])} pixels, height first, meets a kernel of ${by(kernel)} weights with stride ${stride} and a padding of ${padding} on each side.${spread} What are the height and the width of the output?`;
  /** @type {Step[]} */
  const steps = [];
  if (dilation > 1) {
    steps.push({
      text: `With a dilation of ${dilation}, the kernel's ${kernel} weights span more pixels:`,
      math: `${dilation} · (${kernel} − 1) + 1 = ${span(kernel, dilation)}`,
    });
  }
  const names = level === 1 ? ["width"] : ["height", "width"];
  sizes.forEach((size, index) => {
    steps.push({
      text: `The ${names[index]}: add the padding on both sides, take the kernel away, divide by the stride and round down. The first place makes one more.`,
      math: sizeEquation(size, drawn),
    });
  });
  return {
    text: [text],
    form:
      level === 1
        ? { wanted: "a whole number", example: "28", parts: [part("width", "number", 1)] }
        : { wanted: "height × width", example: "28 × 36", parts: [part("shape", "shape", 2)] },
    answer,
    mistakes,
    steps,
  };
}

/* Parameters */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function parametersProblem(random, level) {
  const kernel = random.pick([3, 5]);
  /** @type {Form} */
  const form = { wanted: "a whole number", example: "1,500", parts: [part("parameters", "number", 1)] };
  if (level === 3) return depthwiseProblem(random, kernel, form);

  const groups = level === 1 ? 1 : random.pick([2, 4, 8]);
  const channels = level === 1 ? random.integer(2, 12) : groups * random.integer(2, 8);
  const filters = level === 1 ? random.integer(4, 32) : groups * random.integer(1, 8);
  const layer = { channels, filters, kernel, groups };
  const seen = channels / groups;
  const answer = [parameterCount(layer)];
  /** @type {Record<string, number[]>} */
  const mistakes = {
    "channels-ignored": [parameterCount({ ...layer, channels: 1, groups: 1 })],
    "biases-not-counted": [parameterCount({ ...layer, bias: false })],
    "bias-for-each-channel": [parameterCount({ ...layer, bias: false }) + filters * seen],
  };
  if (groups === 1) mistakes["one-filter-counted"] = [parameterCount({ ...layer, filters: 1 })];
  else {
    mistakes["groups-ignored"] = [parameterCount({ ...layer, groups: 1 })];
    mistakes["groups-counted-twice"] = [parameterCount({ ...layer, bias: false }) / groups + filters];
  }
  const grouped = groups > 1 ? `, in ${groups} groups` : "";
  return {
    text: [
      `A convolutional layer makes ${filters} channels of ${channels}, with kernels of ${by(kernel)} and biases${grouped}. How many parameters does it have?`,
    ],
    form,
    answer,
    mistakes,
    steps: [
      ...(groups > 1
        ? [{ text: "A filter sees only the channels of its own group:", math: `${channels} / ${groups} = ${seen}` }]
        : []),
      {
        text: `A filter has ${by(kernel)} weights for each of the ${seen} channels that it sees, and one bias:`,
        math: `${seen} · ${kernel} · ${kernel} + 1 = ${shown(seen * kernel ** 2)} + 1 = ${shown(seen * kernel ** 2 + 1)}`,
      },
      {
        text: `There are ${filters} filters, one for each channel that is made:`,
        math: `${filters} · ${shown(seen * kernel ** 2 + 1)} = ${shown(answer[0])}`,
      },
    ],
  };
}

/** @param {Random} random @param {number} kernel @param {Form} form @returns {Problem} */
function depthwiseProblem(random, kernel, form) {
  const channels = random.integer(4, 32);
  const filters = random.integer(4, 64);
  const depthwise = { channels, filters: channels, kernel, groups: channels };
  const pointwise = { channels, filters, kernel: 1 };
  const first = parameterCount(depthwise);
  const second = parameterCount(pointwise);
  const withoutBias = (/** @type {typeof pointwise} */ layer) => parameterCount({ ...layer, bias: false });
  return {
    text: [
      `A first convolution keeps ${channels} channels: its kernels are ${by(kernel)}, and it has ${channels} groups. A second one makes ${filters} channels of them with kernels of ${by(1)}, in one group. Both have biases. How many parameters do the two have together?`,
    ],
    form,
    answer: [first + second],
    mistakes: {
      "groups-ignored": [parameterCount({ ...depthwise, groups: 1 }) + second],
      "biases-not-counted": [withoutBias(depthwise) + withoutBias(pointwise)],
      "channels-ignored": [first + parameterCount({ ...pointwise, channels: 1 })],
      "one-layer-counted": [first],
    },
    steps: [
      {
        text: `In ${channels} groups each filter of the first layer sees one channel:`,
        math: `${channels} · (${kernel} · ${kernel} + 1) = ${channels} · ${kernel ** 2 + 1} = ${shown(first)}`,
      },
      {
        text: `Each of the ${filters} filters of the second layer has one weight for each channel, and a bias:`,
        math: `${filters} · (${channels} + 1) = ${filters} · ${channels + 1} = ${shown(second)}`,
      },
      { text: "Together:", math: `${shown(first)} + ${shown(second)} = ${shown(first + second)}` },
    ],
  };
}

/* A colour crop: shape and parameters */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function colourCropProblem(random, level) {
  const drawn = slide(random);
  const { kernel, stride, padding } = drawn;
  const height = random.integer(16, 96);
  const width = level === 1 ? height : random.integer(16, 96);
  const groups = level === 3 ? random.pick([2, 4]) : 1;
  const channels = level === 1 ? 3 : groups * random.integer(2, 8);
  const filters = groups * random.integer(2, 12);
  if ((level > 1 && height === width) || ![height, width].every((size) => leavesRest(size, drawn))) return;
  const shape = [filters, outputOf(height, drawn), outputOf(width, drawn)];
  const layer = { channels, filters, kernel, groups };
  const parameters = parameterCount(layer);

  /** @type {Record<string, number[]>} */
  const mistakes = {};
  const [high, wide] = [misjudged(height, drawn), misjudged(width, drawn)];
  for (const name of /** @type {const} */ (["padding-forgotten", "rounded-up"])) {
    mistakes[name] = [filters, high[name], wide[name], parameters];
  }
  mistakes["channels-ignored"] = [...shape, parameterCount({ ...layer, channels: 1, groups: 1 })];
  mistakes["biases-not-counted"] = [...shape, parameterCount({ ...layer, bias: false })];
  mistakes["channels-kept"] = [channels, shape[1], shape[2], parameters];
  if (level > 1) mistakes["height-and-width-swapped"] = [filters, shape[2], shape[1], parameters];
  if (groups > 1) mistakes["groups-ignored"] = [...shape, parameterCount({ ...layer, groups: 1 })];

  const image =
    level === 1
      ? `A colour image of ${by(height, width)} pixels`
      : `A map of ${channels} channels, each ${by(height, width)}, height first,`;
  const seen = channels / groups;
  const grouped = groups > 1 ? `, in ${groups} groups` : "";
  return {
    text: [
      `${image} meets ${filters} filters with kernels of ${by(kernel)}, stride ${stride}, a padding of ${padding} on each side, and biases${grouped}. What is the shape of the output, channels first, and how many parameters are there?`,
    ],
    form: {
      wanted: "channels × height × width and the number of parameters",
      example: "3 × 20 × 30 and 1,500",
      parts: [part("shape", "shape", 3), part("parameters", "number", 1)],
    },
    answer: [...shape, parameters],
    mistakes,
    steps: [
      { text: `Each of the ${filters} filters makes one channel of the output.` },
      ...(height === width
        ? [{ text: "Its height and its width:", math: sizeEquation(height, drawn) }]
        : [
            { text: "Its height:", math: sizeEquation(height, drawn) },
            { text: "Its width:", math: sizeEquation(width, drawn) },
          ]),
      {
        text:
          groups > 1
            ? `A filter sees the ${channels} channels divided by ${groups} groups, so it has ${by(kernel)} weights for each of ${seen} channels, and one bias:`
            : `A filter has ${by(kernel)} weights for each of the ${channels} channels, and one bias:`,
        math: `${filters} · (${seen} · ${kernel} · ${kernel} + 1) = ${filters} · ${shown(seen * kernel ** 2 + 1)} = ${shown(parameters)}`,
      },
    ],
  };
}

/* Receptive field and jump */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function receptiveFieldProblem(random, level) {
  const count = random.integer(level === 1 ? 2 : 3, level + 2);
  const layers = Array.from({ length: count }, (_, index) => {
    const last = index === count - 1;
    const pools = level > 1 && index > 0 && !last && random.integer(1, 3) === 1;
    if (pools) return { name: "max pooling", kernel: 2, stride: 2, dilation: 1 };
    const stride = last || (level > 1 && random.integer(1, 3) === 1) ? random.integer(2, level === 1 ? 4 : 3) : 1;
    const dilation = level === 3 && random.integer(1, 3) === 1 ? 2 : 1;
    return { name: "convolution", kernel: random.pick([3, 5, 7]), stride, dilation };
  });
  const strided = layers.slice(0, -1).some(({ stride }) => stride > 1);
  const dilated = layers.some(({ dilation }) => dilation > 1);
  if ((level > 1 && !strided) || (level === 3 && !dilated)) return;

  const trace = receptiveField(1, layers);
  const { field, jump } = trace[count - 1];
  if (field > 150) return;
  const before = [{ field: 1, jump: 1 }, ...trace];
  const grown = (/** @type {(layer: typeof layers[0], jump: number) => number} */ growth) =>
    1 + sum(layers.map((layer, index) => growth(layer, before[index].jump)));
  const reach = (/** @type {typeof layers[0]} */ { kernel, dilation }) => span(kernel, dilation) - 1;

  /** @type {Record<string, number[]>} */
  const mistakes = {
    "stride-applied-too-early": [grown((layer, jump) => reach(layer) * jump * layer.stride), jump],
    "jump-not-multiplied": [field, before[count - 1].jump],
    "whole-kernel-added": [grown((layer, jump) => (reach(layer) + 1) * jump), jump],
  };
  if (strided) mistakes["jump-ignored"] = [grown((layer) => reach(layer)), jump];
  if (dilated) mistakes["dilation-ignored"] = [grown(({ kernel }, jump) => (kernel - 1) * jump), jump];
  return {
    text: [
      "These layers follow one another:",
      layers.map(({ name, kernel, stride, dilation }) => {
        const told = `${name} ${by(kernel)}, stride ${stride}`;
        return dilation > 1 ? `${told}, dilation ${dilation}` : told;
      }),
      "What are the receptive field and the jump after the last one, in pixels of the input?",
    ],
    form: {
      wanted: "the field and the jump",
      example: "field 6, jump 5",
      parts: [part("field", "number", 1), part("jump", "number", 1)],
      labelled: true,
    },
    answer: [field, jump],
    mistakes,
    steps: [
      { text: "A pixel of the input has field 1 and jump 1. Each layer adds to the field by the jump that it finds, then multiplies the jump by its stride." },
      ...layers.map((layer, index) => {
        const { kernel, stride, dilation, name } = layer;
        const { field: found, jump: step } = before[index];
        const spread = dilation > 1 ? ` It spans ${dilation} · (${kernel} − 1) + 1 = ${span(kernel, dilation)} pixels.` : "";
        return {
          text: `${name[0].toUpperCase()}${name.slice(1)} ${by(kernel)}, stride ${stride}.${spread} First the field, then the jump:`,
          math:
            `${found} + (${span(kernel, dilation)} − 1) · ${step} = ${trace[index].field}; ` +
            `${step} · ${stride} = ${trace[index].jump}`,
        };
      }),
    ],
  };
}

/* One response, and a weight that changes */

/** @param {Random} random @returns {number} with two decimals, not zero */
const pixel = (random) => random.integer(1, 99) / 100;

/** @param {Random} random @returns {number} with one decimal, not zero */
const weight = (random) => (random.pick([-1, 1]) * random.integer(1, 15)) / 10;

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function changedWeightProblem(random, level) {
  const size = 3;
  const [height, width] = level === 1 ? [size, size] : [random.integer(4, 5), random.integer(4, 5)];
  const top = random.integer(0, height - size);
  const left = random.integer(0, width - size);
  const patch = times(height, () => 0).map(() => times(width, () => pixel(random)));
  const kernel = times(size, () => 0).map(() => times(size, () => weight(random)));
  const [row, column] = [random.integer(1, 2), random.integer(1, 2)];
  const changed = level === 3 ? weight(random) : 0;
  const old = kernel[row][column];

  const map = convolve(tensor([patch]), tensor([[kernel]]));
  const response = exact(nested(map)[0][top][left], 3);
  const under = patch[top + row][left + column];
  const rounded = (/** @type {number} */ number) => exact(number, 3);
  const right = rounded(response + (changed - old) * under);
  const where = level === 1 ? [] : [top + row, left + column];

  /** @type {Record<string, number[]>} */
  const mistakes = {
    "sign-lost": [rounded(response - (changed - old) * under), ...where],
    "weight-not-multiplied": [rounded(response + changed - old), ...where],
  };
  if (level === 1) {
    mistakes["counted-from-one"] = [rounded(response - kernel[row - 1][column - 1] * patch[row - 1][column - 1])];
    mistakes["contribution-taken-for-response"] = [rounded(old * under)];
  } else {
    mistakes["counted-from-one"] = [right, top + row + 1, left + column + 1];
    mistakes["place-of-the-window-forgotten"] = [rounded(response + (changed - old) * patch[row][column]), row, column];
  }
  if (level === 3) {
    mistakes["old-weight-kept"] = [rounded(response + changed * under), ...where];
    mistakes["new-weight-forgotten"] = [rounded(response - old * under), ...where];
  }
  if (level > 1 && row !== column) mistakes["row-and-column-swapped"] = [right, left + column, top + row];

  const to = level === 3 ? shown(changed, 1) : "zero";
  const lies =
    level === 1
      ? "The kernel lies on this window"
      : `The upper-left weight of the kernel lies on the pixel ${place(top, left)} of this patch`;
  const asked = level === 1 ? "?" : ", and which pixel of the patch lies under that weight?";
  const product = (/** @type {number} */ by) => shown(exact(by * under, 3), 3);
  return {
    text: [
      `${lies}, and the response is ${shown(response, 3)}.`,
      table(level === 1 ? "The window" : "The patch", patch, 2),
      table("The kernel", kernel, 1),
      `Change the kernel's weight at ${place(row, column)} to ${to}. What is the new response${asked} ${FROM_ZERO}`,
    ],
    form:
      level === 1
        ? { wanted: "a number with three decimals", example: "0.123", parts: [part("response", "number", 1, 3)] }
        : {
            wanted: "the response, with three decimals, and the pixel, row first",
            example: "0.123 and (4, 0)",
            parts: [part("response", "number", 1, 3), part("pixel", "places", 2)],
          },
    answer: [right, ...where],
    mistakes,
    steps: [
      ...(level === 1
        ? []
        : [{ text: `The pixel under that weight lies ${counted(row, "row")} below and ${counted(column, "column")} right of ${place(top, left)}: it is ${place(top + row, left + column)}.` }]),
      {
        text: `The weight at ${place(row, column)} is ${shown(old, 1)}, the pixel under it ${shown(under, 2)}. It contributes:`,
        math: `${shown(old, 1)} · ${shown(under, 2)} = ${product(old)}`,
      },
      ...(level === 3
        ? [{ text: "With the new weight it contributes:", math: `${shown(changed, 1)} · ${shown(under, 2)} = ${product(changed)}` }]
        : []),
      {
        text: level === 3 ? "The old contribution goes, the new one comes:" : "A weight of zero contributes nothing, so this goes:",
        math:
          `${shown(response, 3)} − ${factor(product(old))}` +
          (level === 3 ? ` + ${factor(product(changed))}` : "") +
          ` = ${shown(right, 3)}`,
      },
    ],
  };
}

/* The winners of a pooling */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function winnersProblem(random, level) {
  const [size, stride] = level === 3 ? [3, 2] : [2, 2];
  const [height, width] = level === 1 ? [4, 4] : level === 2 ? random.pick([[4, 6], [6, 4]]) : [5, 5];
  const lowest = level === 1 ? 1 : -60;
  const hundredths = new Set();
  while (hundredths.size < height * width) hundredths.add(random.integer(lowest, 99));
  const values = [...hundredths].map((one) => one / 100);
  if (level === 3) {
    const [one, other] = random.shuffled(times(values.length, (index) => index));
    values[one] = values[other];
  }
  const map = { shape: [1, height, width], values: Float64Array.from(values) };
  const { winners } = maxPool(map, size, { stride });
  const columns = outputSize(width, size, { stride });
  const windows = [...winners].map((winner, index) => {
    const top = Math.floor(index / columns) * stride;
    const left = (index % columns) * stride;
    const places = times(size * size, (step) => (top + Math.floor(step / size)) * width + left + (step % size));
    const largest = places.filter((one) => values[one] === values[winner]);
    return { winner, top, left, places, last: largest[largest.length - 1], ties: largest.length > 1 };
  });
  if (level === 3 && !windows.some(({ ties }) => ties)) return;

  const at = (/** @type {number} */ one) => [Math.floor(one / width), one % width];
  const answer = windows.flatMap(({ winner }) => at(winner));
  const ranked = times(values.length, (index) => index).sort((one, other) => values[other] - values[one] || one - other);
  const highest = ranked.slice(0, windows.length);
  if (values[ranked[windows.length]] === values[highest[highest.length - 1]]) return;

  /** @type {Record<string, number[]>} */
  const mistakes = {
    "counted-from-one": answer.map((one) => one + 1),
    "row-and-column-swapped": windows.flatMap(({ winner }) => at(winner).reverse()),
    "windows-ignored": highest.flatMap(at),
    "place-within-the-window": windows.flatMap(({ winner, top, left }) => {
      const [row, column] = at(winner);
      return [row - top, column - left];
    }),
  };
  if (level === 3) mistakes["last-of-equals"] = windows.flatMap(({ last }) => at(last));

  const rows = nested(map)[0];
  const overlap = stride < size ? " Windows overlap, and a pixel may win several: name it as often." : "";
  const tie = level === 3 ? " Of equal values, the first in reading order wins, as in PyTorch." : "";
  return {
    text: [
      `Max pooling with windows of ${by(size)} and stride ${stride} goes over this map.`,
      table("The map", rows, 2),
      `Where do the winners of the ${windows.length} windows stand? ${FROM_ZERO}${overlap}${tie}`,
    ],
    form: {
      wanted: `${windows.length} places, each as (row, column)`,
      example: times(windows.length, (index) => index).map((index) => place(0, index)).join(", "),
      parts: [part("places", "places", 2 * windows.length)],
    },
    answer,
    mistakes,
    steps: windows.map(({ winner, top, left, places, ties }) => {
      const [row, column] = at(winner);
      return {
        text:
          `The window at ${place(top, left)} holds ${places.map((one) => shown(values[one], 2)).join(", ")}. ` +
          `Its largest is ${shown(values[winner], 2)}, at ${place(row, column)}${ties ? ", the first of the equals" : ""}.`,
      };
    }),
  };
}

/* How many windows see a pixel */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function windowCountProblem(random, level) {
  const kernel = level === 1 ? 3 : random.pick([3, 5]);
  const stride = level === 3 ? 2 : 1;
  const padding = level === 1 ? 0 : random.integer(1, (kernel - 1) / 2);
  const height = random.integer(kernel + 2, 14);
  const width = level === 1 ? height : random.integer(kernel + 2, 14);
  const [row, column] = [random.integer(0, height - 1), random.integer(0, width - 1)];
  const border = Math.min(row, column, height - 1 - row, width - 1 - column);
  if (border >= kernel - 1) return; // as in the middle
  const count = (/** @type {number} */ row, /** @type {number} */ column, options = {}) =>
    nested(windowCounts(height, width, kernel, { stride, padding, ...options }))[0][row]?.[column] ?? 0;
  const answer = count(row, column);
  const along = lineCount(height, row, { kernel, stride, padding, dilation: 1 });
  const across = lineCount(width, column, { kernel, stride, padding, dilation: 1 });
  if (!answer || answer === kernel ** 2) return;

  /** @type {Record<string, number[]>} */
  const mistakes = { "counts-added": [along.length + across.length] };
  if (row && column) mistakes["counted-from-one"] = [count(row - 1, column - 1)];
  if (level === 1) mistakes["border-forgotten"] = [kernel ** 2];
  else mistakes["zeros-taken-for-nothing"] = [count(row, column, { padding: 0 })];
  if (level === 2) mistakes["more-taken-for-equal"] = [kernel ** 2];
  if (level === 3) mistakes["stride-forgotten"] = [count(row, column, { stride: 1 })];
  const padded = padding ? ` with a padding of ${padding} on each side` : " without padding";
  const stepped = stride > 1 ? `, in steps of ${stride}` : "";
  const line = (/** @type {number[]} */ starts, /** @type {number} */ at) =>
    `a window covers place ${at} if it starts from ${shown(at - kernel + 1)} to ${at}. ` +
    `Windows start from ${shown(-padding)} on${stepped}, so these do: ${starts.map((start) => shown(start)).join(", ")}. ` +
    `Their number is ${starts.length}.`;
  return {
    text: [
      `A kernel of ${by(kernel)} slides with stride ${stride} over an image of ${by(height, width)} pixels${padded}. How many of its windows contain the pixel ${place(row, column)}? ${FROM_ZERO}`,
    ],
    form: { wanted: "a whole number", example: "25", parts: [part("windows", "number", 1)] },
    answer: [answer],
    mistakes,
    steps: [
      { text: `Along the rows: ${line(along, row)}` },
      { text: `Along the columns: ${line(across, column)}` },
      { text: "Every such row goes with every such column:", math: `${along.length} · ${across.length} = ${answer}` },
    ],
  };
}

/**
 * Where the windows begin that cover a place of a line.
 * @param {number} size
 * @param {number} at
 * @param {Slide} slide
 */
const lineCount = (size, at, slide) =>
  times(outputOf(size, slide), (index) => index * slide.stride - slide.padding).filter(
    (start) => start <= at && at < start + slide.kernel,
  );

/* From a map, or a patch, to the logits */

/** @param {Random} random @param {number} level @returns {Problem | undefined} */
function toTheEndProblem(random, level) {
  const decimals = level === 3 ? 2 : 3;
  const signed = (/** @type {number} */ largest) => random.integer(-largest, largest);
  const patch = tensor([times(4, () => 0).map(() => times(4, () => random.integer(0, 9) / 10))]);
  const kernel = tensor([[times(3, () => 0).map(() => times(3, () => random.integer(-1, 2)))]]);
  const map =
    level === 3
      ? convolve(patch, kernel)
      : tensor([times(2, () => 0).map(() => times(2 * level, () => signed(99) / 100))]);
  const features = level === 2 ? 2 : 1;
  const weights = times(2, () => 0).map(() => times(features, () => weight(random)));
  const bias = times(2, () => weight(random));

  const rounded = (/** @type {ArrayLike<number>} */ numbers) => Array.from(numbers, (one) => exact(one, decimals));
  const logits = (/** @type {Tensor} */ pooled, biases = bias) => linear(pooled.values, weights, biases);
  const pooled = maxPool(relu(map), 2).output;
  const average = averagePool(relu(map), 2);
  const raw = maxPool(map, 2).output;
  if (raw.values.every((value) => value <= 0)) return;
  if (level === 2 && raw.values.every((value) => value > 0)) return; // so that ReLU matters
  const averaged = logits(average);
  if (averaged.some((one) => Math.abs(one - Number(one.toFixed(decimals))) > 1e-9)) return;

  const right = logits(pooled);
  /** @type {Record<string, number[]>} */
  const mistakes = {
    "bias-forgotten": rounded(logits(pooled, [0, 0])),
    "average-for-maximum": rounded(averaged),
    "relu-once-too-often": rounded(right.map((one) => Math.max(one, 0))),
  };
  if (level === 2) mistakes["relu-forgotten"] = rounded(logits(raw));
  if (level === 3) {
    mistakes["kernel-flipped"] = rounded(logits(maxPool(relu(convolve(patch, flipped(kernel))), 2).output));
  }

  const places = level === 3 ? 1 : 2;
  const rows = nested(map)[0];
  const kept = Array.from(pooled.values, (one) => shown(one, places));
  const wordsOf = (/** @type {number[]} */ numbers, count = 1) => numbers.map((one) => shown(one, count));
  const activation = nested(relu(map))[0].map((/** @type {number[]} */ row) => wordsOf(row, places).join(", "));
  const scored = weights.map((row, score) => {
    const terms = row.map((one, index) => `${shown(one, 1)} · ${kept[index]}`).join(" + ").replaceAll("+ −", "− ");
    return `${terms} + ${factor(shown(bias[score], 1))} = ${shown(right[score], decimals)}`;
  });
  const given =
    features === 1
      ? `the weights ${wordsOf(weights.flat()).join(" and ")}`
      : `the weights ${weights.map((row) => wordsOf(row).join(", ")).join(" for the first logit and ")} for the second`;
  const shownMap = table("The map", rows, places);
  return {
    text: [
      ...(level === 3
        ? [
            "A valid convolution slides this kernel over this patch, as a layer does.",
            table("The patch", nested(patch)[0], 1),
            table("The kernel", nested(kernel)[0][0], 0),
          ]
        : ["Take this feature map.", shownMap]),
      `Apply ReLU${level === 3 ? " to the feature map" : ""}, max pooling with windows of 2 × 2 and stride 2, then ${given}, and the biases ${wordsOf(bias).join(" and ")}. What are the logits, with ${decimals} decimals?`,
    ],
    form: {
      wanted: `two numbers with ${decimals} decimals`,
      example: `${shown(0.5, decimals)} and ${shown(-0.25, decimals)}`,
      parts: [part("first logit", "number", 1, decimals), part("second logit", "number", 1, decimals)],
    },
    answer: rounded(right),
    mistakes,
    steps: [
      ...(level === 3 ? responseSteps(patch, kernel, rows) : []),
      {
        text: `ReLU puts zero in the place of each negative value. The map is then ${activation.join("; ")}.`,
      },
      { text: `Max pooling keeps the largest value of each window: ${kept.join(" and ")}.` },
      ...scored.map((math, index) => ({ text: `The ${index ? "second" : "first"} logit:`, math })),
    ],
  };
}

/**
 * @param {Tensor} patch
 * @param {Tensor} kernel
 * @param {number[][]} rows of the responses
 * @returns {Step[]}
 */
function responseSteps(patch, kernel, rows) {
  const pixels = nested(patch)[0];
  const weights = nested(kernel)[0][0];
  return rows.flatMap((row, top) =>
    row.map((response, left) => ({
      text: `The response at ${place(top, left)}, without the weights that are zero:`,
      math:
        weights
          .flatMap((/** @type {number[]} */ line, /** @type {number} */ down) =>
            line.flatMap((one, right) => (one ? `${factor(shown(one))} · ${shown(pixels[top + down][left + right], 1)}` : [])),
          )
          .join(" + ") + ` = ${shown(response, 1)}`,
    })),
  );
}
