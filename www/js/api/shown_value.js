import { bytes, count } from "../ui/format.js";
import { make } from "../ui/make.js";
import { jsonTree } from "./json_tree.js";
import { pictureOfFile, pictureOfLevels } from "./shown_picture.js";

/** Lists up to this length are written out. */
const FEW = 12;
const LONGEST = 400;

/**
 * What an example shows, as words: these are what its documentation promises.
 *
 * @param {unknown[]} values
 */
export const wordsOf = (values) => values.map(word).join(" ");

/**
 * The same to look at: words, and the picture where there is one.
 *
 * @param {unknown[]} values
 * @param {AbortSignal} signal ends what the pictures hold
 * @returns {Promise<HTMLElement>}
 */
export async function shownValue(values, signal) {
  const line = make("div", { class: "api-shown" });
  const [only] = values;
  const picture = values.length === 1 ? await pictureOf(only, signal) : null;
  if (picture) line.append(picture);
  else if (values.length === 1 && isLong(only)) line.append(jsonTree(only));
  else if (values.length === 1 && typeof only === "string" && only.includes("\n"))
    line.append(make("pre", { class: "api-shown__text" }, only));
  else line.append(make("p", { class: "api-shown__words" }, wordsOf(values)));
  return line;
}

/**
 * @param {unknown} value
 * @param {AbortSignal} signal
 */
async function pictureOf(value, signal) {
  if (value instanceof Blob) {
    const picture = value.type.startsWith("image/") ? await pictureOfFile(value, signal) : null;
    if (picture) picture.querySelector("figcaption")?.prepend(`${word(value)} · `);
    return picture;
  }
  const { width, height, channels, data, levels } = /** @type {Record<string, any>} */ (value ?? {});
  if (levels instanceof Uint8Array) return pictureOfLevels({ width, height, channels: 1, data: levels }, word(value));
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray)
    return pictureOfLevels({ width, height, channels: channels ?? 4, data }, word(value));
  return null;
}

/** @param {unknown} value */
const isLong = (value) =>
  value !== null &&
  typeof value === "object" &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof Blob) &&
  !(value instanceof Error) &&
  word(value).length > 80;

/** @type {Record<number, string>} */
const CHANNELS = { 1: "grey", 3: "RGB", 4: "RGBA" };

/**
 * @param {unknown} value
 * @returns {string}
 */
function word(value) {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Blob) return `${value.type || "Blob"}, ${bytes(value.size)}`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value) && "length" in value) return `${value.constructor.name} of ${count(Number(value.length))}`;
  const { width, height, channels, data, label, levels } = /** @type {Record<string, any>} */ (value);
  if (levels instanceof Uint8Array) return `The number ${label}, ${width} × ${height}`;
  if (ArrayBuffer.isView(data) && width) return `Picture of ${width} × ${height}, ${CHANNELS[channels ?? 4]}`;
  const text = JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? word(part) : typeof part === "bigint" ? String(part) : part));
  if (Array.isArray(value) && value.length > FEW) return `list of ${count(value.length)}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
