import { reload } from "../ui/kept_address.js";

/** @typedef {{ kind: "ready" | "starting" | "off" | "past" | "stuck" | "none", words: string }} ServiceState */

/** How long a service worker may take before the page says that it is stuck. */
const PATIENCE = 8_000;

/**
 * Whether the routes are answered here, and if not, why: the service worker that answers them may be unknown to this
 * browser, switched off, on its way, or passed by.
 */
export class ServiceWatch {
  #offline;
  #changed;
  #began = performance.now();
  #timer = 0;

  /**
   * @param {import("../offline/offline.js").Offline} offline
   * @param {() => void} changed
   * @param {AbortSignal} signal
   */
  constructor(offline, changed, signal) {
    this.#offline = offline;
    this.#changed = changed;
    offline.subscribe(changed, signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
    this.#wait();
  }

  /** @returns {ServiceState} */
  get state() {
    const { supported, controlled, enabled, version, problem } = this.#offline.state;
    if (controlled) return { kind: "ready", words: "" };
    if (!supported) return { kind: "none", words: `${problem} The ES module works all the same.` };
    if (!enabled) return { kind: "off", words: OFF };
    if (problem) return { kind: "stuck", words: problem };
    if (version) return { kind: "past", words: PAST };
    if (performance.now() - this.#began > PATIENCE) return { kind: "stuck", words: STUCK };
    return { kind: "starting", words: "The service worker of this site, which answers the routes, is starting …" };
  }

  /** Does what helps. */
  async help() {
    if (this.state.kind === "past") return reload();
    this.#wait();
    await this.#offline.enable(true);
    this.#changed();
  }

  #wait() {
    this.#began = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, PATIENCE + 100);
  }
}

const OFF =
  "Offline use is switched off for this site, and with it the service worker that answers the routes. The ES module works all the same.";
const PAST = "This page was loaded past the service worker that answers the routes, as by a forced reload. Load it once more.";
const STUCK =
  "The service worker that answers the routes has not started. For its first start it needs a connection: check it, then try again.";
