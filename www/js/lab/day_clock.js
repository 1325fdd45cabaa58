/**
 * Microseconds since local midnight, for task ids: never the same twice on a day, however coarse the browser's clock is and
 * however often it is set back.
 */
export class DayClock {
  #midnight = NaN;
  #next = 0;

  /**
   * The first of some moments in a row.
   * @param {number} count
   */
  take(count) {
    const now = new Date();
    const midnight = new Date(now).setHours(0, 0, 0, 0);
    // Another day begins with its own time, not with the end of the one before.
    if (midnight !== this.#midnight) this.#next = 0;
    this.#midnight = midnight;
    const micros = Math.max(Math.floor((now.getTime() - midnight) * 1000), this.#next);
    this.#next = micros + count;
    return micros;
  }
}
