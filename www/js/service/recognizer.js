import init, * as first from "../../reader.js";
// @ts-expect-error The same once more, for after a fault: a service worker may load no code later, and the type checker knows no queries.
import initSpare, * as spare from "../../reader.js?spare";
import { DigitlabError } from "../lab/errors.js";
import { Models } from "../lab/models.js";

/** @typedef {import("../../routes.js").RoutePicture} RoutePicture */

/** @type {{ start: typeof init, reader: typeof first }[]} */
const RUNTIMES = [
  { start: init, reader: first },
  { start: initSpare, reader: spare },
];

/** Reads digits in the service worker, which has no workers of its own. The model is the first of the list. */
export class Recognizer {
  #models;
  #module;
  /** Which of the runtimes is in use. */
  #at = 0;
  /** @type {Promise<{ model: import("../../reader.js").Reader, name: string }> | undefined} */
  #loading;

  /**
   * @param {URL} models
   * @param {{ module: () => Promise<WebAssembly.Module>, load: typeof import("../lab/download.js").download }} from
   */
  constructor(models, { module, load }) {
    this.#models = new Models(models, load);
    this.#module = module;
  }

  /** @param {RoutePicture} picture */
  async classify({ width, height, channels, data }) {
    const { model, name } = await this.#loaded();
    const begun = performance.now();
    try {
      const answer = /** @type {{ digit: number, probabilities: number[], seen: Uint8Array }} */ (
        /** @type {unknown} */ (model.classify(width, height, channels, data, false))
      );
      return { digit: answer.digit, probabilities: answer.probabilities, seen: answer.seen, model: name, elapsed: performance.now() - begun };
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
      // What has failed like that is not to be trusted any more.
      this.#at = (this.#at + 1) % RUNTIMES.length;
      this.#loading = undefined;
      const reason = error.message;
      throw new DigitlabError("crashed", `The module that reads digits stopped by a fault of its own (${reason}). Try again.`, { reason }, { cause: error });
    }
  }

  #loaded() {
    this.#loading ??= this.#load().catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load() {
    const { start, reader } = /** @type {typeof RUNTIMES[number]} */ (RUNTIMES[this.#at]);
    const [module, cards] = await Promise.all([this.#module(), this.#models.cards()]);
    const card = cards.find(({ name }) => name === "default") ?? cards[0];
    if (!card) throw new DigitlabError("model_missing", "This site carries no models.");
    await start({ module_or_path: module });
    for (;;) {
      const bytes = await this.#models.bytes(card);
      const found = reader.sha256(bytes);
      if (found === card.sha256) {
        void this.#models.confirm(card);
        return { model: new reader.Reader(card.file, bytes), name: card.name };
      }
      if (await this.#models.reject(card)) continue;
      const message = `The model's file ${card.file} is damaged, also when it is loaded anew.`;
      throw new DigitlabError("model_corrupt", message, { file: card.file, expected: card.sha256, found });
    }
  }
}
