import { reasonOf } from "../lab/errors.js";
import { element, hideFrom } from "../ui/elements.js";
import { counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { percent } from "../ui/percent.js";
import { ProgressBar } from "../ui/progress.js";
import { saysInWords } from "./says_words.js";

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("./wall_tile.js").WallTile} WallTile */
/** @typedef {import("../lab/held_picture.js").HeldPicture} HeldPicture */

/** How many variants are asked about at a time: enough for all workers. */
const AT_ONCE = 4;

/** The model's answers on the wall: asked for tiles in sight, one after the other, until the wall changes. */
export class WallSays {
  #text = element("augment-says-text", HTMLElement);
  #trouble = element("augment-says-trouble", HTMLElement);
  #error = element("augment-says-error", HTMLElement);
  #row = element("augment-says", HTMLElement);
  #progress;
  #says;
  #latest = new Latest();
  #status;
  #retry = () => {};
  /** What could not be asked about. @type {{ jobs: readonly Job[], model: string } | null} */
  #failed = null;

  /**
   * @param {{ says: import("./model_says.js").ModelSays, status: import("../ui/status.js").Status }} options
   * @param {AbortSignal} signal
   */
  constructor({ says, status }, signal) {
    this.#says = says;
    this.#status = status;
    this.#progress = new ProgressBar(element("augment-says-progress", HTMLElement), signal);
    element("augment-says-retry", HTMLButtonElement).addEventListener("click", () => this.#retry(), { signal });
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /** Ends what is being asked. What is said already stays until its tile shows something else. */
  pause() {
    this.#latest.cancel();
    this.#progress.stop(this.#row);
    if (this.#row.dataset.state === "busy") this.#row.dataset.state = "paused";
  }

  /**
   * Says what the model reads in the tiles that are drawn and in sight; nothing when it is switched off.
   * What failed stays said until it is tried again, or something else is asked.
   *
   * @param {HeldPicture} held
   * @param {readonly Job[]} jobs
   * @param {readonly WallTile[]} tiles
   */
  async tell(held, jobs, tiles) {
    this.pause();
    const { on, model } = this.#says;
    this.#retry = () => {
      this.#failed = null;
      void this.tell(held, jobs, tiles);
    };
    if (on && this.#failed?.jobs === jobs && this.#failed.model === model) return;
    this.#failed = null;
    this.#row.toggleAttribute("data-on", on);
    hideFrom(this.#trouble, this.#row);
    if (!on) {
      for (const tile of tiles) tile.says = null;
      this.#text.textContent = "";
      this.#row.dataset.state = "off";
      return;
    }
    this.#row.dataset.state = "busy";
    this.#progress.start("Asking the model …", () => this.#says.turn(false));
    try {
      await this.#latest.run((signal) => this.#ask({ held, jobs, tiles, model, signal }));
    } catch (error) {
      this.#failed = { jobs, model };
      this.#error.textContent = reasonOf(error);
      this.#row.dataset.state = "error";
      this.#trouble.hidden = false;
      this.#text.textContent = "";
    } finally {
      if (this.#row.dataset.state !== "busy") this.#progress.stop(this.#row);
    }
  }

  /** @param {{ held: HeldPicture, jobs: readonly Job[], tiles: readonly WallTile[], model: string, signal: AbortSignal }} asked */
  async #ask({ held, jobs, tiles, model, signal }) {
    const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
      if (!signal.aborted && progress.unit === "bytes") this.#progress.update(progress, "Loading the model");
    };
    const original = await this.#says.original(held, onProgress);
    /** Tiles that are being asked about. @type {Set<WallTile>} */
    const asked = new Set();
    const isDue = (/** @type {WallTile} */ tile) => tile.near && tile.variant !== null && tile.says?.model !== model && !asked.has(tile);
    const work = async () => {
      for (;;) {
        const at = tiles.findIndex(isDue);
        const [tile, job] = [tiles[at], jobs[at]];
        if (!tile || !job || signal.aborted) return;
        asked.add(tile);
        const said = await this.#says.ask(held, job, { signal, onProgress });
        if (signal.aborted) return;
        // Meanwhile it may have been given something else to show.
        if (tile.variant?.job === job) tile.says = { model, ...saysInWords(said, original) };
        const done = tiles.filter(({ says }) => says?.model === model).length;
        const total = tiles.filter(({ variant }) => variant !== null).length;
        this.#progress.update({ done, total, unit: "variants" }, "Asking the model");
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (signal.aborted) return;
    const said = tiles.filter(({ says }) => says?.model === model);
    // None is in sight yet: when one is, this is asked again.
    if (said.length === 0) {
      this.#row.dataset.state = "paused";
      return;
    }
    const changed = said.filter(({ says }) => says?.changed).length;
    const first = original.text ? `The original is read as ${original.text}, ${percent(original.probability)}.` : "The original has no ink to read.";
    const rest = `${changed === 0 ? "None" : changed} of ${counted(said.length, "variant")} ${changed < 2 ? "is" : "are"} read differently.`;
    this.#text.textContent = `${first} ${rest}`;
    this.#row.dataset.state = "done";
    this.#status.say(`${first} ${rest}`, 500);
  }
}
