import { element } from "../ui/elements.js";
import { stepsInWords } from "../ui/steps.js";

/** Each digit of the picture as a row, for reading and for screen readers. */
export class DigitTable {
  #body;
  #steps = element("digits-steps", HTMLElement);

  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.#body = /** @type {HTMLTableSectionElement} */ (table.tBodies[0]);
  }

  /** @param {import("../lab/digitlab.js").Sequence | null} sequence */
  show(sequence) {
    const steps = sequence?.augmentation;
    this.#steps.hidden = !steps;
    this.#body.replaceChildren(
      ...(sequence?.digits ?? []).map(({ digit, split, index, x, width }, at) => {
        const row = document.createElement("tr");
        const cells = [digit, split, index, x.toFixed(1), width.toFixed(1)];
        for (const value of steps ? [...cells, stepsInWords(steps[at])] : cells) {
          row.insertCell().textContent = String(value);
        }
        return row;
      }),
    );
  }
}
