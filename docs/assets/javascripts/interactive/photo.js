// A bank of kernels over a photo that the reader brings. The photo never leaves this program.

import { matrix, signed } from "./controls.js";
import { button, make } from "./element.js";
import { written } from "./numbers.js";
import { rowsOf } from "./pixel-to-logit.js";

/**
 * @typedef {import("./pixel-to-logit.js").State} State
 * @typedef {object} Host
 * @property {ReturnType<typeof matrix>} kernel the figure's own kernel, to change
 * @property {(changes: Partial<State>) => void} change
 * @property {() => void} redraw
 * @typedef {ReturnType<typeof photoPart>} PhotoPart
 */

const LARGEST_FILE = 50; // megabytes
const LARGEST_PHOTO = 120; // megapixels, of 4 bytes each in memory

const FRAME = 4; // milliseconds for the maps in one frame

const GAUSS = [1, 4, 6, 4, 1];

/** @type {[string, number[][]][]} names and weights; first the figure's own kernel, which has none here */
const BANK = [
  ["The kernel above", []],
  ["Level lines", [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]],
  ["Upright lines", [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]],
  ["Rising lines", [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]],
  ["Falling lines", [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]],
  ["Level edges", [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]],
  ["Upright edges", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]],
  ["Corners", [[5, 5, -4], [5, 5, -4], [-4, -4, -4]]],
  ["Spots", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]],
  ["Large spots", [[0, 0, -1, 0, 0], [0, -1, -2, -1, 0], [-1, -2, 16, -2, -1], [0, -1, -2, -1, 0], [0, 0, -1, 0, 0]]],
  ["Fine detail", [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]],
  ["Relief", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]],
  ["Sharper", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]],
  ["Mean", [1, 1, 1].map((a) => [1, 1, 1].map((b) => (a * b) / 9))],
  ["Wide blur", GAUSS.map((a) => GAUSS.map((b) => (a * b) / 256))],
  ["No change", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
];

/** The weights of all. @param {number[][]} own the figure's own kernel */
export function bank(own) {
  return BANK.map(([, weights], index) => (index ? weights : own));
}

/** A kernel's responses wherever it fits.
 * @param {Float64Array} photo @param {number} side of the photo
 * @param {number[][]} kernel three or five weights a side
 * @param {Float64Array} sums to write them into
 */
export function respond(photo, side, kernel, sums) {
  if (kernel.length === 3) respondThree(photo, side, kernel, sums);
  else kernel.forEach((weights, row) => addRow(photo, row * side, side, weights, sums, row > 0));
  return sums;
}

// Weights and the pixels of the window stand in variables of their own: three pixels are read at each
// place, not nine. This is several times as fast as loops over the window.

/** @param {Float64Array} photo @param {number} side @param {number[][]} kernel @param {Float64Array} sums */
function respondThree(photo, side, [[a, b, c], [d, e, f], [g, h, i]], sums) {
  const wide = side - 2;
  for (let to = 0, row = 0; row < wide; row++) {
    let from = row * side + 2;
    let [p, q] = [photo[from - 2], photo[from - 1]];
    let [s, t] = [photo[from + side - 2], photo[from + side - 1]];
    let [v, w] = [photo[from + 2 * side - 2], photo[from + 2 * side - 1]];
    for (const end = to + wide; to < end; to++, from++) {
      const r = photo[from];
      const u = photo[from + side];
      const x = photo[from + 2 * side];
      sums[to] = a * p + b * q + c * r + (d * s + e * t + f * u) + (g * v + h * w + i * x);
      p = q;
      q = r;
      s = t;
      t = u;
      v = w;
      w = x;
    }
  }
}

/** One row of five weights. @param {Float64Array} photo @param {number} start @param {number} side @param {number[]} weights @param {Float64Array} sums @param {boolean} add */
function addRow(photo, start, side, [a, b, c, d, e], sums, add) {
  const wide = side - 4;
  for (let to = 0, row = 0; row < wide; row++) {
    let from = start + row * side;
    let [p, q, r, s] = [photo[from], photo[from + 1], photo[from + 2], photo[from + 3]];
    from += 4;
    for (const end = to + wide; to < end; to++, from++) {
      const t = photo[from];
      const sum = a * p + b * q + c * r + d * s + e * t;
      sums[to] = add ? sums[to] + sum : sum;
      p = q;
      q = r;
      r = s;
      s = t;
    }
  }
}

const STEPS = 256; // colours on each side of zero

/** Colours of responses, from most negative to most positive, as a canvas holds pixels: plain, and with
 * the stripes that tell negative ones.
 * @param {Element} element whose colours they are
 * @param {number} threshold below which share of the strongest response nothing is shown
 */
function ramps(element, threshold) {
  const style = getComputedStyle(element);
  /** @param {string} token */
  const colour = (token) => {
    const hex = parseInt(style.getPropertyValue(`--figure-${token}`).trim().slice(1), 16);
    return [hex >> 16, (hex >> 8) & 255, hex & 255];
  };
  /** @param {number[]} rgb */
  const packed = ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red;
  const plain = new Int32Array(2 * STEPS + 1).fill(packed(colour("cell")));
  const striped = plain.slice();
  const stripe = packed(colour("negative"));
  for (const [name, sign] of /** @type {const} */ ([["negative", -1], ["positive", 1]])) {
    const ramp = Array.from({ length: 9 }, (_, i) => colour(`${name}-${i}`));
    for (let step = Math.ceil(threshold * STEPS); step <= STEPS; step++) {
      const at = Math.min(Math.sqrt(step / STEPS) * 8, 7.999); // the root, so that weak responses are seen
      const [low, high] = ramp.slice(at, at + 2);
      const place = STEPS + sign * step;
      plain[place] = striped[place] = packed(low.map((part, i) => Math.round(part + (high[i] - part) * (at % 1))));
      // Stripes everywhere would shimmer: they begin where a response can be seen.
      if (sign < 0 && step > STEPS / 4) striped[place] = stripe;
    }
  }
  return { plain, striped };
}

/** A canvas to write pixels into. @param {number} side @param {Record<string, string>} attributes */
function sheet(side, attributes) {
  const canvas = make("canvas", { width: String(side), height: String(side), ...attributes });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(side, side);
  return { canvas, context, image, pixels: new Int32Array(image.data.buffer), side };
}

/** Shows every so many responses in colour. @param {ReturnType<typeof sheet>} sheet @param {Float64Array} sums @param {number} wide @param {number} skip @param {number} most @param {ReturnType<typeof ramps>} colours */
function paint({ context, image, pixels, side }, sums, wide, skip, most, { plain, striped }) {
  const scale = STEPS / (most || 1);
  for (let to = 0, row = 0; row < side; row++) {
    for (let from = row * skip * wide, column = 0; column < side; column++, from += skip, to++) {
      pixels[to] = ((row + column) % 6 ? plain : striped)[(sums[from] * scale + STEPS + 0.5) | 0];
    }
  }
  context.putImageData(image, 0, 0);
}

/** What is wrong with a file, in a sentence for readers. */
class Unusable extends Error {}

/** A picture from a file. @param {File} file */
async function pictureFrom(file) {
  const kind = `${file.type} ${file.name}`.toLowerCase();
  const size = Math.ceil(file.size / 1e6);
  if (!file.size) throw new Unusable(`${file.name} is empty.`);
  if (size > LARGEST_FILE) throw new Unusable(`${file.name} has ${written(size)} MB. Choose one of at most ${LARGEST_FILE} MB.`);
  if (/svg/.test(kind)) throw new Unusable("An SVG file is a drawing without pixels. Choose a photo, such as a JPEG or PNG file.");
  if (file.type && !file.type.startsWith("image/")) throw new Unusable(`${file.name} is no picture. Choose a photo, such as a JPEG or PNG file.`);
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }));
    const megapixels = Math.ceil((image.naturalWidth * image.naturalHeight) / 1e6);
    if (megapixels > LARGEST_PHOTO) throw new Unusable(`${file.name} has ${written(megapixels)} megapixels. Choose one of at most ${LARGEST_PHOTO}.`);
    await image.decode();
    return image;
  } catch (error) {
    if (error instanceof Unusable) throw error;
    if (/hei[cf]/.test(kind)) throw new Unusable("This browser cannot read HEIC photos. Save it as JPEG first.");
    throw new Unusable(`This browser cannot read ${file.name} as a picture. JPEG, PNG and WebP files work.`);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** A drawing to begin with: a panel with seams, rivets, slots and a hairline crack.
 * @param {CanvasRenderingContext2D} context @param {number} side
 */
function drawPanel(context, side) {
  const unit = side / 100;
  const sheen = context.createLinearGradient(0, 0, side, side);
  for (const [at, gray] of [[0, 118], [0.45, 150], [1, 96]]) sheen.addColorStop(at, `rgb(${gray},${gray},${gray})`);
  context.fillStyle = sheen;
  context.fillRect(0, 0, side, side);
  /** @param {string} colour @param {number} width @param {number[]} points */
  const line = (colour, width, ...points) => {
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) context.lineTo(points[i] * unit, points[i + 1] * unit);
    context.strokeStyle = colour;
    context.lineWidth = width * unit;
    context.stroke();
  };
  line("#3c3c3c", 1.2, 0, 24, 100, 24);
  line("#c8c8c8", 0.7, 0, 25, 100, 25);
  line("#3c3c3c", 1.2, 72, 24, 72, 100);
  line("#c8c8c8", 0.7, 73, 24, 73, 100);
  for (let slot = 0; slot < 5; slot++) {
    line("#2a2a2a", 2.4, 79, 40 + 8 * slot, 94, 40 + 8 * slot);
    line("#d2d2d2", 0.6, 79, 41.6 + 8 * slot, 94, 41.6 + 8 * slot);
  }
  for (const [x, y] of [[7, 12], [28, 12], [50, 12], [72, 12], [93, 12], [7, 92], [64, 92], [64, 33], [7, 33]]) {
    for (const [shift, radius, gray] of [[0.5, 2.7, 50], [0, 2.4, 168], [-0.7, 1, 235]]) {
      context.beginPath();
      context.arc((x + shift) * unit, (y + shift) * unit, radius * unit, 0, 2 * Math.PI);
      context.fillStyle = `rgb(${gray},${gray},${gray})`;
      context.fill();
    }
  }
  const crack = [8, 60, 16, 57, 22, 61, 31, 55, 38, 56, 45, 49, 53, 51, 60, 44];
  line("#2c2c2c", 1.1, ...crack.map((at, i) => at + (i % 2 ? 0.9 : 0)));
  line("#f4f4f4", 0.8, ...crack);
}

/** The part of the figure for photos.
 * @param {HTMLElement} root
 * @param {number} side of the square that a photo is made, in pixels
 * @param {Host} host
 */
export function photoPart(root, side, host) {
  const square = make("canvas", { width: String(side), height: String(side) });
  const cut = /** @type {CanvasRenderingContext2D} */ (square.getContext("2d"));
  const turning = /** @type {CanvasRenderingContext2D} */ (
    make("canvas", { width: String(side), height: String(side) }).getContext("2d", { willReadFrequently: true })
  );
  const photo = new Float64Array(side * side);
  const gray = sheet(side, { role: "img", "aria-label": "The photo, gray" });
  /** @type {State | undefined} what is on show */
  let shown;
  let colours = ramps(root, 0);
  let next = 0; // of the maps
  let loads = 0;

  const maps = bank([[], [], []]).map((kernel) => {
    const wide = side - kernel.length + 1;
    return {
      wide,
      sums: new Float64Array(wide * wide),
      most: 0,
      sheet: sheet(Math.ceil(wide / 2), { "aria-hidden": "true" }),
      stale: true, // the responses are those of before
      unpainted: true,
    };
  });
  const large = [3, 5].map((size) => sheet(side - size + 1, { role: "img" }));

  const status = make("p", { class: "photo-status", role: "status" });
  const title = make("p", { class: "figure-heading" });
  const range = make("p", { class: "photo-range" });
  const weights = matrix({ label: "Weights", point() {} });
  const takeOver = button("Use it above", () => host.change({ kernel: BANK[shown?.filter ?? 0][1], filter: 0 }), { class: "figure-button" });

  /** @param {"turn" | "threshold"} name @param {string} label @param {number} high @param {string} unit */
  function slider(name, label, high, unit) {
    const input = make("input", { type: "range", min: "0", max: String(high) });
    const output = make("strong");
    input.addEventListener("input", () => host.change({ [name]: Number(input.value) }));
    return {
      element: make("label", { class: "slider" }, make("span", {}, `${label} `, output), input),
      /** @param {number} value */
      show(value) {
        input.value = String(value);
        output.textContent = value + unit;
        input.setAttribute("aria-valuetext", value + unit);
      },
    };
  }
  const turn = slider("turn", "Turn the photo by", 180, "°");
  const threshold = slider("threshold", "Hide responses below", 100, " % of the strongest");

  const filters = BANK.map(([name], index) => {
    const input = make("input", { type: "radio", name: "photo-kernel", value: String(index) });
    input.addEventListener("change", () => host.change({ filter: index }));
    return { input, element: make("label", {}, input, maps[index].sheet.canvas, make("span", {}, name)) };
  });

  /** @param {CanvasImageSource} picture @param {number} width @param {number} height */
  function take(picture, width, height) {
    const least = Math.min(width, height);
    cut.fillStyle = "#ffffff"; // behind a picture with transparent parts
    cut.fillRect(0, 0, side, side);
    cut.imageSmoothingQuality = "high";
    cut.drawImage(picture, (width - least) / 2, (height - least) / 2, least, least, 0, 0, side, side);
    shown = undefined;
    host.redraw();
  }

  /** @param {File | undefined} file */
  async function use(file) {
    if (!file) return;
    const load = ++loads;
    status.textContent = "Reading the photo …";
    try {
      const image = await pictureFrom(file);
      if (load !== loads) return;
      take(image, image.naturalWidth, image.naturalHeight);
      status.textContent = `${file.name}: cut to a square, ${side} × ${side} pixels, gray.`;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      if (load === loads) status.textContent = error.message;
    }
  }

  function usePanel() {
    loads++;
    drawPanel(cut, side);
    shown = undefined;
    host.redraw();
  }

  /** @param {string} label @param {Record<string, string>} [attributes] */
  function chooser(label, attributes = {}) {
    const input = make("input", { type: "file", accept: "image/*", ...attributes });
    input.addEventListener("change", () => {
      use(input.files?.[0]);
      input.value = ""; // so that the same file can be chosen again
    });
    return make("label", { class: "figure-button" }, label, input);
  }

  function save() {
    gray.canvas.toBlob((blob) => {
      const link = make("a", { href: URL.createObjectURL(/** @type {Blob} */ (blob)), download: "photo.png" });
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  /** Reads the square's pixels, turned; enlarged so far that no corner stays empty. @param {number} degrees */
  function look(degrees) {
    const angle = (degrees * Math.PI) / 180;
    const scale = Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle));
    turning.setTransform(1, 0, 0, 1, side / 2, side / 2);
    if (degrees % 180) turning.transform(scale * Math.cos(angle), scale * Math.sin(angle), -scale * Math.sin(angle), scale * Math.cos(angle), 0, 0);
    else if (degrees) turning.scale(-1, -1);
    turning.drawImage(square, -side / 2, -side / 2);
    const { data } = turning.getImageData(0, 0, side, side);
    for (let to = 0, from = 0; to < photo.length; to++, from += 4) {
      const light = Math.round(0.299 * data[from] + 0.587 * data[from + 1] + 0.114 * data[from + 2]);
      photo[to] = light / 255;
      gray.pixels[to] = (255 << 24) | (light * 0x10101);
    }
    gray.context.putImageData(gray.image, 0, 0);
  }

  const drop = make("div", { class: "photo-part" },
    make("p", {}, `A photo stays on this device: nothing is sent, and no link holds it. It is cut to a square, made gray, and resized to ${side} × ${side} pixels. Choose a file, drop one here or paste one; until then, a drawn panel stands in.`),
    make("div", { class: "figure-controls" }, chooser("Choose a photo"), chooser("Take a photo", { capture: "environment" }),
      button("Drawn panel", () => { usePanel(); status.textContent = ""; }, { class: "figure-button" }),
      button("Save as photo.png", save, { class: "figure-button" })),
    status,
    make("div", { class: "photo-pair" }, make("div", {}, make("p", { class: "figure-heading" }, "Photo"), gray.canvas), make("div", {}, title, ...large.map((one) => one.canvas))),
    make("div", { class: "photo-kernel" }, make("div", {}, host.kernel.element, weights.element, takeOver), make("div", {}, turn.element, threshold.element, range)),
    make("fieldset", { class: "bank" }, make("legend", {}, `A bank of ${BANK.length} kernels`), ...filters.map(({ element }) => element)),
  );
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("dropping");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("dropping"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("dropping");
    use(event.dataTransfer?.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file && root.hasAttribute("open")) use(file);
  });
  // Canvases do not follow the page's colours by themselves.
  new MutationObserver(() => {
    shown = undefined;
    host.redraw();
  }).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  root.append(drop);
  usePanel();

  /** The extremes of the map on show, with the places of their windows. @param {State} state */
  function extremes({ filter }) {
    const { sums, wide } = maps[filter];
    let [low, high] = [0, 0];
    for (let place = 0; place < sums.length; place++) {
      if (sums[place] < sums[low]) low = place;
      if (sums[place] > sums[high]) high = place;
    }
    /** @param {number} place @returns {[number, number]} */
    const at = (place) => [Math.floor(place / wide), place % wide];
    return { low: sums[low], high: sums[high], strongest: at(high) };
  }

  return {
    /** @param {State} state */
    draw(state) {
      const started = performance.now();
      const again = !shown || shown.turn !== state.turn;
      if (again) look(state.turn);
      if (again || shown?.threshold !== state.threshold) colours = ramps(root, state.threshold / 100);
      maps.forEach((map, index) => {
        map.stale ||= again || (index === 0 && shown?.kernel !== state.kernel);
        map.unpainted ||= map.stale || shown?.threshold !== state.threshold;
      });
      // The map on show first; of the others as many as a frame has time for, the rest in the next.
      const kernels = bank(state.kernel);
      for (let i = 0; i < maps.length; i++) {
        if (i && performance.now() - started > FRAME) break;
        const index = i ? (next = (next + 1) % maps.length) : state.filter;
        const map = maps[index];
        if (map.stale) {
          respond(photo, side, kernels[index], map.sums);
          map.most = 0;
          for (let place = 0; place < map.sums.length; place++) map.most = Math.max(map.most, Math.abs(map.sums[place]));
        }
        if (map.unpainted) paint(map.sheet, map.sums, map.wide, 2, map.most, colours);
        map.stale = map.unpainted = false;
      }
      if (maps.some(({ unpainted }) => unpainted)) host.redraw();
      filters.forEach(({ input }, index) => (input.checked = index === state.filter));
      const { sums, wide, most } = maps[state.filter];
      const kernel = kernels[state.filter];
      const own = state.filter === 0;
      for (const one of large) {
        one.canvas.hidden = one.side !== wide;
        if (one.side !== wide) continue;
        one.canvas.setAttribute("aria-label", `Responses of the kernel: ${BANK[state.filter][0]}`);
        paint(one, sums, wide, 1, most, colours);
      }
      title.textContent = BANK[state.filter][0];
      host.kernel.element.hidden = !own;
      weights.element.hidden = own;
      const fill = signed(Math.max(...kernel.flat().map(Math.abs)));
      if (own) host.kernel.show(kernel, { fill });
      else weights.show(kernel, { fill, text: (value) => written(value, Number.isInteger(value) ? 0 : 3).replace("0.", ".") });
      takeOver.hidden = own || !kernel.flat().every(Number.isInteger) || kernel.length !== state.kernel.length;
      turn.show(state.turn);
      threshold.show(state.threshold);
      const { low, high } = extremes(state);
      range.textContent = `Responses from ${written(low, 3)} to ${written(high, 3)}. Negative ones are striped.`;
      shown = state;
    },
    /** @param {State} state */
    words(state) {
      const { low, high, strongest } = extremes(state);
      return `Over the photo, turned by ${state.turn}°, the kernel “${BANK[state.filter][0]}” responds with ${written(low, 3)} to ${written(high, 3)}; the strongest window begins at row ${strongest[0] + 1}, column ${strongest[1] + 1}.`;
    },
    /** @param {State} state */
    numpy: (state) => `
# The photo on show, saved as photo.png.
from PIL import Image

photo = np.asarray(Image.open("photo.png").convert("L")) / 255
${rowsOf("detector", bank(state.kernel)[state.filter], "np.array")}
responses = (sliding_window_view(photo, detector.shape) * detector).sum(axis=(2, 3))
strongest = np.unravel_index(responses.argmax(), responses.shape)
print(responses.min().round(3), responses.max().round(3), [int(place) for place in strongest])
`,
    /** @param {State} state */
    torch: (state) => `
# The photo on show, saved as photo.png.
import numpy as np
from PIL import Image

photo = torch.tensor(np.asarray(Image.open("photo.png").convert("L")) / 255)
${rowsOf("detector", bank(state.kernel)[state.filter], "torch.tensor", ", dtype=torch.double")}
responses = functional.conv2d(photo[None, None], detector[None, None])[0, 0]
strongest = divmod(int(responses.argmax()), responses.shape[1])
print(responses.min(), responses.max(), strongest)
`,
  };
}
