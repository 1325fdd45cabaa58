/**
 * @typedef {object} Place
 * @property {string} name the first part of its address: `#/name?query`
 * @property {string} title
 * @property {((query: string) => void) | null} open null while the place is not built: it is not shown and has no address
 * @property {HTMLElement | null} root
 * @property {string} [under] A place that is not in the menu names the one that it belongs to, which is marked for it.
 */

/** @typedef {{ name: string, query: string }} Address */

/** Hash addresses, because any static host serves them. */
export class Router {
  #places;
  #missing;
  #menu;

  /**
   * @param {Place[]} places the first one is the start
   * @param {{ menu: HTMLElement, missing: HTMLElement }} elements
   * @param {AbortSignal} signal
   */
  constructor(places, { menu, missing }, signal) {
    this.#places = places.filter((place) => place.open);
    this.#menu = menu;
    this.#missing = missing;
    // What was asked for: a place may have written its state into the address since.
    addEventListener("hashchange", ({ newURL }) => this.#follow(parse(new URL(newURL).hash)), { signal });
  }

  /** Shows what the address says, or the first place. */
  start() {
    this.#follow(parse(location.hash) ?? { name: "", query: "" });
  }

  /**
   * The address of a place's state, without a new step in the history.
   *
   * @param {string} name
   * @param {string} query
   */
  replace(name, query) {
    const address = query ? `#/${name}?${query}` : `#/${name}`;
    if (location.hash !== address && parse(location.hash)?.name === name) history.replaceState(null, "", address);
  }

  /** @param {Address | null} address */
  #follow(address) {
    // An anchor inside the page, such as the skip link's, is no place.
    if (!address) return;
    const name = address.name || this.#places[0]?.name;
    const place = this.#places.find((candidate) => candidate.name === name);
    for (const { root } of this.#places) if (root) root.hidden = root !== place?.root;
    this.#missing.hidden = place !== undefined;
    // What was shown until now: see `first_paint.js`.
    delete document.documentElement.dataset.place;
    for (const link of this.#menu.querySelectorAll("a")) {
      if (place && link.dataset.place === (place.under ?? place.name)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = `${place?.title ?? "Not found"} · Digitlab`;
    if (!place) return;
    if (!address.name) history.replaceState(null, "", `#/${place.name}`);
    place.open?.(address.query);
  }
}

/**
 * @param {string} hash
 * @returns {Address | null}
 */
function parse(hash) {
  if (hash === "" || hash === "#") return { name: "", query: "" };
  const match = /^#\/([^?]*)(?:\?(.*))?$/.exec(hash);
  return match && { name: (match[1] ?? "").replace(/\/$/, ""), query: match[2] ?? "" };
}
