/** How many requests of a kind are in hand at a time: what is large must not fill the memory. */
const MOST = { light: Infinity, heavy: 4, long: 2 };
/** The longest that one request goes on without letting others in, in milliseconds. */
const PATIENCE = 8;

/** @typedef {keyof typeof MOST} Kind */

/** Lets requests take turns, so that long ones do not keep short ones waiting. */
export class Turns {
  /** @type {Record<Kind, { running: number, waiting: (() => void)[] }>} */
  #lanes = { light: { running: 0, waiting: [] }, heavy: { running: 0, waiting: [] }, long: { running: 0, waiting: [] } };

  /**
   * @template T
   * @param {Kind} kind
   * @param {AbortSignal} signal whoever is not waited for any more gives its turn to the next
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async take(kind, signal, work) {
    const lane = this.#lanes[kind];
    if (lane.running < MOST[kind]) lane.running += 1;
    else await new Promise((resolve) => lane.waiting.push(() => resolve(undefined)));
    try {
      signal.throwIfAborted();
      await letOthersIn();
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = lane.waiting.shift();
      // It takes over the place.
      if (next) next();
      else lane.running -= 1;
    }
  }
}

/** Comes back after what else has come in the meantime, such as other requests. */
export function letOthersIn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}

/**
 * A stream whose reader lets others in from time to time, however fast it is filled, and that ends when nobody waits for
 * what is made of it.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {AbortSignal} signal
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function unhurried(stream, signal) {
  const reader = stream.getReader();
  let last = performance.now();
  return new ReadableStream(
    {
      start(controller) {
        const stop = () => {
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(() => {});
        };
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      },
      async pull(controller) {
        if (performance.now() - last > PATIENCE) {
          await letOthersIn();
          last = performance.now();
        }
        const { value, done } = await reader.read();
        if (signal.aborted) return;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
