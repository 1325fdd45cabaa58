import { reasonOf } from "../lab/errors.js";
import { ChoiceField } from "../ui/choice_field.js";
import { copyPicture } from "../ui/clipboard.js";
import { CountField } from "../ui/count_field.js";
import { element } from "../ui/elements.js";
import { PICTURE_TYPES } from "../lab/picture.js";
import { save } from "../ui/save.js";

/** @typedef {import("../lab/variants.js").FileKind} FileKind */

/** The bytes of the variant as a file: the one in the large view, downloaded or copied. */
export class TakeAlong {
  #make;
  #toasts;
  #format;
  #quality;

  /**
   * @param {object} options
   * @param {(kind: FileKind) => Promise<{ bytes: Uint8Array<ArrayBuffer>, name: string }>} options.make
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {AbortSignal} signal
   */
  constructor({ make, settings, toasts }, signal) {
    this.#make = make;
    this.#toasts = toasts;
    const changed = () => {
      settings.set("detail-format", this.#format.text);
      this.#quality.disabled = this.#format.text !== "jpeg";
      settings.set("detail-quality", this.#quality.value ?? 90);
    };
    this.#format = new ChoiceField(element("augment-detail-format", HTMLElement), changed, signal);
    this.#quality = new CountField(
      element("augment-detail-quality", HTMLInputElement),
      element("augment-detail-quality-error", HTMLElement),
      changed,
      signal,
    );
    this.#format.text = settings.get("detail-format", "png");
    this.#quality.text = String(settings.get("detail-quality", 90));
    this.#quality.disabled = this.#format.text !== "jpeg";
    element("augment-detail-download", HTMLButtonElement).addEventListener("click", () => this.#try(() => this.#download()), { signal });
    element("augment-detail-copy", HTMLButtonElement).addEventListener("click", () => this.#try(() => this.#copy()), { signal });
  }

  async #download() {
    const format = /** @type {FileKind["format"]} */ (this.#format.text);
    if (format === "jpeg" && this.#quality.value === null) return this.#quality.select();
    const { bytes, name } = await this.#make(format === "jpeg" ? { format, quality: this.#quality.value ?? 90 } : { format });
    save(new Blob([bytes], { type: PICTURE_TYPES[format] }), `${name}.${format === "jpeg" ? "jpg" : format}`);
  }

  async #copy() {
    await copyPicture(this.#make({ format: "png" }).then(({ bytes }) => new Blob([bytes], { type: "image/png" })));
    this.#toasts.show("Picture copied.");
  }

  /** @param {() => Promise<void>} action */
  async #try(action) {
    try {
      await action();
    } catch (error) {
      this.#toasts.show(reasonOf(error), "error");
    }
  }
}
