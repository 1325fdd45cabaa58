import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** @typedef {import("./types.js").Strengths} Strengths */

/** What somebody who comes for the first time is shown. */
const USUAL = ["Rotate", "ShiftScaleRotate.right", "ShiftScaleRotate.smaller", "ElasticTransform", "GaussianBlur", "GaussNoise"];

/** Which transforms are to be tried, by family. */
export class CurveChoice {
  #root = element("robustness-curves", HTMLElement);
  #summary = element("robustness-curves-summary", HTMLElement);
  #changed;
  /** @type {Map<string, HTMLInputElement>} */
  #inputs = new Map();

  /**
   * @param {() => void} changed
   * @param {AbortSignal} signal
   */
  constructor(changed, signal) {
    this.#changed = changed;
    const press = (/** @type {string} */ id, /** @type {() => string[]} */ names) =>
      element(id, HTMLButtonElement).addEventListener("click", () => ((this.chosen = names()), changed()), { signal });
    press("robustness-curves-all", () => [...this.#inputs.keys()]);
    press("robustness-curves-none", () => []);
    press("robustness-curves-usual", () => USUAL);
    this.#root.addEventListener("change", () => (this.#tell(), this.#changed()), { signal });
  }

  /** @param {readonly Strengths[]} strengths what there is to choose from */
  fill(strengths) {
    const families = [...new Set(strengths.map(({ family }) => family))];
    const groups = families.map((family) => {
      const items = strengths.filter((path) => path.family === family).map(({ name, title }) => this.#item(name, title));
      const legend = make("legend", { class: "curves__family" }, `${family.charAt(0).toUpperCase()}${family.slice(1)}`);
      return make("fieldset", { class: "curves__group" }, legend, make("div", { class: "curves__items" }, ...items));
    });
    this.#root.replaceChildren(...groups);
    this.chosen = USUAL;
  }

  /** @returns {string[]} */
  get chosen() {
    return [...this.#inputs].filter(([, input]) => input.checked).map(([name]) => name);
  }

  set chosen(names) {
    for (const [name, input] of this.#inputs) input.checked = names.includes(name);
    this.#tell();
  }

  /**
   * @param {string} name
   * @param {string} title
   */
  #item(name, title) {
    const input = make("input", { class: "chip__input", type: "checkbox", value: name });
    this.#inputs.set(name, input);
    return make("label", { class: "chip" }, input, make("span", { class: "chip__face" }, title));
  }

  #tell() {
    this.#summary.textContent = `${this.chosen.length} of ${this.#inputs.size}`;
  }
}
