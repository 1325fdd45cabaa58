import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { bytes, counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { ProgressBar } from "../ui/progress.js";

/** @typedef {import("../offline/offline.js").Offline} Offline */

/** Whether the site works without a connection, the switch for it, and the button that brings all that is missing. */
export class OfflineCard {
  #offline;
  #status;
  #changed;
  #missing = new Latest();
  #keeping = new Latest();
  #progress;
  /** @type {{ files: number, bytes: number } | null} */
  #left = null;
  #busy = false;

  #enabled = element("storage-offline", HTMLInputElement);
  #state = element("storage-offline-state", HTMLElement);
  #problem = element("storage-offline-problem", HTMLElement);
  #ask = element("storage-offline-ask", HTMLButtonElement);
  #keep = element("storage-keep", HTMLButtonElement);
  #keepText = element("storage-keep-text", HTMLElement);
  #error = element("storage-keep-error", HTMLElement);

  /**
   * @param {{ offline: Offline, status: import("../ui/status.js").Status, changed: () => void }} options `changed` is called
   *   when more or less is stored than before
   * @param {AbortSignal} signal
   */
  constructor({ offline, status, changed }, signal) {
    this.#offline = offline;
    this.#status = status;
    this.#changed = changed;
    this.#progress = new ProgressBar(element("storage-keep-progress", HTMLElement), signal);
    this.#enabled.addEventListener("change", () => void this.#enable(this.#enabled.checked), { signal });
    this.#ask.addEventListener("click", () => void this.#keepSite(), { signal });
    this.#keep.addEventListener("click", () => void this.#keepAll(), { signal });
    offline.subscribe(() => this.#look(), signal);
    signal.addEventListener("abort", () => this.#keeping.cancel(), { once: true });
    this.show();
  }

  /** Shows the state anew, and looks for what is missing. */
  show() {
    const { supported, enabled, kept, asks, problem, version } = this.#offline.state;
    this.#enabled.checked = enabled && supported;
    this.#enabled.disabled = !supported;
    this.#state.textContent = stateWords(this.#offline.state);
    this.#state.dataset.kept = String(kept);
    this.#problem.textContent = problem;
    this.#ask.hidden = !asks;
    if (version !== "" && !this.#busy) void this.#lookForMissing();
    else if (version === "") this.#left = null;
    this.#showKeep();
  }

  #look() {
    this.show();
    this.#changed();
  }

  async #lookForMissing() {
    // Without a connection nobody can say.
    const left = await this.#missing.run(() => this.#offline.missing()).catch(() => null);
    if (left === undefined) return;
    this.#left = left;
    this.#showKeep();
  }

  #showKeep() {
    const left = this.#left;
    const nothing = left?.files === 0;
    this.#keep.disabled = !left || nothing || this.#busy;
    this.#keep.textContent =
      left && !nothing ? `Keep everything (${bytes(left.bytes)})` : nothing ? "Everything is kept" : "Keep everything";
    this.#keepText.textContent = nothing
      ? "All pages, all digits, all models and all samples are here. Nothing needs the network any more."
      : left
        ? `All digits, all models, all samples: ${counted(left.files, "file is", "files are")} missing. What was used so far is here already.`
        : "All digits, all models, all samples, beside what was used so far.";
  }

  /** @param {boolean} enabled */
  async #enable(enabled) {
    this.#enabled.disabled = true;
    await this.#offline.enable(enabled).catch(() => {});
    this.#enabled.disabled = !this.#offline.state.supported;
    this.#enabled.focus({ preventScroll: true });
    this.#status.say(enabled ? "Offline use is on" : "Offline use is off");
    this.#look();
  }

  async #keepSite() {
    await this.#offline.keepSite();
    this.#enabled.focus({ preventScroll: true });
  }

  async #keepAll() {
    this.#busy = true;
    this.#error.textContent = "";
    this.#showKeep();
    this.#progress.start("Looking for what is missing …", () => this.#stop());
    try {
      const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => this.#progress.update(progress, "Keeping");
      const done = await this.#keeping.run(async (signal) => {
        await this.#offline.keepEverything({ signal, onProgress });
        return true;
      });
      if (done) this.#status.say("Everything is kept for offline use.");
    } catch (error) {
      this.#error.textContent = reasonOf(error);
    } finally {
      this.#busy = false;
      this.#progress.stop(this.#enabled);
      this.#look();
    }
  }

  #stop() {
    this.#keeping.cancel();
    this.#status.say("Stopped. What has come stays.");
  }
}

/** @param {import("../offline/offline.js").OfflineState} state */
function stateWords({ supported, enabled, kept, asks, version, problem }) {
  if (!supported) return "Not possible here.";
  if (!enabled) return "Off: every visit needs a connection, and no HTTP routes are answered.";
  if (asks) return "This connection seems to be paid for by the byte, so nothing was downloaded yet.";
  if (problem !== "" && version === "") return "On, but it does not run:";
  if (kept) return "On: all pages open without a connection, and the HTTP routes are answered.";
  return version === ""
    ? "On: it is being set up …"
    : "On: the HTTP routes are answered. The pages are not yet all here; they come in the background.";
}
