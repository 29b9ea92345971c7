// Python in a worker. This text follows Pyodide's two scripts in one blob: nothing else is loaded,
// neither script nor module, and what Python begins with comes in the first message.

/** @type {any} */
let python;
/** @type {any} what runs blocks, of proof/session.py */
let session;
/** @type {any} what says how the page follows, of proof/following.py */
let follower;
/** @type {number} when the present run has to end; see python.js */
let deadline = Infinity;
/** @type {number} */
let seconds;

// What reaches out of the worker, into what the browser keeps for the site, or to the page. No
// block needs it, so it is taken away before the first runs; see the security page.
const DOORS = [
  ...["EventSource", "WebSocket", "WebSocketStream", "WebTransport", "XMLHttpRequest", "fetch"],
  ...["BroadcastChannel", "FontFace", "Notification", "Worker", "close", "fonts", "importScripts"],
  ...["IDBFactory", "caches", "cookieStore", "indexedDB", "navigator", "postMessage"],
  ...["webkitRequestFileSystem", "webkitRequestFileSystemSync"],
  ...["webkitResolveLocalFileSystemSyncURL", "webkitResolveLocalFileSystemURL"],
];
const OURS = "/lib/from-scratch"; // what Python finds first, wherever a block goes
const { postMessage: tell } = self;
/** @type {string[]} what Python writes when it fails: the calls, from the last one on */
const failure = [];

self.addEventListener("message", async ({ data, isTrusted }) => {
  if (!isTrusted) return; // a block made it
  failure.length = 0;
  try {
    if (data.start) await start(data.start);
    tell({ answer: data.wheels ? draw(data.wheels) : data.start ? null : inTime(data) });
  } catch (error) {
    const place = failure.find((line) => data.run && line.includes(`/${data.run.name}.py", line `));
    tell({ fault: reason(error), line: Number(place?.match(/line (\d+)/)?.[1] ?? 0) });
  }
});

/**
 * Say why Python is gone: it can answer nothing any more.
 *
 * @param {unknown} error
 */
function reason(error) {
  if (error instanceof RangeError) {
    return "functions called each other too deep: does one call itself without end?";
  }
  const text = String(error).trim().split("\n").at(-1) ?? "";
  if (/^(Exit|RuntimeError: Aborted)/.test(text)) return "the code ended Python itself";
  return `Python failed: ${text}`;
}

/**
 * @param {{ wasm: WebAssembly.Module, folder: string, snapshot?: Uint8Array, keeps: boolean,
 *   stdlib: ArrayBuffer, numpy: ArrayBuffer, modules: ArrayBuffer,
 *   limits: { seconds: number, characters: number, megabytes: number } }} given
 */
async function start({ wasm, folder, snapshot, keeps, stdlib, numpy, modules, limits }) {
  // What Pyodide would load stands ready.
  self.fetch = async (address) => {
    const name = String(address).slice(folder.length);
    if (name === "python_stdlib.zip") return new Response(stdlib);
    return new Response(name === "pyodide-lock.json" ? LOCK : "");
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: wasm,
    instance: await WebAssembly.instantiate(wasm, imports),
  });
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    /** @param {WebAssembly.MemoryDescriptor} descriptor */
    constructor(descriptor) {
      super({ ...descriptor, maximum: limits.megabytes * 16 }); // pages of 64 KB
    }
  };
  // @ts-expect-error: Pyodide's script defines it
  python = await loadPyodide({
    indexURL: folder,
    ...(snapshot && { _loadSnapshot: snapshot }),
    ...(keeps && { _makeSnapshot: true }),
  });
  if (keeps) tell({ snapshot: python.makeMemorySnapshot() });

  closeDoors();
  python.setStdout({ batched: (/** @type {string} */ line) => failure.push(line) });
  console.error = () => {}; // Pyodide asks to be told of what a reader's code does to it

  python.unpackArchive(numpy, "whl");
  python.unpackArchive(modules, "zip", { extractDir: OURS });
  // In place of a buffer that another thread writes: the time, which Python looks at as it runs.
  python.setInterruptBuffer({
    get 0() {
      if (performance.now() < deadline) return 0;
      deadline += 1000; // a block that swallows it is told again
      return 2; // SIGINT
    },
    set 0(_) {},
  });
  seconds = limits.seconds;
  python.globals.set("limits", python.toPy(limits));
  python.globals.set("send", (/** @type {string} */ output) => tell({ output }));
  python.globals.set("late", (/** @type {number} */ line) => tell({ late: line }));
  session = python.runPython(`
import sys
from pathlib import Path
sys.path.insert(0, "${OURS}")
import gc
import numpy
from proof.session import Limits, Session
gc.freeze()  # so that what a block left is soon found
Session(Path.home(), Limits(**limits), send, late)
`);
}

function closeDoors() {
  for (let owner = self; owner; owner = Object.getPrototypeOf(owner)) {
    for (const name of DOORS) Reflect.deleteProperty(owner, name);
  }
}

/**
 * Have matplotlib, and show what it draws.
 *
 * @param {ArrayBuffer[]} wheels
 */
function draw(wheels) {
  for (const wheel of wheels) python.unpackArchive(wheel, "whl", { extractDir: OURS });
  // Its list of fonts bears a version that it does not take, and making another takes seconds.
  const fonts = `${OURS}/matplotlib/fontlist.json`;
  const list = python.FS.readFile(fonts, { encoding: "utf8" });
  python.FS.writeFile(fonts, list.replace('"_version": 390', '"_version": 330'));
  session.pictures = python.pyimport("proof.pictures");
}

/**
 * @param {{ imports?: string, run?: { name: string, code: string, documented: string },
 *   follow?: { page: string, message: string } }} asked
 */
function inTime({ imports, run, follow }) {
  deadline = performance.now() + seconds * 1000;
  try {
    if (imports !== undefined) return session.draws(imports);
    if (run) return JSON.parse(session.run_json(run.name, run.code, run.documented));
    follower ??= python.pyimport("proof.following").Follower(session, follow?.page);
    return JSON.parse(follower.answer_json(follow?.message));
  } finally {
    deadline = Infinity;
  }
}

const LOCK = JSON.stringify({
  info: { arch: "wasm32", platform: "emscripten_3_1_58", version: "0.27.7", python: "3.12.7" },
  packages: {},
});
