import { ChoiceField } from "../ui/choice_field.js";
import { element, hideFrom } from "../ui/elements.js";
import { Field } from "../ui/field.js";
import { bytes, counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { BoxTextError, readBoxes, textOfFile } from "./box_text.js";
import { maskInWords, paint } from "./overlay.js";

/** @typedef {import("../lab/digitlab.js").CompanionsGiven} CompanionsGiven */
/** @typedef {import("../lab/digitlab.js").DecodedPicture} DecodedPicture */
/** @typedef {import("./box_text.js").PictureFacts} PictureFacts */
/** @typedef {import("../lab/companions.js").BoxFormat} BoxFormat */

/** Who types on is not told yet that a line is not finished. */
const PATIENCE = 400;
const MOST_BYTES = 10_000_000;

/** What goes along with the picture: a mask from a file, and boxes as text or from a file. */
export class CompanionsField {
  #lab;
  #status;
  #changed;
  #maskFile = element("companions-mask", HTMLInputElement);
  #maskRemove = element("companions-mask-remove", HTMLButtonElement);
  #maskFacts = element("companions-mask-facts", HTMLElement);
  #maskPreview = element("companions-mask-preview", HTMLCanvasElement);
  #boxesText = element("companions-boxes", HTMLTextAreaElement);
  #boxesFile = element("companions-boxes-file", HTMLInputElement);
  #boxesRemove = element("companions-boxes-remove", HTMLButtonElement);
  #overlay = element("companions-overlay", HTMLInputElement);
  #summary = element("companions-summary", HTMLElement);
  #maskField;
  #boxesField;
  #format;
  #reading = new Latest();
  #checking = new Latest();
  #timer = 0;
  /** @type {PictureFacts | null} */
  #picture = null;
  /** @type {{ name: string, picture: DecodedPicture } | null} */
  #mask = null;
  /** @type {DecodedPicture | null} */
  #painted = null;
  /** @type {CompanionsGiven} */
  #value = {};

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/status.js").Status} options.status
   * @param {() => void} options.changed called when `value` or `overlaid` is another
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, status, changed }, signal) {
    this.#lab = lab;
    this.#status = status;
    this.#changed = changed;
    settings.bindPanel(element("augment-companions", HTMLDetailsElement), signal);
    const edited = () => this.#check(0);
    this.#maskField = new Field(this.#maskFile, edited);
    this.#boxesField = new Field(this.#boxesText, edited);
    this.#format = new ChoiceField(element("companions-format", HTMLElement), edited, signal);
    this.#overlay.checked = settings.get("overlay", true);
    const listen = (/** @type {HTMLElement} */ target, /** @type {string} */ type, /** @type {() => void} */ act) =>
      target.addEventListener(type, act, { signal });
    listen(this.#maskFile, "change", () => this.#readMask());
    listen(this.#maskRemove, "click", () => this.#removeMask());
    listen(this.#boxesText, "input", () => this.#check(PATIENCE));
    listen(this.#boxesText, "change", () => this.#check(0));
    listen(this.#boxesFile, "change", () => this.#readBoxesFile());
    listen(this.#boxesRemove, "click", () => this.#removeBoxes());
    listen(this.#overlay, "change", () => {
      settings.set("overlay", this.#overlay.checked);
      this.#changed();
    });
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      this.#reading.cancel();
      this.#checking.cancel();
    });
    this.#tell();
  }

  /** What goes along, as `lab.augment` takes it: only what fits the picture. @returns {CompanionsGiven} */
  get value() {
    return this.#value;
  }

  /** Whether they are to be drawn over pictures. */
  get overlaid() {
    return this.#overlay.checked;
  }

  /** The picture that they belong to; what does not fit it is said, and kept for one that it fits. @param {PictureFacts | null} picture */
  set picture(picture) {
    this.#picture = picture && { width: picture.width, height: picture.height, name: picture.name };
    this.#check(0);
  }

  async #readMask() {
    const file = this.#maskFile.files?.[0];
    if (!file) return;
    try {
      const picture = await this.#reading.run((signal) => this.#lab.decode(file, { signal }));
      if (!picture) return;
      this.#mask = { name: file.name, picture };
      this.#check(0);
    } catch (error) {
      this.#mask = null;
      this.#maskField.error = `${file.name} cannot be a mask. ${/** @type {Error} */ (error).message}`;
      this.#status.say(this.#maskField.error);
      this.#check(0);
    }
  }

  #removeMask() {
    this.#reading.cancel();
    this.#mask = null;
    this.#maskFile.value = "";
    this.#maskField.error = "";
    this.#check(0);
    this.#status.say("The mask was removed.");
  }

  async #readBoxesFile() {
    const file = this.#boxesFile.files?.[0];
    if (!file) return;
    try {
      if (file.size > MOST_BYTES) {
        throw new BoxTextError(`${file.name} has ${bytes(file.size)}; files of boxes may have ${bytes(MOST_BYTES)}.`);
      }
      const { format, text } = textOfFile(file.name, await file.text(), this.#picture);
      if (format) this.#format.text = format;
      this.#boxesText.value = text;
      this.#check(0);
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    } finally {
      // The same file can be chosen again after it was changed.
      this.#boxesFile.value = "";
    }
  }

  #removeBoxes() {
    this.#boxesText.value = "";
    this.#check(0);
    this.#status.say("The boxes were removed.");
  }

  /** @param {number} patience milliseconds to wait for more */
  #check(patience) {
    clearTimeout(this.#timer);
    this.#checking.cancel();
    this.#timer = setTimeout(() => this.#use(), patience);
  }

  /** Takes what fits, and says what does not. */
  async #use() {
    /** @type {CompanionsGiven} */
    const value = {};
    const mask = this.#mask?.picture;
    if (this.#mask) this.#maskField.error = this.#unfit(this.#mask);
    if (mask && !this.#maskField.error) value.mask = mask;
    let problem = "";
    try {
      const { list, lines } = readBoxes(this.#boxesText.value);
      if (list.length) {
        const boxes = { format: /** @type {BoxFormat} */ (this.#format.text), list };
        problem = (await this.#checking.run((signal) => this.#refusal(boxes, lines, signal))) ?? "superseded";
        if (problem === "superseded") return;
        if (!problem) value.boxes = boxes;
      }
    } catch (error) {
      problem = /** @type {Error} */ (error).message;
    }
    this.#say(problem);
    const same = value.mask === this.#value.mask && JSON.stringify(value.boxes) === JSON.stringify(this.#value.boxes);
    this.#value = value;
    this.#tell();
    if (!same) this.#changed();
  }

  /** @param {{ name: string, picture: DecodedPicture }} mask */
  #unfit({ name, picture: { width, height } }) {
    const picture = this.#picture;
    if (!picture || (picture.width === width && picture.height === height)) return "";
    return `${name} has ${width} × ${height} pixels, and the picture ${picture.width} × ${picture.height}; choose a mask of the same size.`;
  }

  /**
   * What the engine says against boxes, with the line that it is about; empty if nothing.
   *
   * @param {import("../lab/companions.js").BoxesGiven} boxes
   * @param {number[]} lines
   * @param {AbortSignal} signal
   */
  async #refusal(boxes, lines, signal) {
    if (!this.#picture) return "";
    const { width, height } = this.#picture;
    try {
      const blank = { width, height, channels: 1, data: new Uint8Array(width * height) };
      await this.#lab.augment(blank, [], { boxes, signal });
      return "";
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      return message.replace(/^boxes\.list\[(\d+)\]\.box/, (_, at) => `Line ${lines[Number(at)]}`);
    }
  }

  /** @param {string} problem */
  #say(problem) {
    if (problem && problem !== this.#boxesField.error) this.#status.say(problem, PATIENCE);
    this.#boxesField.error = problem;
  }

  /** Shows what there is. */
  #tell() {
    const mask = this.#mask?.picture;
    const lines = this.#boxesText.value.trim() !== "";
    if (mask && mask !== this.#painted) {
      this.#painted = mask;
      paint(this.#maskPreview, mask);
      this.#maskFacts.textContent = `${maskInWords(mask)}.`;
    }
    for (const part of [this.#maskPreview, this.#maskFacts]) part.hidden = !mask;
    toggle(this.#maskRemove, Boolean(mask) || this.#maskField.error !== "", this.#maskFile);
    toggle(this.#boxesRemove, lines, this.#boxesText);
    const boxes = this.#value.boxes?.list.length ?? 0;
    const parts = [this.#value.mask && "mask", boxes && counted(boxes, "box", "boxes")].filter(Boolean);
    this.#summary.textContent = parts.join(", ") || "none";
  }
}

/**
 * @param {HTMLElement} part
 * @param {boolean} shown
 * @param {HTMLElement} heir takes the focus when the part goes
 */
function toggle(part, shown, heir) {
  if (shown) part.hidden = false;
  else hideFrom(part, heir);
}
