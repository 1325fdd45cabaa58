import { reasonOf } from "../lab/errors.js";
import { KeptFiles, typeOf } from "../offline/kept_files.js";
import { scope } from "./scope.js";

/** @typedef {import("../../precache.js").SiteFile} SiteFile */
/** @typedef {import("../offline/offline.js").About} About */
/** @typedef {import("../offline/offline.js").Said} Said */

const CHANNEL = "digitlab-offline";
/** Where the manifest of a bucket on another host is kept, for when there is no network. */
const BUCKET = "digitlab-bucket";
/** Where the host's settings are kept. */
const SET = "digitlab-config";
const PAGE = "index.html";
const CONFIG = "config.js";
/** With these a request says that it wants nothing that was kept. */
const PAST = ["reload", "no-store"];

/**
 * The files of this version of the site. Once all of them are kept, they are answered from there, and so a page never
 * gets parts of two versions; until then the network answers as if nothing were here.
 */
export class Shell {
  #base;
  #version;
  #config;
  #manifest;
  /** @type {Map<string, SiteFile>} */
  #files;
  /** @type {Map<string, SiteFile>} */
  #extras;
  #kept;
  /** Unknown until the cache has been asked. @type {boolean | undefined} */
  #isKept;
  /** @type {Promise<boolean> | undefined} */
  #asking;
  #isOff = false;

  /**
   * @param {object} site
   * @param {URL} site.base
   * @param {{ version: string, files: readonly SiteFile[], extras: readonly SiteFile[] }} site.precache
   * @param {{ bucket: string }} site.config
   */
  constructor({ base, precache, config }) {
    this.#base = base;
    this.#config = config;
    this.#version = precache.version;
    this.#files = new Map(precache.files.map((file) => [file[0], file]));
    this.#extras = new Map(precache.extras.map((file) => [file[0], file]));
    this.#kept = new KeptFiles(base);
    this.#manifest = new URL("manifest.json", new URL(config.bucket, base)).href;
    if (precache.version === "") this.#isKept = false;
    else void this.#look();
  }

  /**
   * Whether a real file lies there.
   * @param {string} path
   */
  has(path) {
    return this.#files.has(path) || this.#extras.has(path);
  }

  /** Brings what is new, if an older version is kept as a whole; a failure leaves that one in place. */
  async install() {
    if (!(await this.#kept.isAnyMarked())) return scope.skipWaiting();
    try {
      const files = [...this.#files.values()];
      await this.#kept.bring(files);
      await this.#kept.mark(this.#version);
    } catch (error) {
      const reason = reasonOf(error);
      say({ kind: "failed", problem: `A new version of this site could not be kept, so the one from before stays in use. ${reason}` });
      throw error;
    }
  }

  async activate() {
    await scope.clients.claim();
    await this.#kept.forgetOthers(this.#version, [...this.#files.values(), ...this.#extras.values()]);
  }

  /** @param {ExtendableMessageEvent} event */
  hear(event) {
    const { data, ports } = event;
    switch (data?.kind) {
      case "about":
        return event.waitUntil(this.#about().then((about) => ports[0]?.postMessage(about)));
      case "look":
        this.#isOff = false;
        return event.waitUntil(this.#look());
      case "take over":
        return event.waitUntil(scope.skipWaiting());
      case "forget":
        this.#isOff = true;
    }
  }

  /**
   * Answers a request, if it is for something that is kept.
   * @param {FetchEvent} event
   * @param {URL} url
   * @param {string | null} path below the base; null when it lies elsewhere
   */
  answer(event, url, path) {
    const { request } = event;
    if (this.#isOff || (request.method !== "GET" && request.method !== "HEAD")) return;
    const file = path === null ? undefined : this.#fileAt(path, url, request);
    if (file || path === CONFIG || path === "precache.js") {
      if (this.#isKept === false || PAST.includes(request.cache)) return;
      event.respondWith(this.#fromHere(request, path ?? "", file));
      return;
    }
    const extra = path === null || url.search !== "" ? undefined : this.#extras.get(path);
    if (extra && request.method === "GET" && !PAST.includes(request.cache) && !request.headers.has("range")) {
      event.respondWith(this.#used(event, extra));
    } else if (url.href === this.#manifest && request.method === "GET") {
      event.respondWith(this.#newestManifest(event));
    }
  }

  /**
   * A file of the site, or the manifest of the bucket, as a page would get it; nothing when it is neither.
   * @param {URL} url
   * @returns {Promise<Response | undefined>}
   */
  async read(url) {
    const below = url.href.startsWith(this.#base.href) ? url.pathname.slice(this.#base.pathname.length) : "";
    const file = this.#files.get(below) ?? this.#extras.get(below);
    if (file && !this.#isOff) {
      const kept = await this.#kept.match(file);
      if (kept) return kept;
      const response = await fetch(url, { credentials: "same-origin" });
      if (response.ok && this.#extras.has(below)) await this.#keep(file, response.clone());
      return response;
    }
    if (url.href !== this.#manifest) return undefined;
    return this.#manifestOr(() => fetch(url, { cache: "no-cache", credentials: "same-origin", referrerPolicy: "no-referrer" }));
  }

  /**
   * @param {string} path
   * @param {URL} url
   * @param {Request} request
   */
  #fileAt(path, url, request) {
    // What follows the page's address in a query is the page's own affair.
    if (path === "" || (path === PAGE && request.mode === "navigate")) return this.#files.get(PAGE);
    // The page numbers workers that start at the same time.
    return url.search === "" || request.destination === "worker" ? this.#files.get(path) : undefined;
  }

  /**
   * @param {Request} request
   * @param {string} path
   * @param {SiteFile | undefined} file
   */
  async #fromHere(request, path, file) {
    if (!(await (this.#asking ?? this.#look()))) return fetch(request);
    const response = file ? await this.#sound(file) : path === CONFIG ? await this.#configured() : this.#written(path);
    if (!response) return fetch(request);
    return request.method === "HEAD" ? new Response(null, { headers: response.headers }) : response;
  }

  /**
   * A kept file; what was lost or damaged is loaded once more.
   * @param {SiteFile} file
   */
  async #sound(file) {
    const kept = await this.#kept.match(file);
    if (kept) return kept;
    try {
      return await this.#kept.bringOne(file);
    } catch {
      // There may be a newer version by now; until it is here, what the network has is better than nothing.
      void scope.registration.update().catch(() => {});
      return undefined;
    }
  }

  /** What the host has set, as it was lately: it may change without a new version, and so has no hash. */
  async #configured() {
    const url = new URL(CONFIG, this.#base);
    const cache = await caches.open(SET).catch(() => undefined);
    void fetch(url, { cache: "no-cache", credentials: "same-origin" })
      .then((response) => (response.ok ? cache?.put(url, response) : undefined))
      .catch(() => {});
    return (await cache?.match(url).catch(() => undefined)) ?? this.#written(CONFIG);
  }

  /**
   * What this very version was made with.
   * @param {string} path
   */
  #written(path) {
    const text =
      path === CONFIG
        ? `export default ${JSON.stringify(this.#config)};\n`
        : `export const version = ${JSON.stringify(this.#version)};\n` +
          `export const files = ${JSON.stringify([...this.#files.values()])};\n` +
          `export const extras = ${JSON.stringify([...this.#extras.values()])};\n`;
    return new Response(text, { headers: { "content-type": typeOf(path) ?? "" } });
  }

  /**
   * What is kept when it is first used.
   * @param {FetchEvent} event
   * @param {SiteFile} file
   */
  async #used(event, file) {
    const kept = await this.#kept.match(file);
    if (kept) return kept;
    const response = await fetch(event.request);
    if (response.ok && response.type === "basic") event.waitUntil(this.#keep(file, response.clone()));
    return response;
  }

  /**
   * @param {SiteFile} file
   * @param {Response} response
   */
  async #keep(file, response) {
    // A full storage costs a download next time, nothing else.
    await this.#kept.keep(file, response).catch(() => {});
  }

  /** @param {FetchEvent} event */
  #newestManifest(event) {
    return this.#manifestOr(() => fetch(event.request));
  }

  /**
   * The manifest of a bucket that is not a part of this site: the newest, or else the last one.
   * @param {() => Promise<Response>} ask
   */
  async #manifestOr(ask) {
    const cache = await caches.open(BUCKET).catch(() => undefined);
    try {
      const response = await ask();
      if (response.ok && response.type !== "opaque") await cache?.put(this.#manifest, response.clone()).catch(() => {});
      return response;
    } catch (error) {
      const kept = await cache?.match(this.#manifest);
      if (kept) return kept;
      throw error;
    }
  }

  /** Whether all of this version is kept. */
  #look() {
    this.#asking = this.#kept
      .isMarked(this.#version)
      .catch(() => false)
      .then((isKept) => (this.#isKept = isKept && !this.#isOff));
    return this.#asking;
  }

  /** @returns {Promise<About>} */
  async #about() {
    const kept = await this.#look();
    const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    const tabs = windows.filter(({ url }) => url.startsWith(this.#base.href));
    return { version: this.#version, kept, tabs: tabs.length, files: [...this.#files.values()], extras: [...this.#extras.values()] };
  }
}

/** @param {Said} said */
function say(said) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(said);
  channel.close();
}
