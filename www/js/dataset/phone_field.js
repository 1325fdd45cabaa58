import { Field } from "../ui/field.js";
import { make } from "../ui/make.js";

/** @typedef {import("./types.js").DatasetDescription["phones"][number]} Phone */

/** Styles of phone numbers, each with its pattern. */
export class PhoneField extends Field {
  #root;
  #signal;
  #text = "us";
  /** @type {Phone[]} */
  #phones = [];

  /**
   * @param {HTMLElement} root
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(root, edited, signal) {
    super(root, edited);
    this.#root = root;
    this.#signal = signal;
  }

  get text() {
    return this.#text;
  }

  set text(text) {
    this.#text = text;
    for (const input of this.#root.querySelectorAll("input")) input.checked = input.value === text;
  }

  get initial() {
    return "us";
  }

  /** The patterns of the chosen style; none while they are not known. */
  get patterns() {
    return this.#phones.find(({ name }) => name === this.#text)?.patterns ?? [];
  }

  /** @param {Phone[]} phones */
  fill(phones) {
    this.#phones = phones;
    this.#root.replaceChildren(...phones.map((phone) => this.#option(phone)));
    this.text = this.#text;
  }

  /** @param {Phone} phone */
  #option({ name, label, patterns }) {
    const input = make("input", { class: "format__input", type: "radio", name: "dataset-phone", id: `dataset-phone-${name}`, value: name });
    const choose = () => {
      this.#text = name;
      this.edited();
    };
    input.addEventListener("change", choose, { signal: this.#signal });
    const pattern = patterns[0] ?? "";
    const face = make(
      "span",
      { class: "format__face" },
      make("b", { class: "format__title" }, label),
      make("span", { class: "format__text phones__number" }, exampleOf(pattern)),
      make("span", { class: "format__text phones__pattern" }, patterns.length > 1 ? `${pattern} and alike` : pattern),
    );
    return make("label", { class: "format" }, input, face);
  }
}

/** Digits that no reader takes for a real number. */
const DIGITS = "5550123456789";

/**
 * A number that a pattern allows.
 *
 * @param {string} pattern
 */
function exampleOf(pattern) {
  let at = 0;
  return pattern.replace(/#|\[(\d)[^\]]*\]/g, (_, first) => first ?? DIGITS[at++ % DIGITS.length]);
}
