// Keeps what a reader has visited, so that it opens without a network. The build puts SITE before
// this: the site's version, the hash of each of its files, and the files that every page may need.
//
// A page and all its parts are of one version. Files are kept by their path and their hash; which
// version an open page belongs to is noted, so that it gets its own parts after an update too.

/** @typedef {{ version: string, files: Record<string, string>, parts: string[] }} Site */
/** @typedef {{ current?: string, clients: Record<string, string> }} Notes */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
const ELSEWHERE = "elsewhere"; // the version of a page that is newer than this worker

const kept = () => caches.open(`from-scratch ${scope}`);

/** @param {string} path @param {string} hash */
const key = (path, hash) => `${scope}${path}?${encodeURIComponent(hash)}`;

/** @param {string} name @param {unknown} value */
async function write(name, value) {
  await (await kept()).put(`${scope}?${name}`, Response.json(value));
}

/** @param {string} name */
async function read(name) {
  return (await (await kept()).match(`${scope}?${name}`))?.json();
}

/** @returns {Promise<Notes>} */
async function notes() {
  return (await read("notes")) ?? { clients: {} };
}

/** The path of a file in the site. @param {string} address */
function pathOf(address) {
  const path = decodeURI(new URL(address).pathname.slice(new URL(scope).pathname.length));
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

/** Gives a file of a version, from what is kept or else from the network, and keeps it.
 * @param {string} path @param {Site} site
 */
async function file(path, { files }) {
  const cache = await kept();
  const found = await cache.match(key(path, files[path]));
  if (found) return found;
  // A file of another version has another hash: the browser refuses it.
  const address = scope + path.replace(/index\.html$/, "");
  const response = await fetch(address, { integrity: files[path], cache: "no-cache" });
  if (response.ok) await cache.put(key(path, files[path]), response.clone()).catch(() => undefined);
  return response;
}

/** Keeps a page, and the data beside it. @param {string} page */
async function keep(page) {
  const folder = page.slice(0, page.lastIndexOf("/") + 1);
  const beside = (/** @type {string} */ path) => path.startsWith(folder) && /^[^/]+\.json$/.test(path.slice(folder.length));
  await Promise.all([page, ...Object.keys(SITE.files).filter(beside)].map((path) => file(path, SITE)));
}

worker.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const pages = (await (await kept()).keys()).filter(({ url }) => url.includes(".html?")).map(({ url }) => pathOf(url));
      await Promise.all(SITE.parts.map((path) => file(path, SITE)));
      await Promise.all(pages.filter((path) => path in SITE.files).map(keep));
      await write(`version=${SITE.version}`, SITE);
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const { current, clients } = await notes();
      if (current && current !== SITE.version) {
        for (const { id } of await worker.clients.matchAll({ includeUncontrolled: true })) clients[id] ??= current;
      }
      await write("notes", { current: SITE.version, clients });
      await forget();
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data.visited) event.waitUntil(keep(pathOf(event.data.visited)));
});

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  event.respondWith(mode === "navigate" ? page(event) : part(event));
});

/** The network's page, or offline the kept one. @param {FetchEvent} event */
async function page(event) {
  const { request, resultingClientId } = event;
  const asked = pathOf(request.url);
  const path = asked in SITE.files ? asked : `${asked}/index.html`;
  let response;
  try {
    response = await fetch(request.url, { cache: "no-cache", redirect: "manual" });
  } catch {
    return (await (await kept()).match(key(path, SITE.files[path] ?? ""))) ?? offline();
  }
  if (response.ok && (await hash(response.clone())) !== SITE.files[path]) {
    const { current, clients } = await notes();
    await write("notes", { current, clients: { ...clients, [resultingClientId]: ELSEWHERE } });
    worker.registration.update().catch(() => undefined);
  } else if (response.ok) event.waitUntil(keep(path));
  return response;
}

/** A part of a page, of the page's own version. @param {FetchEvent} event */
async function part({ request, clientId }) {
  const version = (await notes()).clients[clientId] ?? SITE.version;
  const site = version === SITE.version ? SITE : await read(`version=${version}`);
  const path = pathOf(request.url);
  return site?.files[path] ? file(path, site) : fetch(request);
}

/** @param {Response} response */
async function hash(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

/** Deletes what no open page and not this version needs. */
async function forget() {
  const { current, clients } = await notes();
  const open = new Set((await worker.clients.matchAll({ includeUncontrolled: true })).map(({ id }) => id));
  const living = Object.fromEntries(Object.entries(clients).filter(([id]) => open.has(id)));
  const versions = new Set([SITE.version, ...Object.values(living)]);
  /** @type {Site[]} */
  const sites = [SITE, ...(await Promise.all([...versions].map((version) => read(`version=${version}`)))).filter(Boolean)];
  const needed = new Set(sites.flatMap(({ files }) => Object.entries(files).map(([path, hash]) => key(path, hash))));
  needed.add(`${scope}?notes`);
  for (const version of versions) needed.add(`${scope}?version=${version}`);
  const cache = await kept();
  for (const { url } of await cache.keys()) if (!needed.has(url)) await cache.delete(url);
  await write("notes", { current, clients: living });
}

/** What stands in for a page that is not kept. */
async function offline() {
  const items = [];
  for (const [path, hash] of Object.entries(SITE.files).filter(([path]) => path.endsWith("index.html"))) {
    const found = await (await kept()).match(key(path, hash));
    const title = /<title>(.*?)<\/title>/.exec((await found?.text()) ?? "")?.[1];
    if (title) items.push(`<li><a href="${scope}${path.replace(/index\.html$/, "")}">${title}</a></li>`);
  }
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Offline</title>
    <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
    <main><h1>You are offline</h1><p>This page was not visited before, so it is not kept here.</p>
    ${items.length ? `<p>These pages are:</p><ul>${items.join("")}</ul>` : ""}</main></html>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
