import { onSite } from "./site.js";

/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {{ path: string, name: string, type: string }} SampleFile */

/** @type {Record<"digit" | "spheres" | "log", SampleFile>} */
const SAMPLES = {
  digit: { path: "samples/digit.png", name: "digit.png", type: "image/png" },
  spheres: { path: "samples/spheres.jpeg", name: "spheres.jpeg", type: "image/jpeg" },
  log: { path: "samples/log/borehole.csv.gz", name: "borehole.csv.gz", type: "application/gzip" },
};

/**
 * A file that a route can be tried with.
 *
 * @param {Operation} operation
 * @returns {SampleFile}
 */
export function sampleFor({ path }) {
  const [first] = path.split("/");
  if (first === "image") return SAMPLES.log;
  return first === "augment" ? SAMPLES.spheres : SAMPLES.digit;
}

/** A picture that is there, for routes that fetch one. */
export const samplePicture = onSite(SAMPLES.spheres.path);

/**
 * @param {SampleFile} sample
 * @returns {Promise<File>}
 */
export async function sampleFile({ path, name, type }) {
  const response = await fetch(onSite(path));
  if (!response.ok)
    throw new Error(`The sample ${name} could not be loaded: the server answered ${response.status}. Choose a file of your own.`);
  return new File([await response.blob()], name, { type });
}

/** Media types by the ends of names, for files whose type the browser does not know. @type {Record<string, string>} */
const TYPES = {
  bmp: "image/bmp",
  csv: "text/csv",
  gif: "image/gif",
  gz: "application/gzip",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

/** @param {File} file */
export function typeOfFile({ name, type }) {
  return type || TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] || "application/octet-stream";
}
