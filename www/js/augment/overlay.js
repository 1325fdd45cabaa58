import { counted } from "../ui/format.js";

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {import("../lab/digitlab.js").CompanionsMade} CompanionsMade */

const SVG = "http://www.w3.org/2000/svg";
/** Of more boxes, labels would hide one another and the picture. */
const MOST_LABELS = 100;
/** Half of the picture still shows through. */
const TINT = 128;
/** Neighbouring class numbers get hues that are far apart. */
const GOLDEN_ANGLE = 137.508;
const IN_WORDS = 5;

/** A mask as a tint and boxes with their labels, drawn over a picture that is shown at some scale. */
export class Overlay {
  #root;
  #canvas = document.createElement("canvas");
  #boxes = document.createElementNS(SVG, "svg");
  #scale = 1;
  /** @type {Size & CompanionsMade} */
  #shown = { width: 0, height: 0 };

  /** @param {HTMLElement} root lies over the picture, with the same upper left corner */
  constructor(root) {
    this.#root = root;
    root.classList.add("overlay");
    root.setAttribute("role", "img");
    root.hidden = true;
    this.#canvas.className = "overlay__mask pixels";
    this.#boxes.setAttribute("class", "overlay__boxes");
    for (const part of [this.#canvas, this.#boxes]) part.setAttribute("aria-hidden", "true");
    root.replaceChildren(this.#canvas, this.#boxes);
  }

  /** What is drawn, in words. */
  get description() {
    return inWords(this.#shown);
  }

  /** @param {Size & CompanionsMade} shown the picture's size, and what follows it */
  show(shown) {
    this.#shown = shown;
    const { width, height, mask, boxes } = shown;
    this.#root.hidden = !mask && !boxes?.list.length;
    this.#root.setAttribute("aria-label", this.description);
    this.#root.style.setProperty("--columns", String(width));
    this.#root.style.setProperty("--rows", String(height));
    this.#canvas.hidden = !mask;
    if (mask) paint(this.#canvas, mask);
    this.#draw();
  }

  /** @param {number} scale CSS pixels for each pixel of the picture */
  fit(scale) {
    if (scale === this.#scale) return;
    this.#scale = scale;
    this.#draw();
  }

  clear() {
    this.show({ width: 0, height: 0 });
  }

  #draw() {
    const scale = this.#scale;
    this.#root.style.setProperty("--scale", String(scale));
    const { width, height, boxes } = this.#shown;
    this.#boxes.setAttribute("viewBox", `0 0 ${width * scale} ${height * scale}`);
    const list = boxes ? ends(boxes, this.#shown) : [];
    this.#boxes.replaceChildren(
      ...list.flatMap(([left, top, right, bottom], at) => {
        const frame = { x: left * scale, y: top * scale, width: (right - left) * scale, height: (bottom - top) * scale };
        // A dark line under a light one shows on any picture.
        const lines = ["overlay__casing", "overlay__box"].map((name) => shape("rect", name, frame));
        const label = boxes?.list[at]?.label;
        if (label === undefined || at >= MOST_LABELS) return lines;
        const text = shape("text", "overlay__label", { x: frame.x, y: frame.y });
        text.textContent = String(label);
        return [...lines, text];
      }),
    );
  }
}

/**
 * @param {"rect" | "text"} tag
 * @param {string} name
 * @param {Record<string, number>} numbers
 */
function shape(tag, name, numbers) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", name);
  for (const [attribute, number] of Object.entries(numbers)) made.setAttribute(attribute, number.toFixed(2));
  return made;
}

/**
 * Left, top, right and bottom of each box in pixels.
 *
 * @param {NonNullable<CompanionsMade["boxes"]>} boxes
 * @param {Size} size
 * @returns {[number, number, number, number][]}
 */
function ends({ format, list }, { width, height }) {
  const [across, down] = format === "yolo" || format === "albumentations" ? [width, height] : [1, 1];
  return list.map(({ box }) => {
    const [a = 0, b = 0, c = 0, d = 0] = box.map((number, at) => number * (at % 2 ? down : across));
    if (format === "coco") return [a, b, a + c, b + d];
    if (format === "yolo") return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
    return [a, b, c, d];
  });
}

/**
 * Class numbers get a colour each, and colours stay; 0 and black are clear.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {NonNullable<CompanionsMade["mask"]>} mask
 */
export function paint(canvas, { width, height, channels, data }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  const into = image.data;
  if (channels === 1) {
    const pixels = new Uint32Array(into.buffer);
    const hues = Uint32Array.from({ length: 256 }, (_, number) => (number ? hue(number) : 0));
    data.forEach((number, at) => (pixels[at] = hues[number] ?? 0));
  } else {
    for (let at = 0, from = 0; at < into.length; at += 4, from += channels) {
      const colour = [0, 1, 2].map((channel) => (into[at + channel] = data[from + channel] ?? 0));
      const alpha = channels === 4 ? (data[from + 3] ?? 0) / 255 : 1;
      into[at + 3] = colour.some(Boolean) ? alpha * TINT : 0;
    }
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * A strong colour as the four bytes of a pixel.
 *
 * @param {number} number
 */
function hue(number) {
  const turn = ((number * GOLDEN_ANGLE) % 360) / 60;
  const channel = (/** @type {number} */ shift) => {
    const at = (turn + shift) % 6;
    return Math.round(255 * (1 - Math.max(0, Math.min(at, 4 - at, 1))));
  };
  const bytes = Uint8Array.of(channel(5), channel(3), channel(1), TINT);
  return new Uint32Array(bytes.buffer)[0] ?? 0;
}

/**
 * @param {Size & CompanionsMade} shown
 * @returns {string}
 */
function inWords(shown) {
  const { mask, boxes } = shown;
  const parts = [];
  if (mask) parts.push(maskInWords(mask));
  if (boxes) {
    const list = ends(boxes, shown).slice(0, IN_WORDS);
    const named = list.map((box, at) => {
      const [left, top, right, bottom] = box.map((end) => Math.round(end));
      return `${boxes.list[at]?.label ?? "box"} from ${left}, ${top} to ${right}, ${bottom}`;
    });
    const more = boxes.list.length - named.length;
    const all = counted(boxes.list.length, "box", "boxes");
    parts.push(`${all}${named.length ? `: ${named.join("; ")}` : ""}${more > 0 ? `; and ${more} more` : ""}`);
  }
  return parts.length ? `${parts.join(". ")}.` : "Nothing drawn over the picture.";
}

/** @param {NonNullable<CompanionsMade["mask"]>} mask */
export function maskInWords({ width, height, channels, data }) {
  const size = `${width} × ${height} pixels`;
  if (channels !== 1) return `Mask of ${size} in colour`;
  const present = new Set(data);
  present.delete(0);
  return `Mask of ${size} with ${counted(present.size, "class number")} besides 0`;
}
