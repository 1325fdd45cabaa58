import { make } from "../ui/make.js";
import { inWords } from "./choice_control.js";
import { readNumber } from "./slider_scale.js";

const GREY = "grey";
const COLOUR = "colour";

/** A colour: a level for all channels, a level for each, or a word for how one is chosen. */
export class FillControl {
  root;
  #mode;
  #level;
  #picker;
  #numbers;
  #edited;
  /** @type {unknown} */
  #value = 0;

  /**
   * @param {{ kind: string, values?: readonly string[], nullable?: boolean }} field of the kind `rgb`, only a colour is taken
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor({ kind, values = [], nullable = false }, { label, describedBy, edited }, signal) {
    this.#edited = edited;
    const described = { "aria-describedby": describedBy };
    const choices = [
      ...(kind === "rgb" ? [] : [make("option", { value: GREY }, "One level")]),
      make("option", { value: COLOUR }, "Colour"),
      ...values.map((value) => make("option", { value: `word:${value}` }, inWords(value))),
      ...(nullable ? [make("option", { value: "null" }, "None given")] : []),
    ];
    this.#mode = make("select", { class: "input select", "aria-label": `${label}, kind`, ...described }, ...choices);
    this.#level = make("input", { class: "slider__input", type: "range", min: 0, max: 255, step: 1, "aria-label": `${label}, level`, ...described });
    this.#picker = make("input", { class: "fill-control__picker", type: "color", "aria-label": `${label}, colour`, ...described });
    this.#numbers = make("input", {
      class: "input input--number fill-control__numbers",
      type: "text",
      autocomplete: "off",
      "aria-label": `${label}, levels from 0 to 255, one for all channels or one for each with commas between`,
      ...described,
    });
    // With one choice there is nothing to choose.
    this.#mode.hidden = choices.length === 1;
    const wrapped = make("div", { class: "fill-control__slider" }, this.#level);
    this.root = make("div", { class: "fill-control" }, this.#mode, wrapped, this.#picker, this.#numbers);
    this.#mode.addEventListener("change", () => this.#choose(), { signal });
    this.#level.addEventListener("input", () => this.#take(this.#level.valueAsNumber), { signal });
    this.#picker.addEventListener("input", () => this.#take(this.#withAlpha(fromHex(this.#picker.value))), { signal });
    this.#numbers.addEventListener("input", () => this.#type(), { signal });
  }

  /** @param {unknown} value */
  set value(value) {
    this.#value = value;
    this.#mode.value = modeOf(value);
    if (this.#mode.selectedIndex < 0) this.#mode.selectedIndex = 0;
    this.#show();
    const text = [value].flat().join(", ");
    if (document.activeElement !== this.#numbers) this.#numbers.value = text;
  }

  get inputs() {
    return [this.#mode, this.#numbers];
  }

  #show() {
    const mode = this.#mode.value;
    this.root.dataset.mode = mode === GREY || mode === COLOUR ? mode : "word";
    if (typeof this.#value === "number") {
      this.#level.value = String(this.#value);
      this.root.style.setProperty("--to", String(Math.min(1, Math.max(0, this.#value / 255))));
    }
    const levels = [this.#value].flat();
    if (levels.every((level) => typeof level === "number")) this.#picker.value = toHex(levels);
  }

  #choose() {
    const mode = this.#mode.value;
    const levels = [this.#value].flat().filter((level) => typeof level === "number");
    if (mode === "null") this.#take(null);
    else if (mode === GREY) this.#take(Math.round(levels.reduce((sum, level) => sum + level, 0) / Math.max(1, levels.length)));
    else if (mode === COLOUR) this.#take(levels.length >= 3 ? levels : Array.from({ length: 3 }, () => levels[0] ?? 0));
    else this.#take(mode.slice("word:".length));
  }

  #type() {
    const levels = this.#numbers.value.split(",").map(readNumber);
    const value = levels.length === 1 ? levels[0] : levels;
    this.#value = value;
    this.#mode.value = modeOf(value);
    this.#show();
    this.#edited(value);
  }

  /** @param {unknown} value */
  #take(value) {
    this.value = value;
    this.#numbers.value = [value].flat().join(", ");
    this.#edited(value);
  }

  /** A fourth level is no part of what is picked, and stays. @param {number[]} colour */
  #withAlpha(colour) {
    const alpha = Array.isArray(this.#value) && this.#value.length === 4 ? [this.#value[3]] : [];
    return [...colour, ...alpha];
  }
}

/** @param {unknown} value */
function modeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return COLOUR;
  return typeof value === "string" ? `word:${value}` : GREY;
}

/** @param {string} hex */
function fromHex(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** @param {number[]} levels */
function toHex(levels) {
  const [red = 0, green = red, blue = red] = levels;
  const two = (/** @type {number} */ level) => Math.round(Math.min(255, Math.max(0, level))).toString(16).padStart(2, "0");
  return `#${two(red)}${two(green)}${two(blue)}`;
}
