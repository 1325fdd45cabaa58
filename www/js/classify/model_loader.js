import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";

/** Brings a model and what runs it, with progress, a way to stop, and a way to try again. */
export class ModelLoader {
  #lab;
  #status;
  #ready;
  #heir;
  #latest = new Latest();
  #progress;
  #failure = element("classify-failure", HTMLElement);
  #message = element("classify-failure-text", HTMLElement);
  #retry = element("classify-failure-retry", HTMLButtonElement);
  #stopped = element("classify-stopped", HTMLElement);
  #load = element("classify-load", HTMLButtonElement);
  #name = "default";
  #isReady = false;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/status.js").Status} options.status
   * @param {() => void} options.ready called when the model that was asked for last is there
   * @param {HTMLElement} options.heir takes the focus when a button goes
   * @param {AbortSignal} signal
   */
  constructor({ lab, status, ready, heir }, signal) {
    this.#lab = lab;
    this.#status = status;
    this.#ready = ready;
    this.#heir = heir;
    this.#progress = new ProgressBar(element("classify-progress", HTMLElement), signal);
    for (const button of [this.#retry, this.#load]) button.addEventListener("click", () => void this.open(this.#name), { signal });
  }

  /** Whether the model that was asked for last is there. */
  get isReady() {
    return this.#isReady;
  }

  /** @param {string} name */
  async open(name) {
    this.#name = name;
    this.#isReady = this.#lab.models.state(name) === "ready";
    this.#say(null);
    this.#stopped.hidden = true;
    if (this.#isReady) {
      this.#latest.cancel();
      this.#progress.stop(this.#heir);
      return this.#ready();
    }
    this.#progress.start("Loading the model …", () => this.#cancel());
    try {
      const card = await this.#latest.run((signal) => {
        const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
          if (!signal.aborted) this.#progress.update(progress, "Loading the model");
        };
        return this.#lab.models.load(name, { signal, onProgress });
      });
      if (!card) return;
      this.#isReady = true;
      this.#progress.stop(this.#heir);
      this.#ready();
    } catch (error) {
      this.#progress.stop(this.#heir);
      this.#say(error);
    }
  }

  /**
   * Says what went wrong with the model or its worker; null says nothing.
   *
   * @param {unknown} error
   */
  fail(error) {
    this.#say(error);
  }

  #cancel() {
    this.#latest.cancel();
    this.#stopped.hidden = false;
    this.#progress.stop(this.#load);
    this.#status.say("Cancelled.");
  }

  /** @param {unknown} error */
  #say(error) {
    if (error === null) {
      if (!this.#failure.hidden && this.#failure.contains(document.activeElement)) this.#heir.focus({ preventScroll: true });
      this.#failure.hidden = true;
      return;
    }
    const { code = "", message = String(error) } = /** @type {{ code?: string, message?: string }} */ (error);
    this.#failure.dataset.code = code;
    this.#message.textContent = message;
    this.#failure.hidden = false;
  }
}
