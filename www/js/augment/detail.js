import { reasonOf } from "../lab/errors.js";
import { copyText } from "../ui/clipboard.js";
import { whenClosed } from "../ui/closing.js";
import { element } from "../ui/elements.js";
import { count, duration } from "../ui/format.js";
import { Comparison } from "./comparison.js";
import { DetailSays } from "./detail_says.js";
import { Histogram } from "./histogram.js";
import { editable, putStep, stepAt } from "./pipeline_edit.js";
import { RecordList } from "./record_list.js";
import { TakeAlong } from "./take_along.js";

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Variant} Variant */
/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("../lab/variants.js").Variant} Made */
/** @typedef {{ fail: (field: string, message: string) => void, remove: () => void }} Form */
/** @typedef {import("../lab/held_picture.js").HeldPicture} HeldPicture */
/** @typedef {import("../lab/digitlab.js").AppliedStep} AppliedStep */
/** @typedef {{ record: AppliedStep[], width: number, height: number, source: SourcePicture } | null} Overlaid */

/** Pictures above this are shown smaller while a parameter changes, and in full when it rests. */
const LIVE_PIXELS = 1 << 22;
const LIVE_SIDE = 1_400;
const REST = 300;
/** Figures may come a little after the picture. */
const FIGURES = 90;

/** One variant, large: before and after, its parameters, its record. */
export class Detail {
  #dialog = element("augment-detail", HTMLDialogElement);
  #title = element("augment-detail-title", HTMLElement);
  #facts = element("augment-detail-facts", HTMLElement);
  #error = element("augment-detail-error", HTMLElement);
  #steps = element("augment-detail-steps", HTMLElement);
  #slot = element("augment-detail-form", HTMLElement);
  #reset = element("augment-detail-reset", HTMLButtonElement);
  #use = element("augment-detail-use", HTMLButtonElement);
  #replay = element("augment-detail-replay", HTMLButtonElement);
  #proof = element("augment-detail-proof", HTMLElement);
  #options;
  #comparison;
  #says;
  #histogram = new Histogram();
  #record = new RecordList(element("augment-detail-record", HTMLElement));
  /** @type {Variant | null} */
  #variant = null;
  /** @type {SourcePicture | null} */
  #source = null;
  /** @type {HeldPicture | null} */
  #held = null;
  /** @type {import("../lab/live_preview.js").LivePreview | null} */
  #live = null;
  /** The picture before, with all its pixels. @type {Made | null} */
  #before = null;
  /** What is shown, and whether with all its pixels. @type {{ made: Made, exact: boolean } | null} */
  #shown = null;
  /** The pipeline with the changes that were made here. */
  #pipeline = /** @type {ReturnType<typeof editable>} */ ({ transforms: [] });
  #edited = false;
  #path = "";
  /** @type {Form | null} */
  #form = null;
  #turn = 0;
  #resting = 0;
  #figures = 0;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/status.js").Status} options.status
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {import("./model_says.js").ModelSays} options.says
   * @param {(slot: HTMLElement, step: Step, changed: (step: Step) => void) => Form} options.parameters makes the form of a step
   * @param {(slot: HTMLElement, shown: Overlaid) => void} [options.overlay] draws over the picture that was made; its slot
   *   lies on it, a CSS pixel for each pixel. null: there is none
   * @param {(steps: Step[]) => void} options.use takes the steps into the person's own pipeline
   * @param {(by: number) => Variant | null} options.step gives the variant before or after
   * @param {(picture: SourcePicture) => Promise<void>} options.classify shows it in the Classify place
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    const { settings, toasts, says } = options;
    this.#says = new DetailSays(says, signal);
    this.#comparison = new Comparison(signal);
    const make = (/** @type {import("../lab/variants.js").FileKind} */ kind) => this.#file(kind);
    new TakeAlong({ make, settings, toasts }, signal);
    const click = (/** @type {string} */ id, /** @type {() => unknown} */ action) =>
      element(id, HTMLButtonElement).addEventListener("click", action, { signal });
    click("augment-detail-close", () => this.#dialog.close());
    click("augment-detail-previous", () => this.#turnPage(-1));
    click("augment-detail-next", () => this.#turnPage(1));
    click("augment-detail-reset", () => this.#variant && this.#show(this.#variant));
    click("augment-detail-use", () => this.#take());
    click("augment-detail-copy-record", () => this.#copyRecord());
    click("augment-detail-replay", () => this.#prove());
    click("augment-detail-classify", () => this.#classify());
    whenClosed(this.#dialog, () => this.#close(), signal);
    signal.addEventListener("abort", () => this.#dialog.close());
  }

  /**
   * @param {Variant} variant
   * @param {SourcePicture} source what it was made of
   */
  open(variant, source) {
    if (this.#source !== source) {
      this.#source = source;
      this.#held = this.#options.lab.hold(source.picture);
      this.#before = null;
      this.#live?.close();
      this.#live = null;
    }
    this.#comparison.reset();
    this.#histogram.clear();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#title.focus({ preventScroll: true });
    this.#show(variant);
  }

  close() {
    this.#dialog.close();
  }

  /** @param {Variant} variant */
  async #show(variant) {
    if (!this.#held || !this.#source) return;
    this.#variant = variant;
    this.#edited = false;
    this.#pipeline = editable(variant.job.pipeline, variant.record);
    this.#live ??= this.#options.lab.live(this.#held);
    this.#shown = null;
    clearTimeout(this.#resting);
    this.#error.textContent = "";
    this.#proof.textContent = "";
    this.#title.textContent = variant.job.title ?? "Variant";
    this.#facts.textContent = "";
    this.#steps.replaceChildren();
    this.#dropForm();
    this.#path = "";
    this.#ready(false);
    const turn = ++this.#turn;
    try {
      if (variant.preview) this.#comparison.show({ after: { width: variant.width, height: variant.height, preview: variant.preview } });
      this.#before ??= await this.#plain();
      if (turn !== this.#turn) return;
      this.#comparison.show({ before: shownOf(this.#before) });
      await this.#make(true);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** The picture itself, in the form in which variants come. */
  async #plain() {
    const plain = { pipeline: [], seed: "0", index: 0 };
    const held = /** @type {HeldPicture} */ (this.#held);
    for await (const made of this.#options.lab.variants(held, [plain])) {
      if ("error" in made) throw made.error;
      return made;
    }
    throw new Error("The picture could not be shown.");
  }

  /** @returns {Job} */
  get #job() {
    const { job } = /** @type {Variant} */ (this.#variant);
    return this.#edited ? { ...job, pipeline: this.#pipeline } : job;
  }

  /** @param {boolean} exact with all pixels, whatever that takes */
  async #make(exact) {
    const { width = 0, height = 0 } = this.#held ?? {};
    const whole = exact || width * height <= LIVE_PIXELS;
    const started = performance.now();
    const turn = this.#turn;
    clearTimeout(this.#resting);
    const made = await this.#live?.request(this.#job, whole ? 0 : LIVE_SIDE);
    // Nobody waits for it, if another variant was turned to.
    if (!made || turn !== this.#turn) return;
    this.#shown = { made, exact: whole };
    this.#dialog.dataset.count = String(Number(this.#dialog.dataset.count ?? 0) + 1);
    this.#dialog.dataset.exact = String(whole);
    this.#comparison.show({ after: shownOf(made) });
    this.#error.textContent = "";
    const took = performance.now() - started;
    if (this.#dialog.dataset.state !== "done") this.#say(made, took);
    this.#follow(made, took);
    if (!whole) this.#resting = setTimeout(() => this.#make(true).catch((error) => this.#fail(error)), REST);
  }

  /** @param {Made} made @param {number} milliseconds */
  #say(made, milliseconds) {
    const { seed, index } = made.job;
    const size = `${count(made.width)} × ${count(made.height)}`;
    this.#facts.textContent = `${size} px, seed ${seed}, index ${index}, made in ${duration(milliseconds)}`;
    this.#record.show(made.record);
    this.#proof.textContent = "";
    this.#listSteps(made);
    this.#ready(true);
    const { record, width, height } = made;
    const source = /** @type {SourcePicture} */ (this.#source);
    this.#options.overlay?.(this.#comparison.overlay, { record, width, height, source });
  }

  /** Words and figures wait until the picture stands still for a moment. @param {Made} made @param {number} took */
  #follow(made, took) {
    clearTimeout(this.#figures);
    this.#figures = setTimeout(() => {
      if (!this.#dialog.open || this.#shown?.made !== made) return;
      this.#say(made, took);
      if (this.#held) this.#says.show(this.#held, made.job);
      const [before, after] = [this.#before?.preview, made.preview];
      if (this.#shown.exact && before && after) this.#histogram.show(before, after);
    }, FIGURES);
  }

  /**
   * A button for each step that ran; the chosen one's parameters are below.
   *
   * @param {Made} made
   */
  #listSteps({ record }) {
    const paths = record.map(({ path }) => path.join("."));
    const known = [...this.#steps.querySelectorAll("button")].map(({ dataset }) => dataset.path);
    if (JSON.stringify(paths) !== JSON.stringify(known)) {
      this.#steps.replaceChildren(
        ...record.map(({ transform, path }) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "button button--small";
          button.textContent = transform;
          button.dataset.path = path.join(".");
          button.addEventListener("click", () => this.#choose(path));
          return button;
        }),
      );
    }
    // A step that does not run any more keeps its form, or nobody could bring it back.
    if (!this.#form && record[0]) this.#choose(record[0].path);
    else this.#mark();
    if (record.length === 0 && !this.#form) this.#slot.textContent = "No step ran on this variant, so there is nothing to adjust.";
  }

  /** @param {number[]} path */
  #choose(path) {
    const step = stepAt(this.#pipeline, path);
    if (!step) return;
    this.#dropForm();
    this.#slot.textContent = "";
    this.#path = path.join(".");
    this.#form = this.#options.parameters(this.#slot, step, (changed) => this.#edit(path, changed));
    this.#mark();
  }

  #mark() {
    for (const button of this.#steps.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.path === this.#path));
    }
  }

  /**
   * @param {number[]} path
   * @param {Step} step
   */
  async #edit(path, step) {
    putStep(this.#pipeline, path, structuredClone(step));
    this.#edited = true;
    this.#reset.disabled = false;
    const turn = this.#turn;
    try {
      await this.#make(false);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const message = reasonOf(error);
    const field = /** @type {{ detail?: { field?: string } }} */ (error)?.detail?.field;
    this.#error.textContent = message;
    if (field) this.#form?.fail(field.split(".").at(-1) ?? field, message);
  }

  /** @param {number} by */
  #turnPage(by) {
    const next = this.#options.step(by);
    if (next) this.#show(next);
    else this.#options.status.say(by < 0 ? "This is the first variant." : "This is the last variant.");
  }

  #take() {
    const { record } = this.#shown?.made ?? { record: [] };
    const steps = record.flatMap(({ path }) => stepAt(this.#pipeline, path) ?? []);
    this.#options.use(structuredClone(steps));
    const what = steps.length === 1 ? `${steps[0]?.transform} was` : `${count(steps.length)} steps were`;
    this.#options.toasts.show(`${what} added to your pipeline.`);
    this.#dialog.close();
  }

  async #copyRecord() {
    try {
      await copyText(JSON.stringify(this.#shown?.made.record ?? [], null, 2));
      this.#options.toasts.show("Record copied.");
    } catch (error) {
      this.#options.toasts.show(reasonOf(error), "error");
    }
  }

  /** Runs the record again, apart from what is shown, and compares every value. */
  async #prove() {
    const { made, exact } = this.#shown ?? {};
    if (!made?.preview || !exact || !this.#source) return;
    const turn = this.#turn;
    this.#proof.textContent = "Replaying …";
    try {
      const again = await this.#options.lab.replay(this.#source.picture, made.record);
      // Meanwhile something else may be shown.
      if (turn !== this.#turn || this.#shown?.made !== made) return;
      const sized = again.width === made.width && again.height === made.height;
      const apart = sized ? differing(again, made.preview.data) : null;
      this.#proof.textContent =
        apart === null
          ? `Replayed: the size is another, ${again.width} × ${again.height}.`
          : apart === 0
            ? `Replayed from the record: all ${count(again.data.length)} values are the same.`
            : `Replayed from the record: ${count(apart)} of ${count(again.data.length)} values differ.`;
    } catch (error) {
      if (turn === this.#turn) this.#proof.textContent = reasonOf(error);
    }
  }

  /** Sends the variant, with all its pixels, to the Classify place. */
  async #classify() {
    const job = this.#job;
    try {
      for await (const made of this.#options.lab.variants(/** @type {HeldPicture} */ (this.#held), [job])) {
        if ("error" in made) throw made.error;
        const { width, height, data } = /** @type {import("../lab/variants.js").Preview} */ (made.preview);
        const name = `${this.#source?.name ?? "Picture"}, ${job.title ?? "variant"}`;
        const picture = { width, height, channels: /** @type {const} */ (4), data: new Uint8Array(data) };
        this.#dialog.close();
        await this.#options.classify({ name, picture, origin: { kind: "place" }, notes: [] });
      }
    } catch (error) {
      this.#options.toasts.show(reasonOf(error), "error");
    }
  }

  /** @param {import("../lab/variants.js").FileKind} file */
  async #file(file) {
    const job = this.#job;
    const held = /** @type {HeldPicture} */ (this.#held);
    for await (const made of this.#options.lab.variants(held, [job], { file })) {
      if ("error" in made) throw made.error;
      const stem = (this.#source?.name ?? "picture").replace(/\.[a-z0-9]{1,5}$/i, "").replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 60);
      return { bytes: /** @type {Uint8Array<ArrayBuffer>} */ (made.file), name: `${stem}-seed${job.seed}-variant${job.index}` };
    }
    throw new Error("The picture could not be made.");
  }

  /** @param {boolean} ready */
  #ready(ready) {
    this.#use.disabled = !ready || (this.#shown?.made.record.length ?? 0) === 0;
    this.#replay.disabled = !ready || !this.#shown?.exact;
    this.#reset.disabled = !this.#edited;
    this.#dialog.dataset.state = ready ? "done" : "busy";
  }

  #dropForm() {
    this.#form?.remove();
    this.#form = null;
    this.#slot.replaceChildren();
  }

  #close() {
    // The event comes late: it may be open again.
    if (this.#dialog.open) return;
    this.#turn += 1;
    clearTimeout(this.#resting);
    clearTimeout(this.#figures);
    this.#live?.close();
    this.#live = null;
    this.#shown = null;
    this.#before = null;
    this.#source = null;
    this.#held = null;
    this.#dropForm();
    this.#says.clear();
    this.#comparison.reset();
    this.#options.overlay?.(this.#comparison.overlay, null);
    delete this.#dialog.dataset.state;
  }
}

/** @param {Made} made */
const shownOf = ({ width, height, preview }) => ({ width, height, preview: /** @type {import("../lab/variants.js").Preview} */ (preview) });

/**
 * How many values of a picture are not those that are shown.
 *
 * @param {import("../lab/digitlab.js").Changed} picture
 * @param {Uint8ClampedArray} shown RGBA
 */
function differing({ channels, data }, shown) {
  let apart = 0;
  for (let at = 0; at < data.length; at++) {
    const place = 4 * Math.floor(at / channels) + (at % channels);
    if (data[at] !== shown[place]) apart += 1;
  }
  return apart;
}
