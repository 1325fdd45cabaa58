import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { make } from "../ui/make.js";
import { paintPicture } from "../ui/small_picture.js";

/** @typedef {import("../lab/digitlab.js").Sample} Sample */

const SIDE = 28;
/** So many are shown until all are asked for. */
const FEW = 24;

/** The corrected samples as small pictures, each with its digit and a way to delete it. */
export class SampleList {
  #root = element("classify-samples", HTMLElement);
  #more = element("classify-samples-more", HTMLButtonElement);
  #remove;
  #heir;
  #signal;
  /** @type {Map<number, { sample: Sample, item: HTMLElement }>} */
  #items = new Map();
  /** @type {Sample[]} */
  #samples = [];
  #all = false;

  /**
   * @param {object} options
   * @param {(sample: Sample) => void} options.remove
   * @param {HTMLElement} options.heir takes the focus when the last sample goes
   * @param {AbortSignal} signal
   */
  constructor({ remove, heir }, signal) {
    this.#remove = remove;
    this.#heir = heir;
    this.#signal = signal;
    this.#more.addEventListener(
      "click",
      () => {
        const next = this.#root.children.length;
        this.#all = true;
        this.show(this.#samples);
        this.#root.children[next]?.querySelector("button")?.focus();
      },
      { signal },
    );
  }

  /** @param {Sample[]} samples */
  show(samples) {
    this.#samples = samples;
    const shown = this.#all ? samples : samples.slice(0, FEW);
    const focused = [...this.#root.children].findIndex((item) => item.contains(document.activeElement));
    const items = new Map(shown.map((sample) => [sample.id, { sample, item: this.#item(sample) }]));
    this.#items = items;
    const list = [...items.values()].map(({ item }) => item);
    if (list.length !== this.#root.children.length || list.some((item, at) => item !== this.#root.children[at])) {
      this.#root.replaceChildren(...list);
      // What was deleted hands the focus to what takes its place.
      const next = this.#root.children[Math.min(focused, list.length - 1)]?.querySelector("button") ?? this.#heir;
      if (focused >= 0) next.focus({ preventScroll: true });
    }
    this.#more.hidden = shown.length === samples.length;
    this.#more.textContent = `Show all ${count(samples.length)}`;
  }

  /** @param {Sample} sample */
  #item(sample) {
    const known = this.#items.get(sample.id);
    if (known && known.sample.digit === sample.digit && known.sample.time === sample.time) return known.item;
    const { seen, digit, read } = sample;
    const canvas = make("canvas", { class: "sample__picture pixels", "aria-hidden": "true" });
    paintPicture(canvas, { width: SIDE, height: SIDE, channels: 1, data: seen });
    const what = read === null || read === digit ? `A ${digit}` : `A ${digit}, read as ${read}`;
    const remove = make("button", { type: "button", class: "sample__remove", "aria-label": `Delete the sample: ${what}`, title: "Delete" }, "×");
    remove.addEventListener("click", () => this.#remove(sample), { signal: this.#signal });
    const told = make("span", { class: "sample__digit", title: what }, make("span", { class: "visually-hidden" }, `${what}.`), make("span", { "aria-hidden": "true" }, String(digit)));
    return make("li", { class: "sample", "data-digit": digit, "data-id": sample.id }, canvas, make("div", { class: "sample__foot" }, told, remove));
  }
}
