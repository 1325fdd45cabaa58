/**
 * What may be run, and what may be made of text. The page's policy has browsers with Trusted Types refuse to start a
 * script or to read markup that did not come through here; in others the same is checked, and nothing else stands behind it.
 */

/** The folder of the site. */
const SITE = new URL("../../", import.meta.url);
/** The one name that the policy of the page allows. */
const NAME = "digitlab";

/** @typedef {{ createScriptURL: (text: string) => string, createHTML: (text: string) => string }} Rules */

/** @type {Rules} */
const RULES = {
  createScriptURL: (text) => ownScript(text),
  // It only leaves this file as a document that is read here: see `ownPage` and `xmlDocument`.
  createHTML: (text) => text,
};

/** The rules, and beside Trusted Types what makes texts of them that the browser takes. */
const policy = made();

/** @returns {Rules} */
function made() {
  const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy: (name: string, rules: Rules) => Rules } }} */ (
    /** @type {unknown} */ (globalThis)
  );
  try {
    return trustedTypes?.createPolicy(NAME, RULES) ?? RULES;
  } catch {
    // A page of somebody else's, whose own policy does not know this name.
    return RULES;
  }
}

/**
 * The address of a script that a worker or the service worker is to run.
 *
 * @param {URL} script one of this site; or, where the module was imported by a page of another site, one that this page made
 */
export function scriptAddress(script) {
  return policy.createScriptURL(script.href);
}

/** @param {string} text */
function ownScript(text) {
  const { origin, protocol, pathname, href } = new URL(text);
  const isOwn = protocol === "blob:" ? isGuest() : origin === SITE.origin && pathname.startsWith(SITE.pathname);
  if (!isOwn) throw new TypeError(`${text} is no script of the site at ${SITE.href}.`);
  return href;
}

/** Whether the module runs on a page of another site, which may not start its workers by their address. */
function isGuest() {
  return globalThis.location?.origin !== SITE.origin;
}

/**
 * A file of markup of this site as a document of its own, in which nothing runs.
 *
 * @param {string} path below the folder of the site
 * @param {(text: string) => string} [fill] what puts the names into the text that it leaves open
 */
export async function ownPage(path, fill = (text) => text) {
  const address = new URL(path, SITE);
  if (address.origin !== SITE.origin || !address.pathname.startsWith(SITE.pathname)) {
    throw new TypeError(`${path} is no page of the site at ${SITE.href}.`);
  }
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${address.pathname}.`);
  return new DOMParser().parseFromString(policy.createHTML(fill(await response.text())), "text/html");
}

/**
 * A text of anybody's as a document of XML to read, in which nothing runs and of which nothing is shown.
 *
 * @param {string} text
 */
export function xmlDocument(text) {
  return new DOMParser().parseFromString(policy.createHTML(text), "application/xml");
}
