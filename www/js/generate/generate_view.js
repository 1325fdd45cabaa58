import { fromQuery, toQuery } from "./address.js";
import { CodePanel } from "./code_panel.js";
import { DigitTable } from "./digit_table.js";
import { element } from "../ui/elements.js";
import { ExportBar } from "./export_bar.js";
import { FactList } from "./fact_list.js";
import { KeptAddress } from "../ui/kept_address.js";
import { Latest } from "../ui/latest.js";
import { PlainStrip } from "./plain_strip.js";
import { RequestForm } from "./request_form.js";
import { recall, remember } from "../ui/settings.js";
import { SourcePanel } from "./source_panel.js";
import { Stage } from "./stage.js";
import { VariantSheet } from "./variant_sheet.js";

const SPEECH_DELAY = 600;
const FIRST_NUMBER = "042";

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {string} bucket the address of the site's own digits
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 * @property {(info: import("../lab/digitlab.js").LabInfo) => void} informed
 * @property {(sequence: import("../lab/digitlab.js").Sequence, place: string) => Promise<void>} send to another place
 */

/** The Generate view: from what is typed to the picture, its variants and its files. */
export class GenerateView {
  root = element("view-generate", HTMLElement);
  #shell;
  #form;
  #stage;
  #facts = new FactList();
  #table = new DigitTable(element("digits-table", HTMLTableElement));
  #code;
  #exports;
  #source;
  #sheet;
  #plain;
  #latest = new Latest();
  #address;
  #opened = false;
  #informed = false;
  /** A bucket that an address asked for and that is not in use yet. @type {string | null | undefined} */
  #wanted;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    const { lab, settings, toasts } = shell;
    this.#shell = shell;
    this.#address = new KeptAddress(() => this.#keep(), signal);
    const edited = () => this.#edited();
    this.#form = new RequestForm({ drawSeed: () => lab.randomSeed(), edited, settings }, signal);
    this.#stage = new Stage(
      {
        settings,
        retry: () => this.#draw(),
        example: (number) => this.#type(number),
        mend: () => this.#form.focusWrong(),
      },
      signal,
    );
    this.#plain = new PlainStrip({ settings, changed: () => this.#draw() }, signal);
    this.#code = new CodePanel({ settings, toasts }, signal);
    const taken = { lab, toasts, link: () => this.#link(), send: shell.send };
    this.#exports = new ExportBar(element("actions", HTMLElement), taken, signal);
    this.#source = new SourcePanel({ lab, site: shell.bucket, settings, changed: () => this.#sourceChanged() }, signal);
    this.#sheet = new VariantSheet({ lab, settings, open: (index) => this.#openVariant(index) }, signal);
    settings.bindPanel(element("digits-details", HTMLDetailsElement), signal);
  }

  /**
   * Shows what an address asks for; an empty one brings back the last request, or the first of all.
   *
   * @param {string} query
   */
  open(query) {
    if (query || !this.#opened) {
      const { state, origin } = fromQuery(query || (recall("last") ?? `number=${FIRST_NUMBER}`));
      this.#form.state = state;
      this.#wantOrigin(origin);
    }
    this.#opened = true;
    this.#address.now();
    this.#form.focus();
    this.#sheet.reserve(this.#form.widest);
    this.#draw();
  }

  /** @param {import("./address.js").Origin} origin */
  #wantOrigin({ bucket, own }) {
    const now = this.#source.origin;
    if (own !== null && own !== now.own) {
      this.#shell.toasts.show(
        `This address needs the files "${own}", which are not loaded. Choose them under "Digits from"; until then other digits are drawn.`,
        "error",
      );
    }
    this.#wanted = bucket === now.bucket && (own === now.own || now.own === null) ? undefined : bucket;
  }

  #edited() {
    this.#address.soon();
    this.#draw();
  }

  async #draw() {
    this.#sheet.pause();
    const { request, state, widest } = this.#form;
    if (state.number === "") return this.#empty();
    this.#stage.state = "busy";
    const { progress } = this.#stage;
    progress.start(this.#informed ? "Loading digits" : "Loading the engine and the digits", () => this.#cancelled());
    try {
      const started = performance.now();
      const made = await this.#latest.run(async (signal) => {
        if (this.#wanted !== undefined) {
          await this.#source.use(this.#wanted, signal);
          this.#wanted = undefined;
        }
        const { lab } = this.#shell;
        const options = { signal, onProgress: (/** @type {import("../lab/digitlab.js").Progress} */ step) => progress.update(step) };
        const sequence = await lab.generate(request, options);
        const time = performance.now() - started;
        const compare = request.augment === true && this.#plain.wanted;
        return { sequence, time, plain: compare ? await lab.generate({ ...request, augment: false }, options) : null };
      });
      if (!made) return;
      this.#show(made.sequence, made.time);
      this.#plain.show(made.plain, this.#stage.scale);
      this.#sheet.show(request, widest, this.#source.source);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * @param {import("../lab/digitlab.js").Sequence} sequence
   * @param {number} time
   */
  #show(sequence, time) {
    this.#form.fail({});
    this.#stage.show(sequence);
    this.#facts.show(sequence, time);
    this.#table.show(sequence);
    this.#exports.sequence = sequence;
    this.#code.show({
      sequence,
      request: this.#form.request,
      defaults: this.#form.defaults,
      origin: this.#source.origin,
    });
    const { label, width, height, seed, index } = sequence;
    const variant = index > 0 ? `, variant ${index}` : "";
    this.#shell.status.say(`${label}, ${width} by ${height} pixels, seed ${seed}${variant}`, SPEECH_DELAY);
    if (!this.#informed) this.#inform();
  }

  #empty() {
    this.#latest.cancel();
    this.#form.fail({});
    this.#stage.clear();
    this.#plain.show(null);
    this.#facts.show(null);
    this.#table.show(null);
    this.#exports.sequence = null;
    this.#code.show(null);
    this.#sheet.show(null, 0, null);
    this.#shell.status.say("No number, no picture. Type one.", SPEECH_DELAY);
    if (!this.#informed) this.#inform();
  }

  /** @param {unknown} error */
  #fail(error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    const { code = "unknown", detail = {} } = /** @type {Partial<import("../lab/digitlab.js").DigitlabError>} */ (reason);
    const field = typeof detail.field === "string" ? detail.field : "";
    this.#sheet.show(null, 0, null);
    // The picture that is left is not the one that was asked for.
    this.#exports.sequence = null;
    if (field && this.#form.fail({ [field]: reason.message })) {
      this.#stage.refuse(reason.message);
      this.#shell.status.say(reason.message);
      if (!this.#informed) this.#inform();
    } else {
      this.#form.fail({});
      this.#stage.fail(code, reason.message);
      // The banner speaks for itself; what was to be said of an older picture is not said any more.
      this.#shell.status.say("");
    }
    if (this.#wanted !== undefined) this.#source.refuse(this.#wanted, reason.message);
  }

  #cancelled() {
    this.#latest.cancel();
    this.#exports.sequence = null;
    this.#stage.fail("aborted", "Cancelled before the picture was there.");
  }

  /** @param {string} number */
  #type(number) {
    this.#form.number = number;
    this.#form.focus();
  }

  /** @param {number} index */
  #openVariant(index) {
    this.#form.index = index;
    this.#stage.reveal();
  }

  #sourceChanged() {
    this.#wanted = undefined;
    this.#address.now();
    this.#inform();
    this.#draw();
  }

  /** What the engine says of its limits, and of the digits and whose they are. After the first picture: that comes first. */
  async #inform() {
    const { lab, informed } = this.#shell;
    try {
      this.#form.limit(await lab.fields());
      const info = await lab.info();
      this.#informed = true;
      this.#source.show(info);
      informed(info);
    } catch {
      // The same failure shows on the stage with the next picture, and then this is tried again.
    }
  }

  /** The query of what is on the page now. */
  get #query() {
    const origin = this.#wanted === undefined ? this.#source.origin : { bucket: this.#wanted, own: null };
    return toQuery(this.#form.state, this.#form.initial, origin);
  }

  #link() {
    this.#address.now();
    const address = new URL(location.href);
    address.hash = `#/generate?${this.#query}`;
    const { own } = this.#source.origin;
    return { address: address.href, note: own !== null ? "It needs your own files to give this picture." : "It restores this very picture." };
  }

  /** Writes the state into the address and keeps it for the next visit. */
  #keep() {
    if (!this.#opened) return;
    this.#shell.replaceAddress(this.#query);
    element("make-dataset", HTMLAnchorElement).href = `#/dataset?${this.#query}`;
    remember("last", this.#query);
  }
}
