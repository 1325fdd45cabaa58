import { make } from "../ui/make.js";

/** @typedef {import("./types.js").AnsweredDigit} AnsweredDigit */

/** Boxes over the picture: where each digit was found. The answer's own buttons say the same to those who do not see them. */
export class DigitBoxes {
  #root;
  /** @type {HTMLElement[]} */
  #boxes = [];

  /**
   * @param {HTMLElement} root lies over the picture, as large as it
   * @param {(at: number) => void} chosen
   * @param {AbortSignal} signal
   */
  constructor(root, chosen, signal) {
    this.#root = root;
    root.addEventListener("click", (event) => chosen(this.#boxes.findIndex((box) => box === event.target)), { signal });
  }

  /**
   * @param {readonly AnsweredDigit[]} digits
   * @param {{ width: number, height: number }} size of the picture
   * @param {number} chosen
   */
  show(digits, { width, height }, chosen) {
    while (this.#boxes.length > digits.length) this.#boxes.pop()?.remove();
    while (this.#boxes.length < digits.length) {
      const box = make("div", { class: "found" });
      this.#boxes.push(box);
      this.#root.append(box);
    }
    for (const [at, { digit, box: where }] of digits.entries()) {
      const box = this.#boxes[at];
      if (!box) continue;
      const places = { x: where.x / width, y: where.y / height, width: where.width / width, height: where.height / height };
      for (const [name, share] of Object.entries(places)) box.style.setProperty(`--${name}`, `${100 * share}%`);
      box.dataset.digit = String(digit);
      box.toggleAttribute("data-chosen", at === chosen && digits.length > 1);
    }
  }

  /** @param {number} at */
  choose(at) {
    for (const [place, box] of this.#boxes.entries()) box.toggleAttribute("data-chosen", place === at && this.#boxes.length > 1);
  }

  clear() {
    this.show([], { width: 1, height: 1 }, 0);
  }
}
