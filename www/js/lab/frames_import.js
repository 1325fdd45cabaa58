import { Ending } from "./ending.js";
import { DigitlabError } from "./errors.js";
import { openLog } from "./frames_source.js";
import { requestText } from "./request_text.js";
import { WorkerClient } from "./worker_client.js";

/** @typedef {import("./frames_library.js").ImportOptions} ImportOptions */
/** @typedef {import("./frames_library.js").ImageInfo} ImageInfo */

/** The most bytes that are handed over at once, and how often before an answer is waited for: who reads slowly is fed slowly. */
const PIECE = 2_000_000;
const AT_ONCE = 2;

/**
 * One import in a worker of its own. However it ends, the worker ends with it: that gives its lock free, by which
 * others see that nobody works on the draft any more.
 */
export class FramesImport {
  #options;
  #ending = new Ending();

  /** Whose the draft is, as soon as there may be one. */
  owner = "";

  /** @param {{ script: URL, module: () => Promise<WebAssembly.Module> }} options */
  constructor(options) {
    this.#options = options;
  }

  /** Ends it early. @param {DigitlabError} reason */
  end(reason) {
    this.#ending.end(reason);
  }

  /**
   * @param {import("./frames_library.js").ImportSource} source
   * @param {ImportOptions} options
   * @returns {Promise<ImageInfo>}
   */
  async run(source, { signal, onProgress, ...request }) {
    const ending = this.#ending;
    const cancel = () => ending.end(DigitlabError.aborted(/** @type {AbortSignal} */ (signal)));
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    /** @type {WorkerClient | undefined} */
    let client;
    /** @type {import("./frames_source.js").OpenedLog | undefined} */
    let log;
    try {
      if (ending.reason) throw ending.reason;
      log = await ending.race(openLog(source, ending.signal));
      const named = { ...request, name: request.name ?? log.name };
      client = new WorkerClient(this.#options.script, await ending.race(this.#options.module()));
      await ending.race(client.started);
      this.owner = freshOwner();
      await ending.race(client.call("beginImport", { owner: this.owner, request: requestText(named) }));
      await this.#feed(client, log, onProgress);
      const { info, memory } = await ending.race(client.call("finishImport"));
      const { bytes, rows_read } = info.report;
      onProgress?.({ done: bytes, total: bytes, unit: "bytes", rows: rows_read, memory });
      return info;
    } finally {
      signal?.removeEventListener("abort", cancel);
      log?.close();
      await client?.retire("letGo", ending.reason ?? new DigitlabError("closed", "This import is over."));
    }
  }

  /**
   * @param {WorkerClient} client
   * @param {import("./frames_source.js").OpenedLog} log
   * @param {ImportOptions["onProgress"]} onProgress
   */
  async #feed(client, log, onProgress) {
    const ending = this.#ending;
    /** @type {Set<Promise<void>>} */
    const flying = new Set();
    /** @type {Uint8Array[]} */
    let held = [];
    let size = 0;
    let done = 0;
    const send = () => {
      const bytes = joined(held, size);
      const length = size;
      held = [];
      size = 0;
      const answer = client.call("pushImport", { bytes }, { transfer: [bytes.buffer] }).then(({ rows, memory }) => {
        done += length;
        onProgress?.({ done, total: log.total && Math.max(log.total, done), unit: "bytes", rows, memory });
      });
      // Whatever is waited for at that moment, a failure ends it.
      const settled = answer
        .catch((error) => ending.end(error))
        .finally(() => {
          flying.delete(settled);
          // What has come meanwhile goes out together.
          if (size > 0 && !ending.reason) send();
        });
      flying.add(settled);
    };
    for (;;) {
      const piece = await ending.race(log.next());
      if (!piece) break;
      for (let at = 0; at < piece.length; at += PIECE) {
        const part = piece.subarray(at, at + PIECE);
        held.push(part);
        size += part.length;
        if (flying.size < AT_ONCE) send();
        while (size >= PIECE) await ending.race(Promise.race(flying));
      }
    }
    while (flying.size > 0) await ending.race(Promise.race(flying));
  }
}

/**
 * @param {Uint8Array[]} pieces
 * @param {number} size
 */
function joined(pieces, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A name that nobody else has, which begins with the time in milliseconds. */
function freshOwner() {
  const [a, b] = crypto.getRandomValues(new Uint32Array(2));
  return `${Date.now().toString(36)}-${a.toString(36)}${b.toString(36)}`;
}
