import { LookFields } from "../generate/look_fields.js";
import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { NumberField } from "../ui/number_field.js";
import { SeedField } from "../ui/seed_field.js";
import { TextField } from "../ui/text_field.js";
import { AreaField } from "../ui/area_field.js";
import { NumbersDrop } from "./numbers_drop.js";
import { PhoneField } from "./phone_field.js";
import { BOXED, SUBSETS, longestOf, toRecipe } from "./recipe_state.js";
import { SubsetShares } from "./subset_shares.js";

/** @typedef {import("./types.js").RecipeState} RecipeState */
/** @typedef {import("./types.js").NumbersFile} NumbersFile */

const PREFIX = "dataset-";

/** @type {Record<string, string>} */
const KINDS = {
  random: "Every number is drawn, digit by digit.",
  list: "The numbers that you write down.",
  range: "All whole numbers between two.",
  phone: "Drawn as phone numbers are made in a country.",
  pattern: "Drawn by a pattern of your own.",
  file: "The numbers of a text file.",
};

/** @type {Record<string, string>} */
const ORDERS = {
  "in-turn": "One after the other, and again from the first.",
  shuffled: "Each item draws one of them.",
};

/** @type {Record<string, string>} */
const SPLITS = {
  all: "All digits of the data set in use.",
  train: "Only its training digits.",
  test: "Only its test digits.",
  matching: "Test items take its test digits, all others its training digits: no handwriting is in both.",
};

/** @type {Record<string, string>} */
const BOXES = {
  none: "Each row of labels.csv has the boxes of its digits.",
  coco: "An annotations.json for each subset as well, as pycocotools and Detectron2 read it.",
  yolo: "A text file for each picture as well, and a data.yaml, as Ultralytics reads them.",
};

/** All fields of a recipe. It reads and writes them as text and puts the engine's words beside the field that is wrong. */
export class RecipeForm {
  /** In the order of the address. @type {Map<string, import("../ui/field.js").Field>} */
  #fields = new Map();
  #kind;
  #lengths;
  #order;
  #count;
  #seed;
  #look;
  #format;
  #boxes;
  #phone;
  #file;
  #shares;
  #panes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#dataset-numbers-part [data-kind]")]);
  #lengthPanes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#dataset-numbers-part [data-lengths]")]);

  /**
   * @param {object} options
   * @param {() => string} options.drawSeed
   * @param {() => void} options.edited
   * @param {AbortSignal} signal
   */
  constructor({ drawSeed, edited }, signal) {
    const changed = () => {
      this.#relate();
      edited();
    };
    /** @param {string} name */
    const input = (name) => element(PREFIX + name, HTMLInputElement);
    /** @param {string} name */
    const group = (name) => element(PREFIX + name, HTMLElement);
    /** @param {string} name */
    const choice = (name) => new ChoiceField(group(name), changed, signal);
    /** @param {string} name */
    const text = (name) => new TextField(input(name), changed, signal);
    /** @param {string} name */
    const number = (name) => new NumberField(input(name), changed, signal);

    this.#kind = choice("kind");
    this.#lengths = choice("lengths");
    this.#order = choice("order");
    this.#count = number("count");
    this.#seed = new SeedField({ input: input("seed"), dice: element("dataset-seed-dice", HTMLButtonElement) }, { draw: drawSeed, edited }, signal);
    this.#phone = new PhoneField(group("phone"), changed, signal);
    this.#file = new NumbersDrop(input("file"), changed, signal);
    this.#look = new LookFields({ prefix: PREFIX, changed, augmented: changed }, signal);
    this.#format = choice("format");
    this.#boxes = choice("boxes");
    this.#shares = new SubsetShares(SUBSETS.map((name) => text(name)));

    /** @type {[string, import("../ui/field.js").Field][]} */
    const fields = [
      ["kind", this.#kind],
      ["lengths", this.#lengths],
      ["length", number("length")],
      ["shortest", number("shortest")],
      ["longest", number("longest")],
      ["weights", text("weights")],
      ["list", new AreaField(element("dataset-list", HTMLTextAreaElement), changed, signal)],
      ["from", text("from")],
      ["to", text("to")],
      ["pad", text("pad")],
      ["phone", this.#phone],
      ["pattern", text("pattern")],
      ["file", this.#file],
      ["order", this.#order],
      ["count", this.#count],
      ["seed", this.#seed],
      ...SUBSETS.map((name, at) => /** @type {[string, import("../ui/field.js").Field]} */ ([name, this.#shares.fields[at]])),
      ...this.#look.fields,
      ["format", this.#format],
      ["boxes", this.#boxes],
      ["name", text("name")],
      ["items_per_file", text("items_per_file")],
    ];
    for (const [name, field] of fields) this.#fields.set(name, field);
    const quick = (/** @type {Event} */ event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button?.dataset.count) return;
      this.#count.text = button.dataset.count;
      changed();
    };
    group("quick").addEventListener("click", quick, { signal });
  }

  /** @returns {RecipeState} */
  get state() {
    return Object.fromEntries([...this.#fields].filter(([name]) => name !== "file").map(([name, field]) => [name, field.text]));
  }

  /** @param {RecipeState} state a field that is not in it goes back to its initial text */
  set state(state) {
    for (const [name, field] of this.#fields) if (name !== "file") field.text = state[name] ?? field.initial;
    if (state.seed === undefined) this.#seed.roll();
    this.#relate();
  }

  /** The state of a fresh page, without a seed. */
  get initial() {
    return Object.fromEntries([...this.#fields].filter(([name]) => name !== "file").map(([name, field]) => [name, field.initial]));
  }

  /** @returns {NumbersFile | null} */
  get file() {
    return this.#file.file;
  }

  /** @param {NumbersFile | null} file */
  set file(file) {
    this.#file.file = file;
    this.#relate();
  }

  /**
   * Takes the file that holds the numbers.
   *
   * @param {File} file
   */
  async takeNumbers(file) {
    this.#kind.text = "file";
    this.#relate();
    await this.#file.take(file);
  }

  /** What to ask for; it throws what is already known to be wrong. */
  get recipe() {
    return toRecipe(this.state, this.#look.effectiveWidth, this.file);
  }

  get items() {
    return this.#count.value;
  }

  get format() {
    return this.#format.text;
  }

  /** @param {string} format */
  set format(format) {
    this.#format.text = format;
    this.#relate();
  }

  /** Whether there is a file of numbers to hand over. */
  get numbers() {
    return this.#kind.text === "file" ? this.file?.text : undefined;
  }

  /** @param {import("./types.js").DatasetDescription} description */
  describe({ fields, phones }) {
    for (const info of fields) this.#fields.get(info.name)?.limit(info);
    this.#phone.fill(phones);
    this.#relate();
  }

  /**
   * Shows an error beside its field, and takes away those that are over.
   *
   * @param {string} name of the recipe's field, such as `numbers.random`; empty when nothing is wrong
   * @param {string} message
   * @returns {boolean} whether it had a field to stand beside
   */
  fail(name, message) {
    const wrong = this.#fields.get(this.#placeOf(name));
    for (const field of this.#fields.values()) if (field !== wrong) field.error = "";
    if (wrong) wrong.error = message;
    if (wrong && ["name", "items_per_file"].includes(name)) element("dataset-more", HTMLDetailsElement).open = true;
    return wrong !== undefined;
  }

  /** Leads to the field that is wrong. */
  focusWrong() {
    const wrong = [...this.#fields.values()].find((field) => field.error !== "");
    const control = wrong?.control;
    // A group of choices takes the focus with its chosen one.
    const target = control?.matches("input:not([hidden]), textarea") ? control : control?.closest(".field")?.querySelector("input:checked, button");
    if (!(target instanceof HTMLElement)) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  }

  /** @param {string} name */
  #placeOf(name) {
    const [first = "", second = ""] = name.split(".");
    if (first === "subsets") return second || "train";
    if (first !== "numbers") return first === "digits" && this.#kind.text === "range" ? "pad" : first;
    if (second === "digits") return "pad";
    const kind = this.#kind.text;
    if (kind === "range") return "to";
    if (kind !== "random") return kind;
    return { between: "longest", weighted: "weights" }[this.#lengths.text] ?? "length";
  }

  #relate() {
    const kind = this.#kind.text;
    const ordered = ["list", "range", "file"].includes(kind);
    for (const pane of this.#panes) pane.hidden = pane.dataset.kind !== kind;
    for (const pane of this.#lengthPanes) pane.hidden = pane.dataset.lengths !== this.#lengths.text;
    element("dataset-order-place", HTMLElement).hidden = !ordered;
    element("dataset-boxes-place", HTMLElement).hidden = !BOXED.includes(this.#format.text);
    this.#kind.help = KINDS[kind] ?? "";
    this.#order.help = ORDERS[this.#order.text] ?? "";
    this.#boxes.help = BOXES[this.#boxes.text] ?? "";
    const split = /** @type {import("../ui/field.js").Field} */ (this.#fields.get("split"));
    split.help = SPLITS[split.text] ?? "";
    this.#look.relate(longestOf(this.state, this.file, this.#phone.patterns));
    this.#shares.show(this.#count.value);
  }
}
