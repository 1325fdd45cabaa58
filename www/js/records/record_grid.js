import { RecordRow } from "./record_row.js";

/** @typedef {import("../lab/record_log.js").ListedRecord} ListedRecord */

/** Rows beyond the edges that are ready before they are scrolled to. */
const SPARE = 6;
/** Browsers lay out no more than so many pixels reliably; beyond, scrolling is scaled. */
const MOST_PIXELS = 8_000_000;
/** Records that are remembered. */
const MOST_HELD = 1_000;

/**
 * @typedef {object} GridWork
 * @property {(ids: number[]) => Promise<ListedRecord[]>} bring
 * @property {() => void} selected called when the selection has changed
 * @property {() => void} remove called when the person wants the selection deleted
 * @property {(error: unknown) => void} fail
 */

/**
 * A list of any length, of which only the rows in view exist. The focus stays on the grid; the active row is named by
 * `aria-activedescendant`, so that it may leave the view.
 */
export class RecordGrid {
  #grid;
  #rows;
  #work;
  /** Newest first. @type {number[]} */
  #ids = [];
  /** @type {Set<number>} */
  #selected = new Set();
  /** @type {Map<number, ListedRecord>} */
  #held = new Map();
  /** By their places in the list. @type {Map<number, RecordRow>} */
  #shown = new Map();
  /** @type {Set<number>} */
  #asked = new Set();
  #active = 0;
  /** Where a selection with Shift begins. */
  #anchor = 0;
  #frame = 0;
  #rowHeight = 48;

  /**
   * @param {HTMLElement} grid scrolls
   * @param {HTMLElement} rows
   * @param {GridWork} work
   * @param {AbortSignal} signal
   */
  constructor(grid, rows, work, signal) {
    this.#grid = grid;
    this.#rows = rows;
    this.#work = work;
    const later = () => this.#later();
    grid.addEventListener("scroll", later, { signal, passive: true });
    grid.addEventListener("keydown", (event) => this.#key(event), { signal });
    grid.addEventListener("focus", later, { signal });
    grid.addEventListener("blur", later, { signal });
    rows.addEventListener("click", (event) => this.#click(event), { signal });
    const sizes = new ResizeObserver(() => this.#measure());
    sizes.observe(grid);
    signal.addEventListener("abort", () => sizes.disconnect(), { once: true });
  }

  /** The ids of all rows, newest first. */
  get ids() {
    return this.#ids;
  }

  /** The selected ids that are in the list, newest first. */
  get selection() {
    return this.#selected.size === 0 ? [] : this.#ids.filter((id) => this.#selected.has(id));
  }

  get selectedCount() {
    return this.#selected.size;
  }

  /**
   * Another list, from its start.
   *
   * @param {number[]} ids newest first
   */
  show(ids) {
    this.#ids = ids;
    this.#held.clear();
    this.#active = this.#anchor = 0;
    if (this.#selected.size > 0) {
      const there = new Set(ids);
      this.#selected = new Set([...this.#selected].filter((id) => there.has(id)));
      this.#work.selected();
    }
    this.#clearRows();
    this.#grid.scrollTop = 0;
    this.#measure();
  }

  /**
   * More at the end, while a search goes on.
   *
   * @param {number[]} ids
   */
  append(ids) {
    for (const id of ids) this.#ids.push(id);
    this.#measure();
  }

  /**
   * The same list after others came or went. What is in view stays where it is, unless the start is in view.
   *
   * @param {number[]} ids newest first
   */
  renew(ids) {
    const first = this.#first;
    const [topId, activeId, anchorId] = [this.#ids[first], this.#ids[this.#active], this.#ids[this.#anchor]];
    const part = this.#offset - first * this.#rowHeight;
    const atStart = this.#grid.scrollTop < this.#rowHeight;
    const there = new Set(ids);
    this.#ids = ids;
    const before = this.#selected.size;
    for (const id of this.#selected) if (!there.has(id)) this.#selected.delete(id);
    for (const id of this.#held.keys()) if (!there.has(id)) this.#held.delete(id);
    this.#active = Math.max(0, Math.min(ids.length - 1, placeOf(ids, activeId)));
    this.#anchor = Math.max(0, Math.min(ids.length - 1, placeOf(ids, anchorId)));
    this.#clearRows();
    this.#layOut();
    this.#scrollTo(atStart ? 0 : placeOf(ids, topId) * this.#rowHeight + part);
    this.#paint();
    if (this.#selected.size !== before) this.#work.selected();
  }

  selectNone() {
    this.#selected.clear();
    this.#changed();
  }

  focus() {
    this.#grid.focus({ preventScroll: true });
  }

  /** How much of the grid shows rows. */
  get #room() {
    return Math.max(this.#rowHeight, this.#grid.clientHeight - this.#rows.offsetTop);
  }

  /** How high all rows would be. */
  get #full() {
    return this.#ids.length * this.#rowHeight;
  }

  /** How many pixels of the list a pixel of scrolling stands for. */
  get #scale() {
    const full = this.#full;
    return full <= MOST_PIXELS ? 1 : (full - this.#room) / (MOST_PIXELS - this.#room);
  }

  /** Pixels of the list above the view. */
  get #offset() {
    return Math.min(this.#grid.scrollTop * this.#scale, Math.max(0, this.#full - this.#room));
  }

  get #first() {
    return Math.floor(this.#offset / this.#rowHeight);
  }

  /** @param {number} offset */
  #scrollTo(offset) {
    this.#grid.scrollTop = offset / this.#scale;
  }

  #measure() {
    // The style says how high a row is, in units that only the browser can turn into pixels.
    const height = parseFloat(getComputedStyle(this.#rows).gridAutoRows);
    if (height > 0 && height !== this.#rowHeight) {
      const first = this.#offset / this.#rowHeight;
      this.#rowHeight = height;
      this.#layOut();
      this.#scrollTo(first * height);
    }
    this.#layOut();
    this.#paint();
  }

  #layOut() {
    this.#rows.style.setProperty("--height", `${Math.min(MOST_PIXELS, this.#full)}px`);
    this.#grid.setAttribute("aria-rowcount", String(this.#ids.length + 1));
  }

  #later() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #clearRows() {
    for (const { root } of this.#shown.values()) root.remove();
    this.#shown.clear();
  }

  #paint() {
    const { length } = this.#ids;
    const from = Math.max(0, this.#first - SPARE);
    const to = Math.min(length, this.#first + Math.ceil(this.#room / this.#rowHeight) + 1 + SPARE);
    // Places are told from the top of what scrolls, which moves slower than the list when it is scaled.
    const shift = this.#grid.scrollTop - this.#offset;
    const free = [...this.#shown].filter(([at]) => at < from || at >= to);
    for (const [at] of free) this.#shown.delete(at);
    const spare = free.map(([, row]) => row);
    for (let at = from; at < to; at++) {
      const id = this.#ids[at] ?? 0;
      let row = this.#shown.get(at);
      if (!row) {
        row = spare.pop() ?? new RecordRow();
        this.#shown.set(at, row);
        row.fill(this.#held.get(id));
        if (!row.root.isConnected) this.#rows.append(row.root);
      }
      row.place({ id, at, top: at * this.#rowHeight + shift, active: at === this.#active, selected: this.#selected.has(id) });
    }
    for (const { root } of spare) root.remove();
    const active = this.#shown.get(this.#active);
    if (active) this.#grid.setAttribute("aria-activedescendant", active.root.id);
    else this.#grid.removeAttribute("aria-activedescendant");
    this.#fetch();
  }

  #fetch() {
    const missing = [...this.#shown.values()].map(({ id }) => id).filter((id) => !this.#held.has(id) && !this.#asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) this.#asked.add(id);
    this.#work
      .bring(missing)
      .then((records) => this.#hold(records))
      .catch((error) => this.#work.fail(error))
      .finally(() => missing.forEach((id) => this.#asked.delete(id)));
  }

  /** @param {ListedRecord[]} records */
  #hold(records) {
    for (const record of records) {
      this.#held.delete(record.id);
      this.#held.set(record.id, record);
    }
    for (const row of this.#shown.values()) if (row.root.hasAttribute("data-waiting")) row.fill(this.#held.get(row.id));
    for (const id of this.#held.keys()) {
      if (this.#held.size <= MOST_HELD) break;
      this.#held.delete(id);
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const row = event.target instanceof Element ? event.target.closest("[data-at]") : null;
    if (!(row instanceof HTMLElement)) return;
    const at = Number(row.dataset.at);
    this.#active = at;
    if (event.shiftKey) {
      this.#extend(at);
      getSelection()?.removeAllRanges();
    } else this.#toggle(at);
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, shiftKey } = event;
    const page = Math.max(1, Math.floor(this.#room / this.#rowHeight) - 1);
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || this.#ids.length === 0) return;
    if (command && key.toLowerCase() === "a") this.#selectAll();
    else if (moves[key] !== undefined && (!command || key === "Home" || key === "End")) this.#move(moves[key] ?? 0, shiftKey);
    else if (command) return;
    else if (key === " " && shiftKey) this.#extend(this.#active);
    else if (key === " ") this.#toggle(this.#active);
    else if (key === "Escape" && this.#selected.size > 0) this.selectNone();
    else if (key === "Delete" && this.#selected.size > 0) this.#work.remove();
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} by
   * @param {boolean} extending
   */
  #move(by, extending) {
    this.#active = Math.max(0, Math.min(this.#ids.length - 1, this.#active + by));
    const top = this.#active * this.#rowHeight;
    const hidden = top + this.#rowHeight - this.#room;
    if (top < this.#offset) this.#scrollTo(top);
    else if (hidden > this.#offset) this.#scrollTo(hidden);
    if (extending) this.#extend(this.#active);
    else this.#paint();
  }

  /** @param {number} at */
  #toggle(at) {
    const id = this.#ids[at] ?? 0;
    if (!this.#selected.delete(id)) this.#selected.add(id);
    this.#anchor = at;
    this.#changed();
  }

  /** @param {number} at */
  #extend(at) {
    const [from, to] = [Math.min(this.#anchor, at), Math.max(this.#anchor, at)];
    for (const id of this.#ids.slice(from, to + 1)) this.#selected.add(id);
    this.#changed();
  }

  #selectAll() {
    this.#selected = new Set(this.#ids);
    this.#changed();
  }

  #changed() {
    this.#paint();
    this.#work.selected();
  }
}

/**
 * Where an id is in a list of descending ones, or would be.
 *
 * @param {number[]} ids
 * @param {number | undefined} id
 */
export function placeOf(ids, id) {
  if (id === undefined) return 0;
  let [from, to] = [0, ids.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ids[middle] ?? 0) > id) from = middle + 1;
    else to = middle;
  }
  return from;
}
