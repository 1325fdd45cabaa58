import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { differenceOf } from "./difference.js";

/** @typedef {import("../lab/variants.js").Preview} Preview */
/**
 * @typedef {{ width: number, height: number, preview: Preview }} Shown A picture's size, and pixels of it: all, or fewer
 *   while somebody turns a knob.
 */

const LARGEST_SCALE = 64;
const ZOOM_STEP = 2;
/** From this many CSS pixels a pixel on, each is shown as a square. */
const LARGE_PIXELS = 3;
const PERCENT = 100;

/** The stage of the detail: before and after under a divider, or their difference, with zoom, pan and a reader of pixels. */
export class Comparison {
  #stage = element("augment-detail-stage", HTMLElement);
  #plane = element("augment-detail-plane", HTMLElement);
  #layers = {
    before: element("augment-detail-before", HTMLCanvasElement),
    after: element("augment-detail-after", HTMLCanvasElement),
    difference: element("augment-detail-difference", HTMLCanvasElement),
    overlay: element("augment-detail-overlay", HTMLElement),
  };
  #divider = element("augment-detail-divider", HTMLElement);
  #cursor = element("augment-detail-cursor", HTMLElement);
  #readout = element("augment-detail-readout", HTMLElement);
  #note = element("augment-detail-note", HTMLElement);
  #scaleText = element("augment-detail-scale", HTMLOutputElement);
  #gain = element("augment-detail-gain", HTMLInputElement);
  #view;
  /** @type {{ before: Shown | null, after: Shown | null }} */
  #shown = { before: null, after: null };
  /** CSS pixels a pixel of the picture; null fits the picture into the stage. @type {number | null} */
  #zoom = null;
  #scale = 1;
  #pan = { x: 0, y: 0 };
  #share = 50;
  /** The pixel that is read, in pixels of the plane. @type {{ x: number, y: number } | null} */
  #at = null;
  /** Pointers that are down, by their id. @type {Map<number, { x: number, y: number }>} */
  #pointers = new Map();
  #dividing = false;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#view = new ChoiceField(element("augment-detail-view", HTMLElement), () => this.#look(), signal);
    const on = (/** @type {HTMLElement} */ target, /** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
      target.addEventListener(type, listener, { signal, passive: false });
    on(this.#stage, "pointerdown", (event) => this.#press(event));
    on(this.#stage, "pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) on(this.#stage, type, (event) => this.#pointers.delete(event.pointerId));
    on(this.#stage, "wheel", (event) => this.#wheel(event));
    on(this.#stage, "keydown", (event) => this.#key(event));
    on(this.#divider, "keydown", (event) => this.#divideByKey(event));
    on(element("augment-detail-in", HTMLElement), "click", () => this.#zoomBy(ZOOM_STEP));
    on(element("augment-detail-out", HTMLElement), "click", () => this.#zoomBy(1 / ZOOM_STEP));
    on(element("augment-detail-fit", HTMLElement), "click", () => this.#zoomTo(null));
    on(element("augment-detail-one", HTMLElement), "click", () => this.#zoomTo(1));
    on(this.#gain, "input", () => this.#differ());
    const resize = new ResizeObserver(() => this.#lay());
    resize.observe(this.#stage);
    signal.addEventListener("abort", () => resize.disconnect());
  }

  /** Lies over the picture that was made, a CSS pixel for each of its pixels. */
  get overlay() {
    return this.#layers.overlay;
  }

  /** Forgets the zoom, for another picture. */
  reset() {
    this.#shown = { before: null, after: null };
    this.#zoom = null;
    this.#at = null;
    this.#cursor.hidden = true;
    this.#readout.textContent = "Point at a pixel to read it.";
    this.divide(50);
  }

  /** @param {Partial<Record<"before" | "after", Shown>>} pictures */
  show(pictures) {
    const sizes = this.#sizes;
    Object.assign(this.#shown, pictures);
    for (const side of /** @type {const} */ (["before", "after"])) {
      const preview = pictures[side]?.preview;
      if (preview) paint(this.#layers[side], preview);
    }
    // While a knob is turned the sizes stay, and asking for the layout would cost more than painting.
    if (sizes !== this.#sizes) {
      this.#lay();
      this.#look();
    } else if (this.#view.text === "difference") {
      this.#differ();
    }
    if (this.#at) this.#read();
  }

  /** @param {number} share how much of the stage shows the picture before, in percent */
  divide(share) {
    this.#share = Math.min(PERCENT, Math.max(0, share));
    this.#divider.setAttribute("aria-valuenow", String(Math.round(this.#share)));
    this.#divider.setAttribute("aria-valuetext", `${Math.round(this.#share)} % before`);
    this.#cut();
  }

  get #sizes() {
    const { before, after } = this.#shown;
    return [before?.width, before?.height, after?.width, after?.height].join();
  }

  get #size() {
    const { before, after } = this.#shown;
    return { width: Math.max(1, before?.width ?? 0, after?.width ?? 0), height: Math.max(1, before?.height ?? 0, after?.height ?? 0) };
  }

  /** Where a picture lies on the plane: pictures of different sizes share their middle. @param {Shown | null} shown */
  #corner(shown) {
    const { width, height } = this.#size;
    return { x: Math.floor((width - (shown?.width ?? width)) / 2), y: Math.floor((height - (shown?.height ?? height)) / 2) };
  }

  #lay() {
    const { width, height } = this.#size;
    const room = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
    const fit = Math.min(room.width / width, room.height / height);
    // Large pixels are all of the same size.
    this.#scale = this.#zoom ?? Math.min(LARGEST_SCALE, fit >= LARGE_PIXELS ? Math.floor(fit) : fit);
    this.#pan.x = held(this.#pan.x, room.width - width * this.#scale);
    this.#pan.y = held(this.#pan.y, room.height - height * this.#scale);
    set(this.#plane, { "--x": `${this.#pan.x}px`, "--y": `${this.#pan.y}px`, "--scale": String(this.#scale) });
    const crisp = this.#scale >= LARGE_PIXELS || (this.#scale >= 1 && Number.isInteger(this.#scale));
    this.#plane.classList.toggle("augment-detail__plane--pixels", crisp);
    const { before, after } = this.#shown;
    for (const [layer, shown] of /** @type {const} */ ([
      [this.#layers.before, before],
      [this.#layers.after, after],
      [this.#layers.difference, after],
      [this.#layers.overlay, after],
    ])) {
      const { x, y } = this.#corner(shown);
      set(layer, { "--left": `${x}px`, "--top": `${y}px`, "--width": `${shown?.width ?? 0}px`, "--height": `${shown?.height ?? 0}px` });
    }
    this.#scaleText.textContent = `${Number((this.#scale * PERCENT).toPrecision(3))} %`;
    this.#cut();
    this.#point();
  }

  /** Shows each side of the divider its picture. */
  #cut() {
    const at = (this.#stage.clientWidth * this.#share) / PERCENT;
    set(this.#stage, { "--divider": `${at}px` });
    const { before, after } = this.#shown;
    const place = (/** @type {Shown | null} */ shown) => (at - this.#pan.x) / this.#scale - this.#corner(shown).x;
    set(this.#layers.before, { "--cut": `${place(before)}px` });
    // What is drawn over the picture after is of no meaning for the one before.
    for (const layer of [this.#layers.after, this.#layers.overlay]) set(layer, { "--cut": `${place(after)}px` });
  }

  #look() {
    const view = this.#view.text;
    this.#stage.dataset.view = view;
    this.#divider.hidden = view !== "compare";
    this.#layers.before.hidden = view !== "compare";
    this.#layers.after.hidden = view === "difference";
    element("augment-detail-gain-field", HTMLElement).hidden = view !== "difference";
    this.#differ();
  }

  #differ() {
    const { before, after } = this.#shown;
    const wanted = this.#view.text === "difference" && before !== null && after !== null;
    const gain = Number(this.#gain.value);
    element("augment-detail-gain-value", HTMLOutputElement).textContent = `${gain} ×`;
    let note = "";
    if (wanted && (before.width !== after.width || before.height !== after.height)) {
      const sizes = `${before.width} × ${before.height} before, ${after.width} × ${after.height} after`;
      note = `The sizes differ (${sizes}), so pixels cannot be compared one by one.`;
    } else if (wanted && before.preview.width === after.preview.width) {
      const { difference, changed } = differenceOf(before.preview, after.preview, gain);
      paint(this.#layers.difference, difference);
      if (changed === 0) note = "No pixel differs.";
    }
    this.#layers.difference.hidden = !wanted || note !== "";
    this.#note.textContent = note;
    this.#note.hidden = note === "";
  }

  /** @param {number} factor @param {{ x: number, y: number }} [around] a place on the stage that stays where it is */
  #zoomBy(factor, around) {
    const exact = this.#scale * factor;
    // Above 1, whole numbers keep every pixel of the same size.
    const steps = exact > 1 ? Math.max(1, factor > 1 ? Math.ceil(exact) : Math.floor(exact)) : exact;
    this.#zoomTo(steps, around);
  }

  /** @param {number | null} zoom @param {{ x: number, y: number }} [around] */
  #zoomTo(zoom, around = { x: this.#stage.clientWidth / 2, y: this.#stage.clientHeight / 2 }) {
    const { width, height } = this.#size;
    const least = Math.min(1, this.#stage.clientWidth / width, this.#stage.clientHeight / height) / ZOOM_STEP;
    const before = this.#scale;
    this.#zoom = zoom === null ? null : Math.min(LARGEST_SCALE, Math.max(least, zoom));
    const factor = (this.#zoom ?? before) / before;
    this.#pan.x = around.x - (around.x - this.#pan.x) * factor;
    this.#pan.y = around.y - (around.y - this.#pan.y) * factor;
    this.#lay();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const { width, height } = this.#size;
    const fits = width * this.#scale <= this.#stage.clientWidth + 1 && height * this.#scale <= this.#stage.clientHeight + 1;
    // A picture that fits cannot be panned, so that any drag moves the divider.
    this.#dividing = this.#view.text === "compare" && (fits || event.target === this.#divider);
    if (this.#dividing) this.#divideAt(event);
    if (event.target === this.#divider) this.#divider.focus();
    else this.#stage.focus();
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const last = this.#pointers.get(event.pointerId);
    if (!last) {
      this.#at = this.#pixelAt(event);
      this.#read();
      return;
    }
    const now = { x: event.clientX, y: event.clientY };
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.#pointers.set(event.pointerId, now);
    const [other] = others;
    if (other) {
      const box = this.#stage.getBoundingClientRect();
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(last.x - other.x, last.y - other.y));
      this.#zoomTo(this.#scale * factor, { x: (now.x + other.x) / 2 - box.x, y: (now.y + other.y) / 2 - box.y });
    } else if (this.#dividing) {
      this.#divideAt(event);
    } else {
      this.#pan.x += now.x - last.x;
      this.#pan.y += now.y - last.y;
      this.#lay();
    }
  }

  /** @param {PointerEvent} event */
  #divideAt(event) {
    const box = this.#stage.getBoundingClientRect();
    this.divide(((event.clientX - box.x) / Math.max(1, box.width)) * PERCENT);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const box = this.#stage.getBoundingClientRect();
    this.#zoomBy(event.deltaY < 0 ? 1.25 : 0.8, { x: event.clientX - box.x, y: event.clientY - box.y });
  }

  /** @param {KeyboardEvent} event */
  #divideByKey(event) {
    const step = event.shiftKey ? 10 : 1;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: this.#share - step,
      ArrowDown: this.#share - step,
      ArrowRight: this.#share + step,
      ArrowUp: this.#share + step,
      PageDown: this.#share - 10,
      PageUp: this.#share + 10,
      Home: 0,
      End: PERCENT,
    };
    const to = targets[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.divide(to);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const zooms = /** @type {Record<string, () => void>} */ ({
      "+": () => this.#zoomBy(ZOOM_STEP),
      "=": () => this.#zoomBy(ZOOM_STEP),
      "-": () => this.#zoomBy(1 / ZOOM_STEP),
      0: () => this.#zoomTo(null),
      1: () => this.#zoomTo(1),
    });
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const zoom = zooms[event.key];
    const move = moves[event.key];
    if (!zoom && !move) return;
    event.preventDefault();
    zoom?.();
    if (!move) return;
    const step = event.shiftKey ? 10 : 1;
    const { width, height } = this.#size;
    const at = this.#at ?? { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    const inside = (/** @type {number} */ value, /** @type {number} */ end) => Math.min(end - 1, Math.max(0, value));
    this.#at = { x: inside(at.x + step * move[0], width), y: inside(at.y + step * move[1], height) };
    // Only what is read by keys is spoken; a mouse would never let it end.
    this.#readout.setAttribute("aria-live", "polite");
    this.#reveal();
    this.#read();
  }

  /** Pans so that the pixel that is read is on the stage. */
  #reveal() {
    if (!this.#at) return;
    for (const [axis, room] of /** @type {const} */ ([
      ["x", this.#stage.clientWidth],
      ["y", this.#stage.clientHeight],
    ])) {
      const place = this.#pan[axis] + (this.#at[axis] + 0.5) * this.#scale;
      if (place < 0) this.#pan[axis] -= place - this.#scale;
      if (place > room) this.#pan[axis] -= place - room + this.#scale;
    }
    this.#lay();
  }

  /** @param {PointerEvent} event */
  #pixelAt(event) {
    this.#readout.removeAttribute("aria-live");
    const box = this.#stage.getBoundingClientRect();
    const x = Math.floor((event.clientX - box.x - this.#pan.x) / this.#scale);
    const y = Math.floor((event.clientY - box.y - this.#pan.y) / this.#scale);
    const { width, height } = this.#size;
    return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : null;
  }

  #point() {
    this.#cursor.hidden = this.#at === null;
    if (!this.#at) return;
    const left = this.#pan.x + this.#at.x * this.#scale;
    const top = this.#pan.y + this.#at.y * this.#scale;
    set(this.#cursor, { "--left": `${left}px`, "--top": `${top}px`, "--scale": `${this.#scale}px` });
  }

  /** Says what the pixel was and is. */
  #read() {
    this.#point();
    const { before, after } = this.#shown;
    if (!this.#at || !before || !after) return;
    const { x, y } = this.#at;
    const [old, made] = [before, after].map((shown) => {
      const corner = this.#corner(shown);
      return valueAt(shown, x - corner.x, y - corner.y);
    });
    this.#readout.textContent = `x ${count(x)}, y ${count(y)}: before ${old}, after ${made}`;
  }
}

/**
 * @param {HTMLElement} target
 * @param {Record<string, string>} properties
 */
function set(target, properties) {
  for (const [name, value] of Object.entries(properties)) target.style.setProperty(name, value);
}

/** A picture that fits is centred; a larger one leaves no gap. @param {number} at @param {number} spare */
const held = (at, spare) => (spare >= 0 ? spare / 2 : Math.min(0, Math.max(spare, at)));

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Preview} preview
 */
function paint(canvas, { width, height, data }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
}

/**
 * @param {Shown} shown
 * @param {number} x
 * @param {number} y
 */
function valueAt({ width, height, preview }, x, y) {
  if (x < 0 || y < 0 || x >= width || y >= height) return "outside";
  const column = Math.floor((x * preview.width) / width);
  const row = Math.floor((y * preview.height) / height);
  const [red, green, blue, alpha] = preview.data.subarray(4 * (row * preview.width + column));
  const colours = red === green && green === blue ? `${red}` : `${red} ${green} ${blue}`;
  return alpha === 255 ? colours : `${colours} (alpha ${alpha})`;
}
