const FOLDER = new URL("../../samples/", import.meta.url);

/**
 * @typedef {object} Sample A picture to try things on, as `samples.json` lists it.
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string} file
 * @property {string} thumbnail
 * @property {string} licence
 * @property {string} attribution
 * @property {string[]} places where it is offered
 */

/** The pictures that the site brings along. */
export class Samples {
  #place;
  /** @type {Promise<Sample[]> | null} */
  #list = null;

  /** @param {string} place which offers them */
  constructor(place) {
    this.#place = place;
  }

  /** Those of the place. @returns {Promise<Sample[]>} */
  list() {
    this.#list ??= load(this.#place).catch((error) => {
      // The next one to ask tries anew.
      this.#list = null;
      throw error;
    });
    return this.#list;
  }

  /**
   * The one of a name, and where it lies.
   *
   * @param {string} name
   */
  async find(name) {
    const list = await this.list();
    const sample = list.find((candidate) => candidate.name === name);
    if (!sample) throw new Error(`sample is "${name.slice(0, 60)}"; allowed: ${list.map((each) => each.name).join(", ")}.`);
    return { sample, url: new URL(sample.file, FOLDER) };
  }

  /**
   * A button for each.
   *
   * @param {HTMLElement} root a list
   * @param {(name: string) => void} chosen
   * @param {AbortSignal} signal
   */
  async show(root, chosen, signal) {
    const list = await this.list();
    root.replaceChildren(
      ...list.map(({ name, title, about, thumbnail, licence, attribution }) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "picture-source__sample";
        button.dataset.sample = name;
        button.title = `${about} ${attribution}, ${licence}.`;
        const picture = document.createElement("img");
        picture.src = new URL(thumbnail, FOLDER).href;
        picture.alt = "";
        picture.width = picture.height = 72;
        const words = document.createElement("span");
        words.textContent = title;
        button.append(picture, words);
        button.addEventListener("click", () => chosen(name), { signal });
        item.append(button);
        return item;
      }),
    );
  }
}

/**
 * @param {string} place
 * @returns {Promise<Sample[]>}
 */
async function load(place) {
  const response = await fetch(new URL("samples.json", FOLDER));
  if (!response.ok) {
    throw new Error(`The samples could not be loaded: the server answered with status ${response.status}. Reload the page.`);
  }
  /** @type {{ samples: Sample[] }} */
  const { samples } = await response.json();
  return samples.filter(({ places }) => places.includes(place));
}
