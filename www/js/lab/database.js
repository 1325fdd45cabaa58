import { DigitlabError, reasonOf } from "./errors.js";

/** How long another tab may keep an old version open, or the browser say nothing at all. */
const PATIENCE = 10_000;

/**
 * @typedef {object} DatabasePlan
 * @property {string} name
 * @property {number} version
 * @property {string} title What messages call it, as the start of a sentence: "The record log".
 * @property {(database: IDBDatabase, from: number) => void} upgrade Makes the stores; `from` is the version there was, or 0.
 */

/**
 * A database of the browser, on a page and in workers alike. It opens itself when first used, makes way for other tabs
 * and for deletion, comes back when the browser has closed it, and puts every failure into a sentence.
 */
export class Database {
  #plan;
  /** @type {Promise<IDBDatabase> | null} */
  #opened = null;

  /** @param {DatabasePlan} plan */
  constructor(plan) {
    this.#plan = plan;
  }

  /**
   * Reads from some stores. The job may wait for requests of its transaction alone, or it ends under its hands.
   *
   * @template T
   * @param {string[]} stores
   * @param {(transaction: IDBTransaction) => Promise<T>} job
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>} what the job made
   */
  async read(stores, job, signal) {
    return this.#run(stores, "readonly", job, signal);
  }

  /**
   * Writes to some stores: all of the job, or nothing.
   *
   * @template T
   * @param {string[]} stores
   * @param {(transaction: IDBTransaction) => Promise<T>} job
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>} what the job made, once it is kept
   */
  async write(stores, job, signal) {
    return this.#run(stores, "readwrite", job, signal);
  }

  /** Lets go of the database; it opens again when it is used. */
  close() {
    this.#opened?.then((database) => database.close()).catch(() => {});
    this.#opened = null;
  }

  /** Deletes the database with all that is in it; the next use makes an empty one. */
  async remove() {
    this.close();
    await this.#wait(() => this.#storage().deleteDatabase(this.#plan.name));
  }

  /**
   * @template T
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   * @param {(transaction: IDBTransaction) => Promise<T>} job
   * @param {AbortSignal} [signal]
   */
  async #run(stores, mode, job, signal) {
    for (let again = false; ; again = true) {
      if (signal?.aborted) throw DigitlabError.aborted(signal);
      const database = await this.#open();
      let transaction;
      try {
        transaction = database.transaction(stores, mode);
      } catch (error) {
        this.#forget(database);
        const closed = nameOf(error) === "InvalidStateError";
        // A connection that was closed between two uses is opened once more.
        if (closed && !again) continue;
        throw this.#explain(closed ? new DOMException("It stays closed.", "AbortError") : error);
      }
      return this.#finish(transaction, job, signal);
    }
  }

  /**
   * @template T
   * @param {IDBTransaction} transaction
   * @param {(transaction: IDBTransaction) => Promise<T>} job
   * @param {AbortSignal} [signal]
   */
  async #finish(transaction, job, signal) {
    const ended = new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve, { once: true });
      transaction.addEventListener("abort", () => reject(transaction.error), { once: true });
    });
    // The job's own failure is told first.
    ended.catch(() => {});
    const stop = () => abort(transaction);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const value = await job(transaction);
      await ended;
      return value;
    } catch (error) {
      stop();
      if (signal?.aborted) throw DigitlabError.aborted(signal);
      // A request that was swept away only says so; the transaction knows why.
      throw this.#explain(nameOf(error) === "AbortError" ? (transaction.error ?? error) : error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  async #open() {
    const opening = (this.#opened ??= this.#connect());
    try {
      return await opening;
    } catch (error) {
      if (this.#opened === opening) this.#opened = null;
      throw error;
    }
  }

  async #connect() {
    const { name, version, upgrade } = this.#plan;
    const database = await this.#wait(() => {
      const asked = this.#storage().open(name, version);
      asked.addEventListener("upgradeneeded", ({ oldVersion }) => upgrade(asked.result, oldVersion));
      return asked;
    });
    const forget = () => this.#forget(database);
    // Another tab wants to upgrade or delete it, and waits for this one.
    database.addEventListener("versionchange", forget);
    database.addEventListener("close", forget);
    return database;
  }

  /** @param {IDBDatabase} database */
  #forget(database) {
    database.close();
    this.#opened?.then((opened) => opened === database && (this.#opened = null)).catch(() => {});
  }

  /** @returns {IDBFactory} */
  #storage() {
    // Asking for it may throw, too.
    const storage = globalThis.indexedDB;
    if (!storage) throw new DOMException("There is no IndexedDB.", "SecurityError");
    return storage;
  }

  /** @param {() => IDBOpenDBRequest} ask */
  async #wait(ask) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
      const asked = ask();
      /** @type {Promise<never>} */
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => {
          reject(new DOMException("Nothing came.", "TimeoutError"));
          // What comes now would hold the database open with nobody to close it.
          asked.addEventListener("success", () => asked.result instanceof IDBDatabase && asked.result.close());
        }, PATIENCE);
      });
      return await Promise.race([answer(asked), late]);
    } catch (error) {
      throw this.#explain(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {unknown} error */
  #explain(error) {
    if (error instanceof DigitlabError) return error;
    const { title, name } = this.#plan;
    const reason = reasonOf(error);
    const [code, sentence] = REASONS[nameOf(error)] ?? ["storage_failed", `failed for a reason of the browser's own: ${reason}`];
    return new DigitlabError(code, `${title} ${sentence}`, { file: name, reason }, { cause: error });
  }
}

/**
 * What a request answers.
 *
 * @template T
 * @param {IDBRequest<T>} asked
 * @returns {Promise<T>}
 */
export function answer(asked) {
  return new Promise((resolve, reject) => {
    asked.addEventListener("success", () => resolve(asked.result), { once: true });
    asked.addEventListener("error", () => reject(asked.error), { once: true });
  });
}

/** @param {IDBTransaction} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error || error instanceof DOMException ? error.name : "AbortError";
}

const FULL = "cannot take more: the browser's storage for this site is full. Delete what is not needed, or free space on this machine.";
const SHUT =
  "cannot be opened: this browser closes its storage (IndexedDB) to this page, as some do in private windows or when cookies are blocked. " +
  "Allow this site to store data, or use an ordinary window.";
const HELD = "cannot be opened: another tab or window of this site holds it. Close the others, then retry.";
const NEWER = "was opened by a newer version of this page. Reload the page.";
const CLOSED = "was closed by the browser while it was used. Retry; if that does not help, reload the page.";
const DAMAGED = "cannot be read: what the browser has stored is damaged. Retry; if that does not help, delete it and start anew.";

/** By the names of what browsers throw: a code and the end of a sentence. @type {Record<string, [string, string]>} */
const REASONS = {
  QuotaExceededError: ["storage_full", FULL],
  SecurityError: ["storage_unavailable", SHUT],
  NotSupportedError: ["storage_unavailable", SHUT],
  // Firefox says so where it keeps nothing, on opening.
  InvalidStateError: ["storage_unavailable", SHUT],
  TimeoutError: ["storage_held", HELD],
  VersionError: ["storage_newer", NEWER],
  AbortError: ["storage_closed", CLOSED],
  TransactionInactiveError: ["storage_closed", CLOSED],
  UnknownError: ["storage_damaged", DAMAGED],
  NotFoundError: ["storage_damaged", DAMAGED],
  NotReadableError: ["storage_damaged", DAMAGED],
  DataError: ["storage_damaged", DAMAGED],
  EncodingError: ["storage_damaged", DAMAGED],
};
