// A reader's change of a block: kept in this browser until it is reset, and carried by a link.

const LONGEST = 20_000; // characters of code
const LONGEST_LINK = 16_000;
export const SIGN = "#change=";
// What is not seen, or shows text in another order than it is read in.
const HIDING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** @param {string} name */
const key = (name) => `from-scratch-change/${name}`;

/**
 * Give the kept change of a block, if there is one.
 *
 * @param {string} name
 */
export function kept(name) {
  try {
    return localStorage.getItem(key(name)) ?? undefined;
  } catch {
    return undefined; // the browser denies storage
  }
}

/**
 * Keep a change, or forget it where the code is the lesson's again. Gives false where it cannot.
 *
 * @param {string} name
 * @param {string | undefined} code
 */
export function keep(name, code) {
  try {
    if (code === undefined) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), code);
    return true;
  } catch {
    return false;
  }
}

/**
 * Give the address of this page with a change in it; throws an Error where it is too long.
 *
 * @param {string} name
 * @param {string} code
 */
export async function link(name, code) {
  const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const safe = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const address = `${location.href.split("#")[0]}${SIGN}${name}:${safe}`;
  if (code.length > LONGEST || safe.length > LONGEST_LINK) {
    throw new Error("it is too long for a link");
  }
  return address;
}

/**
 * Read the change that an address carries; throws an Error with the reason where it cannot.
 *
 * @param {string} hash
 */
export async function read(hash) {
  if (hash.length > LONGEST_LINK + 200) throw new Error("it is too long");
  const parts = /^#change=([a-z0-9_]+\/[a-z0-9_]+):([\w-]+)$/.exec(hash);
  if (!parts) throw new Error("it is damaged");
  let code;
  try {
    code = await unpacked(parts[2]);
  } catch {
    throw new Error("it is damaged");
  }
  if (code.length > LONGEST) throw new Error("it is too long");
  if (HIDING.test(code)) throw new Error("it has characters that can hide what the code does");
  return { name: parts[1], code };
}

/** @param {string} text */
async function unpacked(text) {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const packed = new Blob([Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  let code = "";
  // A few bytes may stand for gigabytes: it ends where it is too long.
  while (code.length <= LONGEST) {
    const { done, value } = await reader.read();
    if (done) return code;
    code += value;
  }
  await reader.cancel();
  return code;
}
