import { reasonOf } from "../lab/errors.js";
import { PictureSource } from "../source/picture_source.js";
import { copyLink } from "../ui/copy_link.js";
import { element } from "../ui/elements.js";
import { KeptAddress } from "../ui/kept_address.js";
import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { fromQuery, toQuery } from "./augment_address.js";
import { CompanionsField } from "./companions_field.js";
import { Detail } from "./detail.js";
import { looksLikeDigit } from "./looks_like_digit.js";
import { ModelSays } from "./model_says.js";
import { Overlays } from "./overlays.js";
import { ParameterForm } from "./parameter_form.js";
import { PipelineBuilder } from "./pipeline_builder.js";
import { Surprise } from "./surprise.js";
import { VariantsExport } from "./variants_export.js";
import { Wall } from "./wall.js";

/** Sliders move first: the wall waits until they rest. */
const WALL_DELAY = 200;
/** What works on the picture waits so long, in milliseconds, for the first one. */
const OPENING = 1_000;
/** Where the last address is kept for the next visit. */
const LAST = "augment";
/** What whoever comes for the first time sees. */
const FIRST_SAMPLE = "spheres";

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 * @property {(picture: SourcePicture) => Promise<void>} send to the Classify place
 */

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {import("./types.js").Step} Step */

/** The Augment view: from a picture and a pipeline to a wall of variants. */
export class AugmentView {
  #shell;
  #signal;
  #source;
  #builder;
  #says;
  #wall;
  #surprise;
  #detail;
  #export;
  #companions;
  #overlays;
  #classify = element("augment-classify", HTMLButtonElement);
  /** @type {SourcePicture[]} */
  #pictures = [];
  /** @type {import("../lab/digitlab.js").TransformInfo[]} */
  #transforms = [];
  #address;
  #opened = false;
  #wallTimer = 0;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#address = new KeptAddress(() => this.#keep(), signal);
    this.#signal = signal;
    const { lab, settings, toasts, status } = shell;
    this.#source = new PictureSource(
      { id: "augment-source", place: "augment", lab, settings, toasts, status, picked: (pictures) => this.#picked(pictures) },
      signal,
    );
    this.#builder = new PipelineBuilder({ lab, settings, toasts, status, changed: () => this.#pipelineChanged() }, signal);
    this.#says = new ModelSays({ lab, changed: () => this.#asked() }, signal);
    this.#wall = new Wall(
      { lab, settings, status, toasts, says: this.#says, open: (variant) => this.#open(variant), sized: () => this.#sized() },
      signal,
    );
    this.#surprise = new Surprise(
      { lab, status, another: () => this.#another(), open: (variant) => this.#open(variant), use: (step) => this.#use([step]) },
      signal,
    );
    this.#companions = new CompanionsField({ lab, settings, status, changed: () => this.#overlays.refresh() }, signal);
    this.#overlays = new Overlays({ lab, companions: this.#companions, status }, signal);
    this.#detail = new Detail(
      {
        lab,
        settings,
        status,
        toasts,
        says: this.#says,
        parameters: (slot, step, changed) => this.#parameters(slot, step, changed),
        overlay: (slot, shown) => this.#overlays.show(slot, shown),
        use: (steps) => this.#use(steps),
        step: (by) => this.#wall.step(by),
        classify: (picture) => shell.send(picture),
      },
      signal,
    );
    this.#export = new VariantsExport({ lab, settings }, signal);
    this.#classify.addEventListener("click", () => this.#send(), { signal });
    element("augment-link", HTMLButtonElement).addEventListener("click", () => this.#copyLink(), { signal });
    lab.transforms().then(
      ({ transforms }) => (this.#transforms = transforms),
      () => {},
    );
  }

  /**
   * Shows what an address asks for; an empty one brings back the last one, or the first sample.
   *
   * @param {string} query
   */
  async open(query) {
    if (!query && this.#opened) return this.#address.now();
    const last = recall(LAST);
    const reloaded = this.#opened ? null : recallReloaded(LAST);
    const { state, wrong } = fromQuery((query && reloaded) || query || last || "");
    this.#opened = true;
    for (const sentence of wrong) this.#shell.toasts.show(sentence, "error");
    if (state.pipeline) this.#builder.pipeline = state.pipeline;
    this.#wall.mode = state.mode ?? (state.pipeline ? "mine" : "each");
    if (state.seed) this.#wall.seed = state.seed;
    if (state.count) this.#wall.count = state.count;
    this.#says.model = state.says ?? "default";
    this.#says.on = state.says !== null;
    this.#show();
    const first = query || last !== null ? null : { sample: FIRST_SAMPLE };
    const origin = state.origin ?? first;
    const settled = () => delete element("augment-parts", HTMLElement).dataset.opening;
    setTimeout(settled, OPENING);
    if (origin) await this.#source.open(origin);
    settled();
  }

  /**
   * A picture from another place of the page.
   *
   * @param {SourcePicture} picture
   */
  take(picture) {
    this.#opened = true;
    this.#source.take(picture);
  }

  /**
   * A file from outside the page.
   *
   * @param {File} file
   */
  takeFile(file) {
    this.#opened = true;
    this.#source.takeFile(file);
  }

  /** @param {SourcePicture[]} pictures */
  #picked(pictures) {
    this.#pictures = pictures;
    const [current] = pictures;
    this.#builder.picture = current?.picture ?? null;
    this.#builder.digit = current ? looksLikeDigit(current.picture) : false;
    this.#companions.picture = current ? { ...current.picture, name: current.name } : null;
    this.#show();
    this.#address.soon();
  }

  #pipelineChanged() {
    // Whoever edits the pipeline wants to see what it does.
    if (this.#opened && this.#hasSteps) this.#wall.mode = "mine";
    this.#wall.pause();
    clearTimeout(this.#wallTimer);
    this.#wallTimer = setTimeout(() => this.#show(), WALL_DELAY);
    this.#address.soon();
  }

  #sized() {
    this.#show();
    this.#address.soon();
  }

  /** Somebody wants to know what a model says, or not any more. */
  #asked() {
    this.#wall.tell();
    this.#address.soon();
  }

  #another() {
    this.#wall.seed = this.#shell.lab.randomSeed();
    this.#sized();
  }

  get #hasSteps() {
    return this.#builder.pipeline.transforms.length > 0;
  }

  #show() {
    clearTimeout(this.#wallTimer);
    const [picture] = this.#pictures;
    const { pipeline } = this.#builder;
    const { mode, seed } = this.#wall;
    element("augment-parts", HTMLElement).toggleAttribute("data-empty", !picture);
    void this.#surprise.show(picture && mode === "each" ? picture : null, seed);
    this.#classify.disabled = !picture;
    const measured = this.#hasSteps ? `?${new URLSearchParams({ pipeline: JSON.stringify(pipeline) })}` : "";
    element("augment-robustness", HTMLAnchorElement).href = `#/robustness${measured}`;
    this.#export.show(picture && this.#hasSteps ? { pictures: this.#pictures, pipeline, seed } : null);
    if (picture) this.#wall.show({ picture, pipeline });
  }

  /** @param {import("./types.js").Variant} variant */
  #open(variant) {
    const [picture] = this.#pictures;
    if (picture) this.#detail.open(variant, picture);
  }

  /** @param {Step[]} steps */
  #use(steps) {
    for (const step of steps) this.#builder.add(step);
    const names = steps.map(({ transform }) => transform).join(", ");
    this.#shell.toasts.show(`${names} added to your pipeline.`);
  }

  /**
   * @param {HTMLElement} slot
   * @param {Step} step
   * @param {(step: Step) => void} changed
   */
  #parameters(slot, step, changed) {
    const listening = new AbortController();
    const info = this.#transforms.find(({ name }) => name === step.transform);
    const form = info && new ParameterForm(slot, { info, changed }, AbortSignal.any([listening.signal, this.#signal]));
    if (form) form.step = step;
    return {
      fail: (/** @type {string} */ field, /** @type {string} */ message) => void form?.fail(field, message),
      remove: () => {
        listening.abort();
        slot.replaceChildren();
      },
    };
  }

  /** The query of what is on the page now. */
  get #query() {
    return toQuery({
      origin: this.#source.origin,
      mode: this.#wall.mode,
      seed: this.#wall.seed,
      count: this.#wall.mode === "mine" ? this.#wall.count : null,
      pipeline: this.#hasSteps ? this.#builder.pipeline : null,
      says: this.#says.on ? this.#says.model : null,
    });
  }

  async #send() {
    const [picture] = this.#pictures;
    try {
      if (picture) await this.#shell.send(picture);
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  async #copyLink() {
    this.#address.now();
    const note = this.#source.origin ? "It restores picture, pipeline and seed." : "It restores pipeline and seed; the picture stays with you.";
    await copyLink("augment", this.#query, note, this.#shell.toasts);
  }

  /** Writes the state into the address and keeps it for the next visit. */
  #keep() {
    if (!this.#opened) return;
    this.#shell.replaceAddress(this.#query);
    remember(LAST, this.#query);
    rememberInTab(LAST, this.#query);
  }
}
