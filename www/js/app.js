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

/** How long the place that was opened has the network for itself, in milliseconds, unless its first picture is there before. */
const OFFLINE_AFTER = 5_000;

/** How long the first paint is waited for, in milliseconds: a browser that does not tell of it has painted long before. */
const PAINTED_AFTER = 250;

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

await firstPaint();
const lab = await Digitlab.open();

/** The first picture comes first, where there is to be one; then the site is kept for use without the network. */
let settle = () => {};
/** @type {Promise<void>} */
const calm = new Promise((resolve) => (settle = resolve));
setTimeout(() => whenIdle(settle), OFFLINE_AFTER);

const generate = new GenerateView(
  {
    lab,
    bucket: new URL(config.bucket, new URL("../", import.meta.url)).href,
    settings,
    status,
    toasts,
    replaceAddress: (query) => router.replace("generate", query),
    informed: (info) => {
      showLicence(info);
      whenIdle(settle);
    },
    send: (sequence, to) => send(to === "classify" ? classify : augment, pictureOf(sequence)),
  },
  signal,
);

const dataset = new LazyPlace(
  {
    name: "dataset",
    title: "Data set",
    load: () => import("./dataset/dataset_view.js"),
    view: ({ DatasetView }, signal) => {
      const replaceAddress = (/** @type {string} */ query) => router.replace("dataset", query);
      return new DatasetView({ lab, settings, status, toasts, replaceAddress }, signal);
    },
  },
  signal,
);

/** @type {LazyPlace<any, import("./augment/augment_view.js").AugmentView>} */
const augment = new LazyPlace(
  {
    name: "augment",
    title: "Augment",
    load: () => import("./augment/augment_view.js"),
    view: ({ AugmentView }, signal) => {
      const shell = { lab, settings, status, toasts, replaceAddress: (/** @type {string} */ query) => router.replace("augment", query) };
      return new AugmentView({ ...shell, send: (picture) => send(classify, picture) }, signal);
    },
  },
  signal,
);

/** @type {LazyPlace<any, import("./classify/classify_view.js").ClassifyView>} */
const classify = new LazyPlace(
  {
    name: "classify",
    title: "Classify",
    load: () => import("./classify/classify_view.js"),
    view: ({ ClassifyView }, signal) => {
      const shell = { lab, settings, status, toasts, replaceAddress: (/** @type {string} */ query) => router.replace("classify", query) };
      return new ClassifyView({ ...shell, send: (picture) => send(augment, picture) }, signal);
    },
  },
  signal,
);

const train = new LazyPlace(
  {
    name: "train",
    title: "Train",
    load: () => import("./train/train_view.js"),
    view: ({ TrainView }, signal) => new TrainView({ lab, status, toasts }, signal),
  },
  signal,
);

/** @type {LazyPlace<any, import("./robustness/robustness_view.js").RobustnessView>} */
const robustness = new LazyPlace(
  {
    name: "robustness",
    title: "Robustness",
    load: () => import("./robustness/robustness_view.js"),
    view: ({ RobustnessView }, signal) => {
      const shell = { lab, settings, status, toasts, replaceAddress: (/** @type {string} */ query) => router.replace("robustness", query) };
      return new RobustnessView({ ...shell, send: (picture) => send(classify, picture) }, signal);
    },
  },
  signal,
);

const records = new LazyPlace(
  {
    name: "records",
    title: "Record log",
    load: () => import("./records/records_view.js"),
    view: ({ RecordsView }, signal) => {
      const shell = { records: lab.records, samples: lab.samples, status, toasts };
      return new RecordsView({ ...shell, replaceAddress: (query) => router.replace("records", query) }, signal);
    },
  },
  signal,
);

const frames = new LazyPlace(
  {
    name: "frames",
    title: "Frames",
    load: () => import("./frames/frames_view.js"),
    view: ({ FramesView }, signal) => {
      const replaceAddress = (/** @type {string} */ query) => router.replace("frames", query);
      return new FramesView({ frames: lab.frames, settings, status, toasts, replaceAddress }, signal);
    },
  },
  signal,
);

const api = new LazyPlace(
  {
    name: "api",
    title: "API",
    load: () => Promise.all([import("./api/api_view.js"), offline()]),
    view: ([{ ApiView }, here], signal) => {
      const replaceAddress = (/** @type {string} */ query) => router.replace("api", query);
      return new ApiView({ lab, Digitlab, offline: here, status, toasts, replaceAddress }, signal);
    },
  },
  signal,
);

const storage = new LazyPlace(
  {
    name: "storage",
    title: "Storage and offline",
    load: () => Promise.all([import("./storage/storage_view.js"), offline()]),
    view: ([{ StorageView }, here], signal) => new StorageView({ lab, offline: here, status, toasts, installOffer: () => installOffer }, signal),
  },
  signal,
);

/** The browser's offer to install the page: it comes early, and is used late. @type {Event | null} */
let installOffer = null;
addEventListener("beforeinstallprompt", (event) => (installOffer = event), { signal });

/** @type {Promise<import("./offline/offline.js").Offline> | undefined} */
let offlineStarted;

/** @type {import("./ui/router.js").Place[]} */
const places = [
  { name: "generate", title: "Generate", root: generate.root, open: (query) => generate.open(query) },
  { name: "augment", title: "Augment", root: augment.root, open: (query) => augment.open(query) },
  { name: "classify", title: "Classify", root: classify.root, open: (query) => classify.open(query) },
  { name: "frames", title: "Frames", root: frames.root, open: (query) => frames.open(query) },
  { name: "api", title: "API", root: api.root, open: (query) => api.open(query) },
  { name: "dataset", title: "Data set", root: dataset.root, open: (query) => dataset.open(query), under: "generate" },
  { name: "train", title: "Train", root: train.root, open: (query) => train.open(query), under: "classify" },
  { name: "robustness", title: "Robustness", root: robustness.root, open: (query) => robustness.open(query), under: "classify" },
  { name: "records", title: "Record log", root: records.root, open: (query) => records.open(query), under: "classify" },
  { name: "storage", title: "Storage and offline", root: storage.root, open: (query) => storage.open(query), under: "api" },
];
const missing = element("view-missing", HTMLElement);
const router = new Router(places, { menu: element("places", HTMLElement), missing }, signal);
// `?url=` in the page's own address opens a picture, wherever the page lies.
const picture = new URLSearchParams(location.search).get("url");
if (picture && !location.hash) history.replaceState(null, "", `${location.pathname}#/augment?${new URLSearchParams({ url: picture })}`);
router.start();
// What another app shared, or the system opens with this page.
if (/[?&](shared|opened)=/.test(location.search)) void arrive();
// Whoever lands beside every place still learns whose site this is.
if (!missing.hidden) lab.info().then(showLicence, () => {});
// Should it fail, the page works as before, and whoever needs it meets the failure.
calm.then(offline).catch(() => {});

/** What keeps the site for use without the network; loaded when it is first asked for. */
function offline() {
  const started = (offlineStarted ??= startOffline());
  // Whoever asks next tries anew.
  started.catch(() => (offlineStarted = undefined));
  return started;
}

async function startOffline() {
  const [{ Offline }, { UpdateNotice }] = await Promise.all([import("./offline/offline.js"), import("./offline/update_notice.js")]);
  const offline = new Offline(signal);
  new UpdateNotice(offline, main, signal);
  void offline.start(calm);
  return offline;
}

/**
 * The head and the lead of the place come first; what follows takes the main thread from them.
 * A page in the background paints nothing, and is not waited for.
 */
async function firstPaint() {
  if (document.hidden) return;
  await new Promise((resolve) => {
    const painted = (/** @type {unknown} */ _, /** @type {PerformanceObserver} */ observer) => {
      observer.disconnect();
      resolve(undefined);
    };
    new PerformanceObserver(painted).observe({ type: "paint", buffered: true });
    setTimeout(resolve, PAINTED_AFTER);
  });
}

/** @param {() => void} begin */
function whenIdle(begin) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(begin, { timeout: OFFLINE_AFTER });
  else setTimeout(begin);
}

async function arrive() {
  const { takeArrivals } = await import("./app/arrivals.js");
  /** @param {LazyPlace<any, { open: (query: string) => unknown, takeFile: (file: File) => void }>} place */
  const to = (place) => async (/** @type {File} */ file) => {
    (await place.view()).takeFile(file);
    location.hash = `#/${place.name}`;
  };
  await takeArrivals({ picture: to(augment), log: to(frames), toasts });
}

/**
 * Shows a picture in another place.
 *
 * @param {LazyPlace<any, { open: (query: string) => unknown, take: (picture: SourcePicture) => void }>} place
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
  const page = URL.parse(licence.url);
  // A bucket is anybody's, and so is the address that it states.
  if (!page || !/^https?:$/.test(page.protocol)) {
    place.textContent = `Digits: ${name}, ${licence.attribution}, ${licence.name}`;
    return;
  }
  const link = document.createElement("a");
  link.href = page.href;
  link.rel = "license noreferrer";
  link.textContent = licence.name;
  place.replaceChildren(`Digits: ${name}, ${licence.attribution}, `, link);
}
