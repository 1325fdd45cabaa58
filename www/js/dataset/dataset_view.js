import { reasonOf } from "../lab/errors.js";
import { askToPersist } from "../storage/ask_to_persist.js";
import { Ask } from "../ui/ask.js";
import { copyLink } from "../ui/copy_link.js";
import { element } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { KeptAddress } from "../ui/kept_address.js";
import { Latest } from "../ui/latest.js";
import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { fromQuery, toQuery } from "./dataset_address.js";
import { Destination } from "./destination.js";
import { takeDropped } from "./file_drop.js";
import { FirstItems } from "./first_items.js";
import { chooseFolder, writesFolders } from "./folders.js";
import { KeptList } from "./kept_list.js";
import { readRecipe } from "./recipe_file.js";
import { RecipeForm } from "./recipe_form.js";
import { LOOK, toState } from "./recipe_state.js";
import { RunCard } from "./run_card.js";

/** @typedef {import("./types.js").KeptDataset} KeptDataset */
/** @typedef {import("./types.js").DatasetProgress} DatasetProgress */
/** @typedef {import("../lab/dataset/job.js").DatasetJob} DatasetJob */
/** @typedef {{ job: DatasetJob | null, since: number, cancelled: boolean, ending: Promise<unknown> | null }} Working */

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 */

/** Where the last recipe is kept for the next visit. */
const LAST = "dataset";
/** A large file of numbers is not looked through with every letter that is typed. */
const LARGE = { bytes: 1_000_000, delay: 500 };
/** How many items are shown before all are made, and how many of their numbers are named beside the form. */
const SHOWN = 12;
const NAMED = 6;
/** More than this is not thrown away without a question. */
const MUCH = { items: 5_000, seconds: 10 };

/** The Data set page: labelled pictures by the million, written into files that trainers read. */
export class DatasetView {
  #shell;
  #root = element("dataset", HTMLElement);
  #go = element("dataset-go", HTMLButtonElement);
  #error = element("dataset-error", HTMLElement);
  #parts = /** @type {HTMLFieldSetElement[]} */ ([...document.querySelectorAll("fieldset.dataset__part")]);
  #form;
  #items = new FirstItems(element("dataset-items", HTMLElement));
  #run;
  #kept;
  #ask;
  #where;
  #latest = new Latest();
  #looking = 0;
  #address;
  #opened = false;
  #described = false;
  /** Whether the form asks for something that can be made. */
  #right = false;
  /** What is still to be given, and is not said before somebody wants to begin. @type {unknown} */
  #lacking = null;
  /** While one is made. @type {Working | null} */
  #working = null;
  /** The data set that the card shows. @type {KeptDataset | { id: string } | null} */
  #shown = null;
  /** Whether the folder of the data set that the card shows has to be chosen anew. */
  #lost = false;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#address = new KeptAddress(() => this.#keep(), signal);
    const { lab, settings, status, toasts } = shell;
    this.#form = new RecipeForm({ drawSeed: () => lab.randomSeed(), edited: () => this.#edited() }, signal);
    this.#ask = new Ask("dataset-ask", signal);
    this.#where = new Destination(settings, () => this.#edited(), signal);
    this.#run = new RunCard({ status, toasts, act: (action) => void this.#act(action) }, signal);
    this.#kept = new KeptList((action, kept) => void this.#actOnKept(action, kept), this.#go, signal);
    settings.bindPanel(element("dataset-more", HTMLDetailsElement), signal);
    if (!writesFolders()) {
      element("dataset-format-png-folder", HTMLInputElement).disabled = true;
      element("dataset-format-folder-text", HTMLElement).textContent = "This browser lets no page write into folders; a zip holds the same.";
    }
    const file = element("dataset-recipe-file", HTMLInputElement);
    const chosen = () => {
      const recipe = file.files?.[0];
      if (recipe) void this.takeFile(recipe);
      file.value = "";
    };
    file.addEventListener("change", chosen, { signal });
    takeDropped(this.#root, (dropped) => void this.takeFile(dropped), signal);
    /** @type {[string, () => unknown][]} */
    const buttons = [
      ["dataset-go", () => this.#start()],
      ["dataset-link", () => this.#copyLink()],
      ["dataset-open-recipe", () => file.click()],
    ];
    for (const [id, press] of buttons) element(id, HTMLButtonElement).addEventListener("click", press, { signal });
  }

  /**
   * Shows what an address asks for; an empty one brings back the recipe of the last time.
   *
   * @param {string} query
   */
  async open(query) {
    const first = !this.#opened;
    this.#opened = true;
    if (!this.#working) {
      const reloaded = first ? recallReloaded(LAST) : null;
      const kept = recall(LAST) ?? "";
      if (reloaded !== null) this.#fill(reloaded);
      else if (first) this.#fill(kept);
      // Long lists of numbers are kept here, and left out of addresses.
      if (reloaded === null && query && query !== this.#query.query) this.#fill(query);
    }
    this.#edited();
    await this.#describe();
    await this.#list(first);
  }

  /** @param {string} query */
  #fill(query) {
    const { file, ...state } = fromQuery(query);
    this.#form.state = state;
    if (file && file !== this.#form.file?.name) this.#form.file = { name: file };
  }

  /**
   * A recipe fills the form; any other file is one of numbers.
   *
   * @param {File} file
   */
  async takeFile(file) {
    if (this.#working) return;
    this.#error.textContent = "";
    if (!/\.json$/i.test(file.name) && file.type !== "application/json") return this.#form.takeNumbers(file);
    try {
      const given = await readRecipe(file);
      const recipe = await this.#shell.lab.datasets.check(/** @type {import("./types.js").Recipe} */ (given));
      const { state, file: numbers } = toState(/** @type {Record<string, unknown>} */ (recipe));
      this.#form.state = state;
      this.#form.file = numbers;
      this.#edited();
      this.#shell.toasts.show(`The form shows the recipe of “${state.name ?? file.name}”.`);
    } catch (error) {
      this.#error.textContent = reasonOf(error);
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  #edited() {
    this.#address.soon();
    this.#where.needsFolder = this.#form.format === "png-folder";
    const { items } = this.#form;
    if (!this.#working) this.#go.textContent = items === null ? "Make the data set" : `Make ${counted(items, "item")}`;
    clearTimeout(this.#looking);
    this.#items.stale = true;
    const large = (this.#form.numbers?.size ?? 0) > LARGE.bytes;
    if (large) this.#looking = setTimeout(() => void this.#look(), LARGE.delay);
    else void this.#look();
  }

  /** Shows the first items of what the form says, or what is wrong with it. */
  async #look() {
    try {
      const { recipe, numbers } = this.#form;
      const seen = await this.#latest.run(async (signal) => {
        const { lab } = this.#shell;
        const found = await lab.datasets.preview(recipe, { count: SHOWN, ...(numbers ? { numbers } : {}) });
        const pictures = found.items.map((item) => lab.generate(requestOf(found.recipe, item), { signal }));
        return { found, sequences: await Promise.all(pictures) };
      });
      if (!seen) return;
      const { found, sequences } = seen;
      this.#form.fail("", "");
      this.#error.textContent = "";
      this.#right = true;
      this.#items.show(found.items, sequences, Object.values(found.recipe.subsets).filter(Boolean).length > 1);
      const named = found.items.slice(0, NAMED).map(({ number }) => (number.length > 24 ? `${number.slice(0, 24)}…` : number));
      element("dataset-first", HTMLElement).textContent = `${named.join(", ")}${found.recipe.count > NAMED ? ", …" : ""}`;
      element("dataset-fact-items", HTMLElement).textContent = count(found.recipe.count);
      const pictures = found.recipe.format === "png-folder" ? found.recipe.count : 0;
      element("dataset-fact-files", HTMLElement).textContent = count(found.files + pictures);
      element("dataset-fact-bytes", HTMLElement).textContent = `About ${bytes(found.bytes)}`;
      await this.#where.tellRoom(found.bytes);
    } catch (error) {
      this.#latest.cancel();
      const lacking = /** @type {{ code?: string }} */ (error).code === "missing_parameter";
      this.#refuse(lacking ? null : error);
      this.#lacking = lacking ? error : null;
    }
  }

  /** @param {unknown} error what is wrong with the recipe; null when something is only lacking yet */
  #refuse(error) {
    this.#right = false;
    this.#lacking = null;
    const { field = "" } = /** @type {{ detail?: { field?: string } } | null} */ (error)?.detail ?? {};
    const message = error === null ? "" : reasonOf(error);
    const placed = this.#form.fail(String(field), message);
    this.#error.textContent = placed ? "" : message;
    element("dataset-first", HTMLElement).textContent = "–";
    for (const fact of ["items", "files", "bytes"]) element(`dataset-fact-${fact}`, HTMLElement).textContent = "–";
  }

  /** What the engine says of fields and phone numbers. */
  async #describe() {
    if (this.#described) return;
    try {
      this.#form.describe(await this.#shell.lab.datasets.describe());
      this.#described = true;
      this.#edited();
    } catch {
      // The same failure shows with the first items.
    }
  }

  async #start() {
    if (this.#working) return;
    this.#error.textContent = "";
    // What failed may have been the connection.
    if (!this.#right && !this.#lacking) await this.#look();
    if (!this.#right) {
      if (this.#lacking) this.#refuse(this.#lacking);
      this.#form.focusWrong();
      return;
    }
    try {
      const { recipe, numbers } = this.#form;
      const folder = this.#where.isFolder ? await chooseFolder() : null;
      if (this.#where.isFolder && !folder) return;
      const { name, format, count: items } = /** @type {{ name: string, format: string, count: number }} */ (/** @type {unknown} */ (recipe));
      this.#run.begin({ name, format, items });
      await this.#work(
        (onProgress) => this.#shell.lab.datasets.start(recipe, { onProgress, ...(folder ? { sink: folder } : {}), ...(numbers ? { numbers } : {}) }),
        { folder: folder?.name ?? "" },
      );
    } catch (error) {
      this.#error.textContent = reasonOf(error);
    }
  }

  /** @param {KeptDataset} kept */
  async #resume(kept) {
    if (this.#working) return void this.#shell.toasts.show("One data set is being made already; pause it first.", "error");
    const { id, recipe, total, done, bytes } = kept;
    try {
      // The lab remembers the folder, unless it is out of reach.
      const lost = this.#lost && this.#shown?.id === id;
      const folder = lost ? await chooseFolder() : null;
      if (lost && !folder) return;
      this.#shown = kept;
      this.#run.begin({ name: recipe.name, format: recipe.format, items: total }, { done, bytes });
      await this.#work((onProgress) => this.#shell.lab.datasets.resume(id, { onProgress, ...(folder ? { sink: folder } : {}) }), {
        id,
        folder: folder?.name ?? kept.folder,
      });
    } catch (error) {
      this.#run.fail(reasonOf(error));
    }
  }

  /**
   * Sees a data set through, however it ends.
   *
   * @param {(onProgress: (progress: DatasetProgress) => void) => Promise<DatasetJob>} begin
   * @param {{ id?: string, folder: string }} known the id of one that goes on; the name of the folder it goes into, or nothing
   */
  async #work(begin, { id, folder }) {
    /** @type {Working} */
    const working = { job: null, since: performance.now(), cancelled: false, ending: null };
    this.#working = working;
    this.#lost = false;
    this.#lock(true);
    this.#run.reveal();
    let known = id;
    try {
      const job = await begin((progress) => this.#working === working && this.#run.progress(progress));
      known = job.id;
      working.job = job;
      this.#shown = { id: known };
      if (working.cancelled) working.ending = job.cancel();
      const made = await job.done;
      this.#run.done(made, folder);
      void askToPersist();
    } catch (error) {
      await working.ending?.catch(() => {});
      await this.#ended(known, error, working.cancelled);
    } finally {
      this.#working = null;
      this.#lock(false);
      await this.#list();
    }
  }

  /**
   * It ended before it was made: paused, cancelled, or by a failure.
   *
   * @param {string | undefined} id
   * @param {unknown} error
   * @param {boolean} cancelled
   */
  async #ended(id, error, cancelled) {
    const { code, detail } = /** @type {{ code?: string, detail?: { field?: string } }} */ (error);
    const { status, toasts } = this.#shell;
    const kept = (await this.#all()).find((each) => each.id === id);
    if (cancelled && code === "aborted") {
      this.#shown = null;
      this.#run.close();
      this.#go.focus({ preventScroll: true });
      toasts.show("Cancelled; nothing of it is kept.");
    } else if (kept) {
      this.#shown = kept;
      this.#lost = code === "permission" || (detail?.field === "sink" && kept.sink === "folder");
      const failed = code !== "paused" && code !== "aborted";
      this.#run.stopped(failed ? { ...kept, state: "failed", error: reasonOf(error) } : kept);
      if (!failed) status.say(`Paused at ${count(kept.done)} of ${counted(kept.total, "item")}.`);
    } else {
      this.#shown = null;
      this.#run.close();
      this.#refuse(error);
      this.#form.focusWrong();
    }
  }

  /** @param {import("./run_card.js").RunAction} action */
  async #act(action) {
    const shown = this.#shown;
    try {
      if (action === "pause") {
        this.#run.pausing();
        await this.#working?.job?.pause();
      } else if (action === "cancel") {
        await this.#cancel();
      } else if (action === "close") {
        this.#shown = null;
        this.#run.close();
        this.#go.focus({ preventScroll: true });
        await this.#list();
      } else if (shown && "recipe" in shown) {
        await this.#resume(shown);
      }
    } catch (error) {
      this.#run.fail(reasonOf(error));
    }
  }

  async #cancel() {
    const working = this.#working;
    if (!working) return this.#delete(this.#shown);
    const { job, since } = working;
    const done = job?.progress?.done ?? 0;
    const much = done >= MUCH.items || performance.now() - since > 1_000 * MUCH.seconds;
    const words = { title: "Cancel and delete it?", text: `${counted(done, "item is", "items are")} made. Pause it instead, and it can go on later.`, yes: "Delete", no: "Go on" };
    if (much && !(await this.#ask.ask(words))) return;
    // It may be over by now.
    if (this.#working !== working) return;
    working.cancelled = true;
    working.ending = working.job?.cancel() ?? null;
    await working.ending;
  }

  /** @param {KeptDataset | { id: string } | null} kept */
  async #delete(kept) {
    if (!kept) return this.#run.close();
    if ("recipe" in kept && kept.done > 0) {
      const { recipe, done, bytes: size, sink } = kept;
      const room = size > 0 ? `, ${bytes(size)}` : "";
      const outside = sink === "folder" ? " Files that are already in your folder stay there." : " Files that you saved stay where they are.";
      const text = `${counted(done, "item")}${room} in this browser are deleted.${outside}`;
      if (!(await this.#ask.ask({ title: `Delete “${recipe.name}”?`, text, yes: "Delete", no: "Keep it" }))) return;
    }
    await this.#shell.lab.datasets.delete(kept.id);
    if (this.#shown?.id === kept.id) {
      this.#shown = null;
      this.#run.close();
      this.#go.focus({ preventScroll: true });
    }
    this.#shell.status.say("Deleted.");
    await this.#list();
  }

  /**
   * @param {import("./kept_list.js").KeptAction} action
   * @param {KeptDataset} kept
   */
  async #actOnKept(action, kept) {
    try {
      if (action === "delete") await this.#delete(kept);
      else if (action === "resume") await this.#resume(kept);
      else await this.#show(kept);
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  /** Shows one that is made. @param {KeptDataset} kept */
  async #show(kept) {
    if (this.#working) return void this.#shell.toasts.show("One data set is being made; its files are shown when it is done or paused.", "error");
    const { id, recipe, total, seconds, folder } = kept;
    const files = await this.#shell.lab.datasets.files(id);
    this.#shown = kept;
    this.#run.done({ id, recipe, items: total, seconds, files }, folder);
    this.#run.reveal();
    await this.#list();
  }

  /**
   * Lists what the browser keeps.
   *
   * @param {boolean} [first] whether the newest that is not finished is offered at once
   */
  async #list(first = false) {
    const all = await this.#all();
    const open = all.find(({ state }) => state === "paused" || state === "failed");
    if (first && open && !this.#working && !this.#shown) {
      this.#shown = open;
      this.#run.stopped(open);
    }
    this.#kept.show(all.filter(({ id }) => id !== this.#shown?.id));
  }

  /** @returns {Promise<KeptDataset[]>} the newest first; none where the browser keeps nothing */
  async #all() {
    const all = await this.#shell.lab.datasets.list().catch(() => []);
    return all.sort((one, other) => other.changed - one.changed);
  }

  /** While one is made, the form says how. @param {boolean} locked */
  #lock(locked) {
    this.#root.dataset.state = locked ? "busy" : "idle";
    for (const part of this.#parts) part.disabled = locked;
    this.#go.disabled = locked;
    element("dataset-to-place", HTMLElement).inert = locked;
  }

  get #query() {
    const file = this.#form.file?.name;
    return toQuery(this.#form.state, this.#form.initial, file === undefined ? {} : { file });
  }

  async #copyLink() {
    const { query, whole } = this.#query;
    const note = whole ? "It brings back this very recipe." : "It does not hold the numbers; take the recipe.json along for them.";
    await copyLink("dataset", query, note, this.#shell.toasts);
  }

  /** Writes the recipe into the address and keeps it for the next visit. */
  #keep() {
    if (!this.#opened) return;
    this.#shell.replaceAddress(this.#query.query);
    const file = this.#form.file?.name;
    const { query } = toQuery(this.#form.state, this.#form.initial, { longest: Infinity, ...(file === undefined ? {} : { file }) });
    remember(LAST, query);
    rememberInTab(LAST, query);
  }
}

/**
 * What to ask for to see an item by itself.
 *
 * @param {import("./types.js").Recipe} recipe with all defaults
 * @param {import("./first_items.js").FirstItem} item
 */
function requestOf(recipe, { index, number, subset }) {
  /** @type {Record<string, unknown>} */
  const given = recipe;
  const look = Object.fromEntries(LOOK.flatMap((name) => (given[name] === undefined || given[name] === null ? [] : [[name, given[name]]])));
  const split = look.split === "matching" ? (subset === "test" ? "test" : "train") : look.split;
  return /** @type {import("../lab/digitlab.js").SequenceRequest} */ ({ ...look, split, number, seed: given.seed, index });
}
