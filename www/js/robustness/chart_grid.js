import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { CurveChart } from "./curve_chart.js";

/** @typedef {import("./results.js").Results} Results */
/** @typedef {import("./types.js").Curve} Curve */

/** Letters of a model's name in the legend. */
const NAME = 40;

/** A chart for each curve, all of one size, and what their lines mean. */
export class ChartGrid {
  #root = element("robustness-charts", HTMLElement);
  #legend = element("robustness-legend", HTMLElement);
  #open;
  #signal;
  /** @type {CurveChart[]} */
  #charts = [];
  /** Ends the listeners of the charts of before. */
  #listening = new AbortController();

  /**
   * @param {(curve: Curve, chosen: import("./curve_chart.js").Chosen) => void} open called when a point is chosen
   * @param {AbortSignal} signal
   */
  constructor(open, signal) {
    this.#open = open;
    this.#signal = signal;
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(this.#root);
    signal.addEventListener("abort", () => resize.disconnect());
  }

  /** How many charts stand side by side. */
  get columns() {
    return getComputedStyle(this.#root).gridTemplateColumns.split(" ").length;
  }

  /** What is drawn, for a picture of it. */
  get drawings() {
    return this.#charts.map(({ curve, drawing }) => ({ title: curve.title, drawing }));
  }

  /** @param {Results} results what there is to be shown, curve by curve */
  begin(results) {
    this.#listening.abort();
    this.#listening = new AbortController();
    const signal = AbortSignal.any([this.#listening.signal, this.#signal]);
    this.#charts = results.curves.map((curve) => new CurveChart(curve, (chosen) => this.#open(curve, chosen), signal));
    this.#root.replaceChildren(...this.#charts.map(({ root }) => root));
    this.#legend.replaceChildren(
      ...results.asked.models.map((model, at) => key(`line-${at + 1}`, model.slice(0, NAME))),
      key("band", "95 % interval"),
      key("guess", "guessing, 10 %"),
    );
    this.#measure();
    this.show(results);
  }

  /**
   * @param {Results} results
   * @param {string} [name] the one curve that has changed; left out, all may have
   */
  show(results, name) {
    for (const chart of this.#charts) if (name === undefined || name === "none" || chart.curve.name === name) chart.show(results);
  }

  /**
   * @param {Curve} curve
   * @param {number} at
   * @param {number} model
   */
  focus(curve, at, model) {
    this.#charts.find((chart) => chart.curve === curve)?.focus(at, model);
  }

  #measure() {
    const [first] = this.#charts;
    if (!first) return;
    const style = getComputedStyle(first.root);
    const inner = first.root.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    if (inner > 0) for (const chart of this.#charts) chart.width = Math.floor(inner);
  }
}

/**
 * @param {string} kind
 * @param {string} text
 */
function key(kind, text) {
  return make("li", { class: "legend__item" }, make("span", { class: "legend__mark", "data-kind": kind, "aria-hidden": "true" }), text);
}
