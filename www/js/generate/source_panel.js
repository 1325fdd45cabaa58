import { reasonOf } from "../lab/errors.js";
import { element, hideFrom } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { IdxForm } from "./idx_form.js";
import { ProgressBar } from "../ui/progress.js";

/** @typedef {{ kind: "site" } | { kind: "bucket", url: string } | { kind: "files", name: string }} Source */

/** Where the digits come from: the site's bucket, another one, or the person's own files. */
export class SourcePanel {
  #lab;
  #site;
  #changed;
  #form;
  #progress;
  #url = element("source-url", HTMLInputElement);
  #name = element("source-name", HTMLElement);
  #total = element("source-total", HTMLElement);
  #reset = element("source-reset", HTMLButtonElement);
  #urlError = element("source-url-error", HTMLElement);
  #idxError = element("idx-error", HTMLElement);
  #counts = /** @type {HTMLTableSectionElement} */ (element("source-counts", HTMLTableElement).tBodies[0]);
  /** @type {Source} */
  #source = { kind: "site" };
  /** @type {AbortController | null} */
  #job = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {string} options.site the address of the site's own bucket
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {() => void} options.changed called when other digits are in use
   * @param {AbortSignal} signal
   */
  constructor({ lab, site, settings, changed }, signal) {
    this.#lab = lab;
    this.#site = site;
    this.#changed = changed;
    const panel = element("source", HTMLDetailsElement);
    const reveal = () => {
      panel.open = true;
      panel.scrollIntoView({ block: "nearest" });
    };
    this.#form = new IdxForm(reveal, signal);
    this.#progress = new ProgressBar(element("source-progress", HTMLElement), signal);
    settings.bindPanel(panel, signal);
    const useUrl = () => this.#try(this.#urlError, () => this.#useUrl());
    element("source-url-use", HTMLButtonElement).addEventListener("click", useUrl, { signal });
    this.#url.addEventListener("keydown", (event) => event.key === "Enter" && useUrl(), { signal });
    this.#url.addEventListener("input", () => this.#say(this.#urlError, ""), { signal });
    this.#reset.addEventListener("click", () => this.#try(this.#urlError, () => this.use(null)), { signal });
    const useFiles = () => this.#try(this.#idxError, () => this.#useFiles());
    element("idx-use", HTMLButtonElement).addEventListener("click", useFiles, { signal });
  }

  /** @returns {Source} */
  get source() {
    return this.#source;
  }

  /** The same for an address. @returns {import("./address.js").Origin} */
  get origin() {
    const source = this.#source;
    return { bucket: source.kind === "bucket" ? source.url : null, own: source.kind === "files" ? source.name : null };
  }

  /**
   * Changes to another bucket and tells nobody.
   *
   * @param {string | null} url null is the site's own
   * @param {AbortSignal} [signal]
   */
  async use(url, signal) {
    await this.#lab.useBucket(url ?? this.#site, {
      ...(signal ? { signal } : {}),
      onProgress: (progress) => this.#progress.update(progress),
    });
    this.#source = url === null ? { kind: "site" } : { kind: "bucket", url };
    this.#url.value = url ?? "";
    this.#say(this.#urlError, "");
  }

  /**
   * A bucket from an address could not be used: it is named here, with the way back.
   *
   * @param {string | null} url
   * @param {string} message
   */
  refuse(url, message) {
    this.#url.value = url ?? "";
    this.#say(this.#urlError, message);
    this.#reset.hidden = url === null;
  }

  /** @param {import("../lab/digitlab.js").LabInfo} info */
  show({ bucket: { name, url, counts } }) {
    const place = { site: "", bucket: url ? `, at ${new URL(url).host}` : "", files: ", your own files" }[this.#source.kind];
    this.#name.textContent = name + place;
    this.#total.textContent = `${count(sum(counts.all))} digits`;
    if (this.#source.kind !== "site") this.#reset.hidden = false;
    else if (!this.#urlError.textContent) hideFrom(this.#reset, this.#url);
    /** @type {[string, (at: number) => number][]} */
    const rows = counts.all.map((_, digit) => [String(digit), (at) => [counts.train, counts.test, counts.all][at]?.[digit] ?? 0]);
    rows.push(["All", (at) => sum([counts.train, counts.test, counts.all][at] ?? [])]);
    this.#counts.replaceChildren(
      ...rows.map(([head, value]) => {
        const row = document.createElement("tr");
        const cell = document.createElement("th");
        cell.scope = "row";
        cell.textContent = head;
        row.append(cell);
        for (const at of [0, 1, 2]) row.insertCell().textContent = count(value(at));
        return row;
      }),
    );
  }

  /**
   * @param {HTMLElement} place
   * @param {string} message empty takes the error away
   */
  #say(place, message) {
    place.textContent = message;
    if (place !== this.#urlError) return;
    if (message) this.#url.setAttribute("aria-invalid", "true");
    else this.#url.removeAttribute("aria-invalid");
  }

  async #useUrl() {
    const text = this.#url.value.trim();
    if (text === "") throw new Error("Give the address of a bucket, such as https://example.org/mnist/.");
    await this.use(text, this.#job?.signal);
  }

  async #useFiles() {
    const read = this.#form.read();
    if ("problem" in read) throw new Error(read.problem);
    await this.#lab.useIdx(read.files, {
      ...(this.#job ? { signal: this.#job.signal } : {}),
      onProgress: (progress) => this.#progress.update(progress, "Reading files"),
    });
    this.#source = { kind: "files", name: read.files.name };
    this.#form.clear();
  }

  /**
   * Runs a change with its progress, and puts its error where it belongs.
   *
   * @param {HTMLElement} error
   * @param {() => Promise<void>} change
   */
  async #try(error, change) {
    this.#job?.abort();
    const job = (this.#job = new AbortController());
    this.#say(this.#urlError, "");
    this.#say(this.#idxError, "");
    this.#progress.start("Reading", () => job.abort());
    try {
      await change();
      this.#changed();
    } catch (reason) {
      if (!job.signal.aborted) this.#say(error, reasonOf(reason));
    } finally {
      if (this.#job === job) {
        this.#job = null;
        this.#progress.stop(this.#url);
      }
    }
  }
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
