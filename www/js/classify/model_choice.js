import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { bytes, count } from "../ui/format.js";
import { make } from "../ui/make.js";

/** @typedef {Awaited<ReturnType<import("../lab/digitlab.js").Digitlab["models"]["list"]>>[number]} ModelCard */

/** The models there are, to choose one. */
export class ModelChoice {
  #root = element("classify-models", HTMLElement);
  #error = element("classify-models-error", HTMLElement);
  #lab;
  #chosen;
  #signal;
  #add = element("classify-own-open", HTMLButtonElement);
  /** @type {Promise<import("./own_model_panel.js").OwnModelPanel> | undefined} */
  #panel;
  #listening = false;
  #name = "default";
  /** The titles of those that were listed last, by name. @type {Map<string, string>} */
  #titles = new Map();

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {(name: string) => void} options.chosen
   * @param {AbortSignal} signal
   */
  constructor({ lab, chosen }, signal) {
    this.#lab = lab;
    this.#chosen = chosen;
    this.#signal = signal;
    this.#add.addEventListener("click", () => void this.#open(), { signal });
    // Before it is taken for a picture.
    document.addEventListener("drop", (event) => this.#dropped(event), { signal, capture: true });
  }

  get name() {
    return this.#name;
  }

  set name(name) {
    this.#name = name;
    this.#mark();
  }

  /** Shows what there is to choose from. */
  async show() {
    if (!this.#root.querySelector("input")) await this.#list();
    if (this.#listening) return;
    this.#listening = true;
    const changed = (/** @type {import("../lab/own_models.js").ModelChange} */ { kind }) => {
      if (kind !== "chosen") void this.#list();
    };
    this.#lab.models.subscribe(changed, this.#signal).catch(() => (this.#listening = false));
  }

  async #list() {
    let warning = "";
    try {
      const cards = await this.#lab.models.list({ onWarning: (text) => (warning = text) });
      const items = await Promise.all(cards.map((card) => this.#slot(card, cards)));
      const title = this.#titles.get(this.#name);
      this.#titles = new Map(cards.map((card) => [card.name, card.title]));
      const isGone = title !== undefined && !warning && !this.#titles.has(this.#name);
      this.#error.textContent = isGone ? `“${title}” was deleted; the usual model answers now.` : warning;
      const focused = this.#root.contains(document.activeElement);
      this.#root.replaceChildren(...items);
      this.#mark();
      // What was chosen is gone.
      if (!warning && !cards.some(({ name }) => name === this.#name) && this.#listening) this.#choose("default");
      if (focused) this.#root.querySelector("input")?.focus({ preventScroll: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#error.textContent = reasonOf(error);
  }

  /**
   * @param {ModelCard} card
   * @param {readonly ModelCard[]} all
   */
  async #slot(card, all) {
    const item = this.#item(card, all);
    if (card.kind === "shipped") return item;
    const { ownModelTools } = await import("./own_model_tools.js");
    const tools = ownModelTools(card, { lab: this.#lab, failed: (error) => this.#fail(error), signal: this.#signal });
    return make("div", { class: "models__own" }, item, ...tools);
  }

  /** @param {File} [file] */
  async #open(file) {
    try {
      const panel = await (this.#panel ??= this.#load());
      this.#add.setAttribute("aria-expanded", "true");
      if (file) await panel.look(file);
      else panel.open();
    } catch (error) {
      this.#panel = undefined;
      this.#fail(error);
    }
  }

  async #load() {
    const { OwnModelPanel } = await import("./own_model_panel.js");
    const added = async (/** @type {ModelCard} */ { name }) => {
      await this.#list();
      this.#choose(name);
      this.#root.querySelector("input:checked")?.scrollIntoView({ block: "nearest" });
    };
    const closed = () => {
      this.#add.setAttribute("aria-expanded", "false");
      this.#add.focus({ preventScroll: true });
    };
    return new OwnModelPanel({ lab: this.#lab, added, closed }, this.#signal);
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    const file = event.dataTransfer?.files[0];
    if (!file || !/\.onnx$/i.test(file.name) || this.#root.closest("[hidden]")) return;
    event.preventDefault();
    event.stopPropagation();
    // Whatever shows that something is dragged is done with.
    document.dispatchEvent(new DragEvent("dragleave"));
    void this.#open(file);
  }

  /**
   * @param {ModelCard} card
   * @param {readonly ModelCard[]} all
   */
  #item(card, all) {
    const { name, title, parameters } = card;
    const id = `classify-model-${name}`;
    const said = { "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-facts` };
    const input = make("input", { class: "model__input", type: "radio", name: "classify-model", id, value: name, ...said });
    input.addEventListener("change", () => this.#choose(name), { signal: this.#signal });
    const size = [bytes(card.bytes), ...(parameters ? [`${count(parameters)} parameters`] : [])].join(", ");
    const facts = make(
      "span",
      { class: "model__facts", id: `${id}-facts` },
      make("span", {}, tested(card)),
      make("span", {}, `${size}. ${goodFor(card, all)}`.trim()),
    );
    return make("label", { class: "model", for: id }, input, make("span", { class: "model__name", id: `${id}-name` }, title), facts);
  }

  /** @param {string} name */
  #choose(name) {
    this.#name = name;
    this.#mark();
    this.#chosen(name);
    // The routes answer with it, too; without storage the page works all the same.
    this.#lab.models.choose(name === "default" ? null : name).catch(() => {});
  }

  #mark() {
    for (const input of this.#root.querySelectorAll("input")) input.checked = input.value === this.#name;
  }
}

/**
 * How often it was right, as a sentence.
 *
 * @param {ModelCard} card
 */
function tested({ accuracy, tried }) {
  const figures = accuracy?.test ?? tried;
  if (!figures) return "Not tested yet.";
  const { right, pictures } = figures;
  return `${((100 * right) / pictures).toFixed(2)} % right on ${count(pictures)} test pictures.`;
}

/**
 * @param {ModelCard} card
 * @param {readonly ModelCard[]} all
 */
function goodFor({ kind, name }, all) {
  const shipped = all.filter((card) => card.kind === "shipped");
  if (kind !== "shipped" || shipped.length < 2) return "";
  const rate = (/** @type {ModelCard} */ { accuracy }) => (accuracy?.test ? accuracy.test.right / accuracy.test.pictures : 0);
  const best = shipped.reduce((best, card) => (rate(card) > rate(best) ? card : best));
  if (best.name === name) return "The best choice unless each kilobyte counts.";
  const smallest = shipped.reduce((smallest, card) => (card.bytes < smallest.bytes ? card : smallest));
  return smallest.name === name ? "The smallest: for slow connections." : "";
}
