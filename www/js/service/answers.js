import init, { handle, restart } from "../../routes.js";
import { scope } from "./scope.js";
import { Turns, letOthersIn, unhurried } from "./turns.js";

/** @typedef {import("../../routes.js").RouteHost} RouteHost */
/** @typedef {import("./turns.js").Kind} Kind */

const MODULE = "routes_bg.wasm";

/** Turns requests into what the routes take, and what they give into answers. */
export class Answers {
  #host;
  #turns = new Turns();
  /** @type {Promise<unknown> | undefined} */
  #starting;
  /** What waits for the module, should that stop. @type {Set<(reason: unknown) => void>} */
  #waiting = new Set();

  /**
   * @param {(signal: AbortSignal) => RouteHost & { wasm: (path: string) => Promise<WebAssembly.Module> }} host One for each request.
   */
  constructor(host) {
    this.#host = host;
    // A fault of the module in the middle of waiting is nobody's promise.
    scope.addEventListener("error", (event) => this.#stopped(event.error, event));
    scope.addEventListener("unhandledrejection", (event) => this.#stopped(event.reason, event));
  }

  /**
   * @param {Request} request
   * @param {string} path
   * @param {URL} url
   * @returns {Promise<Response>}
   */
  async answer(request, path, url) {
    // Any page of the web may send a form here and leave for it. What it sends must not get into this person's storage.
    if (request.mode === "navigate" && !["GET", "HEAD"].includes(request.method)) return refusedForm();
    const given = new AbortController();
    const stop = () => given.abort(request.signal.reason);
    if (request.signal.aborted) stop();
    else request.signal.addEventListener("abort", stop, { once: true });
    const { signal } = given;
    try {
      return await this.#turns.take(kindOf(request.method, path), signal, async () => {
        const host = this.#host(signal);
        await this.#started(host);
        const asked = {
          method: request.method,
          path,
          query: url.search.slice(1),
          headers: /** @type {[string, string][]} */ ([...request.headers]),
          body: await bodyOf(request, signal),
        };
        const { status, headers, body } = await this.#unlessStopped(handle(asked, host), signal);
        if (request.method === "POST" && path.startsWith("image") && status < 300) tellOfImages();
        // Statuses of 204 and the like, and answers to HEAD, must have none.
        const bare = request.method === "HEAD" || [101, 204, 205, 304].includes(status);
        return new Response(bare ? null : body, { status, headers });
      });
    } catch (error) {
      // Nobody hears it.
      if (signal.aborted) return Response.error();
      return failed(error);
    }
  }

  /** @param {{ wasm: (path: string) => Promise<WebAssembly.Module> }} host */
  #started(host) {
    this.#starting ??= host.wasm(MODULE).then((module) => init({ module_or_path: module })).catch((error) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /**
   * @template T
   * @param {Promise<T>} answer
   * @param {AbortSignal} signal
   * @returns {Promise<T>}
   */
  #unlessStopped(answer, signal) {
    return new Promise((resolve, reject) => {
      const stop = (/** @type {unknown} */ reason) => reject(reason);
      this.#waiting.add(stop);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      answer.then(resolve, reject).finally(() => this.#waiting.delete(stop));
    });
  }

  /**
   * @param {unknown} error
   * @param {Event} event
   */
  #stopped(error, event) {
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) return;
    event.preventDefault();
    const { message: reason } = error;
    const waiting = [...this.#waiting];
    // The module itself rejects what it panics over, and begins anew.
    void letOthersIn().then(() => {
      const left = waiting.filter((stop) => this.#waiting.has(stop));
      if (left.length === 0) return;
      restart();
      for (const stop of left) stop({ code: "crashed", message: `The routes have crashed: ${reason}.`, detail: { reason } });
    });
  }
}

/** Lets pages hear that there is another image, as they hear it of each other; which one, they find out. */
function tellOfImages() {
  const channel = new BroadcastChannel("digitlab-frames");
  channel.postMessage({ kind: "imported", id: 0 });
  channel.close();
}

/**
 * @param {string} method
 * @param {string} path
 * @returns {Kind}
 */
function kindOf(method, path) {
  if (path === "image" && method === "POST") return "long";
  if (path === "augment" || path === "mnist/classify" || path.startsWith("digitRecognition/local") || path.startsWith("image/")) return "heavy";
  return "light";
}

/**
 * @param {Request} request
 * @param {AbortSignal} signal
 */
async function bodyOf(request, signal) {
  if (request.method === "GET" || request.method === "HEAD") return null;
  // Some browsers have no stream of it.
  const stream = request.body ?? (await request.blob()).stream();
  return unhurried(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (stream), signal);
}

function refusedForm() {
  const message = "A form that leaves its page is not taken, since any page of the web could send it; send the request with fetch.";
  const body = JSON.stringify({ code: "unsupported", message, detail: { field: "request", allowed: "requests of fetch" } });
  return new Response(body, { status: 403, headers: { "content-type": "application/json", "x-content-type-options": "nosniff" } });
}

/** @param {unknown} error */
function failed(error) {
  const { code = "failed", message = String(error), detail = {} } = /** @type {{ code?: string, message?: string, detail?: unknown }} */ (error ?? {});
  const body = JSON.stringify({ code, message, detail });
  return new Response(body, { status: code === "offline" || code === "network" ? 503 : 500, headers: { "content-type": "application/json" } });
}
