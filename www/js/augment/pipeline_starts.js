import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** @typedef {{ name: string, help: string }} Preset */

/** The presets an empty pipeline is begun with, and what people call them. */
const STARTS = [
  { name: "seed", title: "Mild" },
  { name: "visible", title: "Visible" },
  { name: "strong", title: "Strong" },
];

/** What a pipeline can be begun with: a menu of all presets, and large buttons of some where there is nothing yet. */
export class PipelineStarts {
  #menu = element("augment-builder-presets", HTMLSelectElement);
  #buttons = element("augment-builder-starts", HTMLElement);
  #chosen;
  #signal;

  /**
   * @param {(preset: string) => void} chosen
   * @param {AbortSignal} signal
   */
  constructor(chosen, signal) {
    this.#chosen = chosen;
    this.#signal = signal;
    const take = () => {
      const preset = this.#menu.value;
      this.#menu.value = "";
      if (preset) chosen(preset);
    };
    this.#menu.addEventListener("change", take, { signal });
  }

  /** @param {Preset[]} presets those of the engine */
  set presets(presets) {
    const starts = STARTS.flatMap(({ name }) => presets.filter((preset) => preset.name === name));
    const others = presets.filter((preset) => !starts.includes(preset));
    this.#menu.append(...[...starts, ...others].map(({ name, help }) => make("option", { value: name, title: help }, titleOf(name))));
    this.#buttons.replaceChildren(...starts.map((preset) => make("li", {}, this.#button(preset))));
  }

  /** @param {Preset} preset */
  #button({ name, help }) {
    const parts = [make("strong", {}, titleOf(name)), make("span", {}, help)];
    const button = make("button", { class: "augment-builder__start", type: "button", "data-preset": name }, ...parts);
    button.addEventListener("click", () => this.#chosen(name), { signal: this.#signal });
    return button;
  }
}

/** @param {string} preset */
export function titleOf(preset) {
  const start = STARTS.find(({ name }) => name === preset);
  const words = preset === "fliplr" ? "flip" : preset.replaceAll("_", " ");
  return start?.title ?? words.charAt(0).toUpperCase() + words.slice(1);
}
