import { reasonOf } from "../lab/errors.js";
import { fetchFile } from "../lab/fetch_picture.js";
import { ChoiceField } from "../ui/choice_field.js";
import { element, hideFrom } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { NumberField } from "../ui/number_field.js";
import { ProgressBar } from "../ui/progress.js";
import { LogArrivals } from "./log_arrivals.js";

/** @typedef {import("./types.js").FramesLab} FramesLab */
/** @typedef {import("./types.js").ImportOptions} ImportOptions */
/** @typedef {import("./types.js").ImportProgress} ImportProgress */
/** @typedef {{ name: string, open: (signal: AbortSignal) => Promise<Blob | Response | URL> }} Task */

const SAMPLE = { url: new URL("../../samples/log/borehole.csv.gz", import.meta.url), name: "Borehole sample" };
/** Codes of failures that may pass by themselves. */
const PASSING = ["cors", "http_status", "network", "not_found", "offline", "redirect", "timeout", "unreachable", "crashed"];
/** Milliseconds that the rate is measured over. */
const RATE_OVER = 1_000;

/**
 * @typedef {object} ImportPanelOptions
 * @property {FramesLab} frames
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {() => void} begun whoever dropped something wants to see what becomes of it
 * @property {(id: number) => void} imported
 */

/** The ways to a log: a file, a drop, an address, pasted rows, the sample; what is done with it; and how far that is. */
export class ImportPanel {
  #root = element("frames-import", HTMLElement);
  #url = element("frames-url", HTMLInputElement);
  #file = element("frames-file", HTMLInputElement);
  #name = element("frames-name-given", HTMLInputElement);
  #method = element("frames-method", HTMLSelectElement);
  #error = element("frames-import-error", HTMLElement);
  #errorText = element("frames-import-error-text", HTMLElement);
  #retry = element("frames-import-retry", HTMLButtonElement);
  #help = element("frames-import-help", HTMLElement);
  #summary = element("frames-options-now", HTMLElement);
  #options;
  #width;
  #policy;
  #values;
  #progress;
  #arrivals;
  #latest = new Latest();
  /** @type {Task | null} */
  #task = null;

  /**
   * @param {ImportPanelOptions} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    const { settings } = options;
    const kept = () => this.#keep();
    this.#width = new NumberField(element("frames-width", HTMLInputElement), kept, signal);
    this.#policy = new ChoiceField(element("frames-policy", HTMLElement), kept, signal);
    this.#values = new ChoiceField(element("frames-values", HTMLElement), kept, signal);
    this.#method.addEventListener("change", kept, { signal });
    this.#width.text = settings.get("frames:width", this.#width.initial);
    this.#policy.text = settings.get("frames:policy", this.#policy.initial);
    this.#values.text = settings.get("frames:values", this.#values.initial);
    this.#method.value = settings.get("frames:method", "nearest");
    if (this.#method.selectedIndex < 0) this.#method.value = "nearest";
    this.#progress = new ProgressBar(element("frames-import-progress", HTMLElement), signal);
    this.#arrivals = new LogArrivals(
      this.#root.parentElement ?? this.#root,
      element("frames-veil", HTMLElement),
      {
        file: (file, others) => this.#takeFile(file, others),
        address: (address) => this.#takeAddress(address),
        text: (text) => void this.#run({ name: "Pasted rows", open: async () => new Blob([text], { type: "text/csv" }) }),
        nothing: (message) => this.#fail(new Error(message)),
      },
      signal,
    );
    const on = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      element(`frames-${id}`, HTMLButtonElement).addEventListener("click", act, { signal });
    on("open", () => this.#openTyped());
    on("choose", () => this.#file.click());
    on("paste", () => void this.#arrivals.pasteNow());
    on("sample", () => this.sample());
    on("import-retry", () => this.#task && void this.#run(this.#task));
    on("import-dismiss", () => this.#clear());
    this.#url.addEventListener("keydown", (event) => event.key === "Enter" && this.#openTyped(), { signal });
    this.#url.addEventListener("input", () => this.#clear(), { signal });
    this.#file.addEventListener("change", () => this.#takeChosen(), { signal });
    settings.bindPanel(element("frames-options", HTMLDetailsElement), signal);
    this.#keep();
  }

  /** Imports the log that the site brings along. */
  sample() {
    void this.#run({ name: SAMPLE.name, open: async () => SAMPLE.url });
  }

  /**
   * Imports a log that came from outside the page.
   *
   * @param {File} file
   */
  takeFile(file) {
    this.#takeFile(file, 0);
  }

  /** Puts the focus where an import begins. */
  focus() {
    element("frames-choose", HTMLButtonElement).focus();
  }

  #openTyped() {
    const text = this.#url.value.trim();
    if (text === "") {
      this.#fail(new Error("Give the address of a CSV file, such as https://example.org/log.csv.gz."));
      this.#url.setAttribute("aria-invalid", "true");
      this.#url.focus();
      return;
    }
    // As in the browser's own address bar, the scheme may be left out.
    const bare = /^[\w-]+(\.[\w-]+)+([/:?#]|$)/.test(text) && !/^\w+:(?!\d)/.test(text);
    this.#takeAddress(bare ? `https://${text}` : text);
  }

  /** @param {string} address */
  #takeAddress(address) {
    this.#url.value = address;
    void this.#run({ name: nameOf(address), open: (signal) => fetchFile(address, "https://example.org/log.csv", signal) });
  }

  #takeChosen() {
    const [file] = this.#file.files ?? [];
    // So that the same file can be chosen again.
    this.#file.value = "";
    if (file) this.#takeFile(file, 0);
  }

  /**
   * @param {File} file
   * @param {number} others
   */
  #takeFile(file, others) {
    if (others > 0) return this.#fail(new Error(`These are ${others + 1} files; logs are imported one at a time. Drop one of them.`));
    void this.#run({ name: file.name, open: async () => file });
  }

  #keep() {
    const { settings } = this.#options;
    const width = this.#width.value;
    this.#width.error = width === null ? `width is “${this.#width.text.slice(0, 20)}”; allowed: whole numbers from 2 to 4,096.` : "";
    if (width !== null) settings.set("frames:width", this.#width.text);
    settings.set("frames:method", this.#method.value);
    settings.set("frames:policy", this.#policy.text);
    settings.set("frames:values", this.#values.text);
    const rows = this.#policy.text === "fail" ? "stops at a bad row" : "drops bad rows";
    this.#summary.textContent = `${width === null ? "?" : count(width)} columns, ${this.#method.value}, ${rows}, values: ${this.#values.text}`;
  }

  /** @param {Task} task */
  async #run(task) {
    this.#task = task;
    this.#clear();
    const { frames, status, imported } = this.#options;
    const width = this.#width.value;
    if (width === null) {
      element("frames-options", HTMLDetailsElement).open = true;
      element("frames-width", HTMLInputElement).focus();
      return;
    }
    const cancel = () => {
      this.#latest.cancel();
      this.#settle();
      status.say("Cancelled. Nothing was stored.");
    };
    this.#options.begun();
    this.#root.setAttribute("aria-busy", "true");
    this.#root.dataset.state = "busy";
    this.#help.hidden = true;
    this.#progress.start(`Opening ${task.name} …`, cancel);
    const rate = new Rate();
    try {
      const id = await this.#latest.run(async (signal) => {
        const source = await task.open(signal);
        /** @param {ImportProgress} progress */
        const onProgress = (progress) => {
          if (signal.aborted) return;
          const words = `Importing${progress.rows ? ` ${counted(progress.rows, "row")}` : ""}${rate.words(progress.done)}`;
          if (progress.total > 0) this.#progress.update(progress, words);
          else this.#progress.start(`${words}: ${bytes(progress.done)} so far`, cancel);
        };
        return frames.import(source, {
          name: this.#name.value.trim() || task.name,
          width,
          method: /** @type {ImportOptions["method"]} */ (this.#method.value),
          policy: this.#policy.text === "fail" ? "fail" : "drop",
          values: /** @type {"refuse" | "clip" | "rescale"} */ (this.#values.text),
          signal,
          onProgress,
        });
      });
      // Something newer has taken over, or it was cancelled.
      if (id === undefined) return;
      this.#settle();
      this.#name.value = "";
      this.#url.value = "";
      imported(id);
    } catch (error) {
      this.#settle();
      this.#fail(error);
    }
  }

  /** Ends what shows that work is done. */
  #settle() {
    this.#progress.stop(element("frames-choose", HTMLButtonElement));
    this.#root.setAttribute("aria-busy", "false");
    this.#root.dataset.state = "idle";
    this.#help.hidden = false;
  }

  /** @param {unknown} error */
  #fail(error) {
    const { code = "", detail = {} } = /** @type {Partial<import("../lab/errors.js").DigitlabError>} */ (error);
    this.#options.begun();
    this.#error.hidden = false;
    this.#error.dataset.code = code;
    this.#help.hidden = true;
    this.#errorText.textContent = reasonOf(error);
    this.#retry.hidden = !PASSING.includes(code);
    this.#root.dataset.state = "error";
    if (detail.field === "url") this.#url.setAttribute("aria-invalid", "true");
  }

  #clear() {
    hideFrom(this.#error, this.#url);
    this.#help.hidden = this.#root.dataset.state === "busy";
    this.#errorText.textContent = "";
    this.#url.removeAttribute("aria-invalid");
    if (this.#root.dataset.state === "error") this.#root.dataset.state = "idle";
  }
}

/** How fast bytes come, over the last second. */
class Rate {
  /** @type {{ time: number, done: number }[]} */
  #marks = [{ time: performance.now(), done: 0 }];

  /** @param {number} done */
  words(done) {
    const time = performance.now();
    this.#marks.push({ time, done });
    while (this.#marks.length > 2 && time - /** @type {{ time: number }} */ (this.#marks[1]).time > RATE_OVER) this.#marks.shift();
    const first = /** @type {{ time: number, done: number }} */ (this.#marks[0]);
    const passed = time - first.time;
    return passed > 50 ? ` at ${bytes(Math.round(((done - first.done) / passed) * 1000))}/s` : "";
  }
}

/**
 * What people would call the log: the last part of its address.
 *
 * @param {string} address
 */
function nameOf(address) {
  const url = URL.parse(address);
  const last = url?.pathname.split("/").findLast((part) => part !== "") ?? url?.host ?? "Log";
  try {
    return decodeURIComponent(last).slice(0, 200);
  } catch {
    return last.slice(0, 200);
  }
}
