import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { paintPicture } from "../ui/small_picture.js";
import { TextField } from "../ui/text_field.js";

/** @typedef {import("../lab/record_log.js").FullRecord} FullRecord */

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Asks what a record really shows, and keeps its digits as samples to teach models with. */
export class RecordCorrection {
  #dialog = element("records-correction", HTMLDialogElement);
  #text = element("records-correction-text", HTMLElement);
  #pictures = element("records-correction-seen", HTMLElement);
  #save = element("records-correction-save", HTMLButtonElement);
  #field;
  #samples;
  #toasts;
  /** @type {FullRecord | null} */
  #record = null;

  /**
   * @param {object} options
   * @param {Pick<import("../lab/digitlab.js").Digitlab["samples"], "add">} options.samples
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {AbortSignal} signal
   */
  constructor({ samples, toasts }, signal) {
    this.#samples = samples;
    this.#toasts = toasts;
    this.#field = new TextField(element("records-correction-right", HTMLInputElement), () => (this.#field.error = ""), signal);
    element("records-correction-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close(), { signal });
    element("records-correction-form", HTMLFormElement).addEventListener("submit", (event) => (event.preventDefault(), void this.#keep()), { signal });
  }

  /** @param {FullRecord} record */
  open(record) {
    this.#record = record;
    const digits = seenDigits(record);
    const many = digits.length > 1 ? `${digits.length} digits` : "digit";
    this.#text.textContent =
      digits.length > 0
        ? `It was read as ${record.result}. Give what it shows; the ${many} below will be kept as samples to teach models with.`
        : "This record keeps nothing of what the model saw, so no model can learn from it.";
    this.#pictures.replaceChildren(
      ...digits.map((data, at) => {
        const canvas = make("canvas", { class: "pixels records__seen", role: "img", "aria-label": `Digit ${at + 1}, read as ${record.result[at]}` });
        paintPicture(canvas, { width: SIDE, height: SIDE, channels: 1, data });
        return canvas;
      }),
    );
    this.#field.text = digits.length > 0 ? record.result : "";
    this.#field.error = "";
    element("records-correction-right", HTMLInputElement).disabled = digits.length === 0;
    this.#save.disabled = digits.length === 0;
    this.#dialog.showModal();
    if (digits.length > 0) this.#field.select();
  }

  async #keep() {
    const record = this.#record;
    if (!record) return;
    const digits = seenDigits(record);
    const right = this.#field.text.trim();
    if (!/^\d+$/.test(right) || right.length !== digits.length) {
      const allowed = digits.length === 1 ? "one digit, 0 to 9" : `${digits.length} digits, one for each picture`;
      this.#field.error = `What it shows is “${right}”; allowed: ${allowed}.`;
      this.#field.select();
      return;
    }
    try {
      const given = digits.map((seen, at) => ({
        seen,
        digit: Number(right[at]),
        read: Number(record.result[at]),
        model: record.model,
        from: `record log: ${record.name}`,
      }));
      await this.#samples.add(given);
      this.#dialog.close();
      const what = counted(given.length, "sample is", "samples are");
      this.#toasts.show(`${what} kept; teach a model with them on the Classify page.`);
    } catch (error) {
      this.#field.error = reasonOf(error);
    }
  }
}

/**
 * What the model saw of each digit; nothing where it does not go with the result.
 *
 * @param {FullRecord} record
 */
function seenDigits({ seen, result }) {
  if (!seen || seen.length !== result.length * PIXELS || !/^\d+$/.test(result)) return [];
  return Array.from({ length: result.length }, (_, at) => seen.slice(at * PIXELS, (at + 1) * PIXELS));
}
