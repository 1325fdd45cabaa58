import config from "../config.js";
import { Digitlab } from "./lab/digitlab.js";
import { element } from "./ui/elements.js";
import { Router } from "./ui/router.js";
import { Settings } from "./ui/settings.js";
import { Status } from "./ui/status.js";
import { ThemeSwitch } from "./ui/theme_switch.js";
import { Toasts } from "./ui/toast.js";
import { GenerateView } from "./generate/generate_view.js";

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
  },
  signal,
);

/** @type {import("./ui/router.js").Place[]} */
const places = [
  { name: "generate", title: "Generate", root: generate.root, open: (query) => generate.open(query) },
  { name: "augment", title: "Augment", root: null, open: null },
  { name: "classify", title: "Classify", root: null, open: null },
  { name: "frames", title: "Frames", root: null, open: null },
  { name: "api", title: "API", root: null, open: null },
];
const missing = element("view-missing", HTMLElement);
const router = new Router(places, { menu: element("places", HTMLElement), missing }, signal);
router.start();
// Whoever lands beside every place still learns whose site this is.
if (!missing.hidden) lab.info().then(showLicence, () => {});

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
