import { DigitlabError } from "./errors.js";
import { reduced } from "./reduced.js";

/** @typedef {"digit" | "number"} RecordKind */

/**
 * @typedef {object} RecordToAdd An answer, for the record log.
 * @property {string} result What was read: "7", "042".
 * @property {string} [name] The file's name; "drawing" when left out.
 * @property {RecordKind} [kind] Told by the length of the result when left out.
 * @property {number | null} [probability] From 0 to 1.
 * @property {string} [model]
 * @property {number | null} [elapsed] Milliseconds.
 * @property {string} [from] The page or the route that answered.
 * @property {import("./picture.js").Picture | null} [thumbnail] Kept with at most 64 pixels a side.
 * @property {Uint8Array | null} [seen] What the model saw: 28 x 28 grey levels for each digit.
 */

/** @typedef {Omit<Required<RecordToAdd>, "thumbnail" | "seen"> & { time: string }} RecordFacts `time` is ISO 8601 with milliseconds, in UTC. */
/** @typedef {{ thumbnail: import("./reduced.js").SmallPicture | null, seen: Uint8Array<ArrayBuffer> | null }} RecordPictures */
/** @typedef {RecordFacts & { id: number, bytes: number }} StoredRecord `bytes` is about the room that it takes, with its pictures. */
/** @typedef {RecordFacts & { id: number } & Pick<RecordPictures, "thumbnail">} ListedRecord */
/** @typedef {RecordFacts & { id: number } & RecordPictures} FullRecord */

/** The longest side of a thumbnail that is kept. */
const SIDE = 64;
/** The most characters of a text that are kept: an address may be long. */
const MOST = 300;
const DIGIT = 28 * 28;
/** What a record takes beside its values: keys, places in indexes. */
const OVERHEAD = 400;

/**
 * What is kept of an answer, checked.
 *
 * @param {RecordToAdd} given
 * @returns {{ facts: RecordFacts & { bytes: number }, pictures: RecordPictures }}
 */
export function entryOf(given) {
  const { result, probability = null, elapsed = null, thumbnail = null, seen = null } = given ?? {};
  if (typeof result !== "string" || result === "") throw wrong("result", result, "the digits that were read, as text");
  const { name = "drawing", kind = result.length > 1 ? "number" : "digit", model = "", from = "" } = given;
  if (kind !== "digit" && kind !== "number") throw wrong("kind", kind, "digit, number");
  for (const [field, text] of Object.entries({ name, model, from })) if (typeof text !== "string") throw wrong(field, text, "text");
  if (probability !== null && !(probability >= 0 && probability <= 1)) throw wrong("probability", probability, "numbers from 0 to 1, null");
  if (elapsed !== null && !(elapsed >= 0 && elapsed < Infinity)) throw wrong("elapsed", elapsed, "milliseconds from 0 on, null");
  const facts = {
    name: cut(name),
    kind,
    result: cut(result),
    probability,
    model: cut(model),
    elapsed,
    from: cut(from),
    time: new Date().toISOString(),
  };
  const pictures = { thumbnail: thumbnail && small(thumbnail), seen: seen && digits(seen) };
  const bytes = OVERHEAD + JSON.stringify(facts).length + (pictures.thumbnail?.data.length ?? 0) + (pictures.seen?.length ?? 0);
  return { facts: { ...facts, bytes }, pictures };
}

/** @param {string} text */
function cut(text) {
  return text.length > MOST ? `${text.slice(0, MOST - 2)} …` : text;
}

/** @param {import("./picture.js").Picture} picture */
function small(picture) {
  const { width, height, channels = 4, data } = picture;
  const whole = [width, height].every((side) => Number.isInteger(side) && side >= 1) && [1, 3, 4].includes(channels);
  if (!whole || data?.length !== width * height * channels) {
    throw wrong("thumbnail", `${width} x ${height} x ${channels} with ${data?.length} values`, "pictures { width, height, channels, data }, null");
  }
  return reduced(picture, SIDE);
}

/** @param {Uint8Array} seen */
function digits(seen) {
  if (!(seen instanceof Uint8Array) || seen.length === 0 || seen.length % DIGIT !== 0) {
    throw wrong("seen", seen?.length, "a Uint8Array of 784 levels for each digit, null");
  }
  // Of its own, should it be a part of a larger one.
  return new Uint8Array(seen);
}

/**
 * @param {string} field
 * @param {unknown} value
 * @param {string} allowed
 */
function wrong(field, value, allowed) {
  const said = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new DigitlabError("invalid_parameter", `${field} is ${said}; allowed: ${allowed}.`, { field, value: String(value), allowed });
}
