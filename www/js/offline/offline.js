import config from "../../config.js";
import { DigitlabError, reasonOf } from "../lab/errors.js";
import { scriptAddress } from "../lab/trusted.js";
import { reload } from "../ui/kept_address.js";
import { recall, recallInTab, remember, rememberInTab } from "../ui/settings.js";
import { underWay } from "./busy.js";
import { Everything } from "./everything.js";
import { KeptFiles, forgetSite } from "./kept_files.js";

/** @typedef {import("../../precache.js").SiteFile} SiteFile */

/**
 * @typedef {object} OfflineState
 * @property {boolean} supported Whether this browser can answer without the network at all.
 * @property {boolean} enabled What the person chose.
 * @property {boolean} controlled Whether the routes are answered to this page.
 * @property {boolean} kept Whether all pages work without the network.
 * @property {boolean} asks Whether the person's word is waited for, since the connection is metered: see `keepSite`.
 * @property {string} version That answers; empty while none does.
 * @property {boolean} waiting Whether a newer version is ready to take over.
 * @property {string} problem Why something of this cannot be had, as a sentence; empty when all is well.
 */

/** @typedef {{ kind: "kept" | "forgotten" } | { kind: "failed", problem: string }} Said What tabs and the service worker tell each other. */
/** @typedef {{ version: string, kept: boolean, tabs: number, files: SiteFile[], extras: SiteFile[] }} About What a service worker says of itself. */
/** @typedef {import("./everything.js").KeepOptions} KeepOptions */

const SITE = new URL("../../", import.meta.url);
const SCRIPT = new URL("service_worker.js", SITE);
const CHANNEL = "digitlab-offline";
/** Only one tab downloads at a time. */
const LOCK = "digitlab-offline-keep";
/** The person's choice: nothing while there is none. */
const CHOICE = "offline";
const TAKEN = "offline-taken";
const HOUR = 3_600_000;
/** How long a look for a newer version holds when the tab is shown again. */
const FRESH = 600_000;
/** How long a page counts as just opened. */
const JUST_OPENED = 20_000;
const PATIENCE = 10_000;

/** Keeps the site for use without the network, and new versions of it in order. */
export class Offline {
  #signal;
  #kept = new KeptFiles(SITE);
  /** @type {Set<(state: OfflineState) => void>} */
  #listeners = new Set();
  /** @type {OfflineState} */
  #state;
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  /** @type {BroadcastChannel | null} */
  #others = null;
  /** The running download, to be cancelled. */
  #download = new AbortController();
  #looked = 0;
  #wired = false;
  /** Whether somebody answered already when another one came. */
  #hadController = false;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    const problem = unsupported();
    this.#state = {
      supported: problem === "",
      enabled: recall(CHOICE) !== "off",
      controlled: false,
      kept: false,
      asks: false,
      version: "",
      waiting: false,
      problem,
    };
  }

  get state() {
    return this.#state;
  }

  /**
   * Tells of every change.
   *
   * @param {(state: OfflineState) => void} listener
   * @param {AbortSignal} [signal]
   */
  subscribe(listener, signal) {
    if (signal?.aborted) return;
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Begins. Nothing of this ever fails a page.
   *
   * @param {Promise<void>} [calm] When the page has shown what it was opened for: only then are its files downloaded.
   */
  async start(calm) {
    if (!this.#state.supported || !this.#state.enabled) return;
    this.#wire();
    try {
      // Its own parts are looked at anew, whatever a host says of their age.
      const registration = await navigator.serviceWorker.register(scriptAddress(SCRIPT), { type: "module", updateViaCache: "none" });
      this.#registration = registration;
      const isKnown = registration.active !== null;
      this.#looked = performance.now();
      this.#watch(registration);
      await this.#activated(registration);
      if (!registration.active) throw new Error("its script could not be run");
      await this.#look();
      if (isKnown) void this.lookForUpdate();
      await calm;
      await this.#keepInBackground();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
    }
  }

  /** Downloads what all pages need, on the person's word. */
  async keepSite() {
    remember(CHOICE, "on");
    this.#change({ asks: false });
    await this.#keepInBackground();
  }

  /**
   * What is missing until all can be done without the network: pages, digits, models, samples.
   *
   * @returns {Promise<{ files: number, bytes: number }>}
   */
  async missing() {
    const missing = await (await this.#everything()).missing();
    return { files: missing.length, bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /**
   * Downloads all of that. What has come stays when it is cancelled or fails, and is not loaded again.
   *
   * @param {KeepOptions} [options]
   */
  async keepEverything({ signal, onProgress } = {}) {
    const everything = await this.#everything();
    // Whoever asks for all of it wants it to stay. Some browsers ask the person, for whom nothing waits.
    void navigator.storage?.persist?.().catch(() => false);
    // What runs in the background would load the same.
    this.#download.abort();
    this.#download = new AbortController();
    const { signal: off } = this.#download;
    const until = signal ? AbortSignal.any([signal, off]) : off;
    try {
      await this.#alone(() => everything.keep({ signal: until, onProgress }), until);
    } catch (error) {
      if (off.aborted && !signal?.aborted) throw new DigitlabError("aborted", "The download was ended, since offline use was switched off meanwhile.");
      throw error;
    }
    remember(CHOICE, "on");
    this.#change({ asks: false });
    await this.#finish();
  }

  /**
   * Lets the version that waits take over; all tabs are loaded again with it.
   *
   * @param {{ anyway?: boolean }} [options] `anyway` also ends what is under way.
   * @returns {Promise<string[]>} what is under way and keeps it from doing so; empty when it takes over
   */
  async takeOver({ anyway = false } = {}) {
    const hindrances = anyway ? [] : await underWay();
    if (hindrances.length === 0) this.#registration?.waiting?.postMessage({ kind: "take over" });
    return hindrances;
  }

  /** Looks for a newer version. */
  async lookForUpdate() {
    this.#looked = performance.now();
    // Without the network there is none; the next look finds it.
    await this.#registration?.update().catch(() => {});
  }

  /**
   * The person's switch. Off, nothing of the site is kept and no routes are answered.
   *
   * @param {boolean} enabled
   */
  async enable(enabled) {
    remember(CHOICE, enabled ? "on" : "off");
    this.#change({ enabled });
    if (enabled) {
      this.#download = new AbortController();
      return this.start();
    }
    this.#download.abort();
    this.#say({ kind: "forgotten" });
    const registration = this.#registration ?? (await navigator.serviceWorker?.getRegistration(SITE.href));
    registration?.active?.postMessage({ kind: "forget" });
    await registration?.unregister().catch(() => false);
    // When no tab downloads any more, nothing comes after.
    await this.#alone(forgetSite);
    this.#registration = null;
    this.#change({ controlled: false, kept: false, asks: false, waiting: false, version: "", problem: unsupported() });
  }

  #wire() {
    if (this.#wired) return;
    this.#wired = true;
    const signal = this.#signal;
    const container = navigator.serviceWorker;
    this.#hadController = container.controller !== null;
    container.addEventListener("controllerchange", () => this.#changedHands(), { signal });
    this.#others = new BroadcastChannel(CHANNEL);
    this.#others.addEventListener("message", ({ data }) => this.#hear(data), { signal });
    const timer = setInterval(() => this.lookForUpdate(), HOUR);
    const shown = () => {
      if (document.visibilityState === "visible" && performance.now() - this.#looked > FRESH) this.lookForUpdate();
    };
    document.addEventListener("visibilitychange", shown, { signal });
    signal.addEventListener("abort", () => (clearInterval(timer), this.#others?.close()), { once: true });
  }

  /** @param {ServiceWorkerRegistration} registration */
  #watch(registration) {
    const coming = () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => this.#noticeWaiting(), { signal: this.#signal });
    };
    registration.addEventListener("updatefound", coming, { signal: this.#signal });
    coming();
    this.#noticeWaiting();
  }

  async #noticeWaiting() {
    const waiting = Boolean(this.#registration?.waiting && this.#registration.active);
    if (waiting === this.#state.waiting) return;
    if (waiting && (await this.#mayTakeOverAtOnce())) return void this.takeOver();
    this.#change({ waiting });
  }

  /** Whether nobody would notice: the page has just been opened, is the only one, and nothing was done on it. */
  async #mayTakeOverAtOnce() {
    if (performance.now() > JUST_OPENED || navigator.userActivation?.hasBeenActive !== false) return false;
    // What was handed over with the address, such as a shared file, is not there a second time.
    if (location.search !== "") return false;
    const about = await this.#ask(this.#registration?.waiting);
    // Should it come to nothing, it is not tried again and again.
    if (!about || about.tabs !== 1 || recallInTab(TAKEN) === about.version || (await underWay()).length > 0) return false;
    rememberInTab(TAKEN, about.version);
    return true;
  }

  /** Another version answers from now on. */
  async #changedHands() {
    const isFirst = !this.#hadController;
    this.#hadController = true;
    // The browser may name the one that has come only after this.
    this.#registration = (await navigator.serviceWorker.getRegistration(SITE.href)) ?? this.#registration;
    await this.#look();
    // What is here of the page is of another version than what is kept from now on.
    if (!isFirst && this.#state.kept && this.#state.enabled) reload();
  }

  /** Asks who answers. */
  async #look() {
    const controlled = navigator.serviceWorker.controller !== null;
    const about = await this.#ask(this.#registration?.active);
    if (!about || !this.#state.enabled) return;
    const problem = about.kept ? "" : this.#state.problem;
    this.#change({ controlled, kept: about.kept, version: about.version, problem });
  }

  /** What all pages need; then what most people use. */
  async #keepInBackground() {
    const about = await this.#ask(this.#registration?.active);
    if (!about || about.files.length === 0) return;
    if (!about.kept && isMetered() && recall(CHOICE) !== "on") return this.#change({ asks: true });
    const { signal } = this.#download;
    try {
      await this.#alone(async () => {
        // Whoever waited for another tab may have waited for its end.
        if (!this.#state.enabled || recall(CHOICE) === "off") return;
        await this.#kept.bring(about.files, { signal });
        await this.#finish(about.version);
        if (isMetered()) return;
        await (await this.#everything()).keepUsual(signal);
      }, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#change({ problem: `This site cannot be kept for use without the network. ${problemOf(error)}` });
    }
  }

  /** Says that all pages are here, if they are. @param {string} [version] */
  async #finish(version = this.#state.version) {
    const about = await this.#ask(this.#registration?.active);
    const isWhole = about && about.version === version && version !== "" && (await this.#kept.missing(about.files)).length === 0;
    if (!isWhole) return;
    await this.#kept.mark(version);
    this.#registration?.active?.postMessage({ kind: "look" });
    this.#say({ kind: "kept" });
    await this.#look();
  }

  async #everything() {
    const about = await this.#ask(this.#registration?.active);
    if (!about) {
      const why = this.#state.problem || (this.#state.enabled ? "The site is still being set up for it; try again in a moment." : "It is switched off.");
      throw new DigitlabError("unsupported", `This site cannot be kept for use without the network. ${why}`);
    }
    return new Everything(SITE, { ...about, bucket: new URL(config.bucket, SITE) });
  }

  /**
   * Does something when no other tab does the like.
   *
   * @param {() => Promise<void>} work
   * @param {AbortSignal} [signal]
   */
  async #alone(work, signal) {
    if (!navigator.locks) return work();
    try {
      await navigator.locks.request(LOCK, { signal }, work);
    } catch (error) {
      throw signal?.aborted ? DigitlabError.aborted(signal) : error;
    }
  }

  /**
   * @param {ServiceWorker | null | undefined} worker
   * @returns {Promise<About | null>}
   */
  #ask(worker) {
    if (!worker) return Promise.resolve(null);
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const late = setTimeout(() => resolve(null), PATIENCE);
      port1.onmessage = ({ data }) => {
        clearTimeout(late);
        port1.close();
        resolve(data);
      };
      worker.postMessage({ kind: "about" }, [port2]);
    });
  }

  /** @param {ServiceWorkerRegistration} registration */
  async #activated({ installing, waiting, active }) {
    const worker = installing ?? waiting;
    if (active || !worker) return;
    await new Promise((resolve) => {
      worker.addEventListener("statechange", () => ["activated", "redundant"].includes(worker.state) && resolve(undefined), { signal: this.#signal });
    });
  }

  /** @param {Said} said */
  #say(said) {
    if (this.#others) return this.#others.postMessage(said);
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(said);
    channel.close();
  }

  /** @param {Said} said */
  #hear(said) {
    if (said.kind === "failed") this.#change({ problem: said.problem });
    else if (said.kind === "kept") this.#look();
    else {
      this.#download.abort();
      // What it has written down may be seen here only later.
      this.#change({ enabled: false, controlled: false, kept: false, asks: false, waiting: false, version: "" });
    }
  }

  /** @param {Partial<OfflineState>} part */
  #change(part) {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

/** Why this browser cannot do it, as a sentence; empty when it can. */
function unsupported() {
  if (!globalThis.isSecureContext) return "The site was not loaded over https, and so the browser neither keeps it nor lets it answer routes.";
  if (!("serviceWorker" in navigator) || !globalThis.caches) {
    return "This browser has no service workers here, as in some private windows, so the site is not kept and no routes are answered; all else works.";
  }
  return "";
}

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof DigitlabError) return error.message;
  const reason = reasonOf(error);
  return `The service worker did not start (${reason}); without it no routes are answered, and the site is not kept for use without the network. All else works.`;
}

/** Whether the person pays for every byte, as far as the browser says. */
function isMetered() {
  const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (/** @type {unknown} */ (navigator));
  return connection?.saveData === true;
}
