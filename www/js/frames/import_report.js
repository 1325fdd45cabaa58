import { element, hideFrom } from "../ui/elements.js";
import { bytes, count, counted, duration } from "../ui/format.js";
import { make } from "../ui/make.js";
import { depthText, depthWords, valueText } from "./depth_text.js";

/** @typedef {import("./types.js").LogInfo} LogInfo */

/** @type {Record<string, string>} */
const REASONS = {
  empty: "every cell is empty",
  missing: "a cell is missing",
  not_a_number: "a cell is not a number",
  not_finite: "a number is not finite",
  cell_count: "too many or too few cells",
  header: "another header",
  equal_depth: "the depth is there already",
};
/** @type {Record<string, string>} */
const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab" };

/** What an import read, kept and dropped: shown after it, and again on demand. */
export class ImportReport {
  #root = element("frames-report", HTMLElement);
  #button = element("frames-report-show", HTMLButtonElement);
  #facts = element("frames-report-facts", HTMLElement);
  #dropped = element("frames-report-dropped", HTMLElement);
  #notes = element("frames-report-notes", HTMLElement);
  #problems = element("frames-report-problems", HTMLElement);
  #lines = element("frames-report-lines", HTMLElement);
  #more = element("frames-report-more", HTMLElement);

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#button.addEventListener("click", () => this.#toggle(this.#root.hidden !== false), { signal });
    element("frames-report-close", HTMLButtonElement).addEventListener("click", () => this.#toggle(false), { signal });
  }

  /**
   * @param {LogInfo | null} info
   * @param {boolean} open
   */
  show(info, open) {
    const report = info?.report;
    this.#button.hidden = !report;
    if (info && report) this.#fill(info, report);
    this.#toggle(Boolean(report) && open);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) this.#root.hidden = false;
    else hideFrom(this.#root, this.#button);
  }

  /**
   * @param {LogInfo} info
   * @param {import("./types.js").Report} report
   */
  #fill(info, report) {
    const { depths, values, layout } = report;
    const dropped = Object.entries(report.dropped).filter(([, rows]) => Number(rows) > 0);
    const total = dropped.reduce((sum, [, rows]) => sum + Number(rows), 0);
    const packed = layout.gzip ? `, ${bytes(report.text_bytes)} unpacked` : "";
    /** @type {[string, string][]} */
    const facts = [
      ["Rows read", count(report.rows_read)],
      ["Rows kept", count(report.rows_kept)],
      ["Rows dropped", count(total)],
      ["Depths", `${depthWords(depths.min)} to ${depthWords(depths.max)}`],
      ["Step", stepWords(depths)],
      ["Order", depths.in_order ? "increasing" : "sorted on import"],
      ["Values", `${valueText(values.min)} to ${valueText(values.max)}`],
      ["Columns", `${count(info.resampling.from)} → ${count(info.width)}, ${info.resampling.method}`],
      ["Cells", `${DELIMITERS[layout.delimiter] ?? layout.delimiter}, depth is column ${layout.depth_position}`],
      ["File", bytes(report.bytes) + packed],
      ["Time", report.elapsed === null || report.elapsed === undefined ? "not measured" : duration(report.elapsed)],
      ["Imported", new Date(info.created).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })],
    ];
    this.#facts.replaceChildren(...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { title: value }, value))));
    this.#dropped.replaceChildren(...dropped.map(([reason, rows]) => make("li", {}, `${counted(Number(rows), "row")} dropped: ${REASONS[reason] ?? reason}.`)));
    this.#dropped.hidden = dropped.length === 0;
    this.#notes.replaceChildren(...report.notes.map((note) => make("li", {}, note)));
    this.#notes.hidden = report.notes.length === 0;
    const { problems } = report;
    this.#problems.hidden = problems.length === 0;
    this.#lines.replaceChildren(
      ...problems.map(({ line, column, message }) =>
        make("tr", {}, make("td", {}, line === null ? "–" : String(line)), make("td", {}, column === null ? "–" : String(column)), make("td", {}, message)),
      ),
    );
    const hidden = report.problem_count - problems.length;
    this.#more.textContent = hidden > 0 ? `${count(hidden)} more are counted above and not listed.` : "";
  }
}

/** @param {{ step: number | null, smallest_step: number | null, largest_step: number | null }} depths */
function stepWords({ step, smallest_step: least, largest_step: most }) {
  if (step === null || step === undefined) return "one row only";
  const usual = depthText(Number(step.toPrecision(4)));
  const uneven = least !== null && most !== null && most > 1.05 * least;
  return uneven ? `${usual}, from ${depthText(Number(least.toPrecision(3)))} to ${depthText(Number(most.toPrecision(3)))}` : usual;
}
