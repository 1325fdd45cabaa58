import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { make } from "../ui/make.js";
import { shown } from "./curve_chart.js";

/** @typedef {import("./results.js").Results} Results */

/** All figures as a table: what the charts show, for those who do not see them or want the numbers. */
export class ResultsTable {
  #body = element("robustness-table-body", HTMLElement);
  #panel = element("robustness-table-panel", HTMLDetailsElement);
  /** @type {Results | null} */
  #results = null;

  /**
   * @param {import("../ui/settings.js").Settings} settings
   * @param {AbortSignal} signal
   */
  constructor(settings, signal) {
    settings.bindPanel(this.#panel, signal);
    this.#panel.addEventListener("toggle", () => this.#draw(), { signal });
  }

  /** @param {Results} results */
  show(results) {
    this.#results = results;
    this.#draw();
  }

  #draw() {
    // A closed panel is read by nobody.
    if (!this.#panel.open || !this.#results) return;
    const rows = this.#results.rows.map(({ curve, point, model, right, accuracy, low, high }) => {
      const cells = [curve.text(point.value), model, shown(accuracy), `${count(right)} of ${count(point.pictures)}`, `${shown(low)} to ${shown(high)}`];
      return make("tr", {}, make("th", { scope: "row" }, curve.title), ...cells.map((cell) => make("td", {}, cell)));
    });
    this.#body.replaceChildren(...rows);
  }
}
