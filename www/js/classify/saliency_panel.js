import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";
import { colourOf, saliencyPicture, scaleOf } from "./saliency_picture.js";
import { saliencyInWords } from "./saliency_words.js";

/** @typedef {import("./types.js").AnsweredDigit} AnsweredDigit */
/** @typedef {import("../lab/digitlab.js").SaliencyMap} SaliencyMap */

const SIDE = 28;
/** While somebody draws, the pen comes first. */
const REST = 350;

/** What the answer hangs on: a map over what the model saw, made when somebody opens the panel. */
export class SaliencyPanel {
  #panel = element("classify-saliency", HTMLDetailsElement);
  #body = element("classify-saliency-body", HTMLElement);
  #canvas = element("classify-saliency-map", HTMLCanvasElement);
  #text = element("classify-saliency-text", HTMLElement);
  #error = element("classify-saliency-error", HTMLElement);
  #again = element("classify-saliency-again", HTMLButtonElement);
  #legend = element("classify-saliency-legend", HTMLElement);
  #most = element("classify-saliency-most", HTMLElement);
  #least = element("classify-saliency-least", HTMLElement);
  #progress;
  #lab;
  #latest = new Latest();
  /** Whoever goes from digit to digit comes back to what is there. @type {WeakMap<AnsweredDigit, SaliencyMap>} */
  #made = new WeakMap();
  /** @type {AnsweredDigit | null} */
  #digit = null;
  #model = "default";
  #timer = 0;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings }, signal) {
    this.#lab = lab;
    this.#progress = new ProgressBar(element("classify-saliency-progress", HTMLElement), signal);
    settings.bindPanel(this.#panel, signal);
    this.#panel.addEventListener("toggle", () => (this.#panel.open ? this.#makeSoon(0) : this.#stop()), { signal });
    this.#again.addEventListener("click", () => this.#makeSoon(0), { signal });
    signal.addEventListener("abort", () => this.#stop());
    this.show(null, this.#model);
  }

  /**
   * @param {AnsweredDigit | null} digit null: there is no answer
   * @param {string} model
   */
  show(digit, model) {
    if (digit && this.#digit === digit && this.#model === model) return;
    this.#digit = digit;
    this.#model = model;
    this.#stop();
    if (digit) this.#makeSoon(this.#made.has(digit) ? 0 : REST);
    else this.#empty("A map of the picture, once there is an answer.");
  }

  /** @param {number} delay */
  #makeSoon(delay) {
    clearTimeout(this.#timer);
    if (!this.#panel.open || !this.#digit) return;
    this.#again.hidden = true;
    this.#body.dataset.state = "busy";
    this.#timer = setTimeout(() => this.#make(), delay);
  }

  async #make() {
    const digit = this.#digit;
    const model = this.#model;
    if (!digit) return;
    this.#error.textContent = "";
    this.#progress.start("Covering the picture, piece by piece …", () => this.#cancel());
    try {
      const map = this.#made.get(digit) ?? (await this.#latest.run((signal) => this.#ask(digit, model, signal)));
      if (!map || this.#digit !== digit) return;
      this.#made.set(digit, map);
      this.#paint(map);
    } catch (error) {
      if (this.#digit === digit) this.#fail(error);
    } finally {
      if (this.#digit === digit) this.#progress.stop(this.#body);
    }
  }

  /**
   * @param {AnsweredDigit} digit
   * @param {string} model
   * @param {AbortSignal} signal
   */
  #ask(digit, model, signal) {
    const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
      if (!signal.aborted) this.#progress.update(progress, progress.unit === "bytes" ? "Loading the model" : "Read");
    };
    const picture = { width: SIDE, height: SIDE, channels: 1, data: digit.seen };
    return this.#lab.saliency(picture, { model, signal, onProgress });
  }

  /** @param {SaliencyMap} map */
  #paint(map) {
    const style = getComputedStyle(this.#canvas);
    const [speaksFor, speaksAgainst] = ["--speaks-for", "--speaks-against"].map((name) => colourOf(style.getPropertyValue(name)));
    if (speaksFor && speaksAgainst) {
      this.#canvas.getContext("2d")?.putImageData(saliencyPicture(map, { speaksFor, speaksAgainst }), 0, 0);
    }
    const words = saliencyInWords(map);
    this.#canvas.setAttribute("aria-label", `Map of what the ${map.digit} hangs on`);
    this.#text.textContent = words;
    const scale = (100 * scaleOf(map)).toFixed(0);
    this.#most.textContent = `−${scale}`;
    this.#least.textContent = `+${scale}`;
    this.#legend.hidden = false;
    this.#body.dataset.state = "done";
    this.#body.dataset.turned = String(map.turned);
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#empty("");
    this.#error.textContent = reasonOf(error);
    this.#body.dataset.state = "error";
    this.#again.hidden = false;
  }

  #cancel() {
    this.#stop();
    this.#empty("Cancelled.");
    this.#again.hidden = false;
    this.#again.focus({ preventScroll: true });
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#latest.cancel();
    this.#progress.stop(this.#body);
  }

  /** @param {string} text */
  #empty(text) {
    this.#canvas.getContext("2d")?.clearRect(0, 0, SIDE, SIDE);
    this.#canvas.setAttribute("aria-label", "Nothing yet");
    this.#text.textContent = text;
    this.#error.textContent = "";
    this.#legend.hidden = true;
    this.#again.hidden = true;
    this.#body.dataset.state = "empty";
  }
}
