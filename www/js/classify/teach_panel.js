import { reasonOf } from "../lab/errors.js";
import { askToPersist } from "../storage/ask_to_persist.js";
import { element, hideFrom } from "../ui/elements.js";
import { counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";
import { save } from "../ui/save.js";
import { TextField } from "../ui/text_field.js";
import { Correction } from "./correction.js";
import { KeptSamples } from "./kept_samples.js";
import { LessonResult } from "./lesson_result.js";
import { SampleList } from "./sample_list.js";

/** @typedef {import("../lab/digitlab.js").ModelCard} ModelCard */
/** @typedef {import("../lab/digitlab.js").Sample} Sample */
/** @typedef {import("../lab/digitlab.js").Taught} Taught */
/** @typedef {import("./types.js").Answer} Answer */

/** Where the last title is kept. */
const TITLE = "teach-title";
/** From so many samples on a lesson usually shows. */
const SOME = 5;

/**
 * @typedef {object} Collaborators
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {() => string} model the name of the model that is chosen
 * @property {(name: string) => void} use chooses a model
 */

/** Teaching: wrong answers are corrected, and the model learns from them. */
export class TeachPanel {
  #lab;
  #settings;
  #status;
  #toasts;
  #model;
  #use;
  #root = element("classify-teach", HTMLElement);
  #empty = element("classify-teach-empty", HTMLElement);
  #body = element("classify-teach-body", HTMLElement);
  #summary = element("classify-teach-summary", HTMLElement);
  #base = element("classify-teach-base", HTMLElement);
  #go = element("classify-teach-go", HTMLButtonElement);
  #error = element("classify-teach-error", HTMLElement);
  #undone = element("classify-samples-undo", HTMLElement);
  #undoneText = element("classify-samples-undo-text", HTMLElement);
  #useButton = element("classify-lesson-use", HTMLButtonElement);
  #title;
  #progress;
  #samples;
  #list;
  #correction;
  #result = new LessonResult();
  #work = new Latest();
  #preparing = new Latest();
  /** The model for which it was begun last. */
  #prepared = "";
  /** @type {Answer | null} */
  #answer = null;
  #at = 0;
  /** What was deleted last. @type {Sample[]} */
  #deleted = [];
  /** The last lesson, with the model that it took the place of. @type {{ taught: Taught, before: { card: ModelCard, bytes: ArrayBuffer } | null, chosen: string } | null} */
  #last = null;

  /**
   * @param {Collaborators} collaborators
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, status, toasts, model, use }, signal) {
    this.#lab = lab;
    this.#settings = settings;
    this.#status = status;
    this.#toasts = toasts;
    this.#model = model;
    this.#use = use;
    this.#progress = new ProgressBar(element("classify-teach-progress", HTMLElement), signal);
    const failed = (/** @type {unknown} */ error) => this.#fail(error);
    this.#samples = new KeptSamples({ lab, changed: () => this.#show(), failed }, signal);
    this.#list = new SampleList({ remove: (sample) => void this.#delete([sample]), heir: this.#root }, signal);
    this.#correction = new Correction({ given: (digit) => void this.#correct(digit), teach: () => this.#reveal() }, signal);
    this.#title = new TextField(element("classify-teach-title-field", HTMLInputElement), () => this.#named(), signal);
    const kept = settings.get(TITLE, "");
    if (kept) this.#title.text = kept;
    const form = element("classify-teach-form", HTMLFormElement);
    form.addEventListener("submit", (event) => (event.preventDefault(), void this.#teach()), { signal });
    for (const type of ["focusin", "pointerenter"]) form.addEventListener(type, () => void this.#prepare(), { signal, once: true });
    /** @type {[string, () => unknown][]} */
    const buttons = [
      ["classify-samples-clear", () => this.#delete(this.#samples.all)],
      ["classify-samples-undo-button", () => this.#restore()],
      ["classify-lesson-undo", () => this.#undo()],
      ["classify-lesson-use", () => this.#last && this.#use(this.#last.taught.card.name)],
      ["classify-lesson-download", () => this.#download()],
      ["classify-lesson-delete", () => this.#deleteTaught()],
    ];
    for (const [id, press] of buttons) element(id, HTMLButtonElement).addEventListener("click", () => void press(), { signal });
    this.#show();
  }

  /** Brings the samples that are kept. */
  async open() {
    await this.#samples.open();
    void this.#showBase();
  }

  /**
   * @param {Answer | null} answer
   * @param {number} at which of its digits is looked at
   */
  show(answer, at) {
    if (answer !== this.#answer || at !== this.#at) this.#correction.say("");
    this.#answer = answer;
    this.#at = at;
    this.#ask();
  }

  /** Another model is chosen. */
  chosen() {
    this.#useButton.disabled = this.#last?.taught.card.name === this.#model();
    void this.#showBase();
  }

  #ask() {
    const digit = this.#answer?.digits[this.#at];
    if (!digit) return this.#correction.show(null);
    const right = this.#samples.find(digit.seen)?.digit ?? null;
    this.#correction.show({ read: digit.digit, at: this.#at, of: this.#answer?.digits.length ?? 1, right });
  }

  /** @param {number} right */
  async #correct(right) {
    const { model = "" } = this.#answer ?? {};
    const digit = this.#answer?.digits[this.#at];
    if (!digit) return;
    try {
      const kept = await this.#samples.correct({ seen: digit.seen, digit: right, read: digit.digit, model, from: "classify page" });
      const said = kept ? `Kept as a ${right}.` : "Taken back: it is no sample any more.";
      this.#correction.say(said, kept);
      this.#status.say(said);
      if (kept) void this.#prepare();
    } catch (error) {
      this.#correction.say("");
      this.#toasts.show(reasonOf(error), "error");
    }
  }

  #reveal() {
    this.#root.scrollIntoView({ block: "nearest" });
    this.#go.focus({ preventScroll: true });
  }

  #show() {
    const all = this.#samples.all;
    const nothing = all.length === 0 && this.#deleted.length === 0 && !this.#last;
    this.#root.dataset.samples = String(all.length);
    if (nothing) hideFrom(this.#body, this.#root);
    this.#body.hidden = nothing;
    this.#empty.hidden = !nothing;
    const kinds = new Set(all.map(({ digit }) => digit)).size;
    const words = counted(all.length, "sample");
    const hint = all.length > 0 && all.length < SOME ? ` ${SOME} or more, also of answers that were right, make a difference.` : "";
    this.#summary.textContent = `${words}${kinds > 1 ? ` of ${kinds} digits` : ""}.${hint}`;
    this.#go.disabled = all.length === 0;
    const clear = element("classify-samples-clear", HTMLButtonElement);
    // A button that is disabled loses the focus.
    if (all.length === 0 && document.activeElement === clear) this.#root.focus({ preventScroll: true });
    clear.disabled = all.length === 0;
    this.#list.show(all);
    this.#ask();
  }

  /** @param {Sample[]} samples */
  async #delete(samples) {
    try {
      this.#deleted = samples;
      await this.#lab.samples.delete(samples.map(({ id }) => id));
      this.#undoneText.textContent = `${counted(samples.length, "sample")} deleted.`;
      this.#undone.hidden = false;
      this.#status.say(`${this.#undoneText.textContent} The button Undo brings back what was deleted.`);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #restore() {
    const samples = this.#deleted;
    try {
      await this.#lab.samples.restore(samples);
      this.#deleted = [];
      hideFrom(this.#undone, this.#root);
      this.#status.say("They are back.");
    } catch (error) {
      this.#fail(error);
    }
  }

  #named() {
    this.#title.error = "";
    this.#settings.set(TITLE, this.#title.text);
    void this.#showBase();
  }

  /** Which model the next lesson starts from, and which it takes the place of. */
  async #plan() {
    const cards = await this.#lab.models.list();
    const title = this.#title.text.trim();
    const chosen = cards.find(({ name }) => name === this.#model()) ?? cards[0];
    const replaced = cards.find((card) => card.kind === "taught" && card.title === title) ?? null;
    // All samples are learned anew, so a model that gives way is not built upon.
    const first = replaced && chosen?.name === replaced.name ? baseOf(replaced) : null;
    const base = cards.find(({ name }) => name === first) ?? chosen;
    if (!base) throw new Error("There is no model to start from.");
    return { title, base, replaced };
  }

  async #showBase() {
    try {
      const { base, replaced } = await this.#plan();
      const gives = replaced ? " The taught model of this name gives way to the new one; Undo brings it back." : "";
      this.#base.textContent = `It starts from “${base.title}”, which stays as it is.${gives}`;
    } catch {
      // Whoever teaches is told.
      this.#base.textContent = "";
    }
  }

  /** Does what a lesson needs while the person still collects; should it fail, the lesson itself says so. */
  async #prepare() {
    try {
      const { base } = await this.#plan();
      if (base.name === this.#prepared) return;
      this.#prepared = base.name;
      await this.#preparing.run((signal) => this.#lab.prepareTeach(base.name, { signal }));
    } catch {
      this.#prepared = "";
    }
  }

  async #teach() {
    this.#error.textContent = "";
    if (this.#samples.count === 0) return;
    this.#go.disabled = true;
    this.#root.dataset.state = "teaching";
    this.#progress.start("Teaching …", () => this.#stop());
    try {
      const { title, base, replaced } = await this.#plan();
      const before = replaced && { card: replaced, bytes: await (await this.#lab.models.file(replaced.name)).arrayBuffer() };
      const chosen = this.#model();
      const options = { model: base.name, title, ...(replaced ? { name: replaced.name, replace: true } : {}) };
      const taught = await this.#work.run((signal) => {
        const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
          if (!signal.aborted) this.#progress.update(progress, progress.unit === "bytes" ? "Loading MNIST pictures" : "Looking at MNIST pictures");
        };
        return this.#lab.teach({ ...options, signal, onProgress });
      });
      if (taught) this.#taught({ taught, before, chosen: this.#last?.taught.card.name === chosen ? this.#last.chosen : chosen });
    } catch (error) {
      this.#fail(error);
    }
    this.#done();
  }

  /** @param {{ taught: Taught, before: { card: ModelCard, bytes: ArrayBuffer } | null, chosen: string }} last */
  #taught(last) {
    void askToPersist();
    this.#last = last;
    this.#root.dataset.state = "taught";
    const words = this.#result.show(last.taught);
    this.#use(last.taught.card.name);
    this.#status.say(`${last.taught.card.title} is taught and in use. ${words}`);
  }

  #done() {
    this.#progress.stop(this.#root);
    this.#go.disabled = this.#samples.count === 0;
    if (this.#root.dataset.state === "teaching") delete this.#root.dataset.state;
    void this.#showBase();
  }

  #stop() {
    this.#work.cancel();
    this.#status.say("Cancelled.");
    this.#done();
  }

  /** Everything as it was before the last lesson. */
  async #undo() {
    const last = this.#last;
    if (!last) return;
    const { taught, before, chosen } = last;
    try {
      if (before) {
        const { name, title, normalisation, ...rest } = before.card;
        await this.#lab.models.add({ bytes: before.bytes, name, title, kind: "taught", replace: true, settings: normalisation, card: rest });
      } else await this.#lab.models.delete(taught.card.name);
      this.#forget();
      // With the one that gave way back in its place, it is chosen anew.
      this.#use(before ? before.card.name : chosen);
      this.#status.say("Undone: the model is as it was before the lesson.");
    } catch (error) {
      this.#fail(error);
    }
  }

  async #deleteTaught() {
    const last = this.#last;
    if (!last) return;
    try {
      await this.#lab.models.delete(last.taught.card.name);
      const inUse = this.#model() === last.taught.card.name;
      this.#forget();
      if (inUse) this.#use(last.taught.base.name);
      this.#status.say(`${last.taught.card.title} is deleted.`);
    } catch (error) {
      this.#fail(error);
    }
  }

  #forget() {
    this.#last = null;
    delete this.#root.dataset.state;
    this.#result.hide();
    this.#show();
    this.#root.focus({ preventScroll: true });
  }

  async #download() {
    if (!this.#last) return;
    try {
      const file = await this.#lab.models.file(this.#last.taught.card.name);
      save(file, file.name);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const { code = "", detail } = /** @type {{ code?: string, detail?: { field?: string } }} */ (error);
    if (code === "aborted") return;
    if (detail?.field === "title") {
      this.#title.error = reasonOf(error);
      this.#title.select();
    } else this.#error.textContent = reasonOf(error);
  }
}

/** @param {ModelCard} card @returns {string | null} the name of the model that a taught one was made of */
function baseOf({ training }) {
  const { taught } = /** @type {{ taught?: { name?: string } }} */ (training ?? {});
  return taught?.name ?? null;
}
