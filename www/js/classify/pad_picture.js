import { PAD, extendStroke, paintStroke } from "./stroke.js";

/** @typedef {import("./stroke.js").Stroke} Stroke */

/** The drawing as pixels for the model, drawn along with the pad so that asking costs no more than reading them. */
export class PadPicture {
  #context = contextOf(PAD.width, PAD.height, true);

  /** @param {readonly Stroke[]} strokes */
  repaint(strokes) {
    this.#context.clearRect(0, 0, PAD.width, PAD.height);
    for (const stroke of strokes) paintStroke(this.#context, stroke);
  }

  /**
   * @param {Stroke} stroke
   * @param {number} from
   */
  extend(stroke, from) {
    extendStroke(this.#context, stroke, from, false);
  }

  /** Black ink on white, grey. @returns {{ width: number, height: number, channels: 1, data: Uint8Array<ArrayBuffer> }} */
  read() {
    return greyOf(this.#context);
  }
}

/**
 * The strokes as a grey picture, black on white.
 *
 * @param {readonly Stroke[]} strokes
 * @param {number} scale pixels of a unit of the pad
 */
export function drawn(strokes, scale) {
  const context = contextOf(scale * PAD.width, scale * PAD.height, false);
  context.scale(scale, scale);
  for (const stroke of strokes) paintStroke(context, stroke);
  return greyOf(context);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {boolean} often
 */
function contextOf(width, height, often) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: often });
  if (!context) throw new Error("This browser gives the page no canvas to draw on.");
  return context;
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @returns {{ width: number, height: number, channels: 1, data: Uint8Array<ArrayBuffer> }}
 */
function greyOf(context) {
  const { width, height } = context.canvas;
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++) data[at] = 255 - (rgba[4 * at + 3] ?? 0);
  return { width, height, channels: 1, data };
}
