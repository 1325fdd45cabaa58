import { DigitlabError, reasonOf } from "../lab/errors.js";
import { element, hideFrom } from "../ui/elements.js";
import { bytes } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";
import { Arrivals } from "./arrivals.js";
import { Camera } from "./camera.js";
import { PictureStrip } from "./picture_strip.js";
import { Samples } from "./samples.js";
import { SourceLimits } from "./source_limits.js";
import { paintThumbnail } from "./thumbnail.js";

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {import("../lab/digitlab.js").OpenedPicture} OpenedPicture */
/** @typedef {{ signal: AbortSignal, onProgress: (progress: { done: number, total: number, unit: "bytes" }) => void }} Reading */
/** @typedef {{ name: string, read: (reading: Reading) => Promise<SourcePicture> }} Task One picture that is to be loaded. */
/** @typedef {{ name: string, error: unknown }} Failure */

/** The most pictures that are kept at a time. */
const MOST = 24;
const THUMBNAIL = 160;
/** Codes of failures that may pass by themselves. */
const PASSING = ["cors", "http_status", "network", "not_found", "offline", "redirect", "timeout", "unreachable"];
/** @type {Record<number, string>} */
const COLOURS = { 1: "grey", 3: "RGB", 4: "RGBA" };

/** The pictures to work on: from an address, a file, a drop, the clipboard, the camera, the samples, or another place. */
export class PictureSource {
  #root;
  #url;
  #file;
  #change;
  #now;
  #chooser;
  #more;
  #help;
  #error;
  #errorText;
  #retry;
  #adjust;
  #thumbnail;
  #name;
  #said;
  #notes;
  #sampleList;
  #lab;
  #status;
  #toasts;
  #picked;
  #loading;
  #limits;
  #progress;
  #arrivals;
  #strip;
  #samples;
  #latest = new Latest();
  /** Newest first. @type {SourcePicture[]} */
  #pictures = [];
  /** @type {SourcePicture | null} */
  #current = null;
  /** What the file of a picture was like. @type {WeakMap<SourcePicture, string>} */
  #facts = new WeakMap();
  /** @type {() => void} */
  #again = () => {};
  /** @type {() => void} */
  #adjusting = () => {};

  /**
   * @param {object} options
   * @param {string} options.id of its section; the ids of what is in it start with it
   * @param {string} options.place whose samples are offered
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {import("../ui/status.js").Status} options.status
   * @param {(pictures: SourcePicture[]) => void} options.picked all those loaded, the one to work on first
   * @param {() => void} [options.loading] called when something is to be loaded, whether it will be there or not
   * @param {AbortSignal} signal
   */
  constructor({ id, place, lab, settings, toasts, status, picked, loading = () => {} }, signal) {
    const part = (/** @type {string} */ name) => element(`${id}-${name}`, HTMLElement);
    const press = (/** @type {string} */ name) => element(`${id}-${name}`, HTMLButtonElement);
    this.#root = element(id, HTMLElement);
    this.#url = element(`${id}-url`, HTMLInputElement);
    this.#file = element(`${id}-file`, HTMLInputElement);
    this.#thumbnail = element(`${id}-thumbnail`, HTMLCanvasElement);
    this.#change = press("change");
    this.#retry = press("retry");
    this.#adjust = press("adjust");
    this.#now = part("now");
    this.#name = part("name");
    this.#said = part("facts");
    this.#notes = part("notes");
    this.#chooser = part("chooser");
    this.#more = part("more");
    this.#sampleList = part("samples");
    this.#help = part("help");
    this.#error = part("error");
    this.#errorText = part("error-text");
    this.#samples = new Samples(place);
    this.#lab = lab;
    this.#toasts = toasts;
    this.#status = status;
    this.#picked = picked;
    this.#loading = loading;
    this.#limits = new SourceLimits(id, settings, signal);
    this.#progress = new ProgressBar(part("progress"), signal);
    /** @type {import("./arrivals.js").Takers} */
    const takers = {
      files: (files, kind) => void this.#load(files.map((file) => this.#fromFile(file, kind))),
      address: (address) => void this.open({ url: address }),
      nothing: (message) => this.#fail([{ name: "", error: new Error(message) }]),
    };
    this.#arrivals = new Arrivals(this.#root.closest(".view") ?? this.#root, part("veil"), takers, signal);
    const camera = new Camera(
      id,
      (shot) => this.take({ name: "Camera picture", picture: shot, origin: { kind: "camera" }, notes: [] }),
      signal,
    );
    this.#strip = new PictureStrip(
      part("strip"),
      { chosen: (picture) => this.#choose(picture), removed: (picture) => this.#remove(picture) },
      signal,
    );
    const on = (/** @type {string} */ name, /** @type {() => void} */ act) => press(name).addEventListener("click", act, { signal });
    on("open", () => this.#openTyped());
    on("choose", () => this.#file.click());
    on("paste", () => void this.#arrivals.pasteNow());
    on("shot", () => camera.open());
    on("change", () => this.#show(this.#chooser.hidden !== false));
    on("retry", () => this.#again());
    on("adjust", () => this.#adjusting());
    on("dismiss", () => this.#clearError(this.#chooser.hidden ? this.#change : this.#url));
    this.#url.addEventListener("keydown", (event) => event.key === "Enter" && this.#openTyped(), { signal });
    this.#url.addEventListener("input", () => this.#clearError(this.#url), { signal });
    this.#file.addEventListener("change", () => this.#takeChosen(), { signal });
    void this.#showSamples(signal);
  }

  /** What an address can hold of the picture that is worked on. @returns {{ url: string } | { sample: string } | null} */
  get origin() {
    const origin = this.#current?.origin;
    if (origin?.kind === "url") return { url: origin.url };
    if (origin?.kind === "sample") return { sample: origin.sample };
    return null;
  }

  /**
   * Loads what an address names, unless it is there already.
   *
   * @param {{ url?: string, sample?: string }} origin
   * @returns {Promise<boolean>} whether it is there now
   */
  async open({ url, sample }) {
    if (url === undefined && sample === undefined) return false;
    const known = this.#pictures.find(({ origin }) =>
      url === undefined ? origin.kind === "sample" && origin.sample === sample : origin.kind === "url" && origin.url === url,
    );
    if (known) {
      this.#latest.cancel();
      this.#settle();
      if (known !== this.#current) this.#choose(known);
      this.#show(false);
      return true;
    }
    if (url === undefined) return this.#load([this.#fromSample(String(sample))]);
    this.#url.value = url;
    return this.#load([this.#fromAddress(url)]);
  }

  /**
   * A picture that is ready, such as one sent from another place.
   *
   * @param {SourcePicture} picture
   */
  take(picture) {
    this.#latest.cancel();
    this.#settle();
    this.#clearError(this.#url);
    this.#keep([picture]);
  }

  /**
   * Works on the picture of a file.
   *
   * @param {File} file
   */
  takeFile(file) {
    void this.#load([this.#fromFile(file, "file")]);
  }

  #openTyped() {
    const text = this.#url.value.trim();
    if (text === "") {
      this.#fail([{ name: "", error: new Error("Give the address of a picture, such as https://example.org/cat.jpg.") }]);
      this.#url.focus();
      return;
    }
    // As in the browser's own address bar, the scheme may be left out.
    const bare = /^[\w-]+(\.[\w-]+)+([/:?#]|$)/.test(text) && !/^\w+:(?!\d)/.test(text);
    void this.open({ url: bare ? `https://${text}` : text });
  }

  #takeChosen() {
    const files = [...(this.#file.files ?? [])];
    // So that the same file can be chosen again.
    this.#file.value = "";
    if (files.length > 0) void this.#load(files.map((file) => this.#fromFile(file, "file")));
  }

  /**
   * @param {File} file
   * @param {"file" | "paste"} kind
   * @returns {Task}
   */
  #fromFile(file, kind) {
    return {
      name: file.name,
      read: async ({ signal }) => {
        const opened = await this.#lab.openPicture(file, { limits: this.#limits.limits, signal });
        return this.#toSource(opened, file.name, { kind }, file.size);
      },
    };
  }

  /**
   * @param {string} url
   * @returns {Task}
   */
  #fromAddress(url) {
    return {
      name: "",
      read: async (reading) => {
        const { limits, proxy } = this.#limits;
        const fetched = await this.#lab.fetchPicture(url, { limits, proxy, ...reading });
        return this.#toSource(fetched, fetched.name, { kind: "url", url }, fetched.bytes);
      },
    };
  }

  /**
   * @param {string} name
   * @returns {Task}
   */
  #fromSample(name) {
    return {
      name: "",
      read: async (reading) => {
        const { sample, url } = await this.#samples.find(name);
        const fetched = await this.#lab.fetchPicture(url, reading);
        return this.#toSource(fetched, sample.title, { kind: "sample", sample: name }, fetched.bytes);
      },
    };
  }

  /**
   * @param {OpenedPicture} opened
   * @param {string} name
   * @param {SourcePicture["origin"]} origin
   * @param {number} size of the file, in bytes
   * @returns {SourcePicture}
   */
  #toSource({ width, height, channels, data, found }, name, origin, size) {
    const source = { name, picture: { width, height, channels, data }, origin, notes: found.notes };
    this.#facts.set(source, `${found.format}, ${bytes(size)}`);
    return source;
  }

  /**
   * Loads pictures; what was loaded before is ended. What can be read is kept, whatever else fails.
   *
   * @param {Task[]} tasks
   * @returns {Promise<boolean>} whether all of them are there
   */
  async #load(tasks) {
    this.#loading();
    this.#clearError(this.#url);
    this.#again = () => void this.#load(tasks);
    const cancel = () => {
      this.#latest.cancel();
      this.#settle();
      this.#status.say("Cancelled.");
    };
    this.#root.setAttribute("aria-busy", "true");
    this.#root.dataset.state = "busy";
    this.#progress.start("Reading …", cancel);
    const outcome = await this.#latest.run(async (signal) => {
      /** @type {SourcePicture[]} */
      const pictures = [];
      /** @type {Failure[]} */
      const failures = [];
      for (const [at, { name, read }] of tasks.entries()) {
        const verb = tasks.length === 1 ? "Reading" : `Reading ${at + 1} of ${tasks.length}`;
        /** @param {{ done: number, total: number, unit: "bytes" }} progress */
        const onProgress = (progress) => {
          if (signal.aborted) return;
          if (progress.total > 0) this.#progress.update(progress, verb);
          else this.#progress.start(`${verb}: ${bytes(progress.done)} so far`, cancel);
        };
        if (tasks.length > 1) this.#progress.start(`${verb}: ${name}`, cancel);
        try {
          pictures.push(await read({ signal, onProgress }));
        } catch (error) {
          if (signal.aborted) throw error;
          failures.push({ name, error });
        }
      }
      return { pictures, failures };
    });
    // Something newer has taken over, or it was cancelled.
    if (!outcome) return false;
    this.#settle();
    if (outcome.pictures.length > 0) this.#keep(outcome.pictures);
    if (outcome.failures.length > 0) this.#fail(outcome.failures);
    return outcome.failures.length === 0;
  }

  /** Ends what shows that work is done. */
  #settle() {
    this.#progress.stop(this.#chooser.hidden ? this.#change : this.#url);
    this.#root.setAttribute("aria-busy", "false");
    this.#root.dataset.state = this.#current ? "done" : "empty";
  }

  /** @param {SourcePicture[]} pictures */
  #keep(pictures) {
    // One that was sent elsewhere may come back.
    this.#pictures = [...pictures, ...this.#pictures.filter((known) => !pictures.includes(known))].slice(0, MOST);
    this.#choose(/** @type {SourcePicture} */ (pictures[0]));
    this.#show(false);
  }

  /** @param {SourcePicture} current */
  #choose(current) {
    this.#current = current;
    const { name, picture, notes } = current;
    this.#root.dataset.state = "done";
    this.#now.hidden = false;
    paintThumbnail(this.#thumbnail, picture, THUMBNAIL);
    this.#name.textContent = name;
    const facts = this.#facts.get(current);
    const size = `${picture.width} × ${picture.height} px, ${COLOURS[picture.channels]}`;
    this.#said.textContent = facts ? `${size}, ${facts}` : size;
    this.#notes.textContent = notes.join(" ");
    this.#strip.show(this.#pictures, current);
    const others = this.#pictures.length > 1 ? ` It is one of ${this.#pictures.length} pictures.` : "";
    this.#status.say(`${name}, ${picture.width} by ${picture.height} pixels, is loaded.${others} ${notes.join(" ")}`.trim());
    this.#picked([current, ...this.#pictures.filter((other) => other !== current)]);
  }

  /** @param {SourcePicture} picture */
  #remove(picture) {
    const at = this.#pictures.indexOf(picture);
    this.#pictures = this.#pictures.filter((other) => other !== picture);
    const heir = picture === this.#current ? (this.#pictures[at] ?? this.#pictures.at(-1)) : this.#current;
    if (heir) this.#choose(heir);
    if (this.#pictures.length < 2) this.#change.focus();
  }

  /**
   * Shows or hides the ways to another picture. While there is none they stay.
   *
   * @param {boolean} open
   */
  #show(open) {
    const shown = open || this.#current === null;
    this.#root.toggleAttribute("data-open", shown);
    this.#change.setAttribute("aria-expanded", String(shown));
    if (shown) this.#chooser.hidden = this.#more.hidden = false;
    else for (const part of [this.#chooser, this.#more]) hideFrom(part, this.#change);
  }

  /**
   * Says what went wrong, why, and what to do.
   *
   * @param {Failure[]} failures at least one
   */
  #fail(failures) {
    const said = failures.slice(0, 3).map(inWords);
    if (failures.length > said.length) said.push(`${failures.length - said.length} more could not be read.`);
    const { code, detail } = firstOf(failures);
    this.#error.hidden = false;
    this.#help.hidden = true;
    this.#errorText.textContent = said.join(" ");
    this.#error.dataset.code = code;
    this.#root.dataset.state = "error";
    const wrong = detail.field === "url";
    if (wrong) this.#url.setAttribute("aria-invalid", "true");
    this.#retry.hidden = !PASSING.includes(code);
    this.#adjust.hidden = !["limit_exceeded", "cors", "mixed_content"].includes(code);
    this.#adjust.textContent = code === "limit_exceeded" ? "Change the limit" : "Set a proxy";
    this.#adjusting = () => {
      this.#show(true);
      this.#limits.reveal(code !== "limit_exceeded" ? "proxy" : /bytes/.test(detail.allowed ?? "") ? "bytes" : "pixels");
    };
    // Whoever drops something far below would not see it.
    if (this.#root.getBoundingClientRect().bottom < 0) this.#toasts.show(said.join(" "), "error");
  }

  /** @param {HTMLElement} heir */
  #clearError(heir) {
    hideFrom(this.#error, heir);
    this.#help.hidden = false;
    this.#errorText.textContent = "";
    this.#url.removeAttribute("aria-invalid");
    if (this.#root.dataset.state === "error") this.#root.dataset.state = this.#current ? "done" : "empty";
  }

  /** @param {AbortSignal} signal */
  async #showSamples(signal) {
    try {
      await this.#samples.show(this.#sampleList, (name) => void this.open({ sample: name }), signal);
    } catch (error) {
      const line = document.createElement("li");
      line.className = "error-text";
      line.textContent = reasonOf(error);
      this.#sampleList.replaceChildren(line);
    }
  }
}

/**
 * @param {Failure[]} failures
 * @returns {{ code: string, detail: import("../lab/errors.js").ErrorDetail }}
 */
function firstOf([failure]) {
  return failure?.error instanceof DigitlabError ? failure.error : { code: "", detail: {} };
}

/** @param {Failure} failure */
function inWords({ name, error }) {
  const message = reasonOf(error);
  return name ? `${name}: ${message}` : message;
}

