import { reasonOf } from "../lab/errors.js";
import { Ask } from "../ui/ask.js";
import { element } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { iconButton, make } from "../ui/make.js";
import { save } from "../ui/save.js";
import { depthWords } from "./depth_text.js";
import { plainName } from "./frame_export.js";

/** @typedef {import("./types.js").FramesLab} FramesLab */
/** @typedef {import("./types.js").LogInfo} LogInfo */

const LONGEST_NAME = 200;

/**
 * @typedef {object} LogListOptions
 * @property {FramesLab} frames
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {import("../ui/status.js").Status} status
 * @property {(info: LogInfo) => void} open
 * @property {() => Promise<void>} changed something was renamed or deleted
 */

/** The stored logs: open, rename, export, delete; and the room they take. */
export class LogList {
  #options;
  #signal;
  #root = element("frames-logs", HTMLElement);
  #usage = element("frames-usage", HTMLElement);
  #meter = element("frames-usage-meter", HTMLMeterElement);
  #error = element("frames-logs-error", HTMLElement);
  #question;
  /** @type {LogInfo[]} */
  #logs = [];
  /** @type {number | null} */
  #current = null;
  /** Listeners of the items now in the list. */
  #items = new AbortController();

  /**
   * @param {LogListOptions} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    this.#signal = signal;
    this.#question = new Ask("frames-delete", signal);
  }

  /**
   * @param {LogInfo[]} logs
   * @param {number | null} current
   */
  show(logs, current) {
    this.#logs = logs;
    this.#current = current;
    this.#items.abort();
    this.#items = new AbortController();
    const signal = AbortSignal.any([this.#items.signal, this.#signal]);
    const focused = document.activeElement?.closest("[data-log]")?.getAttribute("data-log");
    const role = document.activeElement?.getAttribute("data-act");
    this.#root.replaceChildren(...logs.map((info) => this.#item(info, signal)));
    if (focused && role) this.#focus(Number(focused), role);
    void this.#showUsage();
  }

  /**
   * @param {LogInfo} info
   * @param {AbortSignal} signal
   */
  #item(info, signal) {
    const { id, name, height, width, depth_min, depth_max, created } = info;
    const open = make(
      "button",
      { class: "frames-log__open", type: "button", "data-act": "open", "aria-current": id === this.#current ? "true" : undefined },
      make("span", { class: "frames-log__name" }, name),
      make("span", { class: "frames-log__facts" }, `${depthWords(depth_min)} to ${depthWords(depth_max)}`),
      make("span", { class: "frames-log__facts" }, `${counted(height, "row")} × ${count(width)}`),
      make("span", { class: "frames-log__facts" }, `${bytes(info.bytes)} · ${dateWords(created)}`),
    );
    open.addEventListener("click", () => this.#options.open(info), { signal });
    const button = (/** @type {string} */ picture, /** @type {string} */ act, /** @type {string} */ label, /** @type {() => void} */ press) => {
      const made = iconButton(picture, label, press, signal);
      made.dataset.act = act;
      return made;
    };
    const tools = make(
      "div",
      { class: "frames-log__tools" },
      button("frames-rename", "rename", `Rename ${name}`, () => this.#rename(info, item, signal)),
      button("download", "export", `Export ${name} as CSV`, () => void this.#export(info)),
      button("frames-delete", "delete", `Delete ${name}`, () => void this.#delete(info)),
    );
    const item = make("li", { class: "frames-log", "data-log": id }, open, tools);
    return item;
  }

  /**
   * @param {LogInfo} info
   * @param {HTMLElement} item
   * @param {AbortSignal} signal
   */
  #rename(info, item, signal) {
    const input = make("input", {
      class: "input frames-log__input",
      type: "text",
      "aria-label": `New name of ${info.name}`,
      maxlength: LONGEST_NAME,
      autocomplete: "off",
      spellcheck: "false",
    });
    input.value = info.name;
    const before = item.querySelector(".frames-log__open");
    before?.replaceWith(input);
    input.focus();
    input.select();
    let over = false;
    const finish = async (/** @type {boolean} */ keep) => {
      if (over) return;
      over = true;
      const name = input.value.trim();
      try {
        if (keep && name !== "" && name !== info.name) {
          await this.#options.frames.rename(info.id, name);
          this.#error.textContent = "";
          await this.#options.changed();
          this.#options.status.say(`Renamed to ${name}.`);
        } else {
          this.show(this.#logs, this.#current);
        }
      } catch (error) {
        this.show(this.#logs, this.#current);
        this.#fail(error);
      }
      this.#focus(info.id, "rename");
    };
    input.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        void finish(event.key === "Enter");
      },
      { signal },
    );
    input.addEventListener("blur", () => void finish(true), { signal });
  }

  /** @param {LogInfo} info */
  async #export(info) {
    this.#options.status.say("Writing the file.");
    try {
      const blob = await this.#options.frames.render(info.id, { format: "csv" });
      const name = `${plainName(info.name)}.csv`;
      save(blob, name);
      this.#options.toasts.show(`${name} saved, ${bytes(blob.size)}.`);
      this.#error.textContent = "";
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {LogInfo} doomed */
  async #delete(doomed) {
    const text = `“${doomed.name}” has ${counted(doomed.height, "row")} and takes ${bytes(doomed.bytes)}. Once deleted it is gone; the file it came from is not touched.`;
    if (!(await this.#question.ask({ title: "Delete this log?", text, yes: "Delete", no: "Keep it" }))) return;
    const at = this.#logs.findIndex(({ id }) => id === doomed.id);
    const heir = this.#logs[at + 1] ?? this.#logs[at - 1];
    try {
      await this.#options.frames.delete(doomed.id);
      this.#error.textContent = "";
      await this.#options.changed();
      this.#options.toasts.show(`“${doomed.name}” deleted, ${bytes(doomed.bytes)} are free again.`);
    } catch (error) {
      this.#fail(error);
    }
    if (heir) this.#focus(heir.id, "open");
  }

  async #showUsage() {
    try {
      const { bytes: used, quota } = await this.#options.frames.usage();
      const room = quota ? ` of about ${bytes(quota)}` : "";
      // Some browsers do not tell.
      this.#usage.textContent = this.#logs.length > 0 && used > 0 ? `${bytes(used)} used${room}` : "";
      this.#meter.hidden = !quota || this.#logs.length === 0;
      if (quota) this.#meter.max = quota;
      this.#meter.value = used;
    } catch {
      this.#usage.textContent = "";
      this.#meter.hidden = true;
    }
  }

  /**
   * @param {number} id
   * @param {string} act
   */
  #focus(id, act) {
    const part = this.#root.querySelector(`[data-log="${id}"] [data-act="${act}"]`);
    if (part instanceof HTMLElement) part.focus({ preventScroll: true });
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#error.textContent = reasonOf(error);
  }
}

/** @param {string} created */
function dateWords(created) {
  const date = new Date(created);
  return Number.isNaN(date.getTime()) ? created : date.toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}
