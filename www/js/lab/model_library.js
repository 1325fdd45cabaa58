// Only static imports: a service worker has no others.
import { DigitlabError, reasonOf } from "./errors.js";
import { Models } from "./models.js";
import { OwnModels } from "./own_models.js";

/** @typedef {import("./models.js").ModelCard} ModelCard */

/** Every model there is: those that the site carries, and those of the user. */
export class ModelLibrary {
  #shipped;
  #own = new OwnModels();

  /** @param {URL} base The folder with the site's models; it ends with a slash. */
  constructor(base) {
    this.#shipped = new Models(base);
  }

  /** The models of the user. */
  get own() {
    return this.#own;
  }

  /**
   * Every model's card, the site's first.
   * @param {(warning: string) => void} [onWarning] Told when the user's own cannot be listed; without it that is an error.
   * @returns {Promise<ModelCard[]>}
   */
  async cards(onWarning) {
    const own = this.#own.list().catch((error) => {
      if (!onWarning) throw error;
      onWarning(reasonOf(error));
      return [];
    });
    // Whichever fails first is told; the other must not fail unheard.
    own.catch(() => {});
    const shipped = await this.#shipped.cards();
    return [...shipped, ...(await own)];
  }

  /** The names of the site's models. */
  async shippedNames() {
    return (await this.#shipped.cards()).map(({ name }) => name);
  }

  /**
   * @param {string} name
   * @returns {Promise<ModelCard>}
   */
  async card(name) {
    // The site's own need no database, which may be shut.
    const shipped = (await this.#shipped.cards()).find((card) => card.name === name);
    const card = shipped ?? (await this.#own.card(String(name)));
    if (card) return card;
    const [value, allowed] = [String(name).slice(0, 60), (await this.cards()).map((card) => card.name).join(", ")];
    throw DigitlabError.invalid("model", value, allowed);
  }

  /**
   * The bytes of a model's file.
   * @param {ModelCard} card
   * @param {(bytes: number) => void} [onBytes] Told of every piece that arrives.
   */
  async bytes(card, onBytes) {
    if (card.kind === "shipped") return this.#shipped.bytes(card, onBytes);
    const bytes = await this.#own.bytes(card.name);
    onBytes?.(bytes.length);
    return bytes;
  }

  /**
   * Says that a file was found to be right.
   * @param {ModelCard} card
   */
  async confirm(card) {
    if (card.kind === "shipped") await this.#shipped.confirm(card);
  }

  /**
   * Says that a file was found to be damaged.
   * @param {ModelCard} card
   * @returns {Promise<boolean>} whether loading it again at once may help
   */
  async reject(card) {
    return card.kind === "shipped" && this.#shipped.reject(card);
  }

  close() {
    this.#own.close();
  }
}

/**
 * What whoever has loaded a model calls it: another file under the same name is another model.
 * @param {ModelCard} card
 */
export const keyOf = ({ name, id }) => (id === undefined ? name : `${name}@${id}`);
