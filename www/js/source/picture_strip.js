import { paintThumbnail } from "./thumbnail.js";

const SIDE = 112;

/** @typedef {import("./types.js").SourcePicture} SourcePicture */

/** The pictures that are loaded, to choose one of them or to let one go. It shows when there is more than one. */
export class PictureStrip {
  #root;
  #chosen;
  #removed;
  #signal;
  /** @type {Map<SourcePicture, HTMLElement>} */
  #items = new Map();

  /**
   * @param {HTMLElement} root a list
   * @param {{ chosen: (picture: SourcePicture) => void, removed: (picture: SourcePicture) => void }} told
   * @param {AbortSignal} signal
   */
  constructor(root, { chosen, removed }, signal) {
    this.#root = root;
    this.#chosen = chosen;
    this.#removed = removed;
    this.#signal = signal;
  }

  /**
   * @param {readonly SourcePicture[]} pictures
   * @param {SourcePicture} current
   */
  show(pictures, current) {
    const kept = new Map(pictures.map((picture) => [picture, this.#items.get(picture) ?? this.#item(picture)]));
    const focused = [...this.#items].find(([, item]) => item.contains(document.activeElement));
    this.#items = kept;
    this.#root.hidden = pictures.length < 2;
    const items = [...kept.values()];
    // Written only when it differs: moving an element takes the focus from it.
    if (items.length !== this.#root.children.length || items.some((item, at) => item !== this.#root.children[at])) {
      this.#root.replaceChildren(...items);
    }
    for (const [picture, item] of kept) item.querySelector("button")?.setAttribute("aria-pressed", String(picture === current));
    if (!focused || focused[1].contains(document.activeElement)) return;
    (kept.get(focused[0]) ?? kept.get(current))?.querySelector("button")?.focus();
  }

  /** @param {SourcePicture} picture */
  #item(picture) {
    const item = document.createElement("li");
    item.className = "picture-source__item";
    const choose = document.createElement("button");
    choose.type = "button";
    choose.className = "picture-source__choice";
    choose.title = picture.name;
    choose.setAttribute("aria-label", picture.name);
    const canvas = document.createElement("canvas");
    canvas.className = "picture-source__small";
    paintThumbnail(canvas, picture.picture, SIDE);
    choose.append(canvas);
    choose.addEventListener("click", () => this.#chosen(picture), { signal: this.#signal });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "picture-source__remove";
    remove.title = "Remove";
    remove.setAttribute("aria-label", `Remove ${picture.name}`);
    remove.textContent = "×";
    remove.addEventListener("click", () => this.#removed(picture), { signal: this.#signal });
    item.append(choose, remove);
    return item;
  }
}
