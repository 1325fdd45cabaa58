import { busy } from "../../offline/busy.js";
import { DigitlabError } from "../errors.js";
import { Pool } from "../pool.js";
import { wasmModule } from "../wasm_module.js";
import { WorkerClient } from "../worker_client.js";
import { fileIn, folderOf, removeFile } from "./own_folder.js";
import { Rate } from "./rate.js";
import { hold } from "./shelf.js";
import { trouble } from "./trouble.js";

/** @typedef {import("../lease.js").Lease} Lease */
/** @typedef {import("../sample_source.js").SampleSource} SampleSource */
/** @typedef {import("./shelf.js").Entry} Entry */
/** @typedef {import("./shelf.js").Inputs} Inputs */
/** @typedef {import("./types.js").DatasetProgress} DatasetProgress */
/** @typedef {import("./types.js").MadeDataset} MadeDataset */
/** @typedef {import("./writer_methods.js").Work} Work */
/** @typedef {import("./writer_methods.js").Written} Written */
/** @typedef {Written & { memory: number, finished: string[] }} Answer Of the writer. */
/** @typedef {ReturnType<typeof import("./sinks.js").sinkOf>} Sink */

/**
 * @typedef {object} JobOptions
 * @property {import("./shelf.js").Shelf} shelf
 * @property {Entry} entry
 * @property {Inputs} inputs
 * @property {SampleSource} source
 * @property {Sink} sink
 * @property {number} workers
 * @property {boolean} isResumed Whether it was begun before.
 * @property {(progress: DatasetProgress) => void} [onProgress]
 * @property {AbortSignal} [signal] Pauses it.
 */

const MAKER = new URL("./dataset_worker.js", import.meta.url);
const WRITER = new URL("./writer_worker.js", import.meta.url);
export const datasetModule = wasmModule(new URL("../../../dataset_bg.wasm", import.meta.url), "The module for data sets");

/** Blocks that a worker is given at a time, so that it need not wait for the page between them. */
const AT_ONCE = 2;
/** Blocks for each worker that may be made and not be written yet. */
const AHEAD = 3;
/** Finished files that may wait for being handed on, before no more are made. */
const MOST_TO_HAND_ON = 32;
/** How often, in milliseconds, it is written down how far the data set is. */
const KEEP_EACH = 1000;
/** How long a pause waits for what is being made. */
const PATIENCE = 4000;

/**
 * A data set that is being made: workers make blocks of items, a worker of its own writes them in order. Tells of
 * `progress` events, and of an `end` when it is done, paused, cancelled, or failed.
 */
export class DatasetJob extends EventTarget {
  #options;
  #entry;
  #rate = new Rate();
  #started = performance.now();
  /** Of earlier visits. */
  #secondsBefore;
  /** Ends everything at once. */
  #stop = new AbortController();
  /** Why it ends early. @type {DigitlabError | null} */
  #failure = null;
  /** Whether no more blocks are to be begun. */
  #pausing = false;
  /** @type {WorkerClient | null} */
  #writer = null;
  /** Blocks to be made. @type {Work[]} */
  #works = [];
  /** @type {Promise<void> | null} */
  #asking = null;
  #allAsked = false;
  #taken = 0;
  #sent = 0;
  #written = 0;
  /** Whether the writer is giving files their ends. */
  #closing = false;
  /** Blocks that wait for those before them, by their number. @type {Map<number, Work & { bytes: Uint8Array<ArrayBuffer> }>} */
  #made = new Map();
  /** Wakes those who wait for room. @type {PromiseWithResolvers<void>} */
  #change = Promise.withResolvers();
  /** What the module has taken in each maker. @type {Map<Lease, number>} */
  #makers = new Map();
  /** The same of all workers, at most. */
  #memory = 0;
  #keptAt = 0;
  /** @type {Promise<unknown>} */
  #keeping = Promise.resolve();
  /** Files that are handed on, one after the other. @type {Promise<void>} */
  #handing = Promise.resolve();
  #toHandOn = 0;
  #state = /** @type {"running" | "paused" | "cancelled" | "done" | "failed"} */ ("running");
  /** @type {Promise<unknown>} */
  #over;

  /** The data set, when it is made. @type {Promise<MadeDataset>} */
  done;

  /** @param {JobOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    this.#entry = options.entry;
    this.#secondsBefore = options.entry.seconds;
    options.signal?.addEventListener("abort", this.#abort, { once: true });
    const run = this.#run();
    this.#over = run.catch(() => {});
    this.done = run;
    if (options.signal?.aborted) this.#abort();
  }

  get id() {
    return this.#entry.id;
  }

  get recipe() {
    return this.#entry.recipe;
  }

  get state() {
    return this.#state;
  }

  /** How far it is. @returns {DatasetProgress} */
  get progress() {
    const { done, total, bytes, seconds, state } = this.#entry;
    // What is over soon has no rate of its last seconds.
    const rate = this.#rate.perSecond || (state === "done" ? total / seconds : 0);
    const closing = this.#closing;
    const secondsLeft = done === total ? 0 : closing ? null : this.#rate.secondsLeft(total);
    return { done, total, unit: "items", rate, secondsLeft, closing, bytes, memory: this.#memory };
  }

  /** Ends it so that it can be resumed; `done` rejects with the code `paused`. */
  async pause() {
    const paused = new DigitlabError("paused", "The data set is paused; what was made is kept.", { field: "id", value: this.id });
    await this.#end(paused);
  }

  /** Ends it and deletes what was made, also from a folder; `done` rejects with the code `aborted`. */
  async cancel() {
    if (this.#state === "running") {
      this.#fail(new DigitlabError("aborted", "The data set was cancelled.", { field: "id", value: this.id }), "cancelled");
      this.#stop.abort();
    }
    await this.#over;
    if (this.#state === "done") return;
    this.#state = "cancelled";
    const { shelf, sink } = this.#options;
    const release = await hold(this.id);
    try {
      await sink?.discard(this.#finished, this.#single);
      await shelf.delete(this.id);
    } finally {
      await release();
    }
  }

  /** Ends it at once, since the lab is closed; what was made is kept. */
  async close() {
    if (this.#state !== "running") return;
    this.#crash(new DigitlabError("closed", "This lab was closed; open a new one, and resume the data set there."), "paused");
    await this.#over;
  }

  #abort = () => void this.#end(DigitlabError.aborted(/** @type {AbortSignal} */ (this.#options.signal)));

  /**
   * Lets what is being made come to its end, if it does soon.
   * @param {DigitlabError} reason
   */
  async #end(reason) {
    if (this.#state !== "running") return;
    this.#fail(reason, "paused");
    this.#pausing = true;
    this.#wake();
    const timer = setTimeout(() => this.#stop.abort(), PATIENCE);
    await this.#over;
    clearTimeout(timer);
  }

  /**
   * @param {DigitlabError} error
   * @param {"paused" | "cancelled" | "failed"} state
   */
  #fail(error, state) {
    if (this.#failure) return;
    this.#failure = error;
    this.#state = state;
  }

  /** @returns {Promise<MadeDataset>} */
  async #run() {
    const over = busy("a data set");
    /** @type {(() => Promise<void>) | null} */
    let release = null;
    try {
      release = await hold(this.id);
      await this.#keep();
      const made = await this.#make();
      this.#state = "done";
      return made;
    } catch (error) {
      this.#fail(explained(error), "failed");
      const failure = /** @type {DigitlabError} */ (this.#failure);
      if (this.#state !== "cancelled") {
        this.#entry.state = this.#state === "paused" ? "paused" : "failed";
        this.#entry.error = this.#state === "paused" ? "" : failure.message;
        // Held by another tab, it is that one's to say how far it is.
        if (release) await this.#keep().catch(() => {});
      }
      throw failure;
    } finally {
      this.#options.signal?.removeEventListener("abort", this.#abort);
      over();
      await release?.();
      // Whoever waits for the end hears of it first.
      queueMicrotask(() => this.dispatchEvent(new Event("end")));
    }
  }

  /** @returns {Promise<MadeDataset>} */
  async #make() {
    const { workers, sink, isResumed } = this.#options;
    const pool = new Pool({ script: MAKER, module: datasetModule, size: workers, idleMs: 1000 });
    try {
      await this.#openWriter();
      const making = Array.from({ length: workers }, () => pool.run((lease) => this.#work(lease), { signal: this.#stop.signal }));
      for (const made of making) made.catch((error) => this.#crash(error));
      await Promise.allSettled(making);
      // What was sent to the writer is written, unless everything is to end at once.
      while (this.#written < this.#sent && !this.#stop.signal.aborted) await this.#change.promise;
      await this.#handing.catch((error) => this.#crash(error));
      // Without it, a part of what is written is made again: that is all.
      if (this.#state === "paused" && !this.#stop.signal.aborted) await this.#asked("checkpoint").catch(() => {});
      if (this.#failure) throw this.#failure;
      const { recipe } = await this.#finish();
      if (isResumed) await sink?.tidy(this.#finished, this.#single);
      return await this.#result(recipe);
    } finally {
      pool.close();
      await this.#closeWriter();
      if (sink && this.#entry.state === "done") await this.#options.shelf.delete(this.id);
    }
  }

  async #openWriter() {
    const { inputs, sink } = this.#options;
    const { recipe, manifest, numbers } = inputs;
    const { id, shard } = this.#entry;
    const writer = new WorkerClient(WRITER, await datasetModule());
    this.#writer = writer;
    await writer.started;
    const args = { id, recipe, manifest, shard, numbers, target: sink?.handle, finished: this.#finished };
    this.#note(await this.#asked("open", args));
  }

  /**
   * What a worker does: blocks after blocks, some at a time.
   * @param {Lease} lease
   */
  async #work(lease) {
    const { inputs, source } = this.#options;
    const { recipe, manifest, numbers } = inputs;
    await source.open(lease);
    await lease.call("openDataset", { recipe, manifest, shard: this.#entry.shard, numbers });
    const make = async () => {
      for (let work = await this.#take(); work; work = await this.#take()) {
        const { number, ...args } = work;
        const { bytes, memory } = await source.call(lease, "make", () => ({ args }));
        this.#makers.set(lease, memory);
        this.#put(number, { ...args, bytes });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, make));
  }

  /**
   * The next block to be made, when there is room for it; null when there is none, or no more shall be begun.
   * @returns {Promise<(Work & { number: number }) | null>}
   */
  async #take() {
    const room = this.#options.workers * AHEAD;
    for (;;) {
      if (this.#pausing || this.#failure) return null;
      const asking = this.#works.length < room && !this.#allAsked ? this.#ask() : null;
      if (this.#works.length === 0) {
        if (!asking) return null;
        await asking;
      } else if (this.#taken - this.#written < room && this.#toHandOn < MOST_TO_HAND_ON) {
        const number = this.#taken++;
        return { .../** @type {Work} */ (this.#works.shift()), number };
      } else {
        await this.#change.promise;
      }
    }
  }

  /** Asks the writer which blocks come next: many at once, since it may be busy. */
  #ask() {
    const ask = async () => {
      const count = this.#options.workers * AHEAD * 4;
      const works = await this.#asked("next", { count });
      this.#works.push(...works);
      this.#allAsked = works.length < count;
      this.#asking = null;
    };
    this.#asking ??= ask();
    // Whoever has no block left meets its failure.
    this.#asking.catch(() => {});
    return this.#asking;
  }

  /**
   * @param {number} number
   * @param {Work & { bytes: Uint8Array<ArrayBuffer> }} made
   */
  #put(number, made) {
    this.#made.set(number, made);
    for (let next = this.#made.get(this.#sent); next; next = this.#made.get(this.#sent)) {
      this.#made.delete(this.#sent++);
      this.#add(next).catch((error) => this.#crash(error));
    }
  }

  /** @param {Work & { bytes: Uint8Array<ArrayBuffer> }} block */
  async #add(block) {
    const onProgress = () => {
      this.#closing = true;
      this.#rate.hold();
      this.#tell();
    };
    const answer = await this.#asked("add", block, { transfer: [block.bytes.buffer], onProgress });
    this.#written += 1;
    this.#closing = false;
    this.#rate.goOn();
    this.#rate.note(answer.done);
    this.#note(answer);
    this.#wake();
  }

  /**
   * Takes in how far the writer is.
   * @param {Answer} answer
   */
  #note({ done, items, bytes, memory, finished }) {
    const entry = this.#entry;
    entry.done = done;
    entry.total = items;
    entry.bytes = bytes;
    const all = [...this.#makers.values()].reduce((sum, one) => sum + one, memory);
    this.#memory = Math.max(this.#memory, all);
    for (const name of finished) {
      this.#toHandOn += 1;
      this.#handing = this.#handing.then(() => this.#handOn(name));
      this.#handing.catch((error) => this.#crash(error));
    }
    this.#tell();
    if (performance.now() - this.#keptAt > KEEP_EACH) this.#keepSoon();
  }

  /**
   * Hands a finished file on to where it shall be.
   * @param {string} name
   */
  async #handOn(name) {
    // When everything ends at once, whoever goes on with it is told of this file again.
    if (this.#stop.signal.aborted) return;
    const { sink } = this.#options;
    const folder = await folderOf(this.id);
    const file = await (await fileIn(folder, name)).getFile();
    if (sink) await sink.take(name, file, this.#stop.signal);
    this.#entry.finished = [...this.#entry.finished.filter((other) => other.name !== name), { name, bytes: file.size }];
    // First of all it is said that it is there: it must not be looked for here any more.
    await this.#keep();
    if (sink) await removeFile(folder, name);
    this.#toHandOn -= 1;
    this.#wake();
  }

  /** @returns {Promise<Answer & { recipe: string }>} */
  async #finish() {
    const answer = await this.#asked("finish");
    this.#note(answer);
    await this.#handing;
    if (this.#failure) throw this.#failure;
    return answer;
  }

  /**
   * @param {string} text That of `recipe.json`.
   * @returns {Promise<MadeDataset>}
   */
  async #result(text) {
    const { sink, shelf } = this.#options;
    const entry = this.#entry;
    /** @type {import("./types.js").DatasetFile[]} */
    const listed = JSON.parse(text).files;
    const own = entry.finished.at(-1);
    const bytes = new TextEncoder().encode(text);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    entry.files = [...listed, { name: own?.name ?? "recipe.json", bytes: bytes.length, sha256, items: 0 }];
    entry.state = "done";
    entry.error = "";
    await this.#keep();
    this.#tell();
    const files = sink ? entry.files : await shelf.files(entry.id);
    return { id: entry.id, recipe: entry.recipe, items: entry.total, seconds: entry.seconds, files };
  }

  /**
   * Asks the writer.
   * @param {string} method
   * @param {unknown} [args]
   * @param {Parameters<WorkerClient["call"]>[2]} [options]
   * @returns {Promise<any>}
   */
  async #asked(method, args, options) {
    const writer = this.#writer;
    if (!writer || this.#stop.signal.aborted) throw this.#failure ?? new DigitlabError("closed", "This data set is not made any more.");
    return writer.call(method, args, options);
  }

  async #closeWriter() {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.retire("close", new DigitlabError("closed", "This data set is not made any more."), PATIENCE);
  }

  /**
   * Ends everything at once.
   * @param {unknown} error Why.
   * @param {"failed" | "paused"} [state]
   */
  #crash(error, state = "failed") {
    this.#fail(explained(error), state);
    this.#stop.abort();
    this.#wake();
  }

  #wake() {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
  }

  #tell() {
    const { progress } = this;
    try {
      this.#options.onProgress?.(progress);
    } catch (error) {
      // Whoever listens badly shall hear of it, and the data set be made all the same.
      reportError(error);
    }
    this.dispatchEvent(new CustomEvent("progress", { detail: progress }));
  }

  #keepSoon() {
    this.#keptAt = performance.now();
    // It is only a note for people; the journal knows better.
    this.#keep().catch(() => {});
  }

  /** Writes down how far it is. */
  #keep() {
    const entry = this.#entry;
    entry.seconds = this.#secondsBefore + (performance.now() - this.#started) / 1000;
    entry.changed = Date.now();
    if (entry.state !== "done" && this.#state === "running") {
      entry.state = "running";
      entry.error = "";
    }
    const copy = structuredClone(entry);
    const keeping = this.#keeping.catch(() => {}).then(() => this.#options.shelf.keep(copy));
    this.#keeping = keeping;
    return keeping;
  }

  /**
   * Whether a single picture, or its boxes, is of this shard of the data set.
   * @param {string} name
   */
  #isOurs = (name) => {
    const index = Number(/^(\d{9})\.(png|txt)$/.exec(name)?.[1] ?? NaN);
    const { count, items_per_file: each = count } = this.recipe;
    const [shard, shards] = this.#entry.shard.split("/").map(Number);
    return index < count && Math.floor(index / each) % shards === shard;
  };

  /** What tells its single pictures, where it is made of them. */
  get #single() {
    return this.recipe.format === "png-folder" ? this.#isOurs : null;
  }

  /** The names of files that are finished. */
  get #finished() {
    return this.#entry.finished.map(({ name }) => name);
  }
}

/** @param {unknown} error */
function explained(error) {
  if (error instanceof DigitlabError) return error;
  return trouble(error, null);
}
