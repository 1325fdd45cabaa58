import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("../lab/held_picture.js").HeldPicture} HeldPicture */
/** @typedef {import("../lab/digitlab.js").Progress} Progress */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: Progress) => void }} AskOptions */

/**
 * @typedef {object} Said What a model makes of a picture.
 * @property {string} text The digit or the number; empty where there is no ink.
 * @property {number} probability
 */

/** Recognition looks at no more pixels than this side. */
const LARGEST = 800;
/** The picture itself, in the form in which variants come. @type {Job} */
const PLAIN = { pipeline: [], seed: "0", index: 0 };

/** Whether the model's answers are shown beside variants, whose they are, and asking for them. */
export class ModelSays {
  #input = element("augment-says-on", HTMLInputElement);
  #select = element("augment-says-model", HTMLSelectElement);
  #lab;
  #changed;
  #isOn = false;
  #model = "default";
  /** @type {{ held: HeldPicture, model: string, said: Promise<Said> } | null} */
  #original = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {() => void} options.changed called when it is switched, or another model is chosen
   * @param {AbortSignal} signal
   */
  constructor({ lab, changed }, signal) {
    this.#lab = lab;
    this.#changed = changed;
    this.#input.addEventListener("change", () => ((this.on = this.#input.checked), changed()), { signal });
    this.#select.addEventListener("change", () => ((this.#model = this.#select.value), changed()), { signal });
    this.on = false;
  }

  get on() {
    return this.#isOn;
  }

  set on(on) {
    this.#isOn = on;
    this.#input.checked = on;
    this.#select.disabled = !on;
    if (on) void this.#list();
  }

  get model() {
    return this.#model;
  }

  set model(model) {
    this.#model = model;
    this.#choose();
  }

  /** Switches it as a person would. @param {boolean} on */
  turn(on) {
    this.on = on;
    this.#changed();
  }

  /**
   * What the model reads in a variant.
   *
   * @param {HeldPicture} held
   * @param {Job} job
   * @param {AskOptions} [options]
   * @returns {Promise<Said>}
   */
  async ask(held, job, { signal, onProgress } = {}) {
    const fit = Math.max(held.width, held.height) > LARGEST ? LARGEST : 0;
    const model = this.#model;
    for await (const made of this.#lab.variants(held, [job], { fit, signal })) {
      if ("error" in made) throw made.error;
      const { width, height, data } = /** @type {import("../lab/variants.js").Preview} */ (made.preview);
      return this.#read({ width, height, channels: 4, data }, { model, signal, onProgress });
    }
    throw new Error("The variant could not be made.");
  }

  /**
   * What the model reads in the picture itself; asked once for all who want to know, so that none of them can cancel it.
   *
   * @param {HeldPicture} held
   * @param {(progress: Progress) => void} [onProgress]
   */
  original(held, onProgress) {
    const model = this.#model;
    if (this.#original?.held !== held || this.#original.model !== model) {
      const said = this.ask(held, PLAIN, { onProgress });
      const original = (this.#original = { held, model, said });
      // Whoever asks next tries anew.
      said.catch(() => this.#original === original && (this.#original = null));
    }
    return this.#original.said;
  }

  /**
   * @param {import("../lab/digitlab.js").Picture} picture
   * @param {AskOptions & { model: string }} options
   * @returns {Promise<Said>}
   */
  async #read(picture, options) {
    try {
      const single = await this.#lab.classify(picture, options);
      const { label: text, probability, figures } = single;
      if (figures < 2) return { text, probability };
      const number = await this.#lab.read(picture, options);
      return number.digits.length > 1 ? number : { text, probability };
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error)?.code === "no_ink") return { text: "", probability: 0 };
      throw error;
    }
  }

  async #list() {
    if (this.#select.dataset.state === "done") return;
    try {
      const cards = await this.#lab.models.list();
      this.#select.replaceChildren(...cards.map(({ name, title }) => make("option", { value: name }, title)));
      this.#select.dataset.state = "done";
    } catch {
      // Asking a model fails for the same reason, and that is said.
    }
    this.#choose();
  }

  /** A name that is not in the list is taken up, so that it is refused by name. */
  #choose() {
    const known = [...this.#select.options].some(({ value }) => value === this.#model);
    if (!known) this.#select.append(make("option", { value: this.#model }, this.#model));
    this.#select.value = this.#model;
  }
}
