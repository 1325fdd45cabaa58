import { reasonOf } from "../lab/errors.js";
import { Latest } from "../ui/latest.js";
import { Overlay } from "./overlay.js";

/** @typedef {import("./detail.js").Overlaid} Overlaid */

/** Draws what goes along with the picture over a variant of it: it follows by the variant's own record. */
export class Overlays {
  #lab;
  #companions;
  #status;
  #latest = new Latest();
  /** @type {WeakMap<HTMLElement, Overlay>} */
  #made = new WeakMap();
  /** @type {{ slot: HTMLElement, shown: Overlaid } | null} */
  #last = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("./companions_field.js").CompanionsField} options.companions
   * @param {import("../ui/status.js").Status} options.status
   * @param {AbortSignal} signal
   */
  constructor({ lab, companions, status }, signal) {
    this.#lab = lab;
    this.#companions = companions;
    this.#status = status;
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /**
   * @param {HTMLElement} slot lies over the variant
   * @param {Overlaid} shown null clears it
   */
  async show(slot, shown) {
    this.#last = { slot, shown };
    const overlay = this.#in(slot);
    const { value, overlaid } = this.#companions;
    if (!shown || !overlaid || (!value.mask && !value.boxes)) {
      this.#latest.cancel();
      overlay.clear();
      return;
    }
    try {
      const { source, record, width, height } = shown;
      const made = await this.#latest.run((signal) => this.#lab.replay(source.picture, record, { ...value, signal }));
      if (made) overlay.show({ width, height, mask: made.mask, boxes: made.boxes });
    } catch (error) {
      overlay.clear();
      this.#status.say(`Mask and boxes are not drawn: ${reasonOf(error)}`);
    }
  }

  /** Draws again, with other companions. */
  refresh() {
    if (this.#last) void this.show(this.#last.slot, this.#last.shown);
  }

  /** @param {HTMLElement} slot */
  #in(slot) {
    const known = this.#made.get(slot);
    if (known) return known;
    const root = document.createElement("div");
    slot.append(root);
    const overlay = new Overlay(root);
    this.#made.set(slot, overlay);
    return overlay;
  }
}
