// Only static imports: a service worker has no others.
import { Changes } from "./changes.js";
import { Database, answer } from "./database.js";
import { DigitlabError, reasonOf } from "./errors.js";
import { entryOf } from "./record_entry.js";
import { FORMATS, written } from "./record_export.js";
import { CheckedFilter, INDEXED } from "./record_filter.js";
import { wholeNumber } from "./whole_number.js";

/** @typedef {import("./record_entry.js").RecordToAdd} RecordToAdd */
/** @typedef {import("./record_entry.js").StoredRecord} StoredRecord */
/** @typedef {import("./record_entry.js").ListedRecord} ListedRecord */
/** @typedef {import("./record_entry.js").FullRecord} FullRecord */
/** @typedef {import("./record_entry.js").RecordPictures} RecordPictures */
/** @typedef {import("./record_filter.js").RecordFilter} RecordFilter */
/** @typedef {import("./bucket.js").Progress} Progress */
/** @typedef {{ id: number, time: string }} Added */
/** @typedef {{ off: true }} Off The log is switched off. */
/** @typedef {{ warning: string }} Warning Why the log could not take it, as a sentence. */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: Progress) => void }} LongCall */
/** @typedef {{ enabled: boolean, bytes: number }} State */

/**
 * @typedef {{ kind: "added", ids: number[] } | { kind: "deleted", ids: number[] } | { kind: "cleared" }
 *   | { kind: "enabled", enabled: boolean } | { kind: "warning", warning: string }} RecordChange
 */

const NAME = "digitlab-records";
/** The switch where a page can look at once; the database has it for workers, which lack this. */
const SWITCH = "digitlab.records";
const ALL = ["records", "pictures", "state"];
/** Records that are looked at in one go: few enough for memory, and for others to write in between. */
const WINDOW = 2_000;
/** Records that are written or deleted in one go. */
const BATCH = 1_000;
const MOST_LISTED = 1_000;

/** Answers, kept in this browser: on a page, in a worker, in a service worker; what one adds the others hear of. */
export class RecordLog {
  #database = new Database({ name: NAME, version: 1, title: "The record log", upgrade });
  /** @type {Changes<RecordChange>} */
  #changes = new Changes(NAME, (change) => this.#hear(change));
  #enabled = recalled();
  /** What filters found, until something changes; then it is another map. @type {Map<string, number[]>} */
  #found = new Map();
  /** Of all records, until something changes. @type {{ count?: number }} */
  #all = {};

  /** Whether answers are recorded, as far as it is known here; `add` looks again. */
  get enabled() {
    return this.#enabled;
  }

  /**
   * Records an answer. Storage that fails never throws: it becomes a `warning`.
   *
   * @param {RecordToAdd} record
   * @returns {Promise<Added | Off | Warning>}
   */
  async add(record) {
    const outcome = await this.addMany([record]);
    return "added" in outcome ? /** @type {Added} */ (outcome.added[0]) : outcome;
  }

  /**
   * Records many answers at once: all of them, or none.
   *
   * @param {RecordToAdd[]} records
   * @returns {Promise<{ added: Added[] } | Off | Warning>}
   */
  async addMany(records) {
    const entries = records.map(entryOf);
    try {
      const ids = await this.#database.write(ALL, async (transaction) => {
        const kept = transaction.objectStore("records");
        const pictures = transaction.objectStore("pictures");
        const state = await this.#state(transaction);
        if (!state.enabled) return null;
        const keys = /** @type {number[]} */ (await Promise.all(entries.map(({ facts }) => answer(kept.add(facts)))));
        await Promise.all(entries.map((entry, at) => answer(pictures.add(entry.pictures, keys[at]))));
        const bytes = entries.reduce((sum, { facts }) => sum + facts.bytes, state.bytes);
        await answer(transaction.objectStore("state").put({ ...state, bytes }, "log"));
        return keys;
      });
      this.#knowEnabled(ids !== null);
      if (ids === null) return { off: true };
      this.#changes.tell({ kind: "added", ids });
      return { added: ids.map((id, at) => ({ id, time: entries[at]?.facts.time ?? "" })) };
    } catch (error) {
      const warning = `The answer stands, but it was not recorded. ${reasonOf(error)}`;
      this.#changes.tellHere({ kind: "warning", warning });
      return { warning };
    }
  }

  /**
   * A page of the log, newest first, with thumbnails.
   *
   * @param {{ offset?: number, before?: number, limit?: number, filter?: RecordFilter, signal?: AbortSignal }} [options] `before`
   *   is the id of a record that was listed last, and does not shift when others are added; `offset` counts from the newest.
   * @returns {Promise<{ records: ListedRecord[], total: number, more: boolean }>}
   */
  async list({ offset, before = Infinity, limit = 100, filter, signal } = {}) {
    wholeNumber("limit", limit, 1, MOST_LISTED);
    if (offset !== undefined) wholeNumber("offset", offset, 0, Number.MAX_SAFE_INTEGER);
    const checked = new CheckedFilter(filter);
    const [total, ids] = await Promise.all([
      this.count(filter),
      offset === undefined
        ? this.#page(checked, before, limit + 1, signal)
        : this.ids(filter, { signal }).then((found) => found.slice(offset, offset + limit + 1)),
    ]);
    return { records: await this.getMany(ids.slice(0, limit), { signal }), total, more: ids.length > limit };
  }

  /**
   * The ids of all records that a filter means, newest first.
   *
   * @param {RecordFilter} [filter]
   * @param {{ signal?: AbortSignal, onFound?: (ids: number[]) => void }} [options] `onFound` is told of those that were
   *   found meanwhile when it takes long.
   * @returns {Promise<number[]>}
   */
  async ids(filter, { signal, onFound } = {}) {
    const checked = new CheckedFilter(filter);
    // Should something change meanwhile, what is found is kept where nobody looks any more.
    const kept = this.#found;
    const found = kept.get(checked.key) ?? (await this.#search(checked, signal, onFound));
    kept.set(checked.key, found);
    return [...found];
  }

  /**
   * How many records a filter means.
   *
   * @param {RecordFilter} [filter]
   * @returns {Promise<number>}
   */
  async count(filter) {
    if (!new CheckedFilter(filter).isEmpty) return (await this.ids(filter)).length;
    const all = this.#all;
    return (all.count ??= await this.#database.read(["records"], (transaction) => answer(transaction.objectStore("records").count())));
  }

  /**
   * A record with its pictures, or null when there is none of this id.
   *
   * @param {number} id
   * @returns {Promise<FullRecord | null>}
   */
  async get(id) {
    wholeNumber("id", id, 1, Number.MAX_SAFE_INTEGER);
    const [record] = await this.getMany([id], { seen: true });
    return /** @type {FullRecord | undefined} */ (record) ?? null;
  }

  /**
   * Records by their ids, in the same order, with thumbnails; those that are gone are left out.
   *
   * @param {number[]} ids
   * @param {{ seen?: boolean, signal?: AbortSignal }} [options] With `seen`, what the model saw comes along, too.
   * @returns {Promise<ListedRecord[]>}
   */
  async getMany(ids, { seen = false, signal } = {}) {
    if (ids.length === 0) return [];
    return this.#database.read(
      ["records", "pictures"],
      async (transaction) => {
        const kept = transaction.objectStore("records");
        const pictures = transaction.objectStore("pictures");
        const pairs = await Promise.all(ids.map((id) => Promise.all([answer(kept.get(id)), answer(pictures.get(id))])));
        return pairs.flatMap(([record, found]) => (record ? [joined(record, found, seen)] : []));
      },
      signal,
    );
  }

  /**
   * What there is of a field, in alphabetical order: the models, the places.
   *
   * @param {"model" | "from"} field
   * @returns {Promise<string[]>}
   */
  async values(field) {
    return this.#database.read(["records"], async (transaction) => {
      const found = [];
      const index = transaction.objectStore("records").index(field);
      let cursor = await answer(index.openKeyCursor(null, "nextunique"));
      while (cursor) {
        found.push(String(cursor.key));
        cursor = await answer(index.openKeyCursor(IDBKeyRange.lowerBound(cursor.key, true), "nextunique"));
      }
      return found;
    });
  }

  /**
   * Deletes records; ids that are not there are passed over.
   *
   * @param {number[]} ids
   * @param {LongCall} [options]
   * @returns {Promise<number>} how many were deleted
   */
  async delete(ids, { signal, onProgress } = {}) {
    const sorted = [...new Set(ids)].sort((a, b) => a - b);
    for (const id of sorted) wholeNumber("id", id, 1, Number.MAX_SAFE_INTEGER);
    let deleted = 0;
    for (let start = 0; start < sorted.length; start += BATCH) {
      const batch = sorted.slice(start, start + BATCH);
      deleted += await this.#database.write(ALL, (transaction) => this.#deleteRuns(transaction, runs(batch)), signal);
      this.#changes.tell({ kind: "deleted", ids: batch });
      onProgress?.({ done: Math.min(start + BATCH, sorted.length), total: sorted.length, unit: "records" });
    }
    return deleted;
  }

  /**
   * Brings deleted records back, as `getMany` gave them.
   *
   * @param {ListedRecord[]} records
   */
  async restore(records) {
    if (records.length === 0) return;
    await this.#database.write(ALL, async (transaction) => {
      const state = await this.#state(transaction);
      let { bytes } = state;
      for (const { thumbnail, seen = null, ...record } of /** @type {FullRecord[]} */ (records)) {
        const stored = /** @type {StoredRecord} */ (record);
        transaction.objectStore("records").put(stored);
        transaction.objectStore("pictures").put({ thumbnail, seen }, record.id);
        bytes += stored.bytes;
      }
      await answer(transaction.objectStore("state").put({ ...state, bytes }, "log"));
    });
    this.#changes.tell({ kind: "added", ids: records.map(({ id }) => id) });
  }

  /** Deletes all records. Ids go on where they were. */
  async clear() {
    await this.#database.write(ALL, async (transaction) => {
      const state = await this.#state(transaction);
      transaction.objectStore("records").clear();
      transaction.objectStore("pictures").clear();
      await answer(transaction.objectStore("state").put({ ...state, bytes: 0 }, "log"));
    });
    this.#changes.tell({ kind: "cleared" });
  }

  /** Deletes the whole log, even when it cannot be read any more, and starts anew. */
  async reset() {
    await this.#database.remove();
    this.#changes.tell({ kind: "cleared" });
  }

  /**
   * Records as a file, newest first. Texts that a spreadsheet would take for formulas begin with an apostrophe in CSV.
   *
   * @param {{ format?: "csv" | "json", filter?: RecordFilter } & LongCall} [options]
   * @returns {Promise<Blob>}
   */
  async export({ format = "csv", filter, signal, onProgress } = {}) {
    if (!Object.hasOwn(FORMATS, format)) {
      const allowed = Object.keys(FORMATS).join(", ");
      throw DigitlabError.invalid("format", format, allowed);
    }
    const total = await this.count(filter);
    return written(this.#matching(new CheckedFilter(filter), Infinity, signal), format, (done) => {
      onProgress?.({ done, total: Math.max(done, total), unit: "records" });
    });
  }

  /**
   * How much the log holds: its records, about how many bytes they take, and how many this site may store (null where
   * the browser does not say).
   *
   * @returns {Promise<{ records: number, bytes: number, quota: number | null }>}
   */
  async usage() {
    const [records, { bytes, enabled }, quota] = await Promise.all([
      this.count(),
      this.#database.read(["state"], (transaction) => this.#state(transaction)),
      globalThis.navigator?.storage?.estimate?.().then(({ quota }) => quota ?? null, () => null) ?? null,
    ]);
    this.#knowEnabled(enabled);
    return { records, bytes, quota };
  }

  /**
   * Switches the log on or off, for all tabs.
   *
   * @param {boolean} enabled
   */
  async enable(enabled) {
    this.#knowEnabled(Boolean(enabled));
    await this.#database.write(["state"], async (transaction) => {
      const state = await this.#state(transaction);
      await answer(transaction.objectStore("state").put({ ...state, enabled: Boolean(enabled) }, "log"));
    });
    this.#changes.tell({ kind: "enabled", enabled: Boolean(enabled) });
  }

  /**
   * Tells of every change, whoever makes it: this page, another tab, a worker. Warnings are told where they arise.
   *
   * @param {(change: RecordChange) => void} listener
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

  /**
   * @param {CheckedFilter} filter
   * @param {AbortSignal} [signal]
   * @param {(ids: number[]) => void} [onFound]
   */
  async #search(filter, signal, onFound) {
    if (filter.needsRows) {
      /** @type {number[]} */
      const found = [];
      for await (const records of this.#matching(filter, Infinity, signal)) {
        const ids = records.map(({ id }) => id);
        found.push(...ids);
        onFound?.(ids);
      }
      return found;
    }
    const { ranges } = filter;
    const lists = await this.#database.read(
      ["records"],
      (transaction) => {
        const kept = transaction.objectStore("records");
        const asked = ranges.length === 0 ? [kept.getAllKeys()] : ranges.map(({ name, range }) => kept.index(name).getAllKeys(range));
        return /** @type {Promise<number[][]>} */ (Promise.all(asked.map(answer)));
      },
      signal,
    );
    return common(lists);
  }

  /**
   * The ids of the newest records below an id.
   *
   * @param {CheckedFilter} filter
   * @param {number} before
   * @param {number} limit
   * @param {AbortSignal} [signal]
   */
  async #page(filter, before, limit, signal) {
    /** @type {number[]} */
    const ids = [];
    for await (const records of this.#matching(filter, before, signal, limit)) {
      ids.push(...records.map(({ id }) => id));
      if (ids.length >= limit) break;
    }
    return ids.slice(0, limit);
  }

  /**
   * The records that are meant, newest first, in batches. Each is read in a transaction of its own, so that others can
   * write in between.
   *
   * @param {CheckedFilter} filter
   * @param {number} before
   * @param {AbortSignal} [signal]
   * @param {number} [window] how many are looked at first
   */
  async *#matching(filter, before, signal, window = WINDOW) {
    let [above, width] = [before, window];
    while (true) {
      const records = await this.#database.read(
        ["records"],
        async (transaction) => {
          const kept = transaction.objectStore("records");
          const below = above === Infinity ? null : IDBKeyRange.upperBound(above, true);
          // Ids that were deleted are leapt over.
          const newest = await answer(kept.openKeyCursor(below, "prev"));
          if (!newest) return null;
          const last = Number(newest.key);
          return answer(/** @type {IDBRequest<StoredRecord[]>} */ (kept.getAll(IDBKeyRange.bound(last - width + 1, last))));
        },
        signal,
      );
      if (!records?.[0]) return;
      above = records[0].id;
      width = WINDOW;
      yield records.reverse().filter((record) => filter.matches(record));
    }
  }

  /**
   * @param {IDBTransaction} transaction
   * @param {IDBKeyRange[]} ranges
   */
  async #deleteRuns(transaction, ranges) {
    const kept = transaction.objectStore("records");
    const state = await this.#state(transaction);
    const gone = await Promise.all(
      ranges.map(async (range) => {
        /** @type {StoredRecord[]} */
        const records = await answer(kept.getAll(range));
        kept.delete(range);
        transaction.objectStore("pictures").delete(range);
        return records;
      }),
    );
    const records = gone.flat();
    const bytes = records.reduce((left, record) => left - record.bytes, state.bytes);
    await answer(transaction.objectStore("state").put({ ...state, bytes: Math.max(0, bytes) }, "log"));
    return records.length;
  }

  /**
   * @param {IDBTransaction} transaction
   * @returns {Promise<State>}
   */
  async #state(transaction) {
    return (await answer(transaction.objectStore("state").get("log"))) ?? { enabled: this.#enabled, bytes: 0 };
  }

  /** @param {boolean} enabled */
  #knowEnabled(enabled) {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    try {
      globalThis.localStorage?.setItem(SWITCH, enabled ? "on" : "off");
    } catch {
      // The database has it, too.
    }
  }

  /** @param {RecordChange} change */
  #hear(change) {
    if (change.kind === "enabled") this.#knowEnabled(change.enabled);
    else {
      this.#found = new Map();
      this.#all = {};
    }
  }
}

/** @param {IDBDatabase} database */
function upgrade(database) {
  const records = database.createObjectStore("records", { keyPath: "id", autoIncrement: true });
  for (const field of INDEXED) records.createIndex(field, field);
  // Apart, so that looking through the records does not read their pictures.
  database.createObjectStore("pictures");
  database.createObjectStore("state");
}

function recalled() {
  try {
    return globalThis.localStorage?.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

/**
 * @param {StoredRecord} record
 * @param {RecordPictures | undefined} pictures
 * @param {boolean} seen
 * @returns {ListedRecord}
 */
function joined(record, pictures, seen) {
  const thumbnail = pictures?.thumbnail ?? null;
  return seen ? Object.assign(record, { thumbnail, seen: pictures?.seen ?? null }) : Object.assign(record, { thumbnail });
}

/**
 * What is in all of some lists of ids, newest first.
 *
 * @param {number[][]} lists
 */
function common(lists) {
  const [first = [], ...others] = lists.sort((a, b) => a.length - b.length);
  const sets = others.map((list) => new Set(list));
  return first.filter((id) => sets.every((set) => set.has(id))).sort((a, b) => b - a);
}

/**
 * Ids in ascending order, as ranges without a gap.
 *
 * @param {number[]} ids
 */
function runs(ids) {
  const ranges = [];
  for (let start = 0, at = 0; at < ids.length; at++) {
    const id = ids[at] ?? 0;
    if (ids[at + 1] === id + 1) continue;
    ranges.push(IDBKeyRange.bound(ids[start], id));
    start = at + 1;
  }
  return ranges;
}
