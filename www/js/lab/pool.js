import { Ending } from "./ending.js";
import { DigitlabError } from "./errors.js";
import { Lease } from "./lease.js";
import { WorkerClient } from "./worker_client.js";

/** How long a cancelled worker may take to finish before it is ended: about what
 * starting another one costs. */
const GRACE_MS = 200;

/**
 * @typedef {object} PoolOptions
 * @property {URL} script The worker's script.
 * @property {() => Promise<WebAssembly.Module>} module Compiles the engine, once.
 * @property {number} size The most workers at a time.
 * @property {number} idleMs How long an idle worker is kept.
 * @property {string} [last] The call by which a worker lets go of what it has open, before it is ended.
 *
 * @typedef {{ signal?: AbortSignal, timeout?: number }} RunOptions
 *   `timeout` in milliseconds, counted from the moment a worker takes the work up.
 *
 * @typedef {{ resolve: (client: WorkerClient) => void, reject: (error: unknown) => void }} Waiter
 */

/** Workers that start when there is work, take one task at a time, and go away when idle. */
export class Pool {
  #options;
  /** Workers that live or are being started. */
  #count = 0;
  /** Idle workers, and the clock that sends each away. @type {Map<WorkerClient, ReturnType<typeof setTimeout>>} */
  #idle = new Map();
  /** @type {Map<WorkerClient, Ending>} */
  #busy = new Map();
  /** @type {Waiter[]} */
  #waiting = [];
  #closed = false;

  /** @param {PoolOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** The most workers at a time. */
  get size() {
    return this.#options.size;
  }

  /** How many workers there are now. */
  get workers() {
    return this.#count;
  }

  /**
   * Runs a task on a worker of its own. Cancelling rejects at once; a worker that
   * does not stop soon after is ended and replaced.
   * @template T
   * @param {(lease: Lease) => Promise<T>} task
   * @param {RunOptions} [options]
   * @returns {Promise<T>}
   */
  async run(task, { signal, timeout } = {}) {
    const ending = new Ending(signal);
    try {
      const client = await this.#acquire(ending);
      this.#busy.set(client, ending);
      const lease = new Lease(client, ending);
      try {
        ending.startClock(timeout);
        return await ending.race(task(lease));
      } finally {
        this.#busy.delete(client);
        lease.close();
        void this.#release(client, lease, ending);
      }
    } finally {
      ending.forget();
    }
  }

  /** Ends all workers; what they had to do is rejected. */
  close() {
    this.#closed = true;
    const error = closedError();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    for (const ending of this.#busy.values()) ending.end(error);
    for (const client of this.#busy.keys()) this.#end(client, error);
    for (const [client, clock] of this.#idle) {
      clearTimeout(clock);
      this.#end(client, error);
    }
    this.#count -= this.#idle.size;
    this.#idle.clear();
  }

  /**
   * @param {Ending} ending
   * @returns {Promise<WorkerClient>}
   */
  async #acquire(ending) {
    if (ending.reason) throw ending.reason;
    if (this.#closed) throw closedError();
    /** @type {PromiseWithResolvers<WorkerClient>} */
    const { promise, resolve, reject } = Promise.withResolvers();
    const waiter = { resolve, reject };
    this.#waiting.push(waiter);
    this.#serve();
    try {
      return await ending.race(promise);
    } catch (error) {
      const at = this.#waiting.indexOf(waiter);
      if (at >= 0) this.#waiting.splice(at, 1);
      // A worker may have been handed over in the same moment.
      else promise.then((client) => this.#offer(client), () => {});
      throw error;
    }
  }

  /** Gives waiting tasks idle workers, and starts as many more as there may be. */
  #serve() {
    while (this.#waiting.length > 0 && this.#idle.size > 0) {
      const [client, clock] = /** @type {[WorkerClient, ReturnType<typeof setTimeout>]} */ ([...this.#idle].at(-1));
      clearTimeout(clock);
      this.#idle.delete(client);
      // Workers may also die while they have nothing to do.
      if (client.dead) this.#count -= 1;
      else this.#waiting.shift()?.resolve(client);
    }
    if (this.#waiting.length > 0 && this.#count < this.#options.size) void this.#start();
  }

  async #start() {
    this.#count += 1;
    try {
      const client = new WorkerClient(this.#options.script, await this.#options.module());
      await client.started;
      this.#offer(client);
    } catch (error) {
      this.#count -= 1;
      this.#waiting.shift()?.reject(error);
      this.#serve();
    }
  }

  /** @param {WorkerClient} client One that has nothing to do. */
  #offer(client) {
    if (this.#closed) this.#end(client, closedError());
    if (client.dead) {
      this.#count -= 1;
    } else {
      const leave = () => {
        this.#idle.delete(client);
        this.#end(client, closedError());
        this.#count -= 1;
      };
      this.#idle.set(client, setTimeout(leave, this.#options.idleMs));
    }
    this.#serve();
  }

  /**
   * Takes a worker back, after its task has ended well or badly.
   * @param {WorkerClient} client
   * @param {Lease} lease
   * @param {Ending} ending
   */
  async #release(client, lease, ending) {
    const { reason } = ending;
    if (reason && client.busy) {
      // What ran out of time has had its time; what was cancelled may finish.
      if (reason.code !== "timeout") await Promise.race([lease.settled, delay(GRACE_MS)]);
      if (client.busy) this.#end(client, reason);
    }
    this.#offer(client);
  }

  /**
   * @param {WorkerClient} client
   * @param {DigitlabError} error
   */
  #end(client, error) {
    const { last } = this.#options;
    if (last) void client.retire(last, error);
    else client.terminate(error);
  }
}

/** @param {number} milliseconds */
const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const closedError = () => new DigitlabError("closed", "This lab was closed; open a new one.");
