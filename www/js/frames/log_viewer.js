import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { count, counted } from "../ui/format.js";
import { fitted, rowsOf, whole } from "./box.js";
import { Colours } from "./colours.js";
import { levelFor, rowsAt } from "./composer.js";
import { Cursor } from "./cursor.js";
import { DepthAxis } from "./depth_axis.js";
import { DepthIndex } from "./depth_index.js";
import { depthText, depthWords } from "./depth_text.js";
import { FrameExport } from "./frame_export.js";
import { Gestures } from "./gestures.js";
import { LogCanvas } from "./log_canvas.js";
import { Minimap } from "./minimap.js";
import { Motion } from "./motion.js";
import { RangeBoxes, nothingBetween } from "./range_boxes.js";
import { RowTable } from "./row_table.js";
import { TILE_ROWS, TileStore } from "./tile_store.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").DepthWindow} DepthWindow */
/** @typedef {import("./types.js").FramesLab} FramesLab */
/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {{ info: LogInfo, tiles: TileStore, depths: DepthIndex }} Open */

/** The overview is as fine as the minimap may be high, in pixels. */
const OVERVIEW = 640;
/** How long the picture rests before what follows it does. */
const REST = 150;
const ZOOM = 0.6;

/**
 * @typedef {object} LogViewerOptions
 * @property {FramesLab} frames
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {() => void} changed what an address would say is another
 */

/** The picture of a log and all that belongs to it: axis, minimap, cursor, colours, range, table, files. */
export class LogViewer {
  #options;
  #root = element("frames-viewer", HTMLElement);
  #stage = element("frames-stage", HTMLElement);
  #name = element("frames-name", HTMLElement);
  #facts = element("frames-facts", HTMLElement);
  #rows = element("frames-rows", HTMLElement);
  #trouble = element("frames-trouble", HTMLElement);
  #troubleText = element("frames-trouble-text", HTMLElement);
  #fitAll = element("frames-fit-all", HTMLButtonElement);
  #fitWidth = element("frames-fit-width", HTMLButtonElement);
  #zoomIn = element("frames-zoom-in", HTMLButtonElement);
  #zoomOut = element("frames-zoom-out", HTMLButtonElement);
  #motion = new Motion(() => this.#moved());
  #axis = new DepthAxis(element("frames-axis", HTMLCanvasElement));
  #canvas;
  #minimap;
  #cursor;
  #range;
  #table;
  #export;
  /** @type {Open | null} */
  #open = null;
  /** The window that was asked for by its depths, and the box it has become. @type {{ box: Box, window: DepthWindow } | null} */
  #asked = null;
  /** How often a window was asked for: of those that are looked up at one time, the last one is meant. */
  #turn = 0;
  #frame = 0;
  #overviewStale = true;
  #timer = 0;

  /**
   * @param {LogViewerOptions} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    const { frames, status, toasts } = options;
    this.colours = new Colours({ frames, changed: () => this.#coloured() }, signal);
    this.#canvas = new LogCanvas(element("frames-picture", HTMLCanvasElement), () => this.#redraw(true), signal);
    this.#minimap = new Minimap(
      element("frames-minimap", HTMLElement),
      element("frames-minimap-picture", HTMLCanvasElement),
      { motion: this.#motion, resized: () => this.#redraw(true) },
      signal,
    );
    this.#cursor = new Cursor(
      { stage: this.#stage, cross: element("frames-cross", HTMLElement), readout: element("frames-readout", HTMLElement) },
      { motion: this.#motion, status },
      signal,
    );
    const gestures = new Gestures(
      this.#stage,
      { motion: this.#motion, moveCursor: (down, right) => this.#cursor.move(down, right), cursor: () => this.#cursor.spot },
      signal,
    );
    this.#range = new RangeBoxes((window) => this.show(window), signal);
    this.#table = new RowTable(status, signal);
    this.#export = new FrameExport({ frames, toasts, frame: () => this.#frameNow() }, signal);
    const on = (/** @type {HTMLButtonElement} */ button, /** @type {() => void} */ act) => button.addEventListener("click", act, { signal });
    on(this.#zoomIn, () => gestures.zoom(ZOOM));
    on(this.#zoomOut, () => gestures.zoom(1 / ZOOM));
    on(this.#fitAll, () => this.#motion.glide({ ...this.#motion.goal, top: 0, bottom: this.#motion.size.height }));
    on(this.#fitWidth, () => this.#motion.glide({ ...this.#motion.goal, left: 0, right: this.#motion.size.width }));
    on(element("frames-trouble-retry", HTMLButtonElement), () => this.#again());
    // The axis is drawn in the theme's colours.
    const repaint = () => this.#redraw(true);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", repaint, { signal });
    const observer = new MutationObserver(repaint);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  /** The log that is shown. */
  get info() {
    return this.#open?.info ?? null;
  }

  /**
   * Shows another log, all of it or a window; the same log again under another name.
   *
   * @param {LogInfo} info
   * @param {DepthWindow} window
   * @returns {Promise<string>} what is wrong about the window, or nothing
   */
  async open(info, window = {}) {
    if (this.#open?.info.id === info.id) {
      this.#title(info);
      this.#open.info = info;
      return window.depth_min === undefined && window.depth_max === undefined ? "" : this.show(window);
    }
    this.close();
    const { frames } = this.#options;
    const tiles = new TileStore({
      load: (key) => frames.tile(info.id, key),
      arrived: () => this.#redraw(),
      failed: (error) => this.#fail(error),
    });
    /** @type {Open} */
    const open = { info, tiles, depths: new DepthIndex(info, tiles) };
    this.#open = open;
    this.#root.dataset.state = "busy";
    this.#title(info);
    this.#range.whole = info;
    this.#motion.reset(info, whole(info));
    this.#cursor.show(open);
    this.#table.open(open);
    this.#export.enabled = true;
    try {
      await this.#readOverview(open);
    } catch (error) {
      if (this.#open === open) this.#fail(error);
      return "";
    }
    if (this.#open !== open) return "";
    this.#root.dataset.state = "done";
    this.#redraw(true);
    return window.depth_min === undefined && window.depth_max === undefined ? "" : this.show(window, false);
  }

  /** Shows nothing. */
  close() {
    this.#motion.stop();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#open?.tiles.close();
    this.#open = null;
    this.#asked = null;
    this.#overviewStale = true;
    this.#canvas.clear();
    this.#cursor.show(null);
    this.#table.open(null);
    this.#export.enabled = false;
    this.#trouble.hidden = true;
    this.#root.dataset.state = "empty";
  }

  /**
   * Shows the rows between two depths.
   *
   * @param {DepthWindow} window
   * @param {boolean} [calmly] in a glide
   * @returns {Promise<string>} what is wrong about it, or nothing
   */
  async show(window, calmly = true) {
    const open = this.#open;
    if (!open) return "";
    const { depth_min: from, depth_max: to } = window;
    const turn = ++this.#turn;
    const { height, width } = open.info;
    let top = 0;
    let bottom = height;
    try {
      if (from !== undefined) top = await open.depths.firstAtLeast(from);
      if (to !== undefined) bottom = await open.depths.firstBelow(to);
    } catch (error) {
      return reasonOf(error);
    }
    if (this.#open !== open || turn !== this.#turn) return "";
    if (top >= bottom) return nothingBetween(window, open.info);
    const { left, right } = this.#motion.goal;
    const box = fitted({ top, bottom, left, right }, { height, width });
    this.#asked = { box, window };
    if (calmly) this.#motion.glide(box);
    else this.#motion.jump(box);
    return "";
  }

  /** The window in sight as an address holds it: the depths that were asked for, or those of the rows; nothing for the whole log. @returns {DepthWindow} */
  get window() {
    const open = this.#open;
    if (!open || this.#isWhole) return {};
    if (this.#asked) return this.#asked.window;
    const { first, last } = rowsOf(this.#motion.box, open.info);
    return { depth_min: open.depths.depthAt(first), depth_max: open.depths.depthAt(last) };
  }

  /** Whether every row is in sight. */
  get #isWhole() {
    const { top, bottom } = this.#motion.box;
    return top <= 0 && bottom >= this.#motion.size.height;
  }

  /** @returns {Promise<import("./frame_export.js").Frame | null>} */
  async #frameNow() {
    const open = this.#open;
    if (!open) return null;
    const { first, last } = rowsOf(this.#motion.goal, open.info);
    const [depth_min, depth_max] = await Promise.all([open.depths.exactDepth(first), open.depths.exactDepth(last)]);
    return { info: open.info, window: { depth_min, depth_max }, look: this.colours.look };
  }

  /** @param {Open} open */
  async #readOverview({ info, tiles, depths }) {
    const level = levelFor(info.height / OVERVIEW, info.levels);
    const count = Math.ceil(rowsAt(info, level) / TILE_ROWS);
    await tiles.pin(Array.from({ length: count }, (_, index) => ({ level, index })));
    depths.learn(level);
  }

  /** @param {LogInfo} info */
  #title(info) {
    this.#name.textContent = info.name;
    const { step } = info.report?.depths ?? {};
    const steps = typeof step === "number" ? `, step ${depthText(Number(step.toPrecision(4)))}` : "";
    this.#facts.textContent = `${counted(info.height, "row")} × ${counted(info.width, "column")}, depth ${depthWords(info.depth_min)} to ${depthWords(info.depth_max)}${steps}`;
    this.#stage.setAttribute("aria-label", `Picture of ${info.name}`);
  }

  #moved() {
    const asked = this.#asked?.box;
    const { goal } = this.#motion;
    if (asked && (asked.top !== goal.top || asked.bottom !== goal.bottom)) this.#asked = null;
    if (!this.#asked) this.#range.forget();
    this.#redraw();
  }

  #coloured() {
    this.#redraw(true);
    this.#options.changed();
  }

  /** @param {boolean} [overview] whether the minimap is to be drawn anew, too */
  #redraw(overview = false) {
    this.#overviewStale ||= overview;
    if (this.#frame || !this.#open) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const open = this.#open;
    if (!open || this.#root.dataset.state !== "done" || !this.#canvas.shown) return;
    const { box, size } = this.#motion;
    const { info, tiles, depths } = open;
    const view = { info, tiles, colours: this.colours.table, scale: this.colours.scale };
    this.#canvas.draw({ ...view, box });
    const { missing } = this.#canvas;
    this.#root.dataset.drawn = missing.length === 0 ? "fine" : "rough";
    if (this.#overviewStale) {
      this.#overviewStale = false;
      this.#minimap.draw(view);
    }
    tiles.want([...missing, ...this.#ahead(info, box)]);
    this.#axis.draw(box, depths);
    this.#minimap.mark(box, depths);
    this.#cursor.refresh();
    const [low, high] = this.colours.scale === "own" ? this.#canvas.range : [0, 255];
    this.colours.show(low, high);
    const { first, last } = rowsOf(box, info);
    this.#rows.textContent = last > first ? `${count(last - first + 1)} rows` : "1 row";
    if (!this.#asked) this.#range.show(depths.depthAt(first), depths.depthAt(last));
    else this.#range.show(this.#asked.window.depth_min ?? info.depth_min, this.#asked.window.depth_max ?? info.depth_max);
    const wide = box.right - box.left;
    // A button that goes out under the finger would lose the focus, so it only says so.
    mark(this.#fitAll, this.#isWhole);
    mark(this.#zoomOut, this.#isWhole);
    mark(this.#zoomIn, box.bottom - box.top <= 1);
    mark(this.#fitWidth, wide >= size.width);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#rest(), REST);
  }

  /**
   * What will be needed when the picture goes on a little in either direction.
   *
   * @param {LogInfo} info
   * @param {Box} box
   */
  #ahead(info, box) {
    const level = levelFor((box.bottom - box.top) / Math.max(1, this.#stage.clientHeight), info.levels);
    const rows = TILE_ROWS * 4 ** level;
    const last = Math.ceil(rowsAt(info, level) / TILE_ROWS) - 1;
    const [before, after] = [Math.floor(box.top / rows) - 1, Math.floor(box.bottom / rows) + 1];
    return [after, before].filter((index) => index >= 0 && index <= last).map((index) => ({ level, index }));
  }

  /** What follows the picture only once it rests. */
  async #rest() {
    const open = this.#open;
    if (!open) return;
    const { first, last } = rowsOf(this.#motion.box, open.info);
    this.#table.follow(first, last);
    try {
      // So that the boxes and the address hold exact depths.
      const [from, to] = await Promise.all([open.depths.exactDepth(first), open.depths.exactDepth(last)]);
      if (open !== this.#open || this.#frame) return;
      if (!this.#asked) this.#range.show(from, to);
      this.#options.status.say(`Depth ${depthWords(from)} to ${depthWords(to)}, ${count(last - first + 1)} rows.`, 400);
    } catch {
      // The picture itself says what cannot be read.
    }
    this.#options.changed();
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#root.dataset.state === "busy") this.#root.dataset.state = "error";
    this.#trouble.hidden = false;
    this.#troubleText.textContent = reasonOf(error);
  }

  #again() {
    const open = this.#open;
    this.#trouble.hidden = true;
    if (!open) return;
    if (this.#root.dataset.state !== "error") {
      open.tiles.retry();
      return this.#redraw(true);
    }
    const { info } = open;
    this.#stage.focus();
    this.close();
    void this.open(info);
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} idle
 */
function mark(button, idle) {
  if (idle) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}
