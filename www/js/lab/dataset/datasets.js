import { DigitlabError } from "../errors.js";
import { Pool } from "../pool.js";
import { requestText } from "../request_text.js";
import { wholeNumber } from "../whole_number.js";
import { DatasetJob, datasetModule } from "./job.js";
import { checkAvailable } from "./own_folder.js";
import { Shelf, hold } from "./shelf.js";
import { sinkOf } from "./sinks.js";

/** @typedef {import("../sample_source.js").SampleSource} SampleSource */
/** @typedef {import("../pool.js").RunOptions} RunOptions */
/** @typedef {import("./types.js").Recipe} Recipe */
/** @typedef {import("./types.js").CanonicalRecipe} CanonicalRecipe */
/** @typedef {import("./types.js").DatasetOptions} DatasetOptions */
/** @typedef {import("./types.js").ResumeOptions} ResumeOptions */
/** @typedef {import("./types.js").DatasetDescription} DatasetDescription */
/** @typedef {import("./types.js").DatasetEstimate} DatasetEstimate */
/** @typedef {import("./types.js").DatasetPreview} DatasetPreview */
/** @typedef {import("./shelf.js").Entry} Entry */

/**
 * @typedef {object} DatasetsOptions
 * @property {number} size How many workers make a data set.
 * @property {number} idleMs
 * @property {() => SampleSource} current What is drawn from now.
 * @property {(url: string) => SampleSource} source What lies at an address.
 * @property {() => string} seed Draws one.
 */

const SCRIPT = new URL("./dataset_worker.js", import.meta.url);
/** The largest file of numbers; the module refuses more, but should not be handed it. */
const LARGEST_FILE = 64 * 2 ** 20;

/** How many items a preview names, when nothing else is said, and at most. */
const PREVIEWED = 12;
const MOST_PREVIEWED = 1_000;

/** Makes data sets, and keeps them in this browser until they are where they shall be. */
export class Datasets {
  #options;
  /** For questions, which are not to wait for data sets that are made. */
  #pool;
  #shelf = new Shelf();
  /** @type {Set<DatasetJob>} */
  #jobs = new Set();
  #swept = false;
  #closed = false;

  /** @param {DatasetsOptions} options */
  constructor(options) {
    this.#options = options;
    this.#pool = new Pool({ script: SCRIPT, module: datasetModule, size: 1, idleMs: options.idleMs });
  }

  /**
   * Checks a recipe, and fills its defaults in; the seed is drawn when it names none.
   * @param {Recipe | object} recipe
   * @param {RunOptions} [options]
   * @returns {Promise<CanonicalRecipe>}
   */
  async check(recipe, options) {
    return JSON.parse(await this.#checked(requestText(recipe), options));
  }

  /**
   * What recipes may say.
   * @param {RunOptions} [options]
   * @returns {Promise<DatasetDescription>}
   */
  async describe(options) {
    return this.#ask("describe", {}, options);
  }

  /**
   * How large a data set comes to be.
   * @param {Recipe | object} recipe
   * @param {Pick<DatasetOptions, "shard" | "numbers"> & RunOptions} [options]
   * @returns {Promise<DatasetEstimate>}
   */
  async estimate(recipe, { shard, numbers, ...options } = {}) {
    const given = await this.#given(recipe, numbers, options);
    const manifest = await this.#options.current().bucket.manifest();
    return this.#ask("planDataset", { ...given, manifest, shard: shardText(shard, recipe) }, options);
  }

  /**
   * What a data set begins with, before it is made: the numbers of its first items, each with its index and subset, so
   * that `generate` shows them.
   * @param {Recipe | object} recipe
   * @param {{ count?: number, numbers?: Blob | string } & RunOptions} [options]
   * @returns {Promise<DatasetPreview>}
   */
  async preview(recipe, { count = PREVIEWED, numbers, ...options } = {}) {
    wholeNumber("count", count, 0, MOST_PREVIEWED);
    const given = await this.#given(recipe, numbers, options);
    const manifest = await this.#options.current().bucket.manifest();
    return this.#ask("previewDataset", { ...given, manifest, count }, options);
  }

  /**
   * Begins to make a data set. What is wrong with the recipe is said at once; what goes wrong later, by the job.
   * @param {Recipe | object} recipe A recipe, or the `recipe.json` of a data set.
   * @param {DatasetOptions} [options]
   * @returns {Promise<DatasetJob>}
   */
  async start(recipe, options = {}) {
    const sink = sinkOf(options.sink);
    await checkAvailable();
    // While the click that led here still counts.
    await sink?.allow();
    const workers = this.#workers(options.workers);
    const source = this.#options.current();
    const manifest = await source.bucket.manifest();
    const { recipe: text, numbers } = await this.#given(recipe, options.numbers, {});
    const canonical = /** @type {CanonicalRecipe} */ (JSON.parse(await this.#checked(text)));
    const shard = shardText(options.shard, recipe);
    const { items } = await this.#ask("planDataset", { recipe: text, manifest, shard, numbers });
    if (canonical.format === "png-folder" && sink?.kind !== "folder") {
      const allowed = "a folder (a FileSystemDirectoryHandle) with the format png-folder; take png-zip where there is none";
      throw new DigitlabError("missing_parameter", `sink is missing; give ${allowed}.`, { field: "sink", allowed });
    }
    if (options.signal?.aborted) throw DigitlabError.aborted(options.signal);
    const id = freshId(canonical.name);
    /** @type {Entry} */
    const entry = {
      id,
      recipe: canonical,
      shard,
      done: 0,
      total: items,
      state: "paused",
      error: "",
      sink: sink?.kind ?? "browser",
      folder: sink?.folder ?? "",
      finished: [],
      files: [],
      bytes: 0,
      seconds: 0,
      changed: Date.now(),
    };
    const inputs = { recipe: text, manifest, bucket: source.url, numbers, folder: sink?.handle };
    await this.#shelf.begin(entry, inputs);
    this.#sweep();
    const { onProgress, signal } = options;
    return this.#run({ shelf: this.#shelf, entry, inputs, source, sink, workers, isResumed: false, onProgress, signal });
  }

  /**
   * Goes on with a data set that was paused, has failed, or whose tab was closed.
   * @param {string} id
   * @param {ResumeOptions} [options]
   * @returns {Promise<DatasetJob>}
   */
  async resume(id, options = {}) {
    const given = sinkOf(options.sink);
    await given?.allow();
    const { entry, inputs } = await this.#shelf.get(id);
    if (entry.state === "done") {
      throw new DigitlabError("invalid_parameter", `id is ${id}; allowed: a data set that is not done yet.`, { field: "id", value: id });
    }
    const sink = given ?? sinkOf(inputs.folder);
    if (!given) await sink?.allow();
    if ((sink?.kind ?? "browser") !== entry.sink) {
      const allowed = { browser: "none", folder: "a folder", stream: "a function that gives streams" }[entry.sink];
      const message = `sink is ${sink ? `a ${sink.kind}` : "missing"}; this data set was begun with another; allowed: ${allowed}.`;
      throw new DigitlabError(sink ? "invalid_parameter" : "missing_parameter", message, { field: "sink", allowed });
    }
    await sink?.check(entry.finished);
    if (sink?.handle && sink.handle !== inputs.folder) await this.#shelf.keepFolder(id, sink.handle);
    entry.folder = sink?.folder ?? "";
    const source = await this.#sourceOf(inputs);
    const workers = this.#workers(options.workers);
    const { onProgress, signal } = options;
    return this.#run({ shelf: this.#shelf, entry, inputs, source, sink, workers, isResumed: true, onProgress, signal });
  }

  /** The data sets that this browser keeps, finished or not, the latest first. */
  async list() {
    this.#sweep();
    // Not every browser has locks, by which other tabs are known.
    return this.#shelf.list(new Set([...this.#jobs].map(({ id }) => id)));
  }

  /**
   * The files of a finished data set; those that are here have a `file`.
   * @param {string} id
   */
  async files(id) {
    return this.#shelf.files(id);
  }

  /**
   * Deletes a data set with what of it is in this browser. What was put into a folder stays.
   * @param {string} id
   */
  async delete(id) {
    await this.#shelf.get(id);
    const release = await hold(id);
    try {
      await this.#shelf.delete(id);
    } finally {
      await release();
    }
  }

  /** Ends all that is going on; it can be resumed. */
  close() {
    this.#closed = true;
    this.#pool.close();
    const over = [...this.#jobs].map((job) => job.close());
    void Promise.allSettled(over).then(() => this.#shelf.close());
  }

  /** @param {import("./job.js").JobOptions} options */
  #run(options) {
    if (this.#closed) throw new DigitlabError("closed", "This lab was closed; open a new one.");
    const job = new DatasetJob(options);
    this.#jobs.add(job);
    const forget = () => this.#jobs.delete(job);
    job.done.then(forget, forget);
    return job;
  }

  /**
   * @param {string} method
   * @param {object} args
   * @param {RunOptions} [options]
   */
  async #ask(method, args, { signal, timeout } = {}) {
    return this.#pool.run((lease) => lease.call(method, args), { signal, timeout });
  }

  /**
   * @param {string} recipe
   * @param {RunOptions} [options]
   * @returns {Promise<string>}
   */
  async #checked(recipe, options) {
    return this.#ask("checkRecipe", { recipe, seed: BigInt(this.#options.seed()) }, options);
  }

  /**
   * A recipe as it is handed to workers, complete with its seed and its file of numbers.
   * @param {Recipe | object} recipe
   * @param {Blob | string | undefined} numbers
   * @param {RunOptions} options
   * @returns {Promise<{ recipe: string, numbers?: string }>}
   */
  async #given(recipe, numbers, options) {
    const text = numbers === undefined ? undefined : await numbersText(numbers);
    const given = /** @type {any} */ (recipe);
    // What a data set was made by says of which bucket it is, which is to be checked.
    if (given?.recipe !== undefined) return { recipe: requestText(given), numbers: text };
    const file = given?.numbers?.file;
    let described = given;
    if (text !== undefined && file && typeof file === "object" && file.sha256 === undefined) {
      const name = String(file.name ?? "numbers.txt");
      const facts = await this.#ask("describeNumbers", { name, text }, options);
      described = { ...given, numbers: { ...given.numbers, file: facts } };
    }
    return { recipe: await this.#checked(requestText(described), options), numbers: text };
  }

  /**
   * Where the digits of a data set come from that was begun earlier.
   * @param {import("./shelf.js").Inputs} inputs
   */
  async #sourceOf({ bucket, manifest }) {
    const current = this.#options.current();
    if (bucket !== null) return current.url === bucket ? current : this.#options.source(bucket);
    if (current.url === null && (await current.bucket.manifest()) === manifest) return current;
    const message = "This data set draws from IDX files of your own, which are not kept: choose the same files again, then resume it.";
    throw new DigitlabError("bucket_missing", message, { field: "bucket" });
  }

  /** @param {number | undefined} workers */
  #workers(workers = this.#options.size) {
    wholeNumber("workers", workers, 1, 64);
    return workers;
  }

  /** Deletes what nobody knows any more, once. */
  #sweep() {
    if (this.#swept) return;
    this.#swept = true;
    // What stays is invisible, and will be tried again by the next lab.
    this.#shelf.sweep().catch(() => {});
  }
}

/**
 * @param {DatasetOptions["shard"]} shard
 * @param {Recipe | object} recipe The `recipe.json` of a shard says which one it is.
 */
function shardText(shard, recipe) {
  const given = shard ?? /** @type {{ shard?: unknown }} */ (recipe ?? {}).shard ?? "0/1";
  if (typeof given !== "object" || given === null) return String(given);
  const { index, count } = /** @type {{ index?: unknown, count?: unknown }} */ (given);
  return `${String(index)}/${String(count)}`;
}

/**
 * The text of a file of numbers, byte by byte: a mark at its start counts, or its hash would be another one.
 * @param {Blob | string} numbers
 */
async function numbersText(numbers) {
  if (typeof numbers === "string") return numbers;
  if (!(numbers instanceof Blob)) {
    const allowed = "a File, a Blob, or text";
    throw new DigitlabError("invalid_parameter", `numbers is ${String(numbers)}; allowed: ${allowed}.`, { field: "numbers", allowed });
  }
  const name = numbers instanceof File ? numbers.name : "The file of numbers";
  if (numbers.size > LARGEST_FILE) {
    const message = `${name} has ${numbers.size} bytes; the limit is ${LARGEST_FILE} bytes.`;
    throw new DigitlabError("limit_exceeded", message, { field: "numbers", value: String(numbers.size) });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await numbers.arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not text in UTF-8" : String(/** @type {Error} */ (cause).message);
    throw new DigitlabError("invalid_file", `${name} cannot be read: ${reason}.`, { file: name, reason }, { cause });
  }
}

/** @param {string} name */
function freshId(name) {
  const [a, b] = crypto.getRandomValues(new Uint32Array(2));
  return `${name}-${Date.now().toString(36)}-${a.toString(36)}${b.toString(36)}`;
}
