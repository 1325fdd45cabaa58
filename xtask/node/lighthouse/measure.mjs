// Runs Lighthouse on every place of the built site: node measure.mjs <packages> <site> <chromium> <flags> <devices> <places>.
// The last three are JSON. Prints a line of JSON for each run that counts.
import { createHash, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "./host.mjs";

const [packages, site, chromePath, ...rest] = process.argv.slice(2);
const [flags, devices, places] = rest.map((text) => JSON.parse(text));
const require = createRequire(resolve(packages, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { default: lighthouse, desktopConfig } = await load("lighthouse");
const { launch } = await load("chrome-launcher");
const { default: selfsigned } = await load("selfsigned");

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** Below this a first run is looked at again: a machine that does something else meanwhile slows the page, too. */
const BAR = 95;

const { private: key, cert } = selfsigned.generate([{ name: "commonName", value: "localhost" }], { keySize: 2048, days: 2 });
/** The host vouches for itself: the browser is told its key, since it lets no service worker come from where errors are passed over. */
const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
const chromeFlags = [...flags, `--ignore-certificate-errors-spki-list=${createHash("sha256").update(spki).digest("base64")}`];
const address = await serve(resolve(site), { key, cert });

for (const device of devices) {
  for (const place of places) {
    const first = await run(device, place);
    const runs = [first];
    // The median of three, if the first alone would not do.
    if (first.scores.performance < BAR) runs.push(await run(device, place), await run(device, place));
    runs.sort((a, b) => a.scores.performance - b.scores.performance);
    console.log(JSON.stringify({ ...runs[Math.floor(runs.length / 2)], runs: runs.length }));
  }
}
process.exit(0);

async function run(device, place) {
  const chrome = await launch({ chromePath, chromeFlags, logLevel: "silent" });
  try {
    const config = device === "desktop" ? desktopConfig : undefined;
    const result = await lighthouse(address + place, { port: chrome.port, output: "json", logLevel: "error", onlyCategories: CATEGORIES }, config);
    if (!result || result.lhr.runtimeError) throw new Error(result?.lhr.runtimeError?.message ?? "Lighthouse gave no result");
    const { categories, audits, finalDisplayedUrl } = result.lhr;
    if (place !== "" && !finalDisplayedUrl.includes(place.split("?")[0])) throw new Error(`${place} led to ${finalDisplayedUrl}`);
    const score = (name) => Math.round(100 * (categories[name].score ?? 0));
    // What weighs in a category and is not met.
    const failed = CATEGORIES.flatMap((name) =>
      categories[name].auditRefs
        .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9)
        .map(({ id }) => `${name}: ${audits[id].title}${audits[id].displayValue ? ` (${audits[id].displayValue})` : ""}${where(audits[id])}`),
    );
    return { place, device, scores: Object.fromEntries(CATEGORIES.map((name) => [name, score(name)])), failed };
  } finally {
    await chrome.kill();
  }
}

/** The first elements or messages that an audit names. */
function where({ details }) {
  const items = details?.items?.slice?.(0, 3) ?? [];
  const words = items.map(({ node, description, source }) => node?.selector ?? description ?? source).filter(Boolean);
  return words.length > 0 ? `: ${words.join("; ")}` : "";
}
