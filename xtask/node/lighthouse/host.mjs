// A static host as most sites have one today: HTTP/2, compressed, with types, ages and tags; on this machine only.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpeg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".onnx": "application/octet-stream",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".xml": "application/xml",
};

/** What is compressed already only grows. */
const PACKED = new Set([".br", ".gz", ".jpeg", ".png", ".webp"]);

/** As hosts that compress while they answer do; files beside the site's own are as its build made them. */
const WAYS = [
  { name: "br", ending: ".br", pack: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) },
  { name: "gzip", ending: ".gz", pack: promisify(gzip) },
];

/**
 * Serves a folder until the process ends.
 *
 * @param {string} folder
 * @param {{ key: string, cert: string }} identity
 * @returns {Promise<string>} the address
 */
export async function serve(folder, identity) {
  /** @type {Map<string, Promise<Buffer>>} */
  const packed = new Map();
  // A host has answered others before: what it compresses while it answers is there.
  for (const file of await readdir(folder, { recursive: true })) {
    if (TYPES[extname(file)] && !PACKED.has(extname(file))) await packedFile(packed, WAYS[0], join(folder, file));
  }
  const server = createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
    answer(folder, packed, request)
      .then(({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(request.method === "HEAD" ? undefined : body);
      })
      .catch((error) => response.destroy(error));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `https://localhost:${server.address().port}/`;
}

async function answer(folder, packed, request) {
  const path = normalize(decodeURIComponent(new URL(request.url, "https://localhost").pathname));
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  const bytes = file.startsWith(folder) ? await read(file) : null;
  if (!bytes) return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: "Not found" };
  const ending = extname(file);
  const headers = {
    "content-type": TYPES[ending] ?? "application/octet-stream",
    "cache-control": "public, max-age=600",
    etag: `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`,
    vary: "accept-encoding",
  };
  if (request.headers["if-none-match"] === headers.etag) return { status: 304, headers, body: undefined };
  const accepted = String(request.headers["accept-encoding"] ?? "").split(/\s*,\s*/);
  const way = PACKED.has(ending) ? undefined : WAYS.find(({ name }) => accepted.includes(name));
  if (!way) return { status: 200, headers, body: bytes };
  return { status: 200, headers: { ...headers, "content-encoding": way.name }, body: await packedFile(packed, way, file) };
}

/** The file as its build compressed it, or else compressed here, once. */
function packedFile(packed, { name, ending, pack }, file) {
  const key = `${name} ${file}`;
  if (!packed.has(key)) packed.set(key, read(file + ending).then(async (made) => made ?? pack(await readFile(file))));
  return packed.get(key);
}

const read = (file) => readFile(file).catch(() => null);
