import { DigitlabError, reasonOf } from "../lab/errors.js";
import { CheckedFilter } from "../lab/record_filter.js";
import { Ask } from "../ui/ask.js";
import { element, hideFrom } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";
import { save } from "../ui/save.js";
import { RecordCorrection } from "./record_correction.js";
import { RecordFilterForm } from "./record_filter_form.js";
import { RecordGrid } from "./record_grid.js";

/** @typedef {import("../lab/record_log.js").RecordChange} RecordChange */
/** @typedef {import("../lab/record_log.js").ListedRecord} ListedRecord */

/**
 * @typedef {object} RecordsCollaborators
 * @property {import("../lab/records.js").Records} records
 * @property {import("../lab/digitlab.js").Digitlab["samples"]} samples
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 */

/** Typing rests for so long before it is searched for. */
const TYPING = 150;
/** Changes are gathered for so long. */
const GATHER = 120;
/** Up to so many can be brought back; more are asked about before. */
const MOST_UNDONE = 1_000;
/** Failures that only a new database ends. */
const BROKEN = ["storage_damaged", "storage_failed"];

/** The record log: all answers, to look through, to take along, and to delete. */
export class RecordsView {
  #records;
  #status;
  #toasts;
  #replaceAddress;
  #filter;
  #correction;
  #grid;
  #progress;
  #search = new Latest();
  #work = new Latest();
  #typing = 0;
  #gathering = 0;
  /** @type {RecordChange[]} */
  #changes = [];
  /** What can be brought back. @type {ListedRecord[]} */
  #deleted = [];
  #searching = false;

  #title = element("records-title", HTMLElement);
  #body = element("records-body", HTMLElement);
  #empty = element("records-empty", HTMLElement);
  #emptyText = element("records-empty-text", HTMLElement);
  #trouble = element("records-trouble", HTMLElement);
  #troubleText = element("records-trouble-text", HTMLElement);
  #reset = element("records-reset", HTMLButtonElement);
  #warning = element("records-warning", HTMLElement);
  #warningText = element("records-warning-text", HTMLElement);
  #enabled = element("records-enabled", HTMLInputElement);
  #summary = element("records-summary", HTMLElement);
  #unfilter = element("records-unfilter", HTMLButtonElement);
  #none = element("records-none", HTMLElement);
  #correct = element("records-correct", HTMLButtonElement);
  #delete = element("records-delete", HTMLButtonElement);
  #deleteText = element("records-delete-text", HTMLElement);
  #undo = element("records-undo", HTMLElement);
  #undoText = element("records-undo-text", HTMLElement);
  #error = element("records-error", HTMLElement);
  #question;
  #gridRoot = element("records-grid", HTMLElement);

  /**
   * @param {RecordsCollaborators} collaborators
   * @param {AbortSignal} signal
   */
  constructor({ records, samples, status, toasts, replaceAddress }, signal) {
    this.#records = records;
    this.#status = status;
    this.#toasts = toasts;
    this.#replaceAddress = replaceAddress;
    this.#title.tabIndex = -1;
    this.#correction = new RecordCorrection({ samples, toasts }, signal);
    this.#filter = new RecordFilterForm(() => this.#edited(), signal);
    const work = {
      bring: (/** @type {number[]} */ ids) => records.getMany(ids),
      selected: () => this.#showSelection(),
      remove: () => this.#deleteSelected(),
      fail: (/** @type {unknown} */ error) => this.#fail(error),
    };
    this.#grid = new RecordGrid(this.#gridRoot, element("records-rows", HTMLElement), work, signal);
    this.#question = new Ask("records-dialog", signal);
    this.#progress = new ProgressBar(element("records-progress", HTMLElement), signal);
    /** @type {[string, () => void][]} */
    const buttons = [
      ["records-csv", () => this.#export("csv")],
      ["records-json", () => this.#export("json")],
      ["records-correct", () => this.#correctSelected()],
      ["records-delete", () => this.#deleteSelected()],
      ["records-delete-all", () => this.#deleteAll()],
      ["records-unfilter", () => this.#clearFilter()],
      ["records-none-unfilter", () => this.#clearFilter()],
      ["records-undo-button", () => this.#bringBack()],
      ["records-retry", () => this.#load()],
      ["records-reset", () => this.#startAnew()],
      ["records-warning-close", () => hideFrom(this.#warning, this.#title)],
    ];
    for (const [id, press] of buttons) element(id, HTMLButtonElement).addEventListener("click", press, { signal });
    this.#enabled.addEventListener("change", () => this.#enable(this.#enabled.checked), { signal });
    records.subscribe((change) => this.#changed(change), signal).catch((error) => this.#fail(error));
  }

  /** @param {string} query */
  open(query) {
    this.#filter.query = query;
    return this.#load();
  }

  #edited() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#load(), TYPING);
  }

  #clearFilter() {
    this.#filter.clear();
    this.#edited();
  }

  /** Finds what the filter means, and shows it from its start. */
  async #load() {
    clearTimeout(this.#typing);
    this.#replaceAddress(this.#filter.query);
    this.#error.textContent = "";
    const { filter } = this.#filter;
    let streamed = false;
    this.#searching = true;
    this.#changes = [];
    try {
      const ids = await this.#search.run(async (signal) => {
        if (filter.text) this.#progress.start("Searching …", () => this.#stopSearch());
        const onFound = (/** @type {number[]} */ found) => {
          if (signal.aborted) return;
          if (streamed) this.#grid.append(found);
          else this.#grid.show(found);
          streamed = true;
          this.#none.hidden = true;
        };
        return this.#records.ids(filter, { signal, onFound });
      });
      if (!ids) return;
      this.#searching = false;
      this.#progress.stop(this.#gridRoot);
      await this.#showState();
      if (!streamed) this.#grid.show(ids);
      this.#showCounts();
      if (!this.#filter.isEmpty) this.#status.say(`${counted(ids.length, "record")} found`, 500);
    } catch (error) {
      this.#searching = false;
      this.#progress.stop(this.#gridRoot);
      this.#fail(error, true);
    }
  }

  #stopSearch() {
    this.#search.cancel();
    this.#searching = false;
    this.#progress.stop(this.#gridRoot);
    this.#showState()
      .then(() => this.#showCounts())
      .catch((error) => this.#fail(error, true));
    this.#error.textContent = "The search was stopped: the list has what was found until then.";
  }

  /** Which of the faces is shown: the list, the one that teaches; and the figures of all records. */
  async #showState() {
    const [{ records, bytes: taken, quota }, models, places] = await Promise.all([
      this.#records.usage(),
      this.#records.values("model"),
      this.#records.values("from"),
    ]);
    this.#filter.offer("model", models);
    this.#filter.offer("from", places);
    const { enabled } = this.#records;
    this.#enabled.checked = enabled;
    this.#emptyText.textContent = enabled
      ? "Whatever the digit models read from now on is noted here, drawn or uploaded."
      : "The log is switched off: what the digit models read is not noted. Switch “Record answers” on to begin.";
    this.#trouble.hidden = true;
    this.#show(records > 0 || this.#deleted.length > 0 ? this.#body : this.#empty);
    const room = quota === null ? "" : ` of the ${bytes(quota)} that this site may store`;
    this.#summary.dataset.records = String(records);
    this.#summary.dataset.room = `${bytes(taken)}${room}${enabled ? "" : ", switched off"}`;
  }

  /** @param {HTMLElement} face */
  #show(face) {
    for (const other of [this.#body, this.#empty, this.#trouble]) if (other !== face) hideFrom(other, this.#title);
    face.hidden = false;
  }

  #showCounts() {
    const all = Number(this.#summary.dataset.records);
    const found = this.#grid.ids.length;
    const filtered = !this.#filter.isEmpty;
    const words = counted(all, "record");
    this.#summary.textContent = `${filtered ? `${count(found)} of ${words}` : words} · ${this.#summary.dataset.room}`;
    if (filtered) this.#unfilter.hidden = false;
    else hideFrom(this.#unfilter, this.#gridRoot);
    this.#none.hidden = found > 0;
    this.#none.querySelector("p")?.replaceChildren(filtered ? "No record is like that." : "Nothing is left in the log.");
    element("records-none-unfilter", HTMLElement).hidden = !filtered;
    this.#showSelection();
  }

  #showSelection() {
    const chosen = this.#grid.selectedCount;
    this.#delete.disabled = chosen === 0;
    this.#correct.disabled = chosen !== 1;
    this.#deleteText.textContent = chosen === 0 ? "Delete selected" : `Delete ${count(chosen)} selected`;
  }

  /** @param {RecordChange} change */
  #changed(change) {
    if (change.kind === "warning") {
      this.#warningText.textContent = change.warning;
      this.#warning.hidden = false;
      return;
    }
    this.#changes.push(change);
    this.#followSoon();
  }

  #followSoon() {
    if (this.#gathering) return;
    this.#gathering = setTimeout(() => {
      this.#gathering = 0;
      this.#follow().catch((error) => this.#fail(error, true));
    }, GATHER);
  }

  /** Brings what changed into the list, wherever it was changed. */
  async #follow() {
    // A search that goes on may have passed the place already.
    if (this.#searching) return this.#followSoon();
    const changes = this.#changes.splice(0);
    if (changes.length === 0) return;
    if (!this.#trouble.hidden || changes.some(({ kind }) => kind === "cleared")) return this.#load();
    const gone = new Set(changes.flatMap((change) => (change.kind === "deleted" ? change.ids : [])));
    const added = [...new Set(changes.flatMap((change) => (change.kind === "added" ? change.ids : [])))];
    const checked = new CheckedFilter(this.#filter.filter);
    // What was deleted and brought back comes as both; the log says which it is now.
    const fresh = [];
    for (let start = 0; start < added.length; start += MOST_UNDONE) {
      for (const record of await this.#records.getMany(added.slice(start, start + MOST_UNDONE))) if (checked.matches(record)) fresh.push(record.id);
    }
    if (this.#searching) {
      this.#changes.unshift(...changes);
      return this.#followSoon();
    }
    if (gone.size > 0 || fresh.length > 0) {
      const kept = this.#grid.ids.filter((id) => !gone.has(id));
      const ids = [...new Set([...fresh, ...kept])].sort((a, b) => b - a);
      await this.#showState();
      this.#grid.renew(ids);
    } else await this.#showState();
    this.#showCounts();
  }

  /** @param {boolean} enabled */
  async #enable(enabled) {
    try {
      await this.#records.enable(enabled);
      this.#status.say(enabled ? "Answers are recorded from now on." : "Answers are not recorded any more.");
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {"csv" | "json"} format */
  async #export(format) {
    this.#error.textContent = "";
    try {
      const file = await this.#work.run((signal) => {
        this.#progress.start("Writing the file …", () => this.#stopWork());
        return this.#records.export({
          format,
          filter: this.#filter.filter,
          signal,
          onProgress: (progress) => this.#progress.update(progress, "Writing"),
        });
      });
      if (file) save(file, `digitlab-records-${new Date().toISOString().slice(0, 10)}.${format}`);
    } catch (error) {
      this.#fail(error);
    }
    this.#progress.stop(this.#gridRoot);
  }

  #stopWork() {
    this.#work.cancel();
    this.#progress.stop(this.#gridRoot);
  }

  async #correctSelected() {
    const [id] = this.#grid.selection;
    if (id === undefined) return;
    this.#error.textContent = "";
    try {
      const record = await this.#records.get(id);
      if (record) this.#correction.open(record);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #deleteSelected() {
    const ids = this.#grid.selection;
    if (ids.length === 0) return;
    if (ids.length > MOST_UNDONE) return this.#ask(`Delete ${count(ids.length)} records?`, () => this.#deleteMany(ids));
    try {
      this.#deleted = await this.#records.getMany(ids, { seen: true });
      await this.#records.delete(ids);
      this.#undoText.textContent = `${counted(ids.length, "record")} deleted.`;
      this.#undo.hidden = false;
      this.#status.say(`${this.#undoText.textContent} They can be brought back by the button Undo.`);
      this.#grid.focus();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {number[]} ids */
  async #deleteMany(ids) {
    this.#forgetDeleted();
    try {
      await this.#work.run((signal) => {
        this.#progress.start("Deleting …", () => this.#stopWork());
        return this.#records.delete(ids, { signal, onProgress: (progress) => this.#progress.update(progress, "Deleting") });
      });
    } catch (error) {
      this.#fail(error);
    }
    this.#progress.stop(this.#gridRoot);
  }

  #deleteAll() {
    const all = Number(this.#summary.dataset.records);
    this.#ask(`Delete ${all === 1 ? "the only record" : `all ${count(all)} records`}?`, async () => {
      this.#forgetDeleted();
      this.#progress.start("Deleting …", () => this.#stopWork());
      try {
        await this.#records.clear();
        this.#toasts.show("The log is empty.");
      } catch (error) {
        this.#fail(error);
      }
      this.#progress.stop(this.#gridRoot);
    });
  }

  /**
   * @param {string} question
   * @param {() => void} agreed
   */
  async #ask(question, agreed) {
    const text = "This cannot be undone. Export them first if you may need them again.";
    if (await this.#question.ask({ title: question, text, yes: "Delete", no: "Keep them" })) agreed();
  }

  async #bringBack() {
    const records = this.#deleted;
    this.#forgetDeleted();
    try {
      await this.#records.restore(records);
      this.#status.say("They are back.");
    } catch (error) {
      this.#deleted = records;
      this.#undo.hidden = false;
      this.#fail(error);
    }
  }

  #forgetDeleted() {
    this.#deleted = [];
    hideFrom(this.#undo, this.#gridRoot);
  }

  #startAnew() {
    this.#ask("Delete the whole log?", async () => {
      try {
        await this.#records.reset();
        await this.#load();
      } catch (error) {
        this.#fail(error, true);
      }
    });
  }

  /**
   * @param {unknown} error
   * @param {boolean} [nothing] whether there is nothing else to show
   */
  #fail(error, nothing = false) {
    const code = error instanceof DigitlabError ? error.code : "";
    if (code === "aborted") return;
    const message = reasonOf(error);
    const storage = code.startsWith("storage_") && code !== "storage_full";
    if (!nothing && !storage) {
      this.#error.textContent = message;
      return;
    }
    this.#troubleText.textContent = message;
    this.#reset.hidden = !BROKEN.includes(code);
    this.#show(this.#trouble);
  }
}
