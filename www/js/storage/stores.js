import { counted } from "../ui/format.js";

/** @typedef {import("../lab/digitlab.js").Digitlab} Digitlab */
/** @typedef {{ items: number, bytes: number, words: string }} Amount What is stored: how many, how much, and both in words. */

/**
 * @typedef {object} Store Something that this site keeps on this machine.
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string} consequence of deleting it, as a sentence or two
 * @property {boolean} precious Whether it cannot be downloaded again.
 * @property {string} [place] where it is looked through
 * @property {() => Promise<Amount>} measure
 * @property {() => Promise<void>} clear
 */

/** Choices that have switches of their own. */
const CHOICES = ["digitlab.offline", "digitlab.records"];
const PREFIX = "digitlab.";

/**
 * All that this site keeps.
 *
 * @param {Digitlab} lab
 * @param {import("../offline/offline.js").Offline} offline
 * @returns {Store[]}
 */
export function storesOf(lab, offline) {
  return [
    {
      name: "site",
      title: "The site itself",
      about: "Pages, the engine and other modules, samples: what opens without a connection.",
      consequence:
        "Offline use is switched off with it: the site then needs a connection, and the HTTP routes are not answered, until you switch it on again.",
      precious: false,
      measure: () => cached("digitlab-site", ["file", "files"]),
      clear: () => offline.enable(false),
    },
    {
      name: "digits",
      title: "Handwritten digits",
      about: "The parts of the set of digits that were drawn from so far.",
      consequence: "They are downloaded again when they are next needed.",
      precious: false,
      measure: () => cached("digitlab-bucket", ["file", "files"]),
      clear: () => forget("digitlab-bucket"),
    },
    {
      name: "models",
      title: "Digit models",
      about: "Models of this site that were used.",
      consequence: "They are downloaded again when they are next needed. Models of your own are not touched.",
      precious: false,
      measure: () => cached("digitlab-models", ["model", "models"]),
      clear: () => forget("digitlab-models"),
    },
    {
      name: "own-models",
      title: "Models of your own",
      about: "Models that you brought, taught or trained.",
      consequence: "They are gone for good. Save their files first if you may need them again.",
      precious: true,
      place: "#/classify",
      measure: async () => {
        const own = await ownModels(lab);
        return amount(
          own.length,
          own.reduce((sum, { bytes }) => sum + bytes, 0),
          ["model", "models"],
        );
      },
      clear: async () => {
        for (const { name } of await ownModels(lab)) await lab.models.delete(name);
      },
    },
    {
      name: "samples",
      title: "Corrected samples",
      about: "Digits that were read wrongly, with the right answer, to teach models with.",
      consequence: "They are gone for good; models that were taught with them stay as they are.",
      precious: true,
      place: "#/classify",
      measure: async () => {
        const samples = await lab.samples.list();
        return amount(
          samples.length,
          samples.reduce((sum, { seen }) => sum + seen.length, 0),
          ["sample", "samples"],
        );
      },
      clear: () => lab.samples.clear(),
    },
    {
      name: "frames",
      title: "Image logs",
      about: "What you imported on the Frames page or by a route.",
      consequence: "All image logs are gone for good. You need the CSV files to import them again.",
      precious: true,
      place: "#/frames",
      measure: async () => {
        const { images } = await lab.frames.usage();
        const bytes = images.reduce((sum, image) => sum + image.bytes, 0);
        return amount(images.length, bytes, ["image", "images"]);
      },
      clear: async () => {
        for (const { id } of await lab.frames.list()) await lab.frames.delete(id);
      },
    },
    {
      name: "records",
      title: "Record log",
      about: "Answers of the digit models, with small pictures.",
      consequence: "All records are gone for good. Export them first if you may need them again.",
      precious: true,
      place: "#/records",
      measure: async () => {
        const { records, bytes } = await lab.records.usage();
        return amount(records, bytes, ["record", "records"]);
      },
      clear: () => lab.records.clear(),
    },
    {
      name: "datasets",
      title: "Data sets",
      about: "Data sets that were made here, or are paused.",
      consequence: "All data sets that this browser keeps are gone, finished or not. The same recipe makes them again. Files in folders of yours stay.",
      precious: true,
      place: "#/dataset",
      measure: async () => {
        const kept = await lab.datasets.list();
        return amount(
          kept.length,
          kept.reduce((sum, { bytes }) => sum + bytes, 0),
          ["data set", "data sets"],
        );
      },
      clear: async () => {
        for (const { id } of await lab.datasets.list()) await lab.datasets.delete(id);
      },
    },
    {
      name: "trainings",
      title: "Paused training",
      about: "The network that was trained last and has not come to its end, with the pictures that it learns from.",
      consequence: "It cannot go on where it was. Models that were trained to their end stay.",
      precious: true,
      place: "#/train",
      measure: async () => {
        const { trainings, bytes } = await lab.trainings.usage();
        return amount(trainings, bytes, ["training", "trainings"]);
      },
      clear: () => lab.trainings.discard(),
    },
    {
      name: "settings",
      title: "Settings",
      about: "Theme, open panels, pipelines, what each place showed last.",
      consequence:
        "Everything looks again as on the first visit, and this page is loaded again. Drawings and pipelines that were not exported are gone.",
      precious: true,
      measure: async () => {
        const keys = settingKeys();
        const bytes = keys.reduce((sum, key) => sum + 2 * (key.length + (localStorage.getItem(key)?.length ?? 0)), 0);
        return amount(keys.length, bytes, ["entry", "entries"]);
      },
      clear: async () => {
        // The views write down what they show when they go: this comes after them.
        addEventListener("pagehide", clearSettings, { once: true });
        location.reload();
        await new Promise(() => {});
      },
    },
  ];
}

/** @param {Digitlab} lab */
async function ownModels(lab) {
  return (await lab.models.list()).filter(({ kind }) => kind !== "shipped");
}

/** Which settings there are; it throws where the browser closes its storage. */
function settingKeys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && !CHOICES.includes(key));
}

function clearSettings() {
  try {
    for (const key of settingKeys()) localStorage.removeItem(key);
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Then nothing is kept there either.
  }
}

/**
 * @param {string} name
 * @param {[string, string]} unit
 */
async function cached(name, unit) {
  if (!(await storage().has(name))) return amount(0, 0, unit);
  const cache = await storage().open(name);
  const keys = await cache.keys();
  const sizes = await Promise.all(keys.map(async (key) => (await (await cache.match(key))?.blob())?.size ?? 0));
  // A mark that says that all is there is no file.
  const files = sizes.filter((size) => size > 0);
  return amount(
    files.length,
    files.reduce((sum, size) => sum + size, 0),
    unit,
  );
}

/** @param {string} name */
async function forget(name) {
  await storage().delete(name);
}

function storage() {
  if (!globalThis.caches) throw new Error("This browser keeps no files for this page, as some do in private windows or without https.");
  return globalThis.caches;
}

/**
 * @param {number} items
 * @param {number} bytes
 * @param {[string, string]} unit
 * @returns {Amount}
 */
function amount(items, bytes, [one, many]) {
  return { items, bytes, words: items === 0 ? "Nothing" : counted(items, one, many) };
}
