import { reasonOf } from "../lab/errors.js";
import { copyLink } from "../ui/copy_link.js";
import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { save } from "../ui/save.js";
import { ApiNav } from "./api_nav.js";
import { loadDocument } from "./api_source.js";
import { ChapterPage } from "./chapter_page.js";
import { CodeTabs } from "./code_tabs.js";
import { CHAPTERS } from "./methods.js";
import { RoutePage } from "./route_page.js";
import { ServiceWatch } from "./service_watch.js";
import { SITE, onSite } from "./site.js";

/** @typedef {import("./types.js").ApiDocument} ApiDocument */
/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("../lab/digitlab.js").Digitlab} Digitlab */

/**
 * @typedef {object} ApiCollaborators
 * @property {Digitlab} lab that of the page
 * @property {typeof import("../lab/digitlab.js").Digitlab} Digitlab opens others
 * @property {import("../offline/offline.js").Offline} offline
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 */

/** Workers of the lab that an example runs in. */
const WORKERS = 2;

/** The place for programmers: all routes from their own document, all methods of the module, each with what runs. */
export class ApiView {
  #with;
  #signal;
  #watch;
  #nav;
  #loading = new Latest();
  /** @type {ApiDocument | null} */
  #document = null;
  #query = "";
  /** Ends what the shown page listens to. */
  #page = new AbortController();
  #shown = "";

  #root = element("api", HTMLElement);
  #notice = element("api-notice", HTMLElement);
  #noticeText = element("api-notice-text", HTMLElement);
  #noticeButton = element("api-notice-button", HTMLButtonElement);
  #broken = element("api-broken", HTMLElement);
  #brokenText = element("api-broken-text", HTMLElement);
  #overview = element("api-overview", HTMLElement);
  #item = element("api-item", HTMLElement);
  #download = element("api-download", HTMLButtonElement);
  #waiting = element("api-waiting", HTMLElement);

  /**
   * @param {ApiCollaborators} collaborators
   * @param {AbortSignal} signal
   */
  constructor(collaborators, signal) {
    this.#with = collaborators;
    this.#signal = signal;
    const { offline, status, toasts } = collaborators;
    this.#nav = new ApiNav(
      {
        home: element("api-home", HTMLAnchorElement),
        filter: element("api-filter", HTMLInputElement),
        routes: element("api-routes", HTMLElement),
        module: element("api-module", HTMLElement),
        none: element("api-none", HTMLElement),
      },
      status,
      signal,
    );
    this.#watch = new ServiceWatch(offline, () => this.#notify(), signal);
    this.#noticeButton.addEventListener("click", () => void this.#watch.help(), { signal });
    element("api-broken-retry", HTMLButtonElement).addEventListener("click", () => void this.#load(), { signal });
    this.#download.addEventListener("click", () => this.#save(), { signal });
    element("api-base", HTMLElement).textContent = SITE.href;
    const first = new CodeTabs(
      "api-first",
      [
        { name: "routes", title: "HTTP route", note: "On any page of this site, also in its console." },
        { name: "module", title: "ES module", note: "In a script of type module, on any page that may import it." },
        { name: "picture", title: "Picture", note: "In a page of this site: a route answers as any other address does." },
      ],
      toasts,
      signal,
    );
    first.show(FIRST);
    element("api-first", HTMLElement).replaceChildren(first.root);
    this.#notify();
  }

  /** @param {string} query */
  open(query) {
    this.#query = query;
    if (!this.#document) void this.#load();
    this.#show();
  }

  #notify() {
    const { kind, words } = this.#watch.state;
    this.#root.dataset.service = kind;
    this.#noticeText.textContent = words;
    this.#notice.hidden = words === "";
    this.#notice.dataset.kind = kind;
    this.#noticeButton.hidden = kind === "none" || kind === "starting" || kind === "ready";
    this.#noticeButton.textContent = HELP[kind] ?? "";
    // The answer of the service worker is the same document; only a failure is tried anew.
    if (kind === "ready" && !this.#broken.hidden) void this.#load();
  }

  async #load() {
    this.#broken.hidden = true;
    this.#waiting.hidden = false;
    try {
      const document = await this.#loading.run(() => loadDocument(this.#watch.state.kind === "ready"));
      if (!document) return;
      this.#document = document;
      this.#nav.list(document.operations);
      this.#download.disabled = false;
      this.#root.dataset.state = "done";
      this.#waiting.hidden = true;
      this.#show();
    } catch (error) {
      this.#waiting.hidden = true;
      this.#broken.hidden = false;
      this.#root.dataset.state = "error";
      const reason = reasonOf(error);
      this.#brokenText.textContent = `The routes could not be listed: ${reason}. Check the connection, then retry. The ES module is described all the same.`;
    }
  }

  /** Shows what the address names. */
  #show() {
    const named = new URLSearchParams(this.#query);
    const [route, method, module] = ["route", "method", "module"].map((name) => named.get(name));
    if (route !== null && route !== undefined) return this.#showRoute(route);
    const chapter = CHAPTERS.find(
      ({ name, entries }) => name === module || entries.some(({ methods }) => methods.some(({ name }) => name === method)),
    );
    if (chapter) return this.#showChapter(chapter, method ?? "");
    if (method || module) this.#with.toasts.show(`${method ?? module} is no part of the ES module; the list has all that is.`, "error");
    this.#turnTo("", () => {});
  }

  /** @param {string} name */
  #showRoute(name) {
    // It is listed as soon as the document is there.
    if (!this.#document) return this.#turnTo("waiting", (root) => root.replaceChildren());
    const { operations } = this.#document;
    const operation = operations.find(({ id }) => id === name) ?? operations.find(({ path }) => path === name);
    if (!operation) {
      this.#with.toasts.show(`route is “${name.slice(0, 60)}”, which is none; the list has all routes.`, "error");
      this.#with.replaceAddress("");
      return this.#turnTo("", () => {});
    }
    const { status, toasts } = this.#with;
    this.#nav.mark({ route: operation.id });
    this.#turnTo(`route ${operation.id}`, (root, signal) => {
      const help = {
        form: { storedImage: () => this.#storedImage() },
        service: () => ({ ready: this.#watch.state.kind === "ready", words: this.#watch.state.words }),
        toasts,
        status,
        copyLink: () => void copyLink("api", `route=${encodeURIComponent(operation.id)}`, "It opens this route.", toasts),
      };
      new RoutePage(root, operation, help, signal);
    });
  }

  /**
   * @param {import("./types.js").Chapter} chapter
   * @param {string} method
   */
  #showChapter(chapter, method) {
    const { Digitlab, status, toasts } = this.#with;
    this.#nav.mark({ module: chapter.name });
    /** @type {ChapterPage | undefined} */
    let page = this.#chapter?.name === chapter.name ? this.#chapter.page : undefined;
    this.#turnTo(`module ${chapter.name}`, (root, signal) => {
      const lab = (/** @type {AbortSignal} */ signal) => Digitlab.open({ workers: WORKERS, signal });
      page = new ChapterPage(root, chapter, { lab, toasts, status }, signal);
      this.#chapter = { name: chapter.name, page };
    });
    if (method) page?.show(method);
  }

  /** @type {{ name: string, page: ChapterPage } | null} */
  #chapter = null;

  /**
   * @param {string} what
   * @param {(root: HTMLElement, signal: AbortSignal) => void} make
   */
  #turnTo(what, make) {
    const home = what === "";
    this.#root.dataset.at = home ? "overview" : "item";
    this.#overview.hidden = !home;
    this.#item.hidden = home;
    if (home) this.#nav.mark({});
    if (what === this.#shown) return;
    const before = this.#shown;
    this.#page.abort();
    this.#page = new AbortController();
    this.#signal.addEventListener("abort", () => this.#page.abort(), { once: true, signal: this.#page.signal });
    this.#shown = what;
    this.#chapter = null;
    make(this.#item, this.#page.signal);
    if (home) this.#item.replaceChildren();
    // Whoever follows a link comes to the start of what it names.
    if (before !== "waiting" && !home) {
      const title = document.getElementById("api-title");
      if (this.#root.contains(document.activeElement)) title?.focus({ preventScroll: true });
      if (this.#item.getBoundingClientRect().top < 0) this.#root.scrollIntoView({ block: "start" });
    }
  }

  /** The image that was stored last, and where one is imported. */
  async #storedImage() {
    const list = await this.#with.lab.frames.list().catch(() => []);
    const last = list.at(-1);
    const route = this.#document?.operations.find(({ method, path }) => method === "POST" && path === "image");
    return { stored: last ? String(last.id) : null, route: `#/api?route=${route?.id ?? ""}` };
  }

  #save() {
    if (this.#document) save(new Blob([this.#document.text], { type: "application/json" }), "openapi.json");
  }
}

/** What the button of the notice says. @type {Record<string, string>} */
const HELP = { off: "Switch it on", past: "Load it again", stuck: "Try again" };

const FIRST = {
  routes: [
    `const response = await fetch(${JSON.stringify(onSite("generate").href)}, {`,
    '  method: "POST",',
    '  headers: { "Content-Type": "application/json" },',
    '  body: JSON.stringify({ number: "042", spacing_min: 5, spacing_max: 10, image_width: 90 }),',
    "});",
    "const { generatedImage, digits, seed } = await response.json();",
  ].join("\n"),
  module: [
    `import { Digitlab } from ${JSON.stringify(onSite("digitlab.js").href)};`,
    "",
    "const lab = await Digitlab.open();",
    'const { pixels, label } = await lab.generate({ number: "042", image_width: 90 });',
    "const { text } = await lab.read(await lab.fetchPicture(someAddress));",
    "lab.close();",
  ].join("\n"),
  picture: [
    "// The frame of an image log, in false colours, wherever a picture may stand:",
    `const picture = new Image();`,
    `picture.src = ${JSON.stringify(onSite("image/1?depth_min=9000&depth_max=9500").href)};`,
    "document.body.append(picture);",
  ].join("\n"),
};
