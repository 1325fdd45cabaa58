import { reasonOf } from "../lab/errors.js";
import { ChoiceField } from "../ui/choice_field.js";
import { CountField } from "../ui/count_field.js";
import { element } from "../ui/elements.js";
import { openFileSink } from "../ui/file_sink.js";
import { bytes as inBytes, count, counted } from "../ui/format.js";
import { ProgressBar } from "../ui/progress.js";
import { stepsInWords } from "../ui/steps.js";
import { csvRow } from "./labels.js";

/** @typedef {import("./types.js").SourcePicture} SourcePicture */
/** @typedef {{ pictures: SourcePicture[], pipeline: import("../lab/digitlab.js").Pipeline, seed: string }} ExportRequest */
/** @typedef {import("../lab/variants.js").FileKind} FileKind */
/** @typedef {{ files: number, failed: number, bytes: number }} Written */

const ZIP = { type: "application/zip", extension: ".zip", description: "Zip file" };
const DEFAULTS = { count: 100, quality: 90, format: "png" };
const COLUMNS = ["file", "source", "seed", "index", "width", "height", "steps"];

/** Many variants of the pipeline as one zip file, written while they are made. */
export class VariantsExport {
  #go = element("augment-export-go", HTMLButtonElement);
  #error = element("augment-export-error", HTMLElement);
  #done = element("augment-export-done", HTMLElement);
  #lab;
  #progress;
  #count;
  #quality;
  #format;
  /** @type {ExportRequest | null} */
  #request = null;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings }, signal) {
    this.#lab = lab;
    this.#progress = new ProgressBar(element("augment-export-progress", HTMLElement), signal);
    const edited = () => {
      settings.set("export-count", this.#count.value ?? DEFAULTS.count);
      settings.set("export-quality", this.#quality.value ?? DEFAULTS.quality);
      settings.set("export-format", this.#format.text);
      this.#ready();
    };
    const field = (/** @type {string} */ id) =>
      new CountField(element(id, HTMLInputElement), element(`${id}-error`, HTMLElement), edited, signal);
    this.#count = field("augment-export-count");
    this.#quality = field("augment-export-quality");
    this.#format = new ChoiceField(element("augment-export-format", HTMLElement), edited, signal);
    this.#count.text = String(settings.get("export-count", DEFAULTS.count));
    this.#quality.text = String(settings.get("export-quality", DEFAULTS.quality));
    this.#format.text = settings.get("export-format", DEFAULTS.format);
    this.#go.addEventListener("click", () => this.#export(), { signal });
    signal.addEventListener("abort", () => this.#running?.abort());
    this.#ready();
  }

  /** @param {ExportRequest | null} request what an export would hold; null while there is no picture */
  show(request) {
    this.#request = request;
    this.#ready();
  }

  #ready() {
    this.#quality.disabled = this.#format.text !== "jpeg";
    this.#go.disabled = this.#running !== null || !this.#request?.pictures.length;
  }

  async #export() {
    const request = this.#request;
    if (!request || this.#running) return;
    const perPicture = this.#count.value;
    const quality = this.#quality.value;
    if (perPicture === null) return this.#count.select();
    const format = /** @type {FileKind["format"]} */ (this.#format.text);
    if (format === "jpeg" && quality === null) return this.#quality.select();
    const kind = format === "jpeg" ? { format, quality: quality ?? DEFAULTS.quality } : { format };
    const running = (this.#running = new AbortController());
    this.#say("", "");
    /** @type {import("../ui/file_sink.js").FileSink | null} */
    let sink = null;
    try {
      sink = await openFileSink(`digitlab-variants-seed${request.seed}.zip`, ZIP);
      if (!sink) return;
      this.#ready();
      this.#progress.start("Exporting", () => running.abort());
      const { files, failed, bytes } = await this.#write(request, perPicture, kind, sink, running.signal);
      await sink.close();
      sink = null;
      const lost = failed > 0 ? ` ${count(failed)} could not be made; labels.csv says why.` : "";
      this.#say("", `${counted(files, "picture")} in a zip file of ${inBytes(bytes)}.${lost}`);
    } catch (error) {
      if (running.signal.aborted) this.#say("", "The export was cancelled; nothing was kept.");
      else this.#say(reasonOf(error), "");
    } finally {
      // After a failure, what was written is no zip file.
      await sink?.abort().catch(() => {});
      this.#running = null;
      this.#ready();
      this.#progress.stop(this.#go);
    }
  }

  /**
   * @param {ExportRequest} request
   * @param {number} perPicture
   * @param {FileKind} kind
   * @param {import("../ui/file_sink.js").FileSink} sink
   * @param {AbortSignal} signal
   * @returns {Promise<Written>}
   */
  async #write({ pictures, pipeline, seed }, perPicture, kind, sink, signal) {
    const total = pictures.length * perPicture;
    const extension = kind.format === "jpeg" ? "jpg" : kind.format;
    const digits = String(total - 1).length;
    const written = { files: 0, failed: 0, bytes: 0 };
    const labels = [csvRow(COLUMNS)];
    /** @type {string[]} */
    const applied = [];
    const take = async (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
      written.bytes += bytes.length;
      await sink.write(bytes);
    };
    await this.#lab.zip(
      async (zip) => {
        let number = 0;
        for (const { name: source, picture } of pictures) {
          const jobs = Array.from({ length: perPicture }, (_, index) => ({ pipeline, seed, index }));
          for await (const made of this.#lab.variants(picture, jobs, { file: kind, signal })) {
            const { index } = made.job;
            const file = `pictures/${String(number).padStart(digits, "0")}.${extension}`;
            if ("error" in made) {
              labels.push(csvRow(["", source, seed, index, "", "", made.error.message]));
              written.failed += 1;
            } else {
              const { width, height, record } = made;
              await take(await zip.add(file, /** @type {Uint8Array} */ (made.file)));
              labels.push(csvRow([file, source, seed, index, width, height, stepsInWords(record)]));
              applied.push(`${JSON.stringify({ file, source, seed, index, applied: record })}\n`);
              written.files += 1;
            }
            number += 1;
            this.#progress.update({ done: number, total, unit: "variants" }, "Exporting");
          }
        }
        await take(await zip.add("labels.csv", labels.join("")));
        await take(await zip.add("applied.jsonl", applied.join("")));
        await take(await zip.finish());
      },
      { signal },
    );
    return written;
  }

  /**
   * @param {string} error
   * @param {string} done
   */
  #say(error, done) {
    this.#error.textContent = error;
    this.#done.textContent = done;
  }
}
