import { Database, answer } from "./database.js";

/** @typedef {import("./training.js").TrainingState} TrainingState */
/** @typedef {import("./training.js").TrainingData} TrainingData */

const NAME = "digitlab-training";

/** The training that was begun last, kept in this browser so that it goes on after a reload. */
export class TrainingStore {
  #database = new Database({ name: NAME, version: 1, title: "The storage for a training", upgrade });

  /**
   * What is known of the training that is kept; null when there is none.
   * @returns {Promise<TrainingState | null>}
   */
  async state() {
    return this.#database.read(["state"], async (transaction) => {
      /** @type {TrainingState | undefined} */
      const state = await answer(transaction.objectStore("state").get("state"));
      return state ?? null;
    });
  }

  /**
   * The pictures of the training that is kept.
   * @returns {Promise<TrainingData | null>}
   */
  async data() {
    return this.#database.read(["data"], async (transaction) => {
      /** @type {TrainingData | undefined} */
      const data = await answer(transaction.objectStore("data").get("data"));
      return data ?? null;
    });
  }

  /**
   * Keeps a training that begins, in the place of the last one.
   * @param {TrainingState} state
   * @param {TrainingData} data
   */
  async begin(state, data) {
    await this.#database.write(["state", "data"], async (transaction) => {
      transaction.objectStore("data").put(data, "data");
      await answer(transaction.objectStore("state").put(state, "state"));
    });
  }

  /**
   * Keeps how far it is.
   * @param {TrainingState} state
   */
  async keep(state) {
    await this.#database.write(["state"], (transaction) => answer(transaction.objectStore("state").put(state, "state")));
  }

  /** Forgets the training. */
  async clear() {
    await this.#database.write(["state", "data"], async (transaction) => {
      transaction.objectStore("state").clear();
      await answer(transaction.objectStore("data").clear());
    });
  }

  close() {
    this.#database.close();
  }
}

/** @param {IDBDatabase} database */
function upgrade(database) {
  database.createObjectStore("state");
  // Apart, since it is large and never changes.
  database.createObjectStore("data");
}
