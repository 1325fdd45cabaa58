import { CountField } from "./count_field.js";
import { element } from "./elements.js";
import { ProgressBar } from "./progress.js";
import { roveTo } from "./roving.js";
import { VariantTile } from "./variant_tile.js";

/** Typing comes first: the sheet waits until it pauses. */
const PAUSE = 250;
/** Pictures asked for at once, and their pixels: enough for all workers, little enough to follow a fast scroll. */
const BATCH = 48;
const BATCH_PIXELS = 1 << 22;
/** Pixels of pictures kept while they are out of sight. */
const KEEP = 16_000_000;
const DEFAULT_COUNT = 24;

/**
 * Many variants of one request. Every tile has its place at once; only those near the window are drawn, so a thousand
 * cost no more than a screenful.
 */
export class VariantSheet {
  #root = element("sheet", HTMLElement);
  #grid = element("sheet-grid", HTMLElement);
  #error = element("sheet-error", HTMLElement);
  #redraw = element("sheet-redraw", HTMLButtonElement);
  #progress;
  #observer;
  #lab;
  /** @type {VariantTile[]} */
  #tiles = [];
  /** @type {import("../lab/digitlab.js").SequenceRequest | null} */
  #request = null;
  #key = "";
  #current = 0;
  #scale = 1;
  #widest = 0;
  #timer = 0;
  /** @type {AbortController | null} */
  #job = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("./settings.js").Settings} options.settings
   * @param {(index: number) => void} options.open
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, open }, signal) {
    this.#lab = lab;
    this.#progress = new ProgressBar(element("sheet-progress", HTMLElement), signal);
    this.#observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "200px 0px" });
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(this.#grid);
    const resizeTo = (/** @type {number} */ count) => {
      settings.set("sheet", count);
      this.#resize(count);
    };
    const message = element("sheet-count-error", HTMLElement);
    const count = new CountField(element("sheet-count", HTMLInputElement), message, resizeTo, signal);
    count.text = String(settings.get("sheet", DEFAULT_COUNT));
    this.#redraw.addEventListener("click", () => this.#draw(), { signal });
    this.#grid.addEventListener("keydown", (event) => this.#move(event), { signal });
    this.#grid.addEventListener(
      "click",
      (event) => {
        const at = this.#indexOf(event.target);
        if (at < 0) return;
        roveTo(this.#roots, at);
        open(at);
      },
      { signal },
    );
    signal.addEventListener("abort", () => {
      this.pause();
      this.#observer.disconnect();
      resize.disconnect();
    });
    this.#resize(count.value ?? DEFAULT_COUNT);
  }

  get #roots() {
    return this.#tiles.map((tile) => tile.root);
  }

  /** Stops drawing, because the request is being edited. */
  pause() {
    clearTimeout(this.#timer);
    this.#job?.abort();
    this.#job = null;
    this.#progress.stop();
  }

  /**
   * @param {import("../lab/digitlab.js").SequenceRequest | null} request null: it is wrong or empty now
   * @param {number} widest how wide a picture of it can be
   * @param {unknown} source changes with the digits' source
   */
  show(request, widest, source) {
    if (!request) {
      this.pause();
      this.#key = "";
      this.#request = null;
      this.#root.toggleAttribute("data-stale", true);
      return;
    }
    const { index, ...shared } = request;
    this.#select(Number(index ?? 0));
    const key = JSON.stringify([shared, source]);
    if (key === this.#key) return;
    this.pause();
    this.#key = key;
    this.#request = shared;
    this.#widest = widest;
    this.#timer = setTimeout(() => this.#begin(), PAUSE);
  }

  /**
   * Keeps the room the tiles will take, so that nothing moves when they come.
   *
   * @param {number} widest
   */
  reserve(widest) {
    if (!Number.isFinite(widest)) return;
    this.#widest = widest;
    this.#measure();
  }

  #begin() {
    for (const tile of this.#tiles) {
      tile.outdate();
      tile.number = String(this.#request?.number ?? "");
    }
    this.#measure();
    this.#root.toggleAttribute("data-stale", false);
    this.#draw();
  }

  async #draw() {
    const request = this.#request;
    if (!request || this.#job) return;
    const job = (this.#job = new AbortController());
    this.#say("busy");
    this.#progress.start("Drawing variants", () => this.#cancel());
    try {
      for (let range = this.#missing(); range; range = this.#missing()) {
        const batch = this.#lab.generateMany(request, {
          ...range,
          signal: job.signal,
          onProgress: (progress) => this.#progress.update(progress),
        });
        for await (const sequence of batch) {
          if (job.signal.aborted) return;
          this.#tiles[sequence.index]?.draw(sequence, this.#scale);
        }
        if (this.#tiles[range.first] && !this.#tiles[range.first]?.drawn) throw new Error("The sheet got no picture.");
      }
      this.#say("done");
    } catch (error) {
      if (job.signal.aborted) return;
      this.#say("error", error instanceof Error ? error.message : String(error));
    } finally {
      if (this.#job === job) {
        this.#job = null;
        this.#progress.stop();
      }
    }
  }

  #cancel() {
    this.pause();
    this.#say("cancelled");
  }

  /**
   * @param {"busy" | "done" | "cancelled" | "error"} state
   * @param {string} [message]
   */
  #say(state, message = "") {
    this.#root.dataset.state = state;
    this.#error.textContent = message;
    this.#redraw.hidden = state !== "cancelled" && state !== "error";
  }

  /** The first run of tiles in sight that lack their picture. */
  #missing() {
    /** @param {VariantTile} tile */
    const lacks = (tile) => tile.near && !tile.drawn;
    const first = this.#tiles.findIndex(lacks);
    if (first < 0) return null;
    const most = Math.min(BATCH, Math.max(1, Math.floor(BATCH_PIXELS / (28 * this.#widest))));
    const run = this.#tiles.slice(first, first + most);
    const end = run.findIndex((tile) => !lacks(tile));
    return { first, count: end < 0 ? run.length : end };
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    const forgetful = this.#widest * 28 * this.#tiles.length > KEEP;
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles[this.#indexOf(target)];
      if (!tile) continue;
      tile.near = isIntersecting;
      if (!isIntersecting && forgetful) tile.release();
    }
    const state = this.#root.dataset.state;
    if (state === "done" || state === "busy") this.#draw();
  }

  /** @param {number} count */
  #resize(count) {
    while (this.#tiles.length > count) {
      const tile = this.#tiles.pop();
      if (!tile) break;
      this.#observer.unobserve(tile.root);
      tile.root.remove();
    }
    const added = document.createDocumentFragment();
    while (this.#tiles.length < count) {
      const tile = new VariantTile(this.#tiles.length);
      tile.number = String(this.#request?.number ?? "");
      this.#tiles.push(tile);
      this.#observer.observe(tile.root);
      added.append(tile.root);
    }
    this.#grid.append(added);
    this.#select(this.#current);
  }

  /** Twice the size where at least three fit side by side, once where not; the grid follows. */
  #measure() {
    const room = this.#grid.clientWidth;
    const frame = 18;
    this.#scale = 3 * (2 * this.#widest + frame) <= room ? 2 : 1;
    this.#grid.style.setProperty("--tile", `${Math.max(64, this.#widest * this.#scale) + frame}px`);
    this.#grid.style.setProperty("--tile-height", `${28 * this.#scale}px`);
    for (const canvas of this.#grid.querySelectorAll("canvas")) canvas.style.width = `${canvas.width * this.#scale}px`;
  }

  /** @param {number} index */
  #select(index) {
    const [before, now] = [this.#tiles[this.#current], this.#tiles[index]];
    if (before) before.selected = false;
    if (now) now.selected = true;
    this.#current = index;
    if (this.#tiles.some((tile) => tile.root.tabIndex === 0)) return;
    const stop = this.#tiles[index] ?? this.#tiles[0];
    if (stop) stop.root.tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const at = this.#indexOf(event.target);
    if (at < 0) return;
    const columns = getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
    const last = this.#tiles.length - 1;
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: last };
    const to = targets[event.key];
    if (to === undefined) return;
    event.preventDefault();
    roveTo(this.#roots, to);
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const tile = target instanceof Element ? target.closest(".tile") : null;
    return tile instanceof HTMLElement ? Number(tile.dataset.index) : -1;
  }
}
