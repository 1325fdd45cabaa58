/** Pictures of the test set, as bytes: those that a model is measured on. */
import { DigitlabError, reasonOf } from "./errors.js";

/** @typedef {import("./bucket.js").Bucket} Bucket */
/** @typedef {import("./bucket.js").Progress} Progress */
/** @typedef {{ file: string, count: number, stored_bytes: number, sha256: string }} ShardEntry */

/**
 * @typedef {object} TestPictures
 * @property {Uint8Array<ArrayBuffer>} levels 784 for each picture, white ink on black.
 * @property {Uint8Array<ArrayBuffer>} labels
 * @property {Uint32Array<ArrayBuffer>} positions Where each lies in the original file.
 * @property {number} available How many there are altogether.
 */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const DIGITS = 10;
/** The heads of the two arrays in a shard: 32-bit positions, pictures of bytes. */
const HEADS = { positions: 0x0c01, pictures: 0x0803 };
/** How many shards are on their way at a time. */
const AT_ONCE = 6;

/**
 * Some of the test pictures, as many of each digit as its share is, chosen by the seed; fewer if there are not as many.
 * In the order of the original file.
 * @param {Bucket} bucket
 * @param {{ count: number, seed: bigint, signal?: AbortSignal, onProgress?: (progress: Progress) => void }} options
 * @returns {Promise<TestPictures>}
 */
export async function testPictures(bucket, { count, seed, signal, onProgress }) {
  const digits = entries(await bucket.manifest());
  const sizes = digits.map((shards) => shards.reduce((sum, shard) => sum + shard.count, 0));
  const available = sizes.reduce((sum, size) => sum + size, 0);
  if (available === 0) {
    throw new DigitlabError("invalid_parameter", "The data set in use has no test pictures, so nothing can be measured on them. Add test files to it, or go back to this site's digits.");
  }
  const random = generator(seed);
  const wanted = allotted(sizes, Math.min(count, available)).map((share, digit) => chosen(sizes[digit] ?? 0, share, random));
  const total = digits.flat().reduce((sum, shard) => sum + shard.stored_bytes, 0);
  let done = 0;
  const onBytes = (/** @type {number} */ bytes) => {
    done = Math.min(done + bytes, total);
    onProgress?.({ done, total, unit: "bytes" });
  };
  /** @type {{ position: number, label: number, levels: Uint8Array }[]} */
  const found = [];
  const jobs = digits.flatMap((shards, label) => {
    let first = 0;
    return shards.map((shard) => {
      const start = first;
      first += shard.count;
      return { shard, label, start };
    });
  });
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      if (signal?.aborted) throw DigitlabError.aborted(signal);
      const { shard, label, start } = job;
      const picked = (wanted[label] ?? []).filter((at) => at >= start && at < start + shard.count);
      if (picked.length === 0) continue;
      const { positions, pictures } = await unpacked(bucket, shard, onBytes);
      for (const at of picked) {
        const place = at - start;
        found.push({ position: positions[place] ?? 0, label, levels: pictures.subarray(place * PIXELS, (place + 1) * PIXELS) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (signal?.aborted) throw DigitlabError.aborted(signal);
  found.sort((a, b) => a.position - b.position);
  const levels = new Uint8Array(found.length * PIXELS);
  found.forEach((picture, k) => levels.set(picture.levels, k * PIXELS));
  return {
    levels,
    labels: Uint8Array.from(found, ({ label }) => label),
    positions: Uint32Array.from(found, ({ position }) => position),
    available,
  };
}

/**
 * The shards of each digit's test pictures. The engine judges manifests; here one without test pictures is none.
 * @param {string} manifest
 * @returns {ShardEntry[][]}
 */
function entries(manifest) {
  const digits = JSON.parse(manifest).splits?.test?.digits;
  return Array.isArray(digits) ? digits.slice(0, DIGITS) : [];
}

/**
 * How many of each there are among `count`, in proportion; what rounding leaves over goes to the largest remainders.
 * @param {readonly number[]} sizes
 * @param {number} count
 */
function allotted(sizes, count) {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (all ? (size * count) / all : 0));
  const shares = exact.map(Math.floor);
  const rest = count - shares.reduce((sum, share) => sum + share, 0);
  const order = exact.map((value, at) => ({ at, over: value - Math.floor(value) })).sort((a, b) => b.over - a.over || a.at - b.at);
  for (const { at } of order.slice(0, rest)) shares[at] = (shares[at] ?? 0) + 1;
  return shares;
}

/**
 * So many different whole numbers below `size`, in order.
 * @param {number} size
 * @param {number} count
 * @param {() => bigint} random
 */
function chosen(size, count, random) {
  const numbers = Array.from({ length: size }, (_, at) => at);
  for (let at = 0; at < count; at++) {
    const other = at + Number(random() % BigInt(size - at));
    [numbers[at], numbers[other]] = [numbers[other] ?? 0, numbers[at] ?? 0];
  }
  return numbers.slice(0, count).sort((a, b) => a - b);
}

/**
 * Numbers of 64 bits that hang on the seed alone (SplitMix64).
 * @param {bigint} seed
 */
function generator(seed) {
  let state = BigInt.asUintN(64, seed);
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = state;
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
}

/**
 * A shard's pictures, checked; a damaged one is loaded once more.
 * @param {Bucket} bucket
 * @param {ShardEntry} shard
 * @param {(bytes: number) => void} onBytes
 */
async function unpacked(bucket, shard, onBytes) {
  const { file, count, sha256 } = shard;
  for (;;) {
    const stored = await bucket.shard(file, onBytes);
    try {
      const bytes = await unzipped(stored);
      const opened = open(bytes, count);
      await sameHash(bytes, sha256);
      bucket.confirm(file);
      return opened;
    } catch (cause) {
      if (await bucket.reject(file)) continue;
      const reason = reasonOf(cause);
      const message = `The bucket's shard ${file} is damaged: ${reason}. Try again to load it anew.`;
      throw new DigitlabError("bucket_corrupt", message, { file, reason }, { cause });
    }
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} expected
 */
async function sameHash(bytes, expected) {
  // Only pages that were loaded safely can hash; on others the headers and the size must do.
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== expected) throw new Error(`its SHA-256 is ${found.slice(0, 12)}… and should be ${expected.slice(0, 12)}…`);
}

/** @param {Uint8Array<ArrayBuffer>} stored */
async function unzipped(stored) {
  if (stored[0] !== 0x1f || stored[1] !== 0x8b) return stored;
  const stream = new Blob([stored]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} count
 */
function open(bytes, count) {
  const [positionsAt, picturesAt] = [8, 8 + 4 * count + 16];
  const size = picturesAt + count * PIXELS;
  if (bytes.length !== size) throw new Error(`it has ${bytes.length} bytes unpacked, ${size} were expected`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const right = view.getUint32(0) === HEADS.positions && view.getUint32(picturesAt - 16) === HEADS.pictures;
  if (!right || view.getUint32(4) !== count) throw new Error("its headers are not those of a shard");
  const positions = Uint32Array.from({ length: count }, (_, k) => view.getUint32(positionsAt + 4 * k));
  return { positions, pictures: bytes.subarray(picturesAt) };
}
