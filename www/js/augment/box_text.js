/** Boxes as people and other programs write them down: a line each, or a file of annotations. */
import { xmlDocument } from "../lab/trusted.js";

/** @typedef {import("../lab/companions.js").BoxFormat} BoxFormat */
/** @typedef {import("../lab/companions.js").LabelledBox} LabelledBox */
/** @typedef {{ width: number, height: number, name: string }} PictureFacts */

/** Text that says no boxes. Its message names the line or the object. */
export class BoxTextError extends Error {}

const BETWEEN = /[\s,;]+/;

/**
 * Reads lines of a label and four numbers, or of four numbers alone; empty ones and those that begin with # say nothing.
 *
 * @param {string} text
 * @returns {{ list: LabelledBox[], lines: number[] }} with each box's line, counted from 1
 */
export function readBoxes(text) {
  /** @type {LabelledBox[]} */
  const list = [];
  /** @type {number[]} */
  const lines = [];
  text.split(/\r?\n/).forEach((line, at) => {
    const words = line.trim().split(BETWEEN).filter(Boolean);
    if (words.length === 0 || line.trim().startsWith("#")) return;
    const box = words.slice(-4).map(Number);
    const label = words.slice(0, -4).join(" ");
    const more = label.includes(" ") && words.every(isNumber);
    if (box.length < 4 || !words.slice(-4).every(isNumber) || more) {
      const found = line.trim().length > 40 ? `${line.trim().slice(0, 40)}…` : line.trim();
      throw new BoxTextError(`Line ${at + 1} is “${found}”; write a label and four numbers, such as cat 3 5 20 17.`);
    }
    list.push(label ? { box, label } : { box });
    lines.push(at + 1);
  });
  return { list, lines };
}

/**
 * The boxes of a file as such lines: YOLO's or plain text, COCO's JSON, Pascal VOC's XML.
 *
 * @param {string} name of the file
 * @param {string} text what is in it
 * @param {PictureFacts | null} picture the one that they belong to
 * @returns {{ format: BoxFormat | null, text: string }} no format where the file does not tell
 */
export function textOfFile(name, text, picture) {
  const start = text.trimStart();
  if (start.startsWith("<")) return { format: "pascal_voc", text: written(pascalVoc(name, text, picture)) };
  if (start.startsWith("{") || start.startsWith("[")) return { format: "coco", text: written(coco(name, text, picture)) };
  const { list } = readBoxes(text);
  // Shares of the sides, all of them: that is how YOLO writes.
  const shares = list.length > 0 && list.every(({ box }) => box.every((number) => number >= 0 && number <= 1));
  return { format: shares ? "yolo" : null, text: text.trimEnd() };
}

/** @param {LabelledBox[]} list */
function written(list) {
  return list.map(({ box, label }) => [...(label === undefined ? [] : [label]), ...box].join(" ")).join("\n");
}

/** @param {string} word */
function isNumber(word) {
  return word !== "" && Number.isFinite(Number(word));
}

/**
 * A label as one that a line can hold.
 *
 * @param {unknown} label
 */
function plain(label) {
  const words = String(label ?? "").split(BETWEEN).filter(Boolean);
  const text = words.join(words.every(isNumber) ? "_" : " ").replace(/^#+/, "");
  return text ? { label: text } : {};
}

/**
 * @param {string} name
 * @param {PictureFacts | null} picture
 * @param {number} width
 * @param {number} height
 */
function refuseOtherSize(name, picture, width, height) {
  if (!picture || !(width > 0) || !(height > 0) || (width === picture.width && height === picture.height)) return;
  const own = `${picture.width} × ${picture.height}`;
  throw new BoxTextError(`${name} is about a picture of ${width} × ${height} pixels; this one has ${own}. Use the picture it was made for.`);
}

/**
 * @param {string} name
 * @param {string} text
 * @param {PictureFacts | null} picture
 * @returns {LabelledBox[]}
 */
function coco(name, text, picture) {
  /** @type {any} */
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new BoxTextError(`${name} is no JSON: ${/** @type {Error} */ (error).message}.`);
  }
  const annotations = Array.isArray(data) ? data : data.annotations;
  if (!Array.isArray(annotations)) throw new BoxTextError(`${name} has no list “annotations”; COCO's files have one.`);
  const images = Array.isArray(data.images) ? data.images : [];
  const image = images.length > 1 ? images.find((/** @type {any} */ one) => lastPart(one?.file_name) === picture?.name) : images[0];
  if (images.length > 1 && !image) {
    throw new BoxTextError(`${name} is about ${images.length} pictures, and none of them is called ${picture?.name ?? "as this one"}.`);
  }
  if (image) refuseOtherSize(name, picture, image.width, image.height);
  const categories = Array.isArray(data.categories) ? data.categories : [];
  const names = new Map(categories.map((/** @type {any} */ one) => [one?.id, one?.name]));
  const own = annotations.filter((one) => !image || one?.image_id === undefined || one.image_id === image.id);
  return own.map((one) => {
    const box = one?.bbox;
    if (!Array.isArray(box) || box.length !== 4 || !box.every((number) => typeof number === "number")) {
      throw new BoxTextError(`Annotation ${annotations.indexOf(one) + 1} of ${name} has no “bbox” of four numbers.`);
    }
    return { box, ...plain(names.get(one.category_id) ?? one.category_id) };
  });
}

/** @param {unknown} path */
function lastPart(path) {
  return String(path ?? "").split(/[/\\]/).at(-1);
}

/**
 * @param {string} name
 * @param {string} text
 * @param {PictureFacts | null} picture
 * @returns {LabelledBox[]}
 */
function pascalVoc(name, text, picture) {
  const page = xmlDocument(text);
  // WebKit leaves some broken texts without any element, others tell of the error in one.
  if (page.childElementCount === 0 || page.querySelector("parsererror")) throw new BoxTextError(`${name} is no XML that can be read.`);
  const part = (/** @type {Element | undefined} */ owner, /** @type {string} */ tag) =>
    [...(owner?.children ?? [])].find((child) => child.tagName === tag);
  const number = (/** @type {Element | undefined} */ owner, /** @type {string} */ tag) =>
    Number.parseFloat(part(owner, tag)?.textContent ?? "");
  const root = page.documentElement;
  const size = part(root, "size");
  refuseOtherSize(name, picture, number(size, "width"), number(size, "height"));
  const objects = [...root.children].filter((child) => child.tagName === "object");
  if (objects.length === 0) throw new BoxTextError(`${name} has no “object”; Pascal VOC's files have one for each box.`);
  return objects.map((object, at) => {
    const box = ["xmin", "ymin", "xmax", "ymax"].map((end) => number(part(object, "bndbox"), end));
    if (!box.every(Number.isFinite)) {
      throw new BoxTextError(`Object ${at + 1} of ${name} has no “bndbox” with the numbers xmin, ymin, xmax and ymax.`);
    }
    return { box, ...plain(part(object, "name")?.textContent) };
  });
}
