/**
 * Text kept on this machine. Storage may be closed or full: then nothing is kept, and the page works on.
 *
 * @param {string} key
 * @returns {string | null}
 */
export function recall(key) {
  try {
    return localStorage.getItem(`digitlab.${key}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} text null forgets
 */
export function remember(key, text) {
  try {
    if (text === null) localStorage.removeItem(`digitlab.${key}`);
    else localStorage.setItem(`digitlab.${key}`, text);
  } catch {
    // Kept in memory only.
  }
}

/**
 * What this very tab had under a name when it was reloaded; null when it was not. The address may be a moment behind.
 *
 * @param {string} key
 * @returns {string | null}
 */
export function recallReloaded(key) {
  const [visit] = performance.getEntriesByType("navigation");
  if (!(visit instanceof PerformanceNavigationTiming) || visit.type !== "reload") return null;
  return recallInTab(key);
}

/**
 * What was remembered in this tab; null when nothing was.
 *
 * @param {string} key
 * @returns {string | null}
 */
export function recallInTab(key) {
  try {
    return sessionStorage.getItem(`digitlab.${key}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} text
 */
export function rememberInTab(key, text) {
  try {
    sessionStorage.setItem(`digitlab.${key}`, text);
  } catch {
    // The address tells nearly as much.
  }
}

/** What the person chose that is not part of an address: switches, open panels, sizes. */
export class Settings {
  /** @type {Record<string, unknown>} */
  #values = {};

  constructor() {
    try {
      const kept = JSON.parse(recall("settings") ?? "{}");
      if (kept && typeof kept === "object") this.#values = kept;
    } catch {
      // Not ours or half written: start afresh.
    }
  }

  /**
   * @template {string | number | boolean} T
   * @param {string} name
   * @param {T} fallback also tells the type; a kept value of another type is ignored
   * @returns {T}
   */
  get(name, fallback) {
    const value = this.#values[name];
    return typeof value === typeof fallback ? /** @type {T} */ (value) : fallback;
  }

  /**
   * @param {string} name
   * @param {string | number | boolean} value
   */
  set(name, value) {
    this.#values[name] = value;
    remember("settings", JSON.stringify(this.#values));
  }

  /**
   * Opens the panel as it was left, and keeps how it is left.
   *
   * @param {HTMLDetailsElement} details
   * @param {AbortSignal} signal
   */
  bindPanel(details, signal) {
    details.open = this.get(`open:${details.id}`, details.open);
    details.addEventListener("toggle", () => this.set(`open:${details.id}`, details.open), { signal });
  }
}
