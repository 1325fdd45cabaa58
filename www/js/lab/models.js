import { download } from "./download.js";
import { DigitlabError, reasonOf } from "./errors.js";

/**
 * @typedef {object} Figures How often a model was right.
 * @property {number} pictures
 * @property {number} right
 * @property {number} accuracy
 * @property {number[]} by_class
 *
 * @typedef {{ name: string, type: string, shape: (number | string)[] }} Port What goes into a model, or comes out.
 *
 * @typedef {object} ModelCard What is known of a model. The site's own have all of it.
 * @property {string} name
 * @property {string} title
 * @property {"shipped" | "own" | "taught" | "trained"} kind Whether the site carries it, or the user has brought, taught or trained it.
 * @property {string} file
 * @property {number} bytes
 * @property {string} sha256
 * @property {number} [parameters]
 * @property {number} [macs] Multiplications with addition for an answer.
 * @property {Port} [input]
 * @property {Port & { kind: string }} [output]
 * @property {{ validation?: Figures, test?: Figures }} [accuracy]
 * @property {{ pictures: number, right: number, accuracy: number }} [tried] How it did on known digits when it was added.
 * @property {import("./model_settings.js").ModelSettings} [normalisation] How it wants its pictures.
 * @property {import("./model_inspection.js").Description} [description] What its file says of itself.
 * @property {Record<string, unknown>} [training]
 * @property {unknown} [licence]
 * @property {string} [added] When the user has added it (ISO 8601).
 * @property {string} [id] Another one for other bytes or settings under the same name.
 */

/** Model files that were checked, kept between visits. Absent where the page has no right to it. */
const CACHE = "digitlab-models";
const MANIFEST = "models.json";

/** The models that the site carries, and their files: each is loaded once, however many ask for it. */
export class Models {
  #base;
  #download;
  /** @type {Promise<ModelCard[]> | undefined} */
  #cards;
  /** @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
  #files = new Map();
  /** @type {Map<string, Set<(bytes: number) => void>>} */
  #listeners = new Map();
  /** Files that came from the network in this visit and are not kept yet. @type {Set<string>} */
  #fresh = new Set();
  /** Files that were damaged and are loaded past every cache. @type {Set<string>} */
  #suspect = new Set();

  /**
   * @param {URL} base The folder with the manifest; it ends with a slash.
   * @param {typeof download} [from] How files are loaded.
   */
  constructor(base, from = download) {
    this.#base = base;
    this.#download = from;
  }

  /** Every model's card. */
  cards() {
    this.#cards ??= this.#loadCards().catch((error) => {
      this.#cards = undefined;
      throw error;
    });
    return this.#cards;
  }

  /**
   * The bytes of a model's file.
   * @param {ModelCard} card
   * @param {(bytes: number) => void} [onBytes] Told of every piece that arrives.
   */
  async bytes(card, onBytes = () => {}) {
    const { file } = card;
    const listeners = this.#listeners.get(file) ?? new Set();
    this.#listeners.set(file, listeners.add(onBytes));
    try {
      let loading = this.#files.get(file);
      if (!loading) {
        loading = this.#load(card, (bytes) => listeners.forEach((listener) => listener(bytes)));
        this.#files.set(file, loading);
      }
      return await loading;
    } catch (error) {
      // The next one to ask tries anew.
      this.#files.delete(file);
      throw error;
    } finally {
      listeners.delete(onBytes);
    }
  }

  /**
   * Says that a file was found to be right: it is kept for the next visit.
   * @param {ModelCard} card
   */
  async confirm(card) {
    this.#suspect.delete(card.file);
    if (!this.#fresh.delete(card.file)) return;
    try {
      const [cache, bytes] = await Promise.all([openCache(), this.#files.get(card.file)]);
      if (!cache || !bytes) return;
      await cache.put(this.#key(card), new Response(bytes));
      // What an older version of the site has left behind.
      const [keys, cards] = await Promise.all([cache.keys(), this.cards()]);
      const current = new Set(cards.map((card) => this.#key(card).href));
      await Promise.all(keys.filter(({ url }) => this.#isOurs(url) && !current.has(url)).map((key) => cache.delete(key)));
    } catch {
      // A full or forbidden cache costs a download next time, nothing else.
    }
  }

  /**
   * Says that a file was found to be damaged.
   * @param {ModelCard} card
   * @returns {Promise<boolean>} whether loading it again at once may help: it may have been an old or broken copy
   */
  async reject(card) {
    this.#files.delete(card.file);
    this.#fresh.delete(card.file);
    const cache = await openCache();
    await cache?.delete(this.#key(card)).catch(() => false);
    const again = !this.#suspect.has(card.file);
    if (again) this.#suspect.add(card.file);
    // The next attempt, when somebody asks for one, may try twice again.
    else this.#suspect.delete(card.file);
    return again;
  }

  /**
   * Where a file is kept: by its content, so that a new version is another entry.
   * @param {ModelCard} card
   */
  #key({ file, sha256 }) {
    const url = new URL(file, this.#base);
    url.searchParams.set("sha256", sha256);
    return url;
  }

  /** @param {string} url */
  #isOurs(url) {
    return url.startsWith(this.#base.href);
  }

  /** @returns {Promise<ModelCard[]>} */
  async #loadCards() {
    const url = new URL(MANIFEST, this.#base);
    const bytes = await this.#download(url, { what: "The list of models", missing: "model_missing", cache: "no-cache" });
    try {
      const { format, models } = JSON.parse(new TextDecoder().decode(bytes));
      if (format !== 1 || !Array.isArray(models)) throw new Error("it has another format than this version reads");
      return models.map((card) => ({ ...card, kind: "shipped" }));
    } catch (cause) {
      const reason = reasonOf(cause);
      throw corrupt(MANIFEST, reason, {}, cause);
    }
  }

  /**
   * @param {ModelCard} card
   * @param {(bytes: number) => void} onBytes
   */
  async #load(card, onBytes) {
    const suspect = this.#suspect.has(card.file);
    const kept = suspect ? undefined : await (await openCache())?.match(this.#key(card)).catch(() => undefined);
    if (kept) {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      onBytes(bytes.length);
      return bytes;
    }
    const bytes = await this.#download(new URL(card.file, this.#base), {
      what: `The model's file ${card.file}`,
      missing: "model_missing",
      cache: suspect ? "reload" : "default",
      onBytes,
    });
    this.#fresh.add(card.file);
    return bytes;
  }
}

/**
 * A file of models that is damaged.
 * @param {string} file
 * @param {string} reason
 * @param {{ expected?: string, found?: string }} parts
 * @param {unknown} cause
 */
function corrupt(file, reason, parts, cause) {
  const message = `The model's file ${file} is damaged: ${reason.replace(/\.$/, "")}. Try again to load it anew.`;
  return new DigitlabError("model_corrupt", message, { file, reason, ...parts }, { cause });
}

/** The cache of model files; absent on pages that were not loaded safely, or where it is switched off. */
async function openCache() {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
}
