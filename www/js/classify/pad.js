import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { element } from "../ui/elements.js";
import { Drawing } from "./drawing.js";
import { PadKeys } from "./pad_keys.js";
import { PadPicture } from "./pad_picture.js";
import { PAD, extendStroke, paintStroke, pointsOf } from "./stroke.js";

/** @typedef {import("./stroke.js").Stroke} Stroke */

const KEPT = "drawing";
/** A drawing is kept when the pen has rested for so many milliseconds. */
const REST = 300;
/** Points closer together than this tell nothing new. */
const NEAR = 0.4;
/** How much a pen's pressure changes its width. */
const LIGHT = 0.35;
const FIRM = 1.3;
/** The button of a pen's other end. */
const ERASER_BUTTON = 32;

/** The pad: strokes by mouse, finger, pen or keys, smooth at any size and kept over a reload. */
export class Pad {
  #root = element("classify-pad", HTMLElement);
  #canvas = element("classify-pad-canvas", HTMLCanvasElement);
  #context = contextOf(this.#canvas);
  /** The stroke that is being drawn has a canvas of its own, so that it can be drawn anew with each of its points. */
  #live = contextOf(element("classify-pad-live", HTMLCanvasElement));
  #drawing = new Drawing();
  #picture = new PadPicture();
  #changed;
  /** The stroke that is being drawn. @type {Stroke | null} */
  #stroke = null;
  #pointer = -1;
  #keepTimer = 0;
  #scale = 1;
  /** How wide the pen is, in units of the pad. */
  penWidth = 14;
  eraser = false;

  /**
   * @param {object} options
   * @param {import("../ui/status.js").Status} options.status
   * @param {() => void} options.changed called whenever there is other ink than before
   * @param {AbortSignal} signal
   */
  constructor({ status, changed }, signal) {
    this.#changed = changed;
    const on = (/** @type {keyof HTMLElementEventMap} */ type, /** @type {(event: any) => void} */ act) =>
      this.#root.addEventListener(type, act, { signal });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => event.pointerId === this.#pointer && this.#end());
    on("pointercancel", (event) => event.pointerId === this.#pointer && this.#end());
    on("lostpointercapture", (event) => event.pointerId === this.#pointer && this.#end());
    const elements = { root: this.#root, cross: element("classify-pad-cross", HTMLElement) };
    const actions = {
      down: (/** @type {number} */ x, /** @type {number} */ y) => this.#begin(x, y, 1, this.eraser),
      move: (/** @type {number} */ x, /** @type {number} */ y) => this.#extend([x, y, 1]),
      up: () => this.#end(),
      undo: () => this.undo(),
      redo: () => this.redo(),
      clear: () => this.clear(),
    };
    new PadKeys(elements, actions, status, signal);
    const observer = new ResizeObserver(() => this.#fit());
    observer.observe(this.#canvas);
    signal.addEventListener("abort", () => observer.disconnect());
    addEventListener("pagehide", () => this.#keep(), { signal });
    this.#drawing.restore(recallReloaded(KEPT) ?? recall(KEPT) ?? "[]");
    this.#repaint();
  }

  get isEmpty() {
    return this.#drawing.isEmpty && (this.#stroke === null || this.#stroke.eraser);
  }

  /** Whether the pen is on the pad. */
  get isBusy() {
    return this.#stroke !== null;
  }

  get canUndo() {
    return this.#drawing.canUndo;
  }

  get canRedo() {
    return this.#drawing.canRedo;
  }

  /** All finished strokes. */
  get strokes() {
    return this.#drawing.strokes;
  }

  /** What the model is to look at, black on white. */
  get picture() {
    return this.#picture.read();
  }

  undo() {
    this.#end();
    if (this.#drawing.undo()) this.#redone();
  }

  redo() {
    this.#end();
    if (this.#drawing.redo()) this.#redone();
  }

  clear() {
    this.#end();
    this.#drawing.clear();
    this.#redone();
  }

  focus() {
    this.#root.focus({ preventScroll: true });
  }

  #redone() {
    this.#repaint();
    this.#tell();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const erasing = (event.buttons & ERASER_BUTTON) !== 0;
    // One pen at a time: a second finger or the palm draws nothing.
    if (this.#stroke || (event.button !== 0 && !erasing)) return;
    this.#pointer = event.pointerId;
    this.#root.setPointerCapture(event.pointerId);
    const [x, y, share] = this.#point(event, this.#canvas.getBoundingClientRect());
    this.#begin(x, y, share, this.eraser || erasing);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#stroke || event.pointerId !== this.#pointer) return;
    const frame = this.#canvas.getBoundingClientRect();
    const all = event.getCoalescedEvents?.() ?? [];
    this.#extend((all.length > 0 ? all : [event]).flatMap((each) => this.#point(each, frame)));
  }

  /**
   * @param {PointerEvent} event
   * @param {DOMRect} frame
   * @returns {[number, number, number]}
   */
  #point({ clientX, clientY, pointerType, pressure }, { left, top, width }) {
    const unit = PAD.width / width;
    // Mice and most screens tell no pressure.
    const share = pointerType === "pen" && pressure > 0 ? LIGHT + (FIRM - LIGHT) * pressure : 1;
    return [(clientX - left) * unit, (clientY - top) * unit, share];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} share
   * @param {boolean} eraser
   */
  #begin(x, y, share, eraser) {
    this.#end();
    this.#stroke = { width: eraser ? 2 * this.penWidth : this.penWidth, eraser, points: [x, y, share] };
    this.#root.dataset.drawing = "";
    this.#paint(0);
    this.#tell();
  }

  /** @param {number[]} points */
  #extend(points) {
    if (!this.#stroke) return;
    const known = this.#stroke.points;
    const from = pointsOf(this.#stroke);
    for (let at = 0; at < points.length; at += 3) {
      const [x = 0, y = 0, share = 1] = points.slice(at, at + 3);
      const [lastX = 0, lastY = 0] = known.slice(-3);
      if (Math.hypot(x - lastX, y - lastY) >= NEAR) known.push(x, y, share);
    }
    if (pointsOf(this.#stroke) === from) return;
    this.#paint(from);
    this.#tell();
  }

  #end() {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#stroke = null;
    this.#pointer = -1;
    delete this.#root.dataset.drawing;
    this.#drawing.add(stroke);
    if (stroke.eraser) this.#repaint();
    else {
      this.#live.clearRect(0, 0, PAD.width, PAD.height);
      paintStroke(this.#context, stroke);
      this.#picture.repaint(this.#drawing.strokes);
    }
    this.#tell();
  }

  /** @param {number} from the first point that is new */
  #paint(from) {
    if (!this.#stroke) return;
    this.#picture.extend(this.#stroke, from);
    if (this.#stroke.eraser) return extendStroke(this.#context, this.#stroke, from, false);
    this.#live.clearRect(0, 0, PAD.width, PAD.height);
    paintStroke(this.#live, this.#stroke);
  }

  #repaint() {
    for (const context of [this.#context, this.#live]) {
      context.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
      context.clearRect(0, 0, PAD.width, PAD.height);
    }
    for (const stroke of this.#drawing.strokes) paintStroke(this.#context, stroke);
    this.#picture.repaint(this.#drawing.strokes);
    this.#paint(0);
    this.#root.toggleAttribute("data-empty", this.isEmpty);
  }

  /** As many pixels as the screen has there. */
  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0) return;
    const [width, height] = [Math.round(clientWidth * devicePixelRatio), Math.round(clientHeight * devicePixelRatio)];
    if (width === this.#canvas.width && height === this.#canvas.height) return;
    for (const { canvas } of [this.#context, this.#live]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#scale = width / PAD.width;
    this.#repaint();
  }

  #tell() {
    this.#root.toggleAttribute("data-empty", this.isEmpty);
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.#keep(), REST);
    this.#changed();
  }

  #keep() {
    clearTimeout(this.#keepTimer);
    const text = this.#drawing.toText();
    remember(KEPT, text);
    rememberInTab(KEPT, text);
  }
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives the page no canvas to draw on.");
  return context;
}
