/** Edits of the same thing that come closer together than this are one, in milliseconds. */
const TOGETHER = 1_000;

/**
 * What was, is, and was taken back. States are values that nobody changes.
 *
 * @template T
 */
export class EditHistory {
  /** @type {T[]} */
  #past = [];
  /** @type {T[]} */
  #future = [];
  #present;
  #most;
  #key = "";
  #time = -Infinity;
  #held = false;

  /**
   * @param {T} present
   * @param {number} [most] how many steps back are kept
   */
  constructor(present, most = 100) {
    this.#present = present;
    this.#most = most;
  }

  get present() {
    return this.#present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** While it is held, as by a pointer that drags a slider, edits of the same thing are one however long they take. @param {boolean} held */
  set held(held) {
    this.#held = held;
  }

  /**
   * @param {T} state
   * @param {{ key?: string, now?: number }} [edit] The key names the thing that was edited; without one the edit stands alone.
   */
  record(state, { key = "", now = 0 } = {}) {
    if (state === this.#present) return;
    const together = key !== "" && key === this.#key && (this.#held || now - this.#time < TOGETHER);
    if (!together) {
      this.#past.push(this.#present);
      if (this.#past.length > this.#most) this.#past.shift();
    }
    this.#key = key;
    this.#time = now;
    this.#present = state;
    this.#future = [];
  }

  /** Begins afresh with a state. @param {T} state */
  reset(state) {
    this.#past = [];
    this.#future = [];
    this.#key = "";
    this.#present = state;
  }

  undo() {
    return this.#go(this.#past, this.#future);
  }

  redo() {
    return this.#go(this.#future, this.#past);
  }

  /**
   * @param {T[]} from
   * @param {T[]} to
   */
  #go(from, to) {
    const state = from.pop();
    if (state === undefined) return false;
    to.push(this.#present);
    this.#present = state;
    this.#key = "";
    return true;
  }
}
