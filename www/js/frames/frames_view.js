import { reasonOf } from "../lab/errors.js";
import { copyLink } from "../ui/copy_link.js";
import { element } from "../ui/elements.js";
import { counted, duration } from "../ui/format.js";
import { askToPersist } from "../storage/ask_to_persist.js";
import { KeptAddress } from "../ui/kept_address.js";
import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { fromQuery, toQuery } from "./frames_address.js";
import { ImportPanel } from "./import_panel.js";
import { ImportReport } from "./import_report.js";
import { LogList } from "./log_list.js";
import { LogViewer } from "./log_viewer.js";

/** Where the last address is kept for the next visit. */
const LAST = "frames";

/** @typedef {import("./types.js").LogInfo} LogInfo */

/**
 * @typedef {object} Shell
 * @property {import("./types.js").FramesLab} frames
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 */

/** The Frames view: from a CSV file to a stored log, and to any window of it in false colour. */
export class FramesView {
  #shell;
  #root = element("frames", HTMLElement);
  #add = element("frames-add", HTMLButtonElement);
  #panel = element("frames-import", HTMLElement);
  #broken = element("frames-broken", HTMLElement);
  #import;
  #list;
  #viewer;
  #report;
  /** @type {LogInfo[]} */
  #logs = [];
  /** @type {Promise<unknown> | null} */
  #started = null;
  #address;
  #opened = false;
  #turn = 0;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#address = new KeptAddress(() => this.#keep(), signal);
    const { frames, settings, status, toasts } = shell;
    this.#import = new ImportPanel(
      { frames, settings, status, begun: () => this.#showPanel(true), imported: (id) => void this.#imported(id) },
      signal,
    );
    this.#viewer = new LogViewer({ frames, status, toasts, changed: () => this.#address.soon() }, signal);
    this.#report = new ImportReport(signal);
    this.#list = new LogList(
      { frames, toasts, status, open: (info) => void this.#choose(info), changed: () => this.#refresh() },
      signal,
    );
    this.#add.addEventListener("click", () => this.#togglePanel(), { signal });
    element("frames-link", HTMLButtonElement).addEventListener("click", () => void this.#copyLink(), { signal });
    element("frames-broken-retry", HTMLButtonElement).addEventListener("click", () => void this.open(this.#query), { signal });
    // Without it, other tabs are heard of when the list is read the next time.
    frames.subscribe((change) => void this.#heard(change), signal).catch(() => {});
  }

  /**
   * Shows what an address asks for; an empty one brings back the last one, or the newest log.
   *
   * @param {string} query
   */
  async open(query) {
    if (!query && this.#opened) return this.#address.now();
    const turn = ++this.#turn;
    const reloaded = this.#opened ? null : recallReloaded(LAST);
    const { state, wrong } = fromQuery((query && reloaded) || query || recall(LAST) || "");
    for (const sentence of wrong) this.#shell.toasts.show(sentence, "error");
    try {
      // A failed start is tried anew by the next one.
      this.#started ??= this.#viewer.colours.start().catch((error) => {
        this.#started = null;
        throw error;
      });
      await this.#started;
      this.#logs = await this.#shell.frames.list();
      this.#broken.hidden = true;
    } catch (error) {
      this.#root.dataset.state = "error";
      this.#broken.hidden = false;
      element("frames-broken-text", HTMLElement).textContent = reasonOf(error);
      return;
    }
    if (turn !== this.#turn) return;
    const asked = this.#logs.find(({ id }) => id === state.image);
    const known = this.#logs.map(({ id }) => id).join(", ");
    if (query && state.image !== null && !asked) {
      const there = known ? `stored here: ${known}` : "none is stored here yet";
      this.#shell.toasts.show(`image is ${state.image}, which this browser does not have; ${there}.`, "error");
    }
    const colours = await this.#viewer.colours.take(state);
    if (colours) this.#shell.toasts.show(colours, "error");
    this.#opened = true;
    const info = asked ?? this.#logs.at(-1) ?? null;
    this.#show(info, false);
    if (!info) return;
    const window = asked || state.image === null ? { depth_min: state.depth_min ?? undefined, depth_max: state.depth_max ?? undefined } : {};
    const said = await this.#viewer.open(info, window);
    if (said) this.#shell.toasts.show(said, "error");
    this.#address.soon();
  }

  /**
   * @param {LogInfo} info
   * @param {boolean} [report] whether its report is shown
   */
  async #choose(info, report = false) {
    this.#show(info, report);
    await this.#viewer.open(info);
    this.#address.soon();
  }

  /**
   * A file from outside the page.
   *
   * @param {File} file
   */
  takeFile(file) {
    this.#showPanel(true);
    this.#import.takeFile(file);
  }

  /** @param {number} id */
  async #imported(id) {
    // What was imported cannot be downloaded again.
    void askToPersist();
    try {
      this.#logs = await this.#shell.frames.list();
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
      return;
    }
    const info = this.#logs.find((log) => log.id === id);
    if (!info) return;
    this.#showPanel(false);
    await this.#choose(info, true);
    const { elapsed } = info.report ?? {};
    const time = typeof elapsed === "number" ? ` in ${duration(elapsed)}` : "";
    this.#shell.toasts.show(`${counted(info.height, "row")} imported${time}.`);
  }

  /**
   * Another tab has changed something.
   *
   * @param {import("../lab/frames.js").FramesChange} change
   */
  async #heard({ kind, id }) {
    if (!this.#opened) return;
    const shown = this.#viewer.info;
    try {
      if (kind === "deleted" && shown?.id === id) {
        // Another image may get its number.
        this.#viewer.close();
        this.#shell.toasts.show(`“${shown.name}” was deleted in another tab.`);
      }
      this.#logs = await this.#shell.frames.list();
      const info = this.#logs.find((log) => log.id === this.#viewer.info?.id);
      if (!info) return await this.#refresh(false);
      this.#list.show(this.#logs, info.id);
      await this.#viewer.open(info);
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  /** Something was renamed or deleted, here or in another tab. */
  async #refresh(here = true) {
    this.#logs = await this.#shell.frames.list();
    const current = this.#viewer.info?.id;
    const info = this.#logs.find(({ id }) => id === current) ?? this.#logs.at(-1);
    if (info) return this.#choose(info);
    this.#viewer.close();
    this.#show(null, false);
    if (here) this.#import.focus();
    this.#address.now();
  }

  /**
   * @param {LogInfo | null} info
   * @param {boolean} report
   */
  #show(info, report) {
    const another = info?.id !== this.#viewer.info?.id;
    this.#root.dataset.state = info ? "done" : "empty";
    element("frames-parts", HTMLElement).hidden = !info;
    if (another || report) this.#report.show(info, report);
    this.#list.show(this.#logs, info?.id ?? null);
    if (!info || this.#panel.dataset.state === "idle") this.#showPanel(!info);
  }

  #togglePanel() {
    const open = this.#panel.hidden !== false;
    this.#showPanel(open);
    if (open) this.#import.focus();
  }

  /** @param {boolean} open */
  #showPanel(open) {
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.hidden = !open;
    this.#add.setAttribute("aria-expanded", String(open));
    if (focused && !open) this.#add.focus({ preventScroll: true });
  }

  get #query() {
    const info = this.#viewer.info;
    const { depth_min, depth_max } = this.#viewer.window;
    const { reverse, scale } = this.#viewer.colours.look;
    const colormap = this.#viewer.colours.text;
    return toQuery({ image: info?.id ?? null, depth_min: depth_min ?? null, depth_max: depth_max ?? null, colormap, reverse, scale });
  }

  async #copyLink() {
    this.#address.now();
    await copyLink("frames", this.#query, "It restores depths and colours; the log stays in this browser.", this.#shell.toasts);
  }

  /** Writes the state into the address and keeps it for the next visit. */
  #keep() {
    if (!this.#opened) return;
    this.#shell.replaceAddress(this.#query);
    remember(LAST, this.#query);
    rememberInTab(LAST, this.#query);
  }
}
