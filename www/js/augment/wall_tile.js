import { drawnInWords, optionsInWords, stepInWords } from "../ui/steps.js";

/** @typedef {import("./types.js").Variant} Variant */
/** @typedef {{ model: string, text: string, changed: boolean }} WallSaid What a model reads in it, and whether that is not what it reads in the original. */

/** One variant on the wall: its picture, what made it, and how it differs in size. */
export class WallTile {
  /** Whether it is near enough to be drawn. */
  near = false;
  /** @type {Variant | null} */
  variant = null;
  #picture = part("variant__picture");
  #title = part("variant__title");
  #words = part("variant__words");
  #saysPart = part("variant__says");
  /** @type {WallSaid | null} */
  #says = null;
  /** @type {HTMLCanvasElement | null} */
  #canvas = null;

  /** @param {number} index */
  constructor(index) {
    this.root = document.createElement("button");
    this.root.type = "button";
    this.root.className = "variant";
    this.root.setAttribute("role", "option");
    this.root.dataset.index = String(index);
    this.root.tabIndex = -1;
    this.root.append(this.#picture, this.#title, this.#words, this.#saysPart);
    this.selected = false;
  }

  /** Whether its picture is there, or the sentence that says why there is none. */
  get drawn() {
    return this.root.dataset.state === "done" || this.root.dataset.state === "failed";
  }

  get selected() {
    return this.root.getAttribute("aria-selected") === "true";
  }

  set selected(selected) {
    this.root.setAttribute("aria-selected", String(selected));
  }

  get says() {
    return this.#says;
  }

  set says(says) {
    this.#says = says;
    this.#saysPart.textContent = says?.text ?? "";
    this.#saysPart.title = says ? `Read by the model ${says.model}` : "";
    this.#saysPart.toggleAttribute("data-changed", says?.changed === true);
  }

  /** What it will show. @param {string} title */
  set title(title) {
    this.#title.textContent = title;
  }

  /**
   * @param {Variant} variant
   * @param {{ width: number, height: number }} source the picture that it was made of
   */
  draw(variant, source) {
    const { record, width, height, preview } = variant;
    if (!preview) return;
    this.variant = variant;
    this.#canvas ??= document.createElement("canvas");
    this.#canvas.width = preview.width;
    this.#canvas.height = preview.height;
    this.#canvas.getContext("2d")?.putImageData(new ImageData(preview.data, preview.width, preview.height), 0, 0);
    // Pixels of a small picture are shown as they are.
    this.#canvas.className = preview.width === width ? "variant__canvas pixels" : "variant__canvas";
    if (!this.#canvas.isConnected) this.#picture.replaceChildren(this.#canvas);
    const words = wordsOf(variant);
    const size = width === source.width && height === source.height ? [] : [`${width} × ${height} px`];
    this.#words.textContent = [...words, ...size].join(", ") || (record.length > 0 ? "no parameters" : "no step ran");
    this.root.dataset.state = "done";
  }

  /** @param {string} message why there is no picture */
  fail(message) {
    this.release();
    this.#words.textContent = message;
    this.root.dataset.state = "failed";
  }

  /** The picture is of an older request; it stays until the new one comes, unless nobody sees it. */
  outdate() {
    this.variant = null;
    this.says = null;
    if (this.near && this.root.dataset.state === "done") this.root.dataset.state = "stale";
    else this.release();
  }

  /** Gives the memory of the picture back. */
  release() {
    delete this.root.dataset.state;
    this.variant = null;
    this.says = null;
    this.#words.textContent = "";
    this.#canvas?.remove();
    this.#canvas = null;
  }
}

/**
 * The steps with what was drawn for them. Where the title is the step's name already, its drawn parameters alone, or what
 * was chosen where nothing is drawn.
 *
 * @param {Variant} variant
 * @returns {string[]}
 */
function wordsOf({ job, record }) {
  const [step] = record;
  if (record.length !== 1 || step?.transform !== job.title) return record.map(stepInWords);
  const drawn = drawnInWords(step.drawn);
  return drawn.length > 0 ? drawn : optionsInWords(chosen(job.pipeline));
}

/**
 * What a pipeline of one step gives it.
 *
 * @param {import("../lab/digitlab.js").Pipeline} pipeline
 * @returns {Record<string, unknown>}
 */
function chosen(pipeline) {
  const step = Array.isArray(pipeline) ? pipeline[0] : null;
  return Object.fromEntries(Object.entries(step ?? {}).filter(([name]) => name !== "transform" && name !== "p"));
}

/** @param {string} name */
function part(name) {
  const span = document.createElement("span");
  span.className = name;
  return span;
}
