// Only static imports: a service worker has no others.
import { Changes } from "./changes.js";
import { Database, answer } from "./database.js";
import { DigitlabError, reasonOf } from "./errors.js";
import { checkedSettings } from "./model_settings.js";

/** @typedef {import("./models.js").ModelCard} ModelCard */
/** @typedef {import("./model_settings.js").ModelSettings} ModelSettings */
/** @typedef {"own" | "taught" | "trained"} OwnKind */

/**
 * @typedef {object} ModelToAdd
 * @property {Uint8Array | ArrayBuffer | Blob} bytes The ONNX file.
 * @property {string} title What people call it.
 * @property {string} [name] What addresses, the log and programs call it; made of the title when left out.
 * @property {OwnKind} [kind] A file of somebody's own, one that was taught here, or one that was trained here; `own` when left out.
 * @property {Partial<ModelCard>} [card] What else is known of it; it can be put through structured clone.
 * @property {ModelSettings} [settings] How it wants its pictures; as MNIST has them, 0 to 1, when left out.
 * @property {boolean} [replace] Whether a model of the user's that has the name gives way; otherwise it is an error.
 *
 * @typedef {{ kind: "added" | "renamed" | "deleted", name: string } | { kind: "chosen", name: string | null }} ModelChange
 */

const NAME = "digitlab-models";
const ALL = ["cards", "files", "state"];
/** As many as the engine reads. */
const MOST_MODEL_BYTES = 64 * 2 ** 20;
const MOST_TITLE = 60;
const MOST_NAME = 48;

/** Models that users have brought, taught or trained, kept in this browser: on a page, in a worker, in a service worker. */
export class OwnModels {
  #database = new Database({ name: NAME, version: 1, title: "The storage for your models", upgrade });
  /** @type {Changes<ModelChange>} */
  #changes = new Changes(NAME);

  /**
   * The cards, the oldest first.
   *
   * @returns {Promise<ModelCard[]>}
   */
  async list() {
    const cards = await this.#database.read(["cards"], (transaction) => answer(transaction.objectStore("cards").getAll()));
    return cards.sort((a, b) => (a.added < b.added ? -1 : 1));
  }

  /**
   * @param {string} name
   * @returns {Promise<ModelCard | undefined>}
   */
  async card(name) {
    return this.#database.read(["cards"], (transaction) => answer(transaction.objectStore("cards").get(name)));
  }

  /**
   * The ONNX file of a model, byte by byte as it was added.
   *
   * @param {string} name
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async bytes(name) {
    const bytes = await this.#database.read(["files"], (transaction) => answer(transaction.objectStore("files").get(name)));
    if (!bytes) throw unknown(name);
    return new Uint8Array(bytes);
  }

  /**
   * Keeps a model, all of it or nothing.
   *
   * @param {ModelToAdd} model
   * @param {Iterable<string>} [taken] Names that other models have.
   * @returns {Promise<ModelCard>}
   */
  async add({ bytes: given, title, name, kind = "own", card = {}, settings, replace = false }, taken = []) {
    const bytes = await modelBytes(given);
    const own = {
      ...card,
      title: checkedTitle(title),
      kind: checkedKind(kind),
      bytes: bytes.byteLength,
      sha256: await sha256(bytes),
      normalisation: checkedSettings(settings ?? card.normalisation),
      added: new Date().toISOString(),
      // Other bytes or settings under the same name are another model to whoever has it loaded.
      id: crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36) ?? "",
    };
    const wanted = name === undefined ? null : checkedName(name);
    const stored = await this.#database.write(ALL, async (transaction) => {
      const cards = transaction.objectStore("cards");
      const there = /** @type {string[]} */ (await answer(cards.getAllKeys()));
      const names = new Set([...taken, ...there]);
      if (wanted !== null && names.has(wanted) && !(replace && there.includes(wanted))) {
        const allowed = "a name that no other model has";
        throw new DigitlabError("invalid_parameter", `name is ${wanted}, which another model has; allowed: ${allowed}.`, { field: "name", value: wanted, allowed });
      }
      const free = wanted ?? freeName(own.kind, own.title, names);
      const full = /** @type {ModelCard} */ ({ ...own, name: free, file: `${free}.onnx` });
      cards.put(full);
      await answer(transaction.objectStore("files").put(bytes, free));
      return full;
    });
    this.#changes.tell({ kind: "added", name: stored.name });
    return stored;
  }

  /**
   * Gives a model another title; its name stays, so that addresses and the log still mean it.
   *
   * @param {string} name
   * @param {string} title
   * @returns {Promise<ModelCard>}
   */
  async rename(name, title) {
    return this.#change(name, { title: checkedTitle(title) });
  }

  /**
   * Deletes a model. Where it was chosen, the default is from now on.
   *
   * @param {string} name
   */
  async delete(name) {
    await this.#database.write(ALL, async (transaction) => {
      const cards = transaction.objectStore("cards");
      if ((await answer(cards.getKey(name))) === undefined) throw unknown(name);
      cards.delete(name);
      transaction.objectStore("files").delete(name);
      const state = transaction.objectStore("state");
      if ((await answer(state.get("chosen"))) === name) await answer(state.delete("chosen"));
    });
    this.#changes.tell({ kind: "deleted", name });
  }

  /**
   * The name of the model that answers where none is asked for by name, as in the routes; null is the site's default.
   *
   * @returns {Promise<string | null>}
   */
  async chosen() {
    return this.#database.read(["state"], async (transaction) => {
      /** @type {string | undefined} */
      const name = await answer(transaction.objectStore("state").get("chosen"));
      return name ?? null;
    });
  }

  /** @param {string | null} name null goes back to the site's default. */
  async choose(name) {
    await this.#database.write(["state"], async (transaction) => {
      const state = transaction.objectStore("state");
      await (name === null ? answer(state.delete("chosen")) : answer(state.put(name, "chosen")));
    });
    this.#changes.tell({ kind: "chosen", name });
  }

  /**
   * Tells of every change, whoever makes it: this page, another tab, a worker.
   *
   * @param {(change: ModelChange) => void} listener
   * @param {AbortSignal} [signal]
   */
  subscribe(listener, signal) {
    this.#changes.subscribe(listener, signal);
  }

  /** Deletes all models of the user, even when they cannot be read any more. */
  async reset() {
    await this.#database.remove();
    this.#changes.tell({ kind: "chosen", name: null });
  }

  /** Lets go of the database and of the other tabs. */
  close() {
    this.#changes.close();
    this.#database.close();
  }

  /**
   * @param {string} name
   * @param {Partial<ModelCard>} change
   */
  async #change(name, change) {
    const card = await this.#database.write(["cards"], async (transaction) => {
      const cards = transaction.objectStore("cards");
      const found = /** @type {ModelCard | undefined} */ (await answer(cards.get(name)));
      if (!found) throw unknown(name);
      const changed = { ...found, ...change };
      await answer(cards.put(changed));
      return changed;
    });
    this.#changes.tell({ kind: "renamed", name });
    return card;
  }
}

/**
 * The bytes of a model's file, refused unread when they are too many.
 *
 * @param {unknown} given
 * @returns {Promise<ArrayBuffer>} a copy
 */
export async function modelBytes(given) {
  const size = given instanceof Blob ? given.size : given instanceof ArrayBuffer || ArrayBuffer.isView(given) ? given.byteLength : null;
  if (size === null) {
    const [value, allowed] = [String(given).slice(0, 60), "an ONNX file as a File, a Blob, an ArrayBuffer or a Uint8Array"];
    throw DigitlabError.invalid("bytes", value, allowed);
  }
  if (size > MOST_MODEL_BYTES) {
    const [value, allowed] = [`${size} bytes`, `${MOST_MODEL_BYTES} bytes`];
    throw new DigitlabError("limit_exceeded", `The model's file is ${value}; the limit is ${allowed}.`, { field: "bytes", value, allowed });
  }
  try {
    if (given instanceof Blob) return await given.arrayBuffer();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new DigitlabError("invalid_file", `The model's file cannot be read: ${reason}.`, { reason }, { cause });
  }
  if (given instanceof ArrayBuffer) return given.slice(0);
  const view = /** @type {ArrayBufferView} */ (given);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer;
}

/** @param {unknown} title */
function checkedTitle(title) {
  const text = typeof title === "string" ? title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim() : "";
  if (text && [...text].length <= MOST_TITLE) return text;
  const [value, allowed] = [typeof title === "string" ? `"${title.slice(0, 60)}"` : String(title), `a text of 1 to ${MOST_TITLE} characters`];
  throw DigitlabError.invalid("title", value, allowed);
}

/** @param {unknown} name */
function checkedName(name) {
  if (typeof name === "string" && name.length <= MOST_NAME && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return name;
  const value = String(name).slice(0, 60);
  const allowed = `small letters, digits and single hyphens between them, at most ${MOST_NAME} characters`;
  throw DigitlabError.invalid("name", value, allowed);
}

/** @param {unknown} kind @returns {OwnKind} */
function checkedKind(kind) {
  if (kind === "own" || kind === "taught" || kind === "trained") return kind;
  const [value, allowed] = [String(kind).slice(0, 60), "own, taught, trained"];
  throw DigitlabError.invalid("kind", value, allowed);
}

/**
 * A name that no model has. It begins with the kind, which the site's own names never do.
 *
 * @param {OwnKind} kind
 * @param {string} title
 * @param {Set<string>} taken
 */
function freeName(kind, title, taken) {
  const plain = title.normalize("NFKD").toLowerCase();
  const words = plain.replaceAll(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? [];
  const base = [kind, ...words].join("-").slice(0, MOST_NAME - 8).replace(/-+$/, "");
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  return name;
}

/**
 * As hexadecimal text; empty where the browser gives no such thing to pages that were not loaded safely.
 *
 * @param {ArrayBuffer} bytes
 */
async function sha256(bytes) {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", bytes);
  return digest ? Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") : "";
}

/** @param {string} name */
function unknown(name) {
  const [value, allowed] = [String(name).slice(0, 60), "the name of a model that you have added"];
  return new DigitlabError("invalid_parameter", `name is ${value}, and no such model of yours is here; allowed: ${allowed}.`, { field: "name", value, allowed });
}

/** @param {IDBDatabase} database */
function upgrade(database) {
  database.createObjectStore("cards", { keyPath: "name" });
  // Apart, so that listing the cards does not read the files.
  database.createObjectStore("files");
  database.createObjectStore("state");
}
