import { reasonOf } from "../lab/errors.js";
import { settingsInWords } from "../lab/model_settings.js";
import { element } from "../ui/elements.js";
import { bytes, count } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { make } from "../ui/make.js";
import { ProgressBar } from "../ui/progress.js";

/** @typedef {import("../lab/digitlab.js").ModelCard} ModelCard */
/** @typedef {import("../lab/model_inspection.js").Candidate} Candidate */
/** @typedef {import("../lab/model_inspection.js").Inspection} Inspection */
/** @typedef {import("../lab/model_settings.js").ModelSettings} ModelSettings */

const KEYS = /** @type {const} */ (["ink", "paper", "mean", "std"]);

/** Looks at an ONNX file with the person, and keeps it. */
export class OwnModelPanel {
  #root = element("classify-own", HTMLElement);
  #file = element("classify-own-file", HTMLInputElement);
  #refusal = element("classify-own-refusal", HTMLElement);
  #refusalText = element("classify-own-refusal-text", HTMLElement);
  #found = element("classify-own-found", HTMLElement);
  #facts = element("classify-own-facts", HTMLElement);
  #list = element("classify-own-list", HTMLElement);
  #warnings = element("classify-own-warnings", HTMLElement);
  #title = element("classify-own-title", HTMLInputElement);
  #error = element("classify-own-error", HTMLElement);
  #otherError = element("classify-own-other-error", HTMLElement);
  #progress;
  #latest = new Latest();
  #lab;
  #added;
  #closed;
  /** @type {File | null} */
  #chosen = null;
  /** @type {Inspection | null} */
  #inspection = null;
  /** @type {Candidate[]} */
  #ways = [];

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {(card: ModelCard) => void} options.added
   * @param {() => void} options.closed
   * @param {AbortSignal} signal
   */
  constructor({ lab, added, closed }, signal) {
    this.#lab = lab;
    this.#added = added;
    this.#closed = closed;
    this.#progress = new ProgressBar(element("classify-own-progress", HTMLElement), signal);
    this.#file.addEventListener("change", () => this.#file.files?.[0] && void this.look(this.#file.files[0]), { signal });
    element("classify-own-close", HTMLButtonElement).addEventListener("click", () => this.#close(), { signal });
    element("classify-own-try", HTMLButtonElement).addEventListener("click", () => void this.#tryOther(), { signal });
    element("classify-own-form", HTMLFormElement).addEventListener("submit", (event) => this.#submit(event), { signal });
  }

  /** Shows the panel. */
  open() {
    this.#root.hidden = false;
    this.#file.focus();
  }

  /**
   * Looks at a file.
   *
   * @param {File} file
   */
  async look(file) {
    this.#root.hidden = false;
    this.#clear();
    this.#chosen = file;
    this.#progress.start(`Looking at ${file.name} …`, () => this.#cancel());
    try {
      const inspection = await this.#latest.run((signal) => this.#lab.models.inspect(file, { signal, onProgress: this.#tell(signal) }));
      if (!inspection) return;
      this.#progress.stop(this.#found);
      this.#show(inspection);
    } catch (error) {
      this.#progress.stop(this.#file);
      this.#refuse(error);
    }
  }

  /** @param {AbortSignal} signal */
  #tell(signal) {
    return (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
      if (!signal.aborted) this.#progress.update(progress, progress.unit === "bytes" ? "Loading known digits" : "Trying it on known digits");
    };
  }

  #cancel() {
    this.#latest.cancel();
    this.#progress.stop(this.#file);
    this.#file.value = "";
  }

  #clear() {
    this.#inspection = null;
    this.#ways = [];
    this.#refusal.hidden = true;
    this.#found.hidden = true;
    this.#error.textContent = "";
    this.#otherError.textContent = "";
  }

  #close() {
    this.#latest.cancel();
    this.#progress.stop(this.#file);
    this.#clear();
    this.#file.value = "";
    this.#root.hidden = true;
    this.#closed();
  }

  /** @param {unknown} error */
  #refuse(error) {
    const { code = "", message = String(error) } = /** @type {{ code?: string, message?: string }} */ (error);
    this.#refusal.dataset.code = code;
    this.#refusalText.textContent = `${message} ${ADVICE[code] ?? ""}`.trim();
    this.#refusal.hidden = false;
  }

  /** @param {Inspection} inspection */
  #show(inspection) {
    const { error, fits, candidates, warnings } = inspection;
    this.#facts.replaceChildren(...factsOf(this.#chosen, inspection).flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]));
    element("classify-own-form", HTMLFormElement).hidden = !fits;
    this.#found.hidden = false;
    if (error) return this.#refuse(error);
    this.#inspection = inspection;
    this.#ways = candidates;
    this.#showWays(0);
    this.#warnings.replaceChildren(...warnings.map((warning) => make("li", {}, warning)));
    this.#title.value = (this.#chosen?.name ?? "").replace(/\.onnx$/i, "").slice(0, 60);
    this.#found.focus({ preventScroll: true });
  }

  /** @param {number} chosen */
  #showWays(chosen) {
    const items = this.#ways.map(({ settings, accuracy, pictures }, at) => {
      const id = `classify-own-way-${at}`;
      const rate = `${(100 * accuracy).toFixed(1)} % of ${count(pictures)}`;
      const input = make("input", { class: "model__input", type: "radio", name: "classify-own-way", id, value: at });
      input.checked = at === chosen;
      return make("label", { class: "own-model__way", for: id }, input, make("span", {}, sentence(settingsInWords(settings))), make("span", {}, rate));
    });
    this.#list.replaceChildren(...items);
  }

  get #way() {
    const checked = this.#list.querySelector("input:checked");
    return checked instanceof HTMLInputElement ? this.#ways[Number(checked.value)] : this.#ways[0];
  }

  async #tryOther() {
    const [file, inspection] = [this.#chosen, this.#inspection];
    if (!file || !inspection) return;
    this.#otherError.textContent = "";
    const entries = KEYS.map((key) => [key, number(element(`classify-own-${key}`, HTMLInputElement).value)]);
    const settings = /** @type {ModelSettings} */ (/** @type {unknown} */ (Object.fromEntries(entries)));
    this.#progress.start("Trying it …", () => this.#cancel());
    try {
      const tried = await this.#latest.run((signal) => this.#lab.models.inspect(file, { signal, settings: [settings], onProgress: this.#tell(signal) }));
      if (!tried?.best) return;
      this.#ways = [tried.best, ...this.#ways];
      this.#showWays(0);
    } catch (error) {
      this.#otherError.textContent = reasonOf(error);
    } finally {
      this.#progress.stop(this.#found);
    }
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const [file, way] = [this.#chosen, this.#way];
    if (!file || !way) return;
    const { settings, pictures, right, accuracy } = way;
    this.#error.textContent = "";
    try {
      const card = await this.#lab.models.add({ bytes: file, title: this.#title.value, settings, card: { tried: { pictures, right, accuracy } } });
      this.#close();
      this.#added(card);
    } catch (error) {
      this.#error.textContent = reasonOf(error);
      this.#title.focus();
    }
  }
}

/** What helps, by the code of an error. @type {Record<string, string>} */
const ADVICE = {
  model_unsupported: "Export it again with an input of 28 × 28 and ordinary layers, or add what the model ends in to the file.",
  model_corrupt: "Choose the whole file as it was exported, with its weights inside.",
  limit_exceeded: "Export a smaller one, or one with half as wide numbers.",
};

/**
 * @param {File | null} file
 * @param {Inspection} inspection
 * @returns {[string, string][]}
 */
function factsOf(file, { description, fits }) {
  const { producer, ir_version, opsets, inputs, outputs, operators, parameters } = description;
  const port = (/** @type {import("../lab/model_inspection.js").FilePort} */ { name, type, shape }) => `${name}: ${type} [${shape.join(", ")}]`;
  const operator = (/** @type {typeof operators[number]} */ { name, count, supported }) => `${name} × ${count}${supported ? "" : " (not supported)"}`;
  return [
    ["File", file ? `${file.name}, ${bytes(file.size)}` : ""],
    ["Made by", producer || "It does not say."],
    ["Format", `version ${ir_version}, operators ${opsets.map(({ domain, version }) => `${domain} ${version}`).join(", ")}`],
    ["Takes", inputs.map(port).join("; ")],
    ["Gives", outputs.map(port).join("; ")],
    ...(fits ? [/** @type {[string, string]} */ (["Read as", `${fits.bytes ? "bytes" : "numbers"} [${fits.layout.join(", ")}], ${fits.probabilities ? "probabilities" : "scores"}`])] : []),
    ["Parameters", count(parameters)],
    ["Operators", operators.map(operator).join(", ")],
  ];
}

/** @param {string} text */
const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/**
 * A number as it was typed; nothing is no number.
 *
 * @param {string} text
 */
const number = (text) => (text.trim() ? Number(text.trim().replace(",", ".")) : NaN);
