import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { roveTo } from "../ui/roving.js";

/**
 * @typedef {object} Asked The digit that is looked at.
 * @property {number} read
 * @property {number} at
 * @property {number} of how many there are
 * @property {number | null} right what it was corrected to
 */

/** Under the answer: the right digit, when the answer is wrong. */
export class Correction {
  #root = element("classify-correction", HTMLElement);
  #title = element("classify-correction-title", HTMLElement);
  #said = element("classify-correction-said", HTMLElement);
  #teach = element("classify-correction-teach", HTMLButtonElement);
  #given;
  /** @type {HTMLButtonElement[]} */
  #buttons;
  #isAsked = false;

  /**
   * @param {object} options
   * @param {(digit: number) => void} options.given
   * @param {() => void} options.teach called when the person wants to go on to teaching
   * @param {AbortSignal} signal
   */
  constructor({ given, teach }, signal) {
    this.#given = given;
    this.#buttons = Array.from({ length: 10 }, (_, digit) => {
      const button = make("button", { type: "button", class: "correction__digit", tabindex: digit === 0 ? "0" : "-1", "aria-pressed": "false" }, String(digit));
      button.addEventListener("click", () => this.#give(digit), { signal });
      return button;
    });
    const digits = element("classify-correction-digits", HTMLElement);
    digits.replaceChildren(...this.#buttons);
    digits.addEventListener("keydown", (event) => this.#key(event), { signal });
    for (const place of [digits, element("classify-pad", HTMLElement)]) {
      place.addEventListener("keydown", (event) => this.#digitKey(event), { signal });
    }
    this.#teach.addEventListener("click", teach, { signal });
    this.show(null);
  }

  /** @param {Asked | null} asked null while there is no answer */
  show(asked) {
    this.#isAsked = asked !== null;
    this.#root.toggleAttribute("data-empty", !asked);
    const which = asked && asked.of > 1 ? `Digit ${asked.at + 1} of ${asked.of}, read as ${asked.read}: wrong?` : "Wrong?";
    this.#title.textContent = `${which} Give the right digit.`;
    for (const [digit, button] of this.#buttons.entries()) {
      const right = asked?.right === digit;
      // Disabled, a button would lose the focus with every stroke.
      button.setAttribute("aria-disabled", String(!asked));
      button.setAttribute("aria-pressed", String(right));
      button.setAttribute("aria-label", digit === asked?.read ? `${digit}, as it was read` : String(digit));
      button.toggleAttribute("data-read", digit === asked?.read);
    }
  }

  /**
   * @param {string} text
   * @param {boolean} [teachable] whether there is something to teach
   */
  say(text, teachable = false) {
    this.#said.textContent = text;
    this.#teach.hidden = !teachable;
  }

  /** @param {number} digit */
  #give(digit) {
    if (this.#isAsked) this.#given(digit);
  }

  /** @param {KeyboardEvent} event */
  #digitKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key) || !this.#isAsked) return;
    event.preventDefault();
    this.#give(Number(event.key));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#buttons.findIndex((button) => button === event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: 9 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    roveTo(this.#buttons, to);
  }
}
