import config from "../../config.js";
import { unpack } from "./batch.js";
import { toAccompany } from "./companions.js";
import { HttpBucket, MemoryBucket } from "./bucket.js";
import { DayClock } from "./day_clock.js";
import { engineHere, engineModule } from "./engine_module.js";
import { DigitlabError, reasonOf } from "./errors.js";
import { Frames } from "./frames.js";
import { HeldPicture } from "./held_picture.js";
import { eachInOrder, inOrder } from "./in_order.js";
import { LazyPart } from "./lazy_part.js";
import { LivePreview } from "./live_preview.js";
import { PICTURE_TYPES, fileBytes, isPicture, toEncode, toHandOver } from "./picture.js";
import { Pool } from "./pool.js";
import { Records } from "./records.js";
import { requestText } from "./request_text.js";
import { SampleSource } from "./sample_source.js";
import { fresh, reused } from "./unit.js";
import { isOfOne, variantCall } from "./variants.js";
import { wholeNumber, wholeSeed } from "./whole_number.js";

export { DigitlabError };

/** @typedef {import("./batch.js").Sequence} Sequence */
/** @typedef {import("./batch.js").SequenceRequest} SequenceRequest */
/** @typedef {import("./batch.js").DigitOrigin} DigitOrigin */
/** @typedef {import("./batch.js").AppliedStep} AppliedStep */
/** @typedef {string | object[] | object} Pipeline A preset's name, a list of steps, or an object with `transforms` and `p`. */
/** @typedef {{ width: number, height: number, channels: 1 | 3 | 4, data: Uint8Array<ArrayBuffer>, record: AppliedStep[] }} Changed */
/** @typedef {import("./companions.js").CompanionsGiven} CompanionsGiven */
/** @typedef {import("./companions.js").CompanionsMade} CompanionsMade */
/** @typedef {{ pipeline: object, format: "Digitlab" | "Albumentations", notes: string[] }} ImportedPipeline */
/** @typedef {import("./bucket.js").Progress} Progress */
/** @typedef {import("./sample_source.js").BucketInfo} BucketInfo */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {import("./picture.js").DecodedPicture} DecodedPicture */
/** @typedef {import("./picture.js").PictureLimits} PictureLimits */
/** @typedef {import("./open_picture.js").OpenedPicture} OpenedPicture */
/** @typedef {import("./fetch_picture.js").FetchOptions} FetchOptions */
/** @typedef {import("./fetch_picture.js").FetchedPicture} FetchedPicture */
/** @typedef {import("./variants.js").Job} Job */
/** @typedef {import("./variants.js").Variant} Variant */
/** @typedef {import("./variants.js").FailedVariant} FailedVariant */
/** @typedef {import("./variants.js").FileKind} FileKind */
/** @typedef {{ add: (name: string, content: Uint8Array | string) => Promise<Uint8Array<ArrayBuffer>>, finish: () => Promise<Uint8Array<ArrayBuffer>> }} ZipWriter */
/** @typedef {{ version: string, bucket: BucketInfo }} LabInfo */
/** @typedef {import("./recognition.js").Recognition} Recognition */
/** @typedef {import("./recognition_input.js").RecognitionInput} RecognitionInput */
/** @typedef {import("./recognition.js").RecognitionOptions} RecognitionOptions */
/** @typedef {import("./recognition.js").Classified} Classified */
/** @typedef {import("./recognition.js").ReadNumber} ReadNumber */
/** @typedef {import("./recognition.js").ClassifiedMany} ClassifiedMany */
/** @typedef {import("./models.js").ModelCard} ModelCard */
/** @typedef {import("./own_models.js").ModelToAdd} ModelToAdd */
/** @typedef {import("./teaching.js").Teaching} Teaching */
/** @typedef {import("./teaching.js").TeachOptions} TeachOptions */
/** @typedef {import("./teaching.js").Taught} Taught */
/** @typedef {import("./training.js").Trainings} Trainings */
/** @typedef {import("./training.js").TrainOptions} TrainOptions */
/** @typedef {import("./training.js").TrainingState} TrainingState */
/** @typedef {import("./samples.js").Sample} Sample */
/** @typedef {import("./samples.js").SampleToAdd} SampleToAdd */
/** @typedef {import("./saliency.js").SaliencyMap} SaliencyMap */
/** @typedef {import("./strengths.js").Strengths} Strengths */
/** @typedef {import("./robustness.js").RobustnessOptions} RobustnessOptions */
/** @typedef {import("./robustness.js").RobustnessPoint} RobustnessPoint */
/** @typedef {import("./robustness.js").FailedPoint} FailedPoint */
/** @typedef {import("./dataset/datasets.js").Datasets} Datasets */
/** @typedef {import("./dataset/types.js").Recipe} Recipe */
/** @typedef {import("./dataset/types.js").DatasetOptions} DatasetOptions */
/** @typedef {import("./dataset/types.js").MadeDataset} MadeDataset */
/** @typedef {{ signal?: AbortSignal, timeout?: number, onProgress?: (progress: Progress) => void }} CallOptions */
/** @typedef {{ images: Blob, labels: Blob }} IdxPair Files as MNIST has them, plain or gzipped. */

/**
 * @typedef {object} FieldInfo A field of the request, as the engine describes it.
 * @property {string} name
 * @property {string} label
 * @property {string} help
 * @property {"digits" | "integer" | "choice" | "boolean" | "pipeline" | "seed"} kind
 * @property {string} [unit]
 * @property {number} [min]
 * @property {number} [max]
 * @property {number | string | boolean} [default]
 * @property {string[]} [values]
 */

/**
 * @typedef {object} TransformInfo A transform, as the engine describes it.
 * @property {string} name Albumentations' name.
 * @property {string} family
 * @property {string} help
 * @property {number} p Its probability when none is given.
 * @property {Record<string, unknown>} example Options that show what it does; empty where its defaults do.
 * @property {(Omit<FieldInfo, "kind" | "default"> & { kind: string, default?: unknown, step?: number, single?: unknown, whole?: boolean })[]} fields
 *
 * @typedef {{ transforms: TransformInfo[], presets: { name: string, help: string }[] }} AugmentInfo
 */

/**
 * @typedef {object} OpenOptions
 * @property {string | URL} [bucket] The bucket's address, relative to the page.
 * @property {number} [workers] The most workers at a time; one per core, at most 8.
 * @property {number} [idleMs] How long an idle worker is kept.
 * @property {AbortSignal} [signal] Closes the lab when aborted.
 */

const MOST_WORKERS = 8;
const IDLE_MS = 60_000;
/** The default bucket's address is relative to `config.js`. */
const SITE = new URL("../../", import.meta.url);
const SCRIPT = new URL("./worker.js", import.meta.url);
/**
 * How series are cut: the most images and bytes of a message, and how many messages a worker is given at a time, so that
 * it need not wait for the page between them. Fresh memory is asked for in pieces just under 1 MB: browsers take larger
 * ones from the system, which costs more than making the images. Memory that is used again may come in large pieces, so
 * that fewer messages are sent.
 */
const FRESH = { images: 128, bytes: 900_000, atOnce: 8 };
const REUSED = { images: 512, bytes: 2_500_000, atOnce: 4 };
const SIDE = 28;
/** Workers for what keeps something between calls: a live preview, a zip file. */
const MOST_ASIDE = 2;

/** The lab: everything the page can do, for programs. */
export class Digitlab {
  #pool;
  /** Apart from the others, so that what is long in hand keeps nothing waiting. */
  #aside;
  /** @type {SampleSource} */
  #dataset;
  /** The log of answers, kept in this browser: `add`, `list`, `get`, `delete`, `export`, `usage`, `enable`, `subscribe`, and more. */
  records = new Records();
  #clock = new DayClock();
  #frames;
  /** The same picture is held once, whoever asks. @type {WeakMap<Picture, HeldPicture>} */
  #held = new WeakMap();
  #idleMs;
  /** The data set that the lab was opened with, which lessons draw from. */
  #home;
  #recognition = new LazyPart("reads digits", async () => {
    const { Recognition } = await import("./recognition.js");
    const knownDigits = (/** @type {CallOptions} */ options) => this.#knownDigits(options);
    return new Recognition(this, { size: this.#pool.size, idleMs: this.#idleMs, knownDigits });
  });
  #teaching = new LazyPart("teaches models", async () => {
    const { Teaching } = await import("./teaching.js");
    return new Teaching(this, { dataset: this.#home, size: this.#pool.size, idleMs: this.#idleMs });
  });
  #trainings = new LazyPart("trains models", async () => {
    const [{ pool, samples }, { Trainings }] = await Promise.all([this.#teaching.get(), import("./training.js")]);
    const dataset = (/** @type {"mnist" | "current"} */ data) => (data === "mnist" ? this.#home : this.#dataset);
    return new Trainings(this, { pool, samples, dataset });
  });
  #datasets = new LazyPart("makes data sets", async () => {
    const { Datasets } = await import("./dataset/datasets.js");
    return new Datasets({
      size: this.#pool.size,
      idleMs: this.#idleMs,
      current: () => this.#dataset,
      source: (url) => new SampleSource(new HttpBucket(bucketAddress(url))),
      seed: () => this.randomSeed(),
    });
  });

  /**
   * Opens a lab. It starts loading what the first call needs; workers start with it.
   * @param {OpenOptions} [options]
   */
  static async open(options = {}) {
    return new Digitlab(options);
  }

  /** @param {OpenOptions} options */
  constructor({ bucket, workers, idleMs = IDLE_MS, signal }) {
    const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
    const size = workers ?? Math.min(cores, MOST_WORKERS);
    wholeNumber("workers", size, 1, 64);
    this.#dataset = new SampleSource(new HttpBucket(bucketAddress(bucket)));
    this.#home = this.#dataset;
    this.#idleMs = idleMs;
    this.#pool = new Pool({ script: SCRIPT, module: engineModule, size, idleMs });
    this.#aside = new Pool({ script: SCRIPT, module: engineModule, size: MOST_ASIDE, idleMs });
    this.#frames = new Frames({ idleMs });
    signal?.addEventListener("abort", () => this.close(), { once: true });
    // Whoever needs these meets their failure; here they are only begun early.
    engineModule().catch(() => {});
    this.#dataset.prefetch().catch(() => {});
  }

  /** Image logs by depth, stored in this browser. */
  get frames() {
    return this.#frames;
  }

  /** How many workers there are now, and may be: `{ now, most }`. */
  get workers() {
    return { now: this.#pool.workers, most: this.#pool.size };
  }

  /**
   * The fields of a request, with their limits, defaults and help.
   * @param {CallOptions} [options]
   * @returns {Promise<FieldInfo[]>}
   */
  async fields(options) {
    return this.#pool.run(async (lease) => (await lease.started).fields, options);
  }

  /**
   * The version, and what the data set says about itself.
   * @param {CallOptions} [options]
   * @returns {Promise<LabInfo>}
   */
  async info(options) {
    const dataset = this.#dataset;
    return this.#pool.run(
      async (lease) => ({ version: (await lease.started).version, bucket: await dataset.open(lease) }),
      options,
    );
  }

  /** A fresh 64-bit seed, as decimal text. */
  randomSeed() {
    return crypto.getRandomValues(new BigUint64Array(1))[0].toString();
  }

  /**
   * One labelled image of a number.
   * @param {SequenceRequest} request
   * @param {CallOptions} [options]
   * @returns {Promise<Sequence>}
   */
  async generate(request, options) {
    const part = { request: requestText(request), count: 1, seed: BigInt(this.randomSeed()) };
    const [batch] = await this.#generate(this.#dataset, [part], options);
    return unpack(batch, fresh(await engineHere())(batch.levels))[0];
  }

  /**
   * Images `first`, `first + 1`, ... of the request's seed, in order, made by all
   * workers. Memory stays bounded: who takes slowly is worked for slowly.
   * With `reuse`, an image's `levels` and `pixels` hold until the next image is asked for; then their memory is used
   * again, which is much faster than fresh memory.
   * @param {SequenceRequest} request
   * @param {CallOptions & { first?: number, count?: number, reuse?: boolean }} options `count` is needed.
   * @returns {AsyncGenerator<Sequence, void, void>}
   */
  async *generateMany(request, { first, count = NaN, reuse = false, onProgress, ...options } = {}) {
    // Checked once before any of it is used, so that bad requests are refused even when no image is asked for.
    requestText(request);
    const start = first ?? request?.index ?? 0;
    wholeNumber(first === undefined ? "index" : "first", start, 0, Number.MAX_SAFE_INTEGER);
    wholeNumber("count", count, 0, Number.MAX_SAFE_INTEGER - start);
    const seed = BigInt(this.randomSeed());
    // A series is of one data set, whatever is chosen while it runs.
    const dataset = this.#dataset;
    // Numbers are made of the levels, in fresh memory unless it is used again.
    const bytes = reuse ? 1 : Float32Array.BYTES_PER_ELEMENT;
    const most = reuse ? REUSED : FRESH;
    const fitting = Math.floor(most.bytes / (bytes * SIDE * widest(request ?? {})));
    const perChunk = Math.max(1, Math.min(most.images, fitting, Math.ceil(count / this.#pool.size)));
    const chunks = Math.ceil(count / perChunk);
    const atOnce = Math.min(most.atOnce, Math.ceil(chunks / this.#pool.size));
    /** @type {ReturnType<typeof fresh> | undefined} */
    let unit;
    /** Memory that the caller is done with. @type {ArrayBuffer[]} */
    const spare = [];
    let done = 0;
    /** @param {number} k */
    const part = (k) => ({
      request: requestText({ ...request, index: start + k * perChunk }),
      count: Math.min(perChunk, count - k * perChunk),
      seed,
    });
    /** @param {number} group */
    const work = (group) => {
      const first = group * atOnce;
      const parts = Array.from({ length: Math.min(atOnce, chunks - first) }, (_, k) => part(first + k));
      return this.#generate(dataset, parts, options, spare);
    };
    // Two per worker: while one is made, the next is on its way.
    for await (const batches of inOrder(Math.ceil(chunks / atOnce), 2 * this.#pool.size, work)) {
      for (const batch of batches) {
        unit ??= (reuse ? reused : fresh)(await engineHere());
        for (const sequence of unpack(batch, unit(batch.levels))) {
          if (options.signal?.aborted) throw DigitlabError.aborted(options.signal);
          yield sequence;
          done += 1;
        }
        if (reuse) spare.push(batch.levels.buffer);
        onProgress?.({ done, total: count, unit: "images" });
      }
    }
  }

  /**
   * The picture in a file: PNG, JPEG, GIF, WebP, BMP or TIFF, told by its content. It is turned upright, has 8 bits per
   * channel, and `found` says what the file was.
   * @param {Blob | ArrayBuffer | ArrayBufferView} file
   * @param {CallOptions & { limits?: PictureLimits }} [options]
   * @returns {Promise<DecodedPicture>}
   */
  async decode(file, { limits = {}, ...options } = {}) {
    checkLimits(limits);
    const bytes = await fileBytes(file);
    return this.#pool.run((lease) => lease.call("decodePicture", { bytes, limits }, [bytes.buffer]), options);
  }

  /**
   * As `decode`, and what the engine does not read (SVG, AVIF, HEIC, icons) is read by the browser where it can.
   * `found.format` names those too.
   * @param {Blob | ArrayBuffer | ArrayBufferView} file
   * @param {CallOptions & { limits?: PictureLimits }} [options]
   * @returns {Promise<OpenedPicture>}
   */
  async openPicture(file, { limits = {}, ...options } = {}) {
    checkLimits(limits);
    // Loaded when first needed: the first picture of digits does without.
    const [{ checkBytes }, { openInBrowser }] = await Promise.all([import("./picture_limits.js"), import("./open_picture.js")]);
    // Before it takes memory.
    if (file instanceof Blob) checkBytes("The file", file.size, limits);
    const bytes = await fileBytes(file);
    try {
      return await this.decode(bytes, { limits, ...options });
    } catch (error) {
      const unknown = error instanceof DigitlabError && error.code === "unsupported" && error.detail.field === "picture";
      if (!unknown || options.signal?.aborted) throw error;
      return openInBrowser(bytes, error, limits);
    }
  }

  /**
   * The picture behind an http, https, data or blob address, opened as by `openPicture`. What can go wrong has codes of
   * its own: `invalid_parameter`, `mixed_content`, `cors`, `unreachable`, `offline`, `redirect`, `not_found`, `http_status`,
   * `timeout`, `network`, `limit_exceeded`, `not_a_picture`, `unsupported`, `invalid_file`, `aborted`.
   * @param {string | URL} url Relative to the page.
   * @param {FetchOptions} [options]
   * @returns {Promise<FetchedPicture>}
   */
  async fetchPicture(url, options = {}) {
    checkLimits(options.limits ?? {});
    const { fetchPicture } = await import("./fetch_picture.js");
    return fetchPicture(url, (file, how) => this.openPicture(file, how), options);
  }

  /**
   * A sequence or a picture as a file. A sequence becomes PNG (8-bit grey), NumPy array (float32, 28 x width), or JSON
   * with labels and pixels. A picture becomes PNG, JPEG with a `quality` from 1 to 100 (90 when left out; what is
   * transparent is laid on white), or lossless WebP.
   * @param {Sequence | Picture} sequence
   * @param {CallOptions & { format?: "png" | "npy" | "json" | "jpeg" | "webp", quality?: number }} [options]
   * @returns {Promise<Blob>}
   */
  async encode(sequence, { format = "png", quality, ...options } = {}) {
    if (isPicture(sequence)) {
      const args = toEncode(sequence, format, quality);
      const content = await this.#pool.run((lease) => lease.call("encodePicture", args, [args.data.buffer]), options);
      return new Blob([content], { type: PICTURE_TYPES[format] });
    }
    if (!(sequence?.pixels instanceof Float32Array)) {
      const allowed = "what generate and generateMany give, and pictures { width, height, channels, data }";
      throw new DigitlabError("invalid_parameter", `sequence is ${String(sequence)}; allowed: ${allowed}.`, { field: "sequence", allowed });
    }
    const type = TYPES[format];
    if (!type) {
      const allowed = Object.keys(TYPES).join(", ");
      throw DigitlabError.invalid("format", format, allowed);
    }
    const { pixels, width, request, label, taskId, naturalWidth, digits, augmentation } = sequence;
    const labels = JSON.stringify({ ...request, label, taskId, naturalWidth, digits, augmentation });
    // A copy is handed over; the caller's own pixels stay.
    const args = { format, labels, pixels: pixels.slice(), width };
    const content = await this.#pool.run((lease) => lease.call("encode", args, [args.pixels.buffer]), options);
    return new Blob([content], { type });
  }

  /**
   * Runs a pipeline on a picture. `record` says which steps ran with what was drawn for them.
   * @param {Picture} picture
   * @param {Pipeline} pipeline
   * @param {CallOptions & CompanionsGiven & { seed?: string | number | bigint, index?: number }} [options] The same picture,
   *   pipeline, seed and index give the same pixels; a seed is drawn, and returned, when left out. Each index is a variant
   *   of its own. A `mask` and `boxes` follow the picture's geometry, and change nothing about its pixels.
   * @returns {Promise<Changed & CompanionsMade & { seed: string, index: number }>}
   */
  async augment(picture, pipeline, { seed = this.randomSeed(), index = 0, mask, boxes, ...options } = {}) {
    const number = wholeSeed(seed);
    wholeNumber("index", index, 0, Number.MAX_SAFE_INTEGER);
    const args = { picture: toHandOver(picture), pipeline: requestText(pipeline), seed: number, index: BigInt(index) };
    const changed = await this.#change("augment", args, { mask, boxes }, options);
    return { ...changed, seed: String(number), index };
  }

  /**
   * Runs recorded steps again: the same picture gives the same pixels, and its `mask` and `boxes` follow.
   * @param {Picture} picture
   * @param {AppliedStep[]} record
   * @param {CallOptions & CompanionsGiven} [options]
   * @returns {Promise<Changed & CompanionsMade>}
   */
  async replay(picture, record, { mask, boxes, ...options } = {}) {
    const args = { picture: toHandOver(picture), record: requestText(record) };
    return this.#change("replay", args, { mask, boxes }, options);
  }

  /**
   * @param {"augment" | "replay"} method
   * @param {{ picture: ReturnType<typeof toHandOver> }} args
   * @param {CompanionsGiven} given
   * @param {CallOptions} options
   * @returns {Promise<Changed & CompanionsMade>}
   */
  async #change(method, args, given, options) {
    const { args: companions, transfer, made } = toAccompany(given);
    const buffers = [args.picture.data.buffer, ...transfer];
    const { mask, boxes, ...changed } = await this.#pool.run(
      (lease) => lease.call(method, { ...args, companions }, buffers),
      options,
    );
    return { ...changed, ...made({ mask, boxes }) };
  }

  /**
   * A picture that workers keep, to be given to `variants` and `live` many times: it is sent to each worker once. Its
   * pixels must not be changed meanwhile.
   * @param {Picture} picture
   */
  hold(picture) {
    const held = this.#held.get(picture) ?? new HeldPicture(picture);
    this.#held.set(picture, held);
    return held;
  }

  /**
   * Variants of a picture in the order of their jobs, made by all workers. Memory stays bounded: who takes slowly is
   * worked for slowly, and jobs are asked for as late as possible. What a job's steps refuse comes as its `error`, and
   * the others go on.
   * @param {Picture | HeldPicture} picture
   * @param {Iterable<Job>} jobs
   * @param {CallOptions & { fit?: number, file?: FileKind, total?: number }} [options] `fit` is the longest side of the
   *   `preview` in pixels, each the mean of the area it covers; left out or 0, it has every pixel. With `file` the
   *   picture comes as a file, too, and a preview only if `fit` is given. `total` is told to `onProgress`.
   * @returns {AsyncGenerator<Variant | FailedVariant, void, void>}
   */
  async *variants(picture, jobs, { fit, file, total, onProgress, ...options } = {}) {
    if (fit !== undefined) wholeNumber("fit", fit, 0, 2 ** 16);
    const held = picture instanceof HeldPicture ? picture : new HeldPicture(picture);
    /** @param {Job} job */
    const work = async (job) => {
      try {
        return await this.#variant(this.#pool, held, job, { fit, file }, options);
      } catch (error) {
        if (options.signal?.aborted || !isOfOne(error)) throw error;
        return { job, error };
      }
    };
    let done = 0;
    // Two per worker: while one is made, the next is on its way.
    for await (const variant of eachInOrder(jobs, 2 * this.#pool.size, work)) {
      if (options.signal?.aborted) throw DigitlabError.aborted(options.signal);
      yield variant;
      done += 1;
      onProgress?.({ done, total: total ?? done, unit: "variants" });
    }
  }

  /**
   * Previews of one picture while somebody turns a knob: the latest that is asked for is made, as fast as can be.
   * @param {Picture | HeldPicture} picture
   */
  live(picture) {
    const held = picture instanceof HeldPicture ? picture : new HeldPicture(picture);
    return new LivePreview((job, fit, memory, signal) => this.#variant(this.#aside, held, job, { fit, memory }, { signal }));
  }

  /**
   * Writes a zip file: `write` is given `add(name, content)` and `finish()`, which answer with the bytes that come next.
   * @template T
   * @param {(zip: ZipWriter) => Promise<T>} write
   * @param {CallOptions} [options]
   * @returns {Promise<T>}
   */
  async zip(write, options) {
    const encoder = new TextEncoder();
    return this.#aside.run(async (lease) => {
      await lease.call("openArchive");
      return write({
        add: (name, given) => {
          const content = typeof given === "string" ? encoder.encode(given) : given.slice();
          return lease.call("addToArchive", { name: String(name), content }, [content.buffer]);
        },
        finish: () => lease.call("finishArchive"),
      });
    }, options);
  }

  /**
   * Every transform with its parameters, limits, defaults and help; and the presets.
   * @param {CallOptions} [options]
   * @returns {Promise<AugmentInfo>}
   */
  async transforms(options) {
    return this.#pool.run((lease) => lease.call("transforms"), options);
  }

  /**
   * The JSON Schema of pipelines.
   * @param {CallOptions} [options]
   * @returns {Promise<object>}
   */
  async pipelineSchema(options) {
    return this.#pool.run((lease) => lease.call("pipelineSchema"), options);
  }

  /**
   * Reads a pipeline that was saved: ours as JSON, or Albumentations' as JSON or YAML. `notes` has a sentence on each
   * thing that means nothing here; what is not known is refused by name.
   * @param {string} text
   * @param {CallOptions} [options]
   * @returns {Promise<ImportedPipeline>}
   */
  async importPipeline(text, options) {
    const given = String(text);
    return this.#pool.run(async (lease) => {
      const json = /^\s*[[{]/.test(given) ? given : await lease.call("yamlToJson", { text: given });
      return lease.call("importPipeline", { text: json });
    }, options);
  }

  /**
   * A pipeline as text, for other programs.
   * @param {Pipeline} pipeline
   * @param {CallOptions & { format?: "json" | "albumentations-json" | "albumentations-yaml" | "python" }} [options]
   * @returns {Promise<string>}
   */
  async exportPipeline(pipeline, { format = "json", ...options } = {}) {
    const yaml = format === "albumentations-yaml";
    const args = { pipeline: requestText(pipeline), format: yaml ? "albumentations-json" : String(format) };
    return this.#pool.run(async (lease) => {
      const text = await lease.call("exportPipeline", args);
      return yaml ? lease.call("jsonToYaml", { text }) : text;
    }, options);
  }

  /**
   * Draws from another bucket from now on.
   * @param {string | URL} url Its address, relative to the page.
   * @param {CallOptions} [options]
   * @returns {Promise<LabInfo>}
   */
  async useBucket(url, options) {
    return this.#use(new SampleSource(new HttpBucket(bucketAddress(url))), options);
  }

  /**
   * Draws from IDX files of the user's own from now on. They stay on this machine.
   * @param {{ name?: string, train?: IdxPair, test?: IdxPair }} files `train` is needed.
   * @param {CallOptions} [options]
   * @returns {Promise<LabInfo>}
   */
  async useIdx({ name = "Own data set", train, test } = {}, options) {
    const blobs = [train?.images, train?.labels, ...(test ? [test.images, test.labels] : [])];
    const roles = ["The file of images", "The file of labels", "The file of test images", "The file of test labels"];
    const files = await Promise.all(blobs.map((blob, k) => readBlob(blob, roles[k])));
    const { manifest, shards } = await this.#pool.run(
      (lease) => lease.call("cutIdx", { name: String(name), files }, files.map(({ bytes }) => bytes.buffer)),
      options,
    );
    return this.#use(new SampleSource(new MemoryBucket(manifest, shards)), options);
  }

  /**
   * The digit in a picture. The module and the model are loaded with the first call, which tells `onProgress` of them.
   * @param {RecognitionInput} input A picture, its file, or 28 x 28 numbers from 0 to 1.
   * @param {RecognitionOptions} [options]
   * @returns {Promise<Classified>}
   */
  async classify(input, options) {
    return (await this.#recognition.get()).classify(input, options);
  }

  /**
   * The number in a picture, with a box and a probability for each digit.
   * @param {RecognitionInput} input
   * @param {RecognitionOptions} [options]
   * @returns {Promise<ReadNumber>}
   */
  async read(input, options) {
    return (await this.#recognition.get()).read(input, options);
  }

  /**
   * The digits of many pictures, by all workers.
   * @param {Uint8Array | Iterable<RecognitionInput>} pictures 784 grey levels for each, white on black, as MNIST has them;
   *   or inputs as `classify` takes them.
   * @param {CallOptions & { model?: string }} [options]
   * @returns {Promise<ClassifiedMany>} ten `probabilities` for each picture, one after the other
   */
  async classifyMany(pictures, options) {
    return (await this.#recognition.get()).classifyMany(pictures, options);
  }

  /**
   * Which parts of a digit a model's answer hangs on: for each pixel by how much the answer's probability falls when paper
   * covers it.
   * @param {RecognitionInput} input As `classify` takes it.
   * @param {CallOptions & { model?: string }} [options]
   * @returns {Promise<SaliencyMap>}
   */
  async saliency(input, options) {
    const { saliency } = await import("./saliency.js");
    return saliency(this, input, options);
  }

  /**
   * The paths from nothing to too much that `robustness` knows.
   * @param {CallOptions} [options]
   * @returns {Promise<Strengths[]>}
   */
  async strengths(options) {
    const [{ describeStrengths }, { transforms }] = await Promise.all([import("./strengths.js"), this.transforms(options)]);
    return describeStrengths(transforms);
  }

  /**
   * How often models are right about test pictures while transforms, or a pipeline, grow stronger: a point at a time,
   * first that of the plain pictures. All workers augment and read; the same pictures with the same draws at each strength.
   * @param {RobustnessOptions & CallOptions} [options]
   * @returns {AsyncGenerator<RobustnessPoint | FailedPoint, void, void>}
   */
  async *robustness(options = {}) {
    const { robustness } = await import("./robustness.js");
    const dataset = this.#dataset;
    /** @type {import("./robustness.js").Engine} */
    const engine = {
      augment: ({ pipeline, ...args }, { signal }) =>
        this.#pool.run((lease) => lease.call("augmentDigits", { ...args, pipeline: requestText(pipeline) }, [args.levels.buffer]), { signal }),
      bucket: () => dataset.bucket,
      seed: wholeSeed,
      size: this.#pool.size,
    };
    yield* robustness(this, engine, options);
  }

  /**
   * The models: those of the site, and those that the user has brought, taught or trained, which this browser keeps.
   * Whatever takes a model by name takes any of them.
   */
  get models() {
    return {
      /**
       * The cards of all models.
       * @param {CallOptions & { onWarning?: (warning: string) => void }} [options] With `onWarning` it is told, as a
       *   sentence, when the browser does not give the user's own, and the site's are listed; otherwise that is an error.
       */
      list: async (options) => (await this.#recognition.get()).list(options),
      /**
       * Loads a model before it is needed.
       * @param {string} name
       * @param {CallOptions} [options]
       */
      load: async (name, options) => (await this.#recognition.get()).load(name, options),
      /**
       * Whether a model is there.
       * @param {string} name
       */
      state: (name) => this.#recognition.loaded?.state(name) ?? "absent",
      /**
       * Looks at an ONNX file before it is kept: what it is made of, how it takes a picture, and which way of showing it
       * pictures does best on known digits. What cannot be used has an `error` that says why.
       * @param {import("./recognition.js").ModelFile} file
       * @param {import("./model_inspection.js").InspectOptions} [options]
       */
      inspect: async (file, options) => (await this.#recognition.get()).inspect(file, options),
      /**
       * Keeps a model of the user's in this browser, once it was found that it can be used.
       * @param {ModelToAdd} model
       * @param {CallOptions} [options]
       * @returns {Promise<ModelCard>}
       */
      add: async (model, options) => (await this.#recognition.get()).add(model, options),
      /**
       * Gives a model of the user's another title; its name stays.
       * @param {string} name
       * @param {string} title
       * @returns {Promise<ModelCard>}
       */
      rename: async (name, title) => (await this.#recognition.get()).own.rename(name, title),
      /**
       * Deletes a model of the user's.
       * @param {string} name
       */
      delete: async (name) => (await this.#recognition.get()).own.delete(name),
      /**
       * The ONNX file of a model.
       * @param {string} name
       * @param {CallOptions} [options]
       * @returns {Promise<File>}
       */
      file: async (name, options) => (await this.#recognition.get()).file(name, options),
      /** The name of the model that the routes use when none is asked for; null is the site's default. */
      chosen: async () => (await this.#recognition.get()).own.chosen(),
      /**
       * Makes the routes use a model when none is asked for.
       * @param {string | null} name
       */
      choose: async (name) => (await this.#recognition.get()).own.choose(name),
      /**
       * Tells of every change of the user's models, also by other tabs.
       * @param {(change: import("./own_models.js").ModelChange) => void} listener
       * @param {AbortSignal} [signal]
       */
      subscribe: async (listener, signal) => (await this.#recognition.get()).own.subscribe(listener, signal),
    };
  }

  /**
   * Teaches a model a hand: its last layer learns corrected samples in a second or two, beside pictures of MNIST, and
   * the taught model is kept with the user's own.
   * @param {TeachOptions & CallOptions} [options]
   * @returns {Promise<Taught>}
   */
  async teach(options) {
    return (await this.#teaching.get()).teach(options);
  }

  /**
   * Does beforehand what the first lesson of a model needs, so that it takes less when it comes.
   * @param {string} model
   * @param {CallOptions} [options]
   */
  async prepareTeach(model, options) {
    return (await this.#teaching.get()).prepare(model, options);
  }

  /**
   * Trains a network from the beginning, by all workers, and keeps it with the user's own models. Aborting pauses: what
   * was reached is kept in this browser, and `trainings.resume()` goes on with it, also after a reload.
   * @param {TrainOptions & CallOptions} [options]
   * @returns {Promise<{ card: ModelCard, state: TrainingState }>}
   */
  async train(options) {
    return (await this.#trainings.get()).train(options);
  }

  /** The training that was begun and has not ended. */
  get trainings() {
    return {
      /** How far it is; null when there is none. */
      kept: async () => (await this.#trainings.get()).kept(),
      /** Its test pictures: `{ levels, labels }`. */
      testPictures: async () => (await this.#trainings.get()).testPictures(),
      /**
       * Goes on with it.
       * @param {Pick<TrainOptions, "onState" | "name"> & CallOptions} [options]
       */
      resume: async (options) => (await this.#trainings.get()).resume(options),
      /**
       * Ends it where it is, and keeps the network as it answers now.
       * @param {Pick<TrainOptions, "name"> & CallOptions} [options]
       */
      finish: async (options) => (await this.#trainings.get()).finish(options),
      /** Forgets it. */
      discard: async () => (await this.#trainings.get()).discard(),
      /** How many are kept, and about how many bytes they take: `{ trainings, bytes }`. */
      usage: async () => (await this.#trainings.get()).usage(),
    };
  }

  /**
   * Makes a data set of up to ten million labelled items by all workers, in files as trainers read them. The same recipe
   * gives the same bytes. Aborting pauses it: what was made is kept, and `datasets.resume(id)` goes on with it.
   * @param {Recipe | object} recipe A recipe, or the `recipe.json` of a data set.
   * @param {DatasetOptions} [options]
   * @returns {Promise<MadeDataset>}
   */
  async dataset(recipe, options) {
    return (await this.datasets.start(recipe, options)).done;
  }

  /** The data sets that this browser keeps, finished or not. */
  get datasets() {
    return {
      /**
       * Checks a recipe, and fills its defaults in.
       * @param {Recipe | object} recipe
       * @param {CallOptions} [options]
       */
      check: async (recipe, options) => (await this.#datasets.get()).check(recipe, options),
      /**
       * What recipes may say.
       * @param {CallOptions} [options]
       */
      describe: async (options) => (await this.#datasets.get()).describe(options),
      /**
       * How large a data set comes to be.
       * @param {Recipe | object} recipe
       * @param {Pick<DatasetOptions, "shard" | "numbers"> & CallOptions} [options]
       */
      estimate: async (recipe, options) => (await this.#datasets.get()).estimate(recipe, options),
      /**
       * What a data set begins with: the numbers, indices and subsets of its first items, so that `generate` shows them.
       * @param {Recipe | object} recipe
       * @param {{ count?: number, numbers?: Blob | string } & CallOptions} [options]
       */
      preview: async (recipe, options) => (await this.#datasets.get()).preview(recipe, options),
      /**
       * Begins to make a data set; the job tells how far it is, and can be paused and cancelled.
       * @param {Recipe | object} recipe A recipe, or the `recipe.json` of a data set.
       * @param {DatasetOptions} [options]
       */
      start: async (recipe, options) => (await this.#datasets.get()).start(recipe, options),
      /** All of them, the latest first. */
      list: async () => (await this.#datasets.get()).list(),
      /**
       * Goes on with a data set that is not done.
       * @param {string} id
       * @param {import("./dataset/types.js").ResumeOptions} [options]
       */
      resume: async (id, options) => (await this.#datasets.get()).resume(id, options),
      /**
       * The files of a finished one.
       * @param {string} id
       */
      files: async (id) => (await this.#datasets.get()).files(id),
      /**
       * Deletes a data set.
       * @param {string} id
       */
      delete: async (id) => (await this.#datasets.get()).delete(id),
    };
  }

  /** The corrected samples that this browser keeps, to teach models with. */
  get samples() {
    const store = async () => (await this.#teaching.get()).samples;
    return {
      /**
       * Keeps samples. A picture that is there already gets the new digit.
       * @param {SampleToAdd | SampleToAdd[]} samples
       */
      add: async (samples) => (await store()).add(samples),
      /** All samples, the oldest first. */
      list: async () => (await store()).list(),
      /**
       * Deletes samples.
       * @param {number[]} ids
       */
      delete: async (ids) => (await store()).delete(ids),
      /**
       * Brings deleted samples back, as `list` gave them.
       * @param {Sample[]} samples
       */
      restore: async (samples) => (await store()).restore(samples),
      /** Deletes all samples. */
      clear: async () => (await store()).clear(),
      /** Deletes the whole store, even when it cannot be read any more. */
      reset: async () => (await store()).reset(),
      /**
       * Tells of every change, also by other tabs.
       * @param {(change: import("./samples.js").SampleChange) => void} listener
       * @param {AbortSignal} [signal]
       */
      subscribe: async (listener, signal) => (await store()).subscribe(listener, signal),
    };
  }

  /** Ends all workers. What they had to do is rejected with the code `closed`. */
  close() {
    this.#pool.close();
    this.#aside.close();
    for (const part of [this.#recognition, this.#teaching, this.#trainings, this.#datasets]) part.close();
    this.#frames.close();
    this.records.close();
  }

  /**
   * Images of the digits that models are tried on: the site's own, whatever data set is in use.
   * @param {CallOptions} options
   */
  async #knownDigits(options) {
    const { REQUEST, ROUNDS } = await import("./known_digits.js");
    const own = bucketAddress(undefined);
    const dataset = this.#dataset.url === own.href ? this.#dataset : new SampleSource(new HttpBucket(own));
    const part = { request: requestText(REQUEST), count: ROUNDS, seed: 0n };
    const [batch] = await this.#generate(dataset, [part], options);
    return batch.levels;
  }

  /**
   * @param {SampleSource} dataset
   * @param {CallOptions} [options]
   * @returns {Promise<LabInfo>}
   */
  async #use(dataset, options) {
    const info = await this.#pool.run(
      async (lease) => ({ version: (await lease.started).version, bucket: await dataset.open(lease) }),
      options,
    );
    this.#dataset = dataset;
    return info;
  }

  /**
   * @param {Pool} pool
   * @param {HeldPicture} picture
   * @param {Job} job
   * @param {{ fit?: number, file?: FileKind, memory?: ArrayBuffer }} wanted
   * @param {CallOptions} options
   * @returns {Promise<Variant>}
   */
  async #variant(pool, picture, job, wanted, options) {
    const { pipeline, seed, index } = job;
    wholeNumber("index", index, 0, Number.MAX_SAFE_INTEGER);
    const call = { pipeline: requestText(pipeline), seed: wholeSeed(seed), index: BigInt(index) };
    return pool.run(async (lease) => {
      await picture.sendTo(lease);
      const { args, transfer } = variantCall(picture.number, call, wanted);
      return { job, ...(await lease.call("variant", args, transfer)) };
    }, options);
  }

  /**
   * Batches from one worker: all calls are posted at once, and answered in turn.
   * @param {SampleSource} dataset
   * @param {{ request: string, count: number, seed: bigint }[]} parts
   * @param {CallOptions} [options]
   * @param {ArrayBuffer[]} [spare] Memory to write levels to, taken from as long as there is some.
   * @returns {Promise<import("./batch.js").PackedBatch[]>}
   */
  async #generate(dataset, parts, { onProgress, ...options } = {}, spare = []) {
    const calls = parts.map((part) => ({ ...part, microsOfDay: this.#clock.take(part.count) }));
    const task = (/** @type {import("./lease.js").Lease} */ lease) =>
      Promise.all(
        calls.map((call) => {
          const prepare = () => {
            const memory = spare.pop();
            return { args: { ...call, memory }, transfer: memory && [memory] };
          };
          return dataset.call(lease, "generate", prepare, onProgress);
        }),
      );
    return this.#pool.run(task, options);
  }
}

/**
 * How many columns an image of a request can have at most, to judge its memory by. The
 * request has not been checked yet; whatever it says, this is a number above 0.
 * @param {SequenceRequest} request
 */
function widest({ number, digits, fit, image_width, spacing_max = 10, margin = 4 }) {
  const natural = (digits?.length ?? String(number).length) * (SIDE + Number(spacing_max)) + 2 * Number(margin);
  return Math.max(1, Number(fit === "natural" ? natural : image_width) || SIDE);
}

/** @type {Record<string, string>} */
const TYPES = { png: "image/png", npy: "application/octet-stream", json: "application/json" };

/** @param {string | URL | undefined} address */
function bucketAddress(address) {
  const base = address === undefined ? SITE : globalThis.location?.href;
  const text = String(address ?? config.bucket);
  const allowed = "an http or https address, or a path on this site";
  const url = URL.parse(text.endsWith("/") ? text : `${text}/`, base);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new DigitlabError("invalid_parameter", `bucket is "${text}"; allowed: ${allowed}.`, { field: "bucket", value: text, allowed });
  }
  return url;
}

/**
 * @param {Blob | undefined} blob
 * @param {string} role
 */
async function readBlob(blob, role) {
  if (!(blob instanceof Blob)) {
    throw new DigitlabError("missing_parameter", `${role} is missing; give a File or a Blob.`, { field: role, allowed: "a File or a Blob" });
  }
  const name = blob instanceof File ? `${role} (${blob.name})` : role;
  try {
    return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new DigitlabError("invalid_file", `${name} cannot be read: ${reason}.`, { file: name, reason }, { cause });
  }
}

/** @param {PictureLimits} limits */
function checkLimits({ bytes, pixels }) {
  for (const [name, value, most] of /** @type {const} */ ([["bytes", bytes, 2 ** 30], ["pixels", pixels, 2 ** 26]])) {
    if (value !== undefined) wholeNumber(`limits.${name}`, value, 1, most);
  }
}
