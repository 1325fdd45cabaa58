/** How often models are right about test pictures that grow stranger and stranger. */
import { DigitlabError } from "./errors.js";
import { eachInOrder } from "./in_order.js";
import { describeStrengths, pathNames, pipelineAt, sharesOf, valuesOf, weakened } from "./strengths.js";
import { testPictures } from "./test_pictures.js";
import { isOfOne } from "./variants.js";

/** @typedef {import("./digitlab.js").Digitlab} Digitlab */
/** @typedef {import("./digitlab.js").CallOptions} CallOptions */
/** @typedef {import("./test_pictures.js").TestPictures} TestPictures */

/**
 * @typedef {object} RobustnessOptions
 * @property {string[]} [transforms] Names of transforms or of single paths, as `lab.strengths` has them.
 * @property {import("./digitlab.js").Pipeline} [pipeline] A pipeline of one's own, from nothing to what it says.
 * @property {number | number[]} [strengths] How many on each path, 10 when left out; or the parts of the way.
 * @property {number} [pictures] How many test pictures, 1,000 when left out; the same ones at every strength.
 * @property {string[]} [models] `["default"]` when left out.
 * @property {string | number | bigint} [seed] Chooses the pictures and what is drawn for them; 0 when left out.
 */

/**
 * @typedef {object} ModelAtPoint What a model made of the pictures.
 * @property {string} model
 * @property {number} right How many it read rightly.
 * @property {number} accuracy
 * @property {Uint8Array<ArrayBuffer>} answers What it read in each.
 * @property {Float32Array<ArrayBuffer>} probabilities How probable it found that.
 */

/**
 * @typedef {object} RobustnessPoint
 * @property {string} curve The path's name; `pipeline`; or `none` for the pictures as they are, which is where every curve begins.
 * @property {number} strength How far along its path, from 0 to 1.
 * @property {number} value Of the parameter that grows.
 * @property {object[] | object} pipeline What was done.
 * @property {number} pictures
 * @property {Uint8Array<ArrayBuffer>} labels What the pictures show.
 * @property {Uint32Array<ArrayBuffer>} positions Where each lies in the original file of test pictures.
 * @property {ModelAtPoint[]} models
 * @property {(places: readonly number[], options?: CallOptions) => Promise<Uint8Array<ArrayBuffer>>} levels Makes some of
 *   the pictures again, by their places: 784 levels for each.
 */

/** @typedef {{ curve: string, strength: number, value: number, pipeline: object, error: DigitlabError }} FailedPoint A point whose steps refuse the pictures. */
/** @typedef {{ curve: string, strength: number, value: number, pipeline: any }} Task */

/**
 * @typedef {object} Engine What augments.
 * @property {(args: { levels: Uint8Array<ArrayBuffer>, positions: Uint32Array, pipeline: object, seed: bigint }, options: CallOptions) => Promise<Uint8Array<ArrayBuffer>>} augment
 * @property {() => import("./bucket.js").Bucket} bucket
 * @property {(seed: string | number | bigint) => bigint} seed
 * @property {number} size How many workers there are.
 */

const PIXELS = 28 * 28;
const MOST_PICTURES = 70_000;
const MOST_MODELS = 4;
/** The most pictures in a message to a worker: few messages, and every worker gets some. */
const CHUNK = 500;
/** While one point is read, the pictures of the next are made. */
const AHEAD = 2;

/**
 * The points of all curves: first that of the plain pictures, then curve by curve from weak to strong.
 * @param {Digitlab} lab
 * @param {Engine} engine
 * @param {RobustnessOptions & CallOptions} options
 * @returns {AsyncGenerator<RobustnessPoint | FailedPoint, void, void>}
 */
export async function* robustness(lab, engine, options) {
  const { transforms = [], pipeline, strengths = 10, pictures = 1_000, models = ["default"], seed = 0, onProgress, signal } = options;
  const names = pathNames(transforms);
  const shares = sharesOf(strengths);
  checkCount(pictures);
  checkModels(models);
  const wholeSeed = engine.seed(seed);
  const { transforms: infos } = await lab.transforms({ signal });
  const whole = pipeline === undefined ? null : JSON.parse(await lab.exportPipeline(pipeline, { signal }));
  const tasks = [...tasksOf(names, shares, infos), ...(whole ? ofPipeline(whole, shares, infos) : [])];
  // The engine judges the data set before anything is read of it here.
  await lab.info({ signal });
  const test = await testPictures(engine.bucket(), { count: pictures, seed: wholeSeed, signal, onProgress });
  const count = test.labels.length;
  for (const model of models) await lab.models.load(model, { signal, onProgress });

  const total = (tasks.length + 1) * models.length * count;
  let done = 0;
  const read = (/** @type {number} */ more) => {
    done += more;
    if (!signal?.aborted) onProgress?.({ done, total, unit: "images" });
  };
  /** @param {Task} task */
  const work = async (task) => {
    try {
      const levels = await changed(engine, test, task, wholeSeed, signal);
      const found = [];
      for (const model of models) found.push(await modelAt(lab, model, levels, test.labels, { signal }, read));
      const again = (/** @type {readonly number[]} */ places, /** @type {CallOptions} */ rest = {}) =>
        changed(engine, some(test, places), task, wholeSeed, rest.signal);
      return { ...task, pictures: count, labels: test.labels, positions: test.positions, models: found, levels: again };
    } catch (error) {
      if (signal?.aborted || !isOfOne(error) || !isRefusal(error)) throw error;
      read(models.length * count);
      return { ...task, error };
    }
  };
  for await (const point of eachInOrder([PLAIN, ...tasks], AHEAD, work)) {
    if (signal?.aborted) throw DigitlabError.aborted(signal);
    yield point;
  }
}

/** @type {Task} */
const PLAIN = { curve: "none", strength: 0, value: 0, pipeline: [] };

/** What the pictures or the pipeline are to blame for; all else ends the series. @param {DigitlabError} error */
const isRefusal = ({ code }) => ["unsupported", "invalid_parameter", "limit_exceeded"].includes(code);

/**
 * @param {readonly string[]} names
 * @param {readonly number[]} shares
 * @param {import("./digitlab.js").TransformInfo[]} infos
 * @returns {Task[]}
 */
function tasksOf(names, shares, infos) {
  const known = new Set(describeStrengths(infos).map(({ name }) => name));
  return names
    .filter((name) => known.has(name))
    .flatMap((curve) =>
      valuesOf(curve, shares).map(({ strength, value }) => ({ curve, strength, value, pipeline: pipelineAt(curve, value, infos) })),
    );
}

/**
 * @param {object} whole
 * @param {readonly number[]} shares
 * @param {import("./digitlab.js").TransformInfo[]} infos
 * @returns {Task[]}
 */
function ofPipeline(whole, shares, infos) {
  return shares.map((strength) => ({
    curve: "pipeline",
    strength,
    value: Number(strength.toPrecision(4)),
    pipeline: weakened(whole, strength, infos),
  }));
}

/**
 * The pictures with something done to them, by all workers. What is drawn for a picture hangs on the seed and on its
 * place in the data set, so it is the same at every strength.
 * @param {Engine} engine
 * @param {Pick<TestPictures, "levels" | "positions">} test
 * @param {Task} task
 * @param {bigint} seed
 * @param {AbortSignal} [signal]
 */
async function changed(engine, { levels, positions }, { curve, pipeline }, seed, signal) {
  if (curve === "none") return levels.slice();
  const count = positions.length;
  const perChunk = Math.max(1, Math.min(CHUNK, Math.ceil(count / engine.size)));
  const made = new Uint8Array(levels.length);
  const parts = Array.from({ length: Math.ceil(count / perChunk) }, async (_, k) => {
    const [from, to] = [k * perChunk, Math.min(count, (k + 1) * perChunk)];
    const part = levels.slice(from * PIXELS, to * PIXELS);
    const args = { levels: part, positions: positions.slice(from, to), pipeline, seed };
    made.set(await engine.augment(args, { signal }), from * PIXELS);
  });
  await Promise.all(parts);
  return made;
}

/**
 * @param {Digitlab} lab
 * @param {string} model
 * @param {Uint8Array<ArrayBuffer>} levels
 * @param {Uint8Array} labels
 * @param {CallOptions} options
 * @param {(more: number) => void} read told of pictures that were read
 * @returns {Promise<ModelAtPoint>}
 */
async function modelAt(lab, model, levels, labels, options, read) {
  let last = 0;
  const onProgress = ({ done = 0, unit = "" }) => {
    if (unit !== "images") return;
    read(done - last);
    last = done;
  };
  const { labels: answers, probabilities: all } = await lab.classifyMany(levels, { ...options, model, onProgress });
  const probabilities = Float32Array.from(answers, (answer, k) => all[10 * k + answer] ?? 0);
  const right = answers.reduce((right, answer, k) => right + (answer === labels[k] ? 1 : 0), 0);
  return { model, right, accuracy: right / labels.length, answers, probabilities };
}

/**
 * @param {TestPictures} test
 * @param {readonly number[]} places
 */
function some({ levels, positions }, places) {
  const picked = new Uint8Array(places.length * PIXELS);
  places.forEach((place, k) => picked.set(levels.subarray(place * PIXELS, (place + 1) * PIXELS), k * PIXELS));
  return { levels: picked, positions: Uint32Array.from(places, (place) => positions[place] ?? 0) };
}

/** @param {unknown} pictures */
function checkCount(pictures) {
  if (Number.isInteger(pictures) && Number(pictures) >= 1 && Number(pictures) <= MOST_PICTURES) return;
  const allowed = `whole numbers from 1 to ${MOST_PICTURES}`;
  const value = String(pictures).slice(0, 60);
  throw DigitlabError.invalid("pictures", value, allowed);
}

/** @param {unknown} models */
function checkModels(models) {
  const right =
    Array.isArray(models) && models.length >= 1 && models.length <= MOST_MODELS && new Set(models).size === models.length && models.every((name) => typeof name === "string");
  if (right) return;
  const allowed = `a list of 1 to ${MOST_MODELS} different names of models`;
  const value = String(models).slice(0, 60) || "an empty list";
  throw DigitlabError.invalid("models", value, allowed);
}
