import { duration } from "../ui/format.js";
import { make } from "../ui/make.js";
import { paintPicture } from "../ui/small_picture.js";

/** @typedef {import("../lab/record_log.js").ListedRecord} ListedRecord */

/** Records less sure than this are marked. */
const UNSURE = 0.8;
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A row of the list: made once, and filled with one record after the other. */
export class RecordRow {
  root;
  /** The record that is shown, or is to come. */
  id = 0;
  #canvas = make("canvas", { class: "pixels records__thumbnail", width: 1, height: 1, "aria-hidden": "true" });
  #check = make("input", { class: "records__check", type: "checkbox", tabindex: -1 });
  #result = cell("result");
  #sure = cell("sure");
  #name = cell("name");
  #model = cell("model");
  #time = cell("time");
  #elapsed = cell("elapsed");
  #from = cell("from");

  constructor() {
    const check = make("span", { class: "records__cell records__cell--check", role: "gridcell" }, this.#check);
    const picture = make("span", { class: "records__cell records__cell--picture", role: "gridcell" }, this.#canvas);
    const cells = [check, picture, this.#result, this.#sure, this.#name, this.#model, this.#time, this.#elapsed, this.#from];
    this.root = make("div", { class: "records__row", role: "row" }, ...cells);
  }

  /** @param {{ id: number, at: number, top: number, active: boolean, selected: boolean }} place */
  place({ id, at, top, active, selected }) {
    const { root } = this;
    this.id = id;
    root.id = `records-row-${id}`;
    root.dataset.at = String(at);
    root.setAttribute("aria-rowindex", String(at + 2));
    root.setAttribute("aria-selected", String(selected));
    root.toggleAttribute("data-active", active);
    root.style.setProperty("--top", `${top}px`);
    this.#check.checked = selected;
  }

  /** @param {ListedRecord | undefined} record undefined while it is on its way */
  fill(record) {
    this.root.toggleAttribute("data-waiting", !record);
    if (!record) {
      for (const part of [this.#result, this.#sure, this.#name, this.#model, this.#time, this.#elapsed, this.#from]) part.textContent = "";
      this.#canvas.hidden = true;
      return;
    }
    const { result, probability, name, model, time, elapsed, from, thumbnail } = record;
    this.#check.setAttribute("aria-label", `Select ${result}, ${name}`);
    this.#result.textContent = result;
    this.#result.title = result;
    this.#sure.textContent = percent(probability);
    this.#sure.toggleAttribute("data-unsure", probability !== null && probability < UNSURE);
    this.#sure.style.setProperty("--share", String(probability ?? 0));
    this.#name.textContent = name;
    this.#name.title = name;
    this.#model.textContent = model;
    this.#time.replaceChildren(make("time", { datetime: time, title: time }, moment.format(new Date(time))));
    this.#elapsed.textContent = elapsed === null ? "" : duration(elapsed);
    this.#from.textContent = from;
    this.#canvas.hidden = !thumbnail;
    if (thumbnail) paintPicture(this.#canvas, thumbnail);
  }
}

/** @param {string} name */
function cell(name) {
  return make("span", { class: `records__cell records__cell--${name}`, role: "gridcell" });
}

/**
 * Never rounded up to certainty.
 *
 * @param {number | null} probability
 */
function percent(probability) {
  if (probability === null) return "";
  return `${(Math.floor(probability * 1_000) / 10).toFixed(1)} %`;
}
