import { make } from "../ui/make.js";
import { paint } from "../ui/pixels.js";

/** @typedef {import("../lab/digitlab.js").Sequence} Sequence */
/** @typedef {{ index: number, number: string, subset: string }} FirstItem */

/** Of a wider picture the beginning is shown. */
const WIDEST = 2_048;
/** Longer numbers are cut in what stands below a picture; the picture's name says all of it. */
const LONGEST = 40;

/** The first items of a data set as small pictures with their labels. */
export class FirstItems {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** What is shown is not what the form says any more. @param {boolean} stale */
  set stale(stale) {
    this.#root.toggleAttribute("data-stale", stale);
  }

  /**
   * @param {FirstItem[]} items
   * @param {Sequence[]} sequences
   * @param {boolean} several whether there are several subsets, so that each item's is said
   */
  show(items, sequences, several) {
    this.#root.dataset.state = items.length > 0 ? "done" : "empty";
    const widest = Math.max(1, ...sequences.map(({ width }) => Math.min(width, WIDEST)));
    this.#root.style.setProperty("--widest", `${widest}px`);
    this.#root.replaceChildren(...items.map((item, at) => itemOf(item, sequences[at], several)));
    this.stale = false;
  }

  clear() {
    this.#root.dataset.state = "empty";
    this.#root.replaceChildren();
  }
}

/**
 * @param {FirstItem} item
 * @param {Sequence | undefined} sequence
 * @param {boolean} several
 */
function itemOf({ index, number, subset }, sequence, several) {
  const canvas = make("canvas", { class: "pixels items__picture", role: "img", "aria-label": `${number} in handwriting` });
  if (sequence) paint(canvas, sequence, 0, Math.min(sequence.width, WIDEST));
  const short = number.length > LONGEST ? `${number.slice(0, LONGEST)}…` : number;
  const words = make("span", { class: "items__words" }, make("span", { class: "items__label" }, short));
  if (several) words.append(" ", make("span", { class: "items__subset" }, subset));
  return make("li", { class: "items__item", "data-index": index, "data-label": number }, make("span", { class: "items__frame" }, canvas), words);
}
