import { reasonOf } from "../lab/errors.js";
import { make } from "../ui/make.js";
import { reduced } from "../lab/reduced.js";
import { paintPicture } from "../ui/small_picture.js";
import { exampleStep } from "./transform_examples.js";

/** The longest side of an example, in pixels. */
const LONGEST = 96;
/** The same for everyone, so that an example is the same each time. */
const SEED = "7";

/** @typedef {import("../lab/reduced.js").SmallPicture} SmallPicture */

/** What each transform does, shown on a small copy of the picture: before and after. Each is made once per picture. */
export class TransformExamples {
  #lab;
  #signal;
  /** @type {SmallPicture | null} */
  #before = null;
  /** @type {Map<string, Promise<SmallPicture>>} */
  #made = new Map();

  /**
   * @param {import("../lab/digitlab.js").Digitlab} lab
   * @param {AbortSignal} signal
   */
  constructor(lab, signal) {
    this.#lab = lab;
    this.#signal = signal;
  }

  /** @param {import("../lab/digitlab.js").Picture | null} picture */
  set picture(picture) {
    this.#before = picture && reduced(picture, LONGEST);
    this.#made.clear();
  }

  /**
   * Puts the example into a place of the page; without a picture there is none.
   *
   * @param {HTMLElement} slot
   * @param {string} transform
   * @param {AbortSignal} signal ends the wish to see it
   */
  async show(slot, transform, signal) {
    const before = this.#before;
    slot.dataset.transform = transform;
    if (!before) {
      slot.replaceChildren();
      return;
    }
    const [plain, changed] = [frame("Before"), frame("After")];
    paintPicture(plain.canvas, before);
    paintPicture(changed.canvas, before);
    changed.root.dataset.state = "busy";
    slot.replaceChildren(plain.root, changed.root);
    try {
      const after = await this.#after(transform, before);
      if (signal.aborted) return;
      paintPicture(changed.canvas, after);
      delete changed.root.dataset.state;
    } catch (error) {
      // Some transforms do not take every picture: what they say is the example.
      if (signal.aborted || this.#signal.aborted) return;
      const reason = reasonOf(error);
      changed.root.replaceWith(make("p", { class: "example__trouble" }, `No example for this picture: ${reason}`));
    }
  }

  /**
   * @param {string} transform
   * @param {SmallPicture} before
   */
  #after(transform, before) {
    const made = this.#made.get(transform) ?? this.#make(transform, before);
    this.#made.set(transform, made);
    made.catch(() => this.#made.delete(transform));
    return made;
  }

  /**
   * @param {string} transform
   * @param {SmallPicture} before
   * @returns {Promise<SmallPicture>}
   */
  async #make(transform, before) {
    const { transforms } = await this.#lab.transforms({ signal: this.#signal });
    const info = transforms.find(({ name }) => name === transform);
    const step = info ? exampleStep(info, before) : { transform };
    const picture = { ...before, channels: /** @type {1 | 3 | 4} */ (before.channels) };
    return reduced(await this.#lab.augment(picture, [step], { seed: SEED, signal: this.#signal }), LONGEST);
  }
}

/** @param {string} caption */
function frame(caption) {
  const canvas = make("canvas", { class: "example__picture pixels", width: 1, height: 1 });
  return { canvas, root: make("figure", { class: "example__frame" }, canvas, make("figcaption", {}, caption)) };
}
