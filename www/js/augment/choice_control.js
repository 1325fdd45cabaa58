import { make } from "../ui/make.js";

/** Words that stand side by side when there are few and they are short. */
const MOST_SEGMENTS = 3;
const MOST_LETTERS = 24;

let groups = 0;

/** One word of a few: segments, or a list to open. */
export class ChoiceControl {
  root;
  /** @type {HTMLInputElement[]} */
  #radios = [];
  /** @type {HTMLSelectElement | null} */
  #select = null;

  /**
   * @param {readonly string[]} values
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor(values, { label, describedBy, edited }, signal) {
    if (values.length <= MOST_SEGMENTS && values.join("").length <= MOST_LETTERS) {
      const name = `augment-choice-${++groups}`;
      this.#radios = values.map((value) => make("input", { class: "segment__input", type: "radio", name, value }));
      const segments = this.#radios.map((radio) =>
        make("label", { class: "segment" }, radio, make("span", { class: "segment__face" }, inWords(radio.value))),
      );
      this.root = make("div", { class: "segments", role: "radiogroup", "aria-label": label, "aria-describedby": describedBy }, ...segments);
      for (const radio of this.#radios) radio.addEventListener("change", () => edited(radio.value), { signal });
      return;
    }
    const select = (this.#select = selectOf(values, label, describedBy));
    this.root = select;
    select.addEventListener("change", () => edited(select.value), { signal });
  }

  /** @param {unknown} value A word that is none of them is shown as it is, so that it is refused by name. */
  set value(value) {
    const word = String(value);
    for (const radio of this.#radios) radio.checked = radio.value === word;
    if (this.#select) choose(this.#select, word);
  }

  get inputs() {
    return this.#select ? [this.#select] : this.#radios;
  }
}

/** On or off. */
export class BooleanControl {
  root;
  #input;

  /**
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor({ label, describedBy, edited }, signal) {
    const input = (this.#input = make("input", {
      class: "switch__input",
      type: "checkbox",
      role: "switch",
      "aria-label": label,
      "aria-describedby": describedBy,
    }));
    this.root = make("label", { class: "switch" }, input);
    input.addEventListener("change", () => edited(input.checked), { signal });
  }

  /** @param {unknown} value */
  set value(value) {
    this.#input.checked = value === true || value === 1 || value === "true" || value === "1";
  }

  get inputs() {
    return [this.#input];
  }
}

/** A word of a few for each of several names. */
export class ChoicesControl {
  root;
  #selects;
  #fallback;

  /**
   * @param {{ names: readonly string[], values: readonly string[], default?: unknown }} field
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor({ names, values, default: fallback }, { label, describedBy, edited }, signal) {
    this.#fallback = fallback;
    this.#selects = names.map((name) => ({ name, select: selectOf(values, `${label}, ${inWords(name)}`, describedBy) }));
    const tell = () => edited(Object.fromEntries(this.#selects.map(({ name, select }) => [name, select.value])));
    for (const { select } of this.#selects) select.addEventListener("change", tell, { signal });
    const parts = this.#selects.map(({ name, select }) =>
      make("div", { class: "parts-control__part" }, make("span", { class: "parts-control__name", "aria-hidden": "true" }, inWords(name)), select),
    );
    this.root = make("div", { class: "parts-control" }, ...parts);
  }

  /** @param {unknown} value */
  set value(value) {
    const words = /** @type {Record<string, unknown>} */ (value && typeof value === "object" ? value : {});
    for (const { name, select } of this.#selects) choose(select, String(words[name] ?? this.#fallback));
  }

  get inputs() {
    return this.#selects.map(({ select }) => select);
  }
}

/**
 * @param {readonly string[]} values
 * @param {string} label
 * @param {string} describedBy
 */
function selectOf(values, label, describedBy) {
  const options = values.map((value) => make("option", { value }, inWords(value)));
  return make("select", { class: "input select", "aria-label": label, "aria-describedby": describedBy }, ...options);
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} word
 */
function choose(select, word) {
  const known = [...select.options].some((option) => option.value === word);
  if (!known) select.append(make("option", { value: word }, word));
  select.value = word;
}

/**
 * A word of a program as people write it.
 *
 * @param {string} word
 */
export function inWords(word) {
  return word.replaceAll("_", " ");
}
