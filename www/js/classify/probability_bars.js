import { make } from "../ui/make.js";
import { percent } from "./percent.js";

/** The ten probabilities of a digit, as a table with bars. */
export class ProbabilityBars {
  #rows;
  #caption;

  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.#caption = /** @type {HTMLElement} */ (table.querySelector("caption"));
    this.#rows = Array.from({ length: 10 }, (_, digit) => {
      const bar = make("div", { class: "bars__bar" });
      const value = make("td", { class: "bars__value" });
      const head = make("th", { scope: "row", class: "bars__digit" }, String(digit));
      const row = make("tr", { class: "bars__row" }, head, make("td", { class: "bars__track", "aria-hidden": "true" }, bar), value);
      return { row, bar, value };
    });
    table.tBodies[0]?.replaceChildren(...this.#rows.map(({ row }) => row));
    this.show(null, this.#caption.textContent ?? "");
  }

  /**
   * @param {readonly number[] | null} probabilities null while there is no answer
   * @param {string} caption
   */
  show(probabilities, caption) {
    this.#caption.textContent = caption;
    const most = probabilities ? Math.max(...probabilities) : NaN;
    for (const [digit, { row, bar, value }] of this.#rows.entries()) {
      const probability = probabilities?.[digit] ?? 0;
      bar.style.setProperty("--share", String(probability));
      value.textContent = probabilities ? percent(probability) : "–";
      row.toggleAttribute("data-most", probability === most);
    }
  }
}
