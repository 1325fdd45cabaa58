import config from "../config.js";
import { GenerateView } from "./generate/generate_view.js";
import { Digitlab } from "./lab/digitlab.js";
import { element } from "./ui/elements.js";
import { LazyPlace } from "./ui/lazy_place.js";
import { Router } from "./ui/router.js";
import { Settings } from "./ui/settings.js";
import { Status } from "./ui/status.js";
import { ThemeSwitch } from "./ui/theme_switch.js";
import { Toasts } from "./ui/toast.js";

/** @typedef {import("./source/types.js").SourcePicture} SourcePicture */

const { signal } = new AbortController();
const settings = new Settings();
const status = new Status(element("status", HTMLElement));
const toasts = new Toasts(element("toasts", HTMLElement));
const main = element("main", HTMLElement);

new ThemeSwitch(element("theme", HTMLFieldSetElement), signal);

// The link's own jump would overwrite the address, which holds the view's state.
const skip = (/** @type {Event} */ event) => {
  event.preventDefault();
  main.focus();
};
element("skip", HTMLAnchorElement).addEventListener("click", skip, { signal });

const lab = await Digitlab.open();

const generate = new GenerateView(
  {
    lab,
    bucket: new URL(config.bucket, new URL("../", import.meta.url)).href,
    settings,
    status,
    toasts,
    replaceAddress: (query) => router.replace("generate", query),
    informed: showLicence,
    send: (sequence, to) => send(to === "classify" ? classify : augment, pictureOf(sequence)),
  },
  signal,
);

/** @type {LazyPlace<import("./augment/augment_view.js").AugmentView>} */
const augment = new LazyPlace(
  {
    name: "augment",
    title: "Augment",
    view: async (signal) => {
      const { AugmentView } = await import("./augment/augment_view.js");
      const shell = { lab, settings, status, toasts, replaceAddress: (/** @type {string} */ query) => router.replace("augment", query) };
      return new AugmentView({ ...shell, send: (picture) => send(classify, picture) }, signal);
    },
  },
  signal,
);

/** @type {LazyPlace<import("./classify/classify_view.js").ClassifyView>} */
const classify = new LazyPlace(
  {
    name: "classify",
    title: "Classify",
    view: async (signal) => {
      const { ClassifyView } = await import("./classify/classify_view.js");
      const shell = { lab, settings, status, toasts, replaceAddress: (/** @type {string} */ query) => router.replace("classify", query) };
      return new ClassifyView({ ...shell, send: (picture) => send(augment, picture) }, signal);
    },
  },
  signal,
);

const records = new LazyPlace(
  {
    name: "records",
    title: "Record log",
    view: async (signal) => {
      const { RecordsView } = await import("./records/records_view.js");
      return new RecordsView({ records: lab.records, status, toasts, replaceAddress: (query) => router.replace("records", query) }, signal);
    },
  },
  signal,
);

const frames = new LazyPlace(
  {
    name: "frames",
    title: "Frames",
    view: async (signal) => {
      const { FramesView } = await import("./frames/frames_view.js");
      return new FramesView(
        { frames: lab.frames, settings, status, toasts, replaceAddress: (query) => router.replace("frames", query) },
        signal,
      );
    },
  },
  signal,
);

/** @type {import("./ui/router.js").Place[]} */
const places = [
  { name: "generate", title: "Generate", root: generate.root, open: (query) => generate.open(query) },
  { name: "augment", title: "Augment", root: augment.root, open: (query) => augment.open(query) },
  { name: "classify", title: "Classify", root: classify.root, open: (query) => classify.open(query) },
  { name: "frames", title: "Frames", root: frames.root, open: (query) => frames.open(query) },
  { name: "api", title: "API", root: null, open: null },
  { name: "records", title: "Record log", root: records.root, open: (query) => records.open(query), under: "classify" },
];
const missing = element("view-missing", HTMLElement);
const router = new Router(places, { menu: element("places", HTMLElement), missing }, signal);
// `?url=` in the page's own address opens a picture, wherever the page lies.
const picture = new URLSearchParams(location.search).get("url");
if (picture && !location.hash) history.replaceState(null, "", `${location.pathname}#/augment?${new URLSearchParams({ url: picture })}`);
router.start();
// Whoever lands beside every place still learns whose site this is.
if (!missing.hidden) lab.info().then(showLicence, () => {});

/**
 * Shows a picture in another place.
 *
 * @param {LazyPlace<{ open: (query: string) => unknown, take: (picture: SourcePicture) => void }>} place
 * @param {SourcePicture} picture
 */
async function send(place, picture) {
  // It has the picture before it is opened, so that it brings no other one back.
  (await place.view()).take(picture);
  location.hash = `#/${place.name}`;
}

/**
 * @param {import("./lab/digitlab.js").Sequence} sequence
 * @returns {SourcePicture}
 */
function pictureOf({ label, width, height, levels }) {
  return { name: label, picture: { width, height, channels: 1, data: levels.slice() }, origin: { kind: "place" }, notes: [] };
}

/** @param {import("./lab/digitlab.js").LabInfo} info */
function showLicence({ version, bucket: { name, licence } }) {
  element("version", HTMLElement).textContent = `Digitlab ${version}`;
  const place = element("licence", HTMLElement);
  if (!licence.name) {
    place.textContent = `Digits: ${name}`;
    return;
  }
  const link = document.createElement("a");
  link.href = licence.url;
  link.rel = "license noreferrer";
  link.textContent = licence.name;
  place.replaceChildren(`Digits: ${name}, ${licence.attribution}, `, link);
}
