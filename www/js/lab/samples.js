import { Changes } from "./changes.js";
import { Database, answer } from "./database.js";
import { DigitlabError } from "./errors.js";

/**
 * @typedef {object} SampleToAdd A picture of a digit with the digit that it shows.
 * @property {Uint8Array | Uint8ClampedArray | { data: ArrayLike<number> }} seen What the model saw: 28 x 28 grey levels,
 *   white ink on black, as `classify` and `read` give them.
 * @property {number} digit The right one, 0 to 9.
 * @property {number | null} [read] What a model has read in it.
 * @property {string} [model] That model.
 * @property {string} [from] Where it comes from.
 *
 * @typedef {{ id: number, seen: Uint8Array<ArrayBuffer>, digit: number, read: number | null, model: string, from: string, time: string }} Sample
 *   `time` is ISO 8601 with milliseconds, in UTC.
 *
 * @typedef {{ kind: "changed", ids: number[] } | { kind: "deleted", ids: number[] } | { kind: "cleared" }} SampleChange
 */

const NAME = "digitlab-samples";
const STORE = "samples";
const PIXELS = 28 * 28;
/** More than a person corrects, and few enough to learn from in a moment. */
export const MOST_SAMPLES = 1_000;
/** The most characters of a text that are kept. */
const MOST_TEXT = 100;

/** Corrected samples, kept in this browser. */
export class Samples {
  #database = new Database({ name: NAME, version: 1, title: "The storage for your samples", upgrade });
  /** @type {Changes<SampleChange>} */
  #changes = new Changes(NAME);

  /**
   * Keeps samples: all of them or none. A picture that is there already gets the new digit.
   * @param {SampleToAdd | SampleToAdd[]} given
   * @returns {Promise<Sample[]>}
   */
  async add(given) {
    const list = Array.isArray(given) ? given : [given];
    const samples = list.map((sample, at) => checkedSample(sample, Array.isArray(given) ? `samples[${at}]` : "sample"));
    const kept = await this.#database.write([STORE], async (transaction) => {
      const store = transaction.objectStore(STORE);
      /** @type {Sample[]} */
      const added = [];
      for (const sample of samples) {
        const id = /** @type {number | undefined} */ (await answer(store.index("seen").getKey(sample.seen)));
        const full = id === undefined ? sample : { ...sample, id };
        added.push({ ...sample, id: Number(await answer(store.put(full))) });
      }
      const count = await answer(store.count());
      if (count > MOST_SAMPLES) {
        const [value, allowed] = [String(count), `at most ${MOST_SAMPLES}`];
        const message = `There would be ${count} samples; ${allowed} are kept. Delete some that are not needed.`;
        throw new DigitlabError("limit_exceeded", message, { field: "samples", value, allowed });
      }
      return added;
    });
    this.#changes.tell({ kind: "changed", ids: kept.map(({ id }) => id) });
    return kept;
  }

  /**
   * All samples, the oldest first.
   * @returns {Promise<Sample[]>}
   */
  async list() {
    return this.#database.read([STORE], (transaction) => answer(transaction.objectStore(STORE).getAll()));
  }

  /**
   * Deletes samples; ids that are not there are passed over.
   * @param {number[]} ids
   */
  async delete(ids) {
    await this.#database.write([STORE], async (transaction) => {
      const store = transaction.objectStore(STORE);
      await Promise.all(ids.map((id) => answer(store.delete(id))));
    });
    this.#changes.tell({ kind: "deleted", ids });
  }

  /**
   * Brings deleted samples back, as `list` gave them.
   * @param {Sample[]} samples
   */
  async restore(samples) {
    await this.#database.write([STORE], async (transaction) => {
      const store = transaction.objectStore(STORE);
      await Promise.all(samples.map((sample) => answer(store.put(sample))));
    });
    this.#changes.tell({ kind: "changed", ids: samples.map(({ id }) => id) });
  }

  /** Deletes all samples. */
  async clear() {
    await this.#database.write([STORE], (transaction) => answer(transaction.objectStore(STORE).clear()));
    this.#changes.tell({ kind: "cleared" });
  }

  /** Deletes the whole store, even when it cannot be read any more. */
  async reset() {
    await this.#database.remove();
    this.#changes.tell({ kind: "cleared" });
  }

  /**
   * Tells of every change, also by other tabs.
   * @param {(change: SampleChange) => void} listener
   * @param {AbortSignal} [signal]
   */
  subscribe(listener, signal) {
    this.#changes.subscribe(listener, signal);
  }

  /** Lets go of the database and of the other tabs. */
  close() {
    this.#changes.close();
    this.#database.close();
  }
}

/**
 * @param {SampleToAdd} given
 * @param {string} field What it is called in errors.
 * @returns {Omit<Sample, "id">} a copy
 */
export function checkedSample(given, field) {
  const { seen, digit, read = null, model = "", from = "" } = given ?? {};
  const levels = /** @type {ArrayLike<number> | undefined} */ (ArrayBuffer.isView(seen) ? seen : seen?.data);
  const length = levels?.length;
  const bytes = levels instanceof Uint8Array || levels instanceof Uint8ClampedArray;
  if (!bytes || length !== PIXELS) {
    throw wrong(`${field}.seen`, length === undefined ? String(seen) : `${length} values`, "a Uint8Array of 784 grey levels: 28 x 28, white ink on black");
  }
  if (!isDigit(digit)) throw wrong(`${field}.digit`, digit, "a whole number from 0 to 9");
  if (read !== null && !isDigit(read)) throw wrong(`${field}.read`, read, "a whole number from 0 to 9, null");
  const texts = { model: String(model).slice(0, MOST_TEXT), from: String(from).slice(0, MOST_TEXT) };
  return { seen: Uint8Array.from(levels), digit, read, ...texts, time: new Date().toISOString() };
}

/** @param {unknown} digit @returns {digit is number} */
const isDigit = (digit) => Number.isInteger(digit) && Number(digit) >= 0 && Number(digit) <= 9;

/**
 * @param {string} field
 * @param {unknown} found
 * @param {string} allowed
 */
function wrong(field, found, allowed) {
  const value = String(found).slice(0, 60);
  return DigitlabError.invalid(field, value, allowed);
}

/** @param {IDBDatabase} database */
function upgrade(database) {
  const store = database.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  // The same picture is never kept twice.
  store.createIndex("seen", "seen", { unique: true });
}
