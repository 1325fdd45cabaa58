import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { stepsInWords } from "../ui/steps.js";

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {import("../lab/digitlab.js").TransformInfo} TransformInfo */
/** @typedef {import("../lab/variants.js").Variant} Variant */

/** Of the preview, in CSS pixels. */
const SIDE = 640;

/** The first thing that a picture shows: one transform that the seed chooses, by name, beside the original. */
export class Surprise {
  #root = element("augment-surprise", HTMLElement);
  #before = element("augment-surprise-before", HTMLCanvasElement);
  #after = element("augment-surprise-after", HTMLCanvasElement);
  #name = element("augment-surprise-name", HTMLElement);
  #words = element("augment-surprise-words", HTMLElement);
  #help = element("augment-surprise-help", HTMLElement);
  #use = element("augment-surprise-use", HTMLButtonElement);
  #large = element("augment-surprise-large", HTMLButtonElement);
  #lab;
  #status;
  #latest = new Latest();
  /** @type {Promise<TransformInfo[]> | null} */
  #known = null;
  /** @type {{ picture: SourcePicture, seed: string } | null} */
  #shown = null;
  /** @type {Variant | null} */
  #variant = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/status.js").Status} options.status
   * @param {() => void} options.another called when another one is wanted
   * @param {(variant: Variant) => void} options.open
   * @param {(step: import("./types.js").Step) => void} options.use
   * @param {AbortSignal} signal
   */
  constructor({ lab, status, another, open, use }, signal) {
    this.#lab = lab;
    this.#status = status;
    const now = (/** @type {(variant: Variant) => void} */ act) => () => this.#variant && act(this.#variant);
    element("augment-surprise-another", HTMLButtonElement).addEventListener("click", another, { signal });
    this.#large.addEventListener("click", now(open), { signal });
    this.#use.addEventListener("click", now(({ job }) => use(stepOf(job))), { signal });
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /**
   * @param {SourcePicture | null} picture null hides it
   * @param {string} seed
   */
  async show(picture, seed) {
    this.#root.hidden = picture === null;
    if (!picture) return this.#latest.cancel();
    if (this.#shown?.picture === picture && this.#shown.seed === seed) return;
    this.#shown = { picture, seed };
    this.#root.setAttribute("aria-busy", "true");
    try {
      const made = await this.#latest.run((signal) => this.#make(picture, seed, signal));
      if (made) this.#draw(picture, ...made);
    } catch (error) {
      this.#variant = null;
      this.#name.textContent = "No example of this picture";
      this.#words.textContent = reasonOf(error);
      this.#help.textContent = "";
    } finally {
      this.#root.removeAttribute("aria-busy");
      this.#use.disabled = this.#large.disabled = this.#variant === null;
    }
  }

  /**
   * @param {SourcePicture} picture
   * @param {string} seed
   * @param {AbortSignal} signal
   * @returns {Promise<[Variant, Variant, TransformInfo]>}
   */
  async #make({ picture }, seed, signal) {
    this.#known ??= this.#lab.transforms().then(({ transforms }) => transforms.filter(({ name }) => name !== "NoOp"));
    this.#known.catch(() => (this.#known = null));
    const known = await this.#known;
    const fit = Math.round(SIDE * Math.min(2, devicePixelRatio));
    const from = Number(BigInt(seed) % BigInt(known.length));
    // A transform may not be for this picture, colours for a grey one: then the next is.
    for (let k = 0; k < known.length; k++) {
      const info = known[(from + k) % known.length];
      const job = { title: info.name, pipeline: [{ transform: info.name, p: 1, ...info.example }], seed, index: 0 };
      /** @type {Variant[]} */
      const made = [];
      for await (const variant of this.#lab.variants(this.#lab.hold(picture), [{ ...job, pipeline: [] }, job], { fit, signal })) {
        if (!("error" in variant)) made.push(variant);
      }
      if (made.length === 2) return [made[0], made[1], info];
    }
    throw new Error("No transform takes it.");
  }

  /**
   * @param {SourcePicture} picture
   * @param {Variant} before
   * @param {Variant} after
   * @param {TransformInfo} info
   */
  #draw(picture, before, after, info) {
    paint(this.#before, before);
    paint(this.#after, after);
    this.#variant = after;
    this.#name.textContent = info.name;
    this.#words.textContent = stepsInWords(after.record).replace(`${info.name} (`, "(");
    this.#help.textContent = info.help;
    this.#before.setAttribute("aria-label", `${picture.name}, as it is`);
    this.#after.setAttribute("aria-label", `${picture.name} after ${info.name}`);
    this.#status.say(`${picture.name} after ${stepsInWords(after.record)}.`, 300);
  }
}

/** @param {import("../lab/digitlab.js").Job} job */
const stepOf = ({ pipeline }) => /** @type {import("./types.js").Step[]} */ (pipeline)[0];

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Variant} variant
 */
function paint(canvas, { preview, width: whole }) {
  if (!preview) return;
  const { width, height, data } = preview;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  canvas.classList.toggle("pixels", width === whole);
}
