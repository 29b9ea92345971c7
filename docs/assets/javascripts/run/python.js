// Python in a worker: one for the page, kept warm, and after the first run another in reserve,
// so that a run can be stopped by ending its worker.

/**
 * @typedef {{ line: number, documented: string | null, printed: string | null,
 *   spans: [number, number, string][] }} Difference one line of the output; see proof/session.py
 * @typedef {{
 *   lines: string[],
 *   seconds: number,
 *   error: { line: number, text: string, code: string } | null,
 *   warnings: { line: number, text: string }[],
 *   pictures: { png: string, width: number, height: number, text: string }[],
 *   notes: string[],
 *   differences: Difference[],
 * }} Result
 * @typedef {{ name: string, code: string, documented: string }} Job
 * @typedef {{
 *   progress?: (received: number, size: number, what: string) => void,
 *   start?: () => void,
 *   output?: (text: string) => void,
 * }} Listeners
 */

/** What one run may take. */
export const LIMITS = { seconds: 20, characters: 200_000, megabytes: 512 };
const GRACE = 3; // seconds in which Python ends a run itself, at a line that can be told
const LONG = 1000; // milliseconds after which a reader may think of Stop

/** A run that did not come to its end; the message says why, and the line where, if it is known. */
export class Ended extends Error {
  /** @param {string} message @param {number} [line] */
  constructor(message, line) {
    super(message);
    this.line = line;
  }
}

/**
 * @typedef {{ script: string, wasm: WebAssembly.Module, folder: string,
 *   stdlib: ArrayBuffer, numpy: ArrayBuffer, modules: ArrayBuffer }} Files
 */

/** @typedef {Record<string, number>} Sizes the bytes of each file, by its path */

/** @type {Promise<Files> | undefined} */
let files;
/** @type {Sizes} matplotlib and what it needs; none where the site was built without */
let forDrawing = {};
/** @type {Promise<ArrayBuffer[]> | undefined} those files, once a block imports it */
let wheels;
/** @type {Worker | undefined} reads its scripts while other files are still on their way */
let begun;
/** @type {string[]} addresses of files that are not kept yet */
const loaded = [];
/** @type {Uint8Array | undefined} Python's memory before NumPy, for a quick start */
let snapshot;
/** @type {Python | undefined} */
let current;
/** @type {Python | undefined} */
let reserve;
/** @type {Promise<unknown>} runs take turns */
let turn = Promise.resolve();

/**
 * Run a block once those before it have ended. Throws Ended where it was stopped.
 *
 * @param {Job} job
 * @param {Listeners} listeners
 * @param {AbortSignal} stopped
 * @returns {Promise<Result>}
 */
export const run = (job, listeners, stopped) => inTurn({ run: job }, listeners, stopped);

/**
 * Ask what becomes of the page; see proof/following.py.
 *
 * @param {{ page: string, message: string }} asked
 * @returns {Promise<any>}
 */
export const follow = (asked) => inTurn({ follow: asked }, {}, new AbortController().signal);

/** @typedef {{ run: Job } | { follow: object }} Message */

/**
 * @param {Message} message
 * @param {Listeners} listeners
 * @param {AbortSignal} stopped
 */
function inTurn(message, listeners, stopped) {
  const result = turn.then(() => askNow(message, listeners, stopped));
  turn = result.catch(() => {});
  return unless(stopped, result); // it may be stopped before its turn comes
}

/**
 * @param {Message} message
 * @param {Listeners} listeners
 * @param {AbortSignal} stopped
 */
async function askNow(message, listeners, stopped) {
  const python = await unless(stopped, ready(listeners));
  const seconds = LIMITS.seconds + GRACE;
  const late = `it was still running after ${seconds} seconds, and was ended. Does a loop never end?`;
  /** @type {number[]} */
  const timers = [];
  const stop = () => python.end("stopped", 0);
  stopped.addEventListener("abort", stop);
  try {
    await unless(stopped, python.equip(message, listeners));
    listeners.start?.();
    timers.push(setTimeout(prepare, LONG), setTimeout(() => python.end(late), seconds * 1000));
    return await python.ask(message, listeners.output);
  } finally {
    stopped.removeEventListener("abort", stop);
    timers.forEach(clearTimeout);
    keep(loaded.splice(0)); // now that the reader does not wait
    prepare();
  }
}

/**
 * @template T
 * @param {AbortSignal} stopped
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function unless(stopped, promise) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Ended("stopped"));
    if (stopped.aborted) stop();
    stopped.addEventListener("abort", stop);
    promise.then(resolve, reject);
  });
}

/**
 * Give a worker in which Python is ready.
 *
 * @param {Listeners} listeners
 */
async function ready({ progress = () => {} }) {
  files ??= load(progress).catch((error) => {
    files = undefined; // the next run tries again
    throw error;
  });
  if (!current || current.ended) {
    current = reserve && !reserve.ended ? reserve : new Python(await files);
    reserve = undefined;
  }
  await current.ready;
  return current;
}

/** Have another worker ready, for when this one is ended. */
async function prepare() {
  if (files && (!reserve || reserve.ended)) reserve = new Python(await files, !snapshot);
}

/** A worker with Python in it. */
class Python {
  ended = false;
  #draws = false;
  /** @type {number | undefined} where the time was over, and the code went on all the same */
  #line;
  /** @type {(answer: any) => void} */
  #answer = () => {};
  /** @type {(reason: Error) => void} */
  #fail = () => {};
  /** @type {(text: string) => void} */
  #output = () => {};

  /** @param {Files} files @param {boolean} [keeps] whether it gives a snapshot, which takes time */
  constructor({ script, ...files }, keeps = false) {
    this.worker = begun ?? new Worker(script);
    begun = undefined;
    this.worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.worker.addEventListener("error", ({ message }) => this.end(`Python failed: ${message}`));
    this.ready = this.ask({ start: { ...files, snapshot, keeps, limits: LIMITS } });
    this.ready.catch(() => {}); // who waits for it hears of it
  }

  /**
   * Send a message, and give the answer. Throws Ended where the worker is ended before.
   *
   * @param {object} message
   * @param {(text: string) => void} [output]
   * @returns {Promise<any>}
   */
  ask(message, output = () => {}) {
    this.#output = output;
    this.#line = undefined;
    return new Promise((resolve, reject) => {
      [this.#answer, this.#fail] = [resolve, reject];
      this.worker.postMessage(message);
    });
  }

  /**
   * Have matplotlib in it if a block imports it, or may have before the page follows it.
   *
   * @param {Message} message
   * @param {Listeners} listeners
   */
  async equip(message, { progress = () => {} }) {
    if (this.#draws || !Object.keys(forDrawing).length) return;
    const needed = "run" in message ? await this.ask({ imports: message.run.code }) : wheels;
    if (!needed) return;
    wheels ??= loadWheels(progress).catch(() => {
      wheels = undefined; // the next run tries again
      throw new Ended("matplotlib could not be loaded. Are you offline? Press Run to try again");
    });
    await this.ask({ wheels: await wheels });
    this.#draws = true;
  }

  /**
   * @param {{ output?: string, snapshot?: Uint8Array, late?: number,
   *   fault?: string, line?: number, answer?: any }} heard
   */
  #hear(heard) {
    if (heard.output !== undefined) this.#output(heard.output);
    else if (heard.snapshot) snapshot = heard.snapshot;
    else if (heard.late) this.#line = heard.late;
    else if (heard.fault) this.end(heard.fault, heard.line);
    else this.#answer(heard.answer);
  }

  /** @param {string} reason @param {number} [line] */
  end(reason, line = this.#line) {
    this.ended = true;
    this.worker.terminate();
    this.#fail(new Ended(reason, line));
  }
}

/** The address of the list of files, beside which they are. */
function manifest() {
  const address = document.querySelector("script[data-python]")?.getAttribute("data-python") ?? "";
  return new URL(address, document.baseURI).href;
}

/**
 * Load what every run needs, telling how many bytes came.
 *
 * @param {NonNullable<Listeners["progress"]>} progress
 * @returns {Promise<Files>}
 */
async function load(progress) {
  const folder = new URL(".", manifest()).href;
  /** @type {{ python: Sizes, matplotlib: Sizes }} */
  const { python: sizes, matplotlib } = await (await get(manifest())).json();
  const file = counted(sizes, (received, size) => progress(received, size, "Python and NumPy"));
  /** @param {string} name */
  const path = (name) => Object.keys(sizes).find((path) => path.includes(name)) ?? name;
  /** @param {string} name */
  const buffer = async (name) => (await file(path(name))).arrayBuffer();
  /** @type {Promise<Response>[]} */
  const texts = [
    file(path("pyodide.asm.js")),
    file(path("pyodide.js")),
    get(new URL("worker.js", import.meta.url).href),
  ];
  const blobs = Promise.all(texts.map(async (text) => (await text).blob()));
  const [script, wasm, stdlib, numpy, modules] = await Promise.all([
    blobs.then(begin),
    WebAssembly.compileStreaming(file(path("pyodide.asm.wasm"), "application/wasm")),
    buffer("python_stdlib"),
    buffer("/numpy-"),
    buffer("proof-"),
  ]);
  loaded.push(manifest(), ...Object.keys(sizes).map((path) => folder + path));
  forDrawing = matplotlib;
  return { script, wasm, folder, stdlib, numpy, modules };
}

/**
 * Start a worker; give the address of its script.
 *
 * @param {Blob[]} texts
 */
function begin(texts) {
  // From a blob, so that the page's content policy holds in it.
  const script = URL.createObjectURL(new Blob(texts, { type: "text/javascript" }));
  begun ??= new Worker(script);
  return script;
}

/**
 * Load what drawing needs besides.
 *
 * @param {NonNullable<Listeners["progress"]>} progress
 */
async function loadWheels(progress) {
  const file = counted(forDrawing, (received, size) => progress(received, size, "matplotlib"));
  const paths = Object.keys(forDrawing);
  const buffers = await Promise.all(paths.map(async (path) => (await file(path)).arrayBuffer()));
  loaded.push(...paths.map((path) => new URL(path, manifest()).href));
  return buffers;
}

/**
 * Give what loads a file, telling how many bytes of all came.
 *
 * @param {Sizes} sizes
 * @param {(received: number, size: number) => void} progress
 */
function counted(sizes, progress) {
  const size = Object.values(sizes).reduce((sum, one) => sum + one, 0);
  let received = 0;
  return async (/** @type {string} */ path, type = "") => {
    const counter = new TransformStream({
      transform(chunk, controller) {
        received += chunk.byteLength;
        progress(received, size);
        controller.enqueue(chunk);
      },
    });
    const answer = await get(new URL(path, manifest()).href);
    const headers = { "Content-Type": type };
    return new Response(answer.body?.pipeThrough(counter), { headers });
  };
}

/**
 * Let the service worker, where there is one, keep what was loaded: then it runs offline, too.
 *
 * @param {string[]} addresses
 */
async function keep(addresses) {
  const registration = await navigator.serviceWorker?.ready;
  for (const visited of addresses) registration?.active?.postMessage({ visited });
}

/** @param {string} address */
async function get(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}
