import { reasonOf } from "../lab/errors.js";
import { CountField } from "../ui/count_field.js";
import { element, hideFrom } from "../ui/elements.js";
import { ProgressBar } from "../ui/progress.js";
import { TileGrid } from "./tile_grid.js";

/** Typing comes first: the sheet waits until it pauses. */
const PAUSE = 250;
/** Pictures asked for at once, and their pixels: enough for all workers, little enough to follow a fast scroll. */
const BATCH = 48;
const BATCH_PIXELS = 1 << 22;
const HEIGHT = 28;
const DEFAULT_COUNT = 24;

/**
 * Many variants of one request. Every tile has its place at once; only those near the window are drawn, so a thousand
 * cost no more than a screenful.
 */
export class VariantSheet {
  #root = element("sheet", HTMLElement);
  #error = element("sheet-error", HTMLElement);
  #redraw = element("sheet-redraw", HTMLButtonElement);
  #progress;
  #grid;
  #count;
  #lab;
  /** @type {import("../lab/digitlab.js").SequenceRequest | null} */
  #request = null;
  #key = "";
  /** Whether the tiles know of the request yet. */
  #begun = false;
  #widest = 0;
  #timer = 0;
  /** @type {AbortController | null} */
  #job = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {(index: number) => void} options.open
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, open }, signal) {
    this.#lab = lab;
    this.#progress = new ProgressBar(element("sheet-progress", HTMLElement), signal);
    const changed = () => this.#begun && this.#go();
    this.#grid = new TileGrid(element("sheet-grid", HTMLElement), { changed, open }, signal);
    const resize = (/** @type {number} */ count) => {
      settings.set("sheet", count);
      this.#grid.count = count;
    };
    const message = element("sheet-count-error", HTMLElement);
    this.#count = new CountField(element("sheet-count", HTMLInputElement), message, resize, signal);
    this.#count.text = String(settings.get("sheet", DEFAULT_COUNT));
    this.#grid.count = this.#count.value ?? DEFAULT_COUNT;
    this.#redraw.addEventListener("click", () => this.#draw(), { signal });
    signal.addEventListener("abort", () => this.pause());
  }

  /** Stops drawing, because the request is being edited. */
  pause() {
    clearTimeout(this.#timer);
    this.#job?.abort();
    this.#job = null;
    this.#progress.stop(this.#redraw);
  }

  /**
   * Keeps the room the tiles will take, so that nothing moves when they come.
   *
   * @param {number} widest
   */
  reserve(widest) {
    if (Number.isFinite(widest)) this.#grid.widest = widest;
  }

  /**
   * @param {import("../lab/digitlab.js").SequenceRequest | null} request null: it is wrong or empty now
   * @param {number} widest how wide a picture of it can be
   * @param {unknown} source changes with the digits' source
   */
  show(request, widest, source) {
    this.pause();
    if (!request) {
      this.#key = "";
      this.#request = null;
      this.#root.toggleAttribute("data-stale", true);
      return;
    }
    const { index, ...shared } = request;
    this.#grid.current = Number(index ?? 0);
    const key = JSON.stringify([shared, source]);
    if (key !== this.#key) {
      this.#key = key;
      this.#request = shared;
      this.#widest = widest;
      this.#begun = false;
    }
    this.#timer = setTimeout(() => (this.#begun ? this.#go() : this.#begin()), PAUSE);
  }

  #begin() {
    this.#begun = true;
    this.#grid.outdate(String(this.#request?.number ?? ""));
    this.#grid.widest = this.#widest;
    this.#root.toggleAttribute("data-stale", false);
    this.#draw();
  }

  /** Goes on with what is in sight, unless the person stopped it or it failed. */
  #go() {
    const state = this.#root.dataset.state;
    if (state === "done" || state === "busy") this.#draw();
  }

  async #draw() {
    const request = this.#request;
    if (!request || this.#job) return;
    const job = (this.#job = new AbortController());
    const most = Math.min(BATCH, Math.max(1, Math.floor(BATCH_PIXELS / (HEIGHT * this.#widest))));
    this.#say("busy");
    this.#progress.start("Drawing variants", () => this.#cancel());
    try {
      for (let range = this.#grid.missing(most); range; range = this.#grid.missing(most)) {
        const batch = this.#lab.generateMany(request, {
          ...range,
          signal: job.signal,
          onProgress: (progress) => this.#progress.update(progress),
        });
        for await (const sequence of batch) {
          if (job.signal.aborted) return;
          this.#grid.draw(sequence);
        }
      }
      this.#say("done");
    } catch (error) {
      if (job.signal.aborted) return;
      this.#say("error", reasonOf(error));
    } finally {
      if (this.#job === job) {
        this.#job = null;
        this.#progress.stop(this.#redraw);
      }
    }
  }

  #cancel() {
    this.#say("cancelled");
    this.pause();
  }

  /**
   * @param {"busy" | "done" | "cancelled" | "error"} state
   * @param {string} [message]
   */
  #say(state, message = "") {
    this.#root.dataset.state = state;
    this.#error.textContent = message;
    if (state === "cancelled" || state === "error") this.#redraw.hidden = false;
    else hideFrom(this.#redraw, this.#count.control);
  }
}
