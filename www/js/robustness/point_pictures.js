import { reasonOf } from "../lab/errors.js";
import { whenClosed } from "../ui/closing.js";
import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { make } from "../ui/make.js";
import { paintPicture } from "../ui/small_picture.js";
import { percent } from "../ui/percent.js";
import { shown } from "./curve_chart.js";
import { interval } from "./interval.js";

/** @typedef {import("./types.js").Curve} Curve */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./curve_chart.js").Chosen} Chosen */
/** @typedef {import("./results.js").Results} Results */
/** @typedef {{ results: Results, curve: Curve } & Chosen} Opened */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Pictures of each kind. */
const MOST = 24;

/** The pictures behind a point of a curve: some that the model misread, and some that it read rightly. */
export class PointPictures {
  #dialog = element("robustness-point", HTMLDialogElement);
  #title = element("robustness-point-title", HTMLElement);
  #facts = element("robustness-point-facts", HTMLElement);
  #models = element("robustness-point-models", HTMLElement);
  #error = element("robustness-point-error", HTMLElement);
  #wrong = element("robustness-point-wrong", HTMLElement);
  #wrongTitle = element("robustness-point-wrong-title", HTMLElement);
  #right = element("robustness-point-right", HTMLElement);
  #rightTitle = element("robustness-point-right-title", HTMLElement);
  #previous = element("robustness-point-previous", HTMLButtonElement);
  #next = element("robustness-point-next", HTMLButtonElement);
  #latest = new Latest();
  #options;
  /** @type {Opened | null} */
  #opened = null;

  /**
   * @param {object} options
   * @param {(picture: import("../source/types.js").SourcePicture) => Promise<void>} options.send to the Classify place
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {(curve: Curve, at: number, model: number) => void} options.closed tells which point was looked at last
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    this.#previous.addEventListener("click", () => this.#turn(-1), { signal });
    this.#next.addEventListener("click", () => this.#turn(1), { signal });
    element("robustness-point-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close(), { signal });
    whenClosed(this.#dialog, () => this.#close(), signal);
    this.#models.addEventListener("change", (event) => this.#choose(event), { signal });
    signal.addEventListener("abort", () => this.#dialog.close());
  }

  /** @param {Opened} opened */
  open(opened) {
    this.#models.replaceChildren(...opened.point.models.map(({ model }, at) => segment(model, at, at === opened.model)));
    this.#models.hidden = opened.point.models.length < 2;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#title.focus({ preventScroll: true });
    void this.#show(opened);
  }

  /** @param {Opened} opened */
  async #show(opened) {
    this.#opened = opened;
    const { results, curve, point, at, model } = opened;
    const points = results.pointsOf(curve);
    this.#previous.disabled = at === 0;
    this.#next.disabled = at >= points.length - 1;
    this.#title.textContent = `${curve.title}: ${point.curve === "none" ? "as they are" : curve.text(point.value)}`;
    this.#error.textContent = "";
    this.#dialog.dataset.state = "busy";
    const found = point.models[model];
    if (!found) return;
    const { low, high } = interval(found.right, point.pictures);
    const range = `95 % interval ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`;
    this.#facts.textContent = `${found.model}: ${shown(found.accuracy)} right, ${count(found.right)} of ${count(point.pictures)}, ${range}`;
    const places = [...point.labels.keys()];
    const isRight = (/** @type {number} */ place) => found.answers[place] === point.labels[place];
    const [wrong, right] = [places.filter((place) => !isRight(place)), places.filter(isRight)];
    const [someWrong, someRight] = [sample(wrong), sample(right)];
    this.#wrongTitle.textContent = heading("Misread", someWrong.length, wrong.length);
    this.#rightTitle.textContent = heading("Read rightly", someRight.length, right.length);
    try {
      const levels = await this.#latest.run((signal) => point.levels([...someWrong, ...someRight], { signal }));
      if (!levels) return;
      const tile = (/** @type {number} */ place, /** @type {number} */ k) => {
        const data = levels.slice(k * PIXELS, (k + 1) * PIXELS);
        const answer = { label: point.labels[place] ?? 0, digit: found.answers[place] ?? 0, probability: found.probabilities[place] ?? 0 };
        return make("li", {}, this.#tile(data, answer));
      };
      this.#wrong.replaceChildren(...someWrong.map(tile));
      this.#right.replaceChildren(...someRight.map((place, k) => tile(place, someWrong.length + k)));
      this.#dialog.dataset.state = "done";
    } catch (error) {
      this.#error.textContent = reasonOf(error);
      this.#dialog.dataset.state = "error";
    }
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} data
   * @param {{ label: number, digit: number, probability: number }} answer
   */
  #tile(data, { label, digit, probability }) {
    const canvas = make("canvas", { class: "behind__picture pixels", width: SIDE, height: SIDE, "aria-hidden": "true" });
    const picture = /** @type {const} */ ({ width: SIDE, height: SIDE, channels: 1, data });
    paintPicture(canvas, picture);
    const sure = percent(probability);
    const said = `Shows ${label}, read as ${digit}. Open in Classify.`;
    const words = make("span", { class: "behind__words" }, label === digit ? `${digit}` : `${label} → ${digit}`);
    const sureness = make("span", { class: "behind__sure" }, ` ${sure}`);
    const hidden = make("span", { class: "visually-hidden" }, ` ${said}`);
    const button = make("button", { class: "behind__tile", type: "button", title: said, "data-right": label === digit }, canvas, words, sureness, hidden);
    button.addEventListener("click", () => this.#send({ name: `A ${label} of the test set`, picture, origin: { kind: "place" }, notes: [] }));
    return button;
  }

  /** @param {import("../source/types.js").SourcePicture} picture */
  async #send(picture) {
    try {
      this.#dialog.close();
      await this.#options.send(picture);
    } catch (error) {
      this.#options.toasts.show(reasonOf(error), "error");
    }
  }

  /** @param {number} by */
  #turn(by) {
    if (!this.#opened) return;
    const at = this.#opened.at + by;
    const point = this.#opened.results.pointsOf(this.#opened.curve)[at];
    if (point) void this.#show({ ...this.#opened, point, at });
    // A button that can do no more gives the focus on.
    if (document.activeElement === document.body) this.#title.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #choose(event) {
    if (!(event.target instanceof HTMLInputElement) || !this.#opened) return;
    void this.#show({ ...this.#opened, model: Number(event.target.value) });
  }

  #close() {
    if (this.#dialog.open || !this.#opened) return;
    const { curve, at, model } = this.#opened;
    this.#latest.cancel();
    this.#opened = null;
    this.#wrong.replaceChildren();
    this.#right.replaceChildren();
    delete this.#dialog.dataset.state;
    this.#options.closed(curve, at, model);
  }
}

/**
 * Some of many, evenly from all of them.
 *
 * @param {readonly number[]} places
 */
function sample(places) {
  if (places.length <= MOST) return places;
  return Array.from({ length: MOST }, (_, k) => places[Math.floor(((k + 0.5) * places.length) / MOST)] ?? 0);
}

/**
 * @param {string} kind
 * @param {number} some
 * @param {number} all
 */
function heading(kind, some, all) {
  if (all === 0) return `${kind}: none`;
  return some < all ? `${kind}: ${some} of ${count(all)}` : `${kind}: ${count(all)}`;
}

/**
 * @param {string} model
 * @param {number} at
 * @param {boolean} checked
 */
function segment(model, at, checked) {
  const input = make("input", { class: "segment__input", type: "radio", name: "robustness-point-model", value: at, checked });
  return make("label", { class: "segment" }, input, make("span", { class: "segment__face" }, model));
}
