/**
 * The element with this id, of this type. A missing one is a mistake in the page, so it is said at once.
 *
 * @template {Element} T
 * @param {string} id
 * @param {{ new (): T }} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return found;
}

/**
 * Hides something; if the focus was in it, it goes on elsewhere instead of being lost.
 *
 * @param {HTMLElement} hidden
 * @param {HTMLElement} heir
 */
export function hideFrom(hidden, heir) {
  if (hidden.hidden) return;
  const focused = hidden.contains(document.activeElement);
  hidden.hidden = true;
  if (focused) heir.focus({ preventScroll: true });
}
