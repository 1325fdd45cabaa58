import { reasonOf } from "../lab/errors.js";
import { checkedSeed } from "../ui/checked_seed.js";
import { ChoiceField } from "../ui/choice_field.js";
import { CountField } from "../ui/count_field.js";
import { element, hideFrom } from "../ui/elements.js";
import { ProgressBar } from "../ui/progress.js";
import { SeedField } from "../ui/seed_field.js";
import { Tiles } from "../ui/tiles.js";
import { WallSays } from "./wall_says.js";
import { WallTile } from "./wall_tile.js";

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {import("./types.js").Variant} Variant */
/** @typedef {import("./types.js").Job} Job */
/** @typedef {"each" | "mine"} WallMode */
/** @typedef {{ picture: SourcePicture, mode?: WallMode, pipeline: import("../lab/digitlab.js").Pipeline, seed?: string }} WallRequest */

/** Pixels of previews that are kept while they are out of sight. */
const KEEP = 16_000_000;
const DEFAULT_COUNT = 24;
/** Sharper than this, nobody sees the difference. */
const MOST_DENSITY = 2;

/** The wall: many variants of one picture, each with what made it. Only what is in sight is made. */
export class Wall {
  #root = element("augment-wall", HTMLElement);
  #frame = element("augment-wall-grid", HTMLElement);
  #error = element("augment-wall-error", HTMLElement);
  #again = element("augment-wall-again", HTMLButtonElement);
  #empty = element("augment-wall-empty", HTMLElement);
  #original = element("augment-wall-original", HTMLCanvasElement);
  #name = element("augment-wall-name", HTMLElement);
  #lab;
  #status;
  #progress;
  #mode;
  #count;
  #seed;
  #says;
  /** @type {Tiles<WallTile>} */
  #tiles;
  /** @type {Promise<import("../lab/digitlab.js").TransformInfo[]> | null} */
  #known = null;
  /** @type {WallRequest | null} */
  #request = null;
  #key = "";
  /** @type {Job[]} */
  #jobs = [];
  /** @type {{ of: SourcePicture, held: import("../lab/held_picture.js").HeldPicture } | null} */
  #held = null;
  /** @type {AbortController | null} */
  #pass = null;
  #turn = 0;
  #side = 0;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/status.js").Status} options.status
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {import("./model_says.js").ModelSays} options.says
   * @param {(variant: Variant) => void} options.open called when a tile is chosen
   * @param {() => void} options.sized called when the person has changed the mode, the number or the seed
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, status, says, open, sized }, signal) {
    this.#lab = lab;
    this.#says = new WallSays({ says, status }, signal);
    this.#status = status;
    this.#progress = new ProgressBar(element("augment-wall-progress", HTMLElement), signal);
    const edited = () => {
      settings.set("wall-mode", this.mode);
      settings.set("wall", this.count);
      if (this.#request) this.#begin();
      sized();
    };
    this.#mode = new ChoiceField(element("augment-wall-mode", HTMLElement), edited, signal);
    const countError = element("augment-wall-count-error", HTMLElement);
    this.#count = new CountField(element("augment-wall-count", HTMLInputElement), countError, edited, signal);
    const seed = {
      input: element("augment-wall-seed", HTMLInputElement),
      dice: element("augment-wall-seed-dice", HTMLButtonElement),
      lock: element("augment-wall-seed-lock", HTMLButtonElement),
    };
    this.#seed = new SeedField(seed, { draw: () => lab.randomSeed(), edited, settings }, signal);
    this.#tiles = new Tiles(
      this.#frame,
      {
        make: (index) => new WallTile(index),
        changed: () => this.#go(),
        open: (index) => this.#choose(index, open),
        forgetful: () => this.#side ** 2 * this.#tiles.all.length > KEEP,
      },
      signal,
    );
    this.#again.addEventListener("click", () => this.#begin(), { signal });
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(this.#frame);
    signal.addEventListener("abort", () => {
      resize.disconnect();
      this.pause();
    });
    this.#mode.text = settings.get("wall-mode", "each");
    this.count = settings.get("wall", DEFAULT_COUNT);
    this.#seed.roll();
  }

  get mode() {
    return this.#mode.text === "mine" ? "mine" : "each";
  }

  /** @param {WallMode} mode */
  set mode(mode) {
    this.#mode.text = mode;
  }

  /** How many variants of the pipeline there are; of the transforms, there is one of each. */
  get count() {
    return this.#count.value ?? DEFAULT_COUNT;
  }

  set count(count) {
    this.#count.text = String(count);
  }

  get seed() {
    return this.#seed.text.trim();
  }

  set seed(seed) {
    this.#seed.text = seed;
  }

  /**
   * Shows variants. What stays the same is not made again.
   *
   * @param {WallRequest} request without a mode or a seed, those of the wall's own fields hold
   */
  show(request) {
    if (request.mode) this.mode = request.mode;
    if (request.seed !== undefined) this.seed = request.seed;
    if (this.#held?.of !== request.picture) {
      this.#held = { of: request.picture, held: this.#lab.hold(request.picture.picture) };
      this.#key = "";
    }
    this.#request = request;
    this.#begin();
  }

  /** Says what the model reads in the variants in sight, or takes it away: whether it is wanted has changed. */
  tell() {
    if (this.#held && this.#root.dataset.state !== "busy") void this.#says.tell(this.#held.held, this.#jobs, this.#tiles.all);
  }

  /** Stops what is being made: the pipeline is being edited, or nobody looks. */
  pause() {
    this.#turn += 1;
    this.#pass?.abort();
    this.#pass = null;
    this.#says.pause();
    // What comes into sight is not made either, until something is shown again.
    if (this.#root.dataset.state === "busy") this.#root.dataset.state = "paused";
    this.#progress.stop(this.#frame);
  }

  /**
   * The variant before or after the one that was opened.
   *
   * @param {number} by
   * @returns {Variant | null} null past the ends
   */
  step(by) {
    const to = this.#tiles.current + by;
    const job = this.#jobs[to];
    if (!job) return null;
    this.#tiles.current = to;
    this.#tiles.all[to]?.root.scrollIntoView({ block: "nearest" });
    return this.#at(to, job);
  }

  /**
   * The variant of a tile, made or not.
   *
   * @param {number} index
   * @param {Job} job
   * @returns {Variant}
   */
  #at(index, job) {
    return this.#tiles.all[index]?.variant ?? { job, record: [], width: 0, height: 0 };
  }

  /** Where the focus belongs when the large view is closed. */
  focus() {
    this.#tiles.rove(this.#tiles.current);
  }

  async #begin() {
    const request = this.#request;
    if (!request || checkedSeed(this.#seed) === null) return;
    const each = this.mode === "each";
    this.#root.dataset.mode = this.mode;
    this.#count.disabled = each;
    const key = JSON.stringify([this.mode, this.seed, each ? null : request.pipeline]);
    const same = key === this.#key;
    if (same && (each || this.#jobs.length === this.count)) return this.#draw();
    this.pause();
    const turn = this.#turn;
    try {
      const jobs = each ? await this.#ofEach() : this.#ofMine(request);
      if (turn !== this.#turn) return;
      this.#jobs = jobs;
    } catch (error) {
      if (turn === this.#turn) this.#say("error", reasonOf(error));
      return;
    }
    this.#key = key;
    this.#tiles.count = this.#jobs.length;
    this.#jobs.forEach(({ title }, at) => {
      const tile = this.#tiles.all[at];
      if (!tile || (same && tile.drawn)) return;
      if (!same) tile.outdate();
      tile.title = title ?? "";
    });
    this.#empty.hidden = each || hasSteps(request.pipeline);
    this.#name.textContent = `${request.picture.name}, ${request.picture.picture.width} × ${request.picture.picture.height}`;
    this.#measure();
    this.#draw();
  }

  /** @returns {Promise<Job[]>} */
  async #ofEach() {
    this.#known ??= this.#lab.transforms().then(({ transforms }) => transforms);
    this.#known.catch(() => (this.#known = null));
    return (await this.#known).map(({ name, example }, index) => ({
      title: name,
      pipeline: [{ transform: name, p: 1, ...example }],
      seed: this.seed,
      index,
    }));
  }

  /** @param {WallRequest} request */
  #ofMine({ pipeline }) {
    return Array.from({ length: this.count }, (_, index) => ({ title: `Variant ${index}`, pipeline, seed: this.seed, index }));
  }

  /** Goes on with what is in sight, unless the person stopped it or it failed. */
  #go() {
    const { state } = this.#root.dataset;
    if (this.#request && (state === "done" || state === "busy")) this.#draw();
  }

  async #draw() {
    const { picture } = this.#request ?? {};
    if (!picture || !this.#held || this.#pass || this.#jobs.length === 0) return;
    const pass = (this.#pass = new AbortController());
    this.#say("busy");
    // Before this, nothing of it may be laid out.
    this.#measure();
    this.#progress.start("Making variants", () => this.#cancel());
    const total = () => this.#tiles.all.filter(({ near, drawn }) => near || drawn).length;
    try {
      const options = { fit: this.#side, signal: pass.signal };
      await this.#drawOriginal(options);
      /** Those that are being made. @type {Set<Job>} */
      const asked = new Set();
      for (;;) {
        let made = 0;
        for await (const variant of this.#lab.variants(this.#held.held, this.#missing(asked), options)) {
          if (pass.signal.aborted) return;
          const tile = this.#tiles.all[this.#jobs.indexOf(variant.job)];
          if ("error" in variant) tile?.fail(this.#refusal(variant.error.message));
          else tile?.draw(variant, picture.picture);
          asked.delete(variant.job);
          made += 1;
          const done = this.#tiles.all.filter(({ drawn }) => drawn).length;
          this.#progress.update({ done, total: Math.max(done, total()), unit: "variants" }, "Making variants");
        }
        if (made === 0) break;
      }
      if (pass.signal.aborted) return;
      this.#say("done");
      this.#status.say(`${this.#tiles.all.length} variants of ${picture.name}.`, 500);
      this.tell();
    } catch (error) {
      if (!pass.signal.aborted) this.#say("error", reasonOf(error));
    } finally {
      if (this.#pass === pass) {
        this.#pass = null;
        this.#progress.stop(this.#again.hidden ? this.#frame : this.#again);
      }
    }
  }

  /**
   * What is in sight and not made yet, looked for when the workers have room for it.
   *
   * @param {Set<Job>} asked
   */
  *#missing(asked) {
    for (;;) {
      const at = this.#tiles.all.findIndex((tile, at) => tile.near && !tile.drawn && !asked.has(this.#jobs[at]));
      const job = this.#jobs[at];
      if (!job) return;
      asked.add(job);
      yield job;
    }
  }

  /** A lone step needs no place in its list. @param {string} message */
  #refusal(message) {
    return this.mode === "each" ? message.replace(/^transforms\[0\]\./, "") : message;
  }

  /** @param {{ fit: number, signal: AbortSignal }} options */
  async #drawOriginal(options) {
    if (!this.#held || Number(this.#original.dataset.number) === this.#held.held.number) return;
    const plain = [{ pipeline: [], seed: "0", index: 0 }];
    for await (const made of this.#lab.variants(this.#held.held, plain, options)) {
      if ("error" in made) throw made.error;
      if (!made.preview) return;
      const { width, height, data } = made.preview;
      this.#original.width = width;
      this.#original.height = height;
      this.#original.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
      this.#original.classList.toggle("pixels", width === made.width);
      this.#original.dataset.number = String(this.#held.held.number);
    }
  }

  /**
   * @param {number} index
   * @param {(variant: Variant) => void} open
   */
  #choose(index, open) {
    const job = this.#jobs[index];
    if (!job) return;
    this.#tiles.current = index;
    open(this.#at(index, job));
  }

  #cancel() {
    this.#say("cancelled");
    this.pause();
  }

  /** The size of previews follows the size of tiles. */
  #measure() {
    const { picture } = this.#request ?? {};
    const columns = getComputedStyle(this.#frame).gridTemplateColumns.split(" ");
    const width = Number.parseFloat(columns[0] ?? "") || 0;
    this.#side = Math.max(64, Math.round(width * Math.min(MOST_DENSITY, devicePixelRatio)));
    if (!picture) return;
    const ratio = Math.min(4 / 3, Math.max(3 / 4, picture.picture.width / picture.picture.height));
    this.#root.style.setProperty("--wall-ratio", String(ratio));
  }

  /**
   * @param {"busy" | "done" | "cancelled" | "error"} state
   * @param {string} [message]
   */
  #say(state, message = "") {
    this.#root.dataset.state = state;
    this.#frame.setAttribute("aria-busy", String(state === "busy"));
    this.#error.textContent = message;
    if (state === "cancelled" || state === "error") this.#again.hidden = false;
    else hideFrom(this.#again, this.#frame);
  }
}

/**
 * A preset always has steps.
 *
 * @param {import("../lab/digitlab.js").Pipeline} pipeline
 */
function hasSteps(pipeline) {
  if (typeof pipeline === "string") return true;
  const steps = Array.isArray(pipeline) ? pipeline : /** @type {{ transforms?: unknown }} */ (pipeline).transforms;
  return Array.isArray(steps) && steps.length > 0;
}
