/** Over which time a rate is measured, and how often it is noted, in milliseconds. */
const SPAN = 6000;
const STEP = 200;
/** Below this time nothing is known. */
const LEAST = 400;

/** How fast something goes: over the last seconds, since it may become slower or faster. */
export class Rate {
  #now;
  /** @type {{ time: number, done: number }[]} */
  #notes = [];
  #latest = { time: 0, done: 0 };
  /** Time that does not count. */
  #leftOut = 0;
  /** Since when it does not count. @type {number | null} */
  #since = null;

  /** @param {() => number} [now] The time in milliseconds. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Notes how much is done.
   * @param {number} done
   */
  note(done) {
    const time = this.#now() - this.#leftOut;
    this.#latest = { time, done };
    const last = this.#notes.at(-1);
    if (!last || time - last.time >= STEP) this.#notes.push(this.#latest);
    // One note that is older than the span stays, so that all of the span is measured.
    while (this.#notes.length > 2 && time - this.#notes[1].time > SPAN) this.#notes.shift();
  }

  /** Keeps the rate as it is: the time until {@link goOn} does not count. In between nothing is noted. */
  hold() {
    this.#since ??= this.#now();
  }

  goOn() {
    if (this.#since !== null) this.#leftOut += this.#now() - this.#since;
    this.#since = null;
  }

  /** How much is done in a second; 0 while that is not known. */
  get perSecond() {
    const [first] = this.#notes;
    if (!first) return 0;
    const { time, done } = this.#latest;
    return time - first.time < LEAST ? 0 : ((done - first.done) / (time - first.time)) * 1000;
  }

  /**
   * The seconds that the rest takes at this rate; null while that is not known.
   * @param {number} total
   */
  secondsLeft(total) {
    const left = total - this.#latest.done;
    if (left <= 0) return 0;
    const rate = this.perSecond;
    return rate > 0 ? left / rate : null;
  }
}
