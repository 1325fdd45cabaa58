import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Input} Input */

/** The pen has rested when nothing was drawn for so many milliseconds. */
const REST = 1_000;
const LAST = "drawing-recorded";

/** Writes answers into the record log: those of a drawing when the pen rests, those of a picture once. */
export class RecordKeeper {
  #lab;
  #toasts;
  #timer = 0;
  /** What was recorded last of this drawing; it is kept with it. */
  #last = recallReloaded(LAST) ?? recall(LAST) ?? "";
  /** What was recorded last of each picture. @type {WeakMap<object, string>} */
  #recorded = new WeakMap();

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {AbortSignal} signal
   */
  constructor({ lab, toasts }, signal) {
    this.#lab = lab;
    this.#toasts = toasts;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /**
   * The answer to a drawing, which is recorded unless something else comes first.
   *
   * @param {Answer} answer
   * @param {Input} picture
   */
  drawn(answer, picture) {
    clearTimeout(this.#timer);
    const text = said(answer);
    if (text === this.#last) return;
    this.#timer = setTimeout(() => {
      this.#remember(text);
      void this.#add("drawing", answer, picture);
    }, REST);
  }

  /** The pen moves: what it has said so far was not the answer to the whole drawing. */
  drawing() {
    clearTimeout(this.#timer);
  }

  /** The drawing is gone; the next one is another. */
  forget() {
    clearTimeout(this.#timer);
    this.#remember("");
  }

  /**
   * @param {Answer} answer
   * @param {import("../source/types.js").SourcePicture} source
   */
  shown(answer, source) {
    const text = said(answer);
    if (this.#recorded.get(source) === text) return;
    this.#recorded.set(source, text);
    void this.#add(source.name, answer, source.picture);
  }

  /** @param {string} text */
  #remember(text) {
    this.#last = text;
    remember(LAST, text);
    rememberInTab(LAST, text);
  }

  /**
   * @param {string} name
   * @param {Answer} answer
   * @param {import("../lab/digitlab.js").Picture} picture
   */
  async #add(name, { kind, text, probability, digits, model, elapsed }, picture) {
    const seen = new Uint8Array(digits.length * 784);
    for (const [at, digit] of digits.entries()) seen.set(digit.seen, at * 784);
    const record = { name, kind, result: text, probability, model, elapsed, from: "classify page", thumbnail: picture, seen };
    const added = await this.#lab.records.add(record);
    if ("warning" in added) this.#toasts.show(added.warning, "error");
  }
}

/** @param {Answer} answer */
const said = ({ kind, text }) => `${kind} ${text}`;
