import { DigitlabError } from "./errors.js";
import { scriptAddress } from "./trusted.js";

/** @typedef {{ resolve: (result: unknown) => void, reject: (error: DigitlabError) => void, onProgress?: (progress: any) => void }} Pending */

/** How long a worker may take to let go of what it has open, in milliseconds, before it is ended in the midst of that. */
const LETTING_GO = 1_000;

/** The page's end of one worker: calls go out, promises come back, a dead worker stays dead. */
export class WorkerClient {
  /** @type {Worker} */
  #worker;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  #dead = false;
  /** Aborted when it ends. */
  #life = new AbortController();
  /** @type {Promise<any>} */
  #started;

  /** Which data set the worker has open: whoever opens one notes it here. @type {unknown} */
  dataset;

  /** The numbers of the pictures that the worker keeps, the latest last: whoever sends one notes it here. @type {number[]} */
  held = [];

  /** The names of the models that the worker has: whoever loads one notes it here. @type {Set<string>} */
  models = new Set();

  /**
   * @param {URL} script
   * @param {WebAssembly.Module} module
   */
  constructor(script, module) {
    this.#worker = startWorker(script, this.#life.signal);
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onmessageerror = () => this.terminate(stopped("an answer could not be read"));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      // What a script throws has a message; a script that did not arrive has none.
      this.terminate(event.message ? stopped(event.message) : notLoaded(script));
    };
    this.#started = this.call("start", { module });
    // A failed start reaches whoever asks for it; nobody asking is no fault.
    this.#started.catch(() => {});
  }

  /** What the engine says of itself once it runs: `{ version, fields }`. */
  get started() {
    return this.#started;
  }

  get dead() {
    return this.#dead;
  }

  get busy() {
    return this.#pending.size > 0;
  }

  /**
   * @param {string} method
   * @param {unknown} [args]
   * @param {{ transfer?: Transferable[], onProgress?: (progress: any) => void }} [options]
   * @returns {Promise<any>}
   */
  call(method, args, { transfer = [], onProgress } = {}) {
    if (this.#dead) return Promise.reject(new DigitlabError("crashed", "This worker has ended."));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, method, args }, transfer);
    });
  }

  /**
   * Ends the worker at once; what it still had to do is rejected with `error`.
   * @param {DigitlabError} error
   */
  terminate(error) {
    this.#dead = true;
    this.#life.abort();
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /**
   * Ends the worker after a last call, in which it lets go of what it has open; what it still had to do is rejected at
   * once. Of a worker that is ended in the midst of writing, files stay half written, and WebKit may never free its
   * storage and lets nobody in after that.
   *
   * @param {string} method
   * @param {DigitlabError} error
   * @param {number} [patience] in milliseconds: then it is ended without
   */
  async retire(method, error, patience = LETTING_GO) {
    if (this.#dead) return;
    const earlier = [...this.#pending];
    const last = this.call(method).catch(() => {});
    this.#dead = true;
    for (const [id, { reject }] of earlier) {
      this.#pending.delete(id);
      reject(error);
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([last, late]);
    clearTimeout(timer);
    this.terminate(error);
  }

  /**
   * Waits for the lock that the worker holds as long as it lives.
   * @param {string} alive
   */
  #watch(alive) {
    const gone = () => this.terminate(stopped("the browser ended it, as it may when memory runs short"));
    // Rejected when it ends in another way.
    globalThis.navigator.locks?.request(alive, { signal: this.#life.signal }, gone).catch(() => {});
  }

  /** @param {{ id: number, alive?: string, result?: unknown, progress?: unknown, error?: import("./errors.js").PlainError }} message */
  #receive({ id, alive, result, progress, error }) {
    if (alive !== undefined) return this.#watch(alive);
    const pending = this.#pending.get(id);
    if (!pending) return;
    if (progress !== undefined) {
      pending.onProgress?.(progress);
      return;
    }
    this.#pending.delete(id);
    if (!error) {
      pending.resolve(result);
      return;
    }
    const failure = DigitlabError.from(error);
    pending.reject(failure);
    // After a panic the instance's memory cannot be trusted any more.
    if (failure.code === "crashed") this.terminate(failure);
  }
}

/** @param {string} reason */
function stopped(reason) {
  return new DigitlabError("crashed", `A worker stopped: ${reason.replace(/\.$/, "")}. The work was not done; trying again starts a fresh one.`, { reason });
}

/** @param {URL} script */
function notLoaded(script) {
  const url = script.href;
  return navigator.onLine
    ? new DigitlabError("network", `The engine's worker could not be loaded from ${url}. Check the connection and try again.`, { url })
    : new DigitlabError("offline", "The engine's worker could not be loaded: this machine is offline. Connect and try again.", { url });
}

/**
 * A page may only start workers of its own origin; for a module that was imported
 * from elsewhere, a worker of the page's own imports the script.
 * @param {URL} script
 * @param {AbortSignal} life
 */
function startWorker(script, life) {
  if (script.origin === globalThis.location?.origin) return numbered(script, life);
  const source = new Blob([`import ${JSON.stringify(script.href)};`], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(scriptAddress(new URL(url)), { type: "module" });
  // The worker has read its source by the time it first speaks.
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/**
 * The workers that are on their way, by their addresses.
 * @type {Set<string>}
 */
const starting = new Set();

/**
 * Of two workers that ask for one script at the same time, WebKit lets the second do without the service worker, and so
 * offline without its modules. Where there is one, each of them asks by a number of its own.
 * @param {URL} script
 * @param {AbortSignal} life
 */
function numbered(script, life) {
  const address = new URL(script);
  const served = Boolean(globalThis.navigator.serviceWorker?.controller);
  for (let number = 1; served && starting.has(address.href); number += 1) address.search = `?${number}`;
  const worker = new Worker(scriptAddress(address), { type: "module" });
  starting.add(address.href);
  const there = () => starting.delete(address.href);
  worker.addEventListener("message", there, { once: true });
  life.addEventListener("abort", there, { once: true });
  return worker;
}
