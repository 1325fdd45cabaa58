import { element } from "../ui/elements.js";
import { SequenceCanvas } from "./sequence_canvas.js";

/** The plain picture below the augmented one: the same digits as they were. */
export class PlainStrip {
  #root = element("plain", HTMLElement);
  #canvas = new SequenceCanvas(element("plain-picture", HTMLElement));
  #toggle = element("compare", HTMLInputElement);

  /**
   * @param {object} options
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {() => void} options.changed
   * @param {AbortSignal} signal
   */
  constructor({ settings, changed }, signal) {
    this.#toggle.checked = settings.get("compare", true);
    const change = () => {
      settings.set("compare", this.#toggle.checked);
      changed();
    };
    this.#toggle.addEventListener("change", change, { signal });
  }

  /** Whether the person wants to compare. */
  get wanted() {
    return this.#toggle.checked;
  }

  /**
   * @param {import("../lab/digitlab.js").Sequence | null} sequence
   * @param {number} [scale] CSS pixels a pixel of the picture, as in the picture above
   */
  show(sequence, scale = 1) {
    this.#root.hidden = sequence === null;
    if (!sequence) return this.#canvas.clear();
    this.#canvas.show(sequence);
    this.#canvas.scale = scale;
    this.#root.dataset.label = sequence.label;
    this.#root.dataset.width = String(sequence.width);
  }
}
