import { underWayWords } from "../offline/busy.js";
import { Ask } from "../ui/ask.js";
import { element } from "../ui/elements.js";
import { bytes } from "../ui/format.js";
import { isPersistent, persist } from "./ask_to_persist.js";
import { InstallCard } from "./install_card.js";
import { OfflineCard } from "./offline_card.js";
import { StoreRow } from "./store_row.js";
import { storesOf } from "./stores.js";

/** @typedef {import("./stores.js").Store} Store */

/**
 * @typedef {object} StorageCollaborators
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../offline/offline.js").Offline} offline
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {() => Event | null} installOffer
 */

/** Changes come in bursts; they are measured together. */
const GATHER = 400;

/** What this site keeps on this machine: how much, for how long, and how it goes away again. */
export class StorageView {
  #with;
  #offline;
  #install;
  #timer = 0;
  /** @type {Map<string, StoreRow>} */
  #rows = new Map();
  /** What a look for a newer version has found. */
  #found = "";

  #total = element("storage-total", HTMLElement);
  #meter = element("storage-meter", HTMLElement);
  #persistent = element("storage-persistent", HTMLElement);
  #persist = element("storage-persist", HTMLButtonElement);
  #question;
  #update = element("storage-update", HTMLButtonElement);
  #version = element("storage-version", HTMLElement);
  #updateText = element("storage-update-text", HTMLElement);

  /**
   * @param {StorageCollaborators} collaborators
   * @param {AbortSignal} signal
   */
  constructor(collaborators, signal) {
    this.#with = collaborators;
    const { lab, offline, status } = collaborators;
    const stores = storesOf(lab, offline);
    for (const store of stores) this.#rows.set(store.name, new StoreRow(store, (store) => void this.#clear(store), signal));
    element("storage-list", HTMLElement).replaceChildren(...[...this.#rows.values()].map(({ root }) => root));
    this.#offline = new OfflineCard({ offline, status, changed: () => this.#measureSoon() }, signal);
    this.#question = new Ask("storage-dialog", signal);
    this.#install = new InstallCard(collaborators.installOffer, signal);
    const on = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      element(id, HTMLButtonElement).addEventListener("click", act, { signal });
    on("storage-persist", () => void this.#askToPersist());
    on("storage-update", () => void this.#lookForUpdate());
    offline.subscribe(() => this.#showVersion(), signal);
    lab.records.subscribe(() => this.#measureSoon(), signal).catch(() => {});
    // The total takes a moment to follow, wherever something was stored.
    document.addEventListener("visibilitychange", () => this.#measureSoon(), { signal });
  }

  open() {
    this.#offline.show();
    this.#install.show();
    void this.#showVersion();
    void this.#measure();
  }

  #measureSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#measure(), GATHER);
  }

  async #measure() {
    clearTimeout(this.#timer);
    await Promise.all([this.#showTotal(), this.#showPersistent(), ...[...this.#rows.values()].map((row) => row.measure())]);
  }

  async #showTotal() {
    const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    if (usage === undefined || !quota) {
      this.#total.textContent = "This browser does not tell how much this site stores.";
      this.#meter.hidden = true;
      return;
    }
    this.#total.textContent = `${bytes(usage)} of at most ${bytes(quota)} that this browser lets this site have`;
    this.#meter.hidden = false;
    const share = Math.min(1, usage / quota);
    this.#meter.style.setProperty("--done", String(usage > 0 ? Math.max(share, 0.004) : 0));
    this.#meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    this.#meter.setAttribute("aria-valuetext", this.#total.textContent);
  }

  async #showPersistent() {
    const kept = await isPersistent();
    this.#persist.hidden = kept !== false;
    this.#persistent.textContent =
      kept === null
        ? "This browser does not tell whether it deletes what is stored when space gets scarce."
        : kept
          ? "Persistent: the browser deletes nothing of this by itself."
          : "Not persistent yet: when space on this machine gets scarce, the browser may delete all of this by itself.";
    this.#persistent.dataset.persistent = String(kept);
  }

  async #askToPersist() {
    const granted = await persist();
    await this.#showPersistent();
    const message = granted
      ? "The browser keeps it from now on."
      : "The browser did not agree; it decides by itself. Sites that are installed, bookmarked or often visited are kept.";
    this.#with.toasts.show(message, granted ? "done" : "error");
    if (this.#persist.hidden) this.#persistent.focus({ preventScroll: true });
  }

  async #showVersion() {
    const { version, waiting } = this.#with.offline.state;
    const { version: release } = await this.#with.lab.info().catch(() => ({ version: "" }));
    this.#version.textContent = `${release ? `Digitlab ${release}` : "Digitlab"}${version ? `, build ${version.slice(0, 10)}` : ""}`;
    this.#update.textContent = waiting ? "Use the new version" : "Look for a newer version";
    this.#update.disabled = version === "";
    this.#updateText.textContent = waiting
      ? "A new version is ready."
      : version === ""
        ? "It comes from the network with every visit, and so is always the newest."
        : this.#found || "New versions are looked for by themselves, and announced.";
  }

  async #lookForUpdate() {
    const { offline, toasts } = this.#with;
    if (offline.state.waiting) {
      const hindrances = await offline.takeOver();
      if (hindrances.length > 0) toasts.show(`${underWayWords(hindrances)}, and would end. Wait for it.`, "error");
      return;
    }
    this.#updateText.textContent = "Looking …";
    await offline.lookForUpdate();
    this.#found = navigator.onLine
      ? `No newer version was found, at ${new Date().toLocaleTimeString()}.`
      : "This machine is offline; look again when it is connected.";
    await this.#showVersion();
    this.#with.status.say(this.#updateText.textContent);
  }

  /** @param {Store} store */
  async #clear(store) {
    const words = { title: `Delete: ${store.title}?`, text: store.consequence, yes: "Delete", no: "Keep it" };
    if (!(await this.#question.ask(words))) return;
    const row = this.#rows.get(store.name);
    try {
      await store.clear();
      await this.#measure();
      this.#with.status.say(`Deleted: ${store.title}`);
    } catch (error) {
      row?.fail(error);
    }
    row?.focus();
    this.#offline.show();
  }
}
