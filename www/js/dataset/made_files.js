import { reasonOf } from "../lab/errors.js";
import { busy } from "../offline/busy.js";
import { element } from "../ui/elements.js";
import { copyText } from "../ui/clipboard.js";
import { bytes, count, counted } from "../ui/format.js";
import { icon, make } from "../ui/make.js";
import { ProgressBar } from "../ui/progress.js";
import { save } from "../ui/save.js";
import { chooseFolder, writeInto, writesFolders } from "./folders.js";

/** @typedef {import("./types.js").DatasetFile} DatasetFile */

/** More rows than this would only slow the page down. */
const MOST_ROWS = 500;

/** The files of a data set that is made: what they are, and ways to take them along. */
export class MadeFiles {
  #body = element("dataset-files", HTMLTableSectionElement);
  #note = element("dataset-files-note", HTMLElement);
  #error = element("dataset-save-error", HTMLElement);
  #all = element("dataset-save-all", HTMLButtonElement);
  #recipe = element("dataset-save-recipe", HTMLButtonElement);
  #progress;
  #toasts;
  #signal;
  /** @type {DatasetFile[]} */
  #files = [];
  #recipeText = "";

  /**
   * @param {import("../ui/toast.js").Toasts} toasts
   * @param {AbortSignal} signal
   */
  constructor(toasts, signal) {
    this.#toasts = toasts;
    this.#signal = signal;
    this.#progress = new ProgressBar(element("dataset-saving", HTMLElement), signal);
    this.#all.addEventListener("click", () => void this.#saveAll(), { signal });
    this.#recipe.addEventListener("click", () => this.#saveRecipe(), { signal });
  }

  /**
   * @param {DatasetFile[]} files
   * @param {{ recipe: object, folder: string }} made the folder's name, when they were written into one
   */
  show(files, { recipe, folder }) {
    this.#files = files;
    this.#recipeText = JSON.stringify(recipe, null, 2);
    this.#error.textContent = "";
    const here = files.filter(({ file }) => file);
    this.#all.hidden = !writesFolders() || here.length === 0;
    this.#body.replaceChildren(...files.slice(0, MOST_ROWS).map((file) => this.#row(file)));
    const more = files.length > MOST_ROWS ? `${count(files.length - MOST_ROWS)} more files are not listed. ` : "";
    const place = folder ? `They are in the folder “${folder}” that you chose.` : "They stay in this browser until you delete them.";
    this.#note.textContent = `${more}${place}`;
  }

  /** @param {DatasetFile} file */
  #row({ name, bytes: size, sha256, items, file }) {
    const short = `${sha256.slice(0, 12)}…`;
    const label = `${short} Copy the SHA-256 of ${name}`;
    const hash = make("button", { class: "files__hash", type: "button", title: `Copy ${sha256}`, "aria-label": label }, short);
    hash.addEventListener("click", () => this.#copy(sha256), { signal: this.#signal });
    const take = make("button", { class: "button button--small", type: "button", "aria-label": `Save ${name}` }, icon("download"), "Save");
    // With a type of its own, the browser leaves the name alone.
    const typed = (/** @type {File} */ whole) => whole.slice(0, whole.size, "application/octet-stream");
    if (file) take.addEventListener("click", () => save(typed(file), name.replaceAll("/", "-")), { signal: this.#signal });
    return make(
      "tr",
      { "data-name": name, "data-sha256": sha256 },
      make("th", { scope: "row", class: "files__name" }, name),
      make("td", { class: "files__items" }, items > 0 ? count(items) : "–"),
      make("td", {}, bytes(size)),
      make("td", {}, sha256 ? hash : "–"),
      make("td", {}, file ? take : ""),
    );
  }

  /** @param {string} text */
  #copy(text) {
    copyText(text).then(
      () => this.#toasts.show("SHA-256 copied."),
      (error) => this.#toasts.show(reasonOf(error), "error"),
    );
  }

  #saveRecipe() {
    const { file } = this.#files.find(({ name }) => /^recipe(-shard-\d+-of-\d+)?\.json$/.test(name)) ?? {};
    save(file ?? new Blob([this.#recipeText], { type: "application/json" }), "recipe.json");
  }

  async #saveAll() {
    const files = this.#files.flatMap(({ name, file }) => (file ? [{ name, file }] : []));
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    const stop = new AbortController();
    const over = busy("an export");
    this.#error.textContent = "";
    try {
      const folder = await chooseFolder();
      if (!folder) return;
      this.#progress.start("Saving", () => stop.abort());
      let done = 0;
      const onBytes = (/** @type {number} */ bytes) => this.#progress.update({ done: (done += bytes), total, unit: "bytes" }, "Saving");
      for (const { name, file } of files) await writeInto(folder, name, file, { signal: stop.signal, onBytes });
      this.#toasts.show(`Saved ${counted(files.length, "file")} to “${folder.name}”.`);
    } catch (error) {
      if (!stop.signal.aborted) this.#error.textContent = `Not all files were saved: ${reasonOf(error)}`;
    } finally {
      over();
      this.#progress.stop(this.#all);
    }
  }
}
