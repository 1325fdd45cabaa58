import { make } from "../ui/make.js";

const CLASSES = 10;

/** How often each digit was taken for each. */
export class ConfusionTable {
  #cells;

  /** @param {HTMLTableElement} table */
  constructor(table) {
    const digits = Array.from({ length: CLASSES }, (_, digit) => String(digit));
    const head = make("tr", {}, make("th", { scope: "col" }, "Digit"), ...digits.map((digit) => make("th", { scope: "col" }, digit)), make("th", { scope: "col" }, "Right"));
    table.tHead?.replaceChildren(head);
    this.#cells = digits.map(() => Array.from({ length: CLASSES + 1 }, () => make("td")));
    table.tBodies[0]?.replaceChildren(...this.#cells.map((cells, digit) => make("tr", {}, make("th", { scope: "row" }, String(digit)), ...cells)));
    this.show(new Array(CLASSES * CLASSES).fill(0));
  }

  /** @param {readonly number[]} confusion a hundred numbers, by digit and answer */
  show(confusion) {
    for (const [digit, cells] of this.#cells.entries()) {
      const row = confusion.slice(digit * CLASSES, (digit + 1) * CLASSES);
      const all = row.reduce((sum, times) => sum + times, 0);
      const mistakes = Math.max(1, ...row.filter((_, answer) => answer !== digit));
      for (const [answer, times] of row.entries()) {
        const cell = /** @type {HTMLElement} */ (cells[answer]);
        cell.textContent = times === 0 ? "·" : String(times);
        cell.dataset.kind = answer === digit ? "right" : times > 0 ? "wrong" : "none";
        cell.style.setProperty("--share", String(answer === digit ? 0 : times / mistakes));
      }
      const share = /** @type {HTMLElement} */ (cells[CLASSES]);
      share.textContent = all > 0 ? `${((100 * (row[digit] ?? 0)) / all).toFixed(1)} %` : "–";
    }
  }
}
