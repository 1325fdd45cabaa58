import { element } from "../ui/elements.js";
import { depthText, depthWords } from "./depth_text.js";

/** @typedef {import("./types.js").DepthWindow} DepthWindow */

/** The two boxes that say from which depth to which the picture goes, and set it. */
export class RangeBoxes {
  #from = element("frames-depth-min", HTMLInputElement);
  #to = element("frames-depth-max", HTMLInputElement);
  #error = element("frames-range-error", HTMLElement);
  #chosen;
  /** How often something was chosen. */
  #turn = 0;
  /** Whether the picture does not show yet what was chosen last. */
  #waiting = false;

  /**
   * @param {(window: DepthWindow) => Promise<string>} chosen answers with what is wrong about it, or nothing
   * @param {AbortSignal} signal
   */
  constructor(chosen, signal) {
    this.#chosen = chosen;
    for (const input of [this.#from, this.#to]) {
      input.addEventListener("change", () => void this.#apply(), { signal });
      input.addEventListener("keydown", (event) => this.#key(event), { signal });
      input.addEventListener("input", () => (input.dataset.typing = ""), { signal });
      // Whoever leaves what was there has not typed.
      input.addEventListener("blur", () => this.#error.textContent || delete input.dataset.typing, { signal });
    }
  }

  /**
   * Follows the picture; what is being typed stays, and so does what was chosen until the picture shows it.
   *
   * @param {number} from
   * @param {number} to
   */
  show(from, to) {
    if (this.#waiting || this.#error.textContent) return;
    for (const [input, depth] of /** @type {const} */ ([[this.#from, from], [this.#to, to]])) {
      const text = depthText(depth);
      if (input.dataset.typing === undefined && input.value !== text) input.value = text;
    }
  }

  /** The picture is moved by other means: what was wrong is over. */
  forget() {
    if (!this.#error.textContent) return;
    this.#fail("", []);
    for (const input of [this.#from, this.#to]) if (input !== document.activeElement) delete input.dataset.typing;
  }

  /** @param {DepthWindow} info the whole log, for messages */
  set whole({ depth_min, depth_max }) {
    this.#fail("", []);
    this.#from.placeholder = depth_min === undefined ? "" : depthText(depth_min);
    this.#to.placeholder = depth_max === undefined ? "" : depthText(depth_max);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter") void this.#apply();
    if (event.key === "Escape") {
      this.#fail("", []);
      for (const each of [this.#from, this.#to]) delete each.dataset.typing;
    }
  }

  async #apply() {
    /** @type {DepthWindow} */
    const window = {};
    for (const [input, name] of /** @type {const} */ ([[this.#from, "depth_min"], [this.#to, "depth_max"]])) {
      const text = input.value.trim();
      if (text === "") continue;
      const depth = depthOf(text);
      if (depth === null) {
        const said = text.length > 40 ? `${text.slice(0, 40)}…` : text;
        return this.#fail(`${name} is “${said}”; allowed: a number such as ${input.placeholder || "9000.5"}, or nothing for no limit.`, [input]);
      }
      window[name] = depth;
    }
    for (const input of [this.#from, this.#to]) delete input.dataset.typing;
    const turn = ++this.#turn;
    this.#waiting = true;
    const wrong = await this.#chosen(window);
    if (turn !== this.#turn) return;
    this.#waiting = false;
    this.#fail(wrong, wrong ? [this.#from, this.#to] : []);
  }

  /**
   * @param {string} message
   * @param {HTMLInputElement[]} inputs
   */
  #fail(message, inputs) {
    this.#error.textContent = message;
    for (const input of [this.#from, this.#to]) {
      if (inputs.includes(input)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
}

/**
 * @param {string} text
 * @returns {number | null}
 */
export function depthOf(text) {
  // Thousands may be set apart, as they are shown.
  const plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
  const depth = plain.trim() === "" ? NaN : Number(plain);
  return Number.isFinite(depth) && /^[-+.\deE]+$/.test(plain) ? depth : null;
}

/**
 * @param {DepthWindow} window
 * @param {{ depth_min: number, depth_max: number }} log
 */
export function nothingBetween({ depth_min, depth_max }, log) {
  const has = `this log goes from ${depthWords(log.depth_min)} to ${depthWords(log.depth_max)}.`;
  if (depth_min !== undefined && depth_max !== undefined && depth_min > depth_max) {
    return `depth_min is ${depthWords(depth_min)} and depth_max is ${depthWords(depth_max)}; depth_min must not be above depth_max; ${has}`;
  }
  const parts = [];
  if (depth_min !== undefined) parts.push(`depth_min is ${depthWords(depth_min)}`);
  if (depth_max !== undefined) parts.push(`depth_max is ${depthWords(depth_max)}`);
  return `${parts.join(" and ")}, and no row lies there; ${has}`;
}
