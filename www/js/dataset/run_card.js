import { CodeTabs } from "../api/code_tabs.js";
import { element } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { MadeFiles } from "./made_files.js";
import { programsFor } from "./programs.js";
import { tellInTitle } from "./tab_title.js";
import { FORMATS, inTime, took } from "./words.js";

/** @typedef {import("./types.js").KeptDataset} KeptDataset */
/** @typedef {import("./types.js").MadeDataset} MadeDataset */
/** @typedef {Omit<import("./types.js").DatasetProgress, "memory">} Figures */
/** @typedef {"idle" | "starting" | "busy" | "pausing" | "paused" | "failed" | "done"} RunState */
/** @typedef {"pause" | "resume" | "cancel" | "close"} RunAction */

/** Which buttons there are, by the state. @type {Record<RunState, RunAction[]>} */
const BUTTONS = {
  idle: [],
  starting: ["cancel"],
  busy: ["pause", "cancel"],
  pausing: [],
  paused: ["resume", "cancel"],
  failed: ["resume", "cancel"],
  done: ["close"],
};
/** How often a screen reader hears how far it is. */
const SPOKEN = 4;

/** A data set while it is made, and when it is done. */
export class RunCard {
  #root = element("dataset-run", HTMLElement);
  #title = element("dataset-run-title", HTMLElement);
  #what = element("dataset-run-what", HTMLElement);
  #amount = element("dataset-amount", HTMLElement);
  #track = element("dataset-track", HTMLElement);
  #rate = element("dataset-rate", HTMLElement);
  #left = element("dataset-left", HTMLElement);
  #written = element("dataset-written", HTMLElement);
  #trouble = element("dataset-trouble", HTMLElement);
  #troubleText = element("dataset-trouble-text", HTMLElement);
  #code = element("dataset-code", HTMLElement);
  #files;
  #status;
  #toasts;
  #spoken = 0;
  /** @type {AbortController | null} */
  #programs = null;

  /**
   * @param {object} options
   * @param {import("../ui/status.js").Status} options.status
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {(action: RunAction) => void} options.act
   * @param {AbortSignal} signal
   */
  constructor({ status, toasts, act }, signal) {
    this.#status = status;
    this.#toasts = toasts;
    this.#files = new MadeFiles(toasts, signal);
    for (const action of /** @type {RunAction[]} */ (["pause", "resume", "cancel", "close"])) {
      element(`dataset-${action}`, HTMLButtonElement).addEventListener("click", () => act(action), { signal });
    }
    signal.addEventListener("abort", () => tellInTitle(null));
  }

  /** @returns {RunState} */
  get state() {
    return /** @type {RunState} */ (this.#root.dataset.state);
  }

  /**
   * @param {{ name: string, format: string, items: number }} what
   * @param {{ done: number, bytes: number }} [from] where it goes on
   */
  begin({ name, format, items }, { done, bytes } = { done: 0, bytes: 0 }) {
    this.#title.textContent = `“${name}”`;
    this.#what.textContent = `${counted(items, "item")}, ${FORMATS[format] ?? format}`;
    this.#spoken = Math.floor((SPOKEN * done) / items);
    this.#state = "starting";
    this.#figures({ done, total: items, unit: "items", rate: 0, secondsLeft: null, closing: false, bytes });
    this.#amount.textContent = "Getting ready …";
    this.#status.say(`Making ${this.#title.textContent}, ${this.#what.textContent}.`);
  }

  /** @param {Figures} progress */
  progress(progress) {
    if (this.state === "starting") this.#state = "busy";
    this.#figures(progress);
    const { done, total, secondsLeft } = progress;
    tellInTitle(total > 0 ? done / total : 0);
    const step = Math.floor((SPOKEN * done) / total);
    if (step <= this.#spoken || step === SPOKEN) return;
    this.#spoken = step;
    const left = secondsLeft === null ? "" : `, about ${inTime(secondsLeft)} left`;
    this.#status.say(`${Math.round((100 * step) / SPOKEN)} percent of the data set is made${left}.`);
  }

  pausing() {
    this.#state = "pausing";
    this.#amount.textContent = "Pausing: what is in hand is written down …";
  }

  /** @param {KeptDataset} kept one that is not finished */
  stopped({ recipe: { name, format }, done, total, bytes: size, state, error, folder }) {
    this.#title.textContent = `“${name}”`;
    this.#what.textContent = `${counted(total, "item")}, ${FORMATS[format] ?? format}${folder ? `, into the folder “${folder}”` : ""}`;
    this.#state = state === "failed" ? "failed" : "paused";
    this.#figures({ done, total, unit: "items", rate: 0, secondsLeft: null, closing: false, bytes: size });
    this.#amount.textContent = `Paused at ${count(done)} of ${counted(total, "item")}. It goes on from there, also after a reload.`;
    if (state !== "failed") return;
    this.#amount.textContent = `Stopped at ${count(done)} of ${counted(total, "item")}. What is written stays, and it goes on from there.`;
    this.#troubleText.textContent = error;
  }

  /**
   * It could not even begin, or its end is not known to the lab.
   *
   * @param {string} message
   */
  fail(message) {
    this.#state = "failed";
    this.#troubleText.textContent = message;
  }

  /**
   * @param {MadeDataset} made
   * @param {string} folder the name of the one they were written into; empty for the browser's own
   */
  done({ recipe, items, seconds, files }, folder) {
    this.#title.textContent = `“${recipe.name}” is made`;
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const rate = seconds > 0 ? ` in ${took(seconds)}, ${count(Math.round(items / seconds))} a second` : "";
    // A folder of pictures is one line of the list.
    const all = files.reduce((sum, file) => sum + (file.name.endsWith("/") ? file.items : 1), 0);
    this.#what.textContent = `${counted(items, "item")}, ${FORMATS[recipe.format] ?? recipe.format}, ${counted(all, "file")} of ${bytes(size)}${rate}.`;
    this.#state = "done";
    this.#files.show(files, { recipe, folder });
    this.#showPrograms(recipe, files);
    this.#status.say(`${this.#title.textContent}. ${this.#what.textContent}`);
  }

  close() {
    this.#state = "idle";
  }

  /** Brings it into view and the focus to it. */
  reveal() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#root.focus({ preventScroll: true });
    this.#root.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  /** @param {RunState} state */
  set #state(state) {
    this.#root.dataset.state = state;
    this.#root.hidden = state === "idle";
    this.#trouble.hidden = state !== "failed";
    element("dataset-progress", HTMLElement).hidden = state === "done";
    element("dataset-done", HTMLElement).hidden = state !== "done";
    const focused = document.activeElement;
    for (const action of /** @type {RunAction[]} */ (["pause", "resume", "cancel", "close"])) {
      element(`dataset-${action}`, HTMLButtonElement).hidden = !BUTTONS[state].includes(action);
    }
    element("dataset-cancel", HTMLButtonElement).textContent = state === "paused" || state === "failed" ? "Delete" : "Cancel";
    // The button that was pressed may be gone.
    if (focused instanceof HTMLElement && focused.hidden && this.#root.contains(focused)) this.#root.focus({ preventScroll: true });
    if (state !== "busy") tellInTitle(null);
  }

  /** @param {Figures} progress */
  #figures({ done, total, rate, secondsLeft, closing, bytes: size }) {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const running = this.state === "busy";
    this.#root.dataset.items = String(done);
    if (running) this.#amount.textContent = closing ? "Closing the file …" : `${count(done)} of ${counted(total, "item")}`;
    this.#track.setAttribute("aria-valuenow", String(Math.floor(100 * share)));
    this.#track.style.setProperty("--done", String(share));
    this.#rate.textContent = running && rate > 0 ? `${count(Math.round(rate))} items/s` : "–";
    this.#left.textContent = running && secondsLeft !== null ? inTime(secondsLeft) : "–";
    this.#written.textContent = bytes(size);
  }

  /**
   * @param {MadeDataset["recipe"]} recipe
   * @param {MadeDataset["files"]} files
   */
  #showPrograms(recipe, files) {
    this.#programs?.abort();
    const { signal } = (this.#programs = new AbortController());
    const { name, format, boxes = "none" } = recipe;
    const subset = ["train", "validation", "test"].find((each) => recipe.subsets[/** @type {"train"} */ (each)] > 0) ?? "train";
    const own = files.filter((each) => format === "png-zip" ? each.name.endsWith(".zip") : each.name.startsWith(subset));
    const file = (own.find((each) => each.name.includes("images")) ?? own[0])?.name ?? "";
    const part = files.map((each) => /-\d{5}(?=\.(zip|csv)$)/.exec(each.name)?.[0]).find(Boolean) ?? "";
    const shards = own.length;
    const programs = programsFor({ format, boxes, name, subset, file, part, shards });
    const tabs = new CodeTabs("dataset", programs, this.#toasts, signal);
    tabs.show(Object.fromEntries(programs.map((each) => [each.name, each.program])));
    this.#code.replaceChildren(tabs.root);
  }
}
