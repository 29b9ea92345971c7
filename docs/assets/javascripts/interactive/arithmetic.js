// What the layers of a convolutional network compute. Pure functions over arrays of numbers, held
// against PyTorch by the tests. Images and maps are channels × height × width, in row-major order.

/**
 * @typedef {{ shape: readonly number[], values: Float64Array }} Tensor
 * @typedef {{ top: number, right: number, bottom: number, left: number }} Sides
 * @typedef {"zeros" | "reflect" | "replicate"} PaddingMode
 * @typedef {{ stride?: number, padding?: number | Sides, dilation?: number }} Window
 * @typedef {Window & { mode?: PaddingMode, groups?: number, bias?: ArrayLike<number>, flip?: boolean }} Convolution
 * @typedef {{ kernel: number, stride?: number, padding?: number, dilation?: number }} Layer
 * @typedef {{ size: number, field: number, jump: number, start: number }} Reach
 */

/** A tensor from nested arrays.
 * @param {any} rows
 * @returns {Tensor}
 */
export function tensor(rows) {
  const shape = [];
  for (let part = rows; Array.isArray(part); part = part[0]) shape.push(part.length);
  return { shape, values: Float64Array.from(rows.flat(Infinity)) };
}

/** Nested arrays from a tensor.
 * @param {Tensor} tensor
 * @returns {any}
 */
export function nested({ shape, values }) {
  /** @type {any[]} */
  let parts = [...values];
  for (const size of shape.slice(1).reverse()) {
    parts = Array.from({ length: parts.length / size }, (_, i) => parts.slice(i * size, (i + 1) * size));
  }
  return parts;
}

/** How many pixels a kernel spans on one side.
 * @param {number} kernel
 * @param {number} [dilation]
 */
export function span(kernel, dilation = 1) {
  return dilation * (kernel - 1) + 1;
}

/** Places of a window along one side: 0 where it does not fit. The two paddings are counted apart.
 * @param {number} size
 * @param {number} kernel
 * @param {{ stride?: number, before?: number, after?: number, dilation?: number }} [window]
 */
export function outputSize(size, kernel, { stride = 1, before = 0, after = before, dilation = 1 } = {}) {
  const room = size + before + after - span(kernel, dilation);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** @param {number | Sides} padding @returns {Sides} */
export function sides(padding) {
  return typeof padding === "number"
    ? { top: padding, right: padding, bottom: padding, left: padding }
    : padding;
}

/** The place in the image that a place outside it is filled from; -1 where it is filled with zero.
 * Reflecting does not repeat the outermost pixel, so it reaches less far than the image is long.
 * @param {number} place
 * @param {number} size
 * @param {PaddingMode} mode
 */
export function source(place, size, mode) {
  if (place >= 0 && place < size) return place;
  if (mode === "zeros") return -1;
  if (mode === "replicate") return place < 0 ? 0 : size - 1;
  return place < 0 ? -place : 2 * (size - 1) - place;
}

/**
 * @param {Tensor} image channels × height × width
 * @param {number | Sides} padding
 * @param {PaddingMode} [mode]
 * @returns {Tensor}
 */
export function pad(image, padding, mode = "zeros") {
  const { top, right, bottom, left } = sides(padding);
  const [channels, height, width] = image.shape;
  const shape = [channels, height + top + bottom, width + left + right];
  const values = new Float64Array(channels * shape[1] * shape[2]);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = -top; row < height + bottom; row++) {
      const from = source(row, height, mode);
      for (let column = -left; column < width + right; column++, to++) {
        const place = source(column, width, mode);
        if (from >= 0 && place >= 0) values[to] = image.values[(channel * height + from) * width + place];
      }
    }
  }
  return { shape, values };
}

/** What a convolutional layer computes: a correlation, unless `flip` asks for a true convolution.
 * @param {Tensor} image channels × height × width
 * @param {Tensor} weights filters × channels of a group × kernel height × kernel width
 * @param {Convolution} [options]
 * @returns {Tensor} filters × height × width
 */
export function convolve(image, weights, options = {}) {
  const { stride = 1, padding = 0, dilation = 1, mode = "zeros", groups = 1, bias, flip = false } = options;
  const padded = padding === 0 ? image : pad(image, padding, mode);
  const [, height, width] = padded.shape;
  const [filters, depth, rows, columns] = weights.shape;
  const outHeight = outputSize(height, rows, { stride, dilation });
  const outWidth = outputSize(width, columns, { stride, dilation });
  const area = outHeight * outWidth;
  const values = new Float64Array(filters * area);
  const kernel = flip ? flipped(weights) : weights;
  for (let filter = 0; filter < filters; filter++) {
    const output = values.subarray(filter * area, (filter + 1) * area);
    if (bias) output.fill(bias[filter]);
    const first = Math.floor((filter * groups) / filters) * depth;
    for (let channel = 0; channel < depth; channel++) {
      for (let place = 0; place < rows * columns; place++) {
        const weight = kernel.values[(filter * depth + channel) * rows * columns + place];
        const down = Math.floor(place / columns) * dilation;
        const along = (place % columns) * dilation;
        // One weight at a time over all places: the innermost loop runs along both arrays.
        for (let row = 0; row < outHeight; row++) {
          let from = ((first + channel) * height + row * stride + down) * width + along;
          const end = (row + 1) * outWidth;
          for (let to = row * outWidth; to < end; to++, from += stride) output[to] += weight * padded.values[from];
        }
      }
    }
  }
  return { shape: [filters, outHeight, outWidth], values };
}

/** Each kernel turned by half a turn.
 * @param {Tensor} weights filters × channels × height × width
 * @returns {Tensor}
 */
export function flipped({ shape, values }) {
  const area = shape[2] * shape[3];
  const turned = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += area) {
    turned.set(values.slice(start, start + area).reverse(), start);
  }
  return { shape, values: turned };
}

/** Visits each pixel of each window, in reading order, but no padding.
 * @param {Tensor} image
 * @param {number} kernel
 * @param {Window} window
 * @param {(place: number, window: number) => void} visit
 */
function eachPixel(image, kernel, window, visit) {
  const [, height, width] = image.shape;
  const [channels, outHeight, outWidth] = pooledShape(image, kernel, window);
  const { stride = kernel, padding = 0, dilation = 1 } = window;
  const { top, left } = sides(padding);
  for (let index = 0; index < channels * outHeight * outWidth; index++) {
    const channel = Math.floor(index / (outHeight * outWidth));
    const firstRow = (Math.floor(index / outWidth) % outHeight) * stride - top;
    const firstColumn = (index % outWidth) * stride - left;
    for (let step = 0; step < kernel * kernel; step++) {
      const row = firstRow + Math.floor(step / kernel) * dilation;
      const column = firstColumn + (step % kernel) * dilation;
      if (row >= 0 && row < height && column >= 0 && column < width) {
        visit((channel * height + row) * width + column, index);
      }
    }
  }
}

/** @param {Tensor} image @param {number} kernel @param {Window} window */
function pooledShape({ shape }, kernel, { stride = kernel, padding = 0, dilation = 1 }) {
  const { top, right, bottom, left } = sides(padding);
  return [
    shape[0],
    outputSize(shape[1], kernel, { stride, before: top, after: bottom, dilation }),
    outputSize(shape[2], kernel, { stride, before: left, after: right, dilation }),
  ];
}

/** @param {readonly number[]} shape */
function count(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/** The largest value of each window; padding never wins. Among equals the first in reading order.
 * @param {Tensor} image channels × height × width
 * @param {number} kernel
 * @param {Window} [window] the stride is the kernel unless given
 * @returns {{ output: Tensor, winners: Int32Array }} winners: places in the image's values, or -1
 * for a window of nothing but padding, whose largest value is -Infinity
 */
export function maxPool(image, kernel, window = {}) {
  const shape = pooledShape(image, kernel, window);
  const values = new Float64Array(count(shape)).fill(-Infinity);
  const winners = new Int32Array(values.length).fill(-1);
  eachPixel(image, kernel, window, (place, index) => {
    if (image.values[place] > values[index]) {
      values[index] = image.values[place];
      winners[index] = place;
    }
  });
  return { output: { shape, values }, winners };
}

/** What each pixel gets back of the outputs' gradients: the winners everything, the others nothing.
 * @param {ArrayLike<number>} gradient one number an output
 * @param {Int32Array} winners
 * @param {readonly number[]} shape of the image
 * @returns {Tensor}
 */
export function maxPoolBackward(gradient, winners, shape) {
  const values = new Float64Array(count(shape));
  winners.forEach((place, index) => {
    if (place >= 0) values[place] += gradient[index];
  });
  return { shape, values };
}

/** The same where equal largest values share their window's gradient, as PyTorch's amax lets them.
 * @param {ArrayLike<number>} gradient one number an output
 * @param {Tensor} image
 * @param {number} kernel
 * @param {Window} [window] the stride is the kernel unless given
 * @returns {Tensor}
 */
export function sharedMaxPoolBackward(gradient, image, kernel, window = {}) {
  const { output } = maxPool(image, kernel, window);
  const values = new Float64Array(image.values.length);
  const winners = new Float64Array(output.values.length);
  /** @param {(place: number, index: number) => void} visit */
  const eachWinner = (visit) =>
    eachPixel(image, kernel, window, (place, index) => {
      if (image.values[place] === output.values[index]) visit(place, index);
    });
  eachWinner((_, index) => winners[index]++);
  eachWinner((place, index) => (values[place] += gradient[index] / winners[index]));
  return { shape: image.shape, values };
}

/** The mean of each window. Padded zeros count as values, as PyTorch counts them.
 * @param {Tensor} image channels × height × width
 * @param {number} kernel
 * @param {Window} [window] the stride is the kernel unless given
 * @returns {Tensor}
 */
export function averagePool(image, kernel, window = {}) {
  const shape = pooledShape(image, kernel, window);
  const values = new Float64Array(count(shape));
  eachPixel(image, kernel, window, (place, index) => (values[index] += image.values[place] / kernel ** 2));
  return { shape, values };
}

/** What each pixel gets back of the outputs' gradients: from each window that holds it an equal part.
 * @param {ArrayLike<number>} gradient one number an output
 * @param {Tensor} image
 * @param {number} kernel
 * @param {Window} [window] the stride is the kernel unless given
 * @returns {Tensor}
 */
export function averagePoolBackward(gradient, image, kernel, window = {}) {
  const values = new Float64Array(image.values.length);
  eachPixel(image, kernel, window, (place, index) => (values[place] += gradient[index] / kernel ** 2));
  return { shape: image.shape, values };
}

/** @param {Tensor} tensor @returns {Tensor} */
export function relu({ shape, values }) {
  return { shape, values: values.map((value) => Math.max(value, 0)) };
}

/** One score a row of the weights.
 * @param {ArrayLike<number>} features
 * @param {readonly ArrayLike<number>[]} weights
 * @param {ArrayLike<number>} bias
 */
export function linear(features, weights, bias) {
  return weights.map((row, score) => {
    let sum = bias[score];
    for (let i = 0; i < features.length; i++) sum += row[i] * features[i];
    return sum;
  });
}

/** For each layer, along one side: its output's size, how many input pixels one value depends on,
 * how far apart the first pixels of neighbours' fields lie, and where the first value's field starts
 * (below 0 where it begins in the padding).
 * @param {number} size of the input
 * @param {readonly Layer[]} layers
 * @returns {Reach[]}
 */
export function receptiveField(size, layers) {
  let reach = { size, field: 1, jump: 1, start: 0 };
  return layers.map(({ kernel, stride = 1, padding = 0, dilation = 1 }) => {
    reach = {
      size: outputSize(reach.size, kernel, { stride, before: padding, dilation }),
      field: reach.field + (span(kernel, dilation) - 1) * reach.jump,
      jump: reach.jump * stride,
      start: reach.start - padding * reach.jump,
    };
    return reach;
  });
}

/** The places that one value depends on, from its own layer down to the input: those outside a map
 * are padding, on which nothing before depends.
 * @param {number} size of the input
 * @param {readonly Layer[]} layers up to the value's own
 * @param {number} value
 * @returns {number[][]} for the input and each layer, in any order
 */
export function dependence(size, layers, value) {
  const sizes = [size, ...receptiveField(size, layers).map((reach) => reach.size)];
  const rows = [[value]];
  for (let at = layers.length - 1; at >= 0; at--) {
    const { kernel, stride = 1, padding = 0, dilation = 1 } = layers[at];
    const places = new Set();
    for (const place of rows[0]) {
      if (place < 0 || place >= sizes[at + 1]) continue;
      for (let tap = 0; tap < kernel; tap++) places.add(place * stride - padding + tap * dilation);
    }
    rows.unshift([...places]);
  }
  return rows;
}

/** How many windows see each pixel.
 * @param {number} height
 * @param {number} width
 * @param {number} kernel
 * @param {Window} [window]
 * @returns {Tensor} 1 × height × width
 */
export function windowCounts(height, width, kernel, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const image = { shape: [1, height, width], values: new Float64Array(height * width) };
  eachPixel(image, kernel, { stride, padding, dilation }, (place) => image.values[place]++);
  return image;
}

/** Parameters of a convolutional layer.
 * @param {{ channels: number, filters: number, kernel: number, groups?: number, bias?: boolean }} layer
 */
export function parameterCount({ channels, filters, kernel, groups = 1, bias = true }) {
  return filters * (channels / groups) * kernel ** 2 + (bias ? filters : 0);
}

/** Multiply-adds of a convolutional layer: one for each weight at each place.
 * @param {{ channels: number, filters: number, kernel: number, groups?: number, places: number }} layer
 */
export function multiplyAdds({ channels, filters, kernel, groups = 1, places }) {
  return parameterCount({ channels, filters, kernel, groups, bias: false }) * places;
}
