/** Each digit of the picture as a row, for reading and for screen readers. */
export class DigitTable {
  #body;

  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.#body = /** @type {HTMLTableSectionElement} */ (table.tBodies[0]);
  }

  /** @param {import("../lab/digitlab.js").Sequence | null} sequence */
  show(sequence) {
    this.#body.replaceChildren(
      ...(sequence?.digits ?? []).map(({ digit, split, index, x, width }) => {
        const row = document.createElement("tr");
        for (const value of [digit, split, index, x.toFixed(1), width.toFixed(1)]) {
          row.insertCell().textContent = String(value);
        }
        return row;
      }),
    );
  }
}
