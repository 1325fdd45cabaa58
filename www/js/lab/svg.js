import { DigitlabError } from "./errors.js";
import { checkPixels } from "./picture_limits.js";
import { xmlDocument } from "./trusted.js";

const SVG = "http://www.w3.org/2000/svg";
/**
 * What stands for a namespace while a drawing is looked at. So its parts are nothing to the browser: real ones would have
 * their styles judged by the policy of this page, which is not meant for them.
 */
const STANDINS = [
  [SVG, "urn:digitlab:svg"],
  ["http://www.w3.org/1999/xhtml", "urn:digitlab:html"],
].map(([real = "", standin = ""]) => ({ real, standin }));
const STANDIN = STANDINS[0]?.standin ?? "";
const XLINK = "http://www.w3.org/1999/xlink";
/** The longest side of a drawing that states no size. */
const SIDE = 1024;
/** How many elements a drawing may have once everything it repeats is counted as often as it is drawn. */
const MOST_DRAWN = 200_000;
/** How many entities it may name: each is looked for in the whole of it. */
const MOST_ENTITIES = 200;
/** How many characters its entities may grow to. */
const MOST_GROWN = 4_000_000;
/** CSS pixels per unit of length. @type {Record<string, number>} */
const UNITS = { "": 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 9.6 / 2.54, q: 2.4 / 2.54, em: 16, rem: 16 };

/**
 * A drawing as the browser is to draw it: of a certain size, and made sure that drawing it comes to an end.
 * @param {string} text
 * @param {import("./picture.js").PictureLimits} limits
 * @returns {{ width: number, height: number, file: Blob, notes: string[] }}
 */
export function prepareSvg(text, limits) {
  refuseGrowth(text);
  const strange = STANDINS.reduce((changed, { real, standin }) => changed.replaceAll(real, standin), text);
  const document = xmlDocument(strange);
  const broken = document.querySelector("parsererror");
  if (broken) throw damaged(`it is not well-formed XML (${firstWords(broken)})`);
  // Of some broken texts WebKit says nothing more.
  if (document.childElementCount === 0) throw damaged("it is not well-formed XML");
  const root = document.documentElement;
  if (root.namespaceURI !== STANDIN || root.localName !== "svg") {
    throw damaged(`its first element is <${root.localName}> and not <svg xmlns="${SVG}">`);
  }
  const drawn = countDrawn(document);
  if (drawn > MOST_DRAWN) {
    const message = `SVG drawing repeats its parts to more than ${MOST_DRAWN} elements; simplify it, or save it as PNG.`;
    throw new DigitlabError("limit_exceeded", message, { field: "SVG drawing", allowed: `${MOST_DRAWN} elements` });
  }
  const { width, height, notes } = size(root);
  checkPixels("SVG picture", width, height, limits);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  notes.push(...leaveOut(document));
  const serialised = new XMLSerializer().serializeToString(document);
  const real = STANDINS.reduce((changed, { real, standin }) => changed.replaceAll(standin, real), serialised);
  return { width, height, file: new Blob([real], { type: "image/svg+xml" }), notes };
}

/**
 * Its own size, or one made of its proportions.
 * @param {Element} root
 */
function size(root) {
  const [, , boxWidth = 0, boxHeight = 0] = (root.getAttribute("viewBox") ?? "").trim().split(/[\s,]+/).map(Number);
  const box = boxWidth > 0 && boxHeight > 0 && Number.isFinite(boxWidth * boxHeight) ? boxWidth / boxHeight : null;
  const width = pixels(root.getAttribute("width"));
  const height = pixels(root.getAttribute("height"));
  const whole = (/** @type {number} */ value) => Math.max(1, Math.round(value));
  /** @type {string[]} */
  const notes = [];
  if (width && height) return { width: whole(width), height: whole(height), notes };
  if (width && box) return { width: whole(width), height: whole(width / box), notes };
  if (height && box) return { width: whole(height * box), height: whole(height), notes };
  const ratio = box ?? 1;
  notes.push(`The drawing states no size; it was drawn with ${SIDE} pixels on its longer side.`);
  return { width: whole(SIDE * Math.min(1, ratio)), height: whole(SIDE / Math.max(1, ratio)), notes };
}

/**
 * A length in pixels; null when there is none that stands by itself.
 * @param {string | null} length
 */
function pixels(length) {
  const match = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(length ?? "");
  const value = Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ""] ?? NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}

/**
 * Takes out what a picture may not do: the browser would not do it either, or would not let the result be read.
 * @param {XMLDocument} document
 */
function leaveOut(document) {
  const notes = [];
  const foreign = document.getElementsByTagNameNS(STANDIN, "foreignObject");
  if (foreign.length > 0) notes.push("HTML inside of the drawing was left out.");
  for (const part of [...foreign, ...document.getElementsByTagNameNS(STANDIN, "script")]) part.remove();
  const outside = [...document.getElementsByTagNameNS(STANDIN, "image")].filter((image) => !/^\s*data:/i.test(target(image)));
  if (outside.length > 0) notes.push("Pictures that the drawing only refers to were left out.");
  return notes;
}

/** @param {Element} part */
function target(part) {
  return part.getAttribute("href") ?? part.getAttributeNS(XLINK, "href") ?? "";
}

/**
 * How many elements are drawn when what is referred to counts at every place that refers to it.
 * @param {XMLDocument} document
 */
function countDrawn(document) {
  /** @type {Map<Element, number>} */
  const counted = new Map();
  // From the last element to the first, children come before their parents; what is referred to may come later.
  /** @type {{ part: Element, entered: boolean }[]} */
  const open = [{ part: document.documentElement, entered: false }];
  const busy = new Set();
  while (open.length > 0) {
    const top = /** @type {{ part: Element, entered: boolean }} */ (open.at(-1));
    const below = [...top.part.children, ...referred(top.part, document)];
    if (!top.entered) {
      top.entered = true;
      busy.add(top.part);
      // A drawing that contains itself is cut there by every browser.
      for (const part of below) if (!counted.has(part) && !busy.has(part)) open.push({ part, entered: false });
      continue;
    }
    open.pop();
    if (counted.has(top.part)) continue;
    busy.delete(top.part);
    counted.set(top.part, below.reduce((sum, part) => Math.min(sum + (counted.get(part) ?? 0), 1e9), 1));
  }
  return counted.get(document.documentElement) ?? 1;
}

/**
 * @param {Element} part
 * @param {XMLDocument} document
 */
function referred(part, document) {
  const ids = [];
  for (const { value, localName } of part.attributes) {
    if (localName === "href" && value.startsWith("#")) ids.push(value.slice(1));
    else for (const [, id] of value.matchAll(/url\(\s*["']?#([^"')\s]+)/g)) ids.push(id);
  }
  return ids.flatMap((id) => document.getElementById(/** @type {string} */ (id)) ?? []);
}

/**
 * Entities that are made of entities grow without end.
 * @param {string} text
 */
function refuseGrowth(text) {
  let grown = 0;
  let named = 0;
  for (const [, name = "", , value = ""] of text.matchAll(/<!ENTITY\s+([^\s%"']+)\s+(["'])([\s\S]*?)\2/g)) {
    if (++named > MOST_ENTITIES) throw damaged(`it names more than ${MOST_ENTITIES} entities`);
    if (/&[^#\s;]+;/.test(value)) throw damaged("its entities are made of entities, which can grow without end");
    grown += value.length * (text.split(`&${name};`).length - 1);
  }
  if (grown > MOST_GROWN) throw damaged(`its entities grow to ${grown} characters; at most ${MOST_GROWN} are allowed`);
}

/** @param {string} reason */
function damaged(reason) {
  return new DigitlabError("invalid_file", `The SVG drawing cannot be read: ${reason}.`, { file: "The SVG drawing", reason });
}

/** @param {Element} broken */
function firstWords(broken) {
  const words = broken.textContent?.replace(/^.*?:\s*\n?/, "").split("\n").find((line) => line.trim())?.trim() ?? "";
  return words.slice(0, 100) || "no reason is given";
}
