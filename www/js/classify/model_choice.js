import { element } from "../ui/elements.js";
import { bytes, count } from "../ui/format.js";
import { make } from "../ui/make.js";

/** @typedef {Awaited<ReturnType<import("../lab/digitlab.js").Digitlab["models"]["list"]>>[number]} ModelCard */

/** The models there are, to choose one. */
export class ModelChoice {
  #root = element("classify-models", HTMLElement);
  #error = element("classify-models-error", HTMLElement);
  #lab;
  #chosen;
  #signal;
  #name = "default";

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {(name: string) => void} options.chosen
   * @param {AbortSignal} signal
   */
  constructor({ lab, chosen }, signal) {
    this.#lab = lab;
    this.#chosen = chosen;
    this.#signal = signal;
  }

  get name() {
    return this.#name;
  }

  set name(name) {
    this.#name = name;
    this.#mark();
  }

  /** Shows what there is to choose from. */
  async show() {
    if (this.#root.querySelector("input")) return;
    try {
      const cards = await this.#lab.models.list();
      this.#error.textContent = "";
      this.#root.replaceChildren(...cards.map((card) => this.#item(card, cards)));
      this.#mark();
    } catch (error) {
      this.#error.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * @param {ModelCard} card
   * @param {readonly ModelCard[]} all
   */
  #item(card, all) {
    const { name, title, parameters, accuracy } = card;
    const id = `classify-model-${name}`;
    const said = { "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-facts` };
    const input = make("input", { class: "model__input", type: "radio", name: "classify-model", id, value: name, ...said });
    input.addEventListener("change", () => this.#choose(name), { signal: this.#signal });
    const { right, pictures } = accuracy.test;
    const tested = `${((100 * right) / pictures).toFixed(2)} % right on ${count(pictures)} test pictures`;
    const facts = make(
      "span",
      { class: "model__facts", id: `${id}-facts` },
      make("span", {}, `${tested}.`),
      make("span", {}, `${bytes(card.bytes)}, ${count(parameters)} parameters. ${goodFor(card, all)}`.trim()),
    );
    return make("label", { class: "model", for: id }, input, make("span", { class: "model__name", id: `${id}-name` }, title), facts);
  }

  /** @param {string} name */
  #choose(name) {
    this.#name = name;
    this.#chosen(name);
  }

  #mark() {
    for (const input of this.#root.querySelectorAll("input")) input.checked = input.value === this.#name;
  }
}

/**
 * @param {ModelCard} card
 * @param {readonly ModelCard[]} all
 */
function goodFor(card, all) {
  if (all.length < 2) return "";
  const best = Math.max(...all.map(({ accuracy: { test } }) => test.right / test.pictures));
  if (card.accuracy.test.right / card.accuracy.test.pictures === best) return "The most accurate.";
  if (card.bytes === Math.min(...all.map(({ bytes }) => bytes))) return "The smallest, for slow connections.";
  return "";
}
